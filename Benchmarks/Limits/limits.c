#include "include/BenchmarkLimits.h"

#include <string.h>
#include <time.h>
#if defined(__linux__)
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

// The dependency chain of a jump is: load byte 1, add. Branches on the form of the header are predicted in these
// workloads, so removing the MASK bit, or choosing the header's size, is never part of that chain: `at + byte1 - 0x80
// + 6` is one addition. Without branches (`2 + (byte1 & 0x7F) + (byte1 >> 5 & 4)`) a jump takes two cycles more.
uint64_t limits_hop(const uint8_t *bytes, size_t count) {
    const uint8_t *at = bytes;
    const uint8_t *const end = bytes + count;
    uint64_t frames = 0;
    while (end - at >= 2) {
        const size_t byte1 = at[1];
        if (byte1 >= 0x80 && byte1 < 0x80 + 126) {
            at += byte1 - 0x80 + 6;
        } else if (byte1 < 126) {
            at += byte1 + 2;
        } else {
            const size_t key = byte1 >= 0x80 ? 4 : 0;
            uint64_t length = 0;
            if ((byte1 & 0x7F) == 126) {
                if (end - at < 4) break;
                length = (uint64_t)at[2] << 8 | at[3];
                at += 4 + key;
            } else {
                if (end - at < 10) break;
                memcpy(&length, at + 2, sizeof length);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
                length = __builtin_bswap64(length);
#endif
                at += 10 + key;
            }
            if (at > end || length > (uint64_t)(end - at)) break;
            at += length;
        }
        frames++;
    }
    return frames;
}

// Non-temporal stores: no cache line is fetched only to be overwritten.
static void stream(uint8_t *to, const uint8_t *from, size_t count) {
    typedef uint64_t words __attribute__((vector_size(16)));
    size_t at = 0;
    for (; at < count && ((uintptr_t)(to + at) & 15); at++) to[at] = from[at];
    for (; count - at >= 64; at += 64) {
        for (size_t lane = 0; lane < 64; lane += 16) {
            words piece;
            memcpy(&piece, from + at + lane, sizeof piece);
#if defined(__clang__)
            __builtin_nontemporal_store(piece, (words *)(to + at + lane));
#else
            memcpy(to + at + lane, &piece, sizeof piece);
#endif
        }
    }
    for (; at < count; at++) to[at] = from[at];
#if defined(__x86_64__)
    __builtin_ia32_sfence();
#endif
}

void limits_copy(limits_way way, uint8_t *to, const uint8_t *from, size_t count) {
#if defined(__x86_64__)
    if (way == LIMITS_MOVSB) {
        __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
        return;
    }
#endif
    if (way == LIMITS_STREAM) {
        stream(to, from, count);
    } else {
        memcpy(to, from, count);
    }
}

uint64_t limits_thread_nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

int64_t limits_thread_instructions(void) {
#if defined(__linux__)
    // Opened once, by the one thread that measures; a failure, -1, is remembered as well.
    static int counter = -2;
    if (counter == -2) {
        struct perf_event_attr wish = {
            .type = PERF_TYPE_HARDWARE,
            .size = sizeof wish,
            .config = PERF_COUNT_HW_INSTRUCTIONS,
            .exclude_kernel = 1,
            .exclude_hv = 1,
        };
        counter = (int)syscall(SYS_perf_event_open, &wish, 0, -1, -1, 0);
    }
    int64_t count;
    if (counter >= 0 && read(counter, &count, sizeof count) == sizeof count) return count;
#endif
    return -1;
}

// One body for every register width: `vector` is that many bytes, and the compiler turns eight of them into what the
// target attribute of the surrounding function allows.
#define LOAD_BODY(vector)                                                                                              \
    {                                                                                                                  \
        vector folds[8] = {0};                                                                                         \
        size_t at = 0;                                                                                                 \
        for (; count - at >= 8 * sizeof(vector); at += 8 * sizeof(vector)) {                                           \
            for (int lane = 0; lane < 8; lane++) {                                                                     \
                vector piece;                                                                                          \
                memcpy(&piece, bytes + at + lane * sizeof(vector), sizeof piece);                                      \
                folds[lane] |= piece;                                                                                  \
            }                                                                                                          \
        }                                                                                                              \
        for (int lane = 1; lane < 8; lane++) folds[0] |= folds[lane];                                                  \
        uint8_t fold = 0;                                                                                              \
        for (size_t byte = 0; byte < sizeof(vector); byte++) fold |= folds[0][byte];                                   \
        for (; at < count; at++) fold |= bytes[at];                                                                    \
        return fold;                                                                                                   \
    }

#define XOR_BODY(vector)                                                                                               \
    {                                                                                                                  \
        vector mask;                                                                                                   \
        for (size_t byte = 0; byte < sizeof(vector); byte++) mask[byte] = (uint8_t)(key >> byte % 4 * 8);              \
        size_t at = 0;                                                                                                 \
        for (; count - at >= 4 * sizeof(vector); at += 4 * sizeof(vector)) {                                           \
            for (int lane = 0; lane < 4; lane++) {                                                                     \
                vector piece;                                                                                          \
                memcpy(&piece, bytes + at + lane * sizeof(vector), sizeof piece);                                      \
                piece ^= mask;                                                                                         \
                memcpy(bytes + at + lane * sizeof(vector), &piece, sizeof piece);                                      \
            }                                                                                                          \
        }                                                                                                              \
        for (; at < count; at++) bytes[at] ^= (uint8_t)(key >> at % 4 * 8);                                            \
    }

typedef uint8_t bytes16 __attribute__((vector_size(16)));

static uint8_t load_portable(const uint8_t *bytes, size_t count) LOAD_BODY(bytes16)
static void xor_portable(uint8_t *bytes, size_t count, uint32_t key) XOR_BODY(bytes16)

#if defined(__x86_64__)

typedef uint8_t bytes32 __attribute__((vector_size(32)));
typedef uint8_t bytes64 __attribute__((vector_size(64)));

#define AVX2 __attribute__((target("avx2")))
#define AVX512 __attribute__((target("avx512f,avx512bw,prefer-256-bit"), min_vector_width(512)))

AVX2 static uint8_t load_avx2(const uint8_t *bytes, size_t count) LOAD_BODY(bytes32)
AVX2 static void xor_avx2(uint8_t *bytes, size_t count, uint32_t key) XOR_BODY(bytes32)
AVX512 static uint8_t load_avx512(const uint8_t *bytes, size_t count) LOAD_BODY(bytes64)
AVX512 static void xor_avx512(uint8_t *bytes, size_t count, uint32_t key) XOR_BODY(bytes64)

static int width(void) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")) return 64;
    return __builtin_cpu_supports("avx2") ? 32 : 16;
}

uint8_t limits_load(const uint8_t *bytes, size_t count) {
    switch (width()) {
    case 64: return load_avx512(bytes, count);
    case 32: return load_avx2(bytes, count);
    default: return load_portable(bytes, count);
    }
}

void limits_xor(uint8_t *bytes, size_t count, uint32_t key) {
    switch (width()) {
    case 64: xor_avx512(bytes, count, key); break;
    case 32: xor_avx2(bytes, count, key); break;
    default: xor_portable(bytes, count, key);
    }
}

const char *limits_registers(void) {
    switch (width()) {
    case 64: return "avx512";
    case 32: return "avx2";
    default: return "portable";
    }
}

#else

// arm64: the portable body already uses NEON, whose registers have 16 bytes.
uint8_t limits_load(const uint8_t *bytes, size_t count) { return load_portable(bytes, count); }
void limits_xor(uint8_t *bytes, size_t count, uint32_t key) { xor_portable(bytes, count, key); }
const char *limits_registers(void) { return "portable"; }

#endif
