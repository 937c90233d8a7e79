// Blocks of 64 bytes in two registers.

#include "../generic/kernel_tables.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#include "../generic/utf8_tables.h"

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2"))), apply_to = function)
#else
#pragma GCC target("avx2,bmi,bmi2")
#endif

typedef struct {
    __m256i low, high;
} block;

static inline block load(const uint8_t *bytes) {
    return (block){_mm256_loadu_si256((const __m256i *)bytes), _mm256_loadu_si256((const __m256i *)(bytes + 32))};
}
static inline void store(uint8_t *bytes, block a) {
    _mm256_storeu_si256((__m256i *)bytes, a.low);
    _mm256_storeu_si256((__m256i *)(bytes + 32), a.high);
}
static inline block xor(block a, block b) {
    return (block){_mm256_xor_si256(a.low, b.low), _mm256_xor_si256(a.high, b.high)};
}
static inline block or(block a, block b) {
    return (block){_mm256_or_si256(a.low, b.low), _mm256_or_si256(a.high, b.high)};
}
static inline block fill(uint64_t key) {
    const __m256i words = _mm256_set1_epi32((int)(uint32_t)key);
    return (block){words, words};
}
static inline block last_byte(uint8_t byte) {
    const __m256i none = _mm256_setzero_si256();
    return (block){none, _mm256_insert_epi8(none, (char)byte, 31)};
}
static inline uint64_t high_bits(block a) {
    return (uint32_t)_mm256_movemask_epi8(a.low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(a.high) << 32;
}
static inline int any_high(block a) { return high_bits(a) != 0; }
static inline uint64_t low_bits(uint64_t count) { return _bzhi_u64(~0ull, (uint32_t)count); }
static inline uint64_t key_bits(uint32_t key) { return _pext_u32(key, 0x80808080) * 0x1111111111111111ull; }
static inline int any(block a) {
    const __m256i both = _mm256_or_si256(a.low, a.high);
    return !_mm256_testz_si256(both, both);
}

/// Keeps the first `count` bytes and clears the others.
static inline block keep(block a, uint64_t count) {
    const __m256i index = _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                           22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
    const __m256i limit = _mm256_set1_epi8((char)(count < 64 ? count : 64));
    const __m256i upper = _mm256_add_epi8(index, _mm256_set1_epi8(32));
    return (block){_mm256_and_si256(a.low, _mm256_cmpgt_epi8(limit, index)),
                   _mm256_and_si256(a.high, _mm256_cmpgt_epi8(limit, upper))};
}

#include "../generic/partial_blocks.h"

static inline __m256i half_bytes(__m256i a) {
    return _mm256_and_si256(_mm256_srli_epi16(a, 4), _mm256_set1_epi8(0x0F));
}

static inline __m256i half_errors(__m256i text, __m256i before) {
    const __m256i first_high = _mm256_broadcastsi128_si256(_mm_setr_epi8(FIRST_HIGH));
    const __m256i first_low = _mm256_broadcastsi128_si256(_mm_setr_epi8(FIRST_LOW));
    const __m256i second_high = _mm256_broadcastsi128_si256(_mm_setr_epi8(SECOND_HIGH));
    // The text shifted by one, two and three bytes, with the last bytes of `before` shifted in.
    const __m256i lanes = _mm256_permute2x128_si256(before, text, 0x21);
    const __m256i one = _mm256_alignr_epi8(text, lanes, 15);
    const __m256i two = _mm256_alignr_epi8(text, lanes, 14);
    const __m256i three = _mm256_alignr_epi8(text, lanes, 13);
    const __m256i low = _mm256_and_si256(one, _mm256_set1_epi8(0x0F));
    const __m256i errors =
        _mm256_and_si256(_mm256_and_si256(_mm256_shuffle_epi8(first_high, half_bytes(one)),
                                          _mm256_shuffle_epi8(first_low, low)),
                         _mm256_shuffle_epi8(second_high, half_bytes(text)));
    // A continuation must come two bytes after E0…EF or F0…FF, and three after F0…FF: two_more is right there and
    // nowhere else.
    const __m256i third = _mm256_subs_epu8(two, _mm256_set1_epi8((char)(0xE0 - 0x80)));
    const __m256i fourth = _mm256_subs_epu8(three, _mm256_set1_epi8((char)(0xF0 - 0x80)));
    const __m256i must = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
    return _mm256_xor_si256(must, errors);
}

static inline block utf8_errors(block text, block before) {
    return (block){half_errors(text.low, before.high), half_errors(text.high, text.low)};
}

#define NAME(x) wsk_avx2_##x
#define FEATURES "avx2"
#include "../generic/kernels.h"

#if defined(__clang__)
#pragma clang attribute pop
#endif

#endif
