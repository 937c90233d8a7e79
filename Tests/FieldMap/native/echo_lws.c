// An echo server of libwebsockets: echo_lws PORT
#include "lws_session.h"

static int call(struct lws *wsi, enum lws_callback_reasons reason, void *session, void *in, size_t length) {
    switch (reason) {
    case LWS_CALLBACK_RECEIVE: gather(session, wsi, in, length); break;
    case LWS_CALLBACK_SERVER_WRITEABLE: send_back(session, wsi); break;
    case LWS_CALLBACK_CLOSED: forget(session); break;
    default: break;
    }
    return 0;
}

int main(int count, char **arguments) {
    if (!strcmp(arguments[1], "--version")) return puts(lws_get_library_version()), 0;
    struct lws_context_creation_info info;
    memset(&info, 0, sizeof info);
    info.port = atoi(arguments[1]);
    info.iface = "127.0.0.1";
    struct lws_context *context = context_of(&info, call);
    while (context && lws_service(context, 0) >= 0) {}
    return 1;
}
