// The few functions that Swift cannot express: wide vectors, compiled for several processors; one version is chosen
// when the program is loaded.
//
// Promises:
//
// - A kernel only ever says yes. It accepts what is plainly legal and stops before everything else: the machine alone
//   decides which rule is broken, and where.
// - A kernel reads and writes nothing but `bytes[0 ..< count]`, and keeps no address after it returns.
// - Each does part of what Swift code of the library, its reference implementation, also does; if no kernel fits the
//   processor, kernels do nothing, and the reference implementations do everything. Tests compare the two.
//
// A *fast-path frame* is one that a kernel may accept: its header is legal at its place in the stream, its kind is
// not WSK_NONE, and its payload, as far as it has arrived, is what its kind requires. All others are left to the
// machine.

#ifndef FRAME_KERNELS_H
#define FRAME_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// Of what the library exports nothing is from here: what a program links with it may use these names for itself.
#define WSK_HIDDEN __attribute__((visibility("hidden")))

/// The kinds of payload.
enum {
    /// Not a fast-path frame. For the open frame or message: none is open.
    WSK_NONE = 0,
    /// Any bytes.
    WSK_OPAQUE = 1,
    /// UTF-8.
    WSK_TEXT = 2,
    /// Any bytes, in a text message that cannot be judged because an extension has changed it.
    WSK_OPAQUE_TEXT = 3
};

/// The position of a stream of fast-path frames: between two, or in the payload of one.
///
/// 16 bytes, passed in registers: reading a value as a whole that was written in parts has to wait until it has
/// reached the cache.
typedef struct {
    /// The number of bytes of the payload that have not arrived. `kind == WSK_NONE` or `remaining < 2^63`
    uint64_t remaining;
    /// The masking key as it applies from the next byte of the payload on, the first key byte lowest; 0 if nothing is
    /// masked.
    uint32_t key;
    /// The kind of the open message.
    uint8_t open_kind;
    /// The kind of the current frame; WSK_NONE between two frames, and then `remaining`, `key` and `byte0` are
    /// undefined.
    uint8_t kind;
    /// Byte 0 of that frame: FIN, RSV1 and the opcode.
    uint8_t byte0;
    /// If the open text is inside a character: the lead byte with the same continuation, one of C2 (one of 80...BF), E0,
    /// E1 (two of 80...BF), ED, F0, F1 (three of 80...BF), F4. Otherwise 0.
    uint8_t utf8_pending_lead;
} wsk_stream_state;

/// Which frames are fast-path frames. `open_length <= limit`, or no data frame is one.
typedef struct {
    /// The total length in bytes that the open message's frames have declared; 0 if none is open.
    uint64_t open_length;
    /// The longest payload of a fast-path data frame, and the longest message, in bytes.
    uint64_t limit;
    /// The kind of the frames with each opcode, two bits each: opcode 0 lowest, and from bit 32 on the same for
    /// frames with RSV1. The entries for opcode 0, continuation, are ignored: it has the kind of its message, and no
    /// RSV bit. No fast-path frame has RSV2 or RSV3.
    uint64_t kinds;
    /// 0x80 if every frame must be masked, 0 if none may be.
    uint8_t mask_bit;
} wsk_fast_path_rules;

/// How far fast-path frames extend. The frame at the end of the bytes is judged as far as it has arrived, once its
/// header is complete. `messages <= frames`
///
/// `frames` and `messages` are kept apart: compilers would otherwise add both at once, as one vector, and stall on
/// values that were just written in parts.
typedef struct {
    /// The number of bytes judged. `bytes <= count`
    size_t bytes;
    /// The position of the stream after them.
    wsk_stream_state state;
    /// The number of frames that ended among these bytes.
    uint64_t frames;
    /// As in the rules.
    uint64_t open_length;
    /// The number of messages that ended.
    uint64_t messages;
    /// If the stream is in a frame that began among these bytes: that frame's header, the first byte lowest; the bytes
    /// after the header are undefined.
    uint64_t low, high;
} wsk_result;

/// One whole frame that a kernel accepted.
typedef struct {
    /// Its first 8 bytes, the first lowest: a header of 2, 4, 6 or 8 bytes, followed by undefined ones.
    uint64_t header;
    /// The length of header and payload in bytes; 0 if it is not a fast-path frame, or not one that can be judged
    /// alone.
    size_t size;
} wsk_frame;

/// The result if nothing was accepted: the position of the stream has not changed.
static inline wsk_result wsk_no_progress(wsk_stream_state state, uint64_t open_length) {
    return (wsk_result){.state = state, .open_length = open_length};
}

/// The kernels for one kind of processor; each is described at the function with its name below.
typedef struct {
    /// What they require of the processor: `avx512`, `avx2` or `neon`.
    const char *name;
    wsk_result (*validate_frames)(const uint8_t *bytes, size_t count, wsk_stream_state state,
                                  const wsk_fast_path_rules *rules);
    wsk_result (*unmask_frames)(uint8_t *bytes, size_t count, wsk_stream_state state, const wsk_fast_path_rules *rules,
                                uint64_t *words, size_t most);
    wsk_frame (*validate_frame)(const uint8_t *bytes, size_t count, uint64_t kinds, uint64_t limit, uint32_t mask_bit);
    wsk_frame (*unmask_frame)(uint8_t *bytes, size_t count, uint64_t kinds, uint64_t limit, uint32_t mask_bit);
    size_t (*text_prefix)(const uint8_t *bytes, size_t count, uint32_t key, uint8_t *pending_lead);
    size_t (*unmask_text)(uint8_t *bytes, size_t count, uint32_t key, uint8_t *pending_lead);
    size_t (*unmask)(uint8_t *bytes, size_t count, uint32_t key);
    size_t (*digest)(const uint8_t *bytes, size_t count, uint64_t key, uint64_t *lanes);
} wsk_kernels;

/// The kernels that this processor can run: number 0 is the best, the others follow; null after the last. Tests
/// compare all of them with the reference implementations.
WSK_HIDDEN const wsk_kernels *wsk_kernels_at(int number);

/// The kernels in use; null for none. They are the first of the above, or those that the environment variable
/// `WEBSOCKET_FRAMES_KERNELS` names (`none`: the reference implementations do everything). Set when the program is
/// loaded, before main begins.
WSK_HIDDEN extern const wsk_kernels *wsk_chosen;

/// Judges fast-path frames, read-only. Reference implementation: the machine, frame by frame.
static inline wsk_result wsk_validate_frames(const uint8_t *bytes, size_t count, wsk_stream_state state,
                                             const wsk_fast_path_rules *rules) {
    return wsk_chosen ? wsk_chosen->validate_frames(bytes, count, state, rules)
                      : wsk_no_progress(state, rules->open_length);
}

/// Judges fast-path frames and unmasks their payloads in place: the rest of the current one; then whole ones, at most
/// `most`, with payloads of at most 65,535 bytes each; and, if there were fewer than `most`, one that is cut off by the end of
/// the bytes, unless it is a control frame. The first 8 bytes of each whole frame are written to `words`, the first lowest: a
/// header of 2, 4, 6 or 8 bytes, followed by undefined bytes; words after those are undefined too. If the current frame ends,
/// it counts as one of the `most` frames, of which there is at least one, and its word, the first, is undefined. Reference
/// implementation: the reader.
static inline wsk_result wsk_unmask_frames(uint8_t *bytes, size_t count, wsk_stream_state state,
                                           const wsk_fast_path_rules *rules, uint64_t *words, size_t most) {
    return wsk_chosen ? wsk_chosen->unmask_frames(bytes, count, state, rules, words, most)
                      : wsk_no_progress(state, rules->open_length);
}

/// Judges the frame at the start of the bytes, read-only, if it is complete and is a control frame or a whole message
/// of at most 65,535 bytes: this is tried first with the result of each read. The stream is between two frames.
/// `kinds`, `limit` and `mask_bit` are those of wsk_fast_path_rules; while a message is open, `kinds` is WSK_NONE for
/// data. Reference implementation: the machine.
static inline wsk_frame wsk_validate_frame(const uint8_t *bytes, size_t count, uint64_t kinds, uint64_t limit,
                                           uint32_t mask_bit) {
    return wsk_chosen ? wsk_chosen->validate_frame(bytes, count, kinds, limit, mask_bit) : (wsk_frame){0, 0};
}

/// As wsk_validate_frame, and unmasks the payload in place. Reference implementation: the reader.
static inline wsk_frame wsk_unmask_frame(uint8_t *bytes, size_t count, uint64_t kinds, uint64_t limit,
                                         uint32_t mask_bit) {
    return wsk_chosen ? wsk_chosen->unmask_frame(bytes, count, kinds, limit, mask_bit) : (wsk_frame){0, 0};
}

/// Returns how many of the first bytes are well-formed UTF-8: all of them; or, if something is malformed, fewer,
/// ending between two characters, with the fault among the next 64 + 3. `key` is the masking key as it applies from
/// the first byte on, the first key byte lowest; 0 for unmasked bytes. `pending_lead` is the state of the text,
/// before these bytes and then after them: see wsk_stream_state. Reference implementation: TextJudge.
static inline size_t wsk_text_prefix(const uint8_t *bytes, size_t count, uint32_t key, uint8_t *pending_lead) {
    return wsk_chosen ? wsk_chosen->text_prefix(bytes, count, key, pending_lead) : 0;
}

/// As wsk_text_prefix, and unmasks the bytes that it counts. Reference implementation: TextJudge, then MaskingKey.apply.
static inline size_t wsk_unmask_text(uint8_t *bytes, size_t count, uint32_t key, uint8_t *pending_lead) {
    return wsk_chosen ? wsk_chosen->unmask_text(bytes, count, key, pending_lead) : 0;
}

/// XORs all bytes with the key; returns the number of bytes, or 0 if no kernel fits. Reference implementation:
/// MaskingKey.apply.
static inline size_t wsk_unmask(uint8_t *bytes, size_t count, uint32_t key) {
    return wsk_chosen ? wsk_chosen->unmask(bytes, count, key) : 0;
}

/// The factors of a digest's lane: for the lower and the upper half of a word after it was XORed with the lane.
#define WSK_DIGEST_LOW UINT64_C(0x9E3779B1)
#define WSK_DIGEST_HIGH UINT64_C(0x85EBCA77)

/// Digests whole blocks of 32 bytes, XORed with a key of 8 bytes, the first lowest, into four lanes, word by word;
/// returns the number of bytes, or 0 if no kernel fits. Reference implementation: DigestLanes.
static inline size_t wsk_digest(const uint8_t *bytes, size_t count, uint64_t key, uint64_t *lanes) {
    return wsk_chosen ? wsk_chosen->digest(bytes, count, key, lanes) : 0;
}

/// Sets `key` to an unpredictable masking key from the system's source of randomness, which no other thread or
/// process gets; returns 0 if the system cannot supply one, with `key` unset. Reference implementation:
/// SystemRandomNumberGenerator.
WSK_HIDDEN int wsk_fresh_key(uint32_t *key);

/// Prefetches the memory `ahead` bytes after these, which need not exist: it is not read.
static inline void wsk_prefetch(const uint8_t *bytes, uint64_t ahead) {
    __builtin_prefetch((const void *)((uintptr_t)bytes + (uintptr_t)ahead));
}

/// The key as it applies `count` bytes further on. It repeats every four bytes, so rotating it by whole bytes suffices.
static inline uint32_t wsk_rotated_key(uint32_t key, size_t count) {
    const uint32_t turn = (uint32_t)(count & 3) * 8;
    return key >> turn | key << ((32 - turn) & 31);
}

/// Eight bytes as one word, the first lowest.
static inline uint64_t wsk_load_word(const uint8_t *bytes) {
    uint64_t word;
    __builtin_memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

#endif
