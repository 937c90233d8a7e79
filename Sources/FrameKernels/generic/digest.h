// Digesting payloads: included by kernels.h.

/// Four words at a time, each into its lane. (The compiler vectorizes this.)
static size_t NAME(digest)(const uint8_t *bytes, size_t count, uint64_t key, uint64_t *lanes) {
    typedef uint64_t four __attribute__((vector_size(32), aligned(8)));
    four state, words;
    memcpy(&state, lanes, sizeof state);
    size_t at = 0;
    for (; count - at >= sizeof words; at += sizeof words) {
        memcpy(&words, bytes + at, sizeof words);
        words ^= state ^ key;
        state = (words & 0xFFFFFFFF) * WSK_DIGEST_LOW + (words >> 32) * WSK_DIGEST_HIGH;
    }
    memcpy(lanes, &state, sizeof state);
    return at;
}
