// The kernels, written once. A file for each processor includes this after it has defined
//
//     block                       64 bytes in registers
//     load, store, xor, or        on blocks
//     fill(key)                   a block of the key, repeated
//     high_bits(block)            bit i: byte i has its top bit set
//     any_high(block)             some byte has its top bit set
//     utf8_errors(block, before)  non-zero bytes where `block` cannot follow `before` in well-formed UTF-8
//     any(block)                  some byte is not zero
//     keep(block, n)              the first n bytes, and zeros
//     low_bits(n)                 the lowest n bits, n < 256, all 64 from 64 on
//     key_bits(key)               the top bits of the key's bytes, repeated as high_bits would see them: XORed with the
//                                 high bits of masked bytes they give those of the text, without unmasking it
//     load_first(bytes, n)        a block of n bytes, n <= 64, and zeros; no other byte is read
//     store_first(bytes, block, n)    the first n bytes, n <= 64; no other byte is touched
//     store_in_room(bytes, block, n)  the first n bytes; the others of the 64 may be written as they are
//
// and NAME(x), which tells the copies apart, and FEATURES, which is what they need. Everything is static but the table of functions at the end.

#include <string.h>

#include "include/FrameKernels.h"

#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define RARE __attribute__((noinline))  // keeps the loops around it in registers

/// Asks for the block that will be looked at in a while. Payloads of a few KiB end before the processor has noticed that
/// they are read in order: chat was judged at 16.0 instead of 13.2 GB/s with this, payloads of 1 MiB as fast as before.
static inline void NAME(ask_for)(const uint8_t *bytes) {
    __builtin_prefetch((const void *)((uintptr_t)bytes + 1280));  // only asked for, never read
}

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
static inline __attribute__((always_inline)) size_t NAME(text_rest)(uint8_t *bytes, size_t at, size_t count, uint32_t key,
                                                                    block before, int unmasks) {
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
static inline __attribute__((always_inline)) size_t NAME(text_run)(uint8_t *bytes, size_t count, uint32_t key,
                                                                   int unmasks) {
    const block mask = fill(key);
    size_t at = 0;
    while (count - at >= 64) {
        while (count - at >= 256) {
            const block one = xor(load(bytes + at), mask), two = xor(load(bytes + at + 64), mask);
            const block three = xor(load(bytes + at + 128), mask), four = xor(load(bytes + at + 192), mask);
            if (any_high(or(or(one, two), or(three, four)))) break;
            for (size_t part = 0; part < 256; part += 64) NAME(ask_for)(bytes + at + part);
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
                NAME(ask_for)(bytes + at);
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

/// A short payload is ASCII. `room`: two blocks may be loaded from it, whatever its length.
static inline int NAME(is_ascii)(const uint8_t *payload, size_t count, uint32_t key, int room) {
    const uint64_t bits = key_bits(key);
    const size_t more = count < 64 ? 0 : count - 64;
    const block first = room ? load(payload) : load_first(payload, count - more);
    const block second = room ? load(payload + 64) : load_first(payload + (more ? 64 : 0), more);
    const uint64_t low = (high_bits(first) ^ bits) & low_bits(count);
    const uint64_t high = (high_bits(second) ^ bits) & low_bits(more);
    return !(low | high);
}

#define SHORT_ROOM (6 + 128)  // a short header, and two blocks

// The chain from one header to the next is: load byte 1, take off the MASK bit, add. All else hangs beside it, so that
// the processor looks at many frames at once; no branch depends on a length.
//
// `room`: go on as long as two blocks may be loaded behind every header; then once more without, to the last frame that
// is whole.
static inline __attribute__((always_inline)) void NAME(skim_on)(const uint8_t *bytes, size_t count, fk_terms terms,
                                                                fk_run *run, int room) {
    const uint8_t *at = bytes + run->bytes;
    const uint8_t *const end = bytes + count;
    const size_t short_header = terms.mask_bit ? 6 : 2;
    const uint32_t key_mask = terms.mask_bit ? ~0u : 0;
    const uint64_t limit = terms.limit < 125 ? terms.limit : 125;
    uint64_t frames = 0, controls = 0;
    while ((size_t)(end - at) >= (room ? SHORT_ROOM : short_header)) {
        const uint64_t length = at[1] ^ terms.mask_bit;
        const uint8_t *const payload = at + short_header;
        const uint32_t opcode = at[0] ^ 0x80;  // 0…15 where FIN is set and no RSV bit
        if (UNLIKELY(opcode > 15)) break;
        const uint32_t kind = terms.kinds >> opcode * 2 & 3;
        if (UNLIKELY(length > limit)) {
            if (length != 126 || kind == 0 || opcode >= 8 || (size_t)(end - at) < short_header + 2) break;
            const size_t size = (size_t)at[2] << 8 | at[3];
            if (size < 126 || size > terms.limit || (size_t)(end - payload) < 2 + size) break;
            uint32_t key;
            memcpy(&key, payload + 2 - sizeof key, sizeof key);
            if (kind == 2 && NAME(text_prefix)(payload + 2, size, key & key_mask) != size) break;
            at = payload + 2 + size;
            frames++;
            continue;
        }
        if (UNLIKELY(kind == 0)) break;
        if (!room && (size_t)(end - payload) < length) break;
        uint32_t key = 0;
        if (room || terms.mask_bit) memcpy(&key, at + 2, sizeof key);
        key &= key_mask;
        if (kind == 2 && UNLIKELY(!NAME(is_ascii)(payload, length, key, room))) {
            if (NAME(text_prefix)(payload, length, key) != length) break;
        }
        at = payload + length;
        frames++;
        controls += opcode >> 3;
    }
    run->bytes = (size_t)(at - bytes);
    run->frames += frames;
    run->messages += frames - controls;
}

static fk_run NAME(skim)(const uint8_t *bytes, size_t count, fk_terms terms) {
    fk_run run = {0, 0, 0};
    NAME(skim_on)(bytes, count, terms, &run, 1);
    if (count - run.bytes < SHORT_ROOM) NAME(skim_on)(bytes, count, terms, &run, 0);
    return run;
}

static size_t NAME(unmask)(uint8_t *bytes, size_t count, uint32_t key) {
    const block mask = fill(key);
    size_t at = 0;
    for (; count - at >= 256; at += 256) {
        store(bytes + at, xor(load(bytes + at), mask));
        store(bytes + at + 64, xor(load(bytes + at + 64), mask));
        store(bytes + at + 128, xor(load(bytes + at + 128), mask));
        store(bytes + at + 192, xor(load(bytes + at + 192), mask));
    }
    for (; count - at >= 64; at += 64) store(bytes + at, xor(load(bytes + at), mask));
    return at;
}

/// Takes a plain frame with a 16-bit length.
RARE static fk_frame NAME(take_medium)(uint8_t *bytes, size_t count, fk_terms terms, uint32_t kind) {
    const fk_frame none = {0, 0, 0};
    const uint32_t header = terms.mask_bit ? 8 : 4;
    const uint64_t word = fk_word(bytes);
    const size_t size = __builtin_bswap16((uint16_t)(word >> 16));
    if (size < 126 || size > terms.limit || count - header < size) return none;
    const uint32_t key = terms.mask_bit ? (uint32_t)(word >> 32) : 0;
    if (kind == 2 && NAME(text_prefix)(bytes + header, size, key) != size) return none;
    if (terms.mask_bit) {
        const size_t blocks = NAME(unmask)(bytes + header, size, key);
        uint8_t *const rest = bytes + header + blocks;
        if (blocks < size) store_first(rest, xor(load_first(rest, size - blocks), fill(key)), size - blocks);
    }
    return (fk_frame){word & low_bits(header * 8), header, (uint32_t)size};
}

// Two blocks are loaded and stored whatever the length, what is behind the payload as it was: no branch depends on it.
static fk_frame NAME(take)(uint8_t *bytes, size_t count, fk_terms terms) {
    const fk_frame none = {0, 0, 0};
    if (count < SHORT_ROOM) return none;
    const uint64_t limit = terms.limit < 125 ? terms.limit : 125;
    // Read before the payload is written: a load that crosses a fresh store waits for it.
    const uint64_t word = fk_word(bytes);
    const uint64_t length = (word >> 8 & 0xFF) ^ terms.mask_bit;
    const uint32_t kind = (word & 0xF0) == 0x80 ? terms.kinds >> (word & 0x0F) * 2 & 3 : 0;
    if (UNLIKELY(kind == 0)) return none;
    if (UNLIKELY(length > limit)) {
        return length == 126 && (word & 0x08) == 0 ? NAME(take_medium)(bytes, count, terms, kind) : none;
    }
    uint32_t key = 0;
    uint32_t header = 2;
    if (terms.mask_bit) {
        key = (uint32_t)(word >> 16);
        header = 6;
    }
    uint8_t *const payload = bytes + header;
    if (kind == 2 && UNLIKELY(!NAME(is_ascii)(payload, length, key, 1))) {
        if (NAME(text_prefix)(payload, length, key) != length) return none;
    }
    if (terms.mask_bit) {
        const block mask = fill(key);
        store_in_room(payload, xor(load(payload), mask), length);
        store_in_room(payload + 64, xor(load(payload + 64), mask), length < 64 ? 0 : length - 64);
    }
    return (fk_frame){word & low_bits(header * 8), header, (uint32_t)length};
}

const fk_kernels NAME(kernels) = {FEATURES, NAME(skim), NAME(take), NAME(text_prefix), NAME(unmask_text), NAME(unmask)};
