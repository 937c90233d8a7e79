// A client of libwebsockets that connects repeatedly as long as it runs: client_lws PORT
#include "lws_session.h"

#include <unistd.h>

static int is_connected;

static int call(struct lws *wsi, enum lws_callback_reasons reason, void *session, void *in, size_t length) {
    switch (reason) {
    case LWS_CALLBACK_CLIENT_RECEIVE: gather(session, wsi, in, length); break;
    case LWS_CALLBACK_CLIENT_WRITEABLE: send_back(session, wsi); break;
    case LWS_CALLBACK_CLIENT_CLOSED:
        forget(session);
        is_connected = 0;
        break;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR: is_connected = 0; break;
    default: break;
    }
    return 0;
}

int main(int count, char **arguments) {
    if (!strcmp(arguments[1], "--version")) return puts(lws_get_library_version()), 0;
    struct lws_context_creation_info info;
    memset(&info, 0, sizeof info);
    info.port = CONTEXT_PORT_NO_LISTEN;
    struct lws_context *context = context_of(&info, call);
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
