"""A client of aiohttp that connects repeatedly while somebody listens: client_aiohttp.py URL"""
import asyncio
import sys

import aiohttp


async def main():
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.ws_connect(sys.argv[1], max_msg_size=0, compress=15) as socket:
                    async for message in socket:
                        if message.type == aiohttp.WSMsgType.TEXT:
                            await socket.send_str(message.data)
                        elif message.type == aiohttp.WSMsgType.BINARY:
                            await socket.send_bytes(message.data)
            except aiohttp.ClientConnectorError:
                return
            except (aiohttp.ClientError, OSError):
                pass


asyncio.run(main())
