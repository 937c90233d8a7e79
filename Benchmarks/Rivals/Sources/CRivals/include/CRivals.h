// Parsers in C and C++, each wrapped in one function that takes a whole stream and returns what came out.

#ifndef C_RIVALS_H
#define C_RIVALS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The input of a parser.
typedef struct {
    const uint8_t *bytes;
    size_t count;
    /// The most bytes that the parser gets at once, as from a socket.
    size_t chunk;
    /// Whether a client sent the stream, which makes the parser a server; otherwise the other way round.
    int sent_by_client;
    /// Whether permessage-deflate was agreed.
    int deflate;
    /// The largest message that the receiver accepts; 0 for no limit.
    uint64_t max_message;
    /// Whether to add up the payload's bytes, which shows whether they were unmasked; otherwise they are only
    /// counted.
    int sums;
} rival_task;

/// The result of a parser.
typedef struct {
    /// The number of payload bytes that it handed over, control frames included.
    uint64_t payload;
    /// The sum of those bytes.
    uint64_t sum;
    /// The number of messages that ended.
    uint64_t messages;
    /// Whether it refused the stream.
    int rejected;
    /// Whether it stopped before the end for another reason, such as a Close.
    int stopped;
} rival_answer;

/// wslay's event API without buffering: UTF-8 is checked, payloads are handed over piece by piece, pings are
/// answered.
rival_answer rival_wslay(rival_task task);

/// Boost.Beast's websocket::stream over a stream in memory: UTF-8 is checked, pings are answered.
rival_answer rival_beast(rival_task task);

/// WebSocket++'s processor: UTF-8 is checked, a message is collected in a string and handed over whole.
rival_answer rival_websocketpp(rival_task task);

/// The versions that were compiled in.
const char *rival_wslay_version(void);
const char *rival_beast_version(void);
const char *rival_websocketpp_version(void);

/// The nanoseconds that this thread has run.
uint64_t rival_thread_nanoseconds(void);

#ifdef __cplusplus
}
#endif

#endif
