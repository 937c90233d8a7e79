// Whole plain frames, written once for every processor: passed over, or taken. Included by kernels.h, behind text.h.
//
// The chain from one short frame to the next is: load byte 1, take off the MASK bit, add. All else hangs beside it, so
// that the processor looks at many frames at once; no branch depends on one frame's length. Whether frames must be masked
// is known when this is compiled: a stream of unmasked ones is as fast as its chain alone when no key is looked for (2.2
// instead of 2.7 ns a frame).

/// A short frame with room behind it: its header, and two blocks that may be loaded whatever its length.
#define SHORT_ROOM(masked) (SHORT_HEADER(masked) + 128)
#define SHORT_HEADER(masked) ((masked) ? 6 : 2)

/// Short frames with room behind them begin in front of here.
static inline const uint8_t *NAME(end_of_room)(const uint8_t *bytes, size_t count, int masked) {
    return count < SHORT_ROOM(masked) ? bytes : bytes + count - SHORT_ROOM(masked) + 1;
}

/// The key in front of a payload.
static inline uint32_t NAME(key)(const uint8_t *payload, int masked) {
    uint32_t key = 0;
    if (masked) memcpy(&key, payload - sizeof key, sizeof key);
    return key;
}

// MARK: Any plain frame

typedef struct {
    size_t header, payload;  // in bytes; header 0: not plain, or not whole
    uint32_t kind;
} NAME(shape);

/// What a whole plain frame at `at` consists of. For all that the loops below do not do themselves: fragments, lengths of
/// 16 and 64 bits, and the last frames of a buffer.
ALWAYS_INLINE NAME(shape) NAME(measure)(const uint8_t *at, size_t count, const fk_terms *terms, const fk_run *run,
                                        int masked) {
    const NAME(shape) none = {0, 0, 0};
    if (count < 2) return none;
    const uint32_t opcode = at[0] & 0x7F;  // with an RSV bit it is none
    if (opcode > 15) return none;
    const int is_control = opcode >= 8;
    if (is_control && at[0] < 0x80) return none;
    uint32_t kind = terms->kinds >> opcode * 2 & 3;
    if (opcode == 0) {
        kind = run->open_kind;  // a message goes on, if one is open
    } else if (!is_control && run->open_kind) {
        kind = 0;  // none may begin inside another
    }
    if (kind == 0) return none;

    uint64_t length = (uint64_t)at[1] ^ (masked ? 0x80 : 0);
    size_t header = SHORT_HEADER(masked);
    if (length == 126) {
        if (is_control || count < 4) return none;
        length = (uint64_t)at[2] << 8 | at[3];
        if (length < 126) return none;
        header += 2;
    } else if (length == 127) {
        if (is_control || count < 10) return none;
        length = __builtin_bswap64(fk_word(at + 2));
        if (length < 65536) return none;
        header += 8;
    } else if (length > 127) {
        return none;  // the MASK bit is not as it must be
    }
    if (!is_control && (length > terms->limit || run->open_length > terms->limit - length)) return none;
    if (count < header || length > count - header) return none;
    return (NAME(shape)){header, (size_t)length, kind};
}

/// The frame has been passed over or taken.
static inline void NAME(count)(fk_run *run, const uint8_t *at, NAME(shape) frame) {
    run->frames++;
    if (at[0] & 0x08) return;
    const uint32_t is_final = at[0] >> 7;
    run->messages += is_final;
    run->open_kind = is_final ? 0 : frame.kind;
    run->open_length = is_final ? 0 : run->open_length + frame.payload;
}

/// The kinds of short frames that are plain between two messages; while one is open, control frames only.
static inline uint32_t NAME(short_kinds)(const fk_terms *terms, const fk_run *run) {
    return run->open_kind ? terms->kinds & 0xFFFF0000 : terms->kinds & ~3u;
}

/// Not zero where a short payload is no UTF-8; `second` may be null below 64 bytes. What is loaded behind the payload is
/// replaced by zeros, which are ASCII, so a character that is cut off shows as an error.
ALWAYS_INLINE block NAME(short_errors)(block first, const block *second, uint64_t count) {
    const block before = keep(first, count);
    const block errors = utf8_errors(before, fill(0));
    if (!second) return errors;
    return or(errors, utf8_errors(keep(*second, count < 64 ? 0 : count - 64), before));
}

/// A short payload is UTF-8. Two blocks may be loaded from it, whatever its length.
RARE static int NAME(is_short_utf8)(const uint8_t *payload, size_t count, uint32_t key) {
    const block first = xor(load(payload), fill(key)), second = xor(load(payload + 64), fill(key));
    return !any(NAME(short_errors)(first, count < 64 ? 0 : &second, count));
}

/// A short payload is text. Two blocks are loaded from it, whatever its length.
static inline int NAME(is_short_text)(const uint8_t *payload, size_t count, uint32_t key) {
    const uint64_t bits = key_bits(key);
    const uint64_t low = (high_bits(load(payload)) ^ bits) & low_bits(count);
    const uint64_t high = (high_bits(load(payload + 64)) ^ bits) & low_bits(count < 64 ? 0 : count - 64);
    return !UNLIKELY(low | high) || NAME(is_short_utf8)(payload, count, key);
}

// MARK: Passing over frames

/// Passes over one plain frame of any shape; returns how long it is.
RARE static size_t NAME(skim_any)(const uint8_t *at, size_t count, const fk_terms *terms, fk_run *run, int masked) {
    const NAME(shape) frame = NAME(measure)(at, count, terms, run, masked);
    if (frame.header == 0) return 0;
    const uint8_t *const payload = at + frame.header;
    if (frame.kind == 1) {
        // This payload is passed over, so as much must be asked for at once.
        size_t part = frame.payload < AHEAD ? AHEAD - frame.payload : 0;
        for (; part < AHEAD; part += 64) NAME(ask_for)(payload, frame.payload + part);
    }
    if (frame.kind == 2 && NAME(text_prefix)(payload, frame.payload, NAME(key)(payload, masked)) != frame.payload) {
        return 0;
    }
    NAME(count)(run, at, frame);
    return frame.header + frame.payload;
}

ALWAYS_INLINE fk_run NAME(skim_all)(const uint8_t *bytes, size_t count, const fk_terms *terms, int masked) {
    fk_run run = fk_none(*terms);
    const uint8_t *at = bytes;
    const uint8_t *const end = bytes + count;
    const uint8_t *const room = NAME(end_of_room)(bytes, count, masked);
    const uint64_t limit = terms->limit < 125 ? terms->limit : 125;
    uint32_t kinds = NAME(short_kinds)(terms, &run);
    uint64_t shorts = 0, controls = 0;
    for (;;) {
        if (at < room) {
            const uint64_t length = at[1] ^ (masked ? 0x80 : 0);
            const uint8_t *const payload = at + SHORT_HEADER(masked);
            const uint32_t opcode = at[0] ^ 0x80;  // 0…15 where FIN is set and no RSV bit
            if (!UNLIKELY(opcode > 15) && !UNLIKELY(length > limit)) {
                const uint32_t kind = kinds >> opcode * 2 & 3;
                const uint32_t key = NAME(key)(payload, masked);
                if (!UNLIKELY(kind == 0) && (kind != 2 || NAME(is_short_text)(payload, length, key))) {
                    at = payload + length;
                    shorts++;
                    controls += opcode >> 3;
                    continue;
                }
            }
        }
        const size_t size = NAME(skim_any)(at, (size_t)(end - at), terms, &run, masked);
        if (size == 0) break;
        kinds = NAME(short_kinds)(terms, &run);
        at += size;
    }
    run.bytes = (size_t)(at - bytes);
    run.frames += shorts;
    run.messages += shorts - controls;
    return run;
}

static fk_run NAME(skim)(const uint8_t *bytes, size_t count, fk_terms terms) {
    return terms.mask_bit ? NAME(skim_all)(bytes, count, &terms, 1) : NAME(skim_all)(bytes, count, &terms, 0);
}

// MARK: Taking frames: judged, unmasked in place, and written down
//
// A load that crosses a fresh store waits until that has reached the cache, and short payloads are stored in vectors
// that reach into the frames behind them. One frame after the other, that wait is longer than all else (8.9 ns a frame).
// So a few headers are read ahead, and the payloads follow GROUP at a time, one group behind: all loads of a group stand
// in front of its stores, and the headers behind it have long been read (4.2 ns a frame, and 3 where all are of 16
// bytes).

#ifndef GROUP
#define GROUP 4
#endif
#define UNROLL _Pragma("GCC unroll 8")

/// The payloads of a group are UTF-8 as far as they are text; without second blocks if all are below 64 bytes. (When such
/// groups were taken one by one, Cyrillic took 15 ns a frame instead of 4.)
ALWAYS_INLINE int NAME(are_text)(const block *firsts, const block *seconds, const uint64_t *lengths,
                                 const uint64_t *words, uint32_t kinds) {
    block errors = fill(0);
    UNROLL for (int i = 0; i < GROUP; i++) {
        if (!(kinds >> (words[i] & 0x0F) * 2 & 2)) continue;
        errors = or(errors, NAME(short_errors)(firsts[i], seconds ? &seconds[i] : 0, lengths[i]));
    }
    return !any(errors);
}

/// Judges and unmasks so many short payloads, the first one's frame at `at`. Returns where the last one ends; null when
/// some text is none, and then nothing has been changed.
ALWAYS_INLINE uint8_t *NAME(unmask_group)(uint8_t *at, const uint64_t *words, uint32_t kinds) {
    uint8_t *payloads[GROUP];
    uint64_t lengths[GROUP], more[GROUP], longest = 0;
    block firsts[GROUP], seconds[GROUP], seen = fill(0);
    UNROLL for (int i = 0; i < GROUP; i++) {
        const uint8_t *const bytes = (const uint8_t *)&words[i];
        payloads[i] = at + SHORT_HEADER(1);
        lengths[i] = bytes[1] & 0x7F;
        longest |= lengths[i];
        at = payloads[i] + lengths[i];
        firsts[i] = xor(load(payloads[i]), fill(NAME(key)(bytes + SHORT_HEADER(1), 1)));
        seen = or_first(seen, firsts[i], lengths[i]);
    }
    if (longest < 64) {
        if (UNLIKELY(any_high(seen)) && !NAME(are_text)(firsts, 0, lengths, words, kinds)) return 0;
        UNROLL for (int i = 0; i < GROUP; i++) store_in_room(payloads[i], firsts[i], lengths[i]);
        return at;
    }
    UNROLL for (int i = 0; i < GROUP; i++) {
        const uint8_t *const bytes = (const uint8_t *)&words[i];
        more[i] = lengths[i] < 64 ? 0 : lengths[i] - 64;
        seconds[i] = xor(load(payloads[i] + 64), fill(NAME(key)(bytes + SHORT_HEADER(1), 1)));
        seen = or_first(seen, seconds[i], more[i]);
    }
    if (UNLIKELY(any_high(seen)) && !NAME(are_text)(firsts, seconds, lengths, words, kinds)) return 0;
    UNROLL for (int i = 0; i < GROUP; i++) {
        store_in_room(payloads[i], firsts[i], lengths[i]);
        store_in_room(payloads[i] + 64, seconds[i], more[i]);
    }
    return at;
}

/// Unmasks a payload, and judges it where it is text; 0 when it is none: then it is left as it came.
static inline int NAME(unmask_payload)(uint8_t *payload, size_t count, uint32_t key, uint32_t kind) {
    if (kind != 2) {
        NAME(unmask)(payload, count, key);
        return 1;
    }
    const size_t good = NAME(unmask_text)(payload, count, key);
    if (good != count) NAME(unmask)(payload, good, key);
    return good == count;
}

/// The same for short payloads one by one, up to the first that is not plain. Returns how many were, and moves `at`
/// behind them.
RARE static size_t NAME(unmask_singly)(uint8_t **at, const uint64_t *words, size_t count, uint32_t kinds) {
    for (size_t i = 0; i < count; i++) {
        const size_t length = words[i] >> 8 & 0x7F;
        uint8_t *const payload = *at + SHORT_HEADER(1);
        const uint32_t kind = kinds >> (words[i] & 0x0F) * 2 & 3;
        if (!NAME(unmask_payload)(payload, length, (uint32_t)(words[i] >> 16), kind)) return i;
        *at = payload + length;
    }
    return count;
}

/// Takes one plain frame of any shape whose header fits into a word; returns how long it is.
RARE static size_t NAME(take_any)(uint8_t *at, size_t count, const fk_terms *terms, fk_run *run, int masked,
                                  uint64_t *word) {
    const NAME(shape) frame = NAME(measure)(at, count, terms, run, masked);
    if (frame.header == 0 || frame.header > sizeof *word) return 0;
    uint8_t *const payload = at + frame.header;
    const uint32_t key = NAME(key)(payload, masked);
    if (masked) {
        if (!NAME(unmask_payload)(payload, frame.payload, key, frame.kind)) return 0;
    } else if (frame.kind == 2 && NAME(text_prefix)(payload, frame.payload, 0) != frame.payload) {
        return 0;
    }
    *word = 0;
    for (size_t i = 0; i < frame.header; i++) *word |= (uint64_t)at[i] << i * 8;
    NAME(count)(run, at, frame);
    return frame.header + frame.payload;
}

ALWAYS_INLINE fk_run NAME(take_all)(uint8_t *bytes, size_t count, const fk_terms *terms, uint64_t *words, size_t most,
                                    int masked) {
    fk_run run = fk_none(*terms);
    uint8_t *at = bytes;
    const uint8_t *const end = bytes + count;
    const uint8_t *const room = NAME(end_of_room)(bytes, count, masked);
    const uint64_t limit = terms->limit < 125 ? terms->limit : 125;
    uint32_t kinds = NAME(short_kinds)(terms, &run);
    uint64_t controls = 0;
    uint64_t *word = words;
    const uint64_t *const last = words + most;
    // Short masked frames whose headers were read ahead: from `waiting` on, their words from `waiting_words` on.
    uint8_t *waiting = at;
    uint64_t *waiting_words = word;
    for (;;) {
        const uint64_t *const full = masked && last - waiting_words > 2 * GROUP ? waiting_words + 2 * GROUP : last;
        while (word < full && at < room) {
            const uint64_t length = at[1] ^ (masked ? 0x80 : 0);
            const uint32_t opcode = at[0] ^ 0x80;
            if (UNLIKELY(opcode > 15) || UNLIKELY(length > limit)) break;
            const uint32_t kind = kinds >> opcode * 2 & 3;
            uint8_t *const payload = at + SHORT_HEADER(masked);
            if (UNLIKELY(kind == 0)) break;
            if (!masked && kind == 2 && !NAME(is_short_text)(payload, length, 0)) break;
            *word++ = fk_word(at);
            at = payload + length;
            controls += opcode >> 3;
        }
        if (masked && word - waiting_words >= GROUP) {
            uint8_t *const next = NAME(unmask_group)(waiting, waiting_words, kinds);
            if (!UNLIKELY(next == 0)) {
                waiting = next;
                waiting_words += GROUP;
                continue;
            }
        }
        if (masked) {
            const size_t read = (size_t)(word - waiting_words);
            const size_t good = NAME(unmask_singly)(&waiting, waiting_words, read, kinds);
            for (size_t i = good; i < read; i++) controls -= waiting_words[i] >> 3 & 1;
            word = waiting_words += good;
            at = waiting;
            if (good < read) break;
        }
        if (word == last) break;
        const size_t size = NAME(take_any)(at, (size_t)(end - at), terms, &run, masked, word);
        if (size == 0) break;
        waiting_words = ++word;
        waiting = at += size;
        kinds = NAME(short_kinds)(terms, &run);
    }
    const uint64_t frames = (uint64_t)(word - words);
    run.messages += frames - run.frames - controls;
    run.frames = frames;
    run.bytes = (size_t)(at - bytes);
    return run;
}

static fk_run NAME(take)(uint8_t *bytes, size_t count, fk_terms terms, uint64_t *words, size_t most) {
    return terms.mask_bit ? NAME(take_all)(bytes, count, &terms, words, most, 1)
                          : NAME(take_all)(bytes, count, &terms, words, most, 0);
}
