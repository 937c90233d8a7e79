/*
 * Compressed messages (permessage-deflate, RFC 7692), inflated for a wsf_reader or a wsf_connection and judged. What
 * websocket_frames.h says of memory, threads, pointers and sizes holds here too.
 */
#ifndef WEBSOCKET_INFLATING_H
#define WEBSOCKET_INFLATING_H

#include "websocket_frames.h"

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-extension"
#pragma clang assume_nonnull begin
#endif

/* Inflates the peer's compressed messages (RFC 7692 §7.2.2) for one reader or connection, in memory that the caller has:
 *
 *   options.permessage_deflate = options.inflates = true;
 *   options.window_bits = …;  in a server: client_max_window_bits as it was agreed; 15 if it was not
 *   options.takes_over = …;   in a server: false if client_no_context_takeover was agreed
 *   size_t size = wsf_inflater_size(&options);
 *   wsf_inflater *inflater = malloc(size);
 *   wsf_inflater_init(inflater, size, &options);
 *
 * It holds no pointer: its `size` bytes may be moved and copied, all together. Where messages do not reach into those
 * before them, nothing of it is needed between two messages (WSF_STATE_COMPLETE): the memory may be given back, or lent to
 * another connection, and prepared anew before the next bytes are read. */
typedef struct wsf_inflater wsf_inflater;

/* How much memory an inflater takes: a window as the options have it, of 2 KiB at least, and about 17 KiB. 0 when the
 * options do not ask for inflating, or say of the peer, the window or their own size what cannot be. */
size_t wsf_inflater_size(const wsf_options *options);

/* Prepares an inflater for the start of a stream, in `size` bytes that are aligned as a uint64_t is. False, and nothing is
 * changed, when they are not, are too few, or wsf_inflater_size is 0. */
bool wsf_inflater_init(wsf_inflater *inflater, size_t size, const wsf_options *options);

/* As wsf_reader_next, and compressed messages come inflated. Their events have `is_inflated`; each has as many bytes as
 * there are, 32 KiB or so at most, in the inflater's memory until the next call (see wsf_inflated_payload). `payload_offset`
 * counts them from the start of the message then. Every frame has one event at least; where it ends, that may be empty.
 *
 * While events come of the same payload *index stays where it is: the next call is to be given the same bytes from there
 * on. All of them are unmasked by then.
 *
 * WSF_VIOLATION, beside what a reader finds: invalid-deflate when a message does not inflate, message-too-big when it
 * inflates to more than options->max_message, of which not a byte is written, and text-not-utf8 of what it inflates to.
 * violation->offset is the compressed byte with which it is known, its `length` is 1; where the message must not end there,
 * 0, and `offset` is just past the frame. */
wsf_result wsf_reader_next_inflated(
    wsf_reader *reader, wsf_inflater *inflater, uint8_t *WSF_NULLABLE bytes, size_t count, size_t *index,
    wsf_event *event, wsf_violation *WSF_NULLABLE violation);

/* As wsf_connection_next, in the same way. */
wsf_result wsf_connection_next_inflated(
    wsf_connection *connection, wsf_inflater *inflater, uint8_t *WSF_NULLABLE bytes, size_t count, size_t *index,
    wsf_event *event, const uint8_t *WSF_NULLABLE masking_key, uint8_t *reply, size_t *reply_count,
    wsf_violation *WSF_NULLABLE violation);

/* The payload of an event of these two calls, wherever it is: as wsf_event_payload, or in the inflater. */
const uint8_t *WSF_NULLABLE wsf_inflated_payload(
    const wsf_event *event, const uint8_t *WSF_NULLABLE bytes, const wsf_inflater *inflater);

/* After a violation in what a message inflates to: the index of the offending byte in that, for text-not-utf8; for the
 * other rules, how many bytes there were before. UINT64_MAX if no such violation was found. */
uint64_t wsf_inflater_message_offset(const wsf_inflater *inflater);

#ifdef __clang__
#pragma clang assume_nonnull end
#pragma clang diagnostic pop
#endif
#ifdef __cplusplus
}
#endif
#endif
