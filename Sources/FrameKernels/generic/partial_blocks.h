// Parts of a block, for processors without masks: through the stack, or through all 64 bytes. Included by avx2.c and
// neon.c, which have defined `block`, load, store, xor, or and keep.

/// `a`, with the top bits of the first `count` bytes of `b` added.
static inline block or_first(block a, block b, uint64_t count) { return or(a, keep(b, count)); }

static inline block load_first(const uint8_t *bytes, uint64_t count) {
    uint8_t copy[64] = {0};
    memcpy(copy, bytes, count);
    return load(copy);
}

/// Stores the first `count` bytes; no other is written.
static inline void store_first(uint8_t *bytes, block a, uint64_t count) {
    uint8_t copy[64];
    store(copy, a);
    memcpy(bytes, copy, count);
}

/// Stores the first `count` bytes of what was loaded from here and XORed with `key`, and the others as they were
/// loaded: all 64 must belong to the caller. They are not loaded again, which would wait for stores that overlap
/// them.
static inline void store_in_slack(uint8_t *bytes, block a, block key, uint64_t count) {
    store(bytes, xor(xor(a, key), keep(key, count)));
}
