// The best that the machine can do with the bytes of a workload: the limits that the parser's figures are compared
// with.
//
// They are in C because Swift compiles for the oldest processor of an architecture: each loop is also compiled for
// AVX2 and AVX-512, and the widest one that the processor supports is chosen at run time.

#ifndef BENCHMARK_LIMITS_H
#define BENCHMARK_LIMITS_H

#include <stddef.h>
#include <stdint.h>

/// `hop`: jumps from header to header and reads only the bytes that say how far: byte 1, and the extended length if
/// there is one. Judges nothing, and touches no payload.
///
/// Returns the number of frames.
uint64_t limits_hop(const uint8_t *bytes, size_t count);

/// `load`: loads every byte once, in the widest registers, and ORs them together to keep the loads from being
/// optimised away.
///
/// Returns the OR, reduced to one byte.
uint8_t limits_load(const uint8_t *bytes, size_t count);

/// `xor`: loads every byte once, XORs it with `key` repeated, and stores it in place.
void limits_xor(uint8_t *bytes, size_t count, uint32_t key);

/// How bytes are copied: with the C library's memcpy, with the processor's own instruction (x86; elsewhere as
/// memcpy), or with non-temporal stores. Which is the fastest depends on the processor and on the size.
typedef enum { LIMITS_MEMCPY, LIMITS_MOVSB, LIMITS_STREAM } limits_way;

/// `copy`: copies every byte.
void limits_copy(limits_way way, uint8_t *to, const uint8_t *from, size_t count);

/// The nanoseconds that this thread has run, without the time that other programs took of the processor.
uint64_t limits_thread_nanoseconds(void);

/// The number of instructions that this thread has run outside the kernel, as counted by the processor; -1 if the
/// system or the machine, for example a virtual one, does not allow counting.
int64_t limits_thread_instructions(void);

/// The name of the registers that `load` and `xor` use here: `avx512`, `avx2`, or `portable`.
const char *limits_registers(void);

#endif
