"""Conversations as captures: TCP segments built from what each side sends. Needs no package."""

import base64
import hashlib
import json
import random
import struct
import sys
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Captures"))
from packets import ETHERNET, Packet, write_pcap  # noqa: E402

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
SEGMENT = 1448


def masked(payload: bytes, key: bytes, shift: int = 0) -> bytes:
    """The payload XORed with the key, starting at the key's byte `shift`."""
    turned = key[shift % 4 :] + key[: shift % 4]
    stream = (turned * (len(payload) // 4 + 1))[: len(payload)]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(payload), "big")


def header(length: int, opcode: int = TEXT, fin: bool = True, rsv: int = 0, mask: bool = False) -> bytes:
    """The first 2, 4 or 10 bytes of a correct frame."""
    first = (0x80 if fin else 0) | rsv << 4 | opcode
    bit = 0x80 if mask else 0
    if length < 126:
        return bytes([first, bit | length])
    if length < 1 << 16:
        return bytes([first, bit | 126]) + struct.pack(">H", length)
    return bytes([first, bit | 127]) + struct.pack(">Q", length)


def frame(payload: bytes, opcode: int = TEXT, fin: bool = True, rsv: int = 0, key: bytes | None = None) -> bytes:
    """A correct frame; masked if a key is given."""
    head = header(len(payload), opcode, fin, rsv, key is not None)
    return head + payload if key is None else head + key + masked(payload, key)


def close(code: int, reason: str = "", key: bytes | None = None) -> bytes:
    """A Close."""
    return frame(struct.pack(">H", code) + reason.encode(), CLOSE, key=key)


class Deflater:
    """permessage-deflate for one side, with takeover."""

    def __init__(self, bits: int = 15) -> None:
        self.stream = zlib.compressobj(6, zlib.DEFLATED, -bits)

    def message(self, payload: bytes) -> bytes:
        return (self.stream.compress(payload) + self.stream.flush(zlib.Z_SYNC_FLUSH))[:-4]


class Talk:
    """One TCP connection; `client` and `server` send bytes, time passes, and the capture is written at the end."""

    def __init__(self, seed: str, port: int = 80, hosts=("10.1.0.7", "10.1.0.2"), start: float = 1_760_000_000.0) -> None:
        self.random = random.Random(seed)
        self.now = start + self.random.random()
        self.packets: list[Packet] = []
        self.addresses = [bytes(map(int, host.split("."))) for host in hosts]
        self.ports = [self.random.randrange(32_768, 60_999), port]
        self.sequence = [self.random.randrange(1 << 30), self.random.randrange(1 << 30)]
        self.count = 0
        self.nonce = base64.b64encode(self.random.randbytes(16)).decode()

    def key(self) -> bytes:
        """A masking key."""
        return self.random.randbytes(4)

    # The connection

    def open(self) -> "Talk":
        """SYN, SYN and ACK, ACK."""
        self._segment(0, SYN)
        self._segment(1, SYN | ACK)
        self._segment(0, ACK)
        return self

    def wait(self, seconds: float) -> "Talk":
        self.now += seconds
        return self

    def client(self, data: bytes) -> "Talk":
        return self._send(0, data)

    def server(self, data: bytes) -> "Talk":
        return self._send(1, data)

    def fin(self, side: str) -> "Talk":
        number = side == "server"
        self._segment(number, FIN | ACK)
        self.wait(0.0004)
        self._segment(1 - number, ACK)
        return self

    def rst(self, side: str) -> "Talk":
        self._segment(side == "server", RST | ACK)
        return self

    def end(self, first: str = "server") -> "Talk":
        """Ends both sides, `first` before the other."""
        return self.fin(first).fin("client" if first == "server" else "server")

    # The handshake

    def request(self, path: str = "/socket", *more: str, agent: str = "", key: str | None = None) -> bytes:
        lines = [f"GET {path} HTTP/1.1", "Host: gateway.example", "Connection: Upgrade", "Upgrade: websocket"]
        lines += ["Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key or self.nonce}"]
        lines += [f"User-Agent: {agent}"] if agent else []
        return "\r\n".join([*lines, *more, "", ""]).encode()

    def response(self, *more: str, accept: str | None = None) -> bytes:
        right = base64.b64encode(hashlib.sha1((self.nonce + GUID).encode()).digest()).decode()
        lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Accept: {accept or right}", *more]
        return "\r\n".join([*lines, "", ""]).encode()

    def upgraded(self, extensions: str = "", path: str = "/socket", agent: str = "") -> "Talk":
        """The connection, and a correct handshake."""
        offered = [f"Sec-WebSocket-Extensions: {extensions}"] if extensions else []
        self.open().client(self.request(path, *offered, agent=agent)).wait(0.003)
        return self.server(self.response(*offered)).wait(0.004)

    # The file

    def write(self, path) -> None:
        write_pcap(path, self.packets)

    def _send(self, side: int, data: bytes) -> "Talk":
        for at in range(0, len(data), SEGMENT):
            self._segment(side, PSH | ACK, data[at : at + SEGMENT])
            self.now += 0.00008
        self.now += 0.0003
        self._segment(1 - side, ACK)
        self.now += 0.001
        return self

    def _segment(self, side: int, flags: int, data: bytes = b"") -> None:
        other = 1 - side
        acknowledged = self.sequence[other] if flags & ACK else 0
        tcp = struct.pack(
            ">HHIIBBHHH", self.ports[side], self.ports[other], self.sequence[side] % (1 << 32),
            acknowledged % (1 << 32), 5 << 4, flags, 64_240, 0, 0)  # fmt: skip
        self.count += 1
        head = struct.pack(
            ">BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp) + len(data), self.count & 0xFFFF, 0x4000, 64, 6, 0,
            self.addresses[side], self.addresses[other])  # fmt: skip
        head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
        pseudo = self.addresses[side] + self.addresses[other] + struct.pack(">BBH", 0, 6, len(tcp) + len(data))
        tcp = tcp[:16] + struct.pack(">H", checksum(pseudo + tcp + data)) + tcp[18:]
        hardware = [b"\x02\x00\x00\x00\x00\x01", b"\x02\x00\x00\x00\x00\x02"]
        whole = hardware[other] + hardware[side] + b"\x08\x00" + head + tcp + data
        self.packets.append(Packet(int(self.now * 1e6) * 1000, whole, len(whole), ETHERNET))
        self.sequence[side] += len(data) + bool(flags & (SYN | FIN))
        self.now += 0.0002


def checksum(data: bytes) -> int:
    """The Internet checksum."""
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Sayings:
    """What applications send: payloads of realistic sizes from a fixed seed."""

    NAMES = ["anna", "bogdan", "chen", "dilara", "émile", "fatima", "göran", "hélène", "ivo", "jürgen"]
    WORDS = (
        "the order was moved to the second hall because its label could not be read and nobody had seen the driver "
        "before noon so please check again whether all of them were counted twice when the night shift ended"
    ).split()

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)

    def words(self, count: int, of: list[str] | None = None) -> str:
        return " ".join(self.random.choice(of or self.WORDS) for _ in range(count))

    def chat(self, words: int = 12) -> bytes:
        r = self.random
        value = {"type": "message", "id": r.randrange(1 << 31), "from": r.choice(self.NAMES[:4]), "text": self.words(words)}
        return json.dumps(value).encode()

    def telemetry(self, rows: int = 4) -> bytes:
        """Like a device: numbers with names."""
        r = self.random
        rows = [{"t": 1_760_000_000 + i, "temp": round(r.uniform(18, 27), 2), "rh": round(r.uniform(30, 60), 1),
                 "p": r.randrange(98_000, 103_000)} for i in range(rows)]  # fmt: skip
        return json.dumps({"device": f"esp-{r.randrange(1 << 24):06x}", "rows": rows}).encode()

    def of_size(self, size: int) -> bytes:
        """JSON of exactly `size` bytes."""
        head, tail = b'{"type":"snapshot","log":"', b'"}'
        text = bytearray()
        while len(text) < min(size, 1 << 16):
            text += self.chat().replace(b'"', b"'") + b" | "
        while len(text) < size:
            text += text[self.random.randrange(99) :]
        return head + bytes(text[: size - len(head) - len(tail)]) + tail

    def audio(self, size: int) -> bytes:
        """16-bit samples of a tone and some noise."""
        import math

        r = self.random
        count = min(size, 1 << 16) // 2 + 1
        tone = b"".join(struct.pack("<h", int(9_000 * math.sin(i / 11) + r.gauss(0, 200))) for i in range(count))
        return (tone * (size // len(tone) + 1))[:size]
