#include "fixture.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *allocate(size_t size) {
    void *memory = malloc(size ? size : 1);
    if (!memory) {
        fputs("out of memory\n", stderr);
        exit(3);
    }
    return memory;
}

static void refuse(const char *path, const char *why) {
    fprintf(stderr, "%s: %s\n", path, why);
    exit(3);
}

static char *read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) refuse(path, "cannot be opened");
    size_t count = 0, room = 1 << 16;
    char *text = allocate(room);
    for (size_t got; (got = fread(text + count, 1, room - 1 - count, file)) > 0;) {
        count += got;
        if (room - count > 1) continue;
        text = realloc(text, room *= 2);
        if (!text) refuse(path, "too big");
    }
    fclose(file);
    text[count] = 0;
    return text;
}

/* "#: max-frame 100" and "#= rule reserved-bits": a sign, a key and possibly a value. */
static void read_line(struct fixture *fixture, char sign, const char *key, const char *value) {
    uint64_t number = strtoull(value, NULL, 10);
    if (sign == ':') {
        if (!strcmp(key, "sender"))
            fixture->options.peer = !strcmp(value, "client")   ? WSF_CLIENT
                                    : !strcmp(value, "server") ? WSF_SERVER
                                                               : WSF_UNKNOWN;
        else if (!strcmp(key, "deflate")) fixture->options.permessage_deflate = true;
        else if (!strcmp(key, "extensions")) snprintf(fixture->extensions, sizeof fixture->extensions, "%s", value);
        else if (!strcmp(key, "max-frame")) fixture->options.max_frame = number;
        else if (!strcmp(key, "max-message")) fixture->options.max_message = number;
        else refuse(fixture->path, "an unknown #: line");
        return;
    }
    struct { const char *key; uint64_t *place; } numbers[] = {
        {"frames", &fixture->frames}, {"messages", &fixture->messages}, {"bytes", &fixture->bytes_told},
        {"offset", &fixture->offset}, {"length", &fixture->length}, {"frame", &fixture->frame},
        {"frame-offset", &fixture->frame_offset}, {"close-code", &fixture->close_code}};
    for (size_t index = 0; index < sizeof numbers / sizeof *numbers; index++)
        if (!strcmp(key, numbers[index].key)) {
            *numbers[index].place = number;
            return;
        }
    if (!strcmp(key, "state")) snprintf(fixture->state, sizeof fixture->state, "%s", value);
    else if (!strcmp(key, "rule")) snprintf(fixture->rule, sizeof fixture->rule, "%s", value);
    else if (!strcmp(key, "header")) snprintf(fixture->header, sizeof fixture->header, "%s", value);
    else if (!strcmp(key, "closed")) fixture->closed = !strcmp(value, "true");
    /* The C API reports verdicts, but no diagnoses. */
    else if (strcmp(key, "diagnosis") && strcmp(key, "suspect") && strcmp(key, "certainty"))
        refuse(fixture->path, "an unknown #= line");
}

static void skip_handshake(struct fixture *fixture) {
    uint8_t *bytes = fixture->bytes;
    size_t count = fixture->count;
    if (!(count >= 4 && !memcmp(bytes, "GET ", 4)) && !(count >= 9 && !memcmp(bytes, "HTTP/1.1 ", 9))) return;
    for (size_t index = 0; index + 4 <= count; index++) {
        if (memcmp(bytes + index, "\r\n\r\n", 4)) continue;
        fixture->count = count - index - 4;
        fixture->bytes = allocate(fixture->count);
        memcpy(fixture->bytes, bytes + index + 4, fixture->count);
        free(bytes);
        return;
    }
    refuse(fixture->path, "a handshake without an end");
}

void fixture_read(struct fixture *fixture, const char *path) {
    memset(fixture, 0, sizeof *fixture);
    snprintf(fixture->path, sizeof fixture->path, "%s", path);
    wsf_options_init(&fixture->options, sizeof fixture->options, WSF_UNKNOWN);

    char *text = read_file(path);
    uint8_t *bytes = allocate(strlen(text) / 2);
    size_t digits = 0;
    for (char *line = text, *next; *line; line = next) {
        next = line + strcspn(line, "\n");
        if (*next) *next++ = 0;
        char sign = line[0] == '#' ? line[1] : 0;
        char key[64] = "", value[256] = "";
        if ((sign == ':' || sign == '=') && sscanf(line + 2, "%63s %255[^\r\n]", key, value) >= 1)
            read_line(fixture, sign, key, value);
        for (char *at = line; *at && *at != '#'; at++) {
            if (isspace((unsigned char)*at)) continue;
            if (!isxdigit((unsigned char)*at)) refuse(path, "a character that is no hexadecimal digit");
            uint8_t digit = (uint8_t)(isdigit((unsigned char)*at) ? *at - '0' : (*at | 0x20) - 'a' + 10);
            bytes[digits / 2] = (uint8_t)(digits % 2 ? bytes[digits / 2] << 4 | digit : digit);
            digits++;
        }
    }
    if (digits % 2) refuse(path, "half a byte");
    if (!fixture->state[0]) refuse(path, "no state is reported");
    fixture->count = digits / 2;
    fixture->bytes = allocate(fixture->count);
    memcpy(fixture->bytes, bytes, fixture->count);
    free(bytes);
    free(text);
    skip_handshake(fixture);
}

void fixture_agree(const struct fixture *fixture, wsf_options *options, wsf_endpoint peer) {
    const char *who = peer == WSF_CLIENT ? "client" : "server";
    char name[64];
    options->permessage_deflate = options->inflates = true;
    snprintf(name, sizeof name, "%s_max_window_bits=", who);
    const char *bits = strstr(fixture->extensions, name);
    if (bits) options->window_bits = (uint8_t)atoi(bits + strlen(name));
    snprintf(name, sizeof name, "%s_no_context_takeover", who);
    options->takes_over = !strstr(fixture->extensions, name);
}

void fixture_free(struct fixture *fixture) { free(fixture->bytes); }

void naive_read(struct naive *naive, const uint8_t *bytes, size_t count) {
    naive->bytes = allocate(count);
    memcpy(naive->bytes, bytes, count);
    naive->frames = allocate((count / 2 + 1) * sizeof *naive->frames);
    naive->count = 0;

    size_t at = 0;
    while (count - at >= 2) {
        struct naive_frame frame = {
            .opcode = bytes[at] & 0x0F, .reserved_bits = bytes[at] & 0x70, .is_final = bytes[at] >> 7};
        bool is_masked = bytes[at + 1] >> 7;
        frame.length = bytes[at + 1] & 0x7F;
        size_t extended = frame.length == 126 ? 2 : frame.length == 127 ? 8 : 0;
        at += 2;
        if (count - at < extended + (is_masked ? 4 : 0)) break;
        if (extended) frame.length = 0;
        for (size_t index = 0; index < extended; index++) frame.length = frame.length << 8 | bytes[at++];
        const uint8_t *key = bytes + at;
        if (is_masked) at += 4;
        frame.payload_start = at;
        frame.payload_there = frame.length < count - at ? (size_t)frame.length : count - at;
        for (size_t index = 0; index < frame.payload_there; index++, at++)
            if (is_masked) naive->bytes[at] ^= key[index % 4];
        naive->frames[naive->count++] = frame;
    }
}

void naive_free(struct naive *naive) {
    free(naive->bytes);
    free(naive->frames);
}
