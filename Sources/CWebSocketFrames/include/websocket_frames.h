/*
 * A strict RFC 6455 WebSocket frame parser for servers and clients in any language that can call C.
 *
 *   wsf_validator   only reads: reports whether the bytes of one endpoint follow the rules, and where they first do not
 *   wsf_reader      judges in the same way and hands over the data: it unmasks payloads in place, and delivers one event
 *                   at a time (wsf_reader_next) or calls a function (wsf_reader_read, wsf_reader_read_all)
 *   wsf_connection  a reader that also knows what must be answered, and what may be sent
 *   wsf_*_encode    headers and control frames to be sent, for callers that keep track of that without a connection
 * websocket_inflating.h inflates compressed messages.
 *
 * Feed it the bytes after the HTTP handshake, in pieces of any size: the verdict is the same however they are cut.
 * "Need more" is a normal result and never an error. A violation is always the peer's fault.
 *
 * Memory: nothing is allocated, nothing has to be freed, and no pointer is kept after a call returns. All state is in
 * the caller's wsf_validator, wsf_reader or wsf_connection, which is plain bytes: it may be moved and copied (a copy is
 * independent), and needs no alignment beyond that of uint64_t. A reader aligned to 16, as by malloc, is fastest.
 *
 * Threads: there is no global state. Different objects may be used by different threads at the same time; each object
 * only by one thread at a time.
 *
 * Pointers must not be NULL unless they are marked WSF_NULLABLE, and must point to as many objects as stated: that is
 * not checked. Memory sizes are size_t, positions in a stream uint64_t; both count bytes.
 */
#ifndef WEBSOCKET_FRAMES_H
#define WEBSOCKET_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-extension"
#pragma clang assume_nonnull begin
#define WSF_NULLABLE _Nullable
#else
#define WSF_NULLABLE
#endif

/* ---- Versions ------------------------------------------------------------------------------------------------- */

/* The header's version: 10,000 times the major, 100 times the minor, and the patch version. */
#define WSF_VERSION 100
/* The library's version. Numbers and names of this header are only ever added, and structs grow only with the minor
 * version (before 1.0) or the major one: if wsf_version() / 100 differs from WSF_VERSION / 100, do not continue. */
uint32_t wsf_version(void);

/* ---- Words ---------------------------------------------------------------------------------------------------- */

/* One of the two ends of a connection (RFC 6455 §1.3). A client masks every frame, a server none (§5.1). */
typedef uint8_t wsf_endpoint;
enum {
    WSF_CLIENT = 0, WSF_SERVER = 1,
    WSF_UNKNOWN = 2 /* Not given: a validator infers it from the first frame's MASK bit. Not for a reader. */
};

/* The low four bits of a frame's first byte (RFC 6455 §5.2). */
typedef uint8_t wsf_opcode;
enum {
    WSF_CONTINUATION = 0x0, WSF_TEXT = 0x1, WSF_BINARY = 0x2,
    WSF_CLOSE = 0x8, WSF_PING = 0x9, WSF_PONG = 0xA
};

/* The reserved bits, at their positions in a frame's first byte (RFC 6455 §5.2). */
enum { WSF_RSV1 = 0x40, WSF_RSV2 = 0x20, WSF_RSV3 = 0x10 };

/* Whether a stream may end at this point: it may between two messages. Ending inside a frame, or between two frames
 * of one message, is not a violation, since more bytes might have followed. */
typedef uint8_t wsf_state;
enum {
    WSF_STATE_COMPLETE = 0, WSF_STATE_INCOMPLETE_FRAME = 1, WSF_STATE_INCOMPLETE_MESSAGE = 2, WSF_STATE_VIOLATION = 3
};

/* The rules, in the order in which those of one field are tried. For names and sections see wsf_rule_name and
 * wsf_rule_section. New numbers are only added at the end; WSF_RULE_COUNT grows with them. */
typedef uint8_t wsf_rule;
enum {
    WSF_RULE_RESERVED_BITS = 0,           /* RFC 6455 §5.2 */
    WSF_RULE_MISPLACED_RSV1 = 1,          /* RFC 7692 §6 */
    WSF_RULE_RESERVED_OPCODE = 2,         /* RFC 6455 §5.2 */
    WSF_RULE_FRAGMENTED_CONTROL = 3,      /* RFC 6455 §5.4, §5.5 */
    WSF_RULE_DATA_AFTER_CLOSE = 4,        /* RFC 6455 §5.5.1 */
    WSF_RULE_UNEXPECTED_CONTINUATION = 5, /* RFC 6455 §5.4 */
    WSF_RULE_INTERLEAVED_MESSAGE = 6,     /* RFC 6455 §5.4 */
    WSF_RULE_UNMASKED_CLIENT_FRAME = 7,   /* RFC 6455 §5.1 */
    WSF_RULE_MASKED_SERVER_FRAME = 8,     /* RFC 6455 §5.1 */
    WSF_RULE_OVERSIZED_CONTROL = 9,       /* RFC 6455 §5.5 */
    WSF_RULE_TRUNCATED_CLOSE_CODE = 10,   /* RFC 6455 §5.5.1 */
    WSF_RULE_LENGTH_OVERFLOW = 11,        /* RFC 6455 §5.2 */
    WSF_RULE_NON_MINIMAL_LENGTH = 12,     /* RFC 6455 §5.2 */
    WSF_RULE_FRAME_TOO_BIG = 13,          /* RFC 6455 §7.4.1, §10.4 */
    WSF_RULE_MESSAGE_TOO_BIG = 14,        /* RFC 6455 §7.4.1, §10.4 */
    WSF_RULE_INVALID_CLOSE_CODE = 15,     /* RFC 6455 §7.4 and the IANA registry */
    WSF_RULE_CLOSE_REASON_NOT_UTF8 = 16,  /* RFC 6455 §5.5.1, §8.1 */
    WSF_RULE_TEXT_NOT_UTF8 = 17,          /* RFC 6455 §5.6, §8.1 */
    WSF_RULE_INVALID_DEFLATE = 18,        /* RFC 7692 §7.2.2; judged where messages are inflated */
    WSF_RULE_COUNT = 19
};

/* The result of a call. */
typedef uint8_t wsf_result;
enum {
    WSF_NEED_MORE = 0, /* all bytes are used up, and no rule is broken */
    WSF_EVENT = 1,     /* wsf_reader_next: there is an event */
    WSF_STOPPED = 2,   /* wsf_reader_read: the handler asked to stop */
    WSF_VIOLATION = 3, /* the peer broke a rule */
    WSF_EXCEEDED = 4   /* wsf_connection_next: the peer sent more frames than the options allow */
};

/* ---- What is judged, and how ---------------------------------------------------------------------------------- */

#define WSF_NO_LIMIT UINT64_MAX

/* Initialize it with wsf_options_init and change what you need. */
typedef struct wsf_options {
    /* The size of this struct, as passed to wsf_options_init. */
    size_t struct_size;
    /* The longest payload of one data frame in bytes, 0…WSF_NO_LIMIT. Compared with the declared length, before any
     * payload arrives; exceeding it is frame-too-big, 1009. It does not apply to control frames. */
    uint64_t max_frame;
    /* The longest message in bytes, the total of its frames' payloads; exceeding it is message-too-big, 1009. */
    uint64_t max_message;
    /* The number of frames that a message may have, and of control frames that may come between two bytes of data;
     * UINT32_MAX for no limit. Only for connections: exceeding one is WSF_EXCEEDED, 1008. */
    uint32_t max_fragments;
    uint32_t max_control_frames;
    /* Who sends the stream: WSF_CLIENT in a server. */
    wsf_endpoint peer;
    /* Whether permessage-deflate was agreed (RFC 7692): RSV1 is legal on first frames, and the text of a message with
     * RSV1 is not judged, since it is compressed. */
    bool permessage_deflate;
    /* Reserved bits (WSF_RSV1 | …) that another agreed extension uses on any frame; 0 for none. */
    uint8_t claimed_bits;
    /* Whether compressed messages are inflated (websocket_inflating.h); max_message then limits their inflated size. How
     * the peer compresses: the base-2 logarithm of its window, 8…15, and whether messages refer to earlier ones. */
    bool inflates;
    uint8_t window_bits;
    bool takes_over;
} wsf_options;

/* Sets *options to: sent by `peer`, no extension, no limits, a window of 15 bits with context takeover. `struct_size`
 * is sizeof(wsf_options). Returns false and changes nothing if the library's struct has another size: the header then
 * belongs to another version. The same applies to each `struct_size` below. */
bool wsf_options_init(wsf_options *options, size_t struct_size, wsf_endpoint peer);

/* The first thing that is wrong with a stream. Positions are counted in bytes from the start of the stream. */
typedef struct wsf_violation {
    uint64_t offset;       /* the first byte of the offending field */
    uint64_t frame;        /* the offending frame's index, from 0, control frames counted */
    uint64_t frame_offset; /* the offending frame's first byte */
    uint16_t close_code;   /* what the connection must be closed with: 1002, 1007 or 1009 */
    uint16_t value;        /* invalid-close-code: the code. Text rules: the byte, unmasked. Otherwise, and if text ends
                              inside a character, 0. */
    wsf_rule rule;
    uint8_t length;        /* size of the offending field, 1…8; 0 if text ends inside a character: then `offset` is
                              just past the frame */
    uint8_t header_length; /* 2…14, or 1 if byte 0 is at fault */
    uint8_t header[14];    /* up to and including the offending field; all of it if the payload is at fault */
} wsf_violation;

/* The state of a stream. Counting ends at the first violation. */
typedef struct wsf_status {
    uint64_t position; /* bytes judged; after a violation, the first byte after the offending field */
    uint64_t frames;   /* frames that have ended, control frames included */
    uint64_t messages; /* messages that have ended; control frames are not messages */
    wsf_state state;
    bool closed; /* a whole Close has arrived: only control frames may follow (RFC 6455 §5.5.1) */
} wsf_status;

/* ---- The read-only API ----------------------------------------------------------------------------------------- */

#define WSF_VALIDATOR_WORDS 16
typedef struct wsf_validator { uint64_t opaque[WSF_VALIDATOR_WORDS]; } wsf_validator;

/* Prepares a validator for the start of a stream; this must be the first call. Returns false and changes nothing if
 * options->peer is none of WSF_CLIENT, WSF_SERVER and WSF_UNKNOWN, messages are to be inflated, or a size is wrong. */
bool wsf_validator_init(wsf_validator *validator, size_t struct_size, const wsf_options *options);

/* Judges the next `count` bytes without changing them; `bytes` may be NULL if `count` is 0. WSF_NEED_MORE: they
 * follow the rules. WSF_VIOLATION: the stream's first violation is in *violation, which may be NULL; the bytes after
 * the offending field have not been judged, and every further call returns the same. */
wsf_result wsf_validate(
    wsf_validator *validator, const uint8_t *WSF_NULLABLE bytes, size_t count,
    wsf_violation *WSF_NULLABLE violation);

/* Continues after a violation: the rest of the offending frame will be skipped. Pass the bytes from
 * wsf_status.position on. Returns false if there is no violation, or if the frame's end cannot be known
 * (length-overflow). */
bool wsf_validator_skip_frame(wsf_validator *validator);

void wsf_validator_status(const wsf_validator *validator, wsf_status *status);
/* Who sends the stream; if the options do not say, WSF_UNKNOWN until the first MASK bit has arrived. */
wsf_endpoint wsf_validator_sender(const wsf_validator *validator);
/* The code of the stream's first Close; 0 if there is none, or it has no code. */
uint16_t wsf_validator_close_code(const wsf_validator *validator);

/* ---- The reading API ------------------------------------------------------------------------------------------- */

#define WSF_READER_WORDS 40
typedef struct wsf_reader { uint64_t opaque[WSF_READER_WORDS]; } wsf_reader;

enum { WSF_CONTROL_PAYLOAD_MAX = 125 }; /* RFC 6455 §5.5 */

/* A piece of a message, or a whole control frame.
 *
 * Each data frame is delivered as one or more pieces; if its header has arrived but no payload has, the first is empty.
 * A control frame (WSF_CLOSE, WSF_PING, WSF_PONG) is delivered once, complete. */
typedef struct wsf_event {
    /* The position of the bytes, unmasked: for a data frame, an index into the bytes passed to the call; for a
     * control frame, 0 in `control_payload`. The event contains no pointer: it may be moved and copied. */
    size_t payload_start;
    size_t payload_count;
    /* The index in the frame's payload of the first of these bytes. */
    uint64_t payload_offset;
    /* The frame's declared payload length, below 2^63. */
    uint64_t frame_length;
    wsf_opcode opcode;         /* as in the frame's header; WSF_CONTINUATION on the later frames of a message */
    wsf_opcode message_opcode; /* WSF_TEXT or WSF_BINARY, on continuations too; for a control frame its own */
    uint8_t reserved_bits;     /* WSF_RSV1 | … as in the frame's header; control frames: 0 */
    bool begins_frame, ends_frame;
    bool begins_message; /* data only */
    bool ends_message;   /* data only. Text is then well-formed UTF-8 over all its pieces (RFC 6455 §8.1). */
    bool is_inflated;    /* The payload is what a compressed message inflates to (websocket_inflating.h). */
    uint16_t close_code; /* the code of a Close that has one; otherwise 0 */
    uint8_t control_payload[WSF_CONTROL_PAYLOAD_MAX];
} wsf_event;

/* The event's payload: in `bytes`, as passed to the call, or in the event itself. NULL only if `bytes` is NULL and
 * the event is about data. */
const uint8_t *WSF_NULLABLE wsf_event_payload(const wsf_event *event, const uint8_t *WSF_NULLABLE bytes);

/* Prepares a reader for the start of a stream; this must be the first call. Returns false and changes nothing if
 * options->peer is neither WSF_CLIENT nor WSF_SERVER, messages are to be inflated but the window or
 * permessage_deflate is not set accordingly, or a size is wrong. */
bool wsf_reader_init(wsf_reader *reader, size_t struct_size, const wsf_options *options);

/* Pull: consumes bytes from bytes[*index] on up to the next event, unmasking the payload among them in place, and moves
 * *index past it. 0 <= *index <= count; `bytes` may be NULL if `count` is 0.
 *   WSF_EVENT      *event is set.
 *   WSF_NEED_MORE  All bytes are used up: *index == count. Call again when more have arrived.
 *   WSF_VIOLATION  *violation is set (it may be NULL). All frames before the offending one have been handed over, and
 *                  every further call returns the same. Close the connection with violation->close_code.
 * The caller may stop after any event and continue later: bytes before *index are finished with, those after it
 * untouched. */
wsf_result wsf_reader_next(
    wsf_reader *reader, uint8_t *WSF_NULLABLE bytes, size_t count, size_t *index, wsf_event *event,
    wsf_violation *WSF_NULLABLE violation);

/* Receives each event and its payload, which are valid only during the call. Returns true to continue, false to stop after
 * the event. It must not use the reader. */
typedef bool (*wsf_handler)(void *WSF_NULLABLE context, const wsf_event *event, const uint8_t *WSF_NULLABLE payload);

/* Callback: passes all events in bytes[*index …] to `handler`. WSF_STOPPED: it returned false; continue later with the
 * same bytes and *index. `context` is passed to the handler and may be NULL. */
wsf_result wsf_reader_read(
    wsf_reader *reader, uint8_t *WSF_NULLABLE bytes, size_t count, size_t *index, wsf_handler handler,
    void *WSF_NULLABLE context, wsf_violation *WSF_NULLABLE violation);

/* Callback that cannot stop: passes all events in `bytes` to `visitor`. It is the fastest way: frames are processed in
 * batches, so when one is handed over, later ones may already be unmasked. WSF_NEED_MORE or WSF_VIOLATION. */
typedef void (*wsf_visitor)(void *WSF_NULLABLE context, const wsf_event *event, const uint8_t *WSF_NULLABLE payload);
wsf_result wsf_reader_read_all(
    wsf_reader *reader, uint8_t *WSF_NULLABLE bytes, size_t count, wsf_visitor visitor, void *WSF_NULLABLE context,
    wsf_violation *WSF_NULLABLE violation);

void wsf_reader_status(const wsf_reader *reader, wsf_status *status);

/* ---- A connection --------------------------------------------------------------------------------------------- */

/* A reader that answers pings and Closes, and keeps track of what has been sent and may be sent next. Each call
 * writes at most one frame into the caller's memory.
 *
 * In a client each `masking_key` is 4 unpredictable bytes, fresh for every call (§5.3); in a server it is NULL.
 * Anything else stops the program; no result reports it. */
#define WSF_CONNECTION_WORDS 48
typedef struct wsf_connection { uint64_t opaque[WSF_CONNECTION_WORDS]; } wsf_connection;

/* How close a connection is to its end. */
typedef uint8_t wsf_connection_state;
enum {
    WSF_OPEN = 0,    /* both endpoints may send */
    WSF_CLOSING = 1, /* this endpoint has sent its Close and waits for the peer's */
    WSF_CLOSED = 2   /* nothing more is judged or sent */
};

/* The part of its message that a data frame is. */
typedef uint8_t wsf_part;
enum { WSF_WHOLE = 0, WSF_FIRST = 1, WSF_MIDDLE = 2, WSF_LAST = 3 };

/* Why a frame may not be sent. Nothing has been written, and nothing has changed. It is always this side's mistake. */
typedef uint8_t wsf_send_error;
enum {
    WSF_SENT = 0,                  /* it was written */
    WSF_SEND_CLOSED = 1,           /* this endpoint has sent its Close, or the connection is over (§5.5.1) */
    WSF_SEND_NO_OPEN_MESSAGE = 2,  /* a fragment that continues a message, while none is open (§5.4) */
    WSF_SEND_OPEN_MESSAGE = 3,     /* a new message while another one is open (§5.4) */
    WSF_SEND_UNCLAIMED_BITS = 4,   /* a reserved bit that no agreed extension allows there (§5.2) */
    WSF_SEND_TOO_LONG = 5,         /* a payload of 2^63 bytes or more (§5.2) */
    WSF_SEND_INVALID_CONTROL = 6,  /* a close code that must not be sent, a reason that is not UTF-8, over 125 bytes */
    WSF_SEND_INVALID_ARGUMENT = 7  /* a number that is not a wsf_part, or an opcode that is not allowed here */
};

/* Prepares a connection whose handshake has just ended; options->peer is the other end. Fails as wsf_reader_init does. */
bool wsf_connection_init(wsf_connection *connection, size_t struct_size, const wsf_options *options);

/* As wsf_reader_next, and writes what must be sent into `reply`, WSF_CONTROL_FRAME_MAX bytes; *reply_count is 0 if there
 * is nothing to send. Pings are answered until the peer's Close has arrived, even after this endpoint has sent its own
 * (§5.5.2). With WSF_VIOLATION and WSF_EXCEEDED the reply is the Close that says so, unless one has been sent. Once the
 * connection is WSF_CLOSED, all further bytes are used up without an event. */
wsf_result wsf_connection_next(
    wsf_connection *connection, uint8_t *WSF_NULLABLE bytes, size_t count, size_t *index, wsf_event *event,
    const uint8_t *WSF_NULLABLE masking_key, uint8_t *reply, size_t *reply_count,
    wsf_violation *WSF_NULLABLE violation);

/* Writes the header of a data frame, WSF_HEADER_MAX bytes at most; send the payload after it, masked with wsf_mask if
 * there is a key. `kind` is WSF_TEXT or WSF_BINARY for WSF_WHOLE and WSF_FIRST, and is ignored for the others. The
 * caller guarantees that text is UTF-8. */
wsf_send_error wsf_connection_header(
    wsf_connection *connection, wsf_part part, wsf_opcode kind, uint8_t reserved_bits, uint64_t payload_length,
    const uint8_t *WSF_NULLABLE masking_key, uint8_t *header, size_t *header_count);

/* Writes a ping or a pong, WSF_CONTROL_FRAME_MAX bytes at most. */
wsf_send_error wsf_connection_control(
    wsf_connection *connection, wsf_opcode opcode, const uint8_t *WSF_NULLABLE payload, size_t count,
    const uint8_t *WSF_NULLABLE masking_key, uint8_t *frame, size_t *frame_count);

/* Begins the closing handshake: writes a Close; code 0 means none. Continue reading until the peer has answered. */
wsf_send_error wsf_connection_close(
    wsf_connection *connection, uint16_t code, const char *WSF_NULLABLE reason, size_t reason_count,
    const uint8_t *WSF_NULLABLE masking_key, uint8_t *frame, size_t *frame_count);

/* Ends the connection because of an error on this side: writes a Close with 1011, unless one has been sent; then
 * *frame_count is 0. The connection is WSF_CLOSED. */
void wsf_connection_fail(
    wsf_connection *connection, const uint8_t *WSF_NULLABLE masking_key, uint8_t *frame, size_t *frame_count);

/* Call it when the peer has closed its end of the socket. Returns true if the connection was already WSF_CLOSED;
 * otherwise the peer vanished: 1006 (§7.1.5). Afterwards the connection is WSF_CLOSED. */
bool wsf_connection_end_of_input(wsf_connection *connection);

wsf_connection_state wsf_connection_get_state(const wsf_connection *connection);

/* ---- Rules and codes ------------------------------------------------------------------------------------------ */

/* The texts of a rule: UTF-8, terminated by NUL, valid forever; NULL for a number that is not a rule. */
const char *WSF_NULLABLE wsf_rule_name(wsf_rule rule);        /* "reserved-bits" */
const char *WSF_NULLABLE wsf_rule_section(wsf_rule rule);     /* "RFC 6455 §5.2" */
const char *WSF_NULLABLE wsf_rule_broken_when(wsf_rule rule); /* in one clause */
const char *WSF_NULLABLE wsf_rule_sentence(wsf_rule rule);    /* the sentence of the standard that states it */
const char *WSF_NULLABLE wsf_rule_meaning(wsf_rule rule);     /* its purpose */
const char *WSF_NULLABLE wsf_rule_causes(wsf_rule rule);      /* what usually makes an endpoint break it, one per line */
const char *WSF_NULLABLE wsf_rule_checks(wsf_rule rule);      /* what to check next, one per line */

/* The code to close a connection with: the violation's own if the peer broke a rule (1002, 1007 or 1009), and 1011
 * for NULL, since then this endpoint failed (RFC 6455 §7.4.1). */
uint16_t wsf_close_code(const wsf_violation *WSF_NULLABLE violation);

/* ---- Frames to be sent ---------------------------------------------------------------------------------------- */

/* Each returns the number of bytes written, or 0 if a receiver would refuse the frame: a reserved opcode, a control
 * frame over 125 bytes or without FIN, 2^63 bytes or more, a close code that must not be sent, a reason that is not
 * UTF-8. The caller is responsible for what depends on earlier frames (a continuation without a message, data after a
 * Close). `masking_key`: 4 unpredictable bytes, fresh for every frame, in a client (§5.3); NULL in a server. */
enum {
    WSF_HEADER_MAX = 14,        /* bytes that `header` must have room for, whatever is written */
    WSF_CONTROL_FRAME_MAX = 131 /* bytes that `frame` must have room for: 2, a key's 4, and 125 */
};

/* Writes a frame's header, with its length in the shortest form (RFC 6455 §5.2). Send the payload after it, masked
 * with wsf_mask if there is a key. Reserved bits that are set are assumed to be agreed. */
size_t wsf_header_encode(
    uint8_t *header, wsf_opcode opcode, bool is_final, uint8_t reserved_bits, uint64_t payload_length,
    const uint8_t *WSF_NULLABLE masking_key);

/* Writes a whole ping, pong or Close. Answer a ping with a pong that has its payload (§5.5.3), and a Close with a Close
 * that has its payload (§5.5.1). `payload` may be NULL if `count` is 0. */
size_t wsf_control_encode(
    uint8_t *frame, wsf_opcode opcode, const uint8_t *WSF_NULLABLE payload, size_t count,
    const uint8_t *WSF_NULLABLE masking_key);

/* Writes a Close with a code and a reason of 0…123 bytes of UTF-8 (§5.5.1). `reason` may be NULL if it is empty. */
size_t wsf_close_encode(
    uint8_t *frame, uint16_t code, const char *WSF_NULLABLE reason, size_t reason_count,
    const uint8_t *WSF_NULLABLE masking_key);

/* Masks or unmasks `count` bytes in place; both are the same operation (§5.3). `offset` is the index in the frame's
 * payload of bytes[0], so a payload can be masked in pieces. */
void wsf_mask(uint8_t *WSF_NULLABLE bytes, size_t count, const uint8_t *masking_key, uint64_t offset);

#ifdef __clang__
#pragma clang assume_nonnull end
#pragma clang diagnostic pop
#endif
#ifdef __cplusplus
}
#endif
#endif
