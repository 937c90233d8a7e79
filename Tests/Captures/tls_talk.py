"""Conversations through `openssl s_client` and `openssl s_server`, which support every version and cipher suite."""

import asyncio
import contextlib

from raw_client import CLOSE, PONG, TEXT, close_frame, frame

REQUEST = (
    b"GET /chat HTTP/1.1\r\nHost: tls.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
RESPONSE = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
)
STEP = 0.15  # seconds between two writes, so that each becomes a record of its own


async def certificates(room) -> None:
    """Creates an EC and an RSA certificate for both programs."""
    for name, kind in (("ec", ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]), ("rsa", ["rsa:2048"])):
        await room.command(
            "openssl", "req", "-x509", "-newkey", *kind, "-nodes", "-days", "30", "-subj", "/CN=tls.example",
            "-keyout", str(room.folder / f"{name}-key.pem"), "-out", str(room.folder / f"{name}.pem"),
        )  # fmt: skip


class Talk:
    """One connection between the two programs."""

    def __init__(self, room, port: int, kind: str):
        self.room, self.port, self.kind = room, port, kind

    async def serve(self, *options: str, quiet=True) -> None:
        """Starts the server, for any number of connections."""
        self.server = await self.room.start(
            "openssl", "s_server", "-accept", f"127.0.0.1:{self.port}", "-cert", str(self.room.folder / f"{self.kind}.pem"),
            "-key", str(self.room.folder / f"{self.kind}-key.pem"), *(["-quiet"] if quiet else []), *options,
            stdin=asyncio.subprocess.PIPE,
        )  # fmt: skip
        await asyncio.sleep(0.4)

    async def connect(self, *options: str, quiet=True) -> None:
        """Starts the client."""
        self.client = await self.room.start(
            "openssl", "s_client", "-connect", f"127.0.0.1:{self.port}", "-servername", "tls.example",
            "-keylogfile", str(self.room.folder / "keys"), *(["-quiet"] if quiet else []), *options,
            stdin=asyncio.subprocess.PIPE,
        )  # fmt: skip
        await asyncio.sleep(0.4)

    async def say(self, who: str, data: bytes) -> None:
        """Writes to one of the two."""
        process = self.client if who == "client" else self.server
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            process.stdin.write(data)
            await process.stdin.drain()
        await asyncio.sleep(STEP)

    async def exchange(self, text: bytes = b"hello through TLS") -> None:
        """A text and its echo, a ping and its pong."""
        await self.say("client", frame(TEXT, text))
        await self.say("server", frame(TEXT, text, masked=False))
        await self.say("server", frame(9, b"there?", masked=False))
        await self.say("client", frame(PONG, b"there?"))

    async def close(self) -> None:
        """Both Close frames, and the end of the client's input, which makes it send close_notify."""
        await self.say("client", close_frame(1000))
        await self.say("server", frame(CLOSE, b"\x03\xe8", masked=False))
        for process in (self.client, self.server):
            process.stdin.close()
            await asyncio.sleep(STEP)
            if process.returncode is None:
                process.terminate()
            await process.wait()

    async def whole(self, *client_options: str) -> None:
        """A whole conversation."""
        await self.connect(*client_options)
        await self.say("client", REQUEST)
        await self.say("server", RESPONSE)
        await self.exchange()
        await self.close()
