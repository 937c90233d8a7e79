// An echo server of WebSocket++: echo_websocketpp PORT
#include <cstdio>
#include <cstring>
#include <websocketpp/config/asio_no_tls.hpp>
#include <websocketpp/extensions/permessage_deflate/enabled.hpp>
#include <websocketpp/server.hpp>

struct Settings : public websocketpp::config::asio {
    struct permessage_deflate_config {};
    typedef websocketpp::extensions::permessage_deflate::enabled<permessage_deflate_config> permessage_deflate_type;
};
typedef websocketpp::server<Settings> Server;

int main(int, char **arguments) {
    if (!strcmp(arguments[1], "--version"))
        return printf("%d.%d.%d\n", websocketpp::major_version, websocketpp::minor_version, websocketpp::patch_version), 0;
    Server server;
    server.clear_access_channels(websocketpp::log::alevel::all);
    server.clear_error_channels(websocketpp::log::elevel::all);
    server.init_asio();
    server.set_reuse_addr(true);
    server.set_message_handler([&server](websocketpp::connection_hdl connection, Server::message_ptr message) {
        websocketpp::lib::error_code error;
        server.send(connection, message->get_payload(), message->get_opcode(), error);
    });
    server.listen(websocketpp::lib::asio::ip::tcp::v4(), atoi(arguments[1]));
    server.start_accept();
    server.run();
}
