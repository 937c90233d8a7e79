"""Whole servers under load: one message at a time on each of 1, 100 and 10,000 connections, plain and compressed.

python3 whole_server.py FOLDER-OF-THE-SERVERS RESULT.md [--seconds N] [--connections N…]

The client is one thread over epoll and counts on raw sockets, so that it costs each server's run the same. What a message
costs is the server's processor time as the kernel counts it, its system calls as strace counts them in a run of its own.
"""

import argparse
import base64
import os
import random
import re
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import zlib
from dataclasses import dataclass
from pathlib import Path

from load import answer
from side_by_side import machine, table
from wire import TEXT, frame

HERE = Path(__file__).resolve().parent
CONNECTIONS = (1, 100, 10_000)
PLAIN_ONLY = ("echo-server-nio-decoder", "uring-server")  # They agree to no extension.
CLOCK = os.sysconf("SC_CLK_TCK")


def others() -> dict[str, list[str]]:
    """Servers of others, as commands that print where they listen."""
    found = {"Python websockets": [sys.executable, str(HERE / "echo_websockets.py")]}
    if shutil.which("node"):
        found["Node ws"] = ["node", str(HERE / "echo_ws.mjs")]
    return found


@dataclass
class Figures:
    """What a run has shown."""

    messages: int
    seconds: float
    user: float
    kernel: float
    latencies: list[float]
    idle_bytes: float

    def latency(self, share: float) -> float:
        """The latency in microseconds that so many answers do not exceed."""
        return sorted(self.latencies)[min(len(self.latencies) - 1, int(len(self.latencies) * share))] * 1e6


class Process:
    """A server that has said where it listens."""

    def __init__(self, command: list[str]):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        found = re.search(r":(\d+)\s*$", line)
        assert found, f"{command} said {line!r}"
        self.port = int(found[1])

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    def seconds(self) -> tuple[float, float]:
        """Processor time outside of the kernel, and in it."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) / CLOCK, int(fields[12]) / CLOCK

    def memory(self) -> int:
        """Resident bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s*(\d+)", status)[1]) * 1024


def connect(port: int, compressed: bool) -> socket.socket:
    """A connection whose handshake is done."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    offer = "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover; server_no_context_takeover\r\n"
    connection.sendall(
        (
            f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n"
            f"{offer if compressed else ''}\r\n"
        ).encode()
    )
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += connection.recv(4096)
    assert head.startswith(b"HTTP/1.1 101 "), head
    assert not compressed or b"permessage-deflate" in head.lower(), "the server does not compress"
    connection.setblocking(False)
    return connection


def messages(compressed: bool) -> list[tuple[bytes, int]]:
    """Frames of 20 to 300 bytes of text, and how long the answer to each is; 0 where that is not known beforehand."""
    source = random.Random(14)
    words = ["wide", "open", "rivers", "run", "down", "to", "the", "sea", "and", "never", "return"]
    made = []
    for _ in range(512):
        size = source.randint(20, 300)
        text = " ".join(source.choice(words) for _ in range(80)).encode()[:size]
        if compressed:
            press = zlib.compressobj(wbits=-15)
            payload = (press.compress(text) + press.flush(zlib.Z_SYNC_FLUSH))[:-4]
            made.append((frame(TEXT | 0x40, payload, key=source.randbytes(4)), 0))
        else:
            made.append((frame(TEXT, text, key=source.randbytes(4)), len(answer(TEXT, text))))
    return made


def length(data: bytearray) -> int:
    """How long the server's frame is that begins here; more than there is if that is not known."""
    if len(data) < 2:
        return 2
    size = data[1] & 0x7F
    if size < 126:
        return 2 + size
    return 4 + int.from_bytes(data[2:4], "big") if len(data) >= 4 else 4


def run(server: Process, count: int, compressed: bool, seconds: float) -> Figures:
    """Every connection sends a message, waits for its answer, and sends the next."""
    before = server.memory()
    sockets = [connect(server.port, compressed) for _ in range(count)]
    time.sleep(0.2)
    idle = (server.memory() - before) / count
    made = messages(compressed)
    poll = select.epoll()
    by_file = {connection.fileno(): connection for connection in sockets}
    received: dict[int, bytearray] = {file: bytearray() for file in by_file}
    sent_at: dict[int, float] = {}
    turn: dict[int, int] = {}
    for index, file in enumerate(by_file):
        poll.register(file, select.EPOLLIN)
        turn[file] = index
    latencies: list[float] = []
    start_times = server.seconds()
    start = now = time.perf_counter()
    for file, connection in by_file.items():
        sent_at[file] = time.perf_counter()
        connection.send(made[turn[file] % len(made)][0])
    while now < start + seconds:
        for file, _ in poll.poll(1):
            data = received[file]
            data += by_file[file].recv(4096)
            if len(data) < length(data):
                continue
            assert length(data) == len(data), "an answer that was not asked for"
            expected = made[turn[file] % len(made)][1]
            assert not expected or len(data) == expected, "the answer is another"
            now = time.perf_counter()
            latencies.append(now - sent_at[file])
            data.clear()
            turn[file] += 1
            sent_at[file] = now
            by_file[file].send(made[turn[file] % len(made)][0])
        now = time.perf_counter()
    end_times = server.seconds()
    for connection in sockets:
        connection.close()
    user, kernel = (after - before for after, before in zip(end_times, start_times, strict=True))
    return Figures(len(latencies), now - start, user, kernel, latencies, idle)


def system_calls(command: list[str], compressed: bool) -> float:
    """How many system calls a message takes, over 100 connections."""
    if not shutil.which("strace"):
        return float("nan")
    with tempfile.NamedTemporaryFile("r") as counted:
        with Process(command) as server:
            run(server, 100, compressed, 0.5)
            tracer = subprocess.Popen(
                ["strace", "-f", "-c", "-U", "calls,name", "-o", counted.name, "-p", str(server.process.pid)],
                stderr=subprocess.DEVNULL,
            )
            time.sleep(0.5)
            figures = run(server, 100, compressed, 2)
            tracer.terminate()
            tracer.wait()
        total = re.search(r"^\s*(\d+)\s+total", counted.read(), re.MULTILINE)
        # What opens the connections counts as well: some ten calls each.
        return int(total[1]) / figures.messages if total else float("nan")


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("result", type=Path)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--connections", type=int, nargs="+", default=list(CONNECTIONS))
    options = parser.parse_args()
    ours = ["uring-server", "poll-server", "echo-server", "echo-server-async", "echo-server-nio-decoder"]
    built = [name for name in ours if (options.folder / name).exists()]
    commands = {name: [str(options.folder / name), "--port", "0", "--threads", "1"] for name in built} | others()
    heads = ["server", "messages/s", "CPU µs", "of it outside the kernel", "system calls", "p50 µs", "p99", "p99.9", "idle KiB"]
    parts = []
    for compressed in (False, True):
        calls = {}
        for count in options.connections:
            rows = []
            for name, command in commands.items():
                if compressed and name in PLAIN_ONLY:
                    continue
                if name not in calls:
                    calls[name] = system_calls(command, compressed)
                with Process(command) as server:
                    figures = run(server, count, compressed, options.seconds)
                cost, user = (value / figures.messages * 1e6 for value in (figures.user + figures.kernel, figures.user))
                rows.append(
                    [name, f"{figures.messages / figures.seconds:,.0f}", f"{cost:.1f}", f"{user:.1f}"]
                    + [f"{calls[name]:.2f}"]
                    + [f"{figures.latency(share):,.0f}" for share in (0.5, 0.99, 0.999)]
                    + [f"{figures.idle_bytes / 1024:.1f}" if count >= 100 else "–"]
                )
                print(f"measured: {name}, {count}, {'compressed' if compressed else 'plain'}", file=sys.stderr, flush=True)
            kind = "compressed, without takeover" if compressed else "plain"
            parts.append(f"## {count:,} connection{'s' * (count > 1)}, {kind}\n\n{table(heads, rows)}\n")
    text = (HERE / "whole_server.md").read_text().replace("{machine}", machine()).replace("{tables}", "\n".join(parts))
    options.result.write_text(text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
