"""A client of websocket-client that connects repeatedly while somebody listens: client_websocket_client.py URL"""
import sys

import websocket

while True:
    try:
        connection = websocket.create_connection(sys.argv[1])
        while True:
            opcode, data = connection.recv_data()
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                break
            connection.send(data, opcode)
        # The library has answered the Close.
        connection.shutdown()
    except ConnectionRefusedError:
        break
    except (websocket.WebSocketException, OSError):
        connection.shutdown()
