// One whole frame, which is what most reads of a server bring. Written once for every processor; included by kernels.h,
// after frames.h.
//
// There is nothing to overlap with, so nothing is read ahead and nothing is kept: the shortest way from the header to the
// unmasked payload. Loops are not unrolled, since payloads are mostly shorter than what an unrolled loop takes at once.

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

/// A payload of fewer than 64 bytes; `is_text`: only if it is ASCII, `unmasks`: it is unmasked. Two or four parts that
/// overlap cover it, and all of them are loaded before any is stored. 0 where it is not ASCII; then nothing has changed.
ALWAYS_INLINE int NAME(go_over_small)(uint8_t *payload, size_t count, uint32_t key, int is_text, int unmasks) {
    const uint64_t high = 0x8080808080808080, mask = key | (uint64_t)key << 32;
    if (count >= 16) {
        const uint32_t last_key = wsk_rotated_key(key, count);
        const uint64_t last_mask = last_key | (uint64_t)last_key << 32;
        const NAME(two_words) front = {mask, mask}, back = {last_mask, last_mask};
        uint8_t *const end = payload + count;
        // Of 16 to 32 bytes two parts are the same as the other two.
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

/// The same for a payload of 64 bytes or more: blocks, of which the last one overlaps with the one before.
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

/// The same frame where the payload is long, or not ASCII.
COLD_NOINLINE static wsk_frame NAME(single_text)(uint8_t *payload, size_t count, uint32_t key, wsk_frame frame,
                                                 int unmasks) {
    uint8_t pending_lead = 0;
    const wsk_frame none = {0, 0};
    return NAME(is_text)(payload, count, key, &pending_lead, 1, unmasks) ? frame : none;
}

/// Goes over the frame at `bytes`, if all of it is there, it is a whole message or a control frame, and its header has at
/// most 8 bytes. `2 + length <= size <= count`; or `size == 0`, and nothing has changed.
ALWAYS_INLINE wsk_frame NAME(single)(uint8_t *bytes, size_t count, uint64_t kinds, uint64_t limit, uint32_t mask_bit,
                                     int unmasks) {
    const wsk_frame none = {0, 0};
    if (UNLIKELY(count < 8)) return none;
    const uint64_t word = wsk_load_word(bytes);
    if (UNLIKELY((word & 0xB0) != 0x80)) return none;
    const uint32_t kind = NAME(kind)(kinds, word & 0x4F);
    if (UNLIKELY(kind == WSK_NONE)) return none;
    uint64_t length = (word >> 8 & 0xFF) ^ mask_bit;
    size_t header = 2 + (mask_bit >> 5);
    uint64_t key_at = 16;
    if (length > SHORT_LIMIT) {
        if (length != 126 || (word & 0x08)) return none;
        length = __builtin_bswap16((uint16_t)(word >> 16));
        if (UNLIKELY(length < 126)) return none;
        header += 2;
        key_at = 32;
    }
    if (UNLIKELY(length > limit) || UNLIKELY(length > count - header)) return none;
    uint8_t *const payload = bytes + header;
    const uint32_t key = (uint32_t)(word >> key_at) & (0 - (mask_bit >> 7));
    const wsk_frame frame = {word, header + (size_t)length};
    const int is_text = kind == WSK_TEXT;
    if (!is_text && !(unmasks && mask_bit)) return frame;
    if (UNLIKELY(length > 1024)) {
        if (is_text) return NAME(single_text)(payload, (size_t)length, key, frame, unmasks && mask_bit);
        NAME(unmask)(payload, (size_t)length, key);
    } else if (length < 64 ? !NAME(go_over_small)(payload, (size_t)length, key, is_text, unmasks && mask_bit)
                           : !NAME(go_over_blocks)(payload, (size_t)length, key, is_text, unmasks && mask_bit)) {
        return NAME(single_text)(payload, (size_t)length, key, frame, unmasks && mask_bit);
    }
    return frame;
}

static wsk_frame NAME(unmask_frame)(uint8_t *bytes, size_t count, uint64_t kinds, uint64_t limit, uint32_t mask_bit) {
    return NAME(single)(bytes, count, kinds, limit, mask_bit, 1);
}

static wsk_frame NAME(validate_frame)(const uint8_t *bytes, size_t count, uint64_t kinds, uint64_t limit,
                                      uint32_t mask_bit) {
    return NAME(single)((uint8_t *)bytes, count, kinds, limit, mask_bit, 0);  // nothing is written
}
