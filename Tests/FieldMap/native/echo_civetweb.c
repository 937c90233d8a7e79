// An echo server of CivetWeb: echo_civetweb PORT
#include <civetweb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int receive(struct mg_connection *connection, int bits, char *data, size_t count, void *user) {
    int opcode = bits & 15;
    // The library hands over frames, and leaves pings and Closes to the program.
    if (opcode == 9) mg_websocket_write(connection, MG_WEBSOCKET_OPCODE_PONG, data, count);
    if (opcode == 8) {
        mg_websocket_write(connection, MG_WEBSOCKET_OPCODE_CONNECTION_CLOSE, data, count);
        return 0;
    }
    if (opcode < 3) mg_websocket_write(connection, bits & 0x8F, data, count);
    return 1;
}

int main(int count, char **arguments) {
    if (!strcmp(arguments[1], "--version")) return puts(mg_version()), 0;
    char place[64];
    snprintf(place, sizeof place, "127.0.0.1:%s", arguments[1]);
    const char *options[] = {"listening_ports", place, "num_threads", "100", NULL};
    mg_init_library(MG_FEATURES_WEBSOCKET);
    struct mg_context *context = mg_start(NULL, NULL, options);
    if (!context) return 1;
    mg_set_websocket_handler(context, "/", NULL, NULL, receive, NULL, NULL);
    for (;;) pause();
}
