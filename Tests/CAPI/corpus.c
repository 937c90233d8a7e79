/* The whole fixture corpus through both doors, in one piece, byte by byte, and with every cut of a stream of up to
 * 2 KiB: the verdict must be the fixture's, at its byte, and every payload that of a naive unmasking.
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

static size_t cut_limit = 2048, files, cases, failures;
static const char *where; /* the door and the cut, for messages */

#define CHECK(what) ((what) ? (void)0 : fail(run->fixture->path, #what, __LINE__))
static void fail(const char *path, const char *what, int line) {
    if (failures++ < 20) fprintf(stderr, "FAILED: %s (%s): %s (line %d)\n", path, where, what, line);
}

/* One stream going through one door. */
struct run {
    const struct fixture *fixture;
    const struct naive *naive;
    wsf_reader reader;
    wsf_validator validator;
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
};

/* ---- What is handed over -------------------------------------------------------------------------------------- */

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

static bool handle(void *context, const wsf_event *event, const uint8_t *payload) {
    struct run *run = context;
    check_event(run, event, payload);
    run->stop = !run->stop; /* every second event stops the loop */
    return run->stop;
}

/* ---- The three ways in ---------------------------------------------------------------------------------------- */

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

typedef wsf_result (*door)(struct run *run, uint8_t *piece, size_t count);

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

static void check_end(struct run *run, door door) {
    static const char *states[] = {"complete", "incomplete-frame", "incomplete-message", "violation"};
    const struct fixture *fixture = run->fixture;
    wsf_status status;
    if (door == validate) wsf_validator_status(&run->validator, &status);
    else wsf_reader_status(&run->reader, &status);
    CHECK(status.state <= WSF_STATE_VIOLATION && !strcmp(states[status.state], fixture->state));
    CHECK(status.frames == fixture->frames && status.messages == fixture->messages);
    CHECK(status.closed == fixture->closed);
    CHECK(status.position == (run->violated ? fixture->offset + fixture->length : fixture->count));
    CHECK(fixture->bytes_told == fixture->count);
    if (door != validate) CHECK(run->frame == status.frames && run->messages == status.messages);
}

/* Feeds the stream in pieces: the first of `first` bytes, all others of `rest`; each in a heap block of its own size,
 * so that memory checkers see a byte too far. `piece` is where the stream stands when it is one piece. */
static void run_stream(const struct fixture *fixture, const struct naive *naive, door door, size_t first, size_t rest) {
    struct run run_here = {.fixture = fixture, .naive = naive}, *run = &run_here;
    wsf_options options = fixture->options;
    CHECK(wsf_validator_init(&run->validator, sizeof run->validator, &options));
    if (options.peer == WSF_UNKNOWN)
        options.peer = fixture->count < 2 || fixture->bytes[1] >> 7 ? WSF_CLIENT : WSF_SERVER;
    CHECK(wsf_reader_init(&run->reader, sizeof run->reader, &options));
    cases++;

    for (size_t count = first; run->fed < fixture->count && !run->violated; count = rest) {
        if (count > fixture->count - run->fed) count = fixture->count - run->fed;
        uint8_t *piece = allocate(count);
        memcpy(piece, fixture->bytes + run->fed, count);
        run->piece = piece;
        run->piece_count = count;
        wsf_result result = door(run, piece, count);
        CHECK(result == WSF_NEED_MORE || result == WSF_VIOLATION);
        if (result == WSF_VIOLATION) {
            /* At its byte, neither sooner nor later; and the same again, even without bytes. */
            uint64_t end = fixture->offset + fixture->length;
            run->violated = true;
            CHECK(run->fed < end && end <= run->fed + count);
            check_violation(run);
            memset(&run->violation, 0, sizeof run->violation);
            size_t index = 0;
            wsf_event event;
            CHECK((door == validate
                ? wsf_validate(&run->validator, NULL, 0, &run->violation)
                : wsf_reader_next(&run->reader, NULL, 0, &index, &event, &run->violation)) == WSF_VIOLATION);
            check_violation(run);
        }
        /* What is after the verdict, or only read, is as it was. */
        size_t used = door == validate ? 0 : run->violated ? fixture->offset + fixture->length - run->fed : count;
        CHECK(!memcmp(piece + used, fixture->bytes + run->fed + used, count - used));
        run->fed += count;
        free(piece);
    }
    check_end(run, door);
}

static int run_file(const char *path, const struct stat *info, int kind, struct FTW *level) {
    (void)info, (void)level;
    size_t length = strlen(path);
    if (kind != FTW_F || length < 4 || strcmp(path + length - 4, ".hex")) return 0;
    static const struct { const char *name; door door; } doors[] = {
        {"validate", validate}, {"pull", pull}, {"callback", call_back}};
    struct fixture fixture;
    struct naive naive;
    fixture_read(&fixture, path);
    if (fixture.is_inflated) {
        fixture_free(&fixture);
        return 0;
    }
    naive_read(&naive, fixture.bytes, fixture.count);
    files++;
    for (size_t index = 0; index < 3; index++) {
        char text[64];
        where = text;
        snprintf(text, sizeof text, "%s, one piece", doors[index].name);
        run_stream(&fixture, &naive, doors[index].door, fixture.count, fixture.count);
        snprintf(text, sizeof text, "%s, byte by byte", doors[index].name);
        run_stream(&fixture, &naive, doors[index].door, 1, 1);
        for (size_t cut = 1; fixture.count <= cut_limit && cut < fixture.count; cut++) {
            snprintf(text, sizeof text, "%s, cut at %zu", doors[index].name, cut);
            run_stream(&fixture, &naive, doors[index].door, cut, fixture.count);
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
