// A client of Boost.Beast that connects repeatedly while somebody listens: client_beast PORT
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/version.hpp>
#include <cstdio>
#include <cstring>

namespace asio = boost::asio;
namespace beast = boost::beast;

int main(int, char **arguments) {
    if (!strcmp(arguments[1], "--version")) return puts(BOOST_LIB_VERSION), 0;
    asio::io_context context;
    asio::ip::tcp::endpoint server(asio::ip::make_address("127.0.0.1"), static_cast<unsigned short>(atoi(arguments[1])));
    for (;;) try {
            beast::websocket::stream<asio::ip::tcp::socket> stream(context);
            beast::websocket::permessage_deflate deflate;
            deflate.client_enable = true;
            stream.set_option(deflate);
            stream.read_message_max(1 << 26);
            stream.next_layer().connect(server);
            stream.handshake("localhost", "/");
            for (;;) {
                beast::flat_buffer buffer;
                stream.read(buffer);
                stream.text(stream.got_text());
                stream.write(buffer.data());
            }
        } catch (beast::system_error const &error) {
            if (error.code() == asio::error::connection_refused) return 0;
        }
}
