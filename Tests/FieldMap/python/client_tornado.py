"""A client of Tornado that connects repeatedly while somebody listens: client_tornado.py URL"""
import asyncio
import sys

from tornado import websocket


async def main():
    while True:
        try:
            connection = await websocket.websocket_connect(sys.argv[1], compression_options={}, max_message_size=1 << 26)
            while (message := await connection.read_message()) is not None:
                await connection.write_message(message, binary=isinstance(message, bytes))
        except ConnectionRefusedError:
            return
        except Exception:
            pass


asyncio.run(main())
