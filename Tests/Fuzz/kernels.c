// The kernels against the plainest C that does the same, without Swift: for sanitizers, and for other processors under
// an emulator. Streams and texts are made up at random, whole or damaged, and lie between pages that nobody may touch.
//
//     kernels [ROUNDS [SEED]]

#define _DEFAULT_SOURCE  // MAP_ANON

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "FrameKernels.h"

enum { room = 8192, short_room = 6 + 128 };

static uint8_t *memory;  // `room` bytes, a closed page in front of them and behind them
static uint64_t state;
static const fk_kernels *kernels;
static unsigned long long round_number;

static uint64_t next(void) {  // SplitMix64
    uint64_t z = state += 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}
static size_t below(size_t bound) { return (size_t)(next() % bound); }

static void open_memory(void) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t size = (room + page - 1) / page * page;
    uint8_t *all = mmap(0, size + 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (all == MAP_FAILED || mprotect(all, page, PROT_NONE) || mprotect(all + page + size, page, PROT_NONE)) exit(2);
    memory = all + page + size - room;
    if (size != room) memset(all + page, 0xFF, size - room);
}

static void fail(const char *what, const uint8_t *bytes, size_t count, uint64_t found, uint64_t right) {
    printf("%s, %s, round %llu: %llu instead of %llu\n", kernels->name, what, round_number, (unsigned long long)found,
           (unsigned long long)right);
    for (size_t i = 0; i < count; i++) printf("%02x", bytes[i]);
    printf("\n");
    exit(1);
}

// MARK: Twins

static uint8_t key_byte(uint32_t key, size_t index) { return (uint8_t)(key >> index % 4 * 8); }

/// The character at `at`: its length; 0 where it is cut off; -1 - n where its byte n cannot be.
static int character(const uint8_t *text, size_t at, size_t end, uint32_t key) {
    const uint8_t lead = text[at] ^ key_byte(key, at);
    if (lead < 0x80) return 1;
    if (lead < 0xC0 || lead > 0xF7) return -1;
    const int count = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    uint32_t value = lead & (count == 2 ? 0x1Fu : count == 3 ? 0x0Fu : 0x07u);
    for (int i = 0; i < count; i++) {
        if (at + (size_t)i >= end) return 0;
        const uint8_t byte = text[at + (size_t)i] ^ key_byte(key, at + (size_t)i);
        if (i > 0) {
            if ((byte & 0xC0) != 0x80) return -1 - i;
            value = value << 6 | (byte & 0x3F);
        }
        const int open = 6 * (count - 1 - i);
        const uint32_t lowest = value << open, highest = lowest | ((1u << open) - 1);
        const int legal = count == 2   ? lowest >= 0x80
                          : count == 3 ? highest >= 0x800 && !(lowest >= 0xD800 && highest <= 0xDFFF)
                                       : highest >= 0x10000 && lowest <= 0x10FFFF;
        if (!legal) return -1 - i;
    }
    return count;
}

/// How far whole characters go; `fault`: the first byte that cannot be, or SIZE_MAX.
static size_t text_twin(const uint8_t *text, size_t count, uint32_t key, size_t *fault) {
    size_t at = 0;
    *fault = SIZE_MAX;
    while (at < count) {
        const int length = character(text, at, count, key);
        if (length < 0) *fault = at + (size_t)(-1 - length);
        if (length <= 0) return at;
        at += (size_t)length;
    }
    return at;
}

/// The plain frame at `at`: where it ends, or 0.
static size_t frame_twin(const uint8_t *bytes, size_t at, size_t count, fk_terms terms, size_t *payload) {
    if (count - at < 2) return 0;
    const uint8_t first = bytes[at], second = bytes[at + 1];
    const uint32_t kind = terms.kinds >> (first & 15u) * 2 & 3;
    if ((first & 0xF0) != 0x80 || kind == 0 || (second & 0x80) != terms.mask_bit) return 0;
    size_t length = second & 0x7F, start = at + 2;
    if (length == 127) return 0;
    if (length == 126) {
        if (count - start < 2 || first & 8) return 0;
        length = (size_t)bytes[start] << 8 | bytes[start + 1];
        if (length < 126) return 0;
        start += 2;
    }
    uint32_t key = 0;
    if (terms.mask_bit) {
        if (count - start < 4) return 0;
        for (size_t i = 0; i < 4; i++) key |= (uint32_t)bytes[start + i] << i * 8;
        start += 4;
    }
    if (length > terms.limit || count - start < length) return 0;
    size_t fault;
    if (kind == 2 && text_twin(bytes + start, length, key, &fault) != length) return 0;
    *payload = start;
    return start + length;
}

// MARK: Inputs

/// Text of characters of every length, perhaps damaged; returns how long it is.
static size_t make_text(uint8_t *text, size_t count, uint32_t key) {
    static const char *const pieces[] = {"a", "plain ASCII, and more of it ", "\xC3\xA9", "\xE2\x82\xAC",
                                         "\xF0\x9F\x98\x80", "\xEE\x80\x80", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"};
    const size_t kinds = 1 + below(8);
    size_t at = 0;
    while (at < count) {
        const char *piece = pieces[below(kinds)];
        const size_t length = strlen(piece);
        if (length > count - at) {
            text[at++] = 'z';
            continue;
        }
        memcpy(text + at, piece, length);
        at += length;
    }
    static const uint8_t odd[] = {0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0,
                                  0xE1, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xF7, 0xF8, 0xFC, 0xFE, 0xFF};
    if (count > 0 && below(4) == 0) text[below(count)] = odd[below(sizeof odd)];
    if (count > 0 && below(8) == 0) text[below(count)] ^= (uint8_t)(1 << below(8));
    for (size_t i = 0; i < count; i++) text[i] ^= key_byte(key, i);
    return count;
}

/// One frame; returns how long it is.
static size_t make_frame(uint8_t *bytes, int masked) {
    static const uint8_t opcodes[] = {0x81, 0x81, 0x81, 0x82, 0x89, 0x8A};
    const size_t length = below(8) ? below(126) : below(700);
    size_t at = 0;
    bytes[at++] = opcodes[below(length > 125 ? 4 : 6)];
    bytes[at++] = (uint8_t)((masked ? 0x80 : 0) | (length < 126 ? length : 126));
    if (length > 125) {
        bytes[at++] = (uint8_t)(length >> 8);
        bytes[at++] = (uint8_t)length;
    }
    uint32_t key = 0;
    if (masked) {
        key = (uint32_t)next();
        for (size_t i = 0; i < 4; i++) bytes[at++] = key_byte(key, i);
    }
    return at + make_text(bytes + at, length, key);
}

// MARK: Comparing

static void try_text(void) {
    const size_t count = below(620);
    const uint32_t key = below(3) ? (uint32_t)next() : 0;
    uint8_t *text = below(2) ? memory + room - count : memory + below(64);
    make_text(text, count, key);
    size_t fault;
    const size_t right = text_twin(text, count, key, &fault);
    const size_t found = kernels->text_prefix(text, count, key);
    size_t unused;
    const int fits = fault == SIZE_MAX ? found == right
                                       : found <= right && fault < found + 64 + 3 &&
                                             text_twin(text, found, key, &unused) == found;
    if (!fits) fail("text_prefix", text, count, found, right);

    uint8_t copy[620];
    memcpy(copy, text, count);
    const size_t taken = kernels->unmask_text(text, count, key);
    if (taken != found) fail("unmask_text", copy, count, taken, found);
    for (size_t i = 0; i < count; i++) {
        const uint8_t byte = i < taken ? copy[i] ^ key_byte(key, i) : copy[i];
        if (text[i] != byte) fail("unmask_text, at a byte", copy, count, text[i], byte);
    }

    memcpy(text, copy, count);
    const size_t done = kernels->unmask(text, count, key);
    if (done != count / 64 * 64) fail("unmask", copy, count, done, count / 64 * 64);
    for (size_t i = 0; i < count; i++) {
        const uint8_t byte = i < done ? copy[i] ^ key_byte(key, i) : copy[i];
        if (text[i] != byte) fail("unmask, at a byte", copy, count, text[i], byte);
    }
}

static void try_frames(void) {
    const int masked = below(3) > 0;
    uint8_t stream[room];
    size_t count = 0;
    for (size_t frames = below(10); frames-- > 0 && count < room - 720;) count += make_frame(stream + count, masked);
    if (count > 0 && below(3) == 0) stream[below(count)] ^= (uint8_t)(1 << below(8));
    if (below(3) == 0) count = below(count + 1);
    uint8_t *bytes = below(2) ? memory + room - count : memory + below(64) % (room - count + 1);
    memcpy(bytes, stream, count);
    static const uint64_t limits[] = {0, 50, 124, 125, 126, 127, 300};
    const fk_terms terms = {2u << 2 | 1u << 4 | 1u << 18 | 1u << 20, masked ? 0x80 : 0,
                            below(3) ? UINT64_MAX : limits[below(7)]};

    fk_run right = {0, 0, 0};
    size_t payload = 0;
    for (size_t end; (end = frame_twin(bytes, right.bytes, count, terms, &payload)) > 0; right.bytes = end) {
        right.frames++;
        right.messages += !(bytes[right.bytes] & 8);
    }
    const fk_run run = kernels->skim(bytes, count, terms);
    if (run.bytes != right.bytes) fail("skim, bytes", bytes, count, run.bytes, right.bytes);
    if (run.frames != right.frames) fail("skim, frames", bytes, count, run.frames, right.frames);
    if (run.messages != right.messages) fail("skim, messages", bytes, count, run.messages, right.messages);

    size_t at = 0;
    while (at < count) {
        const size_t end = frame_twin(bytes, at, count, terms, &payload);
        const size_t length = end ? end - payload : 0;
        const fk_frame frame = kernels->take(bytes + at, count - at, terms);
        if (frame.header == 0) {
            if (end && count - at >= short_room) fail("take, nothing", bytes + at, count - at, 0, end - at);
            if (memcmp(bytes, stream, count) != 0) fail("take, a changed byte", stream, count, 0, 0);
            if (!end) break;
        } else {
            uint64_t word = 0;
            memcpy(&word, stream + at, payload - at);
            if (!end || frame.payload != length || frame.header != payload - at || frame.bytes != word)
                fail("take", stream + at, count - at, frame.payload, length);
            for (size_t i = payload; masked && i < end; i++) stream[i] ^= stream[payload - 4 + (i - payload) % 4];
            if (memcmp(bytes, stream, count) != 0) fail("take, the bytes", stream, count, 0, 0);
        }
        at = end;
    }
}

int main(int count, char **arguments) {
    const unsigned long long rounds = count > 1 ? strtoull(arguments[1], 0, 10) : 200000;
    const uint64_t seed = count > 2 ? strtoull(arguments[2], 0, 10) : 1;
    open_memory();
    if (!fk_kernels_at(0)) printf("no kernels for this processor\n");
    for (int number = 0; (kernels = fk_kernels_at(number)); number++) {
        state = seed;
        for (round_number = 0; round_number < rounds; round_number++) {
            try_text();
            try_frames();
        }
        printf("%s: %llu rounds, no difference\n", kernels->name, rounds);
    }
    return 0;
}
