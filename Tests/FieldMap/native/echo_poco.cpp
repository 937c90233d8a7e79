// An echo server of Poco: echo_poco PORT
#include <Poco/Environment.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/WebSocket.h>
#include <cstdio>
#include <cstring>
#include <unistd.h>

using namespace Poco::Net;

struct Handler : HTTPRequestHandler {
    void handleRequest(HTTPServerRequest &request, HTTPServerResponse &response) override {
        try {
            WebSocket socket(request, response);
            socket.setReceiveTimeout(Poco::Timespan(120, 0));
            for (;;) {
                Poco::Buffer<char> buffer(0);
                int flags = 0;
                int count = socket.receiveFrame(buffer, flags);
                int opcode = flags & WebSocket::FRAME_OP_BITMASK;
                if (count == 0 && flags == 0) return;
                if (opcode == WebSocket::FRAME_OP_PING)
                    socket.sendFrame(buffer.begin(), count, WebSocket::FRAME_FLAG_FIN | WebSocket::FRAME_OP_PONG);
                else if (opcode == WebSocket::FRAME_OP_CLOSE)
                    return void(socket.sendFrame(buffer.begin(), count, flags));
                else if (opcode != WebSocket::FRAME_OP_PONG)
                    socket.sendFrame(buffer.begin(), count, flags);
            }
        } catch (WebSocketException &fault) {
            if (fault.code() == WebSocket::WS_ERR_HANDSHAKE_UNSUPPORTED_VERSION)
                response.set("Sec-WebSocket-Version", WebSocket::WEBSOCKET_VERSION);
            if (fault.code() < WebSocket::WS_ERR_PAYLOAD_TOO_BIG) {
                response.setStatusAndReason(HTTPResponse::HTTP_BAD_REQUEST);
                response.setContentLength(0);
                response.send();
            }
        } catch (Poco::Exception &) {
        }
    }
};

struct Factory : HTTPRequestHandlerFactory {
    HTTPRequestHandler *createRequestHandler(const HTTPServerRequest &) override { return new Handler; }
};

int main(int, char **arguments) {
    if (!strcmp(arguments[1], "--version")) {
        auto number = Poco::Environment::libraryVersion();
        return printf("%u.%u.%u\n", number >> 24, number >> 16 & 255, number >> 8 & 255), 0;
    }
    Poco::ThreadPool::defaultPool().addCapacity(100);
    HTTPServerParams::Ptr parameters = new HTTPServerParams;
    parameters->setMaxThreads(100);
    ServerSocket socket(SocketAddress("127.0.0.1", atoi(arguments[1])));
    HTTPServer server(new Factory, socket, parameters);
    server.start();
    for (;;) pause();
}
