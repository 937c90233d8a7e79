"""A client of `websockets` that connects repeatedly while somebody listens: client_websockets.py URL"""
import asyncio
import sys

import websockets


async def main():
    while True:
        try:
            async with websockets.connect(sys.argv[1], max_size=None) as connection:
                async for message in connection:
                    await connection.send(message)
        except ConnectionRefusedError:
            return
        except (websockets.WebSocketException, OSError, EOFError):
            pass


asyncio.run(main())
