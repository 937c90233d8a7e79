// An echo server of wslay, or a client that connects repeatedly while somebody listens: echo_wslay [--client] PORT
// wslay handles the frames, this program the handshake.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include <wslay/wslay.h>

static ssize_t get(wslay_event_context_ptr context, uint8_t *bytes, size_t count, int flags, void *socket) {
    ssize_t got = recv(*(int *)socket, bytes, count, MSG_DONTWAIT);
    if (got > 0) return got;
    wslay_event_set_error(context, got < 0 && errno == EAGAIN ? WSLAY_ERR_WOULDBLOCK : WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

static ssize_t put(wslay_event_context_ptr context, const uint8_t *bytes, size_t count, int flags, void *socket) {
    ssize_t sent = send(*(int *)socket, bytes, count, 0);
    if (sent < 0) wslay_event_set_error(context, WSLAY_ERR_CALLBACK_FAILURE);
    return sent;
}

static int mask(wslay_event_context_ptr context, uint8_t *bytes, size_t count, void *socket) {
    for (size_t index = 0; index < count; ++index) bytes[index] = random();
    return 0;
}

static void receive(wslay_event_context_ptr context, const struct wslay_event_on_msg_recv_arg *message, void *socket) {
    if (wslay_is_ctrl_frame(message->opcode)) return;
    struct wslay_event_msg echo = {message->opcode, message->msg, message->msg_length};
    wslay_event_queue_msg(context, &echo);
}

static const struct wslay_event_callbacks callbacks = {get, put, mask, NULL, NULL, NULL, receive};

static void talk(int socket, int is_client) {
    wslay_event_context_ptr context;
    (is_client ? wslay_event_context_client_init : wslay_event_context_server_init)(&context, &callbacks, &socket);
    while (wslay_event_want_read(context) || wslay_event_want_write(context)) {
        if (wslay_event_want_write(context)) {
            if (wslay_event_send(context)) break;
            continue;
        }
        struct pollfd wait = {socket, POLLIN, 0};
        poll(&wait, 1, -1);
        if (wslay_event_recv(context)) break;
    }
    wslay_event_context_free(context);
}

// Reads up to an empty line, and no byte beyond it.
static int read_head(int socket, char *head, size_t room) {
    for (size_t count = 0; count + 1 < room && recv(socket, head + count, 1, 0) == 1;) {
        head[++count] = 0;
        if (count >= 4 && !strcmp(head + count - 4, "\r\n\r\n")) return 1;
    }
    return 0;
}

static void serve(int socket) {
    char head[16384], joined[128], accept[64], answer[256];
    unsigned char digest[SHA_DIGEST_LENGTH];
    if (!read_head(socket, head, sizeof head)) return;
    char *key = strcasestr(head, "\r\nsec-websocket-key:");
    if (!key) return;
    key += strlen("\r\nsec-websocket-key:");
    key += strspn(key, " ");
    int length = snprintf(joined, sizeof joined, "%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", (int)strcspn(key, " \r"), key);
    SHA1((unsigned char *)joined, length, digest);
    EVP_EncodeBlock((unsigned char *)accept, digest, sizeof digest);
    length = snprintf(
        answer, sizeof answer,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept);
    send(socket, answer, length, 0);
    talk(socket, 0);
}

int main(int count, char **arguments) {
    if (!strcmp(arguments[1], "--version")) return puts(WSLAY_VERSION), 0;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_IGN);
    int is_client = !strcmp(arguments[1], "--client"), yes = 1;
    struct sockaddr_in address = {AF_INET, htons(atoi(arguments[count - 1])), {htonl(INADDR_LOOPBACK)}};
    if (is_client) {
        char head[16384];
        const char *request =
            "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        for (;;) {
            int connection = socket(AF_INET, SOCK_STREAM, 0);
            if (connect(connection, (struct sockaddr *)&address, sizeof address)) return 0;
            send(connection, request, strlen(request), 0);
            if (read_head(connection, head, sizeof head)) talk(connection, 1);
            close(connection);
        }
    }
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 128)) return 1;
    for (;;) {
        int connection = accept(listener, NULL, NULL);
        if (!fork()) return serve(connection), 0;
        close(connection);
    }
}
