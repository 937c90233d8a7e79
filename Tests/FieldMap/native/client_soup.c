// A client of libsoup 3 that connects repeatedly while somebody listens: client_soup PORT
#include <libsoup/soup.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char url[64];
static SoupSession *session;

static void begin(void);

static void receive(SoupWebsocketConnection *connection, gint type, GBytes *message, gpointer data) {
    if (soup_websocket_connection_get_state(connection) == SOUP_WEBSOCKET_STATE_OPEN)
        soup_websocket_connection_send_message(connection, type, message);
}

static gboolean forget(gpointer connection) {
    g_object_unref(connection);
    begin();
    return G_SOURCE_REMOVE;
}

// It is still in use while its signal is handled.
static void end(SoupWebsocketConnection *connection, gpointer data) { g_idle_add(forget, connection); }

static void meet(GObject *object, GAsyncResult *result, gpointer request) {
    GError *error = NULL;
    SoupWebsocketConnection *connection = soup_session_websocket_connect_finish(session, result, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED)) _exit(0);
    g_object_unref(request);
    if (!connection) return begin();
    soup_websocket_connection_set_max_incoming_payload_size(connection, 0);
    g_signal_connect(connection, "message", G_CALLBACK(receive), NULL);
    g_signal_connect(connection, "closed", G_CALLBACK(end), NULL);
}

static void begin(void) {
    SoupMessage *request = soup_message_new("GET", url);
    soup_session_websocket_connect_async(session, request, NULL, NULL, G_PRIORITY_DEFAULT, NULL, meet, request);
}

int main(int count, char **arguments) {
    if (!strcmp(arguments[1], "--version"))
        return printf("%u.%u.%u\n", soup_get_major_version(), soup_get_minor_version(), soup_get_micro_version()), 0;
    snprintf(url, sizeof url, "ws://127.0.0.1:%s/", arguments[1]);
    session = soup_session_new();
    begin();
    g_main_loop_run(g_main_loop_new(NULL, FALSE));
}
