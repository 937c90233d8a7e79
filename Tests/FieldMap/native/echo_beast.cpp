// An echo server of Boost.Beast: echo_beast PORT
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/version.hpp>
#include <cstdio>
#include <cstring>
#include <thread>

namespace asio = boost::asio;
namespace beast = boost::beast;

static void talk(asio::ip::tcp::socket socket) {
    try {
        beast::websocket::stream<asio::ip::tcp::socket> stream(std::move(socket));
        beast::websocket::permessage_deflate deflate;
        deflate.server_enable = true;
        stream.set_option(deflate);
        stream.read_message_max(1 << 26);
        stream.accept();
        for (;;) {
            beast::flat_buffer buffer;
            stream.read(buffer);
            stream.text(stream.got_text());
            stream.write(buffer.data());
        }
    } catch (std::exception const &) {
    }
}

int main(int, char **arguments) {
    if (!strcmp(arguments[1], "--version")) return puts(BOOST_LIB_VERSION), 0;
    asio::io_context context;
    asio::ip::tcp::acceptor acceptor(
        context, {asio::ip::make_address("127.0.0.1"), static_cast<unsigned short>(atoi(arguments[1]))});
    for (;;) std::thread(talk, acceptor.accept()).detach();
}
