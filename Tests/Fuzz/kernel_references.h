// The plainest C that does what the kernels do. Included by kernels.c after the declarations that it needs.

static uint8_t key_byte(uint32_t key, size_t index) { return (uint8_t)(key >> index % 4 * 8); }

/// The character at `at`: its length; 0 if it is incomplete; -1 - n if its byte n is invalid.
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

/// What is open after `count` bytes of an incomplete character, as in wsk_stream_state.
static uint8_t lead_reference(const uint8_t *text, size_t count) {
    const uint8_t lead = text[0];
    const size_t missing = (lead < 0xE0 ? 2u : lead < 0xF0 ? 3u : 4u) - count;
    if (count == 1 && (lead == 0xE0 || lead == 0xED || lead == 0xF0 || lead == 0xF4)) return lead;
    return missing == 1 ? 0xC2 : missing == 2 ? 0xE1 : 0xF1;
}

/// How much is text after `lead`: either all of it, and `lead` is what is open then; or as far as whole characters go, and
/// `fault` is the first invalid byte, or SIZE_MAX.
static size_t text_reference(const uint8_t *text, size_t count, uint32_t key, uint8_t *lead, size_t *fault) {
    static uint8_t plain[room + 1];
    const size_t before = *lead ? 1 : 0;  // as if the text had begun with it
    plain[0] = *lead;
    for (size_t i = 0; i < count; i++) plain[before + i] = text[i] ^ key_byte(key, i);
    size_t at = 0;
    *fault = SIZE_MAX;
    while (at < before + count) {
        const int length = character(plain, at, before + count, 0);
        if (length < 0) {
            *fault = at + (size_t)(-1 - length) - before;
            if (at > 0) *lead = 0;
            return at > before ? at - before : 0;
        }
        if (length == 0) {
            *lead = lead_reference(plain + at, before + count - at);
            return count;
        }
        at += (size_t)length;
    }
    *lead = 0;
    return count;
}

typedef struct {
    uint8_t mask_bit;
    uint64_t kinds;
    uint64_t limit, open_length;
    wsk_stream_state state;
} start;

/// Continues the payload of the frame in progress; 0 if that is not of its kind. It is unmasked if `unmasks`.
static int go_on_reference(uint8_t *bytes, size_t count, wsk_result *run, int unmasks) {
    wsk_stream_state *const state = &run->state;
    const size_t part = state->remaining < count - run->bytes ? (size_t)state->remaining : count - run->bytes;
    uint8_t *const payload = bytes + run->bytes;
    const int is_final = state->byte0 >> 7, is_control = state->byte0 >> 3 & 1, is_whole = part == state->remaining;
    if (state->kind == WSK_TEXT) {
        uint8_t lead = state->utf8_pending_lead;
        size_t fault;
        if (text_reference(payload, part, state->key, &lead, &fault) != part || fault != SIZE_MAX) return 0;
        if (is_whole && is_final && lead) return 0;
        state->utf8_pending_lead = lead;
    }
    for (size_t i = 0; unmasks && i < part; i++) payload[i] ^= key_byte(state->key, i);
    uint32_t turned = 0;
    for (size_t i = 0; i < 4; i++) turned |= (uint32_t)key_byte(state->key, part + i) << i * 8;
    state->key = turned;
    state->remaining -= part;
    run->bytes += part;
    if (!is_whole) return 1;
    run->frames++;
    state->kind = 0;
    if (is_final && !is_control) {
        run->messages++;
        state->open_kind = 0;
        run->open_length = 0;
    }
    return 1;
}

/// The size of the next fast-path frame's header, or 0 if there is none. The frame has then begun.
static size_t begin_reference(const uint8_t *bytes, size_t count, wsk_result *run, start from) {
    const size_t at = run->bytes;
    if (count - at < 2) return 0;
    const uint8_t first = bytes[at], second = bytes[at + 1];
    const int is_control = first >> 3 & 1;
    if (first & 0x30 || (second & 0x80) != from.mask_bit || (is_control && first < 0x80)) return 0;
    uint8_t kind = from.kinds >> ((first & 15u) * 2 + (first & 0x40 ? 32 : 0)) & 3;
    if ((first & 15) == 0)
        kind = first & 0x40 ? 0 : run->state.open_kind;
    else if (!is_control && run->state.open_kind)
        kind = 0;
    if (kind == 0) return 0;
    size_t end = at + 2;
    uint64_t length = second & 0x7F;
    if (length > 125) {
        const size_t size = length == 126 ? 2 : 8;
        if (count - end < size || is_control) return 0;
        length = 0;
        for (size_t i = 0; i < size; i++) length = length << 8 | bytes[end++];
        if (length < (size == 2 ? 126 : 65536) || length >> 63) return 0;
    }
    uint32_t key = 0;
    if (from.mask_bit) {
        if (count - end < 4) return 0;
        for (size_t i = 0; i < 4; i++) key |= (uint32_t)bytes[end + i] << i * 8;
        end += 4;
    }
    if (!is_control && (length > from.limit || run->open_length > from.limit - length)) return 0;
    if (!is_control) {
        run->state.open_kind = kind;
        run->open_length += length;
    }
    run->state.kind = kind;
    run->state.remaining = length;
    run->state.key = key;
    run->state.byte0 = first;
    run->bytes = end;
    return end - at;
}

/// How far fast-path frames go, at most `most` of them. If `words` is not null, they are unmasked in `bytes`,
/// and the first bytes of whole ones are written to `words`; the header of one that is cut off is written to `header`.
static wsk_result run_reference(uint8_t *bytes, size_t count, start from, size_t most, uint64_t *words,
                                uint8_t *header) {
    wsk_result run = {.state = from.state, .open_length = from.open_length};
    if (run.state.kind && !go_on_reference(bytes, count, &run, words != 0)) return run;
    while (run.state.kind == 0 && run.frames < most) {
        const wsk_result before = run;
        const size_t size = begin_reference(bytes, count, &run, from);
        const int is_cut = run.state.remaining > count - run.bytes;
        const int refuses = words && (is_cut ? run.state.byte0 >> 3 & 1 : size > 8);
        if (size == 0 || refuses || !go_on_reference(bytes, count, &run, words != 0)) return before;
        if (is_cut)
            memcpy(header, bytes + before.bytes, size);
        else if (words)
            memcpy(&words[before.frames], bytes + before.bytes, size);
    }
    return run;
}
