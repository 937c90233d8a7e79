// Payloads of at most a few blocks, without reading any byte after them. Written once for every processor; included
// by kernels.h, after payload.h.
//
// Overlapping parts cover a payload, and each is loaded before any is stored: there is no loop over bytes, and no copy
// through the stack. Loops are not unrolled, since most payloads are shorter than one round of an unrolled loop.

/// Longer payloads are worth an unrolled loop.
#define SMALL_LIMIT 1024
#define ROLLED _Pragma("GCC unroll 1")

typedef uint64_t NAME(two_words) __attribute__((vector_size(16)));

static inline NAME(two_words) NAME(load16)(const uint8_t *bytes) {
    NAME(two_words) words;
    memcpy(&words, bytes, sizeof words);
    return words;
}
static inline void NAME(store16)(uint8_t *bytes, NAME(two_words) words) { memcpy(bytes, &words, sizeof words); }
static inline uint64_t NAME(load_part)(const uint8_t *bytes, size_t size) {
    uint64_t word = 0;
    memcpy(&word, bytes, size);
    return word;
}

/// A payload of fewer than 64 bytes; `is_text`: only if it is ASCII, `unmasks`: it is unmasked. Two or four
/// overlapping parts cover it, and all of them are loaded before any is stored. Returns 0 if it is not ASCII, with
/// nothing changed.
ALWAYS_INLINE int NAME(go_over_small)(uint8_t *payload, size_t count, uint32_t key, int is_text, int unmasks) {
    const uint64_t high = 0x8080808080808080, mask = key | (uint64_t)key << 32;
    if (count >= 16) {
        const uint32_t last_key = wsk_rotated_key(key, count);
        const uint64_t last_mask = last_key | (uint64_t)last_key << 32;
        const NAME(two_words) front = {mask, mask}, back = {last_mask, last_mask};
        uint8_t *const end = payload + count;
        // From 16 to 32 bytes, the second pair of parts equals the first.
        const size_t step = count > 32 ? 16 : 0;
        const NAME(two_words) a = NAME(load16)(payload) ^ front, b = NAME(load16)(payload + step) ^ front;
        const NAME(two_words) c = NAME(load16)(end - 16 - step) ^ back, d = NAME(load16)(end - 16) ^ back;
        const NAME(two_words) all = a | b | c | d;
        if (is_text && UNLIKELY((all[0] | all[1]) & high)) return 0;
        if (unmasks) {
            NAME(store16)(payload, a);
            NAME(store16)(payload + step, b);
            NAME(store16)(end - 16 - step, c);
            NAME(store16)(end - 16, d);
        }
        return 1;
    }
    if (count >= 8) {
        const uint32_t last_key = wsk_rotated_key(key, count);
        const uint64_t last_mask = last_key | (uint64_t)last_key << 32;
        const uint64_t a = NAME(load_part)(payload, 8) ^ mask, b = NAME(load_part)(payload + count - 8, 8) ^ last_mask;
        if (is_text && UNLIKELY((a | b) & high)) return 0;
        if (unmasks) memcpy(payload, &a, 8);
        if (unmasks) memcpy(payload + count - 8, &b, 8);
        return 1;
    }
    uint64_t word = 0;
    for (size_t at = 0; at < count; at++) word |= (uint64_t)payload[at] << at * 8;
    word ^= mask & (count ? ~0ull >> (64 - count * 8) : 0);
    if (is_text && UNLIKELY(word & high)) return 0;
    for (size_t at = 0; unmasks && at < count; at++) payload[at] = (uint8_t)(word >> at * 8);
    return 1;
}

/// As go_over_small, for a payload of 64 to 128 bytes: two blocks.
ALWAYS_INLINE int NAME(go_over_two)(uint8_t *payload, size_t count, uint32_t key, int is_text, int unmasks) {
    uint8_t *const end = payload + count;
    const block first = xor(load(payload), fill(key));
    const block last = xor(load(end - 64), fill(wsk_rotated_key(key, count)));
    if (is_text && UNLIKELY(any_high(or (first, last)))) return 0;
    if (unmasks) store(payload, first);
    if (unmasks) store(end - 64, last);
    return 1;
}

/// As go_over_small, for a payload of 64 bytes or more: blocks, the last of which overlaps the one before.
ALWAYS_INLINE int NAME(go_over_blocks)(uint8_t *payload, size_t count, uint32_t key, int is_text, int unmasks) {
    const block mask = fill(key);
    const block last = xor(load(payload + count - 64), fill(wsk_rotated_key(key, count)));
    if (is_text) {
        block seen = last;
        ROLLED for (size_t at = 0; count - at > 64; at += 64) seen = or(seen, xor(load(payload + at), mask));
        if (UNLIKELY(any_high(seen))) return 0;
    }
    if (unmasks) {
        ROLLED for (size_t at = 0; count - at > 64; at += 64) store(payload + at, xor(load(payload + at), mask));
        store(payload + count - 64, last);
    }
    return 1;
}
