// One whole frame, which is what most reads of a server bring. Written once for every processor; included by kernels.h,
// after frames.h.
//
// There is nothing to overlap with, so nothing is read ahead and no state is kept: the shortest path from the header
// to the unmasked payload.

// Separate functions, so that the path of a short payload needs few registers: one for a payload of several blocks,
// one for a payload that is long or not ASCII.

COLD_NOINLINE static wsk_frame NAME(single_text)(uint8_t *payload, size_t count, uint32_t key, wsk_frame frame,
                                                 int unmasks) {
    uint8_t pending_lead = 0;
    const wsk_frame none = {0, 0};
    const int ends = frame.header >> 7 & 1;
    if (!NAME(is_utf8)(payload, count, key, &pending_lead, ends, unmasks)) return none;
    if (!UNLIKELY(pending_lead != 0)) return frame;
    // A fragment that ends inside a character is left to the machine, which keeps that state.
    if (unmasks) NAME(unmask)(payload, count, key);
    return none;
}

ALWAYS_INLINE wsk_frame NAME(single_blocks)(uint8_t *payload, size_t count, uint32_t key, wsk_frame frame, int is_text,
                                            int unmasks) {
    if (!is_text && count > SMALL_LIMIT) {
        NAME(unmask)(payload, count, key);
    } else if (count > SMALL_LIMIT || !NAME(go_over_blocks)(payload, count, key, is_text, unmasks)) {
        return NAME(single_text)(payload, count, key, frame, unmasks);
    }
    return frame;
}
COLD_NOINLINE static wsk_frame NAME(unmask_blocks)(uint8_t *payload, size_t count, uint32_t key, wsk_frame frame,
                                                   int is_text) {
    return NAME(single_blocks)(payload, count, key, frame, is_text, 1);
}
COLD_NOINLINE static wsk_frame NAME(validate_blocks)(uint8_t *payload, size_t count, uint32_t key, wsk_frame frame) {
    return NAME(single_blocks)(payload, count, key, frame, 1, 0);
}

/// Judges the frame at `bytes`, if it is complete and its header has at most 8 bytes. Either `2 + length <= size <=
/// count`, or `size == 0` and nothing has changed. `unmasks`: its payload is unmasked, if frames are `masked`.
ALWAYS_INLINE wsk_frame NAME(single)(uint8_t *bytes, size_t count, uint64_t kinds, uint64_t limit, int masked,
                                     int unmasks) {
    const wsk_frame none = {0, 0};
    if (UNLIKELY(count < 8)) return none;
    const uint64_t word = wsk_load_word(bytes);
    // RSV2, RSV3, and control frames without FIN.
    if (UNLIKELY((word & 0x30) | (word & ~(word >> 4) & 0x08))) return none;
    const uint32_t kind = NAME(kind)(kinds, word & 0x4F);
    if (UNLIKELY(kind == WSK_NONE)) return none;
    uint64_t length = (word >> 8 & 0xFF) ^ (masked ? 0x80 : 0);
    size_t header = SHORT_HEADER(masked);
    uint32_t key = masked ? (uint32_t)(word >> 16) : 0;
    if (length > SHORT_LIMIT) {
        if (length != 126 || (word & 0x08)) return none;
        length = __builtin_bswap16((uint16_t)(word >> 16));
        if (UNLIKELY(length < 126)) return none;
        header += 2;
        if (masked) key = (uint32_t)(word >> 32);
    }
    if (UNLIKELY(length > limit) || UNLIKELY(length > count - header)) return none;
    uint8_t *const payload = bytes + header;
    const wsk_frame frame = {word, header + (size_t)length};
    const int is_text = kind == WSK_TEXT;
    if (!is_text && !unmasks) return frame;
    if (length <= 128) {
        if (length < 64 ? NAME(go_over_small)(payload, (size_t)length, key, is_text, unmasks)
                        : NAME(go_over_two)(payload, (size_t)length, key, is_text, unmasks))
            return frame;
        return NAME(single_text)(payload, (size_t)length, key, frame, unmasks);
    }
    return unmasks ? NAME(unmask_blocks)(payload, (size_t)length, key, frame, is_text)
                   : NAME(validate_blocks)(payload, (size_t)length, key, frame);
}

/// For frames that are not masked: nothing is written.
COLD_NOINLINE static wsk_frame NAME(unmasked_frame)(uint8_t *bytes, size_t count, uint64_t kinds, uint64_t limit) {
    return NAME(single)(bytes, count, kinds, limit, 0, 0);
}

static wsk_frame NAME(unmask_frame)(uint8_t *bytes, size_t count, uint64_t kinds, uint64_t limit, uint32_t mask_bit) {
    if (!mask_bit) return NAME(unmasked_frame)(bytes, count, kinds, limit);
    return NAME(single)(bytes, count, kinds, limit, 1, 1);
}

static wsk_frame NAME(validate_frame)(const uint8_t *bytes, size_t count, uint64_t kinds, uint64_t limit,
                                      uint32_t mask_bit) {
    uint8_t *const read = (uint8_t *)bytes;  // nothing is written
    if (!mask_bit) return NAME(unmasked_frame)(read, count, kinds, limit);
    return NAME(single)(read, count, kinds, limit, 1, 0);
}
