"""Connections that come and go for a while: nothing may grow."""

import random
import threading
import time

from wire import BINARY, CLOSE, PING, PONG, TEXT, Wire, close_code, close_frame, frame

WORKERS = 4
MIB = 1 << 20


class Worker(threading.Thread):
    """Opens one connection after the other, and ends each in another way."""

    def __init__(self, server, seed, end):
        super().__init__(daemon=True)
        self.server, self.random, self.end = server, random.Random(seed), end
        self.connections = self.messages = 0
        self.failure: Exception | None = None

    def run(self):
        """Until the time is up, or something is not as it should be."""
        try:
            while time.monotonic() < self.end and not self.failure:
                self.visit()
        except Exception as failure:  # the test shows it
            self.failure = failure

    def visit(self):
        """One connection."""
        with Wire(self.server.port, timeout=30) as connection:
            for _ in range(self.random.randrange(20)):
                self.say(connection)
            self.random.choice([self.close, self.break_off, self.vanish, self.half_close])(connection)
        self.connections += 1

    def say(self, connection):
        """A message of any size in any number of fragments, at times with a ping, and its echo."""
        size = self.random.choice([0, 5, 125, 126, 1000, 20_000, 65_536, 300_000])
        opcode, payload = self.random.choice([TEXT, BINARY]), self.random.choice([b"a", b"z"]) * size
        cuts = sorted(self.random.randrange(size + 1) for _ in range(self.random.randrange(5)))
        pieces = [payload[start:end] for start, end in zip([0, *cuts], [*cuts, size], strict=True)]
        sent = [frame(0 if index else opcode, piece, index == len(cuts)) for index, piece in enumerate(pieces)]
        expected = [(opcode, payload)]
        if self.random.random() < 0.2:
            sent.insert(self.random.randrange(len(sent)), frame(PING, b"soaked?"))
            expected.insert(0, (PONG, b"soaked?"))
        connection.send(b"".join(sent))
        assert [connection.frame() for _ in expected] == expected
        self.messages += 1

    def close(self, connection):
        """In order."""
        connection.send(close_frame())
        assert close_code(connection.frames()) == 1000

    def break_off(self, connection):
        """With a broken frame."""
        connection.send(frame(TEXT, b"\xed\xa0\x80"))
        assert close_code(connection.frames()) == 1007

    def vanish(self, connection):
        """In the middle of a message."""
        connection.send(frame(BINARY, bytes(100_000))[: self.random.randrange(100_000)])
        connection.vanish()

    def half_close(self, connection):
        """With the end of input."""
        connection.end_output()
        assert all(opcode != CLOSE for opcode, _ in connection.frames())


def test_soak(fresh_server, request, note):
    """After a warm-up, neither memory nor open files grow."""
    seconds = request.config.getoption("--soak")
    before = fresh_server.open_files()
    start = time.monotonic()
    workers = [Worker(fresh_server, seed, start + seconds) for seed in range(WORKERS)]
    for worker in workers:
        worker.start()
    samples = []
    while any(worker.is_alive() for worker in workers):
        time.sleep(min(1.0, seconds / 20))
        samples.append((time.monotonic() - start, fresh_server.memory()))
    for worker in workers:
        assert worker.failure is None, worker.failure
    warm = max(memory for at, memory in samples if at <= seconds / 3)
    late = max(memory for at, memory in samples if at >= seconds * 2 / 3)
    connections, messages = (sum(getattr(worker, what) for worker in workers) for what in ("connections", "messages"))
    note(
        f"{fresh_server.name}, soaked for {seconds:.0f} s: {connections} connections, {messages} messages; "
        f"at most {warm / MIB:.1f} MiB in the first third, {late / MIB:.1f} MiB in the last, "
        f"{fresh_server.memory() / MIB:.1f} MiB at the end"
    )
    assert late < warm + 4 * MIB, "the memory grows"
    time.sleep(0.5)
    assert fresh_server.open_files() <= before + 2, "sockets are left open"
