// Blocks of 64 bytes in one register, with a mask bit for each byte.

#include "../generic/kernel_tables.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "../generic/utf8_tables.h"

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,bmi,bmi2"))), apply_to = function)
#else
#pragma GCC target("avx512f,avx512bw,bmi,bmi2")
#endif

typedef __m512i block;

static inline block load(const uint8_t *bytes) { return _mm512_loadu_si512(bytes); }
static inline void store(uint8_t *bytes, block a) { _mm512_storeu_si512(bytes, a); }
static inline block xor(block a, block b) { return _mm512_xor_si512(a, b); }
static inline block or(block a, block b) { return _mm512_or_si512(a, b); }
static inline block fill(uint64_t key) { return _mm512_set1_epi32((int)(uint32_t)key); }
static inline block last_byte(uint8_t byte) { return _mm512_maskz_set1_epi8(1ull << 63, (char)byte); }
static inline uint64_t high_bits(block a) { return _mm512_movepi8_mask(a); }
static inline int any_high(block a) { return high_bits(a) != 0; }
static inline uint64_t low_bits(uint64_t count) { return _bzhi_u64(~0ull, (uint32_t)count); }
static inline uint64_t key_bits(uint32_t key) { return _pext_u32(key, 0x80808080) * 0x1111111111111111ull; }
static inline int any(block a) { return _mm512_test_epi8_mask(a, a) != 0; }

/// Keeps the first `count` bytes and clears the others.
static inline block keep(block a, uint64_t count) {
    return _mm512_maskz_mov_epi8(low_bits(count), a);
}

/// `a`, with the top bits of the first `count` bytes of `b` added.
static inline block or_first(block a, block b, uint64_t count) {
    return _mm512_mask_max_epu8(a, low_bits(count), a, b);
}

static inline block load_first(const uint8_t *bytes, uint64_t count) {
    return _mm512_maskz_loadu_epi8(low_bits(count), bytes);
}

/// Stores the first `count` bytes; the others are not touched.
static inline void store_first(uint8_t *bytes, block a, uint64_t count) {
    _mm512_mask_storeu_epi8(bytes, low_bits(count), a);
}

#define store_in_slack(bytes, a, key, count) store_first(bytes, a, count)
#define HAS_MASKED_LOADS 1

static inline block half_bytes(block a) {
    return _mm512_and_si512(_mm512_srli_epi16(a, 4), _mm512_set1_epi8(0x0F));
}

static inline block utf8_errors(block text, block before) {
    const block first_high = _mm512_broadcast_i32x4(_mm_setr_epi8(FIRST_HIGH));
    const block first_low = _mm512_broadcast_i32x4(_mm_setr_epi8(FIRST_LOW));
    const block second_high = _mm512_broadcast_i32x4(_mm_setr_epi8(SECOND_HIGH));
    // The text shifted by one, two and three bytes, with the last bytes of `before` shifted in.
    const block lanes = _mm512_alignr_epi32(text, before, 12);
    const block one = _mm512_alignr_epi8(text, lanes, 15);
    const block two = _mm512_alignr_epi8(text, lanes, 14);
    const block three = _mm512_alignr_epi8(text, lanes, 13);
    const block low = _mm512_and_si512(one, _mm512_set1_epi8(0x0F));
    // AND of the three: 0x80.
    const block errors = _mm512_ternarylogic_epi64(
        _mm512_shuffle_epi8(first_high, half_bytes(one)), _mm512_shuffle_epi8(first_low, low),
        _mm512_shuffle_epi8(second_high, half_bytes(text)), 0x80);
    // A continuation must come two bytes after E0…EF or F0…FF, and three after F0…FF: two_more is right there and
    // nowhere else. (OR, AND with 0x80, XOR with the errors: 0x1E over the four is done in two steps.)
    const block third = _mm512_subs_epu8(two, _mm512_set1_epi8((char)(0xE0 - 0x80)));
    const block fourth = _mm512_subs_epu8(three, _mm512_set1_epi8((char)(0xF0 - 0x80)));
    const block must = _mm512_ternarylogic_epi64(third, fourth, _mm512_set1_epi8((char)0x80), 0xA8);
    return _mm512_xor_si512(must, errors);
}

#define NAME(x) wsk_avx512_##x
#define GROUP 6  // two blocks each: as many as there are registers for
#define FEATURES "avx512"
#include "../generic/kernels.h"

#if defined(__clang__)
#pragma clang attribute pop
#endif

#endif
