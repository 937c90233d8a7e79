"""A client of picows that connects repeatedly while somebody listens: client_picows.py URL"""
import asyncio
import sys

from echo_picows import Echo
from picows import ws_connect


async def main():
    while True:
        try:
            transport, _ = await ws_connect(Echo, sys.argv[1], max_frame_size=1 << 26)
            await transport.wait_disconnected()
        except ConnectionRefusedError:
            return
        except Exception:
            pass


asyncio.run(main())
