// Shared by the server and the client of libwebsockets: a message is assembled, and echoed.
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The part of a message that has arrived, to be sent back once it is complete.
struct session {
    unsigned char *bytes;
    size_t count;
    int is_binary, is_whole;
};

// Adds the next bytes of a message.
static void gather(struct session *session, struct lws *wsi, const void *bytes, size_t length) {
    if (lws_is_first_fragment(wsi)) {
        session->count = 0;
        session->is_binary = lws_frame_is_binary(wsi);
    }
    session->bytes = realloc(session->bytes, LWS_PRE + session->count + length + 1);
    memcpy(session->bytes + LWS_PRE + session->count, bytes, length);
    session->count += length;
    if (lws_is_final_fragment(wsi) && !lws_remaining_packet_payload(wsi)) {
        session->is_whole = 1;
        lws_callback_on_writable(wsi);
    }
}

// Sends a complete message back. It is also called for pongs, when there may be none.
static void send_back(struct session *session, struct lws *wsi) {
    if (!session->is_whole) return;
    session->is_whole = 0;
    lws_write(wsi, session->bytes + LWS_PRE, session->count, session->is_binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT);
}

static void forget(struct session *session) {
    free(session->bytes);
    session->bytes = NULL;
}

static const struct lws_extension extensions[] = {
    {"permessage-deflate", lws_extension_callback_pm_deflate, "permessage-deflate"}, {NULL, NULL, NULL}};

// A context for one protocol, whose port has been set. UTF-8 is checked, in clients as well.
static struct lws_context *context_of(struct lws_context_creation_info *info, lws_callback_function *call) {
    static struct lws_protocols protocols[2];
    protocols[0].name = "echo";
    protocols[0].callback = call;
    protocols[0].per_session_data_size = sizeof(struct session);
    protocols[0].rx_buffer_size = 65536;
    info->protocols = protocols;
    info->extensions = extensions;
    info->options = LWS_SERVER_OPTION_VALIDATE_UTF8;
    lws_set_log_level(0, NULL);
    return lws_create_context(info);
}
