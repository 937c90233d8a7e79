"""aiohttp, client and server."""

import contextlib

import aiohttp
from aiohttp import web

from programs import python_package
from registry import EMOJI, FAREWELL, GREETINGS, HELLO, VERSIONS, client, server
from tap import HOST

LABEL = "aiohttp"
VERSIONS[LABEL] = python_package("aiohttp", "aiohttp")


@contextlib.asynccontextmanager
async def connected(url, **options):
    """A connected client socket."""
    async with aiohttp.ClientSession() as session, session.ws_connect(url, **options) as ws:
        yield ws


async def listen(ws) -> None:
    """Reads until the other side closes."""
    while not ws.closed:
        await ws.receive()


@client(LABEL)
async def echo(url):
    """ws_connect(); send_str() twice and send_bytes(), receive() after each; close(1000)."""
    async with connected(url) as ws:
        for text in (GREETINGS, EMOJI):
            await ws.send_str(text)
            await ws.receive()
        await ws.send_bytes(bytes(range(200, 256)))
        await ws.receive()


@client(LABEL)
async def echo_deflate(url):
    """ws_connect(compress=15); the same text three times with send_str(), receive() after each."""
    async with connected(url, compress=15) as ws:
        for _ in range(3):
            await ws.send_str(GREETINGS * 3)
            await ws.receive()


@client(LABEL)
async def pings(url):
    """ws_connect(autoping=False); ping() without and with payload, receive() of each pong; an unasked pong(); close(
    code=3000, message=reason in Cyrillic and kana, with an emoji)."""
    async with connected(url, autoping=False) as ws:
        await ws.ping()
        await ws.receive()
        await ws.ping("どうぞ".encode())
        await ws.receive()
        await ws.pong(b"unasked")
        await ws.close(code=3000, message=FAREWELL.encode())


@client(LABEL)
async def listens(url):
    """ws_connect(); receive() until the server closes."""
    async with connected(url) as ws:
        await listen(ws)


@client(LABEL)
async def listens_after_hello(url):
    """ws_connect(); send_str("Hello"); receive() until the server closes."""
    async with connected(url) as ws:
        await ws.send_str(HELLO)
        await listen(ws)


@client(LABEL)
async def opcode_3(url):
    """ws_connect(); the socket's writer is reported send_frame(b"Hello", 3)."""
    async with connected(url) as ws:
        await ws.send_str(HELLO)
        await ws.receive()
        await ws._writer.send_frame(b"Hello", 3)
        await listen(ws)


@client(LABEL)
async def opcode_11(url):
    """ws_connect(); the socket's writer is reported send_frame(b"", 11)."""
    async with connected(url) as ws:
        await ws._writer.send_frame(b"", 11)
        await listen(ws)


@client(LABEL)
async def close_1005(url):
    """ws_connect(); one message; close(code=1005), which aiohttp does not refuse."""
    async with connected(url) as ws:
        await ws.send_str(HELLO)
        await ws.receive()
        await ws.close(code=1005)


@client(LABEL)
async def close_reason_cut(url):
    """ws_connect(); close(code=1000, message=reason.encode()[:20]): cut inside a character, which aiohttp sends."""
    async with connected(url) as ws:
        await ws.close(code=1000, message="прощай, до завтра".encode()[:20])


@client(LABEL)
async def close_reason_long(url):
    """ws_connect(); close(code=1000, message=a reason of 150 bytes), which aiohttp does not refuse."""
    async with connected(url) as ws:
        await ws.send_str(HELLO)
        await ws.receive()
        await ws.close(code=1000, message=b"a reason that is far too long " * 5)


@client(LABEL)
async def vanish(url):
    """ws_connect(); one message, then the transport aborted without a close."""
    async with connected(url) as ws:
        await ws.send_str(HELLO)
        await ws.receive()
        ws._conn.transport.abort()


def serving(name, how, handler, **options):
    """Registers a server action that accepts an upgrade and runs a handler on the socket."""

    async def answer(request):
        ws = web.WebSocketResponse(**options)
        await ws.prepare(request)
        await handler(ws, request)
        return ws

    async def action(port):
        application = web.Application()
        application.router.add_get("/", answer)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, HOST, port).start()
        try:
            yield
        finally:
            await runner.cleanup()

    action.__name__, action.__doc__ = name, how
    server(LABEL)(action)


async def echo_back(ws, request):
    """Echoes every message."""
    async for message in ws:
        if message.type is aiohttp.WSMsgType.TEXT:
            await ws.send_str(message.data)
        elif message.type is aiohttp.WSMsgType.BINARY:
            await ws.send_bytes(message.data)


async def fail(ws, request):
    """Waits for a message and raises."""
    await ws.receive()
    raise ZeroDivisionError("division by zero")


async def farewell(ws, request):
    """Sends a message and closes with a reason."""
    await ws.send_str(GREETINGS)
    await ws.close(code=4999, message=FAREWELL.encode())


async def close_999(ws, request):
    """Closes with a code that must not be used."""
    await ws.send_str(HELLO)
    await ws.close(code=999, message=b"out of range")


async def reason_latin1(ws, request):
    """Closes with a reason that is not UTF-8."""
    await ws.close(code=1000, message="Auf Wiederhören".encode("latin-1"))


async def late_ping(ws, request):
    """Closes, then sends a ping through the writer."""
    await ws._writer.close(1000, b"bye")
    await ws._writer.send_frame(b"still here", aiohttp.WSMsgType.PING)
    await ws.receive()


serving("echo", "WebSocketResponse(compress=False), every message sent back", echo_back, compress=False)
serving("echo_deflate", "WebSocketResponse() with its default compression, every message sent back", echo_back)
serving(
    "limited",
    "WebSocketResponse(compress=False, max_msg_size=1024), every message sent back",
    echo_back,
    compress=False,
    max_msg_size=1024,
)
serving("fails", "WebSocketResponse(), the handler raises ZeroDivisionError", fail)
serving(
    "farewell",
    "WebSocketResponse(), send_str() and close(code=4999, message=reason in Cyrillic and kana, with an emoji)",
    farewell,
)
serving("close_999", "WebSocketResponse(), send_str() and close(code=999), which aiohttp does not refuse", close_999)
serving(
    "reason_latin1",
    "WebSocketResponse(), close(code=1000, message=a reason in ISO 8859-1), which aiohttp does not refuse",
    reason_latin1,
)
serving("late_ping", "WebSocketResponse(), a Close and then a ping through the socket's writer", late_ping)
