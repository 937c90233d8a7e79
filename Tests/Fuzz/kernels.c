// Compares the kernels with the plainest C that does the same, without Swift: for sanitizers, and for other processors under
// an emulator. Streams and texts are random, intact or damaged, and lie between protected pages.
//
//     kernels [ROUNDS [SEED]]
//
// Before the rounds, a fault is put at every place of every short text, in every phase of the key, at some alignments;
// from 20,000 rounds on, at all of them.

#define _DEFAULT_SOURCE  // MAP_ANON

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "FrameKernels.h"

enum { room = 1 << 17, most_words = 24 };

/// As the machine sets them: text, binary, ping, pong.
enum {
    message_kinds = WSK_TEXT << 2 | WSK_OPAQUE << 4 | WSK_OPAQUE << 18 | WSK_OPAQUE << 20,
    message_kinds_with_rsv1 = WSK_OPAQUE_TEXT << 2 | WSK_OPAQUE << 4
};

static uint8_t *memory;  // `room` bytes between two protected pages
static uint64_t *words_end;  // a protected page; `most_words` words may be written before it
static uint64_t random_state;
static const wsk_kernels *kernels;
static unsigned long long round_number;
static int harms;  // whether inputs may be damaged

static uint64_t next(void) {  // SplitMix64
    uint64_t z = random_state += 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}
static size_t below(size_t bound) { return (size_t)(next() % bound); }

/// The end of this many bytes between two protected pages.
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

#include "kernel_references.h"

// MARK: Comparing answers

static void compare(const char *what, const uint8_t *bytes, size_t count, wsk_result run, wsk_result right) {
    if (run.bytes != right.bytes) fail(what, bytes, count, run.bytes, right.bytes);
    if (run.frames != right.frames) fail(what, bytes, count, run.frames, right.frames);
    if (run.messages != right.messages) fail(what, bytes, count, run.messages, right.messages);
    const wsk_stream_state found = run.state, expected = right.state;
    if (found.open_kind != expected.open_kind) fail(what, bytes, count, found.open_kind, expected.open_kind);
    if (found.utf8_pending_lead != expected.utf8_pending_lead)
        fail(what, bytes, count, found.utf8_pending_lead, expected.utf8_pending_lead);
    if (found.kind != expected.kind) fail(what, bytes, count, found.kind, expected.kind);
    if (run.open_length != right.open_length) fail(what, bytes, count, run.open_length, right.open_length);
    if (found.kind == 0) return;
    if (found.remaining != expected.remaining) fail(what, bytes, count, found.remaining, expected.remaining);
    if (found.key != expected.key) fail(what, bytes, count, found.key, expected.key);
    if (found.byte0 != expected.byte0) fail(what, bytes, count, found.byte0, expected.byte0);
}

// MARK: Inputs

/// Text with characters of every length, possibly damaged; returns its length.
static size_t make_text(uint8_t *text, size_t count, uint32_t key) {
    static const char *const pieces[] = {"a",
                                         "plain ASCII, and more of it ",
                                         "\xC3\xA9",
                                         "\xE2\x82\xAC",
                                         "\xF0\x9F\x98\x80",
                                         "\xEE\x80\x80",
                                         "\xED\x9F\xBF",
                                         "\xF4\x8F\xBF\xBF",
                                         "\xE0\xA0\x80"};
    const size_t kinds = 1 + below(9);
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

/// The header of a frame with `size` bytes of extended length; returns its length.
static size_t make_header(uint8_t *bytes, uint8_t first, uint64_t length, int size, int masked, uint32_t key) {
    size_t at = 0;
    bytes[at++] = first;
    bytes[at++] = (uint8_t)((masked ? 0x80 : 0) | (size == 0 ? (uint8_t)length : size == 2 ? 126 : 127));
    for (int i = size - 1; i >= 0; i--) bytes[at++] = (uint8_t)(length >> i * 8);
    for (size_t i = 0; masked && i < 4; i++) bytes[at++] = key_byte(key, i);
    return at;
}

/// The correct size of the extended length.
static int size_of(uint64_t length) { return length < 126 ? 0 : length < 65536 ? 2 : 8; }

/// A frame that may follow the previous one, sometimes a fragment if `fragments`; or one that may not, if `harms`.
/// Returns its length.
static size_t make_frame(uint8_t *bytes, int masked, int fragments, int *is_open) {
    const size_t sizes[] = {below(126), below(126), below(40),
                            below(700), below(40),  below(200) ? below(64) : 65000 + below(1000)};
    const size_t length = sizes[below(6)];
    static const uint8_t whole[] = {0x81, 0x81, 0x82, 0x81, 0x89, 0x8A, 0xC1, 0xC2};
    static const uint8_t begun[] = {0x01, 0x02, 0x81, 0x89, 0x41};
    static const uint8_t inside[] = {0x00, 0x80, 0x00, 0x8A};
    uint8_t first = *is_open ? inside[below(4)] : fragments && below(2) ? begun[below(5)] : whole[below(8)];
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
    static const uint8_t leads[] = {0xC2, 0xE0, 0xE1, 0xED, 0xF0, 0xF1, 0xF4};
    const uint8_t before = below(3) ? 0 : leads[below(7)];
    size_t fault, unused;
    uint8_t lead = before, found_lead = before, part_lead = before;
    const size_t right = text_reference(text, count, key, &lead, &fault);
    const size_t found = kernels->text_prefix(text, count, key, &found_lead);
    const int part_is_text = text_reference(text, found, key, &part_lead, &unused) == found && part_lead == found_lead;
    const int fits = fault == SIZE_MAX ? found == count && found_lead == lead
                                       : found <= right && fault < found + 64 + 3 && part_is_text &&
                                             found_lead == (found ? 0 : before);
    if (!fits) fail("text_prefix", text, count, found, right);

    uint8_t copy[620];
    memcpy(copy, text, count);
    uint8_t unmasked_lead = before;
    const size_t unmasked = kernels->unmask_text(text, count, key, &unmasked_lead);
    if (unmasked != found || unmasked_lead != found_lead) fail("unmask_text", copy, count, unmasked, found);
    for (size_t i = 0; i < count; i++) {
        const uint8_t byte = i < unmasked ? copy[i] ^ key_byte(key, i) : copy[i];
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

/// Skips a piece of a stream, and unmasks it if that is possible; advances `from`. Returns the number of bytes
/// skipped.
static size_t try_piece(const uint8_t *stream, size_t count, start *from) {
    static uint8_t expected[room];
    uint8_t *bytes = below(2) ? memory + room - count : memory + below(64) % (room - count + 1);
    memcpy(bytes, stream, count);
    memcpy(expected, stream, count);
    const wsk_fast_path_rules rules = {from->open_length, from->limit, from->kinds, from->mask_bit};
    uint8_t header[16] = {0}, found_header[16];

    const wsk_result validated = run_reference(expected, count, *from, SIZE_MAX, 0, header);
    const wsk_result run = kernels->validate_frames(bytes, count, from->state, &rules);
    compare("validate_frames", stream, count, run, validated);
    if (memcmp(bytes, stream, count) != 0) fail("validate_frames, a changed byte", stream, count, 0, 0);

    const int was_inside = from->state.kind != 0;
    if (!was_inside || !(from->state.byte0 & 8)) {
        const size_t most = was_inside ? 1 + below(most_words) : below(4) ? below(most_words + 1) : 20;
        uint64_t words[most_words] = {0};
        memset(header, 0, sizeof header);
        const wsk_result right = run_reference(expected, count, *from, most, words, header);
        const wsk_result unmasked = kernels->unmask_frames(bytes, count, from->state, &rules, words_end - most, most);
        compare("unmask_frames", stream, count, unmasked, right);
        for (size_t i = 0; i < count; i++) {
            if (bytes[i] != expected[i]) fail("unmask_frames, at a byte", stream, count, bytes[i], expected[i]);
        }
        for (size_t i = was_inside ? 1 : 0; i < right.frames; i++) {
            const uint64_t second = words[i] >> 8 & 0xFF;
            const size_t size = ((second & 0x7F) < 126 ? 2u : 4u) + (from->mask_bit ? 4u : 0u);
            if (memcmp(words_end - most + i, &words[i], size) != 0)
                fail("unmask_frames, a header", stream, count, i, 0);
        }
        if (right.state.kind && (!was_inside || right.frames > 0)) {
            const size_t length = header[1] & 0x7F;
            const size_t size = (length < 126 ? 2u : length == 126 ? 4u : 10u) + (from->mask_bit ? 4u : 0u);
            memcpy(found_header, &unmasked.low, 8);
            memcpy(found_header + 8, &unmasked.high, 8);
            if (memcmp(found_header, header, size) != 0) fail("unmask_frames, the last header", stream, count, 0, 0);
        }
    }
    from->state = validated.state;
    from->open_length = validated.open_length;
    return validated.bytes;
}

/// Handles the frame at the beginning of a piece alone: it is taken if the reference implementation takes it, unless it is a
/// fragment that begins or ends inside a character.
static void try_single(const uint8_t *stream, size_t count, const start *from) {
    static uint8_t expected[room];
    if (from->state.kind != WSK_NONE || count == 0) return;
    uint8_t *bytes = below(2) ? memory + room - count : memory + below(64) % (room - count + 1);
    memcpy(bytes, stream, count);
    memcpy(expected, stream, count);
    const int is_control = stream[0] >> 3 & 1, is_open = from->state.open_kind != WSK_NONE;
    uint64_t words[1];
    uint8_t header[16];
    wsk_result right = run_reference(expected, count, *from, 1, words, header);
    const uint64_t length = count < 2 ? 0 : stream[1] & 0x7F;
    const int is_cut = from->state.utf8_pending_lead != 0 || right.state.utf8_pending_lead != 0;
    const uint64_t limit = from->limit - from->open_length;
    const int is_alone =
        right.frames == 1 && (is_control ? length <= limit : !is_cut) && count >= 8;
    if (!is_alone) {
        right.bytes = 0;
        memcpy(expected, stream, count);
    }
    const uint64_t continuation = from->state.utf8_pending_lead ? WSK_NONE : from->state.open_kind;
    const uint64_t kinds = is_open ? (from->kinds & 0xFFFF0000FFFF0000) | continuation : from->kinds;
    const wsk_frame only_read = kernels->validate_frame(bytes, count, kinds, limit, from->mask_bit);
    if (only_read.size != right.bytes) fail("validate_frame", stream, count, only_read.size, right.bytes);
    if (memcmp(bytes, stream, count) != 0) fail("validate_frame, a changed byte", stream, count, 0, 0);
    const wsk_frame frame = kernels->unmask_frame(bytes, count, kinds, limit, from->mask_bit);
    if (frame.size != right.bytes) fail("unmask_frame", stream, count, frame.size, right.bytes);
    if (memcmp(bytes, expected, count) != 0) fail("unmask_frame, a byte", stream, count, 0, 0);
    if (frame.size && memcmp(&frame.header, stream, 8) != 0) fail("unmask_frame, the header", stream, count, 0, 0);
}

static void try_frames(void) {
    static uint8_t stream[room];
    const int masked = below(4) > 0, fragments = below(3) == 0;
    const size_t most_frames = below(30);
    size_t count = 0;
    harms = below(3) == 0;
    const uint32_t open = fragments ? (uint32_t)below(4) : 0;
    int is_open = open != 0;
    for (size_t i = 0; i < most_frames && count < room - 66100; i++) {
        count += make_frame(stream + count, masked, fragments, &is_open);
    }
    if (count > 0 && below(8) == 0) stream[below(count)] ^= (uint8_t)(1 << below(8));
    if (below(3) == 0) count = below(count + 1);
    static const uint64_t limits[] = {0, 50, 124, 125, 126, 127, 300, 65600};
    const uint64_t limit = below(4) ? UINT64_MAX : limits[below(8)];
    start from = {
        .mask_bit = masked ? 0x80 : 0,
        .kinds = below(2) ? message_kinds | (uint64_t)message_kinds_with_rsv1 << 32 : message_kinds,
        .limit = limit,
        .open_length = open == 0  ? 0
                       : below(4) ? below(100) % (limit < 100 ? limit + 1 : 100)
                                  : limit,
        .state = {.open_kind = (uint8_t)open},
    };
    // All at once, or in pieces, each of which continues where the previous one stopped.
    const size_t longest = below(2) ? room : below(2) ? 200 : 2000;
    size_t more = 0;  // when a header was cut off
    for (size_t at = 0; at < count && more <= 32;) {
        try_single(stream + at, count - at, &from);
        const size_t there = count - at, most = 1 + below(longest) + more;
        const size_t passed = try_piece(stream + at, most < there ? most : there, &from);
        more = passed == 0 ? more + 16 : 0;
        at += passed;
    }
}

/// A byte that is never legal at each place of each text of up to 300 bytes, in each phase of the key and, if `step`
/// is 1, at each alignment. Some empty fast-path frames precede and follow it, so that a short one is at each place
/// of a group.
static void try_every_fault(size_t step) {
    static uint8_t stream[500], copy[500];
    for (size_t way = 0; way < 5; way++) {
        const uint32_t key = way == 0 ? 0 : 0x9D61FA37u >> (way - 1) * 8 | (uint32_t)(0x9D61FA37ull << (40 - way * 8));
        const wsk_fast_path_rules rules = {0, UINT64_MAX, WSK_TEXT << 2, way > 0 ? 0x80 : 0};
        const wsk_stream_state state = {0};
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
            // With room after it at each alignment, and at the protected page.
            for (size_t alignment = 0; alignment < 64 + step; alignment += step) {
                uint8_t *const bytes = alignment < 64 ? memory + alignment : memory + room - size;
                const size_t count = alignment < 64 ? 700 : size;
                memset(bytes + size, 0xFF, count - size);
                memcpy(bytes, stream, size);
                for (size_t i = 0; i < length; i++) {
                    bytes[payload + i] = 0xFF ^ key_byte(key, i);
                    memcpy(copy, bytes, size);
                    const wsk_result right = {.bytes = first, .frames = before, .messages = before};
                    compare("validate_frames, a fault", copy, size,
                            kernels->validate_frames(bytes, count, state, &rules), right);
                    const wsk_result unmasked = kernels->unmask_frames(bytes, count, state, &rules, words_end - 9, 9);
                    compare("unmask_frames, a fault", copy, size, unmasked, right);
                    if (memcmp(bytes, copy, size) != 0) fail("unmask_frames, a changed byte", copy, size, i, length);
                    bytes[payload + i] = stream[payload + i];
                }
                const wsk_result all = {.bytes = size, .frames = frames, .messages = frames};
                compare("validate_frames, no fault", stream, size,
                        kernels->validate_frames(bytes, count, state, &rules), all);
                const wsk_result unmasked = kernels->unmask_frames(bytes, count, state, &rules, words_end - 9, 9);
                compare("unmask_frames, no fault", stream, size, unmasked, all);
                for (size_t i = 0; i < size; i++) {
                    const uint8_t byte = i < payload || i >= payload + length ? stream[i] : 'a';
                    if (bytes[i] != byte) fail("unmask_frames, no fault, at a byte", stream, size, bytes[i], byte);
                }
            }
        }
    }
}

int main(int count, char **arguments) {
    const unsigned long long rounds = count > 1 ? strtoull(arguments[1], 0, 10) : 200000;
    const uint64_t seed = count > 2 ? strtoull(arguments[2], 0, 10) : 1;
    open_memory();
    if (!wsk_kernels_at(0)) printf("no kernels for this processor\n");
    for (int number = 0; (kernels = wsk_kernels_at(number)); number++) {
        random_state = seed;
        try_every_fault(rounds < 20000 ? 9 : 1);
        for (round_number = 0; round_number < rounds; round_number++) {
            try_text();
            try_frames();
        }
        printf("%s: %llu rounds, no difference\n", kernels->name, rounds);
    }
    return 0;
}
