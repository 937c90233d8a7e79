// The few functions that Swift cannot express: wide vectors, compiled for several processors and picked when the
// program starts. Each does a part of what Swift code of the library does as well, its *twin*; where no kernel fits the
// processor they do nothing, and the twin does it all.
//
// A kernel only ever says yes. It passes over what is plainly legal and stops in front of everything else: which rule
// is broken, and where, is judged in one place, by the machine.
//
// No kernel reads or writes a byte outside of `bytes[0 ..< count]`.

#ifndef FRAME_KERNELS_H
#define FRAME_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// What frames are plain: legal by their header, the message that is open, and their own payload alone. A fragment of
/// text is, where it ends between two characters.
typedef struct {
    /// No plain data frame has a longer payload in bytes, and no message is longer.
    uint64_t limit;
    /// The length in bytes of what has come of the open message; 0 when none is open.
    uint64_t open_length;
    /// Two bits for each opcode, the lowest for opcode 0: 0 not plain, 1 plain, 2 plain when its payload is UTF-8. Those of
    /// opcode 0, continuation, are not looked at. Plain frames have no RSV bit.
    uint32_t kinds;
    /// The kind of the message that is open: 0 none, 1 or 2 as above.
    uint32_t open_kind;
    /// 0x80 when every frame must be masked, 0 when none may be.
    uint8_t mask_bit;
} fk_terms;

/// How far plain frames go.
typedef struct {
    size_t bytes;
    uint64_t frames;
    /// Messages that ended among them.
    uint64_t messages;
    /// The message that is open behind them, as in the terms.
    uint64_t open_length;
    uint32_t open_kind;
} fk_run;

/// No plain frame: the message that was open still is.
static inline fk_run fk_none(fk_terms terms) { return (fk_run){0, 0, 0, terms.open_length, terms.open_kind}; }

/// The kernels for one kind of processor.
typedef struct {
    /// What they need of the processor.
    const char *name;
    fk_run (*skim)(const uint8_t *bytes, size_t count, fk_terms terms);
    fk_run (*take)(uint8_t *bytes, size_t count, fk_terms terms, uint64_t *words, size_t most);
    size_t (*text_prefix)(const uint8_t *bytes, size_t count, uint32_t key);
    size_t (*unmask_text)(uint8_t *bytes, size_t count, uint32_t key);
    size_t (*unmask)(uint8_t *bytes, size_t count, uint32_t key);
} fk_kernels;

/// The best kernels that this processor can run, number 0, and the others it could run, from number 1 on; null behind
/// the last. Tests hold every one against its twin.
const fk_kernels *fk_kernels_at(int number);

/// The first of them: the kernels that are used. Set when the program is loaded, before its main program begins.
extern const fk_kernels *fk_chosen;

/// Passes over whole plain frames, only reading. Twin: the machine, frame by frame.
static inline fk_run fk_skim(const uint8_t *bytes, size_t count, fk_terms terms) {
    return fk_chosen ? fk_chosen->skim(bytes, count, terms) : fk_none(terms);
}

/// Takes whole plain frames, at most `most`, with payloads of at most 65,535 bytes each, and unmasks those in place.
/// Of each frame the first 8 bytes are written down in `words`, the first lowest: a header of 2, 4, 6 or 8 bytes, and
/// behind it anything; what stands in words behind those is anything too. Twin: the reader.
static inline fk_run fk_take(uint8_t *bytes, size_t count, fk_terms terms, uint64_t *words, size_t most) {
    return fk_chosen ? fk_chosen->take(bytes, count, terms, words, most) : fk_none(terms);
}

/// How many bytes from the start on are whole, well-formed characters of UTF-8: all of them, or all but a character that
/// is cut off at the end; or, where something is malformed, fewer, and the fault is among the next 64 + 3.
/// `key` is the masking key as it stands at the first byte, the first key byte lowest; 0 when nothing is masked.
/// Twin: TextJudge.
static inline size_t fk_text_prefix(const uint8_t *bytes, size_t count, uint32_t key) {
    return fk_chosen ? fk_chosen->text_prefix(bytes, count, key) : 0;
}

/// The same, and unmasks in place the bytes that it counts. Twin: TextJudge, then MaskingKey.apply.
static inline size_t fk_unmask_text(uint8_t *bytes, size_t count, uint32_t key) {
    return fk_chosen ? fk_chosen->unmask_text(bytes, count, key) : 0;
}

/// XORs all bytes with the key; returns how many that were, none where no kernel fits. Twin: MaskingKey.apply.
static inline size_t fk_unmask(uint8_t *bytes, size_t count, uint32_t key) {
    return fk_chosen ? fk_chosen->unmask(bytes, count, key) : 0;
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
