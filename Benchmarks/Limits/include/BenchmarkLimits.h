// What the machine can do at best with the bytes of a workload: the figures that the parser's are set beside.
//
// They are C because Swift compiles for the processor's oldest relative: each loop is compiled for AVX2 and AVX-512 as
// well, and the widest that the processor has is picked at run time.

#ifndef BENCHMARK_LIMITS_H
#define BENCHMARK_LIMITS_H

#include <stddef.h>
#include <stdint.h>

/// `hop`: jumps from header to header and looks at nothing but the bytes that say how far: byte 1, and the extended
/// length where there is one. Judges nothing, touches no payload.
///
/// Returns how many frames it passed.
uint64_t limits_hop(const uint8_t *bytes, size_t count);

/// `load`: loads every byte once, in the widest registers, and ORs them together so that the loads are not left out.
///
/// Returns the OR, folded to a byte.
uint8_t limits_load(const uint8_t *bytes, size_t count);

/// `xor`: loads every byte once, XORs it with `key` repeated, and stores it where it was.
void limits_xor(uint8_t *bytes, size_t count, uint32_t key);

/// How bytes are copied: by the C library's memcpy, by the processor's own instruction (x86; elsewhere as the first), or by
/// stores that go past the caches. Which is the fastest differs from processor to processor, and with the size.
typedef enum { LIMITS_MEMCPY, LIMITS_MOVSB, LIMITS_STREAM } limits_way;

/// `copy`: copies every byte.
void limits_copy(limits_way way, uint8_t *to, const uint8_t *from, size_t count);

/// Nanoseconds that this thread has run: what other programs take of the processor meanwhile does not count.
uint64_t limits_thread_nanoseconds(void);

/// Instructions that this thread has run outside the kernel, as the processor counts them; -1 where the system or the
/// machine, as a virtual one may, does not let programs count.
int64_t limits_thread_instructions(void);

/// The name of the registers that `load` and `xor` use here: `avx512`, `avx2`, or `portable`.
const char *limits_registers(void);

#endif
