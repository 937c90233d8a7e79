/*
 * Inflates and judges compressed messages (permessage-deflate, RFC 7692) for a wsf_reader or a wsf_connection. What
 * websocket_frames.h says about memory, threads, pointers and sizes holds here too.
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

/* Inflates the peer's compressed messages (RFC 7692 §7.2.2) for one reader or connection, in the caller's memory:
 *
 *   options.permessage_deflate = options.inflates = true;
 *   options.window_bits = …;  in a server: the agreed client_max_window_bits; 15 if there is none
 *   options.takes_over = …;   in a server: false if client_no_context_takeover was agreed
 *   size_t size = wsf_inflater_size(&options);
 *   wsf_inflater *inflater = malloc(size);
 *   wsf_inflater_init(inflater, size, &options);
 *
 * It contains no pointer: its `size` bytes may be moved and copied as a whole. If messages do not refer to earlier ones, it
 * is not needed between two messages (WSF_STATE_COMPLETE): the memory may be freed, or lent to another connection, and
 * initialized again before the next bytes are read. */
typedef struct wsf_inflater wsf_inflater;

/* The number of bytes of memory that an inflater takes: the window in the options, at least 2 KiB, and about 17 KiB.
 * 0 if the options do not ask for inflating, or if their peer, window or size is not valid. */
size_t wsf_inflater_size(const wsf_options *options);

/* Prepares an inflater for the start of a stream, in `size` bytes with the alignment of a uint64_t. Returns false and
 * changes nothing if they are misaligned or too few, or wsf_inflater_size is 0. */
bool wsf_inflater_init(wsf_inflater *inflater, size_t size, const wsf_options *options);

/* As wsf_reader_next, and inflates compressed messages. Their events have `is_inflated` set; each has at most about 32 KiB,
 * in the inflater's memory until the next call (see wsf_inflated_payload), and `payload_offset` is counted from the start
 * of the inflated message. Every frame has at least one event; the last one of a frame may be empty.
 *
 * While a payload has more events, *index is not moved: pass the same bytes from there on to the next call. All of them
 * are unmasked by then.
 *
 * WSF_VIOLATION, in addition to what a reader finds: invalid-deflate if a message does not inflate, message-too-big if it
 * inflates to more than options->max_message (no byte beyond that is written), and text-not-utf8 if it inflates to
 * malformed text. violation->offset is the compressed byte that reveals it, and `length` is 1; if the message must not end
 * there, `length` is 0, and `offset` is just past the frame. */
wsf_result wsf_reader_next_inflated(
    wsf_reader *reader, wsf_inflater *inflater, uint8_t *WSF_NULLABLE bytes, size_t count, size_t *index,
    wsf_event *event, wsf_violation *WSF_NULLABLE violation);

/* As wsf_connection_next, and inflates compressed messages as wsf_reader_next_inflated does. */
wsf_result wsf_connection_next_inflated(
    wsf_connection *connection, wsf_inflater *inflater, uint8_t *WSF_NULLABLE bytes, size_t count, size_t *index,
    wsf_event *event, const uint8_t *WSF_NULLABLE masking_key, uint8_t *reply, size_t *reply_count,
    wsf_violation *WSF_NULLABLE violation);

/* The payload of an event of these two calls: as from wsf_event_payload, or in the inflater's memory. */
const uint8_t *WSF_NULLABLE wsf_inflated_payload(
    const wsf_event *event, const uint8_t *WSF_NULLABLE bytes, const wsf_inflater *inflater);

/* After a violation in an inflated message: for text-not-utf8, the index of the offending byte in the inflated
 * message; for the other rules, the number of inflated bytes before it. UINT64_MAX if there was no such violation. */
uint64_t wsf_inflater_message_offset(const wsf_inflater *inflater);

#ifdef __clang__
#pragma clang assume_nonnull end
#pragma clang diagnostic pop
#endif
#ifdef __cplusplus
}
#endif
#endif
