#include "include/CRivals.h"

#include <string.h>
#include <time.h>
#include <wslay/wslay.h>

typedef struct {
    rival_task task;
    size_t at;
    rival_answer answer;
    int is_final_message;
} feed;

static ssize_t receive(wslay_event_context_ptr ctx, uint8_t *buffer, size_t length, int flags, void *user) {
    (void)flags;
    feed *feed = user;
    size_t left = feed->task.count - feed->at;
    if (left == 0) {
        wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    if (length > left) length = left;
    if (length > feed->task.chunk) length = feed->task.chunk;
    memcpy(buffer, feed->task.bytes + feed->at, length);
    feed->at += length;
    return (ssize_t)length;
}

static ssize_t discard(wslay_event_context_ptr ctx, const uint8_t *data, size_t length, int flags, void *user) {
    (void)ctx, (void)data, (void)flags, (void)user;
    return (ssize_t)length;
}

static int make_mask(wslay_event_context_ptr ctx, uint8_t *buffer, size_t length, void *user) {
    (void)ctx, (void)user;
    memset(buffer, 0, length);
    return 0;
}

static void begin(wslay_event_context_ptr ctx, const struct wslay_event_on_frame_recv_start_arg *frame, void *user) {
    (void)ctx;
    ((feed *)user)->is_final_message = frame->fin && !wslay_is_ctrl_frame(frame->opcode);
}

static void hand_over(wslay_event_context_ptr ctx, const struct wslay_event_on_frame_recv_chunk_arg *chunk, void *user) {
    (void)ctx;
    feed *feed = user;
    feed->answer.payload += chunk->data_length;
    if (feed->task.sums) {
        for (size_t i = 0; i < chunk->data_length; i++) feed->answer.sum += chunk->data[i];
    }
}

static void end(wslay_event_context_ptr ctx, void *user) {
    (void)ctx;
    feed *feed = user;
    feed->answer.messages += feed->is_final_message != 0;
}

rival_answer rival_wslay(rival_task task) {
    feed feed = {.task = task};
    const struct wslay_event_callbacks callbacks = {
        .recv_callback = receive,
        .send_callback = discard,
        .genmask_callback = make_mask,
        .on_frame_recv_start_callback = begin,
        .on_frame_recv_chunk_callback = hand_over,
        .on_frame_recv_end_callback = end,
    };
    wslay_event_context_ptr ctx;
    int error = task.sent_by_client ? wslay_event_context_server_init(&ctx, &callbacks, &feed)
                                    : wslay_event_context_client_init(&ctx, &callbacks, &feed);
    if (error) return (rival_answer){.rejected = -1};
    wslay_event_config_set_no_buffering(ctx, 1);
    wslay_event_config_set_max_recv_msg_length(ctx, task.max_message ? task.max_message : UINT64_MAX >> 1);
    if (task.deflate) wslay_event_config_set_allowed_rsv_bits(ctx, WSLAY_RSV1_BIT);

    while (feed.at < task.count && wslay_event_get_read_enabled(ctx)) {
        if ((error = wslay_event_recv(ctx))) break;
        if (wslay_event_want_write(ctx)) wslay_event_send(ctx);
    }
    if (wslay_event_want_write(ctx)) wslay_event_send(ctx);
    // What it sends shows whether it found a fault: a Close with one of these codes that does not echo the peer's.
    uint16_t sent = wslay_event_get_status_code_sent(ctx);
    int echoes = wslay_event_get_close_received(ctx) && wslay_event_get_status_code_received(ctx) == sent;
    feed.answer.rejected = error != 0 || ((sent == 1002 || sent == 1007 || sent == 1009) && !echoes);
    feed.answer.stopped = !wslay_event_get_read_enabled(ctx) && !feed.answer.rejected;
    wslay_event_context_free(ctx);
    return feed.answer;
}

const char *rival_wslay_version(void) { return WSLAY_VERSION; }

uint64_t rival_thread_nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}
