"""An echo server of Python's websockets: for whole_server.py to be measured beside."""

import asyncio

from websockets.asyncio.server import serve


async def echo(connection) -> None:
    """Sends back what comes."""
    async for message in connection:
        await connection.send(message)


async def main() -> None:
    """Says where it listens, and serves."""
    async with serve(echo, "127.0.0.1", 0, backlog=4096) as server:
        print(f"listening on 127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
        await asyncio.get_running_loop().create_future()


asyncio.run(main())
