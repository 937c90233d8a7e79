"""An echo server of websocket-server: echo_websocket_server.py PORT"""
import sys

from websocket_server import WebsocketServer

server = WebsocketServer(host="127.0.0.1", port=int(sys.argv[1]))
server.set_fn_message_received(lambda client, server, message: server.send_message(client, message))
server.run_forever()
