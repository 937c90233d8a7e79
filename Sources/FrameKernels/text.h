// Payloads, written once for every processor: UTF-8 judged, with or without unmasking, and unmasking alone. Included by
// kernels.h.

/// Asks for a block that will be looked at in a while. Payloads of a few KiB end before the processor has noticed that
/// they are read in order, and what it fetches by itself begins anew behind every jump. Asking AHEAD, chat was judged at
/// 25 GB/s instead of 13 (16 with 1,280 bytes, 20 with 4,608, and no more with 12,288), medium binary unmasked at 27.5
/// instead of 25.5, and payloads of 1 MiB as fast as before.
static inline void NAME(ask_for)(const uint8_t *bytes, size_t ahead) {
    __builtin_prefetch((const void *)((uintptr_t)bytes + ahead));  // only asked for, never read
}

#define AHEAD 8192

/// Steps back from `end` to where its last character begins, if that is not whole.
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

/// Takes back the unmasking of the last bytes, at most three, which begin a character that is not whole.
static size_t NAME(back)(uint8_t *bytes, size_t end, uint32_t key, int unmasks) {
    // Unmasked bytes are text as they stand.
    const size_t whole = NAME(boundary)(bytes, end, unmasks ? 0 : key);
    for (size_t at = whole; unmasks && at < end; at++) bytes[at] ^= (uint8_t)(key >> at % 4 * 8);
    return whole;
}

/// The same as below for a rest of fewer than 64 bytes; `before` is the block before it, or zeros. Zeros behind the rest
/// are ASCII, so a character that is cut off shows as an error: then it is left out, and looked at once more.
ALWAYS_INLINE size_t NAME(text_rest)(uint8_t *bytes, size_t at, size_t count, uint32_t key, block before,
                                     int unmasks) {
    const block text = keep(xor(load_first(bytes + at, count - at), fill(key)), count - at);
    size_t whole = count;
    int is_good = !any(utf8_errors(text, before));
    while (!is_good && whole > at && count - whole < 3) {
        whole--;
        is_good = !any(utf8_errors(keep(text, whole - at), before));
    }
    if (UNLIKELY(!is_good)) return NAME(back)(bytes, at, key, unmasks);
    if (unmasks) store_first(bytes + at, text, whole - at);
    return whole;
}

// ASCII is folded together 256 bytes at a time: one branch for four blocks. A block with other characters is judged
// against the block before it; errors are looked at at once, since they are never there.
//
// `unmasks`: blocks that are found good are stored unmasked. Bytes behind the result are as they were.
ALWAYS_INLINE size_t NAME(text_run)(uint8_t *bytes, size_t count, uint32_t key, int unmasks) {
    const block mask = fill(key);
    size_t at = 0;
    while (count - at >= 64) {
        while (count - at >= 256) {
            const block one = xor(load(bytes + at), mask), two = xor(load(bytes + at + 64), mask);
            const block three = xor(load(bytes + at + 128), mask), four = xor(load(bytes + at + 192), mask);
            if (any_high(or(or(one, two), or(three, four)))) break;
            for (size_t part = 0; part < 256; part += 64) NAME(ask_for)(bytes + at, part + AHEAD);
            if (unmasks) {
                store(bytes + at, one);
                store(bytes + at + 64, two);
                store(bytes + at + 128, three);
                store(bytes + at + 192, four);
            }
            at += 256;
        }
        if (count - at < 64) break;
        block before = fill(0);
        block text = xor(load(bytes + at), mask);
        if (any_high(text)) {
            // From here on until a block of ASCII, no branch but this loop's.
            do {
                if (UNLIKELY(any(utf8_errors(text, before)))) return NAME(back)(bytes, at, key, unmasks);
                if (unmasks) store(bytes + at, text);
                before = text;
                NAME(ask_for)(bytes + at, AHEAD);
                at += 64;
                if (count - at < 64) return NAME(text_rest)(bytes, at, count, key, before, unmasks);
                text = xor(load(bytes + at), mask);
            } while (any_high(text));
            // ASCII: nothing but that no character was left open has to be seen.
            if (UNLIKELY(any(utf8_errors(text, before)))) return NAME(back)(bytes, at, key, unmasks);
        }
        if (unmasks) store(bytes + at, text);
        at += 64;
    }
    return at < count ? NAME(text_rest)(bytes, at, count, key, fill(0), unmasks) : at;
}

RARE static size_t NAME(text_prefix)(const uint8_t *bytes, size_t count, uint32_t key) {
    return NAME(text_run)((uint8_t *)bytes, count, key, 0);  // nothing is written
}

static size_t NAME(unmask_text)(uint8_t *bytes, size_t count, uint32_t key) {
    return NAME(text_run)(bytes, count, key, 1);
}

/// Unmasks a payload; no byte behind it is read or written. The last bytes have a store of their own: byte by byte they took
/// as long as all else of a piece of 1,460.
static size_t NAME(unmask)(uint8_t *bytes, size_t count, uint32_t key) {
    const block mask = fill(key);
    size_t at = 0;
    for (; count - at >= 256; at += 256) {
        for (size_t part = 0; part < 256; part += 64) NAME(ask_for)(bytes + at, part + AHEAD);
        store(bytes + at, xor(load(bytes + at), mask));
        store(bytes + at + 64, xor(load(bytes + at + 64), mask));
        store(bytes + at + 128, xor(load(bytes + at + 128), mask));
        store(bytes + at + 192, xor(load(bytes + at + 192), mask));
    }
    for (; count - at >= 64; at += 64) store(bytes + at, xor(load(bytes + at), mask));
    if (at < count) store_first(bytes + at, xor(load_first(bytes + at, count - at), mask), count - at);
    return count;
}
