// What a plain frame consists of, and how it begins, goes on and ends, written once for every processor. Included by
// kernels.h, after text.h.
//
// A stream comes in pieces, and most pieces end inside a frame. What has come of it is judged at once, and the next
// piece goes on there: in reads of 1,460 bytes, tiny frames take 3.8 ns instead of 5.2, and chat 57 instead of 84. What
// is kept from piece to piece goes in and out in registers, or is read as it was written: in reads of that size a load
// that has to wait for several stores is as dear as a frame.
//
// The chain from one short frame to the next is: load byte 1, take off the MASK bit, add. All else hangs beside it, so
// that the processor looks at many frames at once; no branch depends on one frame's length. Whether frames must be
// masked is known when this is compiled: a stream of unmasked ones is as fast as its chain alone when no key is looked
// for (2.2 instead of 2.7 ns a frame).

/// A short frame's length stands in byte 1. With room after it, two blocks may be loaded from its payload whatever its
/// length.
#define SHORT_HEADER(masked) ((masked) ? 6 : 2)
#define SHORT_LIMIT 125
#define SHORT_ROOM(masked) (SHORT_HEADER(masked) + 128)

/// Not so many bytes: a payload that is not plain.
#define REFUSED SIZE_MAX

static inline size_t NAME(least)(uint64_t a, size_t b) { return a < b ? (size_t)a : b; }

/// Frames with `needed` bytes from their first one on begin before here.
static inline const uint8_t *NAME(end_of_room)(const uint8_t *bytes, size_t count, size_t needed) {
    return count < needed ? bytes : bytes + count - needed + 1;
}

/// The key before a payload.
static inline uint32_t NAME(key)(const uint8_t *payload, int masked) {
    uint32_t key = 0;
    if (masked) memcpy(&key, payload - sizeof key, sizeof key);
    return key;
}

// MARK: Any plain frame

typedef struct {
    uint64_t payload;
    size_t header;  // in bytes; 0: not plain, or not whole
    uint8_t kind;
} NAME(shape);

/// What a plain frame at `at` consists of, if its header is whole. For all that the loops do not do themselves:
/// fragments, lengths of 16 and 64 bits, and the last frames of a buffer.
ALWAYS_INLINE NAME(shape) NAME(measure)(const uint8_t *at, size_t count, const fk_terms *terms, const fk_run *run,
                                        int masked) {
    const NAME(shape) none = {0, 0, 0};
    if (count < 2) return none;
    const uint32_t opcode = at[0] & 0x7F;  // with an RSV bit it is none
    if (opcode > 15) return none;
    const int is_control = opcode >= 8;
    if (is_control && at[0] < 0x80) return none;
    uint8_t kind = terms->kinds >> opcode * 2 & 3;
    if (opcode == 0) {
        kind = run->place.open_kind;  // a message goes on, if one is open
    } else if (!is_control && run->place.open_kind) {
        kind = 0;  // none may begin inside another
    }
    if (kind == 0) return none;

    uint64_t length = (uint64_t)at[1] ^ (masked ? 0x80 : 0);
    size_t header = SHORT_HEADER(masked);
    if (length == 126) {
        if (is_control || count < 4) return none;
        length = (uint64_t)at[2] << 8 | at[3];
        if (length < 126) return none;
        header += 2;
    } else if (length == 127) {
        if (is_control || count < 10) return none;
        length = __builtin_bswap64(fk_word(at + 2));
        if (length < 65536 || length >> 63) return none;
        header += 8;
    } else if (length > 127) {
        return none;  // the MASK bit is not as it must be
    }
    if (!is_control && (length > terms->limit || run->open_length > terms->limit - length)) return none;
    if (count < header) return none;
    return (NAME(shape)){length, header, kind};
}

/// What a data frame declares counts for its message, which is open now.
static inline void NAME(declare)(fk_run *run, uint8_t byte0, NAME(shape) frame) {
    if (byte0 & 0x08) return;
    run->place.open_kind = frame.kind;
    run->open_length += frame.payload;
}

/// A frame has begun; none of its payload has come.
static inline void NAME(begin)(fk_run *run, uint8_t byte0, NAME(shape) frame, uint32_t key) {
    NAME(declare)(run, byte0, frame);
    run->place.rest = frame.payload;
    run->place.key = key;
    run->place.kind = frame.kind;
    run->place.byte0 = byte0;
}

/// A frame has ended.
static inline void NAME(end)(fk_run *run, uint8_t byte0) {
    run->frames++;
    run->place.kind = 0;
    if ((byte0 & 0x88) != 0x80) return;
    run->messages++;
    run->place.open_kind = 0;
    run->open_length = 0;
}

/// A whole frame has come.
static inline void NAME(count)(fk_run *run, uint8_t byte0, NAME(shape) frame) {
    NAME(declare)(run, byte0, frame);
    NAME(end)(run, byte0);
}

/// So many bytes of the payload have come.
static inline void NAME(pass)(fk_run *run, size_t count) {
    run->place.rest -= count;
    run->place.key = fk_turned(run->place.key, count);
    if (run->place.rest == 0) NAME(end)(run, run->place.byte0);
}

/// A short frame that is plain has begun, and all but `rest` of its payload has come. `word` begins with its header.
static inline void NAME(begin_short)(fk_run *run, uint64_t word, uint64_t rest, uint32_t kinds, int masked) {
    const uint64_t length = word >> 8 & 0x7F;
    const NAME(shape) frame = {length, SHORT_HEADER(masked), kinds >> (word & 0x0F) * 2 & 3};
    NAME(begin)(run, word & 0xFF, frame, masked ? (uint32_t)(word >> 16) : 0);
    NAME(pass)(run, length - rest);
    run->low = word;
}

/// Keeps the header of a frame that is cut off.
static inline void NAME(keep_header)(fk_run *run, const uint8_t *at, const uint8_t *end) {
    uint8_t bytes[64];
    store(bytes, load_first(at, NAME(least)(16, (size_t)(end - at))));
    run->low = fk_word(bytes);
    run->high = fk_word(bytes + 8);
}

// MARK: Payloads

/// The first `count` bytes, and after them anything; `exact`: no other byte is read.
ALWAYS_INLINE block NAME(load_short)(const uint8_t *bytes, uint64_t count, int exact) {
    return exact ? load_first(bytes, count) : load(bytes);
}

/// How much of a short payload is in its first block, and in its second.
static inline uint64_t NAME(in_first)(uint64_t count) { return count < 64 ? count : 64; }
static inline uint64_t NAME(in_second)(uint64_t count) { return count < 64 ? 0 : count - 64; }

/// Not zero where a short payload is no UTF-8; `second` may be null below 64 bytes. What is loaded after the payload
/// is replaced by zeros, which are ASCII, so a character that is cut off shows as an error.
ALWAYS_INLINE block NAME(short_errors)(block first, const block *second, uint64_t count) {
    const block before = keep(first, count);
    const block errors = utf8_errors(before, fill(0));
    if (!second) return errors;
    return or(errors, utf8_errors(keep(*second, NAME(in_second)(count)), before));
}

/// A short payload is UTF-8. `exact`: no byte after it is read; else two blocks may be, whatever its length.
RARE static int NAME(is_short_utf8)(const uint8_t *payload, size_t count, uint32_t key, int exact) {
    const block first = xor(NAME(load_short)(payload, NAME(in_first)(count), exact), fill(key));
    const block second = xor(NAME(load_short)(payload + 64, NAME(in_second)(count), exact), fill(key));
    return !any(NAME(short_errors)(first, count < 64 ? 0 : &second, count));
}

/// At most 128 bytes are ASCII. `exact` as above.
ALWAYS_INLINE int NAME(is_short_ascii)(const uint8_t *payload, size_t count, uint32_t key, int exact) {
    const uint64_t bits = key_bits(key);
    const uint64_t low = high_bits(NAME(load_short)(payload, NAME(in_first)(count), exact)) ^ bits;
    const uint64_t high = high_bits(NAME(load_short)(payload + 64, NAME(in_second)(count), exact)) ^ bits;
    return !((low & low_bits(count)) | (high & low_bits(NAME(in_second)(count))));
}

/// A short payload is text. `exact` as above.
ALWAYS_INLINE int NAME(is_short_text)(const uint8_t *payload, size_t count, uint32_t key, int exact) {
    return !UNLIKELY(!NAME(is_short_ascii)(payload, count, key, exact)) ||
           NAME(is_short_utf8)(payload, count, key, exact);
}

/// At most 128 bytes are ASCII; `unmasks`: and are unmasked. 0 where they are none: then they are left as they came. No
/// other byte is read or written.
ALWAYS_INLINE int NAME(go_on_in_ascii)(uint8_t *payload, size_t count, uint32_t key, int unmasks) {
    const uint64_t in_first = NAME(in_first)(count), in_second = NAME(in_second)(count);
    const block first = keep(xor(load_first(payload, in_first), fill(key)), in_first);
    const block second = keep(xor(load_first(payload + 64, in_second), fill(key)), in_second);
    if (any_high(or(first, second))) return 0;
    if (unmasks) store_first(payload, first, in_first);
    if (unmasks) store_first(payload + 64, second, in_second);
    return 1;
}

/// A payload is text, as far as it goes, and a message may end after a whole character only; `unmasks`: and is
/// unmasked. 0 where it is none: then it is left as it came.
ALWAYS_INLINE int NAME(is_text)(uint8_t *payload, size_t count, uint32_t key, uint8_t *lead, int ends, int unmasks) {
    const uint8_t before = *lead;
    size_t good;
    if (ends && before == 0) {
        good = unmasks ? NAME(unmask_whole)(payload, count, key) : NAME(whole_prefix)(payload, count, key);
    } else {
        good = unmasks ? NAME(unmask_text)(payload, count, key, lead) : NAME(text_prefix)(payload, count, key, lead);
    }
    if (!UNLIKELY(good != count) && !(ends && UNLIKELY(*lead != 0))) return 1;
    if (unmasks) NAME(unmask)(payload, good, key);
    *lead = before;
    return 0;
}

/// Goes on in the payload in which the stream stands, as far as it has come; `unmasks`: and unmasks it. Returns how
/// many bytes that were, or REFUSED; then nothing has changed.
ALWAYS_INLINE size_t NAME(go_on)(uint8_t *payload, size_t count, fk_run *run, int unmasks) {
    fk_place *const place = &run->place;
    const size_t part = NAME(least)(place->rest, count);
    const uint32_t key = place->key;
    if (place->kind == 2) {
        const int may_be_ascii = EXACT && part <= 128 && place->lead == 0;
        const int ends = part == place->rest && place->byte0 >= 0x80;
        if (!(may_be_ascii && NAME(go_on_in_ascii)(payload, part, key, unmasks)) &&
            !NAME(is_text)(payload, part, key, &place->lead, ends, unmasks)) {
            return REFUSED;
        }
    } else if (unmasks) {
        NAME(unmask)(payload, part, key);
    }
    NAME(pass)(run, part);
    return part;
}

/// Goes into a frame that is cut off by the end, as far as it has come; `unmasks`: and unmasks it. Returns how many
/// bytes that were, or 0; then nothing has changed.
RARE static size_t NAME(go_into)(uint8_t *at, const uint8_t *end, NAME(shape) frame, fk_run *run, int masked,
                                 int unmasks) {
    uint8_t *const payload = at + frame.header;
    const fk_run before = *run;
    NAME(begin)(run, at[0], frame, NAME(key)(payload, masked));
    const size_t part = NAME(go_on)(payload, (size_t)(end - payload), run, unmasks);
    if (UNLIKELY(part == REFUSED)) {
        *run = before;
        return 0;
    }
    NAME(keep_header)(run, at, end);
    return frame.header + part;
}

/// The kinds of short frames that are plain between two messages; while one is open, control frames only.
static inline uint32_t NAME(short_kinds)(const fk_terms *terms, const fk_run *run) {
    return run->place.open_kind ? terms->kinds & 0xFFFF0000 : terms->kinds & ~3u;
}
