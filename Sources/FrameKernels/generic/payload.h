// Payloads, written once for every processor: UTF-8 judged, with or without unmasking, and unmasking alone. Included by
// kernels.h.

/// How far ahead to prefetch, in bytes. Payloads of a few KiB end before the processor has noticed sequential reads,
/// and its own prefetching starts over after every jump.
#define PREFETCH_DISTANCE 8192

/// Steps back from `end` to the start of its last character, if that is incomplete.
static size_t NAME(boundary)(const uint8_t *bytes, size_t end, uint32_t key) {
    for (size_t back = 1; back <= 3 && back <= end; back++) {
        uint8_t byte = bytes[end - back] ^ (uint8_t)(key >> ((end - back) % 4 * 8));
        if (byte < 0x80) return end;
        if (byte >= 0xC0) {
            size_t length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
            return length > back ? end - back : end;
        }
    }
    return end;
}

/// Ends after a fault was found after `end`, which is not 0 unless nothing was judged. Masks the last bytes again, at
/// most three, which begin an incomplete character; no character is open before them.
static size_t NAME(back)(uint8_t *bytes, size_t end, uint32_t key, uint8_t *pending_lead, int unmasks) {
    // Unmasked bytes are the text itself.
    const size_t whole = NAME(boundary)(bytes, end, unmasks ? 0 : key);
    for (size_t at = whole; unmasks && at < end; at++) bytes[at] ^= (uint8_t)(key >> at % 4 * 8);
    if (pending_lead && whole > 0) *pending_lead = 0;
    return whole;
}

/// The last three bytes of a text, the last one lowest; before these bytes, its state was `utf8_pending_lead`.
static inline uint32_t NAME(last_three)(const uint8_t *bytes, size_t count, uint32_t key, uint8_t pending_lead) {
    uint32_t last = pending_lead;
    if (count >= 4) {
        memcpy(&last, bytes + count - 4, sizeof last);
        return __builtin_bswap32(last ^ wsk_rotated_key(key, count));
    }
    for (size_t at = 0; at < count; at++) last = last << 8 | (bytes[at] ^ (key >> at * 8 & 0xFF));
    return last;
}

/// The state of the text after well-formed text that ends with these bytes: see wsk_stream_state. Without branches,
/// which would be unpredictable; not below 0xF8 if the last byte alone is a fault.
static inline uint8_t NAME(pending_lead_after)(uint32_t last) {
    static const uint8_t leads[64] = {0xFF, 0xFF, 0xC2, 0xC2, 0xC2, 0xC2, 0xC2, 0xC2, 0xC2, 0xC2, 0xC2, 0xC2, 0xC2,
                                      0xC2, 0xC2, 0xC2, 0xC2, 0xC2, 0xC2, 0xC2, 0xC2, 0xC2, 0xC2, 0xC2, 0xC2, 0xC2,
                                      0xC2, 0xC2, 0xC2, 0xC2, 0xC2, 0xC2, 0xE0, 0xE1, 0xE1, 0xE1, 0xE1, 0xE1, 0xE1,
                                      0xE1, 0xE1, 0xE1, 0xE1, 0xE1, 0xE1, 0xED, 0xE1, 0xE1, 0xF0, 0xF1, 0xF1, 0xF1,
                                      0xF4, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    const uint32_t one = last & 0xFF, two = last >> 8 & 0xFF, three = last >> 16 & 0xFF;
    const uint32_t of_four = two >= 0xF0, of_three = two >= 0xE0, after_two = (two & 0xC0) == 0x80 && three >= 0xF0;
    // After a continuation byte: one more, or two.
    const uint32_t more = (0xC2 & (0 - (of_three | after_two))) ^ ((0xC2 ^ 0xE1) & (0 - of_four));
    const uint32_t is_lead = one >= 0xC0, is_continuation = (one & 0xC0) == 0x80;
    return (uint8_t)((more & (0 - is_continuation)) | (leads[one & 0x3F] & (0 - is_lead)));
}

/// As text_run, for a rest of fewer than 64 bytes; `before` is the block before it.
ALWAYS_INLINE size_t NAME(text_rest)(uint8_t *bytes, size_t at, size_t count, uint32_t key, block before,
                                     uint8_t *pending_lead, uint32_t last, int unmasks) {
    const block text = keep(xor(load_first(bytes + at, count - at), fill(key)), count - at);
    const block errors = utf8_errors(text, before);
    // The text is followed by zeros, which are ASCII: a character that is open at its end shows up there as an error.
    if (!pending_lead) {
        if (UNLIKELY(any(errors))) return NAME(back)(bytes, at, key, pending_lead, unmasks);
    } else {
        const uint8_t open = NAME(pending_lead_after)(last);
        if (UNLIKELY(any(keep(errors, count - at)) | (open > 0xF7)))
            return NAME(back)(bytes, at, key, pending_lead, unmasks);
        *pending_lead = open;
    }
    if (unmasks) store_first(bytes + at, text, count - at);
    return count;
}

// ASCII is checked 256 bytes at a time: one branch for four blocks. A block with other characters is judged against
// the block before it; errors are checked at once, since normally there are none.
//
// `unmasks`: blocks that are found good are stored unmasked. Bytes after the result are unchanged.
// `utf8_pending_lead` is null if no character is open before these bytes, and none may be after them.
ALWAYS_INLINE size_t NAME(text_run)(uint8_t *bytes, size_t count, uint32_t key, uint8_t *pending_lead, int unmasks) {
    const block mask = fill(key);
    const uint8_t open = pending_lead ? *pending_lead : 0;
    const uint32_t last = pending_lead ? NAME(last_three)(bytes, count, key, open) : 0;
    size_t at = 0;
    block before = last_byte(open);
    int is_open = open != 0;
    while (count - at >= 64) {
        while (!is_open && count - at >= 256) {
            const block one = xor(load(bytes + at), mask), two = xor(load(bytes + at + 64), mask);
            const block three = xor(load(bytes + at + 128), mask), four = xor(load(bytes + at + 192), mask);
            if (any_high(or (or (one, two), or (three, four)))) break;
            for (size_t part = 0; part < 256; part += 64) wsk_prefetch(bytes + at, part + PREFETCH_DISTANCE);
            if (unmasks) {
                store(bytes + at, one);
                store(bytes + at + 64, two);
                store(bytes + at + 128, three);
                store(bytes + at + 192, four);
            }
            at += 256;
        }
        if (count - at < 64) break;
        block text = xor(load(bytes + at), mask);
        if (is_open | any_high(text)) {
            // From here to the next block of ASCII, there is no branch but this loop's.
            do {
                if (UNLIKELY(any(utf8_errors(text, before)))) return NAME(back)(bytes, at, key, pending_lead, unmasks);
                if (unmasks) store(bytes + at, text);
                before = text;
                wsk_prefetch(bytes + at, PREFETCH_DISTANCE);
                at += 64;
                if (count - at < 64) return NAME(text_rest)(bytes, at, count, key, before, pending_lead, last, unmasks);
                text = xor(load(bytes + at), mask);
            } while (any_high(text));
            // ASCII: the only possible error is a character left open before it.
            if (UNLIKELY(any(utf8_errors(text, before)))) return NAME(back)(bytes, at, key, pending_lead, unmasks);
            before = fill(0);
            is_open = 0;
        }
        if (unmasks) store(bytes + at, text);
        at += 64;
    }
    return NAME(text_rest)(bytes, at, count, key, before, pending_lead, last, unmasks);
}

COLD_NOINLINE static size_t NAME(text_prefix)(const uint8_t *bytes, size_t count, uint32_t key, uint8_t *pending_lead) {
    return NAME(text_run)((uint8_t *)bytes, count, key, pending_lead, 0);  // nothing is written
}

static size_t NAME(unmask_text)(uint8_t *bytes, size_t count, uint32_t key, uint8_t *pending_lead) {
    return NAME(text_run)(bytes, count, key, pending_lead, 1);
}

// For a text that is complete: no state before or after it.

COLD_NOINLINE static size_t NAME(whole_prefix)(const uint8_t *bytes, size_t count, uint32_t key) {
    return NAME(text_run)((uint8_t *)bytes, count, key, 0, 0);
}

COLD_NOINLINE static size_t NAME(unmask_whole)(uint8_t *bytes, size_t count, uint32_t key) {
    return NAME(text_run)(bytes, count, key, 0, 1);
}

/// Unmasks a payload; no byte after it is read or written. The last bytes have a store of their own: one by one they
/// would take as long as the rest of a packet.
static size_t NAME(unmask)(uint8_t *bytes, size_t count, uint32_t key) {
    const block mask = fill(key);
    size_t at = 0;
    for (; count - at >= 256; at += 256) {
        for (size_t part = 0; part < 256; part += 64) wsk_prefetch(bytes + at, part + PREFETCH_DISTANCE);
        store(bytes + at, xor(load(bytes + at), mask));
        store(bytes + at + 64, xor(load(bytes + at + 64), mask));
        store(bytes + at + 128, xor(load(bytes + at + 128), mask));
        store(bytes + at + 192, xor(load(bytes + at + 192), mask));
    }
    for (; count - at >= 64; at += 64) store(bytes + at, xor(load(bytes + at), mask));
    if (at < count) store_first(bytes + at, xor(load_first(bytes + at, count - at), mask), count - at);
    return count;
}
