// The kernels, written once. FrameKernels.h states their promises.
//
// Invariants of every function here, where `bytes` are the caller's and `end` is after the last of them:
//
//     bytes <= at <= end + SHORT_LIMIT     `at` is where the next frame begins; after `end`, the last is cut off
//     no byte at or after `end` is read or written, and none before `bytes`
//     at + SHORT_SLACK <= end              in loops over frames "with slack": two blocks may be loaded and stored back
//     a payload that is refused is left unchanged
//
// A file for each processor includes this after it has defined
//
//     block                       64 bytes in registers
//     load, store, xor, or        on blocks
//     fill(key)                   a block of the key, repeated
//     last_byte(byte)             a block of zeros, and the byte as its last
//     high_bits(block)            bit i: byte i has its top bit set
//     any_high(block)             some byte has its top bit set
//     utf8_errors(block, before)  non-zero bytes where `block` cannot follow `before` in well-formed UTF-8
//     any(block)                  some byte is not zero
//     keep(block, n)              the first n bytes, and zeros
//     or_first(a, b, n)           `a`, with the top bits of the first n bytes of `b` added; its other bits do not matter
//     low_bits(n)                 the lowest n bits, n < 256, all 64 from 64 on
//     key_bits(key)               the top bits of the key's bytes, repeated as high_bits would see them: XORed with the
//                                 high bits of masked bytes they give those of the text, without unmasking it
//     load_first(bytes, n)        a block of n bytes, n <= 64, and zeros; no other byte is read
//     store_first(bytes, block, n)     the first n bytes, n <= 64; no other byte is touched
//     store_in_slack(bytes, block, key, n)  the first n bytes of a block that was loaded from there and XORed with another,
//                                 `key`; the others of the 64 may be written as they were loaded
//
// and NAME(x), which distinguishes the copies; FEATURES, which is what they require; GROUP, how many short frames are
// unmasked at once, unless it is 4; and HAS_MASKED_LOADS 1 if load_first is about as fast as load. Everything is static but
// the table of functions at the end.

#include <string.h>

#include "../include/FrameKernels.h"

#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define COLD_NOINLINE __attribute__((noinline))  // keeps the loops around it in registers
#define ALWAYS_INLINE static inline __attribute__((always_inline))  // constants of the caller become constants here

#ifndef HAS_MASKED_LOADS
#define HAS_MASKED_LOADS 0
#endif

// The order matters: each uses those before it.
#include "payload.h"

#include "small.h"

#include "frames.h"

#include "single.h"

#include "fragments.h"

#include "validate.h"

#include "unmask.h"

#include "digest.h"

const wsk_kernels NAME(kernels) = {
    .name = FEATURES,
    .validate_frames = NAME(validate_frames),
    .unmask_frames = NAME(unmask_frames),
    .validate_frame = NAME(validate_frame),
    .unmask_frame = NAME(unmask_frame),
    .text_prefix = NAME(text_prefix),
    .unmask_text = NAME(unmask_text),
    .unmask = NAME(unmask),
    .digest = NAME(digest),
};
