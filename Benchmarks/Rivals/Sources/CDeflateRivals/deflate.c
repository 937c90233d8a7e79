#define _POSIX_C_SOURCE 200809L

#include "CDeflateRivals.h"

#include <dlfcn.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

// The functions of zlib or of zlib-ng, whose stream has the same fields as far as they are used here, and is no larger.
struct functions {
    int (*inflate_init)(z_stream *stream, int window_bits);
    int (*deflate_init)(z_stream *stream, int level, int method, int window_bits, int memory, int strategy);
    int (*inflate)(z_stream *stream, int flush);
    int (*deflate)(z_stream *stream, int flush);
    int (*inflate_reset)(z_stream *stream);
    int (*deflate_reset)(z_stream *stream);
    int (*inflate_end)(z_stream *stream);
    int (*deflate_end)(z_stream *stream);
    const char *(*version)(void);
};

static int zlib_inflate_init(z_stream *stream, int bits) { return inflateInit2(stream, bits); }
static int zlib_deflate_init(z_stream *stream, int level, int method, int bits, int memory, int strategy) {
    return deflateInit2(stream, level, method, bits, memory, strategy);
}

static const struct functions zlib = {
    zlib_inflate_init, zlib_deflate_init, inflate, deflate, inflateReset, deflateReset, inflateEnd, deflateEnd, zlibVersion,
};

// zlib-ng from the Python package of that name: its extension module exports the functions, and finds the parts of Python that it
// needs in the library that is opened before it.
static struct functions zlib_ng;

static bool find(void *library, const char *name, void *function) {
    void *found = dlsym(library, name);
    memcpy(function, &found, sizeof found);
    return found != NULL;
}

bool rival_zlib_ng_is_there(void) {
    const char *python = getenv("RIVAL_PYTHON"), *module = getenv("RIVAL_ZLIB_NG");
    if (zlib_ng.version) return true;
    if (!python || !module || !dlopen(python, RTLD_LAZY | RTLD_GLOBAL)) return false;
    void *library = dlopen(module, RTLD_LAZY);
    return library && find(library, "zng_inflateInit2", &zlib_ng.inflate_init)
        && find(library, "zng_deflateInit2", &zlib_ng.deflate_init) && find(library, "zng_inflate", &zlib_ng.inflate)
        && find(library, "zng_deflate", &zlib_ng.deflate) && find(library, "zng_inflateReset", &zlib_ng.inflate_reset)
        && find(library, "zng_deflateReset", &zlib_ng.deflate_reset)
        && find(library, "zng_inflateEnd", &zlib_ng.inflate_end) && find(library, "zng_deflateEnd", &zlib_ng.deflate_end)
        && find(library, "zlibng_version", &zlib_ng.version);
}

struct rival_zlib {
    z_stream stream;
    const struct functions *functions;
    bool deflates;
};

static rival_zlib *made(bool is_ng, bool deflates, int level) {
    rival_zlib *made = calloc(1, sizeof *made);
    if (!made) return NULL;
    made->deflates = deflates;
    made->functions = is_ng ? &zlib_ng : &zlib;
    int answer = deflates ? made->functions->deflate_init(&made->stream, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY)
                          : made->functions->inflate_init(&made->stream, -15);
    if (answer == Z_OK) return made;
    free(made);
    return NULL;
}

rival_zlib *rival_zlib_inflater(bool is_ng) { return made(is_ng, false, 0); }
rival_zlib *rival_zlib_deflater(bool is_ng, int level) { return made(is_ng, true, level); }

void rival_zlib_free(rival_zlib *stream) {
    if (!stream) return;
    if (stream->deflates) stream->functions->deflate_end(&stream->stream);
    else stream->functions->inflate_end(&stream->stream);
    free(stream);
}

void rival_zlib_reset(rival_zlib *stream) {
    if (stream->deflates) stream->functions->deflate_reset(&stream->stream);
    else stream->functions->inflate_reset(&stream->stream);
}

static int64_t run(rival_zlib *stream, const uint8_t *message, size_t count, uint8_t *output, size_t room) {
    z_stream *z = &stream->stream;
    z->next_in = (Bytef *)message;
    z->avail_in = (uInt)count;
    z->next_out = output;
    z->avail_out = (uInt)room;
    int answer =
        stream->deflates ? stream->functions->deflate(z, Z_SYNC_FLUSH) : stream->functions->inflate(z, Z_SYNC_FLUSH);
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

const char *rival_zlib_version(bool is_ng) { return (is_ng ? zlib_ng : zlib).version(); }
const char *rival_libdeflate_version(void) { return LIBDEFLATE_VERSION_STRING; }

uint64_t rival_deflate_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
