// The kernels against the plainest C that does the same, without Swift: for sanitizers, and for other processors under
// an emulator. Streams and texts are made up at random, whole or damaged, and lie between pages that nobody may touch.
//
//     kernels [ROUNDS [SEED]]
//
// Before the rounds, a fault is put at every place of every short text, in every phase of the key, at some alignments; at
// every one from 20,000 rounds on.

#define _DEFAULT_SOURCE  // MAP_ANON

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "FrameKernels.h"

enum { room = 1 << 17, most_words = 24 };

static uint8_t *memory;  // `room` bytes, a closed page in front of them and behind them
static uint64_t *words_end;  // a closed page; `most_words` words may be written in front of it
static uint64_t state;
static const fk_kernels *kernels;
static unsigned long long round_number;
static int harms;  // what is made up may be damaged

static uint64_t next(void) {  // SplitMix64
    uint64_t z = state += 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}
static size_t below(size_t bound) { return (size_t)(next() % bound); }

/// The end of so many bytes that have a closed page in front of them and behind them.
static uint8_t *closed_end(size_t count) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t size = (count + page - 1) / page * page;
    uint8_t *all = mmap(0, size + 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (all == MAP_FAILED || mprotect(all, page, PROT_NONE) || mprotect(all + page + size, page, PROT_NONE)) exit(2);
    return all + page + size;
}

static void open_memory(void) {
    memory = closed_end(room) - room;
    words_end = (uint64_t *)(void *)closed_end(most_words * sizeof(uint64_t));
}

static void fail(const char *what, const uint8_t *bytes, size_t count, uint64_t found, uint64_t right) {
    printf("%s, %s, round %llu: %llu instead of %llu\n", kernels->name, what, round_number, (unsigned long long)found,
           (unsigned long long)right);
    for (size_t i = 0; i < count; i++) printf("%02x", bytes[i]);
    printf("\n");
    exit(1);
}

// MARK: Twins

static uint8_t key_byte(uint32_t key, size_t index) { return (uint8_t)(key >> index % 4 * 8); }

/// The character at `at`: its length; 0 where it is cut off; -1 - n where its byte n cannot be.
static int character(const uint8_t *text, size_t at, size_t end, uint32_t key) {
    const uint8_t lead = text[at] ^ key_byte(key, at);
    if (lead < 0x80) return 1;
    if (lead < 0xC0 || lead > 0xF7) return -1;
    const int count = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    uint32_t value = lead & (count == 2 ? 0x1Fu : count == 3 ? 0x0Fu : 0x07u);
    for (int i = 0; i < count; i++) {
        if (at + (size_t)i >= end) return 0;
        const uint8_t byte = text[at + (size_t)i] ^ key_byte(key, at + (size_t)i);
        if (i > 0) {
            if ((byte & 0xC0) != 0x80) return -1 - i;
            value = value << 6 | (byte & 0x3F);
        }
        const int open = 6 * (count - 1 - i);
        const uint32_t lowest = value << open, highest = lowest | ((1u << open) - 1);
        const int legal = count == 2   ? lowest >= 0x80
                          : count == 3 ? highest >= 0x800 && !(lowest >= 0xD800 && highest <= 0xDFFF)
                                       : highest >= 0x10000 && lowest <= 0x10FFFF;
        if (!legal) return -1 - i;
    }
    return count;
}

/// How far whole characters go; `fault`: the first byte that cannot be, or SIZE_MAX.
static size_t text_twin(const uint8_t *text, size_t count, uint32_t key, size_t *fault) {
    size_t at = 0;
    *fault = SIZE_MAX;
    while (at < count) {
        const int length = character(text, at, count, key);
        if (length < 0) *fault = at + (size_t)(-1 - length);
        if (length <= 0) return at;
        at += (size_t)length;
    }
    return at;
}

/// The plain frame at `at`: where it ends, or 0; where its payload begins, and of which kind that is.
static size_t frame_twin(const uint8_t *bytes, size_t at, size_t count, fk_terms terms, size_t *payload,
                         uint32_t *kind) {
    if (count - at < 2) return 0;
    const uint8_t first = bytes[at], second = bytes[at + 1];
    const int is_control = first >> 3 & 1;
    if (first & 0x70 || (second & 0x80) != terms.mask_bit || (is_control && first < 0x80)) return 0;
    *kind = terms.kinds >> (first & 15u) * 2 & 3;
    if ((first & 15) == 0) *kind = terms.open_kind;
    else if (!is_control && terms.open_kind) *kind = 0;
    if (*kind == 0) return 0;
    size_t start = at + 2;
    uint64_t length = second & 0x7F;
    if (length > 125) {
        const size_t size = length == 126 ? 2 : 8;
        if (count - start < size || is_control) return 0;
        length = 0;
        for (size_t i = 0; i < size; i++) length = length << 8 | bytes[start++];
        if (length < (size == 2 ? 126 : 65536) || length >> 63) return 0;
    }
    uint32_t key = 0;
    if (terms.mask_bit) {
        if (count - start < 4) return 0;
        for (size_t i = 0; i < 4; i++) key |= (uint32_t)bytes[start + i] << i * 8;
        start += 4;
    }
    if (!is_control && (length > terms.limit || terms.open_length > terms.limit - length)) return 0;
    if (length > count - start) return 0;
    size_t fault;
    if (*kind == 2 && text_twin(bytes + start, (size_t)length, key, &fault) != length) return 0;
    *payload = start;
    return start + (size_t)length;
}

/// How far plain frames go, at most `most` of them with headers of at most `longest` bytes. They are unmasked in `bytes`
/// when `words` is not null, and their first bytes written there.
static fk_run run_twin(uint8_t *bytes, size_t count, fk_terms terms, size_t most, size_t longest, uint64_t *words) {
    fk_run run = {0};
    size_t payload, end;
    uint32_t kind;
    while (run.frames < most && (end = frame_twin(bytes, run.bytes, count, terms, &payload, &kind)) > 0 &&
           payload - run.bytes <= longest) {
        const uint8_t first = bytes[run.bytes];
        if (words) {
            memcpy(&words[run.frames], bytes + run.bytes, payload - run.bytes);
            for (size_t i = payload; terms.mask_bit && i < end; i++) bytes[i] ^= bytes[payload - 4 + (i - payload) % 4];
        }
        run.frames++;
        run.messages += first >= 0x80 && !(first & 8);
        if (!(first & 8)) {
            terms.open_kind = first >= 0x80 ? 0 : kind;
            terms.open_length = first >= 0x80 ? 0 : terms.open_length + (end - payload);
        }
        run.bytes = end;
    }
    run.open_kind = terms.open_kind;
    run.open_length = terms.open_length;
    return run;
}

static void compare(const char *what, const uint8_t *bytes, size_t count, fk_run run, fk_run right) {
    if (run.bytes != right.bytes) fail(what, bytes, count, run.bytes, right.bytes);
    if (run.frames != right.frames) fail(what, bytes, count, run.frames, right.frames);
    if (run.messages != right.messages) fail(what, bytes, count, run.messages, right.messages);
    if (run.open_kind != right.open_kind) fail(what, bytes, count, run.open_kind, right.open_kind);
    if (run.open_length != right.open_length) fail(what, bytes, count, run.open_length, right.open_length);
}

// MARK: Inputs

/// Text of characters of every length, perhaps damaged; returns how long it is.
static size_t make_text(uint8_t *text, size_t count, uint32_t key) {
    static const char *const pieces[] = {"a", "plain ASCII, and more of it ", "\xC3\xA9", "\xE2\x82\xAC",
                                         "\xF0\x9F\x98\x80", "\xEE\x80\x80", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"};
    const size_t kinds = 1 + below(8);
    size_t at = 0;
    while (at < count) {
        const char *piece = pieces[below(kinds)];
        const size_t length = strlen(piece);
        if (length > count - at) {
            text[at++] = 'z';
            continue;
        }
        memcpy(text + at, piece, length);
        at += length;
    }
    static const uint8_t odd[] = {0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0,
                                  0xE1, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xF7, 0xF8, 0xFC, 0xFE, 0xFF};
    if (harms && count > 0 && below(4) == 0) text[below(count)] = odd[below(sizeof odd)];
    if (harms && count > 2 && below(8) == 0) memcpy(text + count - 3, "a\xE2\x82", 3);  // cut off
    if (harms && count > 0 && below(8) == 0) text[below(count)] ^= (uint8_t)(1 << below(8));
    for (size_t i = 0; i < count; i++) text[i] ^= key_byte(key, i);
    return count;
}

/// The header of a frame with `size` bytes of extended length; returns how long it is.
static size_t make_header(uint8_t *bytes, uint8_t first, uint64_t length, int size, int masked, uint32_t key) {
    size_t at = 0;
    bytes[at++] = first;
    bytes[at++] = (uint8_t)((masked ? 0x80 : 0) | (size == 0 ? (uint8_t)length : size == 2 ? 126 : 127));
    for (int i = size - 1; i >= 0; i--) bytes[at++] = (uint8_t)(length >> i * 8);
    for (size_t i = 0; masked && i < 4; i++) bytes[at++] = key_byte(key, i);
    return at;
}

/// How many bytes of extended length there must be.
static int size_of(uint64_t length) { return length < 126 ? 0 : length < 65536 ? 2 : 8; }

/// One frame that may stand behind the one before, a fragment now and then if `fragments`; or what may not, if `harms`.
/// Returns how long it is.
static size_t make_frame(uint8_t *bytes, int masked, int fragments, int *is_open) {
    const size_t sizes[] = {below(126), below(126), below(40), below(700), below(40),
                            below(200) ? below(64) : 65000 + below(1000)};
    const size_t length = sizes[below(6)];
    static const uint8_t whole[] = {0x81, 0x81, 0x82, 0x81, 0x89, 0x8A}, begun[] = {0x01, 0x02, 0x81, 0x89};
    static const uint8_t inside[] = {0x00, 0x80, 0x00, 0x8A};
    uint8_t first = *is_open ? inside[below(4)] : fragments && below(2) ? begun[below(4)] : whole[below(6)];
    if (length > 125 && first & 8) first = *is_open ? 0x00 : 0x82;
    int size = size_of(length);
    if (harms && below(8) == 0) first ^= (uint8_t)(1 << below(8));
    if (harms && below(16) == 0 && size < 8) size = size == 0 ? 2 : 8;
    if (!(first & 8)) *is_open = first < 0x80;
    const uint32_t key = below(4) ? (uint32_t)next() : 0;
    const size_t header = make_header(bytes, first, length, size, masked, key);
    if (harms && below(16) == 0) bytes[1] ^= (uint8_t)(1 << below(8));
    return header + make_text(bytes + header, length, masked ? key : 0);
}

// MARK: Comparing

static void try_text(void) {
    harms = 1;
    const size_t count = below(620);
    const uint32_t key = below(3) ? (uint32_t)next() : 0;
    uint8_t *text = below(2) ? memory + room - count : memory + below(64);
    make_text(text, count, key);
    size_t fault;
    const size_t right = text_twin(text, count, key, &fault);
    const size_t found = kernels->text_prefix(text, count, key);
    size_t unused;
    const int fits = fault == SIZE_MAX ? found == right
                                       : found <= right && fault < found + 64 + 3 &&
                                             text_twin(text, found, key, &unused) == found;
    if (!fits) fail("text_prefix", text, count, found, right);

    uint8_t copy[620];
    memcpy(copy, text, count);
    const size_t taken = kernels->unmask_text(text, count, key);
    if (taken != found) fail("unmask_text", copy, count, taken, found);
    for (size_t i = 0; i < count; i++) {
        const uint8_t byte = i < taken ? copy[i] ^ key_byte(key, i) : copy[i];
        if (text[i] != byte) fail("unmask_text, at a byte", copy, count, text[i], byte);
    }

    memcpy(text, copy, count);
    const size_t done = kernels->unmask(text, count, key);
    if (done != count) fail("unmask", copy, count, done, count);
    for (size_t i = 0; i < count; i++) {
        const uint8_t byte = i < done ? copy[i] ^ key_byte(key, i) : copy[i];
        if (text[i] != byte) fail("unmask, at a byte", copy, count, text[i], byte);
    }
}

static void try_frames(void) {
    static uint8_t stream[room], expected[room];
    const int masked = below(4) > 0, fragments = below(3) == 0;
    const size_t most_frames = below(30);
    size_t count = 0;
    harms = below(3) == 0;
    const uint32_t open = fragments ? (uint32_t)below(3) : 0;
    int is_open = open != 0;
    for (size_t i = 0; i < most_frames && count < room - 66100; i++) {
        count += make_frame(stream + count, masked, fragments, &is_open);
    }
    if (count > 0 && below(8) == 0) stream[below(count)] ^= (uint8_t)(1 << below(8));
    if (below(3) == 0) count = below(count + 1);
    uint8_t *bytes = below(2) ? memory + room - count : memory + below(64) % (room - count + 1);
    memcpy(bytes, stream, count);
    static const uint64_t limits[] = {0, 50, 124, 125, 126, 127, 300, 65600};
    const uint64_t limit = below(4) ? UINT64_MAX : limits[below(8)];
    const fk_terms terms = {
        .limit = limit,
        .open_length = open == 0 ? 0 : below(4) ? below(100) % (limit < 100 ? limit + 1 : 100) : limit,
        .kinds = 2u << 2 | 1u << 4 | 1u << 18 | 1u << 20,
        .open_kind = open,
        .mask_bit = masked ? 0x80 : 0,
    };

    const fk_run run = kernels->skim(bytes, count, terms);
    compare("skim", stream, count, run, run_twin(stream, count, terms, SIZE_MAX, 14, 0));
    if (memcmp(bytes, stream, count) != 0) fail("skim, a changed byte", stream, count, 0, 0);

    const size_t most = below(4) ? below(most_words + 1) : 20;
    uint64_t words[most_words] = {0};
    memcpy(expected, stream, count);
    const fk_run right = run_twin(expected, count, terms, most, 8, words);
    const fk_run taken = kernels->take(bytes, count, terms, words_end - most, most);
    compare("take", stream, count, taken, right);
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != expected[i]) fail("take, at a byte", stream, count, bytes[i], expected[i]);
    }
    for (size_t i = 0; i < right.frames; i++) {
        const uint64_t second = words[i] >> 8 & 0xFF;
        const size_t header = ((second & 0x7F) < 126 ? 2u : 4u) + (masked ? 4u : 0u);
        if (memcmp(words_end - most + i, &words[i], header) != 0) fail("take, a header", stream, count, i, 0);
    }
}

/// A byte that is nowhere legal at each place of each text of up to 300 bytes, in each phase of the key and, if `step` is
/// 1, at each alignment. Some empty frames that are plain stand in front of it and behind it, so that a short one comes to
/// stand at each place of a group.
static void try_every_fault(size_t step) {
    static uint8_t stream[500], copy[500];
    for (size_t way = 0; way < 5; way++) {
        const uint32_t key = way == 0 ? 0 : 0x9D61FA37u >> (way - 1) * 8 | (uint32_t)(0x9D61FA37ull << (40 - way * 8));
        const fk_terms terms = {UINT64_MAX, 0, 2u << 2, 0, way > 0 ? 0x80 : 0};
        for (size_t length = 0; length <= 300; length++) {
            const size_t frames = 8, before = length % frames;
            size_t size = 0, payload = 0, first = 0;
            for (size_t frame = 0; frame < frames; frame++) {
                const size_t here = frame == before ? length : 0;
                if (frame == before) first = size;
                size += make_header(stream + size, 0x81, here, size_of(here), way > 0, key);
                if (frame == before) payload = size;
                for (size_t i = 0; i < here; i++) stream[size++] = 'a' ^ key_byte(key, i);
            }
            // With room behind it at each alignment, and at the closed page.
            for (size_t alignment = 0; alignment < 64 + step; alignment += step) {
                uint8_t *const bytes = alignment < 64 ? memory + alignment : memory + room - size;
                const size_t count = alignment < 64 ? 700 : size;
                memset(bytes + size, 0xFF, count - size);
                memcpy(bytes, stream, size);
                for (size_t i = 0; i < length; i++) {
                    bytes[payload + i] = 0xFF ^ key_byte(key, i);
                    memcpy(copy, bytes, size);
                    const fk_run right = {.bytes = first, .frames = before, .messages = before};
                    compare("skim, a fault", copy, size, kernels->skim(bytes, count, terms), right);
                    compare("take, a fault", copy, size, kernels->take(bytes, count, terms, words_end - 9, 9), right);
                    if (memcmp(bytes, copy, size) != 0) fail("take, a changed byte", copy, size, i, length);
                    bytes[payload + i] = stream[payload + i];
                }
                const fk_run all = {.bytes = size, .frames = frames, .messages = frames};
                compare("skim, no fault", stream, size, kernels->skim(bytes, count, terms), all);
                compare("take, no fault", stream, size, kernels->take(bytes, count, terms, words_end - 9, 9), all);
                for (size_t i = 0; i < size; i++) {
                    const uint8_t byte = i < payload || i >= payload + length ? stream[i] : 'a';
                    if (bytes[i] != byte) fail("take, no fault, at a byte", stream, size, bytes[i], byte);
                }
            }
        }
    }
}

int main(int count, char **arguments) {
    const unsigned long long rounds = count > 1 ? strtoull(arguments[1], 0, 10) : 200000;
    const uint64_t seed = count > 2 ? strtoull(arguments[2], 0, 10) : 1;
    open_memory();
    if (!fk_kernels_at(0)) printf("no kernels for this processor\n");
    for (int number = 0; (kernels = fk_kernels_at(number)); number++) {
        state = seed;
        try_every_fault(rounds < 20000 ? 9 : 1);
        for (round_number = 0; round_number < rounds; round_number++) {
            try_text();
            try_frames();
        }
        printf("%s: %llu rounds, no difference\n", kernels->name, rounds);
    }
    return 0;
}
