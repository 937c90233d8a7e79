/* Reads a client's stream from standard input and prints the events that a server would get:
 *   printf '\201\205\067\372\041\075\177\237\115\121\130' | events
 */
#include <stdio.h>

#include "websocket_frames.h"

static bool print_event(void *context, const wsf_event *event, const uint8_t *payload) {
    (void)context;
    if (event->opcode == WSF_TEXT || event->opcode == WSF_BINARY || event->opcode == WSF_CONTINUATION) {
        printf("%s, %zu bytes%s: ", event->message_opcode == WSF_TEXT ? "text" : "binary", event->payload_count,
            event->ends_message ? ", the message's last" : "");
        if (event->message_opcode == WSF_TEXT) fwrite(payload, 1, event->payload_count, stdout);
        putchar('\n');
    } else if (event->opcode == WSF_PING) {
        uint8_t pong[WSF_CONTROL_FRAME_MAX];
        size_t count = wsf_control_encode(pong, WSF_PONG, payload, event->payload_count, NULL);
        printf("ping, answered with a pong of %zu bytes\n", count);
    } else if (event->opcode == WSF_CLOSE) {
        printf("close, code %u\n", event->close_code);
    }
    return true;
}

int main(void) {
    wsf_options options;
    wsf_options_init(&options, sizeof options, WSF_CLIENT);
    options.max_message = 16 * 1024 * 1024;
    wsf_reader reader;
    if (!wsf_reader_init(&reader, sizeof reader, &options)) return 2;

    uint8_t bytes[4096];
    size_t count;
    while ((count = fread(bytes, 1, sizeof bytes, stdin)) > 0) {
        size_t index = 0;
        wsf_violation violation;
        if (wsf_reader_read(&reader, bytes, count, &index, print_event, NULL, &violation) == WSF_VIOLATION) {
            const char *rule = wsf_rule_name(violation.rule);
            printf("%s (%s) at byte %llu: close with %u\n", rule, wsf_rule_section(violation.rule),
                (unsigned long long)violation.offset, violation.close_code);
            return 1;
        }
    }
    wsf_status status;
    wsf_reader_status(&reader, &status);
    printf("%llu frames, %llu messages%s\n", (unsigned long long)status.frames, (unsigned long long)status.messages,
        status.state == WSF_STATE_COMPLETE ? "" : ", and something unfinished");
    return 0;
}
