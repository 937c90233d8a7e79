"""Every fixture that a client could have sent, raw over a socket after a real handshake."""

import struct
import time

import corpus
import pytest
import wire
from server import CLOSE, THROW
from wire import BINARY, PING, PONG, TEXT, Wire, close_code, close_frame, frame

FIXTURES = corpus.from_clients()
BROKEN = [fixture for fixture in FIXTURES if fixture.rule]
WHOLE = [fixture for fixture in FIXTURES if fixture.expected["state"] == "complete"]
UNFINISHED = [fixture for fixture in FIXTURES if fixture.expected["state"].startswith("incomplete")]

# A client's bytes cannot break these where no extension is agreed. Another one, data-after-close, can be broken but
# not seen: after the client's Close a server has said all and looks at nothing more.
NOT_A_CLIENTS = {"masked-server-frame", "misplaced-rsv1", "invalid-deflate"}
ALL_RULES = {name.split(".")[1] for name in (path.name for path in corpus.FIXTURES.glob("rfc*/reject.*.hex"))}


def named(fixtures):
    """The fixtures as parameters, shown by their names."""
    return pytest.mark.parametrize("fixture", fixtures, ids=lambda fixture: fixture.name)


def send_at_once(server, stream):
    """In one piece."""
    connection = Wire(server.port)
    connection.send(stream)
    return connection


def send_singly(server, stream):
    """Byte by byte."""
    connection = Wire(server.port)
    connection.send_singly(stream)
    return connection


def send_with_handshake(server, stream):
    """In one piece with the request."""
    return Wire(server.port, first_bytes=stream)


ways = pytest.mark.parametrize(
    "send", [send_at_once, send_singly, send_with_handshake], ids=["at once", "singly", "with the handshake"]
)


def test_every_rule_is_tried():
    """No rule of the corpus is left out but those that cannot be broken here."""
    assert {fixture.rule for fixture in BROKEN} == ALL_RULES - NOT_A_CLIENTS
    assert len(BROKEN) > 200 and len(WHOLE) > 80 and len(UNFINISHED) > 30


@ways
@named(BROKEN)
def test_broken_frames_are_refused(start, fixture, send):
    """What came before the violation is answered, then the Close with the rule's own code; then the server's end."""
    with send(start(*fixture.options), fixture.stream) as connection:
        frames = connection.frames()
        said = corpus.answers(fixture.judged)
        if fixture.is_closed:
            assert frames == said, "a client's Close is answered with its own code, whatever follows"
        else:
            assert frames[:-1] == said
            assert close_code(frames) == fixture.close_code
            assert frames[-1][1][2:].decode() == fixture.rule, "the reason names the rule"


@ways
@named(WHOLE)
def test_legal_frames_are_answered(start, fixture, send):
    """Every message comes back, every ping is answered, the Close too."""
    with send(start(*fixture.options), fixture.stream) as connection:
        said = corpus.answers(fixture.stream)
        if not fixture.is_closed:
            connection.send(close_frame(4321))
            said.append((wire.CLOSE, struct.pack(">H", 4321)))
        assert connection.frames() == said


@ways
@named(UNFINISHED)
def test_unfinished_frames_are_no_violation(start, fixture, send):
    """A client that stops in the middle is not reported that it broke a rule."""
    with send(start(*fixture.options), fixture.stream) as connection:
        connection.end_output()
        assert connection.frames() == corpus.answers(fixture.stream)


def test_throwing_handler_is_1011(server):
    """A fault of the server's own has its own code, even where the client broke a rule right after it."""
    for after in (b"", frame(0x3), frame(TEXT, b"\xff"), close_frame(1000)):
        for pieces in ([(TEXT, THROW[:3], False), (0, THROW[3:], True)], [(TEXT, THROW, True)]):
            with Wire(server.port) as connection:
                sent = b"".join(frame(opcode, text.encode(), final) for opcode, text, final in pieces)
                connection.send(frame(TEXT, b"first") + sent + after)
                assert connection.frames() == [(TEXT, b"first"), (wire.CLOSE, struct.pack(">H", 1011))]


def test_violation_before_throwing_handler_is_1002(server):
    """The peer's fault is never taken for the server's own."""
    with Wire(server.port) as connection:
        connection.send(frame(TEXT, b"\xff") + frame(TEXT, THROW.encode()))
        assert close_code(connection.frames()) == 1007


def test_limits(start):
    """A message may be as long as the limit, and is refused on its header where it is longer."""
    server = start("--max-message=1000")
    with Wire(server.port) as connection:
        connection.send(frame(BINARY, bytes(1000)) + frame(BINARY, bytes(600), False) + frame(0, bytes(400)))
        assert [connection.frame(), connection.frame()] == [(BINARY, bytes(1000))] * 2
        connection.send(frame(BINARY, bytes(1001))[:8])
        assert close_code(connection.frames()) == 1009


def test_default_limit(server):
    """16 MiB are echoed; a byte more is refused with 1009 before it is sent."""
    with Wire(server.port, timeout=30) as connection:
        message = bytes(range(256)) * 65536
        connection.send(frame(BINARY, message))
        assert connection.frame() == (BINARY, message)
        connection.send(struct.pack(">BBQ", 0x82, 0xFF, len(message) + 1))
        assert close_code(connection.frames()) == 1009


def test_many_fragments(server):
    """65,536 fragments of one byte, a ping among them, are one message."""
    with Wire(server.port, timeout=30) as connection:
        text = ("ein ganzes Wörterbuch, страница за страницей 📖 " * 2000).encode()[:65536]
        text = text.decode(errors="ignore").encode().ljust(65536, b".")
        pieces = [frame(0 if index else TEXT, text[index : index + 1], index == 65535) for index in range(65536)]
        pieces.insert(30000, frame(PING, b"still there?"))
        connection.send(b"".join(pieces))
        assert [connection.frame(), connection.frame()] == [(PONG, b"still there?"), (TEXT, text)]
        connection.send(close_frame())
        assert close_code(connection.frames()) == 1000


def test_server_begins_the_closing_handshake(server):
    """After its Close the server sends no message, but hears the client out, and answers its pings (§5.5.2)."""
    with Wire(server.port) as connection:
        connection.send(frame(TEXT, CLOSE.encode()))
        opcode, payload = connection.frame()
        assert (opcode, payload[:2]) == (wire.CLOSE, struct.pack(">H", 1001))
        connection.send(frame(TEXT, b"not to be answered") + frame(PING) + close_frame(1001))
        assert connection.frames() == [(PONG, b"")]


def test_client_that_ignores_a_close(server):
    """A client that neither answers nor closes is dropped when the time is up."""
    with Wire(server.port) as connection:
        connection.send(frame(0x3))
        assert close_code(connection.frames()) == 1002
        with pytest.raises(ConnectionError):
            for _ in range(60):  # Up to 6 seconds; the servers of the tests wait for 2.
                connection.send(bytes(100))
                time.sleep(0.1)
