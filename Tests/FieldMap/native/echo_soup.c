// An echo server of libsoup 3: echo_soup PORT
#include <libsoup/soup.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void receive(SoupWebsocketConnection *connection, gint type, GBytes *message, gpointer data) {
    soup_websocket_connection_send_message(connection, type, message);
}

static void forget(SoupWebsocketConnection *connection, gpointer data) { g_object_unref(connection); }

static void meet(SoupServer *server, SoupServerMessage *request, const char *path, SoupWebsocketConnection *connection,
                 gpointer data) {
    g_object_ref(connection);
    soup_websocket_connection_set_max_incoming_payload_size(connection, 0);
    g_signal_connect(connection, "message", G_CALLBACK(receive), NULL);
    g_signal_connect(connection, "closed", G_CALLBACK(forget), NULL);
}

int main(int count, char **arguments) {
    if (!strcmp(arguments[1], "--version"))
        return printf("%u.%u.%u\n", soup_get_major_version(), soup_get_minor_version(), soup_get_micro_version()), 0;
    SoupServer *server = soup_server_new(NULL, NULL);
    soup_server_add_websocket_handler(server, "/", NULL, NULL, meet, NULL, NULL);
    if (!soup_server_listen_local(server, atoi(arguments[1]), SOUP_SERVER_LISTEN_IPV4_ONLY, NULL)) return 1;
    g_main_loop_run(g_main_loop_new(NULL, FALSE));
}
