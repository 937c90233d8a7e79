"""WebSocket by hand, over a plain socket: for all that no client would send."""

import base64
import hashlib
import os
import socket
import struct

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
Frame = tuple[int, bytes]


def frame(opcode: int, payload: bytes = b"", final: bool = True, key: bytes = b"\x37\xfa\x21\x3d") -> bytes:
    """A client's frame."""
    size = len(payload)
    if size < 126:
        length = bytes([0x80 | size])
    elif size < 65536:
        length = struct.pack(">BH", 0x80 | 126, size)
    else:
        length = struct.pack(">BQ", 0x80 | 127, size)
    return bytes([(0x80 if final else 0) | opcode]) + length + key + mask(payload, key)


def mask(payload: bytes, key: bytes) -> bytes:
    """Masked, or unmasked: the two are the same."""
    repeated = (key * (len(payload) // 4 + 1))[: len(payload)]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")).to_bytes(len(payload), "big")


def close_frame(code: int = 1000, reason: str = "") -> bytes:
    """A client's Close."""
    return frame(CLOSE, struct.pack(">H", code) + reason.encode())


class Wire:
    """A connection whose handshake is done."""

    def __init__(self, port: int, first_bytes: bytes = b"", timeout: float = 10, receive_buffer: int = 0):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        self.received = bytearray()
        self.send(request(port, key) + first_bytes)
        head = self._head()
        assert head.startswith("HTTP/1.1 101 "), head
        proof = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
        assert f"sec-websocket-accept: {proof}".lower() in head.lower(), head

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        """Send all of it at once."""
        self.socket.sendall(data)

    def send_singly(self, data: bytes, at_most: int = 512) -> None:
        """Send byte by byte; of a long stream the first and the last bytes so."""
        for start in range(0, min(len(data), at_most)):
            self.socket.sendall(data[start : start + 1])
        self.socket.sendall(data[at_most : max(at_most, len(data) - at_most)])
        for start in range(max(at_most, len(data) - at_most), len(data)):
            self.socket.sendall(data[start : start + 1])

    def end_output(self) -> None:
        """Close the sending half."""
        self.socket.shutdown(socket.SHUT_WR)

    def vanish(self) -> None:
        """Leave with a reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def frame(self) -> Frame | None:
        """The server's next frame; nothing where its bytes end."""
        head = self._take(2)
        if head is None:
            return None
        assert head[0] & 0x80, "the servers do not fragment"
        assert head[1] & 0x80 == 0, "a server masks nothing"
        size = head[1] & 0x7F
        if size > 125:
            size = int.from_bytes(self._take(2 if size == 126 else 8) or b"", "big")
        payload = self._take(size)
        assert payload is not None, "the server stopped inside a frame"
        return head[0] & 0x0F, bytes(payload)

    def frames(self) -> list[Frame]:
        """All frames up to the end of the server's bytes."""
        return list(iter(self.frame, None))

    def _take(self, count: int) -> bytes | None:
        while len(self.received) < count:
            data = self.socket.recv(1 << 18)
            if not data:
                assert not self.received, f"the server's last frame is cut: {bytes(self.received[:20])!r}"
                return None
            self.received += data
        taken = bytes(self.received[:count])
        del self.received[:count]
        return taken

    def _head(self) -> str:
        while b"\r\n\r\n" not in self.received:
            data = self.socket.recv(4096)
            assert data, "no answer to the handshake"
            self.received += data
        end = self.received.index(b"\r\n\r\n") + 4
        return (self._take(end) or b"").decode()


def request(port: int, key: str, version: str = "13") -> bytes:
    """A client's handshake."""
    lines = [
        "GET / HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: keep-alive, Upgrade",
        f"Sec-WebSocket-Key: {key}",
        f"Sec-WebSocket-Version: {version}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def close_code(frames: list[Frame]) -> int | None:
    """The code of the Close that ends a list of frames; nothing where there is no Close, 1005 where it has no code."""
    if not frames or frames[-1][0] != CLOSE:
        return None
    return int.from_bytes(frames[-1][1][:2], "big") if frames[-1][1] else 1005
