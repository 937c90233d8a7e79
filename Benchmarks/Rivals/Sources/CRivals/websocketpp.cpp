#include "include/CRivals.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
#include <memory>
#include <string>

// The standard library instead of Boost's.
#define _WEBSOCKETPP_CPP11_STL_
#include <websocketpp/close.hpp>
#include <websocketpp/config/core.hpp>
#include <websocketpp/processors/hybi13.hpp>
#include <websocketpp/version.hpp>

namespace {

using config = websocketpp::config::core;
using processor = websocketpp::processor::hybi13<config>;

}  // namespace

// The processor of WebSocket++, and what its connection does with the messages: a Close's code and reason are checked
// there. The connection also handles the state after a Close, which is left out: nothing is read after it.
rival_answer rival_websocketpp(rival_task task) {
    rival_answer answer{};
    config::rng_type random;
    auto manager = std::make_shared<config::con_msg_manager_type>();
    processor parser(false, task.sent_by_client, manager, random);
    if (task.max_message) parser.set_max_message_size(task.max_message);

    // It unmasks in place, and therefore reads from a buffer of its own, as from a socket.
    static thread_local std::array<std::uint8_t, 1 << 16> buffer;
    websocketpp::lib::error_code error;
    for (std::size_t at = 0; at < task.count && !answer.stopped;) {
        const std::size_t length = std::min({task.count - at, task.chunk, buffer.size()});
        std::memcpy(buffer.data(), task.bytes + at, length);
        at += length;
        for (std::size_t used = 0; used < length && !answer.stopped;) {
            try {
                used += parser.consume(buffer.data() + used, length - used, error);
            } catch (const std::exception &) {
                // It allocates what a frame declares; with a limit of 2⁶² bytes that can be more than there is.
                answer.rejected = 1;
                return answer;
            }
            if (error) {
                answer.rejected = 1;
                return answer;
            }
            if (!parser.ready()) continue;
            auto message = parser.get_message();
            const std::string &payload = message->get_payload();
            answer.payload += payload.size();
            if (task.sums) {
                for (const char byte : payload) answer.sum += static_cast<std::uint8_t>(byte);
            }
            const auto opcode = message->get_opcode();
            if (!websocketpp::frame::opcode::is_control(opcode)) answer.messages++;
            if (opcode == websocketpp::frame::opcode::close) {
                websocketpp::close::extract_code(payload, error);
                if (!error) websocketpp::close::extract_reason(payload, error);
                if (error) answer.rejected = 1;
                answer.stopped = 1;
            }
        }
    }
    return answer;
}

const char *rival_websocketpp_version(void) {
    static const std::string version = std::to_string(websocketpp::major_version) + "." +
                                       std::to_string(websocketpp::minor_version) + "." +
                                       std::to_string(websocketpp::patch_version);
    return version.c_str();
}
