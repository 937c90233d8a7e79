// Short fragments, one after the other. Written once for every processor; included by kernels.h, after frames.h.
//
// What may follow a fragment depends on that fragment, so these need a loop of their own: the loops over whole
// messages know it before they begin. No branch depends on where a message ends.

/// Whether a fragment, or a control frame without FIN, begins at `at`.
static inline int NAME(is_fragment)(const uint8_t *at) { return at[0] < 0x80 || (at[0] & 0x0F) == 0; }

/// Fragments that were accepted.
typedef struct {
    const uint8_t *at;  // where the next frame begins
    size_t frames;
} NAME(fragments);

/// Skips short fragments that begin before `slack`, at most `most` of them, up to the first that is not ASCII although
/// it must be text; `words`, unless null, receives a word for each. It skips none if the message has only one frame, or a
/// character is open.
ALWAYS_INLINE NAME(fragments) NAME(skip_fragments)(const uint8_t *at, const uint8_t *slack,
                                                   const wsk_fast_path_rules *rules, wsk_result *result,
                                                   uint64_t *words, size_t most, int masked) {
    NAME(fragments) over = {at, 0};
    if (result->state.utf8_pending_lead) return over;
    const uint64_t idle = rules->kinds & 0xFFFFFFFCFFFFFFFC;
    uint64_t open_kind = result->state.open_kind, open_length = result->open_length, messages = 0;
    while (over.at < slack && over.frames < most) {
        const uint64_t word = wsk_load_word(over.at);
        const uint64_t length = (word >> 8 & 0xFF) ^ (masked ? 0x80 : 0), is_last = word >> 7 & 1;
        // A continuation has the kind of its message.
        const uint64_t kind = NAME(kind)(open_kind ? open_kind : idle, word);
        // RSV2, RSV3, and control frames.
        if ((word & 0x38) || kind == WSK_NONE || (is_last && !open_kind)) break;
        if (length > SHORT_LIMIT || length > rules->limit || open_length > rules->limit - length) break;
        const uint8_t *const payload = over.at + SHORT_HEADER(masked);
        const uint32_t key = masked ? (uint32_t)(word >> 16) : 0;
        if (kind == WSK_TEXT && !NAME(is_short_ascii)(payload, length, key, 0)) break;
        if (words) words[over.frames] = word;
        over.frames++;
        over.at = payload + length;
        messages += is_last;
        open_kind = is_last ? WSK_NONE : kind;
        open_length = is_last ? 0 : open_length + length;
    }
    result->frames += over.frames;
    result->messages += messages;
    result->state.open_kind = (uint8_t)open_kind;
    result->open_length = open_length;
    return over;
}

COLD_NOINLINE static NAME(fragments) NAME(validate_fragments)(const uint8_t *at, const uint8_t *slack,
                                                              const wsk_fast_path_rules *rules, wsk_result *result,
                                                              int masked) {
    return masked ? NAME(skip_fragments)(at, slack, rules, result, 0, SIZE_MAX, 1)
                  : NAME(skip_fragments)(at, slack, rules, result, 0, SIZE_MAX, 0);
}

/// As skip_fragments, and records their words.
COLD_NOINLINE static NAME(fragments) NAME(read_fragments)(const uint8_t *at, const uint8_t *slack,
                                                          const wsk_fast_path_rules *rules, wsk_result *result,
                                                          uint64_t *words, size_t most) {
    return NAME(skip_fragments)(at, slack, rules, result, words, most, 1);
}
