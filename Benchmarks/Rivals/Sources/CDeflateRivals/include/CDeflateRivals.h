// zlib and libdeflate, each wrapped in the few functions that the benchmark needs. Raw DEFLATE as in RFC 7692: a
// compressed message lacks the 00 00 FF FF with which its last block ends.

#ifndef C_DEFLATE_RIVALS_H
#define C_DEFLATE_RIVALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct rival_zlib rival_zlib;

/// Whether zlib-ng can be used: RIVAL_ZLIB_NG names the extension module of the Python package `zlib-ng`,
/// RIVAL_PYTHON the library of that Python.
bool rival_zlib_ng_is_there(void);

/// A zlib or zlib-ng stream that inflates, or NULL.
rival_zlib *rival_zlib_inflater(bool is_ng);

/// A zlib or zlib-ng stream that compresses at this level, or NULL.
rival_zlib *rival_zlib_deflater(bool is_ng, int level);

void rival_zlib_free(rival_zlib *stream);

/// Resets a stream, as between messages without context takeover.
void rival_zlib_reset(rival_zlib *stream);

/// Inflates a message of `count` bytes, to which 00 00 FF FF have been appended. Returns the size of the output;
/// negative on error.
int64_t rival_zlib_inflate(rival_zlib *stream, const uint8_t *message, size_t count, uint8_t *output, size_t room);

/// Compresses a message. Returns the size of the output, without 00 00 FF FF; negative on error.
int64_t rival_zlib_deflate(rival_zlib *stream, const uint8_t *message, size_t count, uint8_t *output, size_t room);

typedef struct rival_libdeflate rival_libdeflate;

/// libdeflate, which only handles whole messages, without context takeover; `level` is its compressor's.
rival_libdeflate *rival_libdeflate_new(int level);

void rival_libdeflate_free(rival_libdeflate *both);

/// Inflates a message that ends with a final block: 01 00 00 FF FF after 00 00 FF FF. Negative on error.
int64_t rival_libdeflate_inflate(
    rival_libdeflate *both, const uint8_t *message, size_t count, uint8_t *output, size_t room);

/// Compresses a message, ending with a final block. Negative on error.
int64_t rival_libdeflate_deflate(
    rival_libdeflate *both, const uint8_t *message, size_t count, uint8_t *output, size_t room);

/// The versions in use.
const char *rival_zlib_version(bool is_ng);
const char *rival_libdeflate_version(void);

/// The nanoseconds that this thread has run.
uint64_t rival_deflate_nanoseconds(void);

#endif
