// A client of WebSocket++ that connects repeatedly while somebody listens: client_websocketpp PORT
#include <cstdio>
#include <cstring>
#include <websocketpp/client.hpp>
#include <websocketpp/config/asio_no_tls_client.hpp>
#include <websocketpp/extensions/permessage_deflate/enabled.hpp>

struct Settings : public websocketpp::config::asio_client {
    struct permessage_deflate_config {};
    typedef websocketpp::extensions::permessage_deflate::enabled<permessage_deflate_config> permessage_deflate_type;
};
typedef websocketpp::client<Settings> Client;

int main(int, char **arguments) {
    if (!strcmp(arguments[1], "--version"))
        return printf("%d.%d.%d\n", websocketpp::major_version, websocketpp::minor_version, websocketpp::patch_version), 0;
    for (bool wasRefused = false; !wasRefused;) {
        Client client;
        client.clear_access_channels(websocketpp::log::alevel::all);
        client.clear_error_channels(websocketpp::log::elevel::all);
        client.init_asio();
        client.set_message_handler([&client](websocketpp::connection_hdl connection, Client::message_ptr message) {
            websocketpp::lib::error_code error;
            client.send(connection, message->get_payload(), message->get_opcode(), error);
        });
        client.set_fail_handler([&client, &wasRefused](websocketpp::connection_hdl connection) {
            wasRefused = client.get_con_from_hdl(connection)->get_transport_ec() == boost::asio::error::connection_refused;
        });
        websocketpp::lib::error_code error;
        client.connect(client.get_connection(std::string("ws://127.0.0.1:") + arguments[1] + "/", error));
        client.run();
    }
}
