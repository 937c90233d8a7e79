"""A client of trio-websocket that connects as long as somebody listens: client_trio.py URL"""
import sys

import trio
from trio_websocket import ConnectionClosed, HandshakeError, open_websocket_url


async def main():
    while True:
        try:
            async with open_websocket_url(sys.argv[1], max_message_size=1 << 26) as socket:
                while True:
                    await socket.send_message(await socket.get_message())
        except (ConnectionClosed, trio.BrokenResourceError):
            pass
        except (OSError, HandshakeError) as fault:
            if isinstance(fault, ConnectionRefusedError) or "refused" in str(fault) or "connection" in str(fault):
                return


trio.run(main)
