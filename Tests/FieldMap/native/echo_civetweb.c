// An echo server of CivetWeb: echo_civetweb PORT
#include <civetweb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The library hands over frames; this program assembles messages, and sends each back as one frame.
struct message {
    char *bytes;
    size_t count;
    int opcode;
};

static int receive(struct mg_connection *connection, int bits, char *data, size_t count, void *user) {
    struct message *message = mg_get_user_connection_data(connection);
    int opcode = bits & 15;
    // The library leaves pings and Closes to the program.
    if (opcode == 9) mg_websocket_write(connection, MG_WEBSOCKET_OPCODE_PONG, data, count);
    if (opcode == 8) {
        mg_websocket_write(connection, MG_WEBSOCKET_OPCODE_CONNECTION_CLOSE, data, count);
        return 0;
    }
    if (opcode > 2) return 1;
    if (!message) mg_set_user_connection_data(connection, message = calloc(1, sizeof *message));
    if (opcode) message->opcode = opcode;
    message->bytes = realloc(message->bytes, message->count + count + 1);
    memcpy(message->bytes + message->count, data, count);
    message->count += count;
    if (bits & 0x80) {
        mg_websocket_write(connection, message->opcode, message->bytes, message->count);
        message->count = 0;
    }
    return 1;
}

static void forget(const struct mg_connection *connection, void *user) {
    struct message *message = mg_get_user_connection_data(connection);
    if (message) free(message->bytes);
    free(message);
}

int main(int count, char **arguments) {
    if (!strcmp(arguments[1], "--version")) return puts(mg_version()), 0;
    char place[64];
    snprintf(place, sizeof place, "127.0.0.1:%s", arguments[1]);
    const char *options[] = {"listening_ports", place, "num_threads", "100", NULL};
    mg_init_library(MG_FEATURES_WEBSOCKET);
    struct mg_context *context = mg_start(NULL, NULL, options);
    if (!context) return 1;
    mg_set_websocket_handler(context, "/", NULL, NULL, receive, forget, NULL);
    for (;;) pause();
}
