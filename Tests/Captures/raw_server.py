"""Servers on plain sockets, for behaviour that no library can be made to show."""

import asyncio
import base64
import hashlib
import re
import socket
import struct
import threading
import time

from registry import VERSIONS, server
from tap import HOST

from raw_client import PONG, TEXT, close_frame, frame

VERSIONS["raw-server"] = lambda: "a server written by hand on a plain socket"
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Peer:
    """A connection that a server has accepted."""

    def __init__(self, connection: socket.socket):
        self.socket = connection
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(6)

    def request(self) -> bytes:
        """The head of a request."""
        head = b""
        while b"\r\n\r\n" not in head:
            got = self.socket.recv(1)
            if not got:
                raise ConnectionError
            head += got
        return head

    def answer(self, request: bytes, more: bytes = b"", accept: bytes | None = None) -> bytes:
        """The response that accepts the upgrade."""
        key = re.search(rb"(?i)sec-websocket-key: *(\S+)", request)[1]
        digest = base64.b64encode(hashlib.sha1(key + GUID).digest())
        return (
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: %b\r\n%b\r\n" % (accept or digest, more)
        )

    def send(self, data: bytes) -> None:
        """Sends bytes in one call."""
        self.socket.sendall(data)

    def upgrade(self, more: bytes = b"") -> None:
        """Accepts the handshake."""
        self.send(self.answer(self.request(), more))

    def read(self, seconds=3.0) -> bytes:
        """What has arrived, or nothing."""
        self.socket.settimeout(seconds)
        try:
            return self.socket.recv(65536)
        except OSError:
            return b""

    def reset(self) -> None:
        """Ends the connection with RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


def serving(function):
    """Registers a function of a connected peer as a server action."""

    async def action(port):
        listener = socket.create_server((HOST, port), family=socket.AF_INET6 if ":" in HOST else socket.AF_INET)

        def one(connection):
            peer = Peer(connection)
            try:
                function(peer)
            except OSError:
                pass
            finally:
                peer.socket.close()

        def accept():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=one, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield
        listener.close()
        await asyncio.sleep(0)

    action.__name__, action.__doc__ = function.__name__, function.__doc__
    server("raw-server")(action)
    return function


def text(payload: bytes) -> bytes:
    """A server's text frame."""
    return frame(TEXT, payload, masked=False)


@serving
def frame_behind_101(peer):
    """The 101 response, two text frames and a ping in one send(); then a Close."""
    first = peer.request()
    ping = frame(9, b"there?", masked=False)
    peer.send(peer.answer(first) + text(b"first") + text(b"second") + ping)
    peer.read()
    peer.send(close_frame(1000, masked=False))
    peer.read(1)


@serving
def pings(peer):
    """Three pings two seconds apart; as no pong has come, the connection is closed without a Close."""
    peer.upgrade()
    for number in range(3):
        peer.send(frame(9, b"%d" % number, masked=False))
        time.sleep(2)


@serving
def close_1002(peer):
    """Answers the first message with close(1002), though nothing is wrong with it."""
    peer.upgrade()
    peer.read()
    peer.send(close_frame(1002, b"unexpected frame", masked=False))
    peer.read(1)


@serving
def closes(peer):
    """Answers the first message with close(1000)."""
    peer.upgrade()
    peer.read()
    peer.send(text(b"bye") + close_frame(1000, b"bye", masked=False))
    peer.read(3)


@serving
def ignores_close(peer):
    """Every message is answered with a text; a Close is not answered: the connection is shut at once."""
    peer.upgrade()
    while data := peer.read():
        if data[0] & 15 == 8:
            return
        peer.send(text(b"yes"))


@serving
def wrong_accept(peer):
    """The 101 response carries the Sec-WebSocket-Accept of another key; one text, close(1000)."""
    peer.send(peer.answer(peer.request(), accept=b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
    peer.send(text(b"Hello") + close_frame(1000, masked=False))
    peer.read(2)


@serving
def unknown_extension(peer):
    """Agrees to the extension x-webkit-deflate-frame and sets RSV1 on a compressed text; close(1000)."""
    peer.upgrade(b"Sec-WebSocket-Extensions: x-webkit-deflate-frame\r\n")
    peer.read()
    packed = bytes.fromhex("f248cdc9c90700")
    peer.send(frame(TEXT, packed, masked=False, first=0xC1) + close_frame(1000, masked=False))
    peer.read(2)


@serving
def killed_in_frame(peer):
    """A header that promises 100000 bytes, 700 of them, then RST as of a process that is killed with unread data."""
    peer.upgrade()
    peer.read()
    peer.send(text(b"Hello"))
    peer.send(bytes([0x82, 127]) + struct.pack(">Q", 100000) + bytes(i % 251 for i in range(700)))
    time.sleep(0.2)
    peer.reset()


@serving
def never_notices(peer):
    """Answers every read with a text, whatever came, and a Close with a Close."""
    peer.upgrade()
    while data := peer.read(3):
        if data[0] & 15 == 8:
            peer.send(close_frame(1000, masked=False))
            return
        peer.send(text(b"fine"))


@serving
def answers_1000(peer):
    """Answers the first message, which is broken, with close(1000) where 1002 is due."""
    peer.upgrade()
    peer.read()
    peer.send(close_frame(1000, masked=False))
    peer.read(2)


@serving
def data_behind_close(peer):
    """A Close, then two texts that were still queued."""
    peer.upgrade()
    peer.read()
    peer.send(close_frame(1001, b"restart", masked=False))
    peer.send(text(b"queued 1") + text(b"queued 2"))
    peer.read(2)


@serving
def chunked(peer):
    """101, then every frame wrapped as a chunk of HTTP's chunked transfer coding, as by a gateway that goes on
    writing its response."""
    peer.send(peer.answer(peer.request(), b"Transfer-Encoding: chunked\r\n"))
    peer.read()
    for payload in (b"first", b"second"):
        whole = text(payload)
        peer.send(b"%x\r\n%b\r\n" % (len(whole), whole))
    peer.read(1.5)


@serving
def asks_for_password(peer):
    """401 with Content-Length to the first request; the second, with credentials, is upgraded; messages sent back."""
    peer.request()
    peer.send(b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=chat\r\nContent-Length: 6\r\n\r\nwho?\r\n")
    peer.upgrade()
    peer.read()
    peer.send(text(b"Hello"))
    peer.read()
    peer.send(close_frame(1000, masked=False))
    peer.read(1)


@serving
def echo(peer):
    """Every frame of a single read is answered: text by its own payload, ping by a pong, Close by a Close."""
    peer.upgrade()
    buffer = b""
    while data := peer.read(6):
        buffer += data
        while (one := take(buffer)) is not None:
            opcode, payload, buffer = one
            if opcode == 8:
                peer.send(frame(8, payload[:2], masked=False))
                peer.read(1)
                return
            peer.send(frame(PONG if opcode == 9 else opcode, payload, masked=False))


def take(buffer: bytes) -> tuple[int, bytes, bytes] | None:
    """The first masked frame of a buffer: opcode, payload, the rest."""
    if len(buffer) < 6:
        return None
    size, at = buffer[1] & 127, 2
    if size == 126:
        size, at = int.from_bytes(buffer[2:4], "big"), 4
    if len(buffer) < at + 4 + size:
        return None
    key = buffer[at : at + 4]
    payload = bytes(byte ^ key[i % 4] for i, byte in enumerate(buffer[at + 4 : at + 4 + size]))
    return buffer[0] & 15, payload, buffer[at + 4 + size :]
