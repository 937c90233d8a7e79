#include "client.h"

#include <stdlib.h>
#include <string.h>

/* Longer requests are refused. */
enum { REQUEST_MAX = 8192 };

uint8_t *client_reserve(client *client, bytes *bytes, size_t count) {
    if (bytes->capacity - bytes->count < count) {
        size_t capacity = bytes->capacity ? bytes->capacity * 2 : 512;
        while (capacity - bytes->count < count) capacity *= 2;
        uint8_t *start = realloc(bytes->start, capacity);
        if (!start) {
            client->is_broken = true;
            return NULL;
        }
        bytes->start = start;
        bytes->capacity = capacity;
    }
    return bytes->start + bytes->count;
}

void client_append(client *client, bytes *bytes, const void *more, size_t count) {
    uint8_t *room = client_reserve(client, bytes, count);
    if (!room || !count) return;
    memcpy(room, more, count);
    bytes->count += count;
}

void bytes_free(bytes *bytes) {
    free(bytes->start);
    *bytes = (struct bytes){0};
}

/* Takes bytes of the request, and returns how many. */
static size_t take_request(client *client, const settings *settings, const uint8_t *more, size_t count) {
    size_t before = client->received.count;
    client_append(client, &client->received, more, count);
    uint8_t *end_of_text = client_reserve(client, &client->received, 1);
    if (!end_of_text) return count;
    *end_of_text = 0;
    const char *head = (const char *)client->received.start;
    const char *end = strstr(head, "\r\n\r\n");
    if (!end) {
        // A NUL is not text, and hides what is after it.
        client->is_refused = client->received.count > REQUEST_MAX || strlen(head) != client->received.count;
        return count;
    }
    size_t taken = (size_t)(end + 4 - head) - before;
    client_answer_request(client, settings, head);
    bytes_free(&client->received);
    return taken;
}

static bool is_text(const uint8_t *message, size_t count, const char *text) {
    return text && strlen(text) == count && memcmp(message, text, count) == 0;
}

/* Sends a message back. */
static void echo(client *client, const settings *settings, wsf_opcode kind, const uint8_t *message, size_t count) {
    uint8_t *room = client_reserve(client, &client->output, WSF_CONTROL_FRAME_MAX + count);
    if (!room) return;
    size_t written = 0;
    if (is_text(message, count, settings->throw_on)) {
        wsf_connection_fail(&client->connection, NULL, room, &written);  // 1011: this server's fault, not its client's.
    } else if (is_text(message, count, settings->close_on)) {
        wsf_connection_close(&client->connection, 1001, "as you wish", 11, NULL, room, &written);
    } else if (
        // After this server's Close it is refused, and nothing is sent.
        wsf_connection_header(&client->connection, WSF_WHOLE, kind, 0, count, NULL, room, &written) == WSF_SENT) {
        if (count) memcpy(room + written, message, count);
        written += count;
    }
    client->output.count += written;
}

/* Takes a piece of a message. A message that comes in one piece is not copied. */
static void take_piece(client *client, const settings *settings, const wsf_event *event, const uint8_t *payload) {
    if (event->begins_message && event->ends_message)
        return echo(client, settings, event->message_opcode, payload, event->payload_count);
    client_append(client, &client->received, payload, event->payload_count);
    if (!event->ends_message || client->is_broken) return;
    echo(client, settings, event->message_opcode, client->received.start, client->received.count);
    bytes_free(&client->received);
}

void client_take(client *client, const settings *settings, uint8_t *bytes, size_t count) {
    size_t index = 0;
    if (client->is_refused || client->is_broken) return;
    if (!client->is_upgraded) index = take_request(client, settings, bytes, count);
    while (client->is_upgraded && !client->is_broken) {
        wsf_event event;
        uint8_t *reply = client_reserve(client, &client->output, WSF_CONTROL_FRAME_MAX);
        if (!reply) return;
        size_t reply_count = 0;
        wsf_result result =
            wsf_connection_next(&client->connection, bytes, count, &index, &event, NULL, reply, &reply_count, NULL);
        client->output.count += reply_count;
        if (result != WSF_EVENT) return;
        if (event.opcode < WSF_CLOSE) take_piece(client, settings, &event, wsf_event_payload(&event, bytes));
    }
}

void client_end_of_input(client *client) {
    client->input_has_ended = true;
    if (client->is_upgraded) wsf_connection_end_of_input(&client->connection);
}

bool client_is_over(const client *client) {
    return client->is_refused || client->input_has_ended
        || (client->is_upgraded && wsf_connection_get_state(&client->connection) == WSF_CLOSED);
}
