"""Clients on plain sockets, for behaviour that no library can be made to show."""

import asyncio
import base64
import functools
import os
import socket
import struct
import time

from registry import EMOJI, GREETINGS, VERSIONS, client

VERSIONS["raw-client"] = lambda: "a client written by hand on a plain socket"
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def frame(opcode: int, payload: bytes, masked=True, first: int | None = None) -> bytes:
    """A frame; `first` is the whole first byte if it is more than FIN and the opcode."""
    size = len(payload)
    length = bytes([size]) if size < 126 else b"\x7e" + struct.pack(">H", size)
    if not masked:
        return bytes([0x80 | opcode if first is None else first]) + length + payload
    key = os.urandom(4)
    length = bytes([length[0] | 0x80]) + length[1:]
    hidden = bytes(byte ^ key[i % 4] for i, byte in enumerate(payload))
    return bytes([0x80 | opcode if first is None else first]) + length + key + hidden


def close_frame(code: int, reason: bytes = b"", masked=True) -> bytes:
    """A Close frame."""
    return frame(CLOSE, struct.pack(">H", code) + reason, masked)


class Socket:
    """A connected socket, and the handshake on it."""

    def __init__(self, url: str, source_port: int = 0):
        host, _, port = url.removeprefix("ws://").split("/")[0].rpartition(":")
        self.host, self.port = host.strip("[]"), int(port)
        self.socket = socket.socket(socket.AF_INET6 if ":" in self.host else socket.AF_INET)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(4)
        if source_port:
            self.socket.bind((self.host, source_port))
        self.socket.connect((self.host, self.port))

    def request(self, more: bytes = b"") -> bytes:
        """The upgrade request."""
        key = base64.b64encode(os.urandom(16))
        return (
            b"GET /chat HTTP/1.1\r\nHost: %b:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: %b\r\nSec-WebSocket-Version: 13\r\n%b\r\n" % (self.host.encode(), self.port, key, more)
        )

    def open(self) -> "Socket":
        """Requests the upgrade and waits for the response."""
        self.send(self.request())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.socket.recv(1)
        return self

    def send(self, data: bytes) -> None:
        """Sends bytes in one call."""
        self.socket.sendall(data)

    def read(self, seconds=4.0) -> bytes:
        """What has arrived; empty at the end, or after a time-out."""
        self.socket.settimeout(seconds)
        try:
            return self.socket.recv(65536)
        except OSError:
            return b""

    def read_all(self, seconds=4.0) -> None:
        """Reads to the end, or until nothing arrives any more."""
        while self.read(seconds):
            pass

    def reset(self) -> None:
        """Ends the connection with RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


def threaded(function):
    """Registers a function of a URL as a client action."""

    @functools.wraps(function)
    async def action(url):
        await asyncio.to_thread(function, url)

    return client("raw-client")(action)


def finish(ws: Socket, code=1000) -> None:
    """Closes properly."""
    ws.send(close_frame(code))
    ws.read_all()
    ws.socket.close()


@threaded
def byte_by_byte(url):
    """TCP_NODELAY, every byte of the request and of two frames in a send() of its own."""
    ws = Socket(url)
    for byte in ws.request():
        ws.send(bytes([byte]))
        time.sleep(0.0015)
    ws.read()
    for byte in frame(TEXT, EMOJI.encode()) + close_frame(1000):
        ws.send(bytes([byte]))
        time.sleep(0.0015)
    ws.read_all()
    ws.socket.close()


@threaded
def many_in_one(url):
    """Thirty frames in one send(), and a thirty-first that is cut between two sends in the middle of its header."""
    ws = Socket(url).open()
    ws.send(b"".join(frame(TEXT, b"number %d" % number) for number in range(30)))
    last = frame(BINARY, bytes(300))
    ws.send(last[:3])
    time.sleep(0.1)
    ws.send(last[3:])
    time.sleep(0.2)
    finish(ws)


@threaded
def same_port_twice(url):
    """Two connections one after the other from the same port, the first ended by RST."""
    for number in (1, 2):
        ws = Socket(url, 40404).open()
        ws.send(frame(TEXT, b"conversation %d" % number))
        ws.read()
        ws.send(close_frame(1000))
        ws.read()
        ws.reset()
        time.sleep(0.2)


@threaded
def two_at_once(url):
    """Two connections at the same time, their messages in turn."""
    both = [Socket(url).open(), Socket(url).open()]
    for number in range(4):
        for index, ws in enumerate(both):
            ws.send(frame(TEXT, b"%d of connection %d" % (number, index)))
            ws.read()
    for ws in both:
        finish(ws)


@threaded
def reset_in_frame(url):
    """One message, then the first 100 bytes of a frame of 300, then RST (SO_LINGER of zero)."""
    ws = Socket(url).open()
    ws.send(frame(TEXT, b"Hello"))
    ws.read()
    ws.send(frame(BINARY, bytes(300))[:100])
    time.sleep(0.1)
    ws.reset()


@threaded
def no_pong(url):
    """Reads pings and answers none; leaves when the server closes."""
    ws = Socket(url).open()
    ws.read_all(8)
    ws.socket.close()


@threaded
def no_close_answer(url):
    """One message; the server's Close is read and not answered; the socket is closed a second later."""
    ws = Socket(url).open()
    ws.send(frame(TEXT, b"Hello"))
    ws.read_all(1.0)
    ws.socket.close()


@threaded
def keepalive(url):
    """SO_KEEPALIVE with an interval of one second, nothing said for four; then close(1000)."""
    ws = Socket(url)
    ws.socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    ws.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
    ws.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
    ws.open()
    ws.send(frame(TEXT, b"Hello"))
    ws.read()
    time.sleep(3.5)
    ws.send(frame(TEXT, b"still here"))
    ws.read()
    finish(ws)


@threaded
def two_writers(url):
    """A text frame of 300 bytes written in two halves, another thread's text frame between them: two writers on one
    socket without a lock."""
    ws = Socket(url).open()
    ws.send(frame(TEXT, b"Hello"))
    ws.read()
    first, second = frame(TEXT, b"a" * 300), frame(TEXT, GREETINGS.encode())
    ws.send(first[:150])
    time.sleep(0.05)
    ws.send(second)
    time.sleep(0.05)
    ws.send(first[150:])
    time.sleep(0.05)
    ws.send(frame(TEXT, b"Hello again"))
    ws.read_all(1.5)
    ws.socket.close()


@threaded
def half_closes(url):
    """Four messages; shutdown(SHUT_WR) after the Close, then reads on until the server has ended."""
    ws = Socket(url).open()
    for number in range(4):
        ws.send(frame(TEXT, b"question %d" % number))
    ws.send(close_frame(1001, b"leaving"))
    ws.socket.shutdown(socket.SHUT_WR)
    ws.read_all()
    ws.socket.close()


@threaded
def unauthorised_then_in(url):
    """An upgrade that is refused with 401, then on the same connection one with credentials that succeeds."""
    ws = Socket(url)
    ws.send(ws.request())
    ws.read()
    ws.send(ws.request(b"Authorization: Basic dXNlcjpwYXNz\r\n"))
    ws.read()
    ws.send(frame(TEXT, b"Hello"))
    ws.read()
    finish(ws)


@threaded
def listens(url):
    """Sends one message and reads to the end; answers a Close."""
    ws = Socket(url).open()
    ws.send(frame(TEXT, b"Hello"))
    buffer, open_ = b"", True
    while data := ws.read():
        buffer += data
        while open_ and (size := frame_size(buffer)) <= len(buffer):
            if buffer[0] & 15 == CLOSE:
                ws.send(close_frame(1000))
                open_ = False
            buffer = buffer[size:]
    ws.socket.close()


def frame_size(buffer: bytes) -> int:
    """The size of the frame that begins here; more than there is while that is unknown."""
    if len(buffer) < 2:
        return 2
    size, at = buffer[1] & 127, 2
    if size > 125:
        at = 4 if size == 126 else 10
        size = int.from_bytes(buffer[2:at], "big")
    return at + size
