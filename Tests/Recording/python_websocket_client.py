"""Python `websocket-client`, which has no server.  It is synchronous, so each action runs in a thread."""

import asyncio
import contextlib
import functools
import struct

import websocket
from websocket import ABNF

from programs import python_package
from registry import GREETINGS, HELLO, VERSIONS, client

LABEL = "python-websocket-client"
VERSIONS[LABEL] = python_package("websocket-client", "websocket-client")


def threaded(function):
    """Registers a function of a connected socket as a client action; what the server sends is read to its end."""

    def whole(url):
        ws = websocket.create_connection(url, timeout=3)
        with contextlib.suppress(OSError, websocket.WebSocketException):
            function(ws)
        with contextlib.suppress(OSError, websocket.WebSocketException):
            while ws.sock and ws.recv_data()[0] != ABNF.OPCODE_CLOSE:
                pass
        ws.shutdown()

    @functools.wraps(function)
    async def action(url):
        await asyncio.to_thread(whole, url)

    return client(LABEL)(action)


def frame(opcode, data, fin=1, rsv3=0, mask=1) -> ABNF:
    """A frame with every header bit chosen."""
    return ABNF(fin, 0, 0, rsv3, opcode, mask, data)


@threaded
def echo(ws):
    """create_connection(); send(), send_binary() and ping("probe"), each answer read; close()."""
    ws.send(GREETINGS)
    ws.recv()
    ws.send_binary(bytes(range(32)))
    ws.recv()
    ws.ping("probe")
    ws.recv_frame()
    ws.close()


@threaded
def fragments(ws):
    """create_connection(); send_frame() of ABNF.create_frame("Hel", OPCODE_TEXT, 0), a ping, and two frames of
    OPCODE_CONT; close()."""
    ws.send_frame(ABNF.create_frame("Hel", ABNF.OPCODE_TEXT, 0))
    ws.ping("in between")
    ws.send_frame(ABNF.create_frame("l", ABNF.OPCODE_CONT, 0))
    ws.send_frame(ABNF.create_frame("o", ABNF.OPCODE_CONT, 1))
    ws.recv()
    ws.close()


@threaded
def opcode_5(ws):
    """create_connection(); send(b"Hello", 5), with 5 added to the tuple ABNF.OPCODES, which the library checks."""
    ws.send(HELLO)
    ws.recv()
    known = ABNF.OPCODES
    ABNF.OPCODES = (*known, 5)
    try:
        ws.send(b"Hello", 5)
    finally:
        ABNF.OPCODES = known


@threaded
def rsv3(ws):
    """create_connection(); send_frame() of an ABNF with rsv3=1."""
    ws.send_frame(frame(ABNF.OPCODE_TEXT, HELLO, rsv3=1))


@threaded
def unmasked(ws):
    """create_connection(); one message; send_frame() of an ABNF with mask_value=0."""
    ws.send(HELLO)
    ws.recv()
    ws.send_frame(frame(ABNF.OPCODE_TEXT, b"without a mask", mask=0))


@threaded
def unmasked_and_close(ws):
    """create_connection(); send_frame() of an ABNF with mask_value=0; the answer read; close()."""
    ws.send_frame(frame(ABNF.OPCODE_TEXT, b"without a mask", mask=0))
    ws.recv()
    ws.close()


@threaded
def text_latin1(ws):
    """create_connection(); send("Grüße".encode("latin-1"), OPCODE_TEXT)."""
    ws.send(HELLO)
    ws.recv()
    ws.send("Grüße".encode("latin-1"), ABNF.OPCODE_TEXT)


@threaded
def text_surrogate(ws):
    """create_connection(); send() of a lone surrogate encoded with "surrogatepass", as OPCODE_TEXT."""
    ws.send("half an emoji: \ud83d".encode("utf-8", "surrogatepass"), ABNF.OPCODE_TEXT)


@threaded
def text_overlong(ws):
    """create_connection(); text in two fragments, the second begins with the overlong form c0 af of a slash."""
    ws.send_frame(ABNF.create_frame("path ", ABNF.OPCODE_TEXT, 0))
    ws.send_frame(ABNF.create_frame(b"\xc0\xaf etc", ABNF.OPCODE_CONT, 1))


@threaded
def text_cut(ws):
    """create_connection(); send("camel 🐫".encode()[:-1], OPCODE_TEXT): text cut at a number of bytes."""
    ws.send("camel 🐫".encode()[:-1], ABNF.OPCODE_TEXT)


@threaded
def text_cut_in_fragments(ws):
    """create_connection(); the first two bytes of an emoji without FIN, then an empty continuation with FIN."""
    ws.send_frame(ABNF.create_frame(b"\xf0\x9f", ABNF.OPCODE_TEXT, 0))
    ws.send_frame(ABNF.create_frame(b"", ABNF.OPCODE_CONT, 1))


@threaded
def close_999(ws):
    """create_connection(); send_close(999), which websocket-client does not refuse."""
    ws.send_close(999, "too low")


@threaded
def close_1006(ws):
    """create_connection(); one message; send_close(1006), which websocket-client does not refuse."""
    ws.send(HELLO)
    ws.recv()
    ws.send_close(websocket.STATUS_ABNORMAL_CLOSED)


@threaded
def close_one_byte(ws):
    """create_connection(); send(b"\\x03", OPCODE_CLOSE)."""
    ws.send(b"\x03", ABNF.OPCODE_CLOSE)


@threaded
def close_reason_bad(ws):
    """create_connection(); send() of code 1000 and a reason in ISO 8859-1 as OPCODE_CLOSE."""
    ws.send(struct.pack("!H", 1000) + "tschüß".encode("latin-1"), ABNF.OPCODE_CLOSE)


@threaded
def ping_126(ws):
    """create_connection(); ping() with 126 bytes, which websocket-client does not refuse."""
    ws.ping(b"p" * 126)


@threaded
def ping_without_fin(ws):
    """create_connection(); send_frame(ABNF.create_frame("probe", OPCODE_PING, 0))."""
    ws.send(HELLO)
    ws.recv()
    ws.send_frame(ABNF.create_frame(b"probe", ABNF.OPCODE_PING, 0))


@threaded
def two_messages_at_once(ws):
    """create_connection(); send_frame() of a text frame without FIN, then send() of another text."""
    ws.send_frame(ABNF.create_frame("first, ", ABNF.OPCODE_TEXT, 0))
    ws.send("second")


@threaded
def final_frames_as_continuations(ws):
    """create_connection(); a message in three fragments, the middle one with FIN set by mistake."""
    ws.send_frame(ABNF.create_frame("one ", ABNF.OPCODE_TEXT, 0))
    ws.send_frame(ABNF.create_frame("two ", ABNF.OPCODE_CONT, 1))
    ws.send_frame(ABNF.create_frame("three", ABNF.OPCODE_CONT, 1))


def with_long_length(constant, ws):
    """Sends "Hello" with a length in a longer form than necessary."""
    kept = getattr(ABNF, constant), ABNF.LENGTH_7
    try:
        setattr(ABNF, constant, 0)
        ABNF.LENGTH_7 = 0
        ws.send(HELLO)
    finally:
        setattr(ABNF, constant, kept[0])
        ABNF.LENGTH_7 = kept[1]


@threaded
def length_16_for_5(ws):
    """create_connection(); send("Hello") with the constant ABNF.LENGTH_7 set to 0: 5 bytes get a 16-bit
    length. The answer read; close()."""
    with_long_length("LENGTH_7", ws)
    ws.recv()
    ws.close()


@threaded
def length_64_for_5(ws):
    """create_connection(); send("Hello") with the constants ABNF.LENGTH_7 and ABNF.LENGTH_16 set to 0: 5 bytes get a
    64-bit length. The answer read; close()."""
    with_long_length("LENGTH_16", ws)
    ws.recv()
    ws.close()


@threaded
def text_after_close(ws):
    """create_connection(); send_close(), then send() of a text, which websocket-client does not refuse."""
    ws.send(HELLO)
    ws.recv()
    ws.send_close(1000, b"bye")
    ws.send("one more thing")


@threaded
def ping_after_close(ws):
    """create_connection(); send_close(), a ping and a second send_close(): legal frames after a Close."""
    ws.send_close(1000, b"bye")
    ws.ping("still here")
    ws.send_close(1001, b"bye again")


@threaded
def shut_between_fragments(ws):
    """create_connection(); send_frame() of a text frame without FIN, then shutdown()."""
    ws.send(HELLO)
    ws.recv()
    ws.send_frame(ABNF.create_frame("to be continued ", ABNF.OPCODE_TEXT, 0))
    ws.shutdown()
