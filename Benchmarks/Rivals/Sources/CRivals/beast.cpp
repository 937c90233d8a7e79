#include "include/CRivals.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/version.hpp>
#include <boost/beast/websocket.hpp>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using beast::error_code;

/// A stream in memory: the handshake is read first, then the task's bytes; what is written is kept during the
/// handshake, and discarded after it.
class memory_stream {
public:
    using executor_type = asio::io_context::executor_type;

    memory_stream(asio::io_context &context, const rival_task &task) : context_(context), task_(task) {}

    executor_type get_executor() noexcept { return context_.get_executor(); }

    template <class Buffers> std::size_t read_some(const Buffers &buffers, error_code &error) {
        answer_request();
        error = {};
        const auto *source = reinterpret_cast<const std::uint8_t *>(handshake_.data()) + handshake_read_;
        std::size_t left = handshake_.size() - handshake_read_;
        const bool in_handshake = left > 0;
        if (!in_handshake) {
            source = task_.bytes + at_;
            left = std::min(task_.count - at_, task_.chunk);
        }
        if (left == 0) {
            error = asio::error::eof;
            return 0;
        }
        const std::size_t count = asio::buffer_copy(buffers, asio::const_buffer(source, left));
        (in_handshake ? handshake_read_ : at_) += count;
        return count;
    }

    template <class Buffers> std::size_t read_some(const Buffers &buffers) {
        error_code error;
        return read_some(buffers, error);
    }

    template <class Buffers> std::size_t write_some(const Buffers &buffers, error_code &error) {
        error = {};
        if (is_open) return beast::buffer_bytes(buffers);
        written_ += beast::buffers_to_string(buffers);
        return beast::buffer_bytes(buffers);
    }

    template <class Buffers> std::size_t write_some(const Buffers &buffers) {
        error_code error;
        return write_some(buffers, error);
    }

    /// Sends a client's request, for a parser that is a server.
    void send_request() {
        handshake_ = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        if (task_.deflate) handshake_ += "Sec-WebSocket-Extensions: permessage-deflate\r\n";
        handshake_ += "\r\n";
    }

    /// Whether the handshake is over.
    bool is_open = false;

    std::size_t left() const { return task_.count - at_; }

private:
    /// Sends the server's answer to what the parser has written, for one that is a client.
    void answer_request() {
        if (is_open || task_.sent_by_client || !handshake_.empty()) return;
        http::request_parser<http::empty_body> parser;
        error_code error;
        parser.put(asio::buffer(written_), error);
        websocket::detail::sec_ws_accept_type accept;
        websocket::detail::make_sec_ws_accept(accept, parser.get()[http::field::sec_websocket_key]);
        handshake_ = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Accept: " + std::string(accept.data(), accept.size()) + "\r\n";
        if (task_.deflate) handshake_ += "Sec-WebSocket-Extensions: permessage-deflate\r\n";
        handshake_ += "\r\n";
    }

    asio::io_context &context_;
    const rival_task &task_;
    std::string handshake_;
    std::size_t handshake_read_ = 0;
    std::string written_;
    std::size_t at_ = 0;
};

void teardown(beast::role_type, memory_stream &, error_code &error) { error = {}; }

void add(rival_answer &answer, const rival_task &task, const void *bytes, std::size_t count) {
    answer.payload += count;
    if (!task.sums) return;
    for (std::size_t i = 0; i < count; i++) answer.sum += static_cast<const std::uint8_t *>(bytes)[i];
}

}  // namespace

rival_answer rival_beast(rival_task task) {
    asio::io_context context;
    rival_answer answer{};
    error_code error;
    websocket::stream<memory_stream, true> socket(context, task);
    if (task.deflate) {
        websocket::permessage_deflate deflate;
        deflate.server_enable = deflate.client_enable = true;
        socket.set_option(deflate);
    }
    if (task.sent_by_client) {
        socket.next_layer().send_request();
        socket.accept(error);
    } else {
        socket.handshake("localhost", "/", error);
    }
    if (error) {
        answer.rejected = -1;
        return answer;
    }
    socket.next_layer().is_open = true;
    socket.read_message_max(task.max_message);
    socket.control_callback([&](websocket::frame_type, beast::string_view payload) {
        add(answer, task, payload.data(), payload.size());
    });

    static thread_local std::array<std::uint8_t, 1 << 16> buffer;
    for (;;) {
        const std::size_t count = socket.read_some(asio::buffer(buffer), error);
        add(answer, task, buffer.data(), count);
        if (error) break;
        if (socket.is_message_done()) answer.messages++;
    }
    // The end of the bytes, and the end of the conversation after a Close, are not faults.
    const bool ended = error == asio::error::eof || error == websocket::error::closed;
    answer.rejected = !ended;
    answer.stopped = ended && socket.next_layer().left() > 0;
    return answer;
}

const char *rival_beast_version(void) { return BOOST_LIB_VERSION; }
