/* Covers everything in the deflating header with round trips: the inflating header's reader inflates what is compressed here.
 * It uses no heap, so that a memory checker can show that the library does not either. `deflating --size` prints how much
 * memory a deflater takes with each window. */
#include <stdio.h>
#include <string.h>

#include "websocket_deflating.h"
#include "websocket_inflating.h"

static int checks, failures;
#define CHECK(what) check((what), #what, __LINE__)
static void check(bool holds, const char *what, int line) {
    checks++;
    if (!holds) failures++, printf("FAILED: line %d: %s\n", line, what);
}

static uint64_t deflater_memory[1 << 15], inflater_memory[1 << 13];
static wsf_deflater *const deflater = (wsf_deflater *)(void *)deflater_memory;
static wsf_inflater *const inflater = (wsf_inflater *)(void *)inflater_memory;
static const uint8_t key[4] = {0x37, 0xfa, 0x21, 0x3d};

static uint64_t seed = 7692;
static uint32_t next_random(uint32_t below) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((seed >> 33) % below);
}

static void setting_up(void) {
    size_t before = 0;
    for (uint8_t bits = 8; bits <= 15; bits++) {
        size_t size = wsf_deflater_size(bits);
        CHECK(size >= before && size >= 75 << 10 && size <= 168 << 10 && size <= sizeof deflater_memory);
        CHECK(!wsf_deflater_init(deflater, size - 1, bits, true) && wsf_deflater_init(deflater, size, bits, true));
        before = size;
    }
    static const uint8_t wrong[] = {0, 7, 16, 255};
    for (size_t index = 0; index < sizeof wrong; index++)
        CHECK(wsf_deflater_size(wrong[index]) == 0 && !wsf_deflater_init(deflater, sizeof deflater_memory, wrong[index], true));
    CHECK(!wsf_deflater_init((wsf_deflater *)(void *)((char *)deflater + 4), sizeof deflater_memory - 8, 15, true));
}

/* The documented bound, and that nothing is written without enough room. */
static void bounds(void) {
    uint8_t out[32] = {7};
    size_t count = 99;
    CHECK(wsf_deflated_max(0) == 9 && wsf_deflated_max(8191) == 8191 + wsf_deflated_max(0));
    for (size_t size = 0; size < 1 << 20; size += 4099) CHECK(wsf_deflated_max(size) <= size + (size / 8192) * 6 + 9);
    CHECK(wsf_deflated_max(SIZE_MAX) == SIZE_MAX && wsf_deflated_max(SIZE_MAX / 2) == SIZE_MAX);
    CHECK(wsf_deflater_init(deflater, sizeof deflater_memory, 15, true));
    CHECK(!wsf_deflate(deflater, out, 5, true, out + 8, wsf_deflated_max(5) - 1, &count) && count == 99 && out[8] == 0);
    CHECK(!wsf_deflate(deflater, out, SIZE_MAX, true, out + 8, 24, &count) && count == 99);
    CHECK(wsf_deflate(deflater, NULL, 0, true, out, sizeof out, &count) && count == 1 && out[0] == 0); /* §7.2.3.6 */
}

/* Random bytes, words, one repeated byte, or both in turn. */
static void make(uint8_t *text, size_t count) {
    static const char *const words[] = {"frame ", "opcode ", "{\"id\":", "}, ", "payload ", "the "};
    uint32_t kind = next_random(4), word = 0, at = 0;
    for (size_t index = 0; index < count; index++) {
        if (kind == 3 && index % 700 == 0) word = next_random(6);
        if (kind == 0 || (kind == 3 && index % 1400 < 700)) text[index] = (uint8_t)next_random(256);
        else if (kind == 2) text[index] = 'x';
        else {
            if (!words[word][at]) word = next_random(6), at = 0;
            text[index] = (uint8_t)words[word][at++];
        }
        if (kind == 3) at = 0;
    }
}

struct ends { wsf_connection sender, receiver; };

static void begin(struct ends *ends, wsf_endpoint sender, uint8_t bits, bool takes_over) {
    wsf_options options;
    wsf_options_init(&options, sizeof options, sender == WSF_CLIENT ? WSF_SERVER : WSF_CLIENT);
    options.permessage_deflate = true;
    CHECK(wsf_connection_init(&ends->sender, sizeof ends->sender, &options));
    wsf_options_init(&options, sizeof options, sender);
    options.permessage_deflate = options.inflates = true;
    options.window_bits = bits;
    options.takes_over = takes_over;
    CHECK(wsf_connection_init(&ends->receiver, sizeof ends->receiver, &options));
    CHECK(wsf_inflater_init(inflater, sizeof inflater_memory, &options));
    CHECK(wsf_deflater_init(deflater, sizeof deflater_memory, bits, takes_over));
}

/* Whether the receiver gets exactly this. */
static bool arrives(struct ends *ends, uint8_t *stream, size_t count, const uint8_t *text, size_t length, bool ends_message) {
    uint8_t reply[WSF_CONTROL_FRAME_MAX];
    wsf_event event = {0};
    wsf_violation violation;
    size_t index = 0, got = 0, reply_count;
    bool ended = false;
    wsf_result result;
    while ((result = wsf_connection_next_inflated(
                &ends->receiver, inflater, stream, count, &index, &event, key, reply, &reply_count, &violation)) == WSF_EVENT) {
        if (event.opcode > WSF_BINARY) continue;
        if (event.payload_count > length - got) return false;
        if (memcmp(text + got, wsf_inflated_payload(&event, stream, inflater), event.payload_count)) return false;
        got += event.payload_count;
        ended = event.ends_message;
    }
    return result == WSF_NEED_MORE && got == length && ended == ends_message;
}

static uint8_t text[1 << 17], frame[(1 << 17) + 256];

/* Messages of all sizes with every agreement, whole, masked and unmasked; and the documented room suffices. */
static void back_and_forth(int rounds) {
    static const uint32_t sizes[] = {2, 130, 130, 1000, 9000, 70000};
    for (uint8_t bits = 8; bits <= 15; bits++) for (int how = 0; how < 4; how++) {
        struct ends ends;
        wsf_endpoint sender = how & 1 ? WSF_CLIENT : WSF_SERVER;
        begin(&ends, sender, bits, how & 2);
        for (int round = 0; round < rounds; round++) {
            size_t count = next_random(sizes[next_random(6)]), room = WSF_HEADER_MAX + wsf_deflated_max(count), length = 0;
            make(text, count);
            frame[room] = 0xA5;
            CHECK(wsf_connection_message(&ends.sender, deflater, WSF_BINARY, text, count, how & 1 ? key : NULL, frame, room,
                &length) == WSF_SENT);
            CHECK(frame[room] == 0xA5 && length <= count + WSF_HEADER_MAX);
            CHECK(!(frame[0] & WSF_RSV1) || length < count + 2 + (how & 1) * 4);
            CHECK(arrives(&ends, frame, length, text, count, true));
        }
    }
}

/* A fragmented message whose payload is compressed piece by piece, with a ping in between, while the deflater is moved. */
static void fragments(void) {
    static uint64_t other[1 << 15];
    struct ends ends;
    uint8_t header[WSF_HEADER_MAX];
    begin(&ends, WSF_SERVER, 15, true);
    make(text, sizeof text);
    for (int round = 0; round < 4; round++) for (size_t at = 0; at < 100000; at += 20000) {
        wsf_part part = at == 0 ? WSF_FIRST : at == 80000 ? WSF_LAST : WSF_MIDDLE;
        size_t count, header_count, size = wsf_deflater_size(15);
        CHECK(wsf_deflate(deflater, text + at, 20000, part == WSF_LAST, frame + WSF_HEADER_MAX, wsf_deflated_max(20000), &count));
        CHECK(wsf_connection_header(&ends.sender, part, WSF_BINARY, part == WSF_FIRST ? WSF_RSV1 : 0, count, NULL, header,
            &header_count) == WSF_SENT);
        uint8_t *start = frame + WSF_HEADER_MAX - header_count;
        memcpy(start, header, header_count);
        CHECK(arrives(&ends, start, header_count + count, text + at, 20000, part == WSF_LAST));
        memcpy(other, deflater_memory, size);
        memset(deflater_memory, 0x5A, size);
        memcpy(deflater_memory, other, size);
        size_t length = 77;
        if (part != WSF_LAST)
            CHECK(wsf_connection_message(&ends.sender, deflater, WSF_TEXT, text, 5, NULL, frame, sizeof frame, &length)
                    == WSF_SEND_OPEN_MESSAGE && length == 77);
        CHECK(wsf_connection_control(&ends.sender, WSF_PING, NULL, 0, NULL, frame, &length) == WSF_SENT);
        uint8_t reply[WSF_CONTROL_FRAME_MAX];
        wsf_event event;
        size_t index = 0, reply_count;
        CHECK(wsf_connection_next_inflated(&ends.receiver, inflater, frame, length, &index, &event, key, reply, &reply_count,
            NULL) == WSF_EVENT && event.opcode == WSF_PING && reply_count == 6);
    }
}

/* What is sent uncompressed, and what is refused. */
static void sending(void) {
    struct ends ends;
    size_t length = 0, other = 0;
    static const char said[] = "a message that is said twice, and twice the same: a message that is said twice";
    const uint8_t *message = (const uint8_t *)said;
    size_t count = sizeof said - 1, room = WSF_HEADER_MAX + wsf_deflated_max(count);
    begin(&ends, WSF_SERVER, 15, true);
    /* The second refers to the first; after a message that was sent uncompressed, none refers to what was before it. */
    CHECK(wsf_connection_message(&ends.sender, deflater, WSF_TEXT, message, count, NULL, frame, room, &length) == WSF_SENT);
    CHECK(frame[0] == 0xC1 && length < count && arrives(&ends, frame, length, message, count, true));
    CHECK(wsf_connection_message(&ends.sender, deflater, WSF_TEXT, message, count, NULL, frame, room, &other) == WSF_SENT);
    CHECK(other < 12 && arrives(&ends, frame, other, message, count, true));
    CHECK(wsf_connection_message(&ends.sender, deflater, WSF_TEXT, (const uint8_t *)"#~", 2, NULL, frame, 64, &other) == WSF_SENT);
    CHECK(other == 4 && frame[0] == 0x81 && arrives(&ends, frame, other, (const uint8_t *)"#~", 2, true));
    CHECK(wsf_connection_message(&ends.sender, deflater, WSF_TEXT, message, count, NULL, frame, room, &other) == WSF_SENT);
    CHECK(other == length && arrives(&ends, frame, other, message, count, true));
    wsf_deflater_forget(deflater);
    CHECK(wsf_connection_message(&ends.sender, deflater, WSF_TEXT, message, count, NULL, frame, room, &other) == WSF_SENT);
    CHECK(other == length && arrives(&ends, frame, other, message, count, true));
    /* An empty message, and one without a deflater, are sent as they are. */
    CHECK(wsf_connection_message(&ends.sender, deflater, WSF_TEXT, NULL, 0, NULL, frame, 64, &other) == WSF_SENT);
    CHECK(other == 2 && frame[0] == 0x81 && frame[1] == 0);
    CHECK(wsf_connection_message(&ends.sender, NULL, WSF_TEXT, message, count, NULL, frame, room, &other) == WSF_SENT);
    CHECK(other == count + 2 && frame[0] == 0x81 && !memcmp(frame + 2, said, count));
    /* Refused without any change: the next message still refers to the previous one. */
    other = 99;
    CHECK(wsf_connection_message(&ends.sender, deflater, WSF_TEXT, message, count, NULL, frame, room - 1, &other)
        == WSF_SEND_INVALID_ARGUMENT);
    CHECK(wsf_connection_message(&ends.sender, deflater, WSF_TEXT, message, count, NULL, frame, 3, &other)
        == WSF_SEND_INVALID_ARGUMENT);
    CHECK(wsf_connection_message(&ends.sender, deflater, WSF_PING, message, 5, NULL, frame, room, &other)
        == WSF_SEND_INVALID_ARGUMENT);
    CHECK(wsf_connection_message(&ends.sender, deflater, WSF_TEXT, message, SIZE_MAX, NULL, frame, room, &other)
        == WSF_SEND_INVALID_ARGUMENT);
    CHECK(other == 99);
    CHECK(wsf_connection_message(&ends.sender, deflater, WSF_TEXT, message, count, NULL, frame, room, &other) == WSF_SENT);
    CHECK(other < 12);
    wsf_options plain;
    wsf_connection closed;
    wsf_options_init(&plain, sizeof plain, WSF_CLIENT);
    CHECK(wsf_connection_init(&closed, sizeof closed, &plain));
    other = 99;
    CHECK(wsf_connection_message(&closed, deflater, WSF_TEXT, message, count, NULL, frame, room, &other)
        == WSF_SEND_UNCLAIMED_BITS && other == 99);
    CHECK(wsf_connection_message(&closed, NULL, WSF_TEXT, message, count, NULL, frame, room, &other) == WSF_SENT);
    CHECK(wsf_connection_close(&ends.sender, 1000, NULL, 0, NULL, frame, &length) == WSF_SENT);
    other = 99;
    CHECK(wsf_connection_message(&ends.sender, deflater, WSF_TEXT, message, count, NULL, frame, room, &other)
        == WSF_SEND_CLOSED && other == 99);
}

/* Without takeover, connections can share a deflater. */
static void shared(void) {
    static struct ends first, second;
    begin(&first, WSF_SERVER, 12, false);
    begin(&second, WSF_SERVER, 12, false);
    size_t length, again;
    make(text, 3000);
    for (int round = 0; round < 3; round++) {
        CHECK(wsf_connection_message(&first.sender, deflater, WSF_BINARY, text, 3000, NULL, frame, sizeof frame, &length)
            == WSF_SENT && arrives(&first, frame, length, text, 3000, true));
        CHECK(wsf_connection_message(&second.sender, deflater, WSF_BINARY, text, 3000, NULL, frame, sizeof frame, &again)
            == WSF_SENT && again == length && arrives(&second, frame, again, text, 3000, true));
    }
}

int main(int argc, char **argv) {
    static char buffer[1024]; /* so that stdio needs no heap */
    setvbuf(stdout, buffer, _IOLBF, sizeof buffer);
    if (argc > 1 && !strcmp(argv[1], "--size")) {
        for (uint8_t bits = 8; bits <= 15; bits++) printf("%u bits: %zu bytes\n", bits, wsf_deflater_size(bits));
        return 0;
    }
    setting_up();
    bounds();
    back_and_forth(argc > 1 ? 400 : 40);
    fragments();
    sending();
    shared();
    printf("deflating: %d checks, %d failures\n", checks, failures);
    return failures != 0;
}
