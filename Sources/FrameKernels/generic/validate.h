// Skipping fast-path frames, written once for every processor. Included by kernels.h, after frames.h.
//
// One loop skips short frames with slack after them, a second one the last frames before the end, without reading
// past it; anything else is judged separately. A single loop that loads every frame exactly would be enough, but
// slower for each frame. The state of each loop fits into the registers as long as there is no other loop in the same
// function.

/// Skips one fast-path frame of any shape, or the part of it that has arrived; returns the number of bytes.
COLD_NOINLINE static size_t NAME(validate_any)(const uint8_t *at, const uint8_t *end, const wsk_fast_path_rules *rules,
                                               wsk_result *result, int masked) {
    const NAME(shape) frame = NAME(measure)(at, (size_t)(end - at), rules, result, masked);
    if (frame.header == 0) return 0;
    const uint8_t *const payload = at + frame.header;
    if (frame.kind != WSK_TEXT && frame.payload < PREFETCH_DISTANCE) {
        // No byte of this payload is read, so this much must be prefetched at once.
        for (size_t part = PREFETCH_DISTANCE - frame.payload; part < PREFETCH_DISTANCE; part += 64)
            wsk_prefetch(payload, frame.payload + part);
    }
    // Nothing is written.
    uint8_t *const text = (uint8_t *)payload;
    if (UNLIKELY(frame.payload > (size_t)(end - payload))) {
        return NAME(go_into)(text - frame.header, end, frame, result, masked, 0);
    }
    const uint32_t key = NAME(key)(payload, masked);
    if (frame.kind == WSK_TEXT &&
        !NAME(is_text)(text, (size_t)frame.payload, key, &result->state.utf8_pending_lead, at[0] >= 0x80, 0)) {
        return 0;
    }
    NAME(count)(result, at[0], frame);
    return frame.header + (size_t)frame.payload;
}

/// Short frames that were accepted.
typedef struct {
    const uint8_t *at, *begun;  // where the next one begins, perhaps after the end, and where the last exact one began
    uint64_t frames, controls;
} NAME(shorts);

/// Skips short frames that begin before `slack`. `exact`: there is no slack after them, and the last may be cut off by
/// the end.
ALWAYS_INLINE NAME(shorts) NAME(validate_short)(NAME(shorts) so_far, const uint8_t *slack, const uint8_t *end,
                                                uint64_t kinds, uint64_t limit, int masked, int exact) {
    while (so_far.at < slack) {
        const uint8_t *const at = so_far.at, *const payload = at + SHORT_HEADER(masked);
        const uint64_t length = at[1] ^ (masked ? 0x80 : 0);
        const uint32_t byte0 = at[0];
        if (UNLIKELY((byte0 & 0xB0) != 0x80) || UNLIKELY(length > limit)) break;
        const uint32_t kind = NAME(kind)(kinds, byte0);
        const uint32_t key = NAME(key)(payload, masked);
        if (UNLIKELY(kind == WSK_NONE)) break;
        const size_t part = exact ? NAME(least)(length, (size_t)(end - payload)) : (size_t)length;
        if (kind == WSK_TEXT && !NAME(is_short_text)(payload, part, key, exact)) break;
        if (exact) so_far.begun = at;
        so_far.at = payload + length;
        so_far.frames++;
        so_far.controls += byte0 >> 3 & 1;
    }
    return so_far;
}

/// As `shorts`, small enough to be passed in registers.
typedef struct {
    const uint8_t *at;
    uint32_t begun;  // how many bytes before it
    uint16_t frames, controls;
} NAME(lasts);

/// Skips those before `slack` exactly.
COLD_NOINLINE static NAME(lasts) NAME(validate_last)(const uint8_t *at, const uint8_t *slack, const uint8_t *end,
                                                     uint64_t kinds, uint64_t limit, int masked) {
    const NAME(shorts) from = {at, at, 0, 0};
    const NAME(shorts) to = masked ? NAME(validate_short)(from, slack, end, kinds, limit, 1, 1)
                                   : NAME(validate_short)(from, slack, end, kinds, limit, 0, 1);
    return (NAME(lasts)){to.at, (uint32_t)(to.at - to.begun), (uint16_t)to.frames, (uint16_t)to.controls};
}

ALWAYS_INLINE wsk_result NAME(validate_all)(const uint8_t *bytes, size_t count, wsk_stream_state state,
                                            const wsk_fast_path_rules *rules, int masked) {
    wsk_result result = wsk_no_progress(state, rules->open_length);
    const uint8_t *const end = bytes + count;
    NAME(shorts) shorts = {bytes, bytes, 0, 0};
    if (state.kind) {
        const size_t part = NAME(go_on)((uint8_t *)bytes, count, &result, 0);  // nothing is written
        if (UNLIKELY(part == REFUSED)) return result;
        shorts.at += part;
    }
    const uint8_t *const slack = NAME(end_of_slack)(bytes, count, SHORT_SLACK(masked));
    const uint8_t *const rest = NAME(end_of_slack)(bytes, count, SHORT_HEADER(masked));
    const uint64_t limit = rules->limit < SHORT_LIMIT ? rules->limit : SHORT_LIMIT;
    uint64_t kinds = NAME(short_kinds)(rules, &result);
    while (result.state.kind == WSK_NONE) {
        shorts = NAME(validate_short)(shorts, slack, end, kinds, limit, masked, 0);
        if (HAS_MASKED_LOADS && shorts.at >= slack) {
            const NAME(lasts) lasts = NAME(validate_last)(shorts.at, rest, end, kinds, limit, masked);
            shorts.at = lasts.at;
            shorts.begun = lasts.at - lasts.begun;
            shorts.frames += lasts.frames;
            shorts.controls += lasts.controls;
        }
        if (HAS_MASKED_LOADS && shorts.at > end) {
            // The last one is cut off.
            const uint8_t *const at = shorts.begun;
            const uint64_t key = NAME(key)(at + SHORT_HEADER(masked), masked);
            const uint64_t word = at[0] | (uint64_t)at[1] << 8 | key << 16;
            NAME(begin_short)(&result, word, (uint64_t)(shorts.at - end), kinds, masked);
            shorts.frames--;
            shorts.controls -= at[0] >> 3 & 1;
            shorts.at = end;
            break;
        }
        if (shorts.at < slack && NAME(is_fragment)(shorts.at)) {
            const uint8_t *const from = shorts.at;
            shorts.at = NAME(validate_fragments)(from, slack, rules, &result, masked).at;
            kinds = NAME(short_kinds)(rules, &result);
            if (shorts.at > from) continue;
        }
        const size_t size = NAME(validate_any)(shorts.at, end, rules, &result, masked);
        if (size == 0) break;
        kinds = NAME(short_kinds)(rules, &result);
        shorts.at += size;
    }
    result.bytes = (size_t)(shorts.at - bytes);
    result.frames += shorts.frames;
    result.messages += shorts.frames - shorts.controls;
    return result;
}

// Separate functions, so that each can use all registers.

COLD_NOINLINE static wsk_result NAME(validate_masked)(const uint8_t *bytes, size_t count, wsk_stream_state state,
                                                      const wsk_fast_path_rules *rules) {
    return NAME(validate_all)(bytes, count, state, rules, 1);
}

COLD_NOINLINE static wsk_result NAME(validate_unmasked)(const uint8_t *bytes, size_t count, wsk_stream_state state,
                                                        const wsk_fast_path_rules *rules) {
    return NAME(validate_all)(bytes, count, state, rules, 0);
}

static wsk_result NAME(validate_frames)(const uint8_t *bytes, size_t count, wsk_stream_state state,
                                        const wsk_fast_path_rules *rules) {
    if (rules->mask_bit) return NAME(validate_masked)(bytes, count, state, rules);
    return NAME(validate_unmasked)(bytes, count, state, rules);
}
