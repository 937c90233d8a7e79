// A client of libwebsockets that connects as long as it runs: client_lws PORT
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// What has come of the message that is to be sent back.
struct session {
    unsigned char *bytes;
    size_t count;
    int is_binary, is_whole;
};

static int is_connected;

static int call(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length) {
    struct session *session = user;
    switch (reason) {
    case LWS_CALLBACK_CLIENT_RECEIVE:
        if (lws_is_first_fragment(wsi)) {
            session->count = 0;
            session->is_binary = lws_frame_is_binary(wsi);
        }
        session->bytes = realloc(session->bytes, LWS_PRE + session->count + length + 1);
        memcpy(session->bytes + LWS_PRE + session->count, in, length);
        session->count += length;
        if (lws_is_final_fragment(wsi) && !lws_remaining_packet_payload(wsi)) {
            session->is_whole = 1;
            lws_callback_on_writable(wsi);
        }
        break;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        // It can be called for a pong as well.
        if (!session->is_whole) break;
        session->is_whole = 0;
        lws_write(wsi, session->bytes + LWS_PRE, session->count, session->is_binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT);
        break;
    case LWS_CALLBACK_CLIENT_CLOSED:
        free(session->bytes);
        session->bytes = NULL;
        is_connected = 0;
        break;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        is_connected = 0;
        break;
    default: break;
    }
    return 0;
}

int main(int count, char **arguments) {
    if (!strcmp(arguments[1], "--version")) return puts(lws_get_library_version()), 0;
    static const struct lws_protocols protocols[] = {{"echo", call, sizeof(struct session), 65536, 0, NULL, 0}, {NULL, NULL, 0, 0, 0, NULL, 0}};
    static const struct lws_extension extensions[] = {
        {"permessage-deflate", lws_extension_callback_pm_deflate, "permessage-deflate"}, {NULL, NULL, NULL}};
    struct lws_context_creation_info info;
    memset(&info, 0, sizeof info);
    info.port = CONTEXT_PORT_NO_LISTEN;
    info.protocols = protocols;
    info.extensions = extensions;
    info.options = LWS_SERVER_OPTION_VALIDATE_UTF8;  // of clients too
    lws_set_log_level(0, NULL);
    struct lws_context *context = lws_create_context(&info);
    struct lws_client_connect_info connection = {
        .context = context, .address = "127.0.0.1", .port = atoi(arguments[1]), .path = "/", .host = "localhost", .origin = "localhost",
        .local_protocol_name = "echo"};
    while (context) {
        if (!is_connected) {
            is_connected = 1;
            if (!lws_client_connect_via_info(&connection)) usleep(100000);
        }
        if (lws_service(context, 0) < 0) break;
    }
    return 1;
}
