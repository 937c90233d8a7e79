/* Covers everything in the header that the corpus does not reach. It uses no heap, so that a memory checker can show that
 * the library does not either. `calls --sizes` prints the sizes of the structs, for bindings in other languages. */
#include <stdio.h>
#include <string.h>

#include "websocket_frames.h"

static int checks, failures;
#define CHECK(what) check((what), #what, __LINE__)
static void check(bool holds, const char *what, int line) {
    checks++;
    if (!holds) failures++, printf("FAILED: line %d: %s\n", line, what);
}

static const uint8_t key[4] = {0x37, 0xfa, 0x21, 0x3d};

static void rules(void) {
    static const struct { wsf_rule rule; const char *name, *section; uint16_t close_code; } all[] = {
        {WSF_RULE_RESERVED_BITS, "reserved-bits", "RFC 6455 §5.2", 1002},
        {WSF_RULE_MISPLACED_RSV1, "misplaced-rsv1", "RFC 7692 §6", 1002},
        {WSF_RULE_RESERVED_OPCODE, "reserved-opcode", "RFC 6455 §5.2", 1002},
        {WSF_RULE_FRAGMENTED_CONTROL, "fragmented-control", "RFC 6455 §5.4, §5.5", 1002},
        {WSF_RULE_DATA_AFTER_CLOSE, "data-after-close", "RFC 6455 §5.5.1", 1002},
        {WSF_RULE_UNEXPECTED_CONTINUATION, "unexpected-continuation", "RFC 6455 §5.4", 1002},
        {WSF_RULE_INTERLEAVED_MESSAGE, "interleaved-message", "RFC 6455 §5.4", 1002},
        {WSF_RULE_UNMASKED_CLIENT_FRAME, "unmasked-client-frame", "RFC 6455 §5.1", 1002},
        {WSF_RULE_MASKED_SERVER_FRAME, "masked-server-frame", "RFC 6455 §5.1", 1002},
        {WSF_RULE_OVERSIZED_CONTROL, "oversized-control", "RFC 6455 §5.5", 1002},
        {WSF_RULE_TRUNCATED_CLOSE_CODE, "truncated-close-code", "RFC 6455 §5.5.1", 1002},
        {WSF_RULE_LENGTH_OVERFLOW, "length-overflow", "RFC 6455 §5.2", 1002},
        {WSF_RULE_NON_MINIMAL_LENGTH, "non-minimal-length", "RFC 6455 §5.2", 1002},
        {WSF_RULE_FRAME_TOO_BIG, "frame-too-big", "RFC 6455 §7.4.1, §10.4", 1009},
        {WSF_RULE_MESSAGE_TOO_BIG, "message-too-big", "RFC 6455 §7.4.1, §10.4", 1009},
        {WSF_RULE_INVALID_CLOSE_CODE, "invalid-close-code", "RFC 6455 §7.4 and the IANA registry", 1002},
        {WSF_RULE_CLOSE_REASON_NOT_UTF8, "close-reason-not-utf8", "RFC 6455 §5.5.1, §8.1", 1007},
        {WSF_RULE_TEXT_NOT_UTF8, "text-not-utf8", "RFC 6455 §5.6, §8.1", 1007},
        {WSF_RULE_INVALID_DEFLATE, "invalid-deflate", "RFC 7692 §7.2.2", 1007}};
    const char *(*const texts[])(wsf_rule) = {
        wsf_rule_name, wsf_rule_section, wsf_rule_broken_when, wsf_rule_sentence, wsf_rule_meaning, wsf_rule_causes,
        wsf_rule_checks};
    CHECK(sizeof all / sizeof *all == WSF_RULE_COUNT);
    for (int rule = 0; rule < 256; rule++) {
        wsf_violation violation;
        memset(&violation, 0, sizeof violation);
        violation.rule = (wsf_rule)rule;
        for (size_t text = 0; text < sizeof texts / sizeof *texts; text++) {
            const char *of_rule = texts[text]((wsf_rule)rule);
            CHECK((of_rule != NULL) == (rule < WSF_RULE_COUNT));
            /* The NUL is at the end of the text itself, not somewhere after its neighbours. */
            if (of_rule) CHECK(strlen(of_rule) > 5 && strlen(of_rule) < 800);
        }
        CHECK(wsf_close_code(&violation) == (rule < WSF_RULE_COUNT ? all[rule].close_code : 1011));
        if (rule >= WSF_RULE_COUNT) continue;
        CHECK(all[rule].rule == rule);
        CHECK(!strcmp(wsf_rule_name((wsf_rule)rule), all[rule].name));
        CHECK(!strcmp(wsf_rule_section((wsf_rule)rule), all[rule].section));
    }
    CHECK(wsf_close_code(NULL) == 1011);
}

/* Judges one whole stream. */
static wsf_result judge(const wsf_options *options, const void *bytes, size_t count, wsf_violation *violation) {
    wsf_validator validator;
    CHECK(wsf_validator_init(&validator, sizeof validator, options));
    return wsf_validate(&validator, bytes, count, violation);
}

static void options(void) {
    wsf_options options;
    wsf_validator validator, untouched;
    wsf_reader reader;
    wsf_violation violation;
    wsf_options_init(&options, sizeof options, WSF_SERVER);
    CHECK(options.max_frame == WSF_NO_LIMIT && options.max_message == WSF_NO_LIMIT && options.peer == WSF_SERVER);
    CHECK(!options.permessage_deflate && options.claimed_bits == 0);

    options.peer = 3;
    memset(&validator, 0x55, sizeof validator);
    untouched = validator;
    CHECK(!wsf_validator_init(&validator, sizeof validator, &options) && !memcmp(&validator, &untouched, sizeof validator));
    CHECK(!wsf_reader_init(&reader, sizeof reader, &options));
    options.peer = WSF_UNKNOWN;
    CHECK(!wsf_reader_init(&reader, sizeof reader, &options));
    CHECK(wsf_validator_init(&validator, sizeof validator, &options) && wsf_validator_sender(&validator) == WSF_UNKNOWN);
    CHECK(wsf_validate(&validator, (const uint8_t *)"\x81", 1, NULL) == WSF_NEED_MORE);
    CHECK(wsf_validator_sender(&validator) == WSF_UNKNOWN);
    CHECK(wsf_validate(&validator, (const uint8_t *)"\x81", 1, NULL) == WSF_NEED_MORE);
    CHECK(wsf_validator_sender(&validator) == WSF_CLIENT);

    options.peer = WSF_SERVER;
    CHECK(judge(&options, "\xc1\x00", 2, &violation) == WSF_VIOLATION && violation.rule == WSF_RULE_RESERVED_BITS);
    options.permessage_deflate = true;
    CHECK(judge(&options, "\xc1\x01\xff", 3, &violation) == WSF_NEED_MORE);
    CHECK(judge(&options, "\xa1\x00", 2, &violation) == WSF_VIOLATION && violation.rule == WSF_RULE_RESERVED_BITS);
    CHECK(judge(&options, "\xc9\x00", 2, &violation) == WSF_VIOLATION && violation.rule == WSF_RULE_MISPLACED_RSV1);
    options.claimed_bits = WSF_RSV2;
    CHECK(judge(&options, "\xa1\x00", 2, NULL) == WSF_NEED_MORE);
    CHECK(judge(&options, "\x91\x00", 2, NULL) == WSF_VIOLATION);
    options.max_frame = 3;
    CHECK(judge(&options, "\x82\x03xxx", 5, NULL) == WSF_NEED_MORE);
    CHECK(judge(&options, "\x82\x04", 2, &violation) == WSF_VIOLATION && violation.close_code == 1009);
    options.max_message = 5;
    CHECK(judge(&options, "\x02\x03xxx\x80\x02xx", 9, NULL) == WSF_NEED_MORE);
    CHECK(judge(&options, "\x02\x03xxx\x80\x03", 7, &violation) == WSF_VIOLATION);
    CHECK(violation.rule == WSF_RULE_MESSAGE_TOO_BIG && violation.frame == 1 && violation.offset == 6);
}

static void going_on(void) {
    wsf_options options;
    wsf_validator validator;
    wsf_violation violation;
    wsf_status status;
    wsf_options_init(&options, sizeof options, WSF_SERVER);
    CHECK(wsf_validator_init(&validator, sizeof validator, &options) && !wsf_validator_skip_frame(&validator));
    static const uint8_t stream[] = "\x83\x01x\x88\x02\x03\xe8";
    CHECK(wsf_validate(&validator, stream, 7, &violation) == WSF_VIOLATION && violation.offset == 0);
    CHECK(wsf_validator_skip_frame(&validator));
    wsf_validator_status(&validator, &status);
    CHECK(status.position == 1 && status.state == WSF_STATE_INCOMPLETE_FRAME);
    CHECK(wsf_validate(&validator, stream + status.position, 7 - status.position, NULL) == WSF_NEED_MORE);
    wsf_validator_status(&validator, &status);
    CHECK(status.position == 7 && status.frames == 2 && status.closed && status.state == WSF_STATE_COMPLETE);
    CHECK(wsf_validator_close_code(&validator) == 1000);
    CHECK(wsf_validate(&validator, (const uint8_t *)"\x82\x7f\x80\0\0\0\0\0\0\0", 10, NULL) == WSF_VIOLATION);
}

static bool count_to_stop(void *context, const wsf_event *event, const uint8_t *payload) {
    (void)event, (void)payload;
    return --*(int *)context > 0;
}

/* Two text frames with a ping in between, from one reader at an odd word address that is moved between two calls. */
static void reading(void) {
    static const uint8_t stream[] = "\x01\x03\xe2\x82\xacpad"; /* "€" */
    uint64_t words[2 * WSF_READER_WORDS + 1];
    wsf_options options;
    wsf_options_init(&options, sizeof options, WSF_SERVER);
    for (int word = 0; word < 2; word++) {
        wsf_reader *reader = (wsf_reader *)(void *)(words + word);
        uint8_t bytes[12];
        memcpy(bytes, stream, 5);
        memcpy(bytes + 5, "\x89\x01p\x80\x01!", 6);
        wsf_event event;
        wsf_violation violation;
        wsf_status status;
        size_t index = 0;
        CHECK(wsf_reader_init(reader, sizeof *reader, &options));
        CHECK(wsf_reader_next(reader, NULL, 0, &index, &event, NULL) == WSF_NEED_MORE && index == 0);
        CHECK(wsf_reader_next(reader, bytes, 11, &index, &event, &violation) == WSF_EVENT && index == 5);
        CHECK(wsf_event_payload(&event, bytes) == bytes + 2 && event.payload_start == 2 && event.payload_count == 3 && !event.ends_message);
        reader = memmove(words + 1 - word, reader, sizeof *reader);
        CHECK(wsf_reader_next(reader, bytes, 6, &index, &event, &violation) == WSF_NEED_MORE && index == 6);
        int left = 1;
        CHECK(wsf_reader_read(reader, bytes, 11, &index, count_to_stop, &left, NULL) == WSF_STOPPED && index == 8);
        wsf_reader_status(reader, &status);
        CHECK(status.frames == 2 && status.messages == 0 && status.position == 8 && !status.closed);
        CHECK(status.state == WSF_STATE_INCOMPLETE_MESSAGE);
        left = 9;
        CHECK(wsf_reader_read(reader, bytes, 11, &index, count_to_stop, &left, NULL) == WSF_NEED_MORE && left == 8);
        index = 0;
        bytes[0] = 0x80;
        CHECK(wsf_reader_read(reader, bytes, 1, &index, count_to_stop, NULL, &violation) == WSF_VIOLATION);
        CHECK(violation.rule == WSF_RULE_UNEXPECTED_CONTINUATION && violation.offset == 11 && index == 1);
        CHECK(violation.header_length == 1 && violation.header[0] == 0x80 && violation.header[1] == 0);
    }
}

static void sending(void) {
    uint8_t frame[WSF_CONTROL_FRAME_MAX], header[WSF_HEADER_MAX], payload[126] = {0};
    CHECK(wsf_header_encode(header, WSF_TEXT, true, 0, 125, NULL) == 2 && !memcmp(header, "\x81\x7d", 2));
    CHECK(wsf_header_encode(header, WSF_BINARY, false, WSF_RSV1, 126, NULL) == 4);
    CHECK(!memcmp(header, "\x42\x7e\x00\x7e", 4));
    CHECK(wsf_header_encode(header, WSF_CONTINUATION, true, 0, 65536, key) == 14);
    CHECK(!memcmp(header, "\x80\xff\0\0\0\0\0\1\0\0\x37\xfa\x21\x3d", 14));
    CHECK(wsf_header_encode(header, WSF_BINARY, true, 0, INT64_MAX, NULL) == 10);
    CHECK(wsf_header_encode(header, WSF_BINARY, true, 0, (uint64_t)1 << 63, NULL) == 0);
    CHECK(wsf_header_encode(header, WSF_PING, true, 0, 126, NULL) == 0);
    CHECK(wsf_header_encode(header, WSF_PING, false, 0, 1, NULL) == 0);
    CHECK(wsf_header_encode(header, WSF_CLOSE, true, 0, 1, NULL) == 0);
    CHECK(wsf_header_encode(header, 3, true, 0, 1, NULL) == 0 && wsf_header_encode(header, 17, true, 0, 1, NULL) == 0);

    CHECK(wsf_control_encode(frame, WSF_PONG, (const uint8_t *)"Hello", 5, NULL) == 7);
    CHECK(!memcmp(frame, "\x8a\x05Hello", 7));
    CHECK(wsf_control_encode(frame, WSF_PONG, (const uint8_t *)"Hello", 5, key) == 11);
    CHECK(!memcmp(frame, "\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11)); /* RFC 6455 §5.7 */
    CHECK(wsf_control_encode(frame, WSF_CLOSE, NULL, 0, NULL) == 2 && !memcmp(frame, "\x88\x00", 2));
    CHECK(wsf_control_encode(frame, WSF_PING, payload, 125, key) == WSF_CONTROL_FRAME_MAX);
    CHECK(wsf_control_encode(frame, WSF_PING, payload, 126, NULL) == 0);
    CHECK(wsf_control_encode(frame, WSF_TEXT, payload, 1, NULL) == 0);
    CHECK(wsf_control_encode(frame, 0x19, payload, 1, NULL) == 0);
    CHECK(wsf_control_encode(frame, WSF_CLOSE, payload, 1, NULL) == 0);

    CHECK(wsf_close_encode(frame, 1002, "bad", 3, NULL) == 7 && !memcmp(frame, "\x88\x05\x03\xea" "bad", 7));
    CHECK(wsf_close_encode(frame, 1000, NULL, 0, NULL) == 4);
    CHECK(wsf_close_encode(frame, 1000, (const char *)payload, 123, key) == WSF_CONTROL_FRAME_MAX);
    CHECK(wsf_close_encode(frame, 1000, (const char *)payload, 124, NULL) == 0);
    CHECK(wsf_close_encode(frame, 1005, NULL, 0, NULL) == 0 && wsf_close_encode(frame, 999, NULL, 0, key) == 0);
    CHECK(wsf_close_encode(frame, 1000, "\xff", 1, NULL) == 0);
    CHECK(wsf_close_encode(frame, 1000, "\xe2\x82", 2, key) == 0);
}

static void masking(void) {
    uint8_t bytes[300], whole[300];
    for (size_t cut = 0; cut <= 40; cut++) {
        for (size_t index = 0; index < sizeof bytes; index++) bytes[index] = (uint8_t)(index * 7);
        wsf_mask(bytes, cut, key, 5);
        wsf_mask(bytes + cut, sizeof bytes - cut, key, 5 + cut);
        for (size_t index = 0; index < sizeof whole; index++)
            whole[index] = (uint8_t)((uint8_t)(index * 7) ^ key[(5 + index) % 4]);
        CHECK(!memcmp(bytes, whole, sizeof bytes));
    }
    wsf_mask(NULL, 0, key, UINT64_MAX);
}

/* A header of another version is detected. */
static void sizes(void) {
    wsf_options options, untouched;
    memset(&options, 0xAA, sizeof options);
    untouched = options;
    CHECK(wsf_version() == WSF_VERSION);
    CHECK(!wsf_options_init(&options, sizeof options - 8, WSF_CLIENT) && !memcmp(&options, &untouched, sizeof options));
    CHECK(wsf_options_init(&options, sizeof options, WSF_CLIENT) && options.struct_size == sizeof options);
    wsf_validator validator;
    wsf_reader reader;
    wsf_connection connection;
    CHECK(!wsf_validator_init(&validator, sizeof validator + 8, &options));
    CHECK(!wsf_reader_init(&reader, sizeof reader - 8, &options));
    CHECK(!wsf_connection_init(&connection, sizeof reader, &options));
    options.struct_size--;
    CHECK(!wsf_reader_init(&reader, sizeof reader, &options));
}

/* The laws of a connection: who may send what, and what is answered. */
static void connection(void) {
    wsf_options options;
    wsf_options_init(&options, sizeof options, WSF_CLIENT);
    options.max_control_frames = 2;
    wsf_connection here;
    wsf_event event;
    wsf_violation violation;
    uint8_t frame[WSF_CONTROL_FRAME_MAX], header[WSF_HEADER_MAX];
    size_t count = 9, index = 0;

    CHECK(wsf_connection_init(&here, sizeof here, &options) && wsf_connection_get_state(&here) == WSF_OPEN);
    CHECK(wsf_connection_header(&here, WSF_LAST, WSF_TEXT, 0, 3, NULL, header, &count) == WSF_SEND_NO_OPEN_MESSAGE);
    CHECK(wsf_connection_header(&here, 4, WSF_TEXT, 0, 3, NULL, header, &count) == WSF_SEND_INVALID_ARGUMENT);
    CHECK(wsf_connection_header(&here, WSF_WHOLE, WSF_PING, 0, 3, NULL, header, &count) == WSF_SEND_INVALID_ARGUMENT);
    CHECK(wsf_connection_header(&here, WSF_WHOLE, WSF_TEXT, WSF_RSV1, 3, NULL, header, &count) == WSF_SEND_UNCLAIMED_BITS);
    CHECK(wsf_connection_header(&here, WSF_WHOLE, WSF_TEXT, 0, 1ULL << 63, NULL, header, &count) == WSF_SEND_TOO_LONG);
    CHECK(count == 9);
    CHECK(wsf_connection_header(&here, WSF_FIRST, WSF_TEXT, 0, 3, NULL, header, &count) == WSF_SENT && count == 2);
    CHECK(header[0] == 0x01 && header[1] == 3);
    CHECK(wsf_connection_header(&here, WSF_WHOLE, WSF_TEXT, 0, 3, NULL, header, &count) == WSF_SEND_OPEN_MESSAGE);
    CHECK(wsf_connection_control(&here, WSF_PING, key, 4, NULL, frame, &count) == WSF_SENT && count == 6);
    CHECK(wsf_connection_control(&here, WSF_CLOSE, key, 4, NULL, frame, &count) == WSF_SEND_INVALID_ARGUMENT);
    CHECK(wsf_connection_header(&here, WSF_LAST, 0, 0, 0, NULL, header, &count) == WSF_SENT && header[0] == 0x80);
    CHECK(wsf_connection_close(&here, 1005, NULL, 0, NULL, frame, &count) == WSF_SEND_INVALID_CONTROL);
    CHECK(wsf_connection_close(&here, 1001, "\xff", 1, NULL, frame, &count) == WSF_SEND_INVALID_CONTROL);
    CHECK(wsf_connection_get_state(&here) == WSF_OPEN);
    CHECK(wsf_connection_close(&here, 1001, "bye", 3, NULL, frame, &count) == WSF_SENT && count == 7);
    CHECK(!memcmp(frame, "\x88\x05\x03\xe9" "bye", 7) && wsf_connection_get_state(&here) == WSF_CLOSING);
    CHECK(wsf_connection_close(&here, 1001, NULL, 0, NULL, frame, &count) == WSF_SEND_CLOSED);
    CHECK(wsf_connection_header(&here, WSF_WHOLE, WSF_TEXT, 0, 3, NULL, header, &count) == WSF_SEND_CLOSED);

    /* A ping is answered while this side's Close is under way; the peer's Close ends the connection, unanswered. */
    uint8_t bytes[] = {0x89, 0x81, 0, 0, 0, 0, 7, 0x88, 0x80, 0, 0, 0, 0, 0x89, 0x80, 0, 0, 0, 0};
    CHECK(wsf_connection_next(&here, bytes, sizeof bytes, &index, &event, NULL, frame, &count, &violation) == WSF_EVENT);
    CHECK(event.opcode == WSF_PING && count == 3 && !memcmp(frame, "\x8a\x01\x07", 3));
    CHECK(wsf_connection_next(&here, bytes, sizeof bytes, &index, &event, NULL, frame, &count, &violation) == WSF_EVENT);
    CHECK(event.opcode == WSF_CLOSE && count == 0 && wsf_connection_get_state(&here) == WSF_CLOSED);
    CHECK(wsf_connection_next(&here, bytes, sizeof bytes, &index, &event, NULL, frame, &count, NULL) == WSF_NEED_MORE);
    CHECK(index == sizeof bytes && wsf_connection_end_of_input(&here));

    /* Too many control frames: 1008. A violation: its own code. An error here: 1011. */
    uint8_t pings[] = {0x89, 0x80, 0, 0, 0, 0, 0x89, 0x80, 0, 0, 0, 0, 0x89, 0x80, 0, 0, 0, 0, 0x83};
    wsf_connection_init(&here, sizeof here, &options);
    index = 0;
    for (int ping = 0; ping < 2; ping++)
        CHECK(wsf_connection_next(&here, pings, sizeof pings, &index, &event, NULL, frame, &count, NULL) == WSF_EVENT);
    CHECK(wsf_connection_next(&here, pings, sizeof pings, &index, &event, NULL, frame, &count, NULL) == WSF_EXCEEDED);
    CHECK(count > 4 && frame[0] == 0x88 && frame[2] == 0x03 && frame[3] == 0xF0);
    wsf_connection_init(&here, sizeof here, &options);
    index = 18;
    CHECK(wsf_connection_next(&here, pings, sizeof pings, &index, &event, NULL, frame, &count, &violation) == WSF_VIOLATION);
    CHECK(frame[2] == 0x03 && frame[3] == 0xEA && violation.rule == WSF_RULE_RESERVED_OPCODE);
    options.peer = WSF_SERVER; /* As a client: masked. */
    wsf_connection_init(&here, sizeof here, &options);
    wsf_connection_fail(&here, key, frame, &count);
    CHECK(count == 8 && frame[1] == 0x82 && (frame[6] ^ key[0]) == 0x03 && (frame[7] ^ key[1]) == 0xF3);
    wsf_connection_fail(&here, key, frame, &count);
    CHECK(count == 0 && wsf_connection_get_state(&here) == WSF_CLOSED);
}

int main(int argc, char **argv) {
    static char buffer[1024]; /* so that stdio needs no heap */
    setvbuf(stdout, buffer, _IOLBF, sizeof buffer);
    if (argc > 1 && !strcmp(argv[1], "--sizes")) {
        printf("%zu %zu %zu %zu %zu %zu %zu\n", sizeof(wsf_options), sizeof(wsf_violation), sizeof(wsf_status),
            sizeof(wsf_event), sizeof(wsf_validator), sizeof(wsf_reader), sizeof(wsf_connection));
        return 0;
    }
    rules();
    options();
    going_on();
    reading();
    sending();
    masking();
    sizes();
    connection();
    printf("calls: %d checks, %d failures\n", checks, failures);
    return failures != 0;
}
