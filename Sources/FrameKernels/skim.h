// Skipping plain frames, written once for every processor. Included by kernels.h, after frames.h.
//
// A loop skips short frames with room after them, a second one over the last ones before the end, which
// loads no byte too many; what is none of these is looked at alone. If all are loaded exactly, one loop is enough, but
// then each frame takes 2.7 ns and not 2.4. What each loop has to remember fits into the registers as long as there is
// no other in the same function: 43 ns for 1,460 bytes became 38.

/// Skips one plain frame of any shape, or as much of it as there is; returns how long that is.
RARE static size_t NAME(skim_any)(const uint8_t *at, const uint8_t *end, const fk_terms *terms, fk_run *run,
                                  int masked) {
    const NAME(shape) frame = NAME(measure)(at, (size_t)(end - at), terms, run, masked);
    if (frame.header == 0) return 0;
    const uint8_t *const payload = at + frame.header;
    if (frame.kind == 1 && frame.payload < AHEAD) {
        // This payload is skipped, so as much must be asked for at once.
        for (size_t part = AHEAD - frame.payload; part < AHEAD; part += 64) fk_ask(payload, frame.payload + part);
    }
    // Nothing is written.
    uint8_t *const text = (uint8_t *)payload;
    if (UNLIKELY(frame.payload > (size_t)(end - payload))) {
        return NAME(go_into)(text - frame.header, end, frame, run, masked, 0);
    }
    const uint32_t key = NAME(key)(payload, masked);
    if (frame.kind == 2 && !NAME(is_text)(text, (size_t)frame.payload, key, &run->place.lead, at[0] >= 0x80, 0)) {
        return 0;
    }
    NAME(count)(run, at[0], frame);
    return frame.header + (size_t)frame.payload;
}

/// Short frames that were skipped.
typedef struct {
    const uint8_t *at, *begun;  // where the next one begins, perhaps after the end, and where the last exact one began
    uint64_t frames, controls;
} NAME(shorts);

/// Skips short frames that begin before `room`. `exact`: there is no room after them, and the last may be
/// cut off by the end.
ALWAYS_INLINE NAME(shorts) NAME(skim_short)(NAME(shorts) so_far, const uint8_t *room, const uint8_t *end,
                                            uint32_t kinds, uint64_t limit, int masked, int exact) {
    while (so_far.at < room) {
        const uint8_t *const at = so_far.at, *const payload = at + SHORT_HEADER(masked);
        const uint64_t length = at[1] ^ (masked ? 0x80 : 0);
        const uint32_t opcode = at[0] ^ 0x80;  // 0…15 where FIN is set and no RSV bit
        if (UNLIKELY(opcode > 15) || UNLIKELY(length > limit)) break;
        const uint32_t kind = kinds >> opcode * 2 & 3;
        const uint32_t key = NAME(key)(payload, masked);
        if (UNLIKELY(kind == 0)) break;
        const size_t part = exact ? NAME(least)(length, (size_t)(end - payload)) : (size_t)length;
        if (kind == 2 && !NAME(is_short_text)(payload, part, key, exact)) break;
        if (exact) so_far.begun = at;
        so_far.at = payload + length;
        so_far.frames++;
        so_far.controls += opcode >> 3;
    }
    return so_far;
}

/// The same, small enough to be handed over in registers.
typedef struct {
    const uint8_t *at;
    uint32_t begun;  // so many bytes before it
    uint16_t frames, controls;
} NAME(lasts);

/// Skips those before `room` exactly.
RARE static NAME(lasts) NAME(skim_last)(const uint8_t *at, const uint8_t *room, const uint8_t *end, uint32_t kinds,
                                        uint64_t limit, int masked) {
    const NAME(shorts) from = {at, at, 0, 0};
    const NAME(shorts) to = masked ? NAME(skim_short)(from, room, end, kinds, limit, 1, 1)
                                   : NAME(skim_short)(from, room, end, kinds, limit, 0, 1);
    return (NAME(lasts)){to.at, (uint32_t)(to.at - to.begun), (uint16_t)to.frames, (uint16_t)to.controls};
}

ALWAYS_INLINE fk_run NAME(skim_all)(const uint8_t *bytes, size_t count, fk_place place, const fk_terms *terms,
                                    int masked) {
    fk_run run = fk_none(place, terms->open_length);
    const uint8_t *const end = bytes + count;
    NAME(shorts) shorts = {bytes, bytes, 0, 0};
    if (place.kind) {
        const size_t part = NAME(go_on)((uint8_t *)bytes, count, &run, 0);  // nothing is written
        if (UNLIKELY(part == REFUSED)) return run;
        shorts.at += part;
    }
    const uint8_t *const room = NAME(end_of_room)(bytes, count, SHORT_ROOM(masked));
    const uint8_t *const rest = NAME(end_of_room)(bytes, count, SHORT_HEADER(masked));
    const uint64_t limit = terms->limit < SHORT_LIMIT ? terms->limit : SHORT_LIMIT;
    uint32_t kinds = NAME(short_kinds)(terms, &run);
    while (run.place.kind == 0) {
        shorts = NAME(skim_short)(shorts, room, end, kinds, limit, masked, 0);
        if (EXACT && shorts.at >= room) {
            const NAME(lasts) lasts = NAME(skim_last)(shorts.at, rest, end, kinds, limit, masked);
            shorts.at = lasts.at;
            shorts.begun = lasts.at - lasts.begun;
            shorts.frames += lasts.frames;
            shorts.controls += lasts.controls;
        }
        if (EXACT && shorts.at > end) {
            // The last one is cut off.
            const uint8_t *const at = shorts.begun;
            const uint64_t key = NAME(key)(at + SHORT_HEADER(masked), masked);
            const uint64_t word = at[0] | (uint64_t)at[1] << 8 | key << 16;
            NAME(begin_short)(&run, word, (uint64_t)(shorts.at - end), kinds, masked);
            shorts.frames--;
            shorts.controls -= at[0] >> 3 & 1;
            shorts.at = end;
            break;
        }
        const size_t size = NAME(skim_any)(shorts.at, end, terms, &run, masked);
        if (size == 0) break;
        kinds = NAME(short_kinds)(terms, &run);
        shorts.at += size;
    }
    run.bytes = (size_t)(shorts.at - bytes);
    run.frames += shorts.frames;
    run.messages += shorts.frames - shorts.controls;
    return run;
}

// Functions of their own, so that each has all registers.

RARE static fk_run NAME(skim_masked)(const uint8_t *bytes, size_t count, fk_place place, const fk_terms *terms) {
    return NAME(skim_all)(bytes, count, place, terms, 1);
}

RARE static fk_run NAME(skim_unmasked)(const uint8_t *bytes, size_t count, fk_place place, const fk_terms *terms) {
    return NAME(skim_all)(bytes, count, place, terms, 0);
}

static fk_run NAME(skim)(const uint8_t *bytes, size_t count, fk_place place, const fk_terms *terms) {
    if (terms->mask_bit) return NAME(skim_masked)(bytes, count, place, terms);
    return NAME(skim_unmasked)(bytes, count, place, terms);
}
