/*
 * Messages that this endpoint sends, compressed (permessage-deflate, RFC 7692). What websocket_frames.h says of memory, threads,
 * pointers and sizes holds here too.
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

/* Compresses messages (RFC 7692 §7.2.1), in memory that the caller has:
 *
 *   uint8_t window_bits = …;  in a server: server_max_window_bits as it was agreed; 15 if it was not
 *   bool takes_over = …;      in a server: false if server_no_context_takeover was agreed
 *   size_t size = wsf_deflater_size(window_bits);
 *   wsf_deflater *deflater = malloc(size);
 *   wsf_deflater_init(deflater, size, window_bits, takes_over);
 *
 * There is one fast level. What is sent uncompressed is legal at any time: short messages may not be worth it, and what is
 * compressed already never is.
 *
 * It holds no pointer: its `size` bytes may be moved and copied, all together. Where messages do not reach into those before
 * them, nothing of it is needed between two messages: then one deflater may serve any number of connections, in turn. */
typedef struct wsf_deflater wsf_deflater;

/* How much memory a deflater takes: 76 to 168 KiB. 0 when window_bits, the base-2 logarithm of the window, is not 8…15. */
size_t wsf_deflater_size(uint8_t window_bits);

/* Prepares a deflater that has compressed nothing, in `size` bytes that are aligned as a uint64_t is. False, and nothing is
 * changed, when they are not, are too few, or wsf_deflater_size is 0. */
bool wsf_deflater_init(wsf_deflater *deflater, size_t size, uint8_t window_bits, bool takes_over);

/* A whole message, compressed, in one frame that a connection may send now.
 *
 * Writes the frame, its payload masked where there is a key. `kind` is WSF_TEXT or WSF_BINARY; of text it is the caller's word
 * that it is UTF-8. Where the message would not become shorter, or deflater is NULL, it is sent as it is, without RSV1. `room` is
 * how many bytes there are for the frame: WSF_HEADER_MAX and wsf_deflated_max(count) at least. They must not be those of the
 * message, and may be written to beyond the frame.
 *
 * WSF_SEND_UNCLAIMED_BITS: the connection's options have no permessage_deflate. WSF_SEND_OPEN_MESSAGE: of the connection, or in
 * the deflater. WSF_SEND_INVALID_ARGUMENT: there is too little room, or `kind` is another. With any error nothing has changed. */
wsf_send_error wsf_connection_message(
    wsf_connection *connection, wsf_deflater *WSF_NULLABLE deflater, wsf_opcode kind,
    const uint8_t *WSF_NULLABLE message, size_t count, const uint8_t *WSF_NULLABLE masking_key,
    uint8_t *frame, size_t room, size_t *frame_count);

/* ---- Payloads alone ------------------------------------------------------------------------------------------- */

/* For messages in fragments, and for who writes frames without a connection: compresses the next bytes of a message into
 * deflated[0 ..< *deflated_count]: payload for one frame or more, of which the first of the message has RSV1 (WSF_RSV1 for
 * wsf_connection_header and wsf_header_encode). With `ends_message` they are the message's last; there may be none, and an empty
 * message is one byte 00. `bytes` may be NULL when `count` is 0.
 *
 * False, and nothing is changed, when `room` is less than wsf_deflated_max(count). A long message is given in pieces of, say,
 * 16 KiB, so that little room is enough. A piece may be compressed to nothing while more is to come. */
bool wsf_deflate(
    wsf_deflater *deflater, const uint8_t *WSF_NULLABLE bytes, size_t count, bool ends_message, uint8_t *deflated,
    size_t room, size_t *deflated_count);

/* What `count` bytes are compressed to at most, when they are given at once: six bytes more for each 8 KiB, and nine.
 * SIZE_MAX when that is more than there can be. */
size_t wsf_deflated_max(size_t count);

/* No later message reaches into those before: to be called between messages, when what was compressed is not sent so. */
void wsf_deflater_forget(wsf_deflater *deflater);

#ifdef __clang__
#pragma clang assume_nonnull end
#pragma clang diagnostic pop
#endif
#ifdef __cplusplus
}
#endif
#endif
