// The few functions that Swift cannot express: wide vectors, compiled for several processors and picked when the
// program starts. Each does a part of what Swift code of the library does as well, its *twin*; where no kernel fits the
// processor they do nothing, and the twin does it all.
//
// A kernel only ever says yes. It skips what is plainly legal and stops before everything else: which rule
// is broken, and where, is judged in one place, by the machine.
//
// No kernel reads or writes a byte outside of `bytes[0 ..< count]`.

#ifndef FRAME_KERNELS_H
#define FRAME_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// Where a stream of plain frames stands: between two, or in the payload of one. Kinds are those of fk_terms.
///
/// 16 bytes, which are handed over in registers: what is written in parts and read as a whole has to wait until it has
/// reached the cache.
typedef struct {
    /// How many bytes of the payload have not come.
    uint64_t rest;
    /// The masking key as it stands at the next byte of the payload, the first key byte lowest; 0 when nothing is
    /// masked.
    uint32_t key;
    /// The kind of the message that is open; 0 when none is.
    uint8_t open_kind;
    /// The kind of the frame in whose payload the stream stands; 0 between two frames, and then `rest`, `key` and
    /// `byte0` may be anything.
    uint8_t kind;
    /// Byte 0 of that frame: FIN and the opcode.
    uint8_t byte0;
    /// When a character of the open text has begun and not ended: the lead byte after which the same bytes may follow,
    /// of C2 (one of 80...BF), E0, E1 (two of 80...BF), ED, F0, F1 (three of 80...BF), F4. Otherwise 0.
    uint8_t lead;
} fk_place;

/// What frames are plain: legal by their header, the message that is open, and their own payload alone.
typedef struct {
    /// The length in bytes of what the open message's frames have declared; 0 when none is open.
    uint64_t open_length;
    /// No plain data frame has a longer payload in bytes, and no message is longer.
    uint64_t limit;
    /// Two bits for each opcode, the lowest for opcode 0: 0 not plain, 1 plain, 2 plain when its payload is UTF-8.
    /// Those of opcode 0, continuation, are not looked at. Plain frames have no RSV bit.
    uint32_t kinds;
    /// 0x80 when every frame must be masked, 0 when none may be.
    uint8_t mask_bit;
} fk_terms;

/// How far plain frames go. What stands at the end of the bytes is judged as far as it has come, once a header is
/// whole.
///
/// `frames` and `messages` do not stand side by side: compilers then add both at once, as one vector, which has to wait
/// for what was just written in parts.
typedef struct {
    size_t bytes;
    /// Where the stream stands after them.
    fk_place place;
    /// Frames that ended among these bytes.
    uint64_t frames;
    /// As in the terms.
    uint64_t open_length;
    /// Messages that ended.
    uint64_t messages;
    /// When the stream stands in a frame that began among these bytes: that frame's header, the first byte lowest, and
    /// after it anything.
    uint64_t low, high;
} fk_run;

/// Nothing is plain: the stream stands where it stood.
static inline fk_run fk_none(fk_place place, uint64_t open_length) {
    return (fk_run){.place = place, .open_length = open_length};
}

/// The kernels for one kind of processor.
typedef struct {
    /// What they need of the processor.
    const char *name;
    fk_run (*skim)(const uint8_t *bytes, size_t count, fk_place place, const fk_terms *terms);
    fk_run (*take)(uint8_t *bytes, size_t count, fk_place place, const fk_terms *terms, uint64_t *words, size_t most);
    size_t (*text_prefix)(const uint8_t *bytes, size_t count, uint32_t key, uint8_t *lead);
    size_t (*unmask_text)(uint8_t *bytes, size_t count, uint32_t key, uint8_t *lead);
    size_t (*unmask)(uint8_t *bytes, size_t count, uint32_t key);
} fk_kernels;

/// The best kernels that this processor can run, number 0, and the others it could run, from number 1 on; null after
/// the last. Tests hold every one against its twin.
const fk_kernels *fk_kernels_at(int number);

/// The first of them: the kernels that are used. Set when the program is loaded, before its main program begins.
extern const fk_kernels *fk_chosen;

/// Skips plain frames, only reading. Twin: the machine, frame by frame.
static inline fk_run fk_skim(const uint8_t *bytes, size_t count, fk_place place, const fk_terms *terms) {
    return fk_chosen ? fk_chosen->skim(bytes, count, place, terms) : fk_none(place, terms->open_length);
}

/// Takes plain frames and unmasks their payloads in place: the rest of the one in which the stream stands; then whole
/// ones, at most `most`, with payloads of at most 65,535 bytes each; and, where `most` were not there, one that is cut
/// off by the end of the bytes, unless it is a control frame. Of each whole frame the first 8 bytes are written down in
/// `words`, the first lowest: a header of 2, 4, 6 or 8 bytes, and after it anything; what stands in words after those
/// is anything too. When the frame in which the stream stood has ended, it counts among those `most`, of
/// which there is one at least, and the first word is its, and anything. Twin: the reader.
static inline fk_run fk_take(uint8_t *bytes, size_t count, fk_place place, const fk_terms *terms, uint64_t *words,
                             size_t most) {
    return fk_chosen ? fk_chosen->take(bytes, count, place, terms, words, most) : fk_none(place, terms->open_length);
}

/// How many bytes from the start on are well-formed UTF-8: all of them; or, where something is malformed, fewer, which
/// end between two characters, and the fault is among the next 64 + 3. `key` is the masking key as it stands at the
/// first byte, the first key byte lowest; 0 when nothing is masked. `lead` is what is open before these bytes, and
/// then after them, as in fk_place. Twin: TextJudge.
static inline size_t fk_text_prefix(const uint8_t *bytes, size_t count, uint32_t key, uint8_t *lead) {
    return fk_chosen ? fk_chosen->text_prefix(bytes, count, key, lead) : 0;
}

/// The same, and unmasks in place the bytes that it counts. Twin: TextJudge, then MaskingKey.apply.
static inline size_t fk_unmask_text(uint8_t *bytes, size_t count, uint32_t key, uint8_t *lead) {
    return fk_chosen ? fk_chosen->unmask_text(bytes, count, key, lead) : 0;
}

/// XORs all bytes with the key; returns how many that were, none where no kernel fits. Twin: MaskingKey.apply.
static inline size_t fk_unmask(uint8_t *bytes, size_t count, uint32_t key) {
    return fk_chosen ? fk_chosen->unmask(bytes, count, key) : 0;
}

/// Asks for the bytes so far after these, which may be there or not: they are not read.
static inline void fk_ask(const uint8_t *bytes, uint64_t ahead) {
    __builtin_prefetch((const void *)((uintptr_t)bytes + (uintptr_t)ahead));
}

/// The key as it stands so many bytes further on. It repeats every four bytes, so a rotation by whole bytes does it.
static inline uint32_t fk_turned(uint32_t key, size_t count) {
    const uint32_t turn = (uint32_t)(count & 3) * 8;
    return key >> turn | key << ((32 - turn) & 31);
}

/// Eight bytes as one word, the first lowest.
static inline uint64_t fk_word(const uint8_t *bytes) {
    uint64_t word;
    __builtin_memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

#endif
