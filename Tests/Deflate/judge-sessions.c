// Prints zlib's results for sessions from standard input, for `against-zlib`. The format is that of inflate-sessions.swift; an
// answer is, for each message: whether it fails (1 byte), bytes inflated (4), their Adler-32 (4), and 0 (4).
//
//     judge-sessions [stepwise]
//
// zlib lets a distance reach beyond the window as long as the byte is in the caller's buffer; `stepwise` gives it room for
// only one byte at a time. It continues after final blocks.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static unsigned char room[1 << 20];
static size_t room_count = sizeof room;

// The output of a session, or of a message without takeover, and where its message begins.
static unsigned char *history;
static size_t history_count, history_capacity;

static void give_up(const char *why) {
    fprintf(stderr, "judge-sessions: %s\n", why);
    exit(2);
}

static void append(const unsigned char *bytes, size_t count) {
    if (history_count + count > history_capacity) {
        history_capacity = 2 * (history_count + count);
        history = realloc(history, history_capacity);
        if (!history) give_up("no memory");
    }
    memcpy(history + history_count, bytes, count);
    history_count += count;
}

static void begin(z_stream *stream, int bits) {
    size_t window = history_count < (size_t)1 << bits ? history_count : (size_t)1 << bits;
    if (window) inflateSetDictionary(stream, history + history_count - window, (uInt)window);
}

// Appends what `bytes` inflate to. Returns whether they inflate without a fault.
static int feed(z_stream *stream, int bits, const unsigned char *bytes, size_t count) {
    stream->next_in = (unsigned char *)bytes;
    stream->avail_in = (uInt)count;
    for (;;) {
        stream->next_out = room;
        stream->avail_out = (uInt)room_count;
        int code = inflate(stream, Z_SYNC_FLUSH);
        append(room, room_count - stream->avail_out);
        if (code == Z_STREAM_END) {
            inflateReset(stream);
            begin(stream, bits);
            if (!stream->avail_in) return 1;
        } else if (code != Z_OK && code != Z_BUF_ERROR) {
            return 0;
        } else if (stream->avail_out && (!stream->avail_in || code == Z_BUF_ERROR)) {
            return 1;
        }
    }
}

// Whether the message ends where the four bytes may be appended, which may also be inside a stored block's length.
static int ends(z_stream *stream, int bits) {
    static const struct { unsigned char bytes[13]; size_t count; const char *wanted; } tails[] = {
        {{0x00, 0x00, 0xFF, 0xFF, 0x00, 0x02, 0x00, 0xFD, 0xFF, 'd', 'e'}, 11, "de"},
        {{0x03, 0x00, 0xFC, 0xFF, 'a', 'b', 'c'}, 7, "abc"},
    };
    static const unsigned char more[] = {0x00, 0x02, 0x00, 0xFD, 0xFF, 'd', 'e'};
    size_t before = history_count;
    for (int index = 0; index < 2; index++) {
        z_stream probe;
        if (inflateCopy(&probe, stream) != Z_OK) give_up("inflateCopy");
        unsigned char tail[sizeof tails[0].bytes + sizeof more];
        size_t count = tails[index].count;
        memcpy(tail, tails[index].bytes, count);
        const char *wanted = tails[index].wanted;
        if (index == 1) {
            memcpy(tail + count, more, sizeof more);
            count += sizeof more;
            wanted = "abcde";
        }
        int fine = feed(&probe, bits, tail, count);
        inflateEnd(&probe);
        fine = fine && history_count - before == strlen(wanted) && !memcmp(history + before, wanted, strlen(wanted));
        history_count = before;
        if (!fine) return 0;
    }
    return 1;
}

static uint32_t number(int width) {
    uint32_t value = 0;
    for (int place = 0; place < width; place++) {
        int byte = getchar();
        if (byte == EOF) give_up("the input ends in a session");
        value |= (uint32_t)byte << (8 * place);
    }
    return value;
}

static void answer(int fails, size_t start) {
    uint32_t fields[] = {
        (uint32_t)(history_count - start),
        history_count > start ? (uint32_t)adler32(1, history + start, (uInt)(history_count - start)) : 1, 0};
    putchar(fails);
    for (int field = 0; field < 3; field++)
        for (int place = 0; place < 4; place++) putchar((int)(fields[field] >> (8 * place) & 0xFF));
}

int main(int count, char **words) {
    if (count > 1 && !strcmp(words[1], "stepwise")) room_count = 1;
    unsigned char *message = malloc(1 << 24);
    for (int first; (first = getchar()) != EOF;) {
        int bits = first, takes_over = (int)number(1), is_over = 0;
        uint32_t messages = number(2);
        history_count = 0;
        while (messages--) {
            uint32_t size = number(4);
            if (size > 1 << 24 || fread(message, 1, size, stdin) != size) give_up("the input ends in a message");
            if (!takes_over) history_count = 0;
            size_t start = history_count;
            if (is_over) {
                answer(1, start);
                continue;
            }
            z_stream stream = {0};
            if (inflateInit2(&stream, -bits) != Z_OK) give_up("inflateInit2");
            begin(&stream, bits);
            int fine = feed(&stream, bits, message, size) && size && ends(&stream, bits);
            inflateEnd(&stream);
            answer(!fine, start);
            is_over = takes_over && !fine;
        }
    }
    return 0;
}
