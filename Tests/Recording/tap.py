"""A TCP tap on the loopback: forwards the bytes of one connection and keeps what each side sent."""

import asyncio
import contextlib
import os
import socket

HOST = os.environ.get("RECORD_HOST", "127.0.0.1")  # where servers listen


def free_port() -> int:
    """A free TCP port on the loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def wait_for_port(port: int, seconds: float = 15) -> None:
    """Returns as soon as something listens on the port."""
    for _ in range(int(seconds * 20)):
        try:
            _, writer = await asyncio.open_connection(HOST, port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        writer.transport.abort()
        return
    raise TimeoutError(f"nothing listens on port {port}")


class Tap:
    """Listens on `port`, forwards to `upstream`, and records the first connection.

    `client` and `server` hold the bytes each side sent, handshake included.  An end of file is forwarded as such, and
    so is a reset.  Further connections are forwarded, not recorded, and counted in `extra`.
    """

    def __init__(self, port: int, upstream: int):
        self.port, self.upstream = port, upstream
        self.client, self.server = bytearray(), bytearray()
        self.extra = -1
        self.done = asyncio.Event()
        self._tasks: set[asyncio.Task] = set()

    async def __aenter__(self) -> "Tap":
        self._listener = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_) -> None:
        self._listener.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def finished(self, seconds: float) -> bool:
        """Waits until both sides of the recorded connection have ended; false after a time-out."""
        try:
            await asyncio.wait_for(self.done.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _connected(self, reader, writer) -> None:
        self._tasks.add(asyncio.current_task())
        self.extra += 1
        recorded = self.extra == 0
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        try:
            await asyncio.gather(
                self._pump(reader, up_writer, self.client if recorded else bytearray()),
                self._pump(up_reader, writer, self.server if recorded else bytearray()),
            )
        finally:
            for end in (writer, up_writer):
                with contextlib.suppress(OSError):
                    end.close()
            if recorded:
                self.done.set()

    @staticmethod
    async def _pump(reader, writer, kept: bytearray) -> None:
        """Forwards one direction until it ends."""
        while True:
            try:
                chunk = await reader.read(65536)
            except OSError:
                writer.transport.abort()
                return
            if not chunk:
                with contextlib.suppress(OSError):
                    if writer.can_write_eof():
                        writer.write_eof()
                return
            kept += chunk
            with contextlib.suppress(OSError):
                writer.write(chunk)
                await writer.drain()
