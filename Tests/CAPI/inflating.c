/* Covers everything in the inflating header that the corpus does not reach. It uses no heap, so that a memory checker can show
 * that the library does not either. `inflating --size` prints how much memory an inflater takes with each window. */
#include <stdio.h>
#include <string.h>

#include "websocket_inflating.h"

static int checks, failures;
#define CHECK(what) check((what), #what, __LINE__)
static void check(bool holds, const char *what, int line) {
    checks++;
    if (!holds) failures++, printf("FAILED: line %d: %s\n", line, what);
}

static uint64_t memory[1 << 13];
static wsf_inflater *const inflater = (wsf_inflater *)(void *)memory;
static wsf_options options;
static wsf_reader reader;
static wsf_violation violation;

/* The server's side of a new connection with compression. */
static void begin(uint8_t window_bits, bool takes_over, uint64_t max_message) {
    wsf_options_init(&options, sizeof options, WSF_SERVER);
    options.permessage_deflate = options.inflates = true;
    options.window_bits = window_bits;
    options.takes_over = takes_over;
    options.max_message = max_message;
    CHECK(wsf_inflater_init(inflater, sizeof memory, &options));
    CHECK(wsf_reader_init(&reader, sizeof reader, &options));
}

static void setting_up(void) {
    wsf_validator validator;
    wsf_connection connection;
    wsf_options_init(&options, sizeof options, WSF_CLIENT);
    CHECK(!options.inflates && options.window_bits == 15 && options.takes_over);
    CHECK(wsf_inflater_size(&options) == 0 && !wsf_inflater_init(inflater, sizeof memory, &options));
    options.inflates = true;
    CHECK(wsf_inflater_size(&options) == 0); /* RSV1 was not agreed. */
    CHECK(!wsf_reader_init(&reader, sizeof reader, &options));
    CHECK(!wsf_connection_init(&connection, sizeof connection, &options));
    options.permessage_deflate = true;
    CHECK(wsf_reader_init(&reader, sizeof reader, &options));
    CHECK(wsf_connection_init(&connection, sizeof connection, &options));
    CHECK(!wsf_validator_init(&validator, sizeof validator, &options));
    size_t size = wsf_inflater_size(&options), before = 0;
    CHECK(size > (1 << 15) && size <= (1 << 15) + (18 << 10) && size <= sizeof memory);
    CHECK(!wsf_inflater_init(inflater, size - 1, &options) && wsf_inflater_init(inflater, size, &options));
    CHECK(!wsf_inflater_init((wsf_inflater *)(void *)((char *)memory + 4), size, &options));
    for (uint8_t bits = 8; bits <= 15; bits++) {
        options.window_bits = bits;
        size = wsf_inflater_size(&options);
        CHECK(size >= before && size >= (size_t)1 << bits && size <= ((size_t)1 << bits) + (20 << 10));
        before = size;
    }
    static const uint8_t wrong[] = {0, 7, 16, 255};
    for (size_t index = 0; index < sizeof wrong; index++) {
        options.window_bits = wrong[index];
        CHECK(wsf_inflater_size(&options) == 0 && !wsf_reader_init(&reader, sizeof reader, &options));
    }
    options.window_bits = 15;
    options.peer = WSF_UNKNOWN;
    CHECK(wsf_inflater_size(&options) == 0);
    options.peer = WSF_CLIENT;
    options.struct_size--;
    CHECK(wsf_inflater_size(&options) == 0);
}

/* Reads everything into `text`, and returns the last result. */
static wsf_result read_all(const void *stream, size_t count, char *text, size_t *length) {
    static uint8_t bytes[1 << 16];
    wsf_event event;
    wsf_result result;
    size_t index = 0;
    memcpy(bytes, stream, count);
    while ((result = wsf_reader_next_inflated(&reader, inflater, bytes, count, &index, &event, &violation)) == WSF_EVENT) {
        const uint8_t *payload = wsf_inflated_payload(&event, bytes, inflater);
        if (event.opcode > WSF_BINARY) continue;
        if (text) memcpy(text + *length, payload, event.payload_count);
        *length += event.payload_count;
    }
    return result;
}

/* The examples of RFC 7692 §7.2.3. */
static void examples(void) {
    static const char hello[] = "\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00", again[] = "\xc1\x05\xf2\x00\x11\x00\x00";
    char text[64];
    size_t length = 0;
    begin(15, true, WSF_NO_LIMIT);
    CHECK(read_all(hello, 9, text, &length) == WSF_NEED_MORE && length == 5);
    CHECK(read_all(again, 7, text, &length) == WSF_NEED_MORE && length == 10 && !memcmp(text, "HelloHello", 10));
    /* Uncompressed, compressed in fragments with a ping in between, stored, with BFINAL set, in two blocks, empty. */
    static const char mixed[] = "\x81\x02 -\x41\x03\xf2\x48\xcd\x89\x01p\x80\x04\xc9\xc9\x07\x00"
                                "\xc1\x0b\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00\xc1\x08\xf3\x48\xcd\xc9\xc9\x07\x00\x00"
                                "\xc1\x0d\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00\xc1\x01\x00";
    length = 0;
    CHECK(read_all(mixed, sizeof mixed - 1, text, &length) == WSF_NEED_MORE);
    CHECK(length == 22 && !memcmp(text, " -HelloHelloHelloHello", 22));
    wsf_status status;
    wsf_reader_status(&reader, &status);
    CHECK(status.messages == 8 && status.state == WSF_STATE_COMPLETE);
    /* Without takeover, the second has nothing to refer to. */
    length = 0;
    begin(15, false, WSF_NO_LIMIT);
    CHECK(read_all(hello, 9, text, &length) == WSF_NEED_MORE && length == 5);
    CHECK(read_all(again, 7, text, &length) == WSF_VIOLATION && violation.rule == WSF_RULE_INVALID_DEFLATE);
    CHECK(violation.close_code == 1007 && violation.frame == 1 && violation.frame_offset == 9 && violation.length == 1);
    CHECK(wsf_inflater_message_offset(inflater) == 1); /* "H" was there. */
    wsf_reader_status(&reader, &status);
    CHECK(status.messages == 1 && status.position == violation.offset + 1 && status.state == WSF_STATE_VIOLATION);
}

/* Bits of a block, lowest bit first. */
struct writer { uint8_t bytes[1 << 15]; size_t bits; };
static void put(struct writer *writer, unsigned value, int count) {
    for (int bit = 0; bit < count; bit++, writer->bits++)
        writer->bytes[writer->bits / 8] |= (uint8_t)((value >> bit & 1) << writer->bits % 8);
}

/* 20,000 matches of 258 bytes: 5 MB in 32 KB, of which no byte beyond the limit is handed over. */
static void bombs(void) {
    static const uint64_t limits[] = {0, 1, 257, 258, 259, 1000, 32768, 65536, 1000000, 5160001};
    static struct writer bomb;
    static uint8_t frame[1 << 16];
    put(&bomb, 2, 3);
    put(&bomb, 0x89, 8); /* 'a' is 10010001, first bit first */
    for (int match = 0; match < 20000; match++) put(&bomb, 0xA3, 8), put(&bomb, 0, 5); /* 258 bytes, from 1 back */
    put(&bomb, 0, 7);
    put(&bomb, 0, 3);
    size_t count = (bomb.bits + 7) / 8, header = wsf_header_encode(frame, WSF_TEXT, true, WSF_RSV1, count, NULL);
    memcpy(frame + header, bomb.bytes, count);
    for (size_t index = 0; index < sizeof limits / sizeof *limits; index++) {
        size_t length = 0;
        begin(9, true, limits[index]);
        wsf_result result = read_all(frame, header + count, NULL, &length);
        if (limits[index] == 5160001) {
            CHECK(result == WSF_NEED_MORE && length == 5160001);
            continue;
        }
        CHECK(result == WSF_VIOLATION && violation.rule == WSF_RULE_MESSAGE_TOO_BIG && violation.close_code == 1009);
        CHECK(length <= limits[index] && wsf_inflater_message_offset(inflater) <= limits[index]);
        CHECK(wsf_inflater_message_offset(inflater) + 258 > limits[index]);
    }
    /* Uncompressed messages are limited by their declared length, as before. */
    size_t length = 0;
    begin(15, true, 3);
    CHECK(read_all("\x02\x02xx\x80\x02", 6, NULL, &length) == WSF_VIOLATION && violation.offset == 5);
    CHECK(violation.rule == WSF_RULE_MESSAGE_TOO_BIG && violation.length == 1);
}

/* A frame that declares 2^62 bytes: the declared length takes no memory; the payload may inflate to nothing for ever, and to
 * anything up to the limit. */
static void endless(void) {
    static const uint8_t header[] = {0xc2, 127, 0x40, 0, 0, 0, 0, 0, 0, 0};
    static uint8_t piece[5000];
    size_t length = 0;
    wsf_status status;
    begin(15, true, 1000);
    CHECK(read_all(header, sizeof header, NULL, &length) == WSF_NEED_MORE);
    for (size_t at = 0; at < sizeof piece; at++) piece[at] = at % 5 < 3 ? 0 : 0xff; /* empty stored blocks */
    for (int round = 0; round < 200; round++) CHECK(read_all(piece, sizeof piece, NULL, &length) == WSF_NEED_MORE);
    wsf_reader_status(&reader, &status);
    CHECK(length == 0 && status.state == WSF_STATE_INCOMPLETE_FRAME && status.position == 10 + 200 * sizeof piece);
    for (size_t at = 0; at < 605; at++) piece[at] = 'a';
    piece[0] = 0, piece[1] = 0x58, piece[2] = 2, piece[3] = 0xa7, piece[4] = 0xfd; /* stored, 600 bytes */
    CHECK(read_all(piece, 605, NULL, &length) == WSF_NEED_MORE && length == 600);
    CHECK(read_all(piece, 605, NULL, &length) == WSF_VIOLATION && length == 600);
    CHECK(violation.rule == WSF_RULE_MESSAGE_TOO_BIG && violation.close_code == 1009 && violation.frame == 0);
    CHECK(violation.offset == 10 + 200 * sizeof piece + 605 + 4 && wsf_inflater_message_offset(inflater) == 600);
}

/* What a connection answers; and one that was closed from this side reads no more. */
static void connection(void) {
    wsf_connection here;
    wsf_event event;
    uint8_t reply[WSF_CONTROL_FRAME_MAX];
    size_t index = 0, count;
    uint8_t broken[] = {0xc1, 0x82, 0, 0, 0, 0, 0xff, 0xff, 0x89, 0x80, 0, 0, 0, 0};
    wsf_options_init(&options, sizeof options, WSF_CLIENT);
    options.permessage_deflate = options.inflates = true;
    wsf_connection_init(&here, sizeof here, &options);
    CHECK(wsf_inflater_init(inflater, sizeof memory, &options));
    CHECK(wsf_connection_next_inflated(
        &here, inflater, broken, sizeof broken, &index, &event, NULL, reply, &count, &violation) == WSF_VIOLATION);
    CHECK(violation.rule == WSF_RULE_INVALID_DEFLATE && violation.offset == 6 && wsf_connection_get_state(&here) == WSF_CLOSED);
    CHECK(count == 19 && !memcmp(reply, "\x88\x11\x03\xefinvalid-deflate", 19));
    CHECK(wsf_connection_next_inflated(
        &here, inflater, broken, sizeof broken, &index, &event, NULL, reply, &count, &violation) == WSF_NEED_MORE);
    CHECK(index == sizeof broken && count == 0);

    uint8_t good[] = {0xc1, 0x87, 0, 0, 0, 0, 0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x89, 0x80, 0, 0, 0, 0};
    wsf_connection_init(&here, sizeof here, &options);
    CHECK(wsf_inflater_init(inflater, sizeof memory, &options));
    index = 0;
    CHECK(wsf_connection_next_inflated(
        &here, inflater, good, sizeof good, &index, &event, NULL, reply, &count, &violation) == WSF_EVENT);
    CHECK(event.is_inflated && event.ends_message && event.payload_count == 5 && event.frame_length == 7 && index == 13);
    CHECK(wsf_connection_next_inflated(
        &here, inflater, good, sizeof good, &index, &event, NULL, reply, &count, &violation) == WSF_EVENT);
    CHECK(event.opcode == WSF_PING && !event.is_inflated && count == 2 && reply[0] == 0x8A);
    wsf_connection_fail(&here, NULL, reply, &count);
    index = 0;
    CHECK(wsf_connection_next_inflated(
        &here, inflater, good, sizeof good, &index, &event, NULL, reply, &count, &violation) == WSF_NEED_MORE);
    CHECK(index == sizeof good);
}

int main(int argc, char **argv) {
    static char buffer[1024]; /* so that stdio needs no heap */
    setvbuf(stdout, buffer, _IOLBF, sizeof buffer);
    if (argc > 1 && !strcmp(argv[1], "--size")) {
        begin(15, true, WSF_NO_LIMIT);
        for (options.window_bits = 8; options.window_bits <= 15; options.window_bits++)
            printf("%u bits: %zu bytes\n", options.window_bits, wsf_inflater_size(&options));
        return 0;
    }
    setting_up();
    examples();
    bombs();
    endless();
    connection();
    printf("inflating: %d checks, %d failures\n", checks, failures);
    return failures != 0;
}
