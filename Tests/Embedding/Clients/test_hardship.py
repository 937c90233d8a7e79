"""Clients that are slow, many, rude, or gone."""

import itertools
import socket
import struct
import threading
import time
from contextlib import ExitStack

import pytest
import wire
from wire import BINARY, PING, PONG, TEXT, Wire, close_code, close_frame, frame

MIB = 1 << 20


def wait_until(condition, seconds=10.0):
    """Wait for something that comes about by itself."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    assert condition()


# --- the handshake ---------------------------------------------------------------------------------------------------


def answer_to(server, sent, end_output=False):
    """What the server says to some bytes, up to its end."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        raw.sendall(sent)
        if end_output:
            raw.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: raw.recv(65536), b""))


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 426),
        (wire.request(1, "dGhlIHNhbXBsZSBub25jZQ==", version="8"), 426),
        (wire.request(1, "dGhlIHNhbXBsZSBub25jZQ==").replace(b"Key:", b"Keys:"), 400),
        (wire.request(1, "dGhlIHNhbXBsZSBub25jZQ==").replace(b"GET", b"PUT"), 405),
        (wire.request(1, "not-a-key"), 400),
        (b"\x16\x03\x01\r\n\r\n", 400),
    ],
    ids=["no upgrade", "another version", "no key", "no GET", "no Base64", "no HTTP"],
)
def test_refused_handshake(server, sent, status):
    """What asks for no WebSocket of version 13 gets 426; a request that is wrong gets what is wrong with it."""
    assert answer_to(server, sent).startswith(f"HTTP/1.1 {status} ".encode())


def test_half_a_handshake(server):
    """Half a request, and silence: the server ends the connection by itself."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
        assert raw.recv(65536) == b""


def test_handshake_that_never_ends(server):
    """Half a request and the end of input: the server ends too, without a word of WebSocket."""
    assert b"101" not in answer_to(server, b"GET / HTTP/1.1\r\nHost:", end_output=True)


# --- half-closed and vanished ----------------------------------------------------------------------------------------


def test_half_closed_client_gets_its_answers(server):
    """A client that has closed its sending half gets all that it has asked for, then the server's end."""
    with Wire(server.port) as connection:
        connection.send(frame(TEXT, b"last words") + frame(PING, b"?"))
        connection.end_output()
        assert connection.frames() == [(TEXT, b"last words"), (PONG, b"?")]
    with Wire(server.port) as connection:
        connection.send(frame(TEXT, b"last words") + close_frame(1001, "gone"))
        connection.end_output()
        assert connection.frames() == [(TEXT, b"last words"), (wire.CLOSE, struct.pack(">H", 1001))]


@pytest.mark.parametrize("ending", [b"", close_frame(), frame(0x3)], ids=["nothing", "Close", "broken frame"])
def test_half_closed_client_that_reads_slowly(server, ending):
    """The same for so much that the system does not take it all: it has to wait in the server."""
    message = (BINARY, bytes(range(256)) * 12 * 4096)
    with Wire(server.port, receive_buffer=65536) as connection:
        connection.send(frame(*message) + ending)
        connection.end_output()
        time.sleep(0.5)
        frames = connection.frames()
        assert frames[0] == message
        assert close_code(frames) == {b"": None, close_frame(): 1000}.get(ending, 1002)


def test_half_closed_within_a_message(server):
    """Bytes that stop inside a frame or a message are no violation."""
    for sent in (frame(TEXT, b"hello")[:8], frame(TEXT, b"hello", final=False), frame(TEXT)[:1]):
        with Wire(server.port) as connection:
            connection.send(sent)
            connection.end_output()
            assert connection.frames() == []


def test_vanishing_clients(server):
    """Resets at any moment: the sockets are given back."""
    with Wire(server.port):
        wait_until(lambda: server.open_files() < 100)
    before = server.open_files()
    moments = [b"", frame(TEXT, b"hello")[:7], frame(TEXT, b"a", final=False), frame(BINARY, bytes(MIB)), frame(0x3)]
    for sent in moments * 10:
        connection = Wire(server.port)
        connection.send(sent)
        connection.vanish()
    wait_until(lambda: server.open_files() <= before)


# --- slow and many ---------------------------------------------------------------------------------------------------


def test_one_byte_at_a_time(server):
    """A byte each 50 ms, while others are served."""
    stream = frame(TEXT, "Ää".encode()) + frame(PING, b"?") + close_frame(1000)
    with Wire(server.port) as slow, Wire(server.port) as other:
        for index in range(len(stream)):
            slow.send(stream[index : index + 1])
            other.send(frame(TEXT, b"quick"))
            assert other.frame() == (TEXT, b"quick")
            time.sleep(0.05)
        assert slow.frames() == [(TEXT, "Ää".encode()), (PONG, b"?"), (wire.CLOSE, struct.pack(">H", 1000))]


def test_1000_connections(fresh_server, note):
    """1,000 at once, each of them served three times."""
    with ExitStack() as stack:
        connections = [stack.enter_context(Wire(fresh_server.port)) for _ in range(1000)]
        full = fresh_server.memory()
        for turn in range(3):
            said = [(TEXT, f"message {turn} of connection {index}".encode()) for index in range(1000)]
            for connection, message in zip(connections, said, strict=True):
                connection.send(frame(*message))
            assert [connection.frame() for connection in connections] == said
        assert fresh_server.open_files() > 1000
        for connection in connections:
            connection.send(close_frame())
        assert {close_code(connection.frames()) for connection in connections} == {1000}
    wait_until(lambda: fresh_server.open_files() < 100)
    note(f"{fresh_server.name}, 1,000 connections: {full / MIB:.1f} MiB")
    assert full < 64 * MIB, "at rest, 1,000 connections take less than 64 KiB each"


def push(connections, data, at_most, gapTolerance=1.0):
    """Send without reading, until no connection takes anything for a while. Returns how much each of them took."""
    taken = [0] * len(connections)
    last = time.monotonic()
    for connection in connections:
        connection.socket.settimeout(0)
    for index in itertools.cycle(range(len(connections))):
        if time.monotonic() > last + gapTolerance or max(taken) > at_most:
            return taken
        try:
            # What does not fit of a message goes first the next time.
            start = taken[index] % len(data)
            taken[index] += connections[index].socket.send(memoryview(data)[start:])
            last = time.monotonic()
        except BlockingIOError:
            time.sleep(0.0005)
    return taken


@pytest.mark.parametrize(
    "data",
    [frame(BINARY, bytes(65536)), frame(PING, bytes(125)) * 512, frame(TEXT, b"tiny") * 8192],
    ids=["messages", "pings", "tiny messages"],
)
def test_clients_that_do_not_read(fresh_server, data, note):
    """The server stops reading from a client that does not read, and its memory stays bounded."""
    with ExitStack() as stack:
        connections = [stack.enter_context(Wire(fresh_server.port, receive_buffer=65536)) for _ in range(20)]
        before = fresh_server.memory()
        taken = push(connections, data, at_most=64 * MIB)
        growth = fresh_server.memory() - before
        note(
            f"{fresh_server.name}, 20 clients that do not read: {sum(taken) / MIB:.0f} MiB until they are stopped, "
            f"{growth / MIB:.1f} MiB more memory"
        )
        assert max(taken) < 64 * MIB, "the server goes on reading"
        # Between NIO and the messages of an AsyncSequence stands one more queue, of ten reads, and each message that waits
        # is an array of its own.
        a_client = 8 if fresh_server.name == "echo-server-async" else 2
        assert growth < 20 * a_client * MIB, f"{a_client} MiB a client"
        # What has been sent comes back, once it is read.
        first = connections[0]
        first.socket.settimeout(60)
        rest = threading.Thread(target=finish, args=(first, data[taken[0] % len(data) :]))
        rest.start()
        assert len(first.frames()) == (taken[0] // len(data) + 1) * data.count(data[:8])
        rest.join()


def finish(connection, rest):
    """Send the rest of what has been begun, and no more."""
    connection.send(rest)
    connection.end_output()


def test_patient_slow_reader(server):
    """A client that reads a little now and then gets everything, in order."""
    with Wire(server.port, timeout=30, receive_buffer=16384) as connection:
        connection.send(frame(BINARY, bytes(range(256)) * 16384))
        time.sleep(0.3)
        for _ in range(20):
            connection.received += connection.socket.recv(10000)
            time.sleep(0.01)
        assert connection.frame() == (BINARY, bytes(range(256)) * 16384)
