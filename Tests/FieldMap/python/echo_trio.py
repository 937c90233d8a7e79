"""An echo server of trio-websocket, which is based on wsproto: echo_trio.py PORT"""
import sys

import trio
from trio_websocket import ConnectionClosed, serve_websocket


async def echo(request):
    socket = await request.accept()
    try:
        while True:
            await socket.send_message(await socket.get_message())
    except ConnectionClosed:
        pass


trio.run(lambda: serve_websocket(echo, "127.0.0.1", int(sys.argv[1]), ssl_context=None, max_message_size=1 << 26))
