/* Parses the fixture corpus according to Fixtures/FORMAT.md, and the frames in it naively. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "websocket_frames.h"

/* One file. */
struct fixture {
    char path[512];
    uint8_t *bytes; /* the stream, without a handshake, in a heap block of its own size */
    size_t count;
    wsf_options options; /* how to judge it; peer is WSF_UNKNOWN for `auto` */

    /* The expected result. Missing counts are 0, missing texts empty. */
    char state[128], rule[128], header[128];
    uint64_t frames, messages, bytes_told, offset, length, frame, frame_offset, close_code;
    bool closed;
    char extensions[256]; /* what was agreed on, where messages are to be inflated; else empty */
};

/* One frame, parsed naively. Its payload is unmasked in naive.bytes. */
struct naive_frame {
    uint8_t opcode, reserved_bits;
    bool is_final;
    uint64_t length;      /* as declared */
    size_t payload_start; /* index in the stream */
    size_t payload_there; /* payload bytes that are there: less than `length` in a last frame that is cut off */
};

struct naive {
    uint8_t *bytes; /* the stream with every payload unmasked */
    struct naive_frame *frames;
    size_t count;
};

/* Reads a fixture; exits with a message if the file is not one. */
void fixture_read(struct fixture *fixture, const char *path);
void fixture_free(struct fixture *fixture);

/* Sets how to inflate what `peer` sent, according to the fixture's extensions. */
void fixture_agree(const struct fixture *fixture, wsf_options *options, wsf_endpoint peer);

/* Parses the frames of bytes[0 ..< count] without judging them. */
void naive_read(struct naive *naive, const uint8_t *bytes, size_t count);
void naive_free(struct naive *naive);

/* malloc that exits if it fails; also for 0 bytes, so that NULL is never passed for no bytes. */
void *allocate(size_t size);

#endif
