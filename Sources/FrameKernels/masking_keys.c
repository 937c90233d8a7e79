// Unpredictable masking keys (RFC 6455 §5.3) from the system's random bytes, fetched for 64 keys at a time, since a
// system call for each would take many times as long as the frame.
//
// Invariants: each thread has its own pool; no key is handed out twice, neither in another thread nor, after a fork,
// in the other process; and none stays in the pool once it was handed out.

#include "include/FrameKernels.h"

#if defined(__unix__) || defined(__APPLE__)

#include <pthread.h>
#if defined(__linux__)
#include <sys/random.h>
#else
#include <stdlib.h>
#endif

enum { pool_size = 64 };  // 256 bytes: the most that the system supplies all at once or not at all

static _Thread_local struct {
    uint32_t keys[pool_size];
    uint32_t left;    // keys[0 ..< left] have not been handed out; `left <= pool_size`
    uint64_t forks;   // the value of `forks` when they were made
} pool;

static uint64_t forks;

// Runs in the child, whose only thread is the one that has forked.
static void note_fork(void) { forks++; }

static int can_note_forks;
__attribute__((constructor)) static void watch_forks(void) { can_note_forks = pthread_atfork(0, 0, note_fork) == 0; }

int wsk_fresh_key(uint32_t *key) {
    if (!can_note_forks) return 0;
    if (pool.left == 0 || pool.forks != forks) {
        pool.left = 0;
#if defined(__linux__)
        if (getrandom(pool.keys, sizeof pool.keys, 0) != (ssize_t)sizeof pool.keys) return 0;
#else
        arc4random_buf(pool.keys, sizeof pool.keys);
#endif
        pool.left = pool_size;
        pool.forks = forks;
    }
    *key = pool.keys[--pool.left];
    pool.keys[pool.left] = 0;
    return 1;
}

#else

int wsk_fresh_key(uint32_t *key) {
    (void)key;
    return 0;
}

#endif
