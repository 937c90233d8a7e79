// Taking plain frames: judged, unmasked in place, and written down. Written once for every processor; included by
// kernels.h, after frames.h.
//
// A load that crosses a fresh store waits until that has reached the cache, and short payloads are stored in vectors
// that reach into the frames after them. One frame after the other, that wait is longer than all else (8.9 ns a
// frame). So a few headers are read ahead, and the payloads follow GROUP at a time, one group after: all loads of a
// group stand before its stores, and the headers after it have long been read (4.2 ns a frame, and 3 where all
// are of 16 bytes).

//
// A frame in two pieces is taken with the others: the rest of the first one as if it had a header there, the beginning
// of the last one with its length cut. Groups that are not whole at the end are filled with frames of no length: 115
// instead of 130 ns for 1,460 bytes of tiny frames, each frame of which alone has branches that nobody can foretell.

#ifndef GROUP
#define GROUP 4
#endif
#define UNROLL _Pragma("GCC unroll 8")

/// The payloads of a group are UTF-8 as far as they are text; without second blocks if all are below 64 bytes. (When
/// such groups were taken one by one, Cyrillic took 15 ns a frame instead of 4.)
ALWAYS_INLINE int NAME(are_text)(const block *firsts, const block *seconds, const uint64_t *lengths,
                                 const uint64_t *words, uint32_t kinds) {
    block errors = fill(0);
    UNROLL for (int i = 0; i < GROUP; i++) {
        if (!(kinds >> (words[i] & 0x0F) * 2 & 2)) continue;
        errors = or(errors, NAME(short_errors)(firsts[i], seconds ? &seconds[i] : 0, lengths[i]));
    }
    return !any(errors);
}

/// Judges and unmasks so many short payloads, the first one at `payload`. Returns where the one after them begins;
/// null when some text is none, and then nothing has been changed. Unless it is `exact`, there is room after all of
/// them; if it is, the last may be cut off by the end.
ALWAYS_INLINE uint8_t *NAME(unmask_group)(uint8_t *payload, const uint8_t *end, const uint64_t *words, uint32_t kinds,
                                          int exact) {
    uint8_t *payloads[GROUP];
    uint64_t lengths[GROUP], more[GROUP], longest = 0;
    block firsts[GROUP], seconds[GROUP], seen = fill(0);
    UNROLL for (int i = 0; i < GROUP; i++) {
        const uint8_t *const bytes = (const uint8_t *)&words[i];
        const uint64_t length = bytes[1] & 0x7F;
        payloads[i] = payload;
        lengths[i] = exact ? NAME(least)(length, (size_t)(end - payload)) : length;
        longest |= lengths[i];
        payload += length + SHORT_HEADER(1);
        firsts[i] = xor(NAME(load_short)(payloads[i], NAME(in_first)(lengths[i]), exact),
                        fill(NAME(key)(bytes + SHORT_HEADER(1), 1)));
        seen = or_first(seen, firsts[i], lengths[i]);
    }
    if (longest < 64) {
        if (UNLIKELY(any_high(seen)) && !NAME(are_text)(firsts, 0, lengths, words, kinds)) return 0;
        UNROLL for (int i = 0; i < GROUP; i++) store_in_room(payloads[i], firsts[i], lengths[i]);
        return payload;
    }
    UNROLL for (int i = 0; i < GROUP; i++) {
        const uint8_t *const bytes = (const uint8_t *)&words[i];
        more[i] = NAME(in_second)(lengths[i]);
        seconds[i] = xor(NAME(load_short)(payloads[i] + 64, more[i], exact),
                         fill(NAME(key)(bytes + SHORT_HEADER(1), 1)));
        seen = or_first(seen, seconds[i], more[i]);
    }
    if (UNLIKELY(any_high(seen)) && !NAME(are_text)(firsts, seconds, lengths, words, kinds)) return 0;
    UNROLL for (int i = 0; i < GROUP; i++) {
        store_in_room(payloads[i], firsts[i], lengths[i]);
        store_in_room(payloads[i] + 64, seconds[i], more[i]);
    }
    return payload;
}

/// The same for short payloads one by one, up to the first that is no text where it must be. Returns how many were, and
/// moves `payload` to the one after them.
RARE static size_t NAME(unmask_singly)(uint8_t **payload, const uint64_t *words, size_t count, uint32_t kinds) {
    for (size_t i = 0; i < count; i++) {
        const size_t length = words[i] >> 8 & 0x7F;
        const uint32_t kind = kinds >> (words[i] & 0x0F) * 2 & 3;
        const uint32_t key = (uint32_t)(words[i] >> 16);
        uint8_t lead = 0;
        if (kind != 2) {
            NAME(unmask)(*payload, length, key);
        } else if (!NAME(is_text)(*payload, length, key, &lead, 1, 1)) {
            return i;
        }
        *payload += length + SHORT_HEADER(1);
    }
    return count;
}

/// Takes one plain frame of any shape, or as much of it as there is; returns how long that is. A whole one's header
/// must fit into a word, and a control frame must be whole.
RARE static size_t NAME(take_any)(uint8_t *at, const uint8_t *end, const fk_terms *terms, fk_run *run, int masked,
                                  uint64_t *word) {
    const NAME(shape) frame = NAME(measure)(at, (size_t)(end - at), terms, run, masked);
    if (frame.header == 0) return 0;
    uint8_t *const payload = at + frame.header;
    if (UNLIKELY(frame.payload > (size_t)(end - payload))) {
        return at[0] & 0x08 ? 0 : NAME(go_into)(at, end, frame, run, masked, masked);
    }
    if (frame.header > sizeof *word) return 0;
    const uint32_t key = NAME(key)(payload, masked);
    const size_t count = (size_t)frame.payload;
    if (frame.kind == 2 && !NAME(is_text)(payload, count, key, &run->place.lead, at[0] >= 0x80, masked)) return 0;
    if (frame.kind != 2 && masked) NAME(unmask)(payload, count, key);
    *word = 0;
    for (size_t i = 0; i < frame.header; i++) *word |= (uint64_t)at[i] << i * 8;
    NAME(count)(run, at[0], frame);
    return frame.header + count;
}

/// The frame in which the stream stands is short, and its rest can be taken with those after it: all of it is there,
/// the message ends with it, and no character is open. Then this is a word for it; else 0.
static inline uint64_t NAME(word_of_rest)(fk_place place, size_t count) {
    if (place.rest > SHORT_LIMIT || place.rest > count || (place.byte0 & 0x88) != 0x80 || place.lead != 0) return 0;
    const uint64_t byte0 = place.kind == 2 ? 0x81 : 0x82;
    return byte0 | (0x80 | place.rest) << 8 | (uint64_t)place.key << 16;
}

/// Short frames whose headers have been read.
typedef struct {
    uint8_t *at;     // where the next one begins, perhaps after the end
    uint64_t *word;  // the next one's
    uint64_t controls;
} NAME(headers);

/// Reads the headers of short frames that begin before `room`, as long as there are words before `full`.
/// `exact`: there is no room after them, and the last may be cut off by the end.
ALWAYS_INLINE NAME(headers) NAME(read_headers)(NAME(headers) read, const uint64_t *full, const uint8_t *room,
                                               const uint8_t *end, uint32_t kinds, uint64_t limit, int masked,
                                               int exact) {
    while (read.word < full && read.at < room) {
        uint8_t *const at = read.at, *const payload = at + SHORT_HEADER(masked);
        const uint64_t length = at[1] ^ (masked ? 0x80 : 0);
        const uint32_t opcode = at[0] ^ 0x80;
        if (UNLIKELY(opcode > 15) || UNLIKELY(length > limit)) break;
        const uint32_t kind = kinds >> opcode * 2 & 3;
        if (UNLIKELY(kind == 0)) break;
        if (!masked && kind == 2) {
            const size_t part = exact ? NAME(least)(length, (size_t)(end - payload)) : (size_t)length;
            if (!NAME(is_short_text)(payload, part, 0, exact)) break;
        }
        *read.word++ = fk_word(at);
        read.at = payload + length;
        read.controls += opcode >> 3;
    }
    return read;
}

/// Where the one with the next word began.
static inline uint8_t *NAME(last_begun)(NAME(headers) read, int masked) {
    return read.at - (*read.word >> 8 & 0x7F) - SHORT_HEADER(masked);
}

ALWAYS_INLINE fk_run NAME(take_all)(uint8_t *bytes, size_t count, fk_place place, const fk_terms *terms,
                                    uint64_t *words, size_t most, int masked) {
    fk_run run = fk_none(place, terms->open_length);
    uint8_t *const end = bytes + count;
    const uint8_t *const room = NAME(end_of_room)(bytes, count, SHORT_ROOM(masked));
    const uint8_t *const rest = NAME(end_of_room)(bytes, count, sizeof *words);
    const uint64_t limit = terms->limit < SHORT_LIMIT ? terms->limit : SHORT_LIMIT;
    const uint64_t *const last = words + most;
    NAME(headers) read = {bytes, words, 0};
    // Short masked frames whose headers were read ahead: the payload of the first, and its word.
    uint8_t *waiting = bytes + SHORT_HEADER(masked);
    uint64_t *waiting_words = words;
    uint64_t others = 0, word_of_rest = 0;  // words that are no short frames'
    if (place.kind) {
        if (EXACT && masked) word_of_rest = NAME(word_of_rest)(place, count);
        if (word_of_rest) {
            // It will be unmasked with those after it.
            *read.word++ = word_of_rest;
            waiting = read.at;
            read.at += place.rest;
            run.place = (fk_place){0, 0, 0, 0, 0, 0};
            run.open_length = 0;
        } else {
            const size_t part = NAME(go_on)(bytes, count, &run, masked);
            if (UNLIKELY(part == REFUSED)) return run;
            read.at += part;
            run.bytes = part;
            if (run.place.kind) return run;
            *read.word++ = 0;
            others++;
            waiting = read.at + SHORT_HEADER(masked);
            waiting_words = read.word;
        }
    }
    uint32_t kinds = NAME(short_kinds)(terms, &run);
    for (;;) {
        const uint64_t *const full = masked && last - waiting_words > 2 * GROUP ? waiting_words + 2 * GROUP : last;
        read = NAME(read_headers)(read, full, room, end, kinds, limit, masked, 0);
        uint8_t *next = 0;
        if (masked && read.word - waiting_words >= GROUP) {
            next = NAME(unmask_group)(waiting, end, waiting_words, kinds, 0);
            if (!UNLIKELY(next == 0)) {
                waiting = next;
                waiting_words += GROUP;
                continue;
            }
        }
        // No group is whole: the end has come, or a frame that is not short, or not plain.
        if (EXACT && UNLIKELY(read.at >= room)) {
            read = NAME(read_headers)(read, last, rest, end, kinds, limit, masked, 1);
        }
        if (EXACT && read.at > end && read.word[-1] & 0x08) {
            // A control frame is not taken in parts.
            read.word--;
            read.controls--;
            read.at = NAME(last_begun)(read, masked);
        }
        while (EXACT && masked && read.word - waiting_words >= 2 && last - waiting_words >= GROUP) {
            // Groups that are not whole are filled with frames of no length. One frame alone is faster alone.
            for (uint64_t *word = read.word; word < waiting_words + GROUP; word++) *word = 0;
            next = NAME(unmask_group)(waiting, end, waiting_words, kinds, 1);
            if (UNLIKELY(next == 0)) break;
            waiting = next;
            waiting_words = read.word < waiting_words + GROUP ? read.word : waiting_words + GROUP;
        }
        size_t ahead = masked ? (size_t)(read.word - waiting_words) : 0;
        if (EXACT && read.at > end) {
            // The last one is cut off. If it is taken already, that is all; else it is looked at alone.
            read.word--;
            if (ahead == 0) {
                NAME(begin_short)(&run, *read.word, (uint64_t)(read.at - end), kinds, masked);
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
        const size_t size = NAME(take_any)(read.at, end, terms, &run, masked, read.word);
        read.at += size;
        if (size == 0 || run.place.kind) break;
        others++;
        waiting_words = ++read.word;
        waiting = read.at + SHORT_HEADER(masked);
        kinds = NAME(short_kinds)(terms, &run);
    }
    if (word_of_rest && read.word == words) return fk_none(place, terms->open_length);
    const uint64_t shorts = (uint64_t)(read.word - words) - others;
    run.frames += shorts;
    run.messages += shorts - read.controls;
    run.bytes = (size_t)(read.at - bytes);
    return run;
}

// Functions of their own, so that each has all registers.

RARE static fk_run NAME(take_masked)(uint8_t *bytes, size_t count, fk_place place, const fk_terms *terms,
                                     uint64_t *words, size_t most) {
    return NAME(take_all)(bytes, count, place, terms, words, most, 1);
}

RARE static fk_run NAME(take_unmasked)(uint8_t *bytes, size_t count, fk_place place, const fk_terms *terms,
                                       uint64_t *words, size_t most) {
    return NAME(take_all)(bytes, count, place, terms, words, most, 0);
}

static fk_run NAME(take)(uint8_t *bytes, size_t count, fk_place place, const fk_terms *terms, uint64_t *words,
                         size_t most) {
    if (terms->mask_bit) return NAME(take_masked)(bytes, count, place, terms, words, most);
    return NAME(take_unmasked)(bytes, count, place, terms, words, most);
}
