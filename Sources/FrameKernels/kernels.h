// The kernels, written once. A file for each processor includes this after it has defined
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
//     store_first(bytes, block, n)    the first n bytes, n <= 64; no other byte is touched
//     store_in_room(bytes, block, n)  the first n bytes; the others of the 64 may be written as they are
//
// and NAME(x), which tells the copies apart; FEATURES, which is what they need; GROUP, how many short frames are
// unmasked at once, unless it is 4; and EXACT 1 where load_first is about as fast as load. Everything is static but the
// table of functions at the end.

#include <string.h>

#include "include/FrameKernels.h"

#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define RARE __attribute__((noinline))  // keeps the loops around it in registers
#define ALWAYS_INLINE static inline __attribute__((always_inline))  // so that what is known there is known here

#ifndef EXACT
#define EXACT 0
#endif

#include "text.h"

#include "frames.h"

#include "skim.h"

#include "take.h"

const fk_kernels NAME(kernels) = {FEATURES, NAME(skim), NAME(take), NAME(text_prefix), NAME(unmask_text), NAME(unmask)};
