"""The same messages for two servers: what they cost each."""

import random
import struct
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from server import Server
from wire import BINARY, TEXT, Wire, frame

WORDS = ["wide", "open", "rivers", "über", "Flüsse", "Καλημέρα", "κόσμε", "Привет", "мир", "你好世界", "🌍", "🚀"]

# All answers go there, and are not kept.
BUFFER = bytearray(1 << 18)


@dataclass
class Workload:
    """Bytes of a client, in pieces, and what an echo server answers to each. The next piece waits for the answer."""

    name: str
    messages: int
    pieces: list[tuple[bytes, bytes]]

    @property
    def count(self) -> int:
        """Bytes that are sent."""
        return sum(len(sent) for sent, _ in self.pieces)


def answer(opcode: int, payload: bytes) -> bytes:
    """A server's frame."""
    size = len(payload)
    if size < 126:
        return struct.pack(">BB", 0x80 | opcode, size) + payload
    if size < 65536:
        return struct.pack(">BBH", 0x80 | opcode, 126, size) + payload
    return struct.pack(">BBQ", 0x80 | opcode, 127, size) + payload


def workload(name: str, messages: list[tuple[int, bytes]], fragments: int = 1, in_bulk: bool = True) -> Workload:
    """Messages as bytes on the wire, a new key in each frame."""
    source = random.Random(name)
    pieces = []
    for opcode, payload in messages:
        size = len(payload) // fragments
        cuts = [index * size for index in range(fragments)] + [len(payload)]
        sent = [
            frame(
                0 if index else opcode,
                payload[cuts[index] : cuts[index + 1]],
                index == fragments - 1,
                source.randbytes(4),
            )
            for index in range(fragments)
        ]
        pieces.append((b"".join(sent), answer(opcode, payload)))
    if in_bulk:
        pieces = [(b"".join(sent for sent, _ in pieces), b"".join(said for _, said in pieces))]
    return Workload(name, len(messages), pieces)


def text(source: random.Random, size: int) -> bytes:
    """Words of many languages."""
    words = "".join(source.choice(WORDS) + " " for _ in range(size // 4 + 8)).encode()
    return words[:size].decode(errors="ignore").encode().ljust(size, b".")


def workloads() -> list[Workload]:
    """All of them, from a fixed seed."""
    source = random.Random(6455)
    ascii_text = bytes(source.choice(b"abcdefghijklmnopqrstuvwxyz ") for _ in range(1 << 20))

    def pieces(count: int, low: int, high: int) -> list[bytes]:
        starts = [(source.randrange(1 << 19), source.randint(low, high)) for _ in range(count)]
        return [ascii_text[start : start + size] for start, size in starts]

    return [
        workload("text, 16 bytes", [(TEXT, piece) for piece in pieces(100_000, 16, 16)]),
        workload("text, 0–125 bytes", [(TEXT, piece) for piece in pieces(60_000, 0, 125)]),
        workload("chat: text, 20–300 bytes", [(TEXT, piece) for piece in pieces(30_000, 20, 300)]),
        workload("text of many languages, 2 KiB", [(TEXT, text(source, 2048)) for _ in range(3000)]),
        workload("binary, 126–16,384 bytes", [(BINARY, piece) for piece in pieces(1000, 126, 16_384)]),
        workload("text, 16 KiB in 16 fragments", [(TEXT, piece) for piece in pieces(500, 16_384, 16_384)], 16),
        workload("text, 100 bytes, one at a time", [(TEXT, piece) for piece in pieces(2000, 100, 100)], in_bulk=False),
        workload("binary, 1 MiB", [(BINARY, source.randbytes(1 << 20)) for _ in range(8)]),
    ]


@dataclass
class Cost:
    """What a run took."""

    messages: int
    seconds: float
    user: float
    cpu: float
    allocations: int


class Counter:
    """The allocations of a server that has been started with `environment`."""

    def __init__(self, folder: Path):
        library, self.file = folder / "count_allocations.so", folder / "count"
        source = Path(__file__).with_name("count_allocations.c")
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", source, "-o", library], check=True)
        self.file.write_bytes(bytes(8))
        self.environment = {"LD_PRELOAD": str(library), "ALLOCATION_COUNT": str(self.file)}

    def __call__(self) -> int:
        """The number so far."""
        return int.from_bytes(self.file.read_bytes(), "little")


def run(server: Server, load: Workload, seconds: float, counter: Counter | None = None) -> Cost:
    """Sends a workload over and over through one connection, and reads the answers."""
    with Wire(server.port, timeout=60) as connection:
        exchange(connection, load, check=True)  # Warm, and seen to be right.
        allocations = counter() if counter else 0
        user, cpu, start = server.user_seconds(), server.cpu_seconds(), time.monotonic()
        rounds = 0
        while time.monotonic() < start + seconds:
            exchange(connection, load, check=False)
            rounds += 1
        return Cost(
            rounds * load.messages,
            time.monotonic() - start,
            server.user_seconds() - user,
            server.cpu_seconds() - cpu,
            counter() - allocations if counter else 0,
        )


def exchange(connection: Wire, load: Workload, check: bool) -> None:
    """Sends a workload once, and reads as many bytes as must come back."""
    if len(load.pieces) > 1:
        for sent, said in load.pieces:
            connection.send(sent)
            receive(connection, said, check)
        return
    sent, said = load.pieces[0]
    sender = threading.Thread(target=connection.send, args=(sent,))
    sender.start()
    receive(connection, said, check)
    sender.join()


def receive(connection: Wire, said: bytes, check: bool) -> None:
    """Reads what must come back."""
    received = 0
    view = memoryview(BUFFER)
    while received < len(said):
        count = connection.socket.recv_into(view)
        assert count, "the server has closed the connection"
        if check:
            assert view[:count] == said[received : received + count], "the answer is another"
        received += count
    assert received == len(said)
