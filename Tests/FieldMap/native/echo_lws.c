// An echo server of libwebsockets: echo_lws PORT
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What has come of the message that is to be sent back.
struct session {
    unsigned char *bytes;
    size_t count;
    int is_binary, is_whole;
};

static int call(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length) {
    struct session *session = user;
    switch (reason) {
    case LWS_CALLBACK_RECEIVE:
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
    case LWS_CALLBACK_SERVER_WRITEABLE:
        // It can be called for a pong as well.
        if (!session->is_whole) break;
        session->is_whole = 0;
        lws_write(wsi, session->bytes + LWS_PRE, session->count, session->is_binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT);
        break;
    case LWS_CALLBACK_CLOSED:
        free(session->bytes);
        session->bytes = NULL;
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
    info.port = atoi(arguments[1]);
    info.iface = "127.0.0.1";
    info.protocols = protocols;
    info.extensions = extensions;
    info.options = LWS_SERVER_OPTION_VALIDATE_UTF8;
    lws_set_log_level(0, NULL);
    struct lws_context *context = lws_create_context(&info);
    while (context && lws_service(context, 0) >= 0) {}
    return 1;
}
