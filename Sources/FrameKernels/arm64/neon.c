// Blocks of 64 bytes in four registers, which every arm64 processor has.

#include "../generic/kernel_tables.h"

#if FRAME_KERNELS_NEON

#include <arm_neon.h>
#include <string.h>

#include "../generic/utf8_tables.h"

typedef struct {
    uint8x16_t quarter[4];
} block;

static inline block load(const uint8_t *bytes) {
    return (block){{vld1q_u8(bytes), vld1q_u8(bytes + 16), vld1q_u8(bytes + 32), vld1q_u8(bytes + 48)}};
}
static inline void store(uint8_t *bytes, block a) {
    for (int i = 0; i < 4; i++) vst1q_u8(bytes + i * 16, a.quarter[i]);
}
static inline block xor(block a, block b) {
    for (int i = 0; i < 4; i++) a.quarter[i] = veorq_u8(a.quarter[i], b.quarter[i]);
    return a;
}
static inline block or(block a, block b) {
    for (int i = 0; i < 4; i++) a.quarter[i] = vorrq_u8(a.quarter[i], b.quarter[i]);
    return a;
}
static inline block fill(uint64_t key) {
    const uint8x16_t words = vreinterpretq_u8_u32(vdupq_n_u32((uint32_t)key));
    return (block){{words, words, words, words}};
}
static inline block last_byte(uint8_t byte) {
    const uint8x16_t none = vdupq_n_u8(0);
    return (block){{none, none, none, vsetq_lane_u8(byte, none, 15)}};
}
static inline int any(block a) {
    const uint8x16_t all = vorrq_u8(vorrq_u8(a.quarter[0], a.quarter[1]), vorrq_u8(a.quarter[2], a.quarter[3]));
    return vmaxvq_u32(vreinterpretq_u32_u8(all)) != 0;
}

static inline int any_high(block a) {
    const uint8x16_t all = vorrq_u8(vorrq_u8(a.quarter[0], a.quarter[1]), vorrq_u8(a.quarter[2], a.quarter[3]));
    return vmaxvq_u8(all) >= 0x80;
}

static inline uint64_t low_bits(uint64_t count) { return count >= 64 ? ~0ull : (1ull << count) - 1; }
static inline uint64_t key_bits(uint32_t key) {
    const uint64_t four = (key >> 7 & 1) | (key >> 14 & 2) | (key >> 21 & 4) | (key >> 28 & 8);
    return four * 0x1111111111111111ull;
}

/// There is no instruction for it: each byte whose top bit is set keeps the bit of its position among eight, and
/// three rounds of adding neighbours combine eight bytes into one.
static inline uint64_t high_bits(block a) {
    const uint8x16_t places = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    for (int i = 0; i < 4; i++) {
        const int8x16_t spread = vshrq_n_s8(vreinterpretq_s8_u8(a.quarter[i]), 7);
        a.quarter[i] = vandq_u8(vreinterpretq_u8_s8(spread), places);
    }
    uint8x16_t sum = vpaddq_u8(vpaddq_u8(a.quarter[0], a.quarter[1]), vpaddq_u8(a.quarter[2], a.quarter[3]));
    sum = vpaddq_u8(sum, sum);
    return vgetq_lane_u64(vreinterpretq_u64_u8(sum), 0);
}

/// Keeps the first `count` bytes and clears the others.
static inline block keep(block a, uint64_t count) {
    const uint8x16_t index = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const uint8x16_t limit = vdupq_n_u8((uint8_t)(count < 64 ? count : 64));
    for (int i = 0; i < 4; i++) {
        const uint8x16_t state = vaddq_u8(index, vdupq_n_u8((uint8_t)(i * 16)));
        a.quarter[i] = vandq_u8(a.quarter[i], vcltq_u8(state, limit));
    }
    return a;
}

#include "../generic/partial_blocks.h"

static inline uint8x16_t quarter_errors(uint8x16_t text, uint8x16_t before) {
    // As `char`, in which the tables are written; its signedness depends on the platform.
    static const char first_high[16] = {FIRST_HIGH}, first_low[16] = {FIRST_LOW}, second_high[16] = {SECOND_HIGH};
    // The text shifted by one, two and three bytes, with the last bytes of `before` shifted in.
    const uint8x16_t one = vextq_u8(before, text, 15);
    const uint8x16_t two = vextq_u8(before, text, 14);
    const uint8x16_t three = vextq_u8(before, text, 13);
    const uint8x16_t low = vandq_u8(one, vdupq_n_u8(0x0F));
    const uint8x16_t errors = vandq_u8(vandq_u8(vqtbl1q_u8(vld1q_u8((const uint8_t *)first_high), vshrq_n_u8(one, 4)),
                                                vqtbl1q_u8(vld1q_u8((const uint8_t *)first_low), low)),
                                       vqtbl1q_u8(vld1q_u8((const uint8_t *)second_high), vshrq_n_u8(text, 4)));
    // A continuation must come two bytes after E0…EF or F0…FF, and three after F0…FF: two_more is right there and
    // nowhere else.
    const uint8x16_t third = vqsubq_u8(two, vdupq_n_u8(0xE0 - 0x80));
    const uint8x16_t fourth = vqsubq_u8(three, vdupq_n_u8(0xF0 - 0x80));
    const uint8x16_t must = vandq_u8(vorrq_u8(third, fourth), vdupq_n_u8(0x80));
    return veorq_u8(must, errors);
}

static inline block utf8_errors(block text, block before) {
    return (block){{quarter_errors(text.quarter[0], before.quarter[3]),
                    quarter_errors(text.quarter[1], text.quarter[0]),
                    quarter_errors(text.quarter[2], text.quarter[1]),
                    quarter_errors(text.quarter[3], text.quarter[2])}};
}

#define NAME(x) wsk_neon_##x
#define FEATURES "neon"
#include "../generic/kernels.h"

#endif
