#define _POSIX_C_SOURCE 200809L

#include "CDeflateRivals.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <time.h>
#include <zlib.h>

struct rival_zlib {
    z_stream stream;
    int deflates;
};

static rival_zlib *made(int deflates, int level) {
    rival_zlib *made = calloc(1, sizeof *made);
    if (!made) return NULL;
    made->deflates = deflates;
    int answer = deflates ? deflateInit2(&made->stream, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY)
                          : inflateInit2(&made->stream, -15);
    if (answer == Z_OK) return made;
    free(made);
    return NULL;
}

rival_zlib *rival_zlib_inflater(void) { return made(0, 0); }
rival_zlib *rival_zlib_deflater(int level) { return made(1, level); }

void rival_zlib_free(rival_zlib *stream) {
    if (!stream) return;
    if (stream->deflates) deflateEnd(&stream->stream);
    else inflateEnd(&stream->stream);
    free(stream);
}

void rival_zlib_reset(rival_zlib *stream) {
    if (stream->deflates) deflateReset(&stream->stream);
    else inflateReset(&stream->stream);
}

static int64_t run(rival_zlib *stream, const uint8_t *message, size_t count, uint8_t *output, size_t room) {
    z_stream *z = &stream->stream;
    z->next_in = (Bytef *)message;
    z->avail_in = (uInt)count;
    z->next_out = output;
    z->avail_out = (uInt)room;
    int answer = stream->deflates ? deflate(z, Z_SYNC_FLUSH) : inflate(z, Z_SYNC_FLUSH);
    if (answer != Z_OK || z->avail_in != 0) return -1;
    return (int64_t)(room - z->avail_out);
}

int64_t rival_zlib_inflate(rival_zlib *stream, const uint8_t *message, size_t count, uint8_t *output, size_t room) {
    return run(stream, message, count, output, room);
}

int64_t rival_zlib_deflate(rival_zlib *stream, const uint8_t *message, size_t count, uint8_t *output, size_t room) {
    int64_t size = run(stream, message, count, output, room);
    return size < 4 ? -1 : size - 4;
}

struct rival_libdeflate {
    struct libdeflate_compressor *compressor;
    struct libdeflate_decompressor *decompressor;
};

rival_libdeflate *rival_libdeflate_new(int level) {
    rival_libdeflate *both = calloc(1, sizeof *both);
    if (!both) return NULL;
    both->compressor = libdeflate_alloc_compressor(level);
    both->decompressor = libdeflate_alloc_decompressor();
    if (both->compressor && both->decompressor) return both;
    rival_libdeflate_free(both);
    return NULL;
}

void rival_libdeflate_free(rival_libdeflate *both) {
    if (!both) return;
    libdeflate_free_compressor(both->compressor);
    libdeflate_free_decompressor(both->decompressor);
    free(both);
}

int64_t rival_libdeflate_inflate(
    rival_libdeflate *both, const uint8_t *message, size_t count, uint8_t *output, size_t room) {
    size_t size = 0;
    enum libdeflate_result answer =
        libdeflate_deflate_decompress(both->decompressor, message, count, output, room, &size);
    return answer == LIBDEFLATE_SUCCESS ? (int64_t)size : -1;
}

int64_t rival_libdeflate_deflate(
    rival_libdeflate *both, const uint8_t *message, size_t count, uint8_t *output, size_t room) {
    size_t size = libdeflate_deflate_compress(both->compressor, message, count, output, room);
    return size ? (int64_t)size : -1;
}

const char *rival_zlib_version(void) { return zlibVersion(); }
const char *rival_libdeflate_version(void) { return LIBDEFLATE_VERSION_STRING; }

uint64_t rival_deflate_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
