// The few functions that Swift cannot express: wide vectors, compiled for several processors and picked when the
// program is loaded.
//
// What they promise:
//
// - A kernel only ever says yes. It goes over what is plainly legal and stops before everything else: which rule is
//   broken, and where, is judged in one place, by the machine.
// - A kernel reads and writes nothing but `bytes[0 ..< count]`, keeps no address, and is done when it returns.
// - Each does a part of what Swift code of the library does as well, its reference implementation; where no kernel fits
//   the processor they do nothing, and the reference implementation does it all. Tests hold the two together.
//
// A *fast-path frame* is one that a kernel may go over: its header is legal where it stands, its kind is not WSK_NONE,
// and its payload, as far as it has come, is what its kind demands. All others are left to the machine.

#ifndef FRAME_KERNELS_H
#define FRAME_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// What a payload has to be.
enum {
    /// No fast-path frame's; or, of the frame or message that is open: none is.
    WSK_NONE = 0,
    /// It may be anything.
    WSK_OPAQUE = 1,
    /// It must be UTF-8.
    WSK_TEXT = 2,
    /// It may be anything, in a message of text that cannot be judged: an extension has changed it.
    WSK_OPAQUE_TEXT = 3
};

/// Where a stream of fast-path frames stands: between two, or in the payload of one.
///
/// 16 bytes, which are handed over in registers: what is written in parts and read as a whole has to wait until it has
/// reached the cache.
typedef struct {
    /// How many bytes of the payload have not come. `kind == WSK_NONE` or `remaining < 2^63`
    uint64_t remaining;
    /// The masking key as it stands at the next byte of the payload, the first key byte lowest; 0 when nothing is
    /// masked.
    uint32_t key;
    /// The kind of the message that is open.
    uint8_t open_kind;
    /// The kind of the frame in whose payload the stream stands; WSK_NONE between two frames, and then `remaining`,
    /// `key` and `byte0` may be anything.
    uint8_t kind;
    /// Byte 0 of that frame: FIN, RSV1 and the opcode.
    uint8_t byte0;
    /// When a character of the open text has begun and not ended: the lead byte after which the same bytes may follow,
    /// of C2 (one of 80...BF), E0, E1 (two of 80...BF), ED, F0, F1 (three of 80...BF), F4. Otherwise 0.
    uint8_t utf8_pending_lead;
} wsk_stream_state;

/// Which frames are fast-path frames. `open_length <= limit`, or no data frame is one.
typedef struct {
    /// The length in bytes of what the open message's frames have declared; 0 when none is open.
    uint64_t open_length;
    /// No fast-path data frame has a longer payload in bytes, and no message is longer.
    uint64_t limit;
    /// The kind of the frames with each opcode, two bits each: of opcode 0 lowest, and from bit 32 on the same of frames
    /// with RSV1. Those of opcode 0, continuation, are not looked at: it is of the kind of its message, and has no RSV
    /// bit. No fast-path frame has RSV2 or RSV3.
    uint64_t kinds;
    /// 0x80 when every frame must be masked, 0 when none may be.
    uint8_t mask_bit;
} wsk_fast_path_rules;

/// How far fast-path frames go. What stands at the end of the bytes is judged as far as it has come, once a header is
/// whole. `messages <= frames`
///
/// `frames` and `messages` do not stand side by side: compilers then add both at once, as one vector, which has to wait
/// for what was just written in parts.
typedef struct {
    /// `bytes <= count`
    size_t bytes;
    /// Where the stream stands after them.
    wsk_stream_state state;
    /// Frames that ended among these bytes.
    uint64_t frames;
    /// As in the rules.
    uint64_t open_length;
    /// Messages that ended.
    uint64_t messages;
    /// When the stream stands in a frame that began among these bytes: that frame's header, the first byte lowest, and
    /// after it anything.
    uint64_t low, high;
} wsk_result;

/// One whole frame that a kernel went over.
typedef struct {
    /// Its first 8 bytes, the first lowest: a header of 2, 4, 6 or 8, and after it anything.
    uint64_t header;
    /// The length of header and payload in bytes; 0: it is no fast-path frame, or not one that is gone over alone.
    size_t size;
} wsk_frame;

/// No frame is a fast-path frame: the stream stands where it stood.
static inline wsk_result wsk_no_progress(wsk_stream_state state, uint64_t open_length) {
    return (wsk_result){.state = state, .open_length = open_length};
}

/// The kernels for one kind of processor; what each does stands at the function of its name below.
typedef struct {
    /// What they need of the processor: `avx512`, `avx2` or `neon`.
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
} wsk_kernels;

/// The best kernels that this processor can run, number 0, and the others it could run, from number 1 on; null after
/// the last. Tests hold every one against the reference implementations.
const wsk_kernels *wsk_kernels_at(int number);

/// The kernels that are used; null for none. The first of the above, or those that the environment variable
/// `WEBSOCKET_FRAMES_KERNELS` names (`none`: the reference implementations do it all). Set when the program is loaded,
/// before its main program begins.
extern const wsk_kernels *wsk_chosen;

/// Goes over fast-path frames, only reading. Reference implementation: the machine, frame by frame.
static inline wsk_result wsk_validate_frames(const uint8_t *bytes, size_t count, wsk_stream_state state,
                                             const wsk_fast_path_rules *rules) {
    return wsk_chosen ? wsk_chosen->validate_frames(bytes, count, state, rules)
                      : wsk_no_progress(state, rules->open_length);
}

/// Goes over fast-path frames and unmasks their payloads in place: the rest of the one in which the stream stands; then
/// whole ones, at most `most`, with payloads of at most 65,535 bytes each; and, where `most` were not there, one that is
/// cut off by the end of the bytes, unless it is a control frame. Of each whole frame the first 8 bytes are written to
/// `words`, the first lowest: a header of 2, 4, 6 or 8 bytes, and after it anything; what stands in words after those
/// is anything too. When the frame in which the stream stood has ended, it counts among those `most`, of which there is
/// one at least, and the first word is its, and anything. Reference implementation: the reader.
static inline wsk_result wsk_unmask_frames(uint8_t *bytes, size_t count, wsk_stream_state state,
                                           const wsk_fast_path_rules *rules, uint64_t *words, size_t most) {
    return wsk_chosen ? wsk_chosen->unmask_frames(bytes, count, state, rules, words, most)
                      : wsk_no_progress(state, rules->open_length);
}

/// Goes over the one frame that begins the bytes, only reading, if all of it is there and it is a control frame or a
/// whole message of at most 65,535 bytes: the first thing to be tried with what a read has brought. The stream stands
/// between two frames. `kinds`, `limit` and `mask_bit` are those of wsk_fast_path_rules; while a message is open, `kinds`
/// has none for data. Reference implementation: the machine.
static inline wsk_frame wsk_validate_frame(const uint8_t *bytes, size_t count, uint64_t kinds, uint64_t limit,
                                           uint32_t mask_bit) {
    return wsk_chosen ? wsk_chosen->validate_frame(bytes, count, kinds, limit, mask_bit) : (wsk_frame){0, 0};
}

/// The same, and unmasks its payload in place. Reference implementation: the reader.
static inline wsk_frame wsk_unmask_frame(uint8_t *bytes, size_t count, uint64_t kinds, uint64_t limit,
                                         uint32_t mask_bit) {
    return wsk_chosen ? wsk_chosen->unmask_frame(bytes, count, kinds, limit, mask_bit) : (wsk_frame){0, 0};
}

/// How many bytes from the start on are well-formed UTF-8: all of them; or, where something is malformed, fewer, which
/// end between two characters, and the fault is among the next 64 + 3. `key` is the masking key as it stands at the
/// first byte, the first key byte lowest; 0 when nothing is masked. `pending_lead` is what is open before these bytes,
/// and then after them: see wsk_stream_state. Reference implementation: TextJudge.
static inline size_t wsk_text_prefix(const uint8_t *bytes, size_t count, uint32_t key, uint8_t *pending_lead) {
    return wsk_chosen ? wsk_chosen->text_prefix(bytes, count, key, pending_lead) : 0;
}

/// The same, and unmasks in place the bytes that it counts. Reference implementation: TextJudge, then MaskingKey.apply.
static inline size_t wsk_unmask_text(uint8_t *bytes, size_t count, uint32_t key, uint8_t *pending_lead) {
    return wsk_chosen ? wsk_chosen->unmask_text(bytes, count, key, pending_lead) : 0;
}

/// XORs all bytes with the key; returns how many that were, none where no kernel fits. Reference implementation:
/// MaskingKey.apply.
static inline size_t wsk_unmask(uint8_t *bytes, size_t count, uint32_t key) {
    return wsk_chosen ? wsk_chosen->unmask(bytes, count, key) : 0;
}

/// A masking key that nobody can foresee, from the system's source of randomness, and that no thread and no process is
/// given again; 0 where the system has none to give, and `key` is not set. Reference implementation:
/// SystemRandomNumberGenerator.
int wsk_fresh_key(uint32_t *key);

/// Asks for the bytes so far after these, which may be there or not: they are not read.
static inline void wsk_prefetch(const uint8_t *bytes, uint64_t ahead) {
    __builtin_prefetch((const void *)((uintptr_t)bytes + (uintptr_t)ahead));
}

/// The key as it stands so many bytes further on. It repeats every four bytes, so a rotation by whole bytes does it.
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
