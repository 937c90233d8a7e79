// Parsers in C and C++, each after one function that takes a whole stream and tells what came out.

#ifndef C_RIVALS_H
#define C_RIVALS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a parser is given.
typedef struct {
    const uint8_t *bytes;
    size_t count;
    /// The parser is given at most this many bytes at once, as a socket would.
    size_t chunk;
    /// The stream is a client's, and so the parser a server; else the other way round.
    int sent_by_client;
    /// permessage-deflate was agreed.
    int deflate;
    /// The largest message that the receiver takes; 0 for no limit.
    uint64_t max_message;
    /// Add up the payload's bytes, to see that they were unmasked; else they are counted only.
    int sums;
} rival_task;

/// What it made of it.
typedef struct {
    /// Payload bytes that it handed over, control frames included.
    uint64_t payload;
    /// … added up.
    uint64_t sum;
    /// Messages that ended.
    uint64_t messages;
    /// It refused the stream.
    int rejected;
    /// It stopped before the end for another reason: after a Close.
    int stopped;
} rival_answer;

/// wslay's event API without buffering: UTF-8 is checked, payloads are handed over piece by piece, pings are answered.
rival_answer rival_wslay(rival_task task);

/// Boost.Beast's websocket::stream over a stream in memory: UTF-8 is checked, pings are answered.
rival_answer rival_beast(rival_task task);

/// WebSocket++'s processor: UTF-8 is checked, a message is gathered in a string and handed over whole.
rival_answer rival_websocketpp(rival_task task);

/// The versions that were compiled in.
const char *rival_wslay_version(void);
const char *rival_beast_version(void);
const char *rival_websocketpp_version(void);

/// Nanoseconds that this thread has run.
uint64_t rival_thread_nanoseconds(void);

#ifdef __cplusplus
}
#endif

#endif
