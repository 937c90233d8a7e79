"""Python `websockets`, client and server."""

import contextlib

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import Frame, Opcode

from programs import python_package
from registry import EMOJI, FAREWELL, GREETINGS, HELLO, VERSIONS, client, server
from tap import HOST

LABEL = "python-websockets"
VERSIONS[LABEL] = python_package("websockets", "websockets")


class UncheckedFrame(Frame):
    """A frame that does not check its own reserved bits and opcode."""

    def check(self) -> None:
        """Accepts everything."""


async def say(ws, *messages) -> None:
    """Sends each message and waits for an answer."""
    for message in messages:
        await ws.send(message)
        await ws.recv()


async def listen(ws) -> None:
    """Reads until the other side closes."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            await ws.recv()


def flush_frames(ws, *frames) -> None:
    """Sends frames through the sans-I/O layer."""
    for frame in frames:
        ws.protocol.send_frame(frame)
    ws.send_data()


@client(LABEL)
async def echo(url):
    """connect(compression=None); send() of two texts and of 48 bytes, recv() after each; close(1000, "done")."""
    async with connect(url, compression=None) as ws:
        await say(ws, HELLO, GREETINGS, bytes(range(48)))
        await ws.close(1000, "done")


@client(LABEL)
async def echo_deflate(url):
    """connect() with its default offer of permessage-deflate; the same text sent three times, recv() after each."""
    async with connect(url) as ws:
        await say(ws, GREETINGS * 3, GREETINGS * 3, GREETINGS * 3)


@client(LABEL)
async def echo_no_takeover(url):
    """connect(extensions=[ClientPerMessageDeflateFactory(server_no_context_takeover=True,
    client_no_context_takeover=True)]); the same text sent three times, then 64 zero bytes."""
    offer = ClientPerMessageDeflateFactory(server_no_context_takeover=True, client_no_context_takeover=True)
    async with connect(url, compression=None, extensions=[offer]) as ws:
        await say(ws, GREETINGS * 2, GREETINGS * 2, GREETINGS * 2, bytes(64))


# The text repeats itself after 700 bytes, further back than a window of 9 bits reaches.
FAR = " ".join(str(number * number) for number in range(160))[:700] * 2


@client(LABEL)
async def small_client_window(url):
    """connect(extensions=[ClientPerMessageDeflateFactory(client_max_window_bits=9)]); a text whose two halves are the same
    700 characters, sent twice."""
    offer = ClientPerMessageDeflateFactory(client_max_window_bits=9)
    async with connect(url, compression=None, extensions=[offer]) as ws:
        await say(ws, FAR, FAR)


@client(LABEL)
async def server_no_takeover(url):
    """connect(extensions=[ClientPerMessageDeflateFactory(server_no_context_takeover=True)]); the same text sent three
    times."""
    offer = ClientPerMessageDeflateFactory(server_no_context_takeover=True)
    async with connect(url, compression=None, extensions=[offer]) as ws:
        await say(ws, GREETINGS * 2, GREETINGS * 2, GREETINGS * 2)


@client(LABEL)
async def deflate_fragments(url):
    """connect() with permessage-deflate; send() of an iterable of three strings: one compressed message of several
    frames, RSV1 on the first only."""
    async with connect(url) as ws:
        await say(ws, [GREETINGS, EMOJI, GREETINGS], HELLO)


@client(LABEL)
async def split_emoji(url):
    """connect(compression=None); send() of an iterable of byte strings with text=True, cut inside emoji; the same
    once more cut into single bytes."""
    compass = EMOJI.encode()
    async with connect(url, compression=None) as ws:
        await ws.send([compass[:2], compass[2:15], compass[15:]], text=True)
        await ws.recv()
        await ws.send([bytes([byte]) for byte in "🐫é".encode()], text=True)
        await ws.recv()


@client(LABEL)
async def close_empty(url):
    """connect(compression=None); one message; protocol.send_close() without a code and send_data()."""
    async with connect(url, compression=None) as ws:
        await say(ws, HELLO)
        ws.protocol.send_close()
        ws.send_data()
        await ws.wait_closed()


@client(LABEL)
async def receive(url):
    """connect(compression=None); recv() until the server closes."""
    async with connect(url, compression=None) as ws:
        await listen(ws)


@client(LABEL)
async def receive_deflate(url):
    """connect() with permessage-deflate; recv() until the server closes."""
    async with connect(url) as ws:
        await listen(ws)


@client(LABEL)
async def send_and_receive(url):
    """connect(compression=None); send("Hello"); recv() until the server closes."""
    async with connect(url, compression=None) as ws:
        await ws.send(HELLO)
        await listen(ws)


@client(LABEL)
async def send_2000(url):
    """connect(compression=None); send() of a text of 2000 letters; recv() until the server closes."""
    async with connect(url, compression=None) as ws:
        await ws.send("abcdefghij" * 200)
        await listen(ws)


@client(LABEL)
async def fragments_over_limit(url):
    """connect(compression=None); send() of an iterable of three strings of 500 letters; recv() until the server
    closes."""
    async with connect(url, compression=None) as ws:
        with contextlib.suppress(ConnectionClosed):
            await ws.send(["abcdefghij" * 50] * 3)
        await listen(ws)


@client(LABEL)
async def receive_increment(url):
    """connect(subprotocols=["dumb-increment-protocol"]); three times recv(); close()."""
    async with connect(url, subprotocols=["dumb-increment-protocol"]) as ws:
        for _ in range(3):
            await ws.recv()


@client(LABEL)
async def send_65536(url):
    """connect(compression=None, max_size=None); send() of 65536 bytes; recv(); close()."""
    async with connect(url, compression=None, max_size=None) as ws:
        await say(ws, bytes(range(256)) * 256)


@client(LABEL)
async def ping_payload(url):
    """connect(compression=None); ping(b"") and ping() with 5 and with 125 bytes, each pong awaited."""
    async with connect(url, compression=None) as ws:
        for payload in (b"", b"probe", bytes(range(125))):
            await (await ws.ping(payload))
        await ws.close(1001)


@client(LABEL)
async def rsv2(url):
    """connect(compression=None); protocol.send_frame() of a text frame with rsv2=True, its check() switched off."""
    async with connect(url, compression=None) as ws:
        await say(ws, HELLO)
        flush_frames(ws, UncheckedFrame(Opcode.TEXT, b"Hello", rsv2=True))
        await listen(ws)


@client(LABEL)
async def rsv1_without_deflate(url):
    """connect() offering permessage-deflate, which the server declines; protocol.send_frame() of a text frame with
    rsv1=True all the same, its check() switched off."""
    async with connect(url) as ws:
        await say(ws, HELLO)
        flush_frames(ws, UncheckedFrame(Opcode.TEXT, bytes.fromhex("f248cdc9c90700"), rsv1=True))
        await listen(ws)


@client(LABEL)
async def rsv1_on_ping(url):
    """connect() with permessage-deflate; protocol.send_frame() of a ping with rsv1=True, its check() switched off."""
    async with connect(url) as ws:
        await say(ws, GREETINGS)
        flush_frames(ws, UncheckedFrame(Opcode.PING, b"probe", rsv1=True))
        await listen(ws)


@client(LABEL)
async def continuation_first(url):
    """connect(compression=None); protocol.send_frame() of a continuation frame where no message is open."""
    async with connect(url, compression=None) as ws:
        await say(ws, HELLO)
        flush_frames(ws, Frame(Opcode.CONT, b" world"))
        await listen(ws)


@client(LABEL)
async def text_after_close(url):
    """connect(compression=None); protocol.send_close(1000, "bye"), then protocol.send_frame() of a text frame."""
    async with connect(url, compression=None) as ws:
        await say(ws, HELLO)
        ws.protocol.send_close(1000, "bye")
        flush_frames(ws, Frame(Opcode.TEXT, b"one more thing"))
        await ws.wait_closed()


@client(LABEL)
async def vanish_in_frame(url):
    """connect(compression=None); one whole message; the first half of a serialized frame of 200 bytes written to the
    transport, and the transport closed."""
    async with connect(url, compression=None) as ws:
        await say(ws, HELLO)
        whole = Frame(Opcode.TEXT, GREETINGS.encode() * 4).serialize(mask=True)
        ws.transport.write(whole[: len(whole) // 2])
        ws.transport.close()
        await ws.wait_closed()


async def echo_handler(ws):
    """Echoes every message."""
    with contextlib.suppress(ConnectionClosed):
        async for message in ws:
            await ws.send(message)


def serving(name, how, handler, **options):
    """Registers a server action that runs a handler."""

    async def action(port):
        async with serve(handler, HOST, port, **options):
            yield

    action.__name__, action.__doc__ = name, how
    server(LABEL)(action)


async def size_handler(ws):
    """Answers each message with its size."""
    async for message in ws:
        await ws.send(f"{len(message)} received")


async def failing_handler(ws):
    """Waits for a message and raises."""
    await ws.recv()
    raise ZeroDivisionError("division by zero")


async def farewell_handler(ws):
    """Sends a message and closes with a reason."""
    await ws.send(GREETINGS)
    await ws.close(4000, FAREWELL)


async def pinging_handler(ws):
    """Sends pings with and without payload, then closes."""
    for payload in (b"", b"are you there?", GREETINGS.encode()):
        await (await ws.ping(payload))
    await ws.close(1001, "going away")


async def fragmenting_handler(ws):
    """Sends fragmented messages, one with a ping in the middle."""

    async def pieces():
        yield GREETINGS
        await (await ws.ping(b"between two fragments"))
        yield EMOJI

    await ws.send([HELLO, ", ", "world"])
    await ws.send(pieces())
    await ws.close()


async def dropping_handler(ws):
    """Sends a message and half of a fragmented one, and drops the connection."""
    await ws.send(HELLO)
    ws.protocol.send_text(b"to be continued", fin=False)
    ws.send_data()
    ws.transport.close()


serving("echo", "serve(compression=None), every message sent back", echo_handler, compression=None)
serving("echo_deflate", "serve() with its default compression, every message sent back", echo_handler)
serving(
    "size",
    "serve(compression=None, max_size=None), answers with the size",
    size_handler,
    compression=None,
    max_size=None,
)
serving(
    "limited",
    "serve(compression=None, max_size=1024), every message sent back",
    echo_handler,
    compression=None,
    max_size=1024,
)
serving("fails", "serve(compression=None), the handler raises ZeroDivisionError", failing_handler, compression=None)
serving(
    "farewell",
    "serve(compression=None), send() and close(4000, reason in Cyrillic and kana, with an emoji)",
    farewell_handler,
    compression=None,
)
serving(
    "pings",
    "serve(compression=None), three pings, each pong awaited, then close(1001)",
    pinging_handler,
    compression=None,
)
serving(
    "fragments",
    "serve(compression=None), send() of iterables, a ping between two fragments, close()",
    fragmenting_handler,
    compression=None,
)
serving(
    "fragments_deflate",
    "serve() with its default compression, send() of iterables, a ping between two fragments, close()",
    fragmenting_handler,
)
serving(
    "drops",
    "serve(compression=None), send(), protocol.send_text(fin=False), then the transport closed",
    dropping_handler,
    compression=None,
)
