/* One connection of the server: what has come of a request or a message, what is to be sent, and how far it is from its end.
 * Nothing here knows how bytes come and go. */
#ifndef CLIENT_H
#define CLIENT_H

#include "websocket_frames.h"

/* What the server was told on the command line. */
typedef struct settings {
    uint64_t max_frame, max_message; /* bytes */
    long close_timeout;              /* seconds */
    const char *throw_on, *close_on; /* a message of just this text; NULL for none */
} settings;

/* Bytes in memory of their own. */
typedef struct bytes {
    uint8_t *start;
    size_t count, capacity;
} bytes;

typedef struct client {
    wsf_connection connection;
    bytes received; /* the request, until the handshake is done; then the pieces of a message that is not whole */
    bytes output;   /* what is to be sent next */
    bytes sending;  /* what the kernel has been given to send, from `sent` on: it must not move */
    size_t sent;
    int socket;
    bool is_upgraded, is_refused;
    bool is_broken; /* the socket is, or memory has run out: nothing more is sent */
    bool input_has_ended, output_has_ended;
    bool is_receiving, is_sending; /* an operation is under way */
    long deadline;                 /* when the connection is dropped, in seconds; 0: not at all */
    struct client *next, *previous;
} client;

/* Takes what has come, and appends to `output` what it demands. The bytes are unmasked in place. */
void client_take(client *client, const settings *settings, uint8_t *bytes, size_t count);

/* The other end has closed its half. */
void client_end_of_input(client *client);

/* Nothing more will be said to it. */
bool client_is_over(const client *client);

/* Room for so many bytes more; NULL where memory has run out, and then the client is broken. */
uint8_t *client_reserve(client *client, bytes *bytes, size_t count);
void client_append(client *client, bytes *bytes, const void *more, size_t count);

void bytes_free(bytes *bytes);

/* The server's half of the opening handshake, without extensions (RFC 6455 §4.2), given a whole request that ends with NUL:
 * its answer is appended to `output`. */
void client_answer_request(client *client, const settings *settings, const char *head);

#endif
