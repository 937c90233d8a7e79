// Unmasking fast-path frames in place, and recording their headers. Written once for every processor; included by
// kernels.h, after frames.h.
//
// A load that overlaps a recent store waits until the store has reached the cache, and short payloads are stored in
// vectors that extend into the frames after them. With one frame at a time, that wait would be longer than everything
// else. So a few headers are read ahead, and the payloads follow GROUP at a time, one group later: all loads of a
// group precede its stores, and the headers after it have long been read.
//
// A frame in two pieces is processed with the others: the rest of the first one as if it had a header there, the
// beginning of the last one with its length cut. Incomplete groups at the end are padded with empty frames, since
// handling frames one by one has branches that cannot be predicted.

#ifndef GROUP
#define GROUP 4
#endif
#define UNROLL _Pragma("GCC unroll 8")

/// Whether the text payloads of a group are UTF-8; without second blocks if all are below 64 bytes.
ALWAYS_INLINE int NAME(are_text)(const block *firsts, const block *seconds, const uint64_t *lengths,
                                 const uint64_t *words, uint64_t kinds) {
    block errors = fill(0);
    UNROLL for (int i = 0; i < GROUP; i++) {
        if (NAME(kind)(kinds, words[i]) != WSK_TEXT) continue;
        errors = or (errors, NAME(short_errors)(firsts[i], seconds ? &seconds[i] : 0, lengths[i]));
    }
    return !any(errors);
}

/// Judges and unmasks `GROUP` short payloads, the first one at `payload`. Returns where the next one begins; null if some
/// text is malformed, and then nothing has been changed. Unless it is `exact`, there is slack after all of them; if it is, the
/// last may be cut off by the end.
ALWAYS_INLINE uint8_t *NAME(unmask_group)(uint8_t *payload, const uint8_t *end, const uint64_t *words, uint64_t kinds,
                                          int exact) {
    uint8_t *payloads[GROUP];
    uint64_t lengths[GROUP], more[GROUP], longest = 0;
    block keys[GROUP], firsts[GROUP], seconds[GROUP], seen = fill(0);
    UNROLL for (int i = 0; i < GROUP; i++) {
        const uint8_t *const bytes = (const uint8_t *)&words[i];
        const uint64_t length = bytes[1] & 0x7F;
        payloads[i] = payload;
        lengths[i] = exact ? NAME(least)(length, (size_t)(end - payload)) : length;
        longest |= lengths[i];
        payload += length + SHORT_HEADER(1);
        keys[i] = fill(NAME(key)(bytes + SHORT_HEADER(1), 1));
        firsts[i] = xor(NAME(load_short)(payloads[i], NAME(in_first)(lengths[i]), exact), keys[i]);
        seen = or_first(seen, firsts[i], lengths[i]);
    }
    // In order: what one store writes after its payload is overwritten by the next.
    if (longest < 64) {
        if (UNLIKELY(any_high(seen)) && !NAME(are_text)(firsts, 0, lengths, words, kinds)) return 0;
        UNROLL for (int i = 0; i < GROUP; i++) store_in_slack(payloads[i], firsts[i], keys[i], lengths[i]);
        return payload;
    }
    UNROLL for (int i = 0; i < GROUP; i++) {
        more[i] = NAME(in_second)(lengths[i]);
        seconds[i] = xor(NAME(load_short)(payloads[i] + 64, more[i], exact), keys[i]);
        seen = or_first(seen, seconds[i], more[i]);
    }
    if (UNLIKELY(any_high(seen)) && !NAME(are_text)(firsts, seconds, lengths, words, kinds)) return 0;
    UNROLL for (int i = 0; i < GROUP; i++) {
        store_in_slack(payloads[i], firsts[i], keys[i], lengths[i]);
        store_in_slack(payloads[i] + 64, seconds[i], keys[i], more[i]);
    }
    return payload;
}

/// As unmask_group, one payload at a time, up to the first that is malformed text. Returns how many were unmasked, and
/// moves `payload` to the one after them.
COLD_NOINLINE static size_t NAME(unmask_singly)(uint8_t **payload, const uint64_t *words, size_t count,
                                                uint64_t kinds) {
    for (size_t i = 0; i < count; i++) {
        const size_t length = words[i] >> 8 & 0x7F;
        const uint32_t key = (uint32_t)(words[i] >> 16);
        uint8_t pending_lead = 0;
        if (NAME(kind)(kinds, words[i]) != WSK_TEXT) {
            NAME(unmask)(*payload, length, key);
        } else if (!NAME(is_text)(*payload, length, key, &pending_lead, 1, 1)) {
            return i;
        }
        *payload += length + SHORT_HEADER(1);
    }
    return count;
}

/// Unmasks `count` short fragments that were judged and have slack after them, the first one at `at`; there is room for
/// `most` words.
COLD_NOINLINE static void NAME(unmask_fragments)(uint8_t *at, const uint8_t *end, uint64_t *words, size_t count,
                                                 size_t most) {
    const uint64_t judged = 0;  // no frame is of a kind that is judged
    uint8_t *payload = at + SHORT_HEADER(1);
    size_t i = 0;
    for (; count - i >= GROUP; i += GROUP) payload = NAME(unmask_group)(payload, end, words + i, judged, 0);
    if (HAS_MASKED_LOADS && count > i && most - i >= GROUP) {
        // Padded with empty frames.
        for (size_t more = count; more < i + GROUP; more++) words[more] = 0;
        NAME(unmask_group)(payload, end, words + i, judged, 1);
    } else {
        NAME(unmask_singly)(&payload, words + i, count - i, judged);
    }
}

/// Judges and unmasks one fast-path frame of any shape, or the part of it that has arrived; returns the number of
/// bytes. A whole frame's header must fit into a word, and a control frame must be complete.
COLD_NOINLINE static size_t NAME(unmask_any)(uint8_t *at, const uint8_t *end, const wsk_fast_path_rules *rules,
                                             wsk_result *result, int masked, uint64_t *word) {
    const NAME(shape) frame = NAME(measure)(at, (size_t)(end - at), rules, result, masked);
    if (frame.header == 0) return 0;
    uint8_t *const payload = at + frame.header;
    if (UNLIKELY(frame.payload > (size_t)(end - payload))) {
        return at[0] & 0x08 ? 0 : NAME(go_into)(at, end, frame, result, masked, masked);
    }
    if (frame.header > sizeof *word) return 0;
    const uint32_t key = NAME(key)(payload, masked);
    const size_t count = (size_t)frame.payload;
    if (frame.kind == WSK_TEXT &&
        !NAME(is_text)(payload, count, key, &result->state.utf8_pending_lead, at[0] >= 0x80, masked))
        return 0;
    if (frame.kind != WSK_TEXT && masked) NAME(unmask)(payload, count, key);
    *word = 0;
    for (size_t i = 0; i < frame.header; i++) *word |= (uint64_t)at[i] << i * 8;
    NAME(count)(result, at[0], frame);
    return frame.header + count;
}

/// If the current frame is short, and its rest can be processed with the frames after it (it is complete, the message
/// ends with it, and no character is open), returns a word for it; otherwise 0.
static inline uint64_t NAME(placeholder_header)(wsk_stream_state state, size_t count) {
    if (state.remaining > SHORT_LIMIT || state.remaining > count || (state.byte0 & 0x88) != 0x80 ||
        state.utf8_pending_lead != 0)
        return 0;
    const uint64_t byte0 = state.kind == WSK_TEXT ? 0x81 : 0x82;
    return byte0 | (0x80 | state.remaining) << 8 | (uint64_t)state.key << 16;
}

/// Short frames whose headers have been read.
typedef struct {
    uint8_t *at;  // where the next one begins, perhaps after the end
    uint64_t *word;  // the next one's
    uint64_t controls;
} NAME(headers);

/// Reads the headers of short frames that begin before `slack`, as long as there are words before `full`. `exact`:
/// there is no slack after them, and the last may be cut off by the end.
ALWAYS_INLINE NAME(headers)
    NAME(read_headers)(NAME(headers) read, const uint64_t *full, const uint8_t *slack, const uint8_t *end,
                       uint64_t kinds, uint64_t limit, int masked, int exact) {
    while (read.word < full && read.at < slack) {
        uint8_t *const at = read.at, *const payload = at + SHORT_HEADER(masked);
        const uint64_t length = at[1] ^ (masked ? 0x80 : 0);
        const uint32_t byte0 = at[0];
        if (UNLIKELY((byte0 & 0xB0) != 0x80) || UNLIKELY(length > limit)) break;
        const uint32_t kind = NAME(kind)(kinds, byte0);
        if (UNLIKELY(kind == WSK_NONE)) break;
        if (!masked && kind == WSK_TEXT) {
            const size_t part = exact ? NAME(least)(length, (size_t)(end - payload)) : (size_t)length;
            if (!NAME(is_short_text)(payload, part, 0, exact)) break;
        }
        *read.word++ = wsk_load_word(at);
        read.at = payload + length;
        read.controls += byte0 >> 3 & 1;
    }
    return read;
}

/// Where the frame before the next word began.
static inline uint8_t *NAME(last_begun)(NAME(headers) read, int masked) {
    return read.at - (*read.word >> 8 & 0x7F) - SHORT_HEADER(masked);
}

ALWAYS_INLINE wsk_result NAME(unmask_all)(uint8_t *bytes, size_t count, wsk_stream_state state,
                                          const wsk_fast_path_rules *rules, uint64_t *words, size_t most, int masked) {
    wsk_result result = wsk_no_progress(state, rules->open_length);
    uint8_t *const end = bytes + count;
    const uint8_t *const slack = NAME(end_of_slack)(bytes, count, SHORT_SLACK(masked));
    const uint8_t *const rest = NAME(end_of_slack)(bytes, count, sizeof *words);
    const uint64_t limit = rules->limit < SHORT_LIMIT ? rules->limit : SHORT_LIMIT;
    const uint64_t *const last = words + most;
    NAME(headers) read = {bytes, words, 0};
    // Short masked frames whose headers were read ahead: the payload of the first, and its word.
    uint8_t *waiting = bytes + SHORT_HEADER(masked);
    uint64_t *waiting_words = words;
    uint64_t others = 0, placeholder_header = 0;  // words that do not belong to short frames
    if (state.kind) {
        if (HAS_MASKED_LOADS && masked) placeholder_header = NAME(placeholder_header)(state, count);
        if (placeholder_header) {
            // It will be unmasked together with the frames after it.
            *read.word++ = placeholder_header;
            waiting = read.at;
            read.at += state.remaining;
            result.state = (wsk_stream_state){0, 0, 0, 0, 0, 0};
            result.open_length = 0;
        } else {
            const size_t part = NAME(go_on)(bytes, count, &result, masked);
            if (UNLIKELY(part == REFUSED)) return result;
            read.at += part;
            result.bytes = part;
            if (result.state.kind) return result;
            *read.word++ = 0;
            others++;
            waiting = read.at + SHORT_HEADER(masked);
            waiting_words = read.word;
        }
    }
    uint64_t kinds = NAME(short_kinds)(rules, &result);
    for (;;) {
        const uint64_t *const full = masked && last - waiting_words > 2 * GROUP ? waiting_words + 2 * GROUP : last;
        read = NAME(read_headers)(read, full, slack, end, kinds, limit, masked, 0);
        uint8_t *next = 0;
        if (masked && read.word - waiting_words >= GROUP) {
            next = NAME(unmask_group)(waiting, end, waiting_words, kinds, 0);
            if (!UNLIKELY(next == 0)) {
                waiting = next;
                waiting_words += GROUP;
                continue;
            }
        }
        // No complete group: the end, or a frame that is not short or not a fast-path frame.
        if (HAS_MASKED_LOADS && UNLIKELY(read.at >= slack)) {
            read = NAME(read_headers)(read, last, rest, end, kinds, limit, masked, 1);
        }
        if (HAS_MASKED_LOADS && read.at > end && read.word[-1] & 0x08) {
            // A control frame is not processed in parts.
            read.word--;
            read.controls--;
            read.at = NAME(last_begun)(read, masked);
        }
        while (HAS_MASKED_LOADS && masked && read.word - waiting_words >= 2 && last - waiting_words >= GROUP) {
            // Incomplete groups are padded with empty frames. A single frame is faster alone.
            for (uint64_t *word = read.word; word < waiting_words + GROUP; word++) *word = 0;
            next = NAME(unmask_group)(waiting, end, waiting_words, kinds, 1);
            if (UNLIKELY(next == 0)) break;
            waiting = next;
            waiting_words = read.word < waiting_words + GROUP ? read.word : waiting_words + GROUP;
        }
        size_t ahead = masked ? (size_t)(read.word - waiting_words) : 0;
        if (HAS_MASKED_LOADS && read.at > end) {
            // The last frame is cut off. If it has been processed, that is all; otherwise it is judged separately.
            read.word--;
            if (ahead == 0) {
                NAME(begin_short)(&result, *read.word, (uint64_t)(read.at - end), kinds, masked);
                read.at = end;
                break;
            }
            read.at = NAME(last_begun)(read, masked);
            ahead--;
        }
        if (masked && ahead > 0) {
            const size_t good = NAME(unmask_singly)(&waiting, waiting_words, ahead, kinds);
            for (size_t i = good; i < ahead; i++) read.controls -= waiting_words[i] >> 3 & 1;
            read.word = waiting_words + good;
            if (good < ahead) {
                read.at = waiting - SHORT_HEADER(1);
                break;
            }
        }
        if (read.word == last) break;
        if (masked && read.at < slack && NAME(is_fragment)(read.at)) {
            const NAME(fragments) over =
                NAME(read_fragments)(read.at, slack, rules, &result, read.word, (size_t)(last - read.word));
            NAME(unmask_fragments)(read.at, end, read.word, over.frames, (size_t)(last - read.word));
            read.at = (uint8_t *)over.at;
            read.word += over.frames;
            others += over.frames;
            waiting_words = read.word;
            waiting = read.at + SHORT_HEADER(masked);
            kinds = NAME(short_kinds)(rules, &result);
            if (over.frames > 0) continue;
        }
        const size_t size = NAME(unmask_any)(read.at, end, rules, &result, masked, read.word);
        read.at += size;
        if (size == 0 || result.state.kind) break;
        others++;
        waiting_words = ++read.word;
        waiting = read.at + SHORT_HEADER(masked);
        kinds = NAME(short_kinds)(rules, &result);
    }
    if (placeholder_header && read.word == words) return wsk_no_progress(state, rules->open_length);
    const uint64_t shorts = (uint64_t)(read.word - words) - others;
    result.frames += shorts;
    result.messages += shorts - read.controls;
    result.bytes = (size_t)(read.at - bytes);
    return result;
}

// Separate functions, so that each can use all registers.

COLD_NOINLINE static wsk_result NAME(unmask_masked)(uint8_t *bytes, size_t count, wsk_stream_state state,
                                                    const wsk_fast_path_rules *rules, uint64_t *words, size_t most) {
    return NAME(unmask_all)(bytes, count, state, rules, words, most, 1);
}

COLD_NOINLINE static wsk_result NAME(unmask_unmasked)(uint8_t *bytes, size_t count, wsk_stream_state state,
                                                      const wsk_fast_path_rules *rules, uint64_t *words, size_t most) {
    return NAME(unmask_all)(bytes, count, state, rules, words, most, 0);
}

static wsk_result NAME(unmask_frames)(uint8_t *bytes, size_t count, wsk_stream_state state,
                                      const wsk_fast_path_rules *rules, uint64_t *words, size_t most) {
    if (rules->mask_bit) return NAME(unmask_masked)(bytes, count, state, rules, words, most);
    return NAME(unmask_unmasked)(bytes, count, state, rules, words, most);
}
