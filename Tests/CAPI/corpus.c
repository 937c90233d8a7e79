/* Runs the whole fixture corpus through every API, in one piece, byte by byte, and with every cut of a stream of up to
 * 2 KiB: the verdict must be the fixture's, at the exact byte; every payload must equal that of naive unmasking; and
 * compressed messages must inflate to the same bytes however the stream is cut.
 *
 *   corpus FOLDER           the fixtures below FOLDER
 *   corpus FOLDER LIMIT     the same, with every cut of streams of up to LIMIT bytes only
 */
#define _XOPEN_SOURCE 700
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "websocket_inflating.h"

static size_t cut_limit = 2048, files, cases, failures;
static const char *where; /* the API and the cut, for messages */

#define CHECK(what) ((what) ? (void)0 : fail(run->fixture->path, #what, __LINE__))
static void fail(const char *path, const char *what, int line) {
    if (failures++ < 20) fprintf(stderr, "FAILED: %s (%s): %s (line %d)\n", path, where, what, line);
}

/* One stream going through one API. */
struct run {
    const struct fixture *fixture;
    const struct naive *naive;
    wsf_reader reader;
    wsf_connection connection;
    wsf_validator validator;
    wsf_inflater *inflater;
    size_t inflater_size;
    size_t fed; /* bytes of the stream before the piece */
    const uint8_t *piece;
    size_t piece_count;
    bool violated;
    wsf_violation violation;

    /* What the events have reported. */
    size_t frame;      /* index of the current frame */
    uint64_t received; /* payload bytes of it */
    bool begun, stop;
    uint8_t message_opcode;
    uint64_t messages;

    /* The same for compressed messages, and everything that they inflate to (FNV-1a). */
    uint64_t inflated, sum;
    bool is_server;
};

/* ---- Events --------------------------------------------------------------------------------------------------- */

static void check_event(struct run *run, const wsf_event *event, const uint8_t *payload) {
    CHECK(run->frame < run->naive->count);
    if (run->frame >= run->naive->count) return;
    const struct naive_frame *frame = &run->naive->frames[run->frame];
    bool is_control = frame->opcode >= 8;
    CHECK(event->opcode == frame->opcode);
    CHECK(event->frame_length == frame->length);
    CHECK(event->payload_offset == run->received);
    CHECK(event->begins_frame == !run->begun);
    CHECK(run->received + event->payload_count <= frame->payload_there);
    CHECK(payload != NULL);
    if (run->received + event->payload_count > frame->payload_there || !payload) return;
    CHECK(!memcmp(
        payload, run->naive->bytes + frame->payload_start + run->received, event->payload_count));
    run->received += event->payload_count;
    run->begun = true;
    CHECK(event->ends_frame == (run->received == frame->length));
    if (is_control) {
        CHECK(event->ends_frame && payload == event->control_payload && event->payload_start == 0);
        CHECK(!event->begins_message && !event->ends_message && event->message_opcode == frame->opcode);
        bool has_code = frame->opcode == WSF_CLOSE && event->payload_count >= 2;
        CHECK(event->close_code == (has_code ? payload[0] << 8 | payload[1] : 0));
    } else {
        if (event->begins_frame && frame->opcode) run->message_opcode = frame->opcode;
        CHECK(payload == run->piece + event->payload_start);
        CHECK(event->payload_start + event->payload_count <= run->piece_count);
        CHECK(event->reserved_bits == frame->reserved_bits && event->close_code == 0);
        CHECK(event->message_opcode == run->message_opcode);
        CHECK(event->begins_message == (event->begins_frame && frame->opcode != WSF_CONTINUATION));
        CHECK(event->ends_message == (event->ends_frame && frame->is_final));
        run->messages += event->ends_message;
    }
    if (!event->ends_frame) return;
    run->frame++;
    run->received = 0;
    run->begun = false;
}

static void check_inflated_event(struct run *run, const wsf_event *event, const uint8_t *payload) {
    CHECK(run->frame < run->naive->count);
    if (run->frame >= run->naive->count) return;
    const struct naive_frame *frame = &run->naive->frames[run->frame];
    const uint8_t *memory = (const uint8_t *)run->inflater;
    CHECK(frame->opcode < 8 && event->opcode == frame->opcode && event->frame_length == frame->length);
    CHECK(payload >= memory && payload + event->payload_count <= memory + run->inflater_size);
    CHECK(event->begins_frame == !run->begun);
    CHECK(event->begins_message == (event->begins_frame && frame->opcode != WSF_CONTINUATION));
    CHECK(event->ends_message == (event->ends_frame && frame->is_final));
    if (event->begins_message) run->message_opcode = frame->opcode, run->inflated = 0;
    CHECK(event->message_opcode == run->message_opcode && event->payload_offset == run->inflated);
    run->inflated += event->payload_count;
    for (size_t index = 0; index < event->payload_count; index++)
        run->sum = (run->sum ^ payload[index]) * 0x100000001B3;
    run->begun = !event->ends_frame;
    run->frame += event->ends_frame;
    run->messages += event->ends_message;
}

static bool handle(void *context, const wsf_event *event, const uint8_t *payload) {
    struct run *run = context;
    check_event(run, event, payload);
    run->stop = !run->stop; /* every second event stops the loop */
    return run->stop;
}

/* ---- The APIs ------------------------------------------------------------------------------------------------- */

static wsf_result validate(struct run *run, uint8_t *piece, size_t count) {
    return wsf_validate(&run->validator, piece, count, &run->violation);
}

static wsf_result pull(struct run *run, uint8_t *piece, size_t count) {
    wsf_event event;
    size_t index = 0, before = 0;
    wsf_result result;
    while ((result = wsf_reader_next(&run->reader, piece, count, &index, &event, &run->violation)) == WSF_EVENT) {
        CHECK(index > before && index <= count);
        before = index;
        wsf_event copy = event; /* An event holds no pointer: it may be moved, too. */
        check_event(run, &copy, wsf_event_payload(&copy, piece));
        wsf_reader moved = run->reader; /* The state may be moved at any time. */
        memset(&run->reader, 0xAA, sizeof run->reader);
        run->reader = moved;
    }
    CHECK(result != WSF_NEED_MORE || index == count);
    return result;
}

static wsf_result call_back(struct run *run, uint8_t *piece, size_t count) {
    size_t index = 0;
    wsf_result result;
    do result = wsf_reader_read(&run->reader, piece, count, &index, handle, run, &run->violation);
    while (result == WSF_STOPPED);
    CHECK(result != WSF_NEED_MORE || index == count);
    return result;
}

/* The whole state of a reader or connection may be moved at any time, and so may the bytes that are still to be read. */
static void move(struct run *run) {
    wsf_inflater *moved = allocate(run->inflater_size);
    memcpy(moved, run->inflater, run->inflater_size);
    memset(run->inflater, 0xAA, run->inflater_size);
    free(run->inflater);
    run->inflater = moved;
}

static wsf_result inflate(struct run *run, uint8_t *piece, size_t count) {
    wsf_event event;
    size_t index = 0;
    wsf_result result;
    while ((result = wsf_reader_next_inflated(
                &run->reader, run->inflater, piece, count, &index, &event, &run->violation)) == WSF_EVENT) {
        const uint8_t *payload = wsf_inflated_payload(&event, piece, run->inflater);
        CHECK(index <= count);
        if (event.is_inflated) check_inflated_event(run, &event, payload);
        else check_event(run, &event, payload);
        if (files % 8 == 0) move(run);
    }
    CHECK(result != WSF_NEED_MORE || index == count);
    return result;
}

static wsf_result connect(struct run *run, uint8_t *piece, size_t count) {
    static const uint8_t key[4] = {1, 2, 3, 4};
    uint8_t reply[WSF_CONTROL_FRAME_MAX];
    size_t index = 0, reply_count;
    wsf_event event;
    wsf_result result;
    while ((result = wsf_connection_next_inflated(&run->connection, run->inflater, piece, count, &index, &event,
                run->is_server ? NULL : key, reply, &reply_count, &run->violation)) == WSF_EVENT) {
        const uint8_t *payload = wsf_inflated_payload(&event, piece, run->inflater);
        if (event.is_inflated) check_inflated_event(run, &event, payload);
        else check_event(run, &event, payload);
    }
    if (result == WSF_VIOLATION) {
        /* The Close has the rule's code. */
        const uint8_t *code = reply + (run->is_server ? 2 : 6);
        if (!run->is_server) wsf_mask(reply + 6, 2, key, 0);
        CHECK(reply_count > 4 && (code[0] << 8 | code[1]) == run->violation.close_code);
    }
    return result;
}

static void visit(void *context, const wsf_event *event, const uint8_t *payload) { check_event(context, event, payload); }

static wsf_result read_all(struct run *run, uint8_t *piece, size_t count) {
    return wsf_reader_read_all(&run->reader, piece, count, visit, run, &run->violation);
}

typedef wsf_result (*api)(struct run *run, uint8_t *piece, size_t count);

/* ---- One run -------------------------------------------------------------------------------------------------- */

static void check_violation(struct run *run) {
    const struct fixture *fixture = run->fixture;
    const wsf_violation *violation = &run->violation;
    char header[2 * sizeof violation->header + 1] = "";
    for (size_t index = 0; index < violation->header_length; index++)
        sprintf(header + 2 * index, "%02x", violation->header[index]);
    CHECK(!strcmp(fixture->state, "violation"));
    CHECK(!strcmp(wsf_rule_name(violation->rule), fixture->rule));
    CHECK(violation->offset == fixture->offset && violation->length == fixture->length);
    CHECK(violation->frame == fixture->frame && violation->frame_offset == fixture->frame_offset);
    CHECK(!strcmp(header, fixture->header));
    CHECK(violation->close_code == fixture->close_code && wsf_close_code(violation) == fixture->close_code);
}

static void check_end(struct run *run, api api) {
    static const char *states[] = {"complete", "incomplete-frame", "incomplete-message", "violation"};
    const struct fixture *fixture = run->fixture;
    wsf_status status;
    if (api == connect) {
        CHECK(run->violated == !strcmp(fixture->state, "violation"));
        CHECK(run->frame == fixture->frames && run->messages == fixture->messages);
        return;
    }
    if (api == validate) wsf_validator_status(&run->validator, &status);
    else wsf_reader_status(&run->reader, &status);
    CHECK(status.state <= WSF_STATE_VIOLATION && !strcmp(states[status.state], fixture->state));
    CHECK(status.frames == fixture->frames && status.messages == fixture->messages);
    CHECK(status.closed == fixture->closed);
    CHECK(status.position == (run->violated ? fixture->offset + fixture->length : fixture->count));
    CHECK(fixture->bytes_told == fixture->count);
    if (api != validate) CHECK(run->frame == status.frames && run->messages == status.messages);
}

/* Feeds the stream in pieces: the first of `first` bytes, all others of `rest`; each in a heap block of its exact size,
 * so that memory checkers notice a byte too many. `piece` is a copy of the whole stream if it is fed in one piece. */
static uint64_t run_stream(const struct fixture *fixture, const struct naive *naive, api api, size_t first, size_t rest) {
    struct run run_here = {.fixture = fixture, .naive = naive}, *run = &run_here;
    wsf_options options = fixture->options;
    CHECK(wsf_validator_init(&run->validator, sizeof run->validator, &options));
    if (options.peer == WSF_UNKNOWN)
        options.peer = fixture->count < 2 || fixture->bytes[1] >> 7 ? WSF_CLIENT : WSF_SERVER;
    wsf_options agreed = options;
    fixture_agree(fixture, &agreed, options.peer);
    run->is_server = options.peer == WSF_CLIENT;
    run->inflater_size = wsf_inflater_size(&agreed);
    run->inflater = allocate(run->inflater_size);
    CHECK(wsf_inflater_init(run->inflater, run->inflater_size, &agreed));
    if (fixture->extensions[0]) options = agreed;
    CHECK(wsf_reader_init(&run->reader, sizeof run->reader, &options));
    CHECK(wsf_connection_init(&run->connection, sizeof run->connection, &options));
    cases++;

    for (size_t count = first; run->fed < fixture->count && !run->violated; count = rest) {
        if (count > fixture->count - run->fed) count = fixture->count - run->fed;
        uint8_t *piece = allocate(count);
        memcpy(piece, fixture->bytes + run->fed, count);
        run->piece = piece;
        run->piece_count = count;
        wsf_result result = api(run, piece, count);
        CHECK(result == WSF_NEED_MORE || result == WSF_VIOLATION);
        if (result == WSF_VIOLATION) {
            /* At the exact byte, neither earlier nor later; and the same again, even without bytes. */
            uint64_t end = fixture->offset + fixture->length;
            run->violated = true;
            CHECK(run->fed < end && end <= run->fed + count);
            check_violation(run);
            memset(&run->violation, 0, sizeof run->violation);
            size_t index = 0;
            wsf_event event;
            if (api == validate) CHECK(wsf_validate(&run->validator, NULL, 0, &run->violation) == WSF_VIOLATION);
            else if (api == inflate)
                CHECK(wsf_reader_next_inflated(
                    &run->reader, run->inflater, NULL, 0, &index, &event, &run->violation) == WSF_VIOLATION);
            else if (api != connect)
                CHECK(wsf_reader_next(&run->reader, NULL, 0, &index, &event, &run->violation) == WSF_VIOLATION);
            if (api != connect) check_violation(run);
        }
        /* Bytes after the verdict, or that are only read, are unchanged; of a compressed payload, all that has come is unmasked. */
        bool is_compressed = run->violated && fixture->extensions[0];
        size_t used = api == validate                    ? 0
                      : run->violated && !is_compressed ? fixture->offset + fixture->length - run->fed
                                                        : count;
        CHECK(!memcmp(piece + used, fixture->bytes + run->fed + used, count - used));
        run->fed += count;
        free(piece);
    }
    check_end(run, api);
    free(run->inflater);
    return run->sum;
}

static int run_file(const char *path, const struct stat *info, int kind, struct FTW *level) {
    (void)info, (void)level;
    size_t length = strlen(path);
    if (kind != FTW_F || length < 4 || strcmp(path + length - 4, ".hex")) return 0;
    static const struct { const char *name; api api; } apis[] = {
        {"validate", validate}, {"pull", pull}, {"callback", call_back},
        {"all", read_all},      {"inflate", inflate}, {"connection", connect}};
    struct fixture fixture;
    struct naive naive;
    fixture_read(&fixture, path);
    bool is_inflated = fixture.extensions[0];
    bool is_broken = !strcmp(fixture.state, "violation"); /* Then the last piece may be handed over or not. */
    naive_read(&naive, fixture.bytes, fixture.count);
    files++;
    for (size_t index = 0; index < sizeof apis / sizeof *apis; index++) {
        api api = apis[index].api;
        /* Without inflating, the verdict on inflated messages is unknown; messages that need no inflating are covered by the others. */
        bool inflates = api == inflate || api == connect;
        if (inflates ? !is_inflated && fixture.options.permessage_deflate : is_inflated) continue;
        if (api == connect && (!is_inflated || fixture.closed)) continue; /* After a Close it reads nothing. */
        char text[64];
        where = text;
        snprintf(text, sizeof text, "%s, one piece", apis[index].name);
        uint64_t sum = run_stream(&fixture, &naive, api, fixture.count, fixture.count);
        snprintf(text, sizeof text, "%s, byte by byte", apis[index].name);
        if (run_stream(&fixture, &naive, api, 1, 1) != sum && !is_broken) fail(path, "other bytes", __LINE__);
        for (size_t cut = 1; fixture.count <= cut_limit && cut < fixture.count; cut++) {
            snprintf(text, sizeof text, "%s, cut at %zu", apis[index].name, cut);
            if (run_stream(&fixture, &naive, api, cut, fixture.count) != sum && !is_broken) fail(path, "other bytes", __LINE__);
        }
    }
    naive_free(&naive);
    fixture_free(&fixture);
    return 0;
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    if (argc > 2) cut_limit = strtoul(argv[2], NULL, 10);
    if (nftw(argv[1], run_file, 16, 0) || !files) {
        fprintf(stderr, "%s: no fixtures\n", argv[1]);
        return 3;
    }
    printf("corpus: %zu fixtures, %zu runs, %zu failures\n", files, cases, failures);
    return failures != 0;
}
