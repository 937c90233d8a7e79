// What a fast-path frame consists of, and how it begins, continues and ends, written once for every processor. Included
// by kernels.h, after text.h.
//
// A stream arrives in pieces, and most pieces end inside a frame. The part that has arrived is judged at once, and
// the next piece continues there. The state between pieces is passed in registers, or read back with the same widths
// as it was written: a load that has to wait for several stores costs as much as a frame.
//
// The chain from one short frame to the next is: load byte 1, clear the MASK bit, add. Nothing else depends on it, so the
// processor works on many frames at once; no branch depends on one frame's length. Whether frames must be masked is known at
// compile time: a stream of unmasked ones is as fast as its chain alone if no key is loaded.

/// A short frame's length is in byte 1. With slack after it, two blocks may be loaded from its payload whatever its
/// length.
#define SHORT_HEADER(masked) ((masked) ? 6 : 2)
#define SHORT_LIMIT 125
#define SHORT_SLACK(masked) (SHORT_HEADER(masked) + 128)

/// Returned instead of a count if the payload is not what its kind requires.
#define REFUSED SIZE_MAX

static inline size_t NAME(least)(uint64_t a, size_t b) { return a < b ? (size_t)a : b; }

/// The end of the positions at which frames with `needed` bytes after them may begin.
static inline const uint8_t *NAME(end_of_slack)(const uint8_t *bytes, size_t count, size_t needed) {
    return count < needed ? bytes : bytes + count - needed + 1;
}

/// The key before a payload.
static inline uint32_t NAME(key)(const uint8_t *payload, int masked) {
    uint32_t key = 0;
    if (masked) memcpy(&key, payload - sizeof key, sizeof key);
    return key;
}

/// The kind of a frame with this byte 0, which has neither RSV2 nor RSV3, between two messages.
static inline uint32_t NAME(kind)(uint64_t kinds, uint64_t byte0) {
    // Twice the opcode, plus 32 for RSV1: in `byte0 * 2`, FIN and RSV1 are multiples of 64.
    return (uint32_t)(kinds >> ((byte0 * 2 + (byte0 >> 1 & 0x20)) & 63)) & 3;
}

// MARK: Any fast-path frame

typedef struct {
    uint64_t payload;
    size_t header;  // in bytes; 0: not a fast-path frame, or incomplete
    uint8_t kind;
} NAME(shape);

/// Measures a fast-path frame at `at`, if its header is complete. For everything that the loops do not handle
/// themselves: fragments, lengths of 16 and 64 bits, and the last frames of a buffer.
ALWAYS_INLINE NAME(shape) NAME(measure)(const uint8_t *at, size_t count, const wsk_fast_path_rules *rules,
                                        const wsk_result *result, int masked) {
    const NAME(shape) none = {0, 0, 0};
    if (count < 2) return none;
    const uint32_t byte0 = at[0];
    if (byte0 & 0x30) return none;
    const int is_control = byte0 >> 3 & 1;
    if (is_control && byte0 < 0x80) return none;
    uint32_t kind = NAME(kind)(rules->kinds, byte0);
    if ((byte0 & 0x0F) == 0) {
        kind = byte0 & 0x40 ? WSK_NONE : result->state.open_kind;  // a message continues, if one is open
    } else if (!is_control && result->state.open_kind) {
        kind = WSK_NONE;  // none may begin inside another
    }
    if (kind == WSK_NONE) return none;

    uint64_t length = (uint64_t)at[1] ^ (masked ? 0x80 : 0);
    size_t header = SHORT_HEADER(masked);
    if (length == 126) {
        if (is_control || count < 4) return none;
        length = (uint64_t)at[2] << 8 | at[3];
        if (length < 126) return none;
        header += 2;
    } else if (length == 127) {
        if (is_control || count < 10) return none;
        length = __builtin_bswap64(wsk_load_word(at + 2));
        if (length < 65536 || length >> 63) return none;
        header += 8;
    } else if (length > 127) {
        return none;  // the MASK bit is wrong
    }
    if (!is_control && (length > rules->limit || result->open_length > rules->limit - length)) return none;
    if (count < header) return none;
    return (NAME(shape)){length, header, (uint8_t)kind};
}

/// Adds the length that a data frame declares to its message, which is open now.
static inline void NAME(declare)(wsk_result *result, uint8_t byte0, NAME(shape) frame) {
    if (byte0 & 0x08) return;
    result->state.open_kind = frame.kind;
    result->open_length += frame.payload;
}

/// Begins a frame whose payload has not begun to arrive.
static inline void NAME(begin)(wsk_result *result, uint8_t byte0, NAME(shape) frame, uint32_t key) {
    NAME(declare)(result, byte0, frame);
    result->state.remaining = frame.payload;
    result->state.key = key;
    result->state.kind = frame.kind;
    result->state.byte0 = byte0;
}

/// Ends a frame.
static inline void NAME(end)(wsk_result *result, uint8_t byte0) {
    result->frames++;
    result->state.kind = WSK_NONE;
    if ((byte0 & 0x88) != 0x80) return;
    result->messages++;
    result->state.open_kind = WSK_NONE;
    result->open_length = 0;
}

/// Counts a complete frame.
static inline void NAME(count)(wsk_result *result, uint8_t byte0, NAME(shape) frame) {
    NAME(declare)(result, byte0, frame);
    NAME(end)(result, byte0);
}

/// Counts `count` bytes of the payload.
static inline void NAME(pass)(wsk_result *result, size_t count) {
    result->state.remaining -= count;
    result->state.key = wsk_rotated_key(result->state.key, count);
    if (result->state.remaining == 0) NAME(end)(result, result->state.byte0);
}

/// Begins a short fast-path frame whose payload has arrived except for `rest` bytes. `word` begins with its header.
static inline void NAME(begin_short)(wsk_result *result, uint64_t word, uint64_t rest, uint64_t kinds, int masked) {
    const uint64_t length = word >> 8 & 0x7F;
    const NAME(shape) frame = {length, SHORT_HEADER(masked), (uint8_t)NAME(kind)(kinds, word)};
    NAME(begin)(result, word & 0xFF, frame, masked ? (uint32_t)(word >> 16) : 0);
    NAME(pass)(result, length - rest);
    result->low = word;
}

/// Saves the header of a frame that is cut off.
static inline void NAME(keep_header)(wsk_result *result, const uint8_t *at, const uint8_t *end) {
    uint8_t bytes[64];
    store(bytes, load_first(at, NAME(least)(16, (size_t)(end - at))));
    result->low = wsk_load_word(bytes);
    result->high = wsk_load_word(bytes + 8);
}

// MARK: Payloads

/// Loads the first `count` bytes, followed by undefined ones; `exact`: no other byte is read.
ALWAYS_INLINE block NAME(load_short)(const uint8_t *bytes, uint64_t count, int exact) {
    return exact ? load_first(bytes, count) : load(bytes);
}

/// The number of bytes of a short payload in its first block, and in its second.
static inline uint64_t NAME(in_first)(uint64_t count) { return count < 64 ? count : 64; }
static inline uint64_t NAME(in_second)(uint64_t count) { return count < 64 ? 0 : count - 64; }

/// Non-zero if a short payload is not UTF-8; `second` may be null below 64 bytes. What is loaded after the payload is
/// replaced with zeros, which are ASCII, so a character that is cut off shows up as an error.
ALWAYS_INLINE block NAME(short_errors)(block first, const block *second, uint64_t count) {
    const block before = keep(first, count);
    const block errors = utf8_errors(before, fill(0));
    if (!second) return errors;
    return or (errors, utf8_errors(keep(*second, NAME(in_second)(count)), before));
}

/// Whether a short payload is UTF-8. `exact`: no byte after it is read; otherwise two blocks may be, whatever its length.
COLD_NOINLINE static int NAME(is_short_utf8)(const uint8_t *payload, size_t count, uint32_t key, int exact) {
    const block first = xor(NAME(load_short)(payload, NAME(in_first)(count), exact), fill(key));
    const block second = xor(NAME(load_short)(payload + 64, NAME(in_second)(count), exact), fill(key));
    return !any(NAME(short_errors)(first, count < 64 ? 0 : &second, count));
}

/// Whether at most 128 bytes are ASCII. `exact` as above.
ALWAYS_INLINE int NAME(is_short_ascii)(const uint8_t *payload, size_t count, uint32_t key, int exact) {
    const uint64_t bits = key_bits(key);
    const uint64_t low = high_bits(NAME(load_short)(payload, NAME(in_first)(count), exact)) ^ bits;
    const uint64_t high = high_bits(NAME(load_short)(payload + 64, NAME(in_second)(count), exact)) ^ bits;
    return !((low & low_bits(count)) | (high & low_bits(NAME(in_second)(count))));
}

/// Whether a short payload is text. `exact` as above.
ALWAYS_INLINE int NAME(is_short_text)(const uint8_t *payload, size_t count, uint32_t key, int exact) {
    return !UNLIKELY(!NAME(is_short_ascii)(payload, count, key, exact)) ||
           NAME(is_short_utf8)(payload, count, key, exact);
}

/// Whether at most 128 bytes are ASCII; `unmasks`: if so, they are unmasked. Otherwise they are left unchanged. No
/// other byte is read or written.
ALWAYS_INLINE int NAME(go_on_in_ascii)(uint8_t *payload, size_t count, uint32_t key, int unmasks) {
    const uint64_t in_first = NAME(in_first)(count), in_second = NAME(in_second)(count);
    const block first = keep(xor(load_first(payload, in_first), fill(key)), in_first);
    const block second = keep(xor(load_first(payload + 64, in_second), fill(key)), in_second);
    if (any_high(or (first, second))) return 0;
    if (unmasks) store_first(payload, first, in_first);
    if (unmasks) store_first(payload + 64, second, in_second);
    return 1;
}

/// Whether a payload is UTF-8 as far as it has arrived; a message may only end after a whole character. `unmasks`: if
/// so, it is unmasked. Otherwise it is left unchanged.
ALWAYS_INLINE int NAME(is_utf8)(uint8_t *payload, size_t count, uint32_t key, uint8_t *pending_lead, int ends,
                                int unmasks) {
    const uint8_t before = *pending_lead;
    size_t good;
    if (ends && before == 0) {
        good = unmasks ? NAME(unmask_whole)(payload, count, key) : NAME(whole_prefix)(payload, count, key);
    } else {
        good = unmasks ? NAME(unmask_text)(payload, count, key, pending_lead)
                       : NAME(text_prefix)(payload, count, key, pending_lead);
    }
    if (!UNLIKELY(good != count) && !(ends && UNLIKELY(*pending_lead != 0))) return 1;
    if (unmasks) NAME(unmask)(payload, good, key);
    *pending_lead = before;
    return 0;
}

/// As is_utf8, but tries short ASCII first.
ALWAYS_INLINE int NAME(is_text)(uint8_t *payload, size_t count, uint32_t key, uint8_t *pending_lead, int ends,
                                int unmasks) {
    if (*pending_lead == 0 && count < 64 && NAME(go_over_small)(payload, count, key, 1, unmasks)) return 1;
    return NAME(is_utf8)(payload, count, key, pending_lead, ends, unmasks);
}

/// Continues in the current payload, as far as it has arrived; `unmasks`: and unmasks it. Returns the number of
/// bytes, or REFUSED, with nothing changed.
ALWAYS_INLINE size_t NAME(go_on)(uint8_t *payload, size_t count, wsk_result *result, int unmasks) {
    wsk_stream_state *const state = &result->state;
    const size_t part = NAME(least)(state->remaining, count);
    const uint32_t key = state->key;
    if (state->kind == WSK_TEXT) {
        const int may_be_ascii = HAS_MASKED_LOADS && part <= 128 && state->utf8_pending_lead == 0;
        const int ends = part == state->remaining && state->byte0 >= 0x80;
        if (!(may_be_ascii && NAME(go_on_in_ascii)(payload, part, key, unmasks)) &&
            !NAME(is_text)(payload, part, key, &state->utf8_pending_lead, ends, unmasks)) {
            return REFUSED;
        }
    } else if (unmasks) {
        NAME(unmask)(payload, part, key);
    }
    NAME(pass)(result, part);
    return part;
}

/// Judges a frame that is cut off by the end, as far as it has arrived; `unmasks`: and unmasks it. Returns the number
/// of bytes, or 0 with nothing changed.
COLD_NOINLINE static size_t NAME(go_into)(uint8_t *at, const uint8_t *end, NAME(shape) frame, wsk_result *result,
                                          int masked, int unmasks) {
    uint8_t *const payload = at + frame.header;
    const wsk_result before = *result;
    NAME(begin)(result, at[0], frame, NAME(key)(payload, masked));
    const size_t part = NAME(go_on)(payload, (size_t)(end - payload), result, unmasks);
    if (UNLIKELY(part == REFUSED)) {
        *result = before;
        return 0;
    }
    NAME(keep_header)(result, at, end);
    return frame.header + part;
}

/// The kinds of short frames between two messages; while one is open, those of control frames only.
static inline uint64_t NAME(short_kinds)(const wsk_fast_path_rules *rules, const wsk_result *result) {
    return rules->kinds & (result->state.open_kind ? 0xFFFF0000FFFF0000 : 0xFFFFFFFCFFFFFFFC);
}
