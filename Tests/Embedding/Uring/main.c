/* An echo server on io_uring: what is to be read and written in one turn goes to the kernel with one system call.
 *   uring-server [--port N] [--max-message N] [--max-frame N] [--close-timeout N] [--throw-on TEXT] [--close-on TEXT]
 * The options are those of the other servers. One thread; bytes that arrive are put into buffers that all connections share,
 * so that an idle connection has none. */
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <liburing.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ENTRIES = 4096, BUFFERS = 1024, BUFFER_SIZE = 4096, ENOUGH_OUTPUT = 65536 };

/* What an operation was, in the low bits of its user data; above them stands the client. */
enum { ACCEPT = 0, RECEIVE = 1, SEND = 2, TICK = 3, KINDS = 3 };

static struct io_uring ring;
static struct io_uring_buf_ring *lent;
static uint8_t *memory;
static int listener;
static settings told = {.max_frame = WSF_NO_LIMIT, .max_message = 16 << 20, .close_timeout = 30};
static client all = {.next = &all, .previous = &all};

static void stop(const char *call, int status) {
    fprintf(stderr, "%s: %s\n", call, strerror(-status));
    exit(1);
}

static long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

/* A place for one operation more. When there is none, those that wait go to the kernel first. */
static struct io_uring_sqe *operation(void) {
    struct io_uring_sqe *entry;
    while (!(entry = io_uring_get_sqe(&ring))) io_uring_submit(&ring);
    return entry;
}

static void mark(struct io_uring_sqe *entry, int kind, client *client) {
    entry->user_data = (uintptr_t)client | (unsigned)kind;
}

static void accept_more(void) {
    struct io_uring_sqe *entry = operation();
    io_uring_prep_multishot_accept(entry, listener, NULL, NULL, 0);
    mark(entry, ACCEPT, NULL);
}

static void tick(void) {
    static struct __kernel_timespec second = {.tv_sec = 1};
    struct io_uring_sqe *entry = operation();
    io_uring_prep_timeout(entry, &second, 0, 0);
    mark(entry, TICK, NULL);
}

static void receive(client *client) {
    struct io_uring_sqe *entry = operation();
    io_uring_prep_recv(entry, client->socket, NULL, BUFFER_SIZE, 0);
    entry->flags |= IOSQE_BUFFER_SELECT;
    entry->buf_group = 0;
    mark(entry, RECEIVE, client);
    client->is_receiving = true;
}

static void send_rest(client *client) {
    struct io_uring_sqe *entry = operation();
    io_uring_prep_send(
        entry, client->socket, client->sending.start + client->sent, client->sending.count - client->sent, MSG_NOSIGNAL);
    mark(entry, SEND, client);
    client->is_sending = true;
}

/* Begins what a client needs next, and forgets one that needs nothing more. */
static void go_on(client *client) {
    if (!client->is_sending && client->output.count && !client->is_broken) {
        bytes free = client->sending;
        client->sending = client->output;
        client->output = (bytes){.start = free.start, .capacity = free.capacity};
        client->sent = 0;
        send_rest(client);
    }
    // What follows a Close may take only so long, whoever has sent it.
    bool is_ending = client_is_over(client)
        || (client->is_upgraded && wsf_connection_get_state(&client->connection) != WSF_OPEN);
    if (is_ending && !client->deadline) client->deadline = now() + told.close_timeout;
    bool is_quiet = !client->is_sending && (client->is_broken || !client->output.count);
    if (is_quiet && !client->output_has_ended && (client->is_broken || client_is_over(client))) {
        // Only this half: a socket that is closed while bytes are on their way to it answers them with a reset.
        shutdown(client->socket, client->is_broken ? SHUT_RDWR : SHUT_WR);
        client->output_has_ended = true;
    }
    if (is_quiet && !client->is_receiving && (client->input_has_ended || client->is_broken)) {
        close(client->socket);
        client->next->previous = client->previous;
        client->previous->next = client->next;
        bytes_free(&client->received);
        bytes_free(&client->output);
        bytes_free(&client->sending);
        free(client);
        return;
    }
    size_t unsent = client->output.count + (client->is_sending ? client->sending.count - client->sent : 0);
    if (!client->is_receiving && !client->input_has_ended && unsent < ENOUGH_OUTPUT) receive(client);
}

static void accepted(int socket) {
    client *client = calloc(1, sizeof *client);
    if (!client) {
        close(socket);
        return;
    }
    int yes = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    client->socket = socket;
    client->deadline = now() + told.close_timeout;
    client->next = all.next;
    client->previous = &all;
    all.next->previous = client;
    all.next = client;
    go_on(client);
}

static void received(client *client, const struct io_uring_cqe *event) {
    client->is_receiving = false;
    if (event->flags & IORING_CQE_F_BUFFER) {
        unsigned short number = (unsigned short)(event->flags >> IORING_CQE_BUFFER_SHIFT);
        uint8_t *bytes = memory + (size_t)number * BUFFER_SIZE;
        if (event->res > 0) client_take(client, &told, bytes, (size_t)event->res);
        io_uring_buf_ring_add(lent, bytes, BUFFER_SIZE, number, io_uring_buf_ring_mask(BUFFERS), 0);
        io_uring_buf_ring_advance(lent, 1);
    }
    if (event->res == 0) client_end_of_input(client);
    if (event->res < 0 && event->res != -ENOBUFS && event->res != -EINTR && event->res != -EAGAIN) {
        client->is_broken = true;
        client_end_of_input(client);
    }
    go_on(client);
}

static void sent(client *client, int result) {
    client->is_sending = false;
    if (result < 0 && result != -EINTR && result != -EAGAIN) client->is_broken = true;
    if (result > 0) client->sent += (size_t)result;
    if (!client->is_broken && client->sent < client->sending.count) return send_rest(client);
    client->sending.count = 0;
    if (client->sending.capacity > ENOUGH_OUTPUT) bytes_free(&client->sending);
    go_on(client);
}

static void drop_late_clients(void) {
    long time = now();
    for (client *client = all.next, *next; client != &all; client = next) {
        next = client->next;
        if (!client->deadline || client->deadline > time) continue;
        client->deadline = 0;
        client->is_broken = true;
        shutdown(client->socket, SHUT_RDWR);  // What is under way comes to its end.
    }
}

static void listen_at(const char *host, int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    socklen_t size = sizeof address;
    int yes = 1;
    listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (inet_pton(AF_INET, host, &address.sin_addr) != 1 || bind(listener, (struct sockaddr *)&address, size) != 0
        || listen(listener, 1024) != 0 || getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        stop("listen", -errno);
    printf("listening on %s:%d\n", host, ntohs(address.sin_port));
    fflush(stdout);
}

/* A number of the command line; the program ends where it is none. */
static uint64_t number(const char *word) {
    char *end;
    errno = 0;
    unsigned long long value = strtoull(word, &end, 10);
    if (errno || end == word || *end || word[0] == '-') {
        fprintf(stderr, "%s is no number\n", word);
        exit(2);
    }
    return value;
}

/* Returns the port. */
static int read_options(int count, char **words) {
    int port = 0;
    for (int index = 1; index < count; index += 2) {
        const char *name = words[index], *value = index + 1 < count ? words[index + 1] : "";
        if (strcmp(name, "--port") == 0) port = (int)number(value);
        else if (strcmp(name, "--max-message") == 0) told.max_message = number(value);
        else if (strcmp(name, "--max-frame") == 0) told.max_frame = number(value);
        else if (strcmp(name, "--close-timeout") == 0) told.close_timeout = (long)number(value);
        else if (strcmp(name, "--throw-on") == 0) told.throw_on = value;
        else if (strcmp(name, "--close-on") == 0) told.close_on = value;
        else if (strcmp(name, "--threads") == 0) (void)number(value);  // There is one.
        else {
            fprintf(stderr, "no option %s\n", name);
            exit(2);
        }
    }
    return port;
}

int main(int count, char **words) {
    int port = read_options(count, words);
    struct io_uring_params wishes = {
        .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE, .cq_entries = 4 * ENTRIES};
    int status = io_uring_queue_init_params(ENTRIES, &ring, &wishes);
    if (status < 0) stop("io_uring_queue_init", status);
    memory = malloc((size_t)BUFFERS * BUFFER_SIZE);
    if (!memory || posix_memalign((void **)&lent, 4096, BUFFERS * sizeof(struct io_uring_buf))) stop("malloc", -ENOMEM);
    struct io_uring_buf_reg lending = {.ring_addr = (uintptr_t)lent, .ring_entries = BUFFERS};
    status = io_uring_register_buf_ring(&ring, &lending, 0);
    if (status < 0) stop("io_uring_register_buf_ring", status);
    io_uring_buf_ring_init(lent);
    for (int number = 0; number < BUFFERS; ++number)
        io_uring_buf_ring_add(
            lent, memory + (size_t)number * BUFFER_SIZE, BUFFER_SIZE, (unsigned short)number,
            io_uring_buf_ring_mask(BUFFERS), number);
    io_uring_buf_ring_advance(lent, BUFFERS);
    listen_at("127.0.0.1", port);
    accept_more();
    tick();
    while (true) {
        status = io_uring_submit_and_wait(&ring, 1);
        if (status < 0 && status != -EINTR) stop("io_uring_submit_and_wait", status);
        struct io_uring_cqe *event;
        unsigned head, seen = 0;
        io_uring_for_each_cqe(&ring, head, event) {
            ++seen;
            client *client = (void *)(uintptr_t)(event->user_data & ~(uint64_t)KINDS);
            switch (event->user_data & KINDS) {
            case ACCEPT:
                if (event->res >= 0) accepted(event->res);
                if (!(event->flags & IORING_CQE_F_MORE)) accept_more();
                break;
            case RECEIVE: received(client, event); break;
            case SEND: sent(client, event->res); break;
            default:
                drop_late_clients();
                tick();
            }
        }
        io_uring_cq_advance(&ring, seen);
    }
}
