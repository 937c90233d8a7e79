/*
 * Compresses the messages that this endpoint sends (permessage-deflate, RFC 7692). What websocket_frames.h says about memory,
 * threads, pointers and sizes holds here too.
 */
#ifndef WEBSOCKET_DEFLATING_H
#define WEBSOCKET_DEFLATING_H

#include "websocket_frames.h"

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-extension"
#pragma clang assume_nonnull begin
#endif

/* Compresses messages (RFC 7692 §7.2.1) at one fast level, in the caller's memory:
 *
 *   uint8_t window_bits = …;  in a server: the agreed server_max_window_bits; 15 if there is none
 *   bool takes_over = …;      in a server: false if server_no_context_takeover was agreed
 *   size_t size = wsf_deflater_size(window_bits);
 *   wsf_deflater *deflater = malloc(size);
 *   wsf_deflater_init(deflater, size, window_bits, takes_over);
 *
 * Any message may be sent uncompressed: short ones may not be worth it, and data that is already compressed is not.
 *
 * It contains no pointer: its `size` bytes may be moved and copied as a whole. If messages do not refer to earlier ones, it
 * is not needed between two messages: one deflater may then serve any number of connections, one message at a time. */
typedef struct wsf_deflater wsf_deflater;

/* The number of bytes of memory that a deflater takes: 76 to 168 KiB. 0 if window_bits, the base-2 logarithm of the
 * window, is not 8…15. */
size_t wsf_deflater_size(uint8_t window_bits);

/* Prepares a deflater before its first message, in `size` bytes with the alignment of a uint64_t. Returns false and
 * changes nothing if they are misaligned or too few, or wsf_deflater_size is 0. */
bool wsf_deflater_init(wsf_deflater *deflater, size_t size, uint8_t window_bits, bool takes_over);

/* Writes the frame of a whole message, compressed if that makes it shorter, and masked if there is a key. `kind` is WSF_TEXT or
 * WSF_BINARY; the caller guarantees that text is UTF-8. A message that would not become shorter is written without RSV1, and
 * so is every message if `deflater` is NULL.
 *
 * `room` is the number of bytes at `frame`: at least WSF_HEADER_MAX + wsf_deflated_max(count). They must not overlap the
 * message, and bytes beyond the frame may be written to.
 *
 * WSF_SEND_UNCLAIMED_BITS: the connection's options do not set permessage_deflate. WSF_SEND_OPEN_MESSAGE: the connection or the
 * deflater is in the middle of a message. WSF_SEND_INVALID_ARGUMENT: `room` is too small, or `kind` is something else. After an
 * error nothing has changed. */
wsf_send_error wsf_connection_message(
    wsf_connection *connection, wsf_deflater *WSF_NULLABLE deflater, wsf_opcode kind,
    const uint8_t *WSF_NULLABLE message, size_t count, const uint8_t *WSF_NULLABLE masking_key,
    uint8_t *frame, size_t room, size_t *frame_count);

/* ---- Payloads alone ------------------------------------------------------------------------------------------- */

/* For messages in fragments, and for frames without a connection. Compresses the next bytes of a message into
 * deflated[0 ..< *deflated_count], the payload of one or more frames; the message's first frame has WSF_RSV1 (see
 * wsf_connection_header and wsf_header_encode). `ends_message` says that these are its last bytes; there may be none,
 * and an empty message becomes one byte 00. `bytes` may be NULL if `count` is 0.
 *
 * Returns false and changes nothing if `room` is less than wsf_deflated_max(count). To compress a long message with
 * little memory, pass it in pieces of, say, 16 KiB. A piece may produce no output before the message ends. */
bool wsf_deflate(
    wsf_deflater *deflater, const uint8_t *WSF_NULLABLE bytes, size_t count, bool ends_message, uint8_t *deflated,
    size_t room, size_t *deflated_count);

/* The most bytes that `count` bytes can become when passed at once: 6 more for each 8 KiB, and 9. SIZE_MAX if that is
 * more than a size_t can hold. */
size_t wsf_deflated_max(size_t count);

/* Makes later messages refer to nothing before them. Call it between messages, if the last one is not sent compressed. */
void wsf_deflater_forget(wsf_deflater *deflater);

#ifdef __clang__
#pragma clang assume_nonnull end
#pragma clang diagnostic pop
#endif
#ifdef __cplusplus
}
#endif
#endif
