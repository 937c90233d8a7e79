"""Python `websockets` and aiohttp, as they are, and with broken frames put under them."""

import asyncio
import os

import aiohttp
import pytest
import wire
from broken import BROKEN, broken
from server import CLOSE, THROW
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

SIZES = [0, 1, 125, 126, 65535, 65536, 1 << 20, 16 << 20]
GREETINGS = "Grüße, Привет, 你好, שלום, नमस्ते, 👋🏽 "
LIMIT = 16 << 20


def text_of(size):
    """Multilingual text of so many bytes."""
    encoded = GREETINGS.encode()
    cut = (encoded * (size // len(encoded) + 1))[:size].decode(errors="ignore")
    return cut + "." * (size - len(cut.encode()))


def both_kinds(size):
    """A text and some bytes of that size."""
    return [text_of(size), os.urandom(size)]


# --- websockets ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_websockets_echo(server, size):
    """Text comes back as text, binary as binary, and `websockets` offers compression that is not agreed to."""

    async def run():
        async with connect(server.url, max_size=LIMIT) as ws:
            for message in both_kinds(size):
                await ws.send(message)
                assert await ws.recv() == message
        assert (ws.close_code, ws.close_reason) == (1000, "")

    asyncio.run(run())


def test_websockets_fragments(server):
    """Messages sent in fragments, cut inside characters too, come back whole."""

    async def run():
        async with connect(server.url) as ws:
            await ws.send([GREETINGS, "", GREETINGS])
            assert await ws.recv() == GREETINGS * 2
            await ws.send([bytes([byte]) for byte in GREETINGS.encode()], text=True)
            assert await ws.recv() == GREETINGS
            await ws.send([b"\x00" * 70000, b"", b"\xff" * 70000])
            assert await ws.recv() == b"\x00" * 70000 + b"\xff" * 70000

    asyncio.run(run())


def test_websockets_pings(server):
    """Pings are answered with what they carry, within a message too."""

    async def run():
        async with connect(server.url) as ws:
            for payload in (b"", b"probe", bytes(range(125))):
                await asyncio.wait_for(await ws.ping(payload), 5)

            async def pieces():
                yield "one "
                await asyncio.wait_for(await ws.ping(b"between"), 5)
                yield "two"

            await ws.send(pieces())
            assert await ws.recv() == "one two"

    asyncio.run(run())


def test_websockets_closes(server):
    """A client's Close is answered with its code."""

    async def run():
        for code, reason in ((1000, "done"), (1001, ""), (3000, "пока"), (4999, "r" * 123)):
            async with connect(server.url) as ws:
                await ws.close(code, reason)
            assert (ws.close_code, ws.protocol.close_sent.code) == (code, code)

    asyncio.run(run())


def test_websockets_is_closed(server):
    """The server begins the closing handshake, or fails."""

    async def run():
        for order, code in ((CLOSE, 1001), (THROW, 1011)):
            async with connect(server.url) as ws:
                await ws.send(order)
                with pytest.raises(ConnectionClosed) as closed:
                    await ws.recv()
                assert closed.value.rcvd.code == code

    asyncio.run(run())


@pytest.mark.parametrize("name", BROKEN)
def test_websockets_sees_the_code(server, name):
    """Broken bytes on the transport of an open connection: the client sees the rule's code and name."""

    async def run():
        async with connect(server.url, compression=None) as ws:
            await ws.send("before")
            assert await ws.recv() == "before"
            ws.transport.write(broken(name))
            with pytest.raises(ConnectionClosed) as closed:
                await ws.recv()
            assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (BROKEN[name][1], name)

    asyncio.run(run())


# --- aiohttp ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_aiohttp_echo(server, size):
    """Text comes back as text, binary as binary."""

    async def run():
        async with aiohttp.ClientSession() as session, session.ws_connect(server.url, max_msg_size=0) as ws:
            text, data = both_kinds(size)
            await ws.send_str(text)
            assert await ws.receive_str() == text
            await ws.send_bytes(data)
            assert await ws.receive_bytes() == data
            await ws.close(code=4000)
            assert ws.close_code == 4000

    asyncio.run(run())


def test_aiohttp_control_frames(server):
    """Pings, with `autoping` off so that the pong is seen, and the server's own Close."""

    async def run():
        async with aiohttp.ClientSession() as session, session.ws_connect(server.url, autoping=False) as ws:
            await ws.ping(b"probe")
            answer = await ws.receive(5)
            assert (answer.type, bytes(answer.data)) == (aiohttp.WSMsgType.PONG, b"probe")
            await ws.send_str(CLOSE)
            answer = await ws.receive(5)
            assert (answer.type, answer.data) == (aiohttp.WSMsgType.CLOSE, 1001)

    asyncio.run(run())


@pytest.mark.parametrize("name", [*BROKEN, "throw"])
def test_aiohttp_sees_the_code(server, name):
    """Broken bytes on the transport of an open connection, and a handler that throws."""

    async def run():
        async with aiohttp.ClientSession() as session, session.ws_connect(server.url, compress=0) as ws:
            await ws.send_str(GREETINGS)
            assert await ws.receive_str() == GREETINGS
            sent, code = (wire.frame(wire.TEXT, THROW.encode()), 1011) if name == "throw" else (None, 0)
            ws._response.connection.transport.write(sent or broken(name))
            answer = await ws.receive(5)
            assert (answer.type, answer.data) == (aiohttp.WSMsgType.CLOSE, code or BROKEN[name][1])

    asyncio.run(run())
