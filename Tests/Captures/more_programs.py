"""Endpoints in addition to those of `Tests/Recording`: Tornado, Uvicorn with wsproto, wsproto alone; TLS; refusals."""

import asyncio
import contextlib
import http
import os
import ssl

import tornado.httpserver
import tornado.web
import tornado.websocket
import uvicorn
import wsproto
from aiohttp import web
from programs import python_package
from registry import EMOJI, GREETINGS, HELLO, VERSIONS, client, server
from tap import HOST, wait_for_port
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from wsproto.events import AcceptConnection, CloseConnection, Message, Ping, Request

VERSIONS.update(
    {
        "tornado": python_package("Tornado", "tornado"),
        "uvicorn": lambda: f"{python_package('Uvicorn', 'uvicorn')()} with {python_package('wsproto', 'wsproto')()}",
        "wsproto": python_package("wsproto", "wsproto"),
    }
)


class TornadoEcho(tornado.websocket.WebSocketHandler):
    """Echoes every message."""

    def check_origin(self, origin):
        """Accepts every origin."""
        return True

    def on_message(self, message):
        """Echoes the message."""
        self.write_message(message, binary=isinstance(message, bytes))


class TornadoEchoDeflate(TornadoEcho):
    """The same with compression."""

    def get_compression_options(self):
        """Agrees to permessage-deflate."""
        return {}


def tornado_server(name, how, handler):
    """Registers a server action."""

    async def action(port):
        listener = tornado.httpserver.HTTPServer(tornado.web.Application([("/.*", handler)]))
        listener.listen(port, HOST)
        try:
            yield
        finally:
            listener.stop()

    action.__name__, action.__doc__ = name, how
    server("tornado")(action)


tornado_server("echo", "WebSocketHandler, every message sent back", TornadoEcho)
tornado_server("echo_deflate", "WebSocketHandler with compression, every message sent back", TornadoEchoDeflate)


@client("tornado")
async def echo(url):
    """websocket_connect(); write_message() of two texts and 48 bytes, each answer read; close(1000, "done")."""
    ws = await tornado.websocket.websocket_connect(url)
    for message in (HELLO, GREETINGS, bytes(range(48))):
        await ws.write_message(message, binary=isinstance(message, bytes))
        await ws.read_message()
    ws.close(1000, "done")
    await ws.read_message()
    await asyncio.sleep(0.1)


@client("tornado")
async def echo_deflate(url):
    """websocket_connect(compression_options={}); the same text three times; close()."""
    ws = await tornado.websocket.websocket_connect(url, compression_options={})
    for _ in range(3):
        await ws.write_message(GREETINGS * 3)
        await ws.read_message()
    ws.close(1000)
    await ws.read_message()
    await asyncio.sleep(0.1)


async def asgi_echo(scope, receive, send):
    """An ASGI application that sends everything back; the path /fail raises."""
    if scope["type"] != "websocket":
        return
    await receive()
    if scope["path"] == "/refused":
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        if scope["path"] == "/fail":
            raise ZeroDivisionError("division by zero")
        await send({"type": "websocket.send", "text": event.get("text"), "bytes": event.get("bytes")})


@server("uvicorn")
async def asgi(port):
    """uvicorn.Server with ws="wsproto": an ASGI application that sends everything back, raises at /fail and refuses
    /refused."""
    config = uvicorn.Config(asgi_echo, host=HOST, port=port, ws="wsproto", lifespan="off", log_level="critical")
    listener = uvicorn.Server(config)
    running = asyncio.ensure_future(listener.serve())
    await wait_for_port(port)
    try:
        yield
    finally:
        listener.should_exit = True
        with contextlib.suppress(Exception):
            await asyncio.wait_for(running, 3)


@client("wsproto")
async def talk(url):
    """WSConnection(CLIENT): Request, two Message events, a Ping, CloseConnection(1000, "done")."""
    host, _, port = url.removeprefix("ws://").split("/")[0].rpartition(":")
    reader, writer = await asyncio.open_connection(host.strip("[]"), int(port))
    ws = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)

    async def say(event):
        writer.write(ws.send(event))
        ws.receive_data(await reader.read(65536))
        return list(ws.events())

    await say(Request(host=f"{host}:{port}", target="/"))
    await say(Message(data=EMOJI))
    await say(Message(data=bytes(range(32))))
    await say(Ping(payload=b"probe"))
    await say(CloseConnection(1000, "done"))
    writer.close()


assert AcceptConnection


async def refuse(connection, request):
    """Refuses every request."""
    return connection.respond(http.HTTPStatus.UNAUTHORIZED, "who are you?\n")


@server("python-websockets")
async def refuses(port):
    """serve(process_request=…): every request is answered with 401."""
    async with serve(lambda ws: None, HOST, port, process_request=refuse):
        yield


@client("python-websockets")
async def refused(url):
    """connect(): the refusal is raised as InvalidStatus."""
    with contextlib.suppress(Exception):
        async with connect(url):
            pass


@client("python-websockets")
async def corrupt_deflate(url):
    """connect() with permessage-deflate; a text frame with rsv1=True whose payload is no DEFLATE data written to the
    transport; recv() until the server closes."""
    from python_websockets import UncheckedFrame, listen, say
    from websockets.frames import Opcode

    async with connect(url) as ws:
        await say(ws, GREETINGS)
        broken = UncheckedFrame(Opcode.TEXT, b"\xff\xfe is not DEFLATE data", rsv1=True)
        ws.transport.write(broken.serialize(mask=True))
        await listen(ws)


@client("python-websockets")
async def slow_echo(url):
    """connect(compression=None); eight messages of 60 to 700 bytes, 150 ms between them, recv() after each;
    close(1000)."""
    async with connect(url, compression=None) as ws:
        for number in range(8):
            await ws.send(f"message {number} " + "ab, " * (13 + 20 * number))
            await ws.recv()
            await asyncio.sleep(0.15)


@client("python-websockets")
async def bulk(url):
    """connect(compression=None); seven texts of 1500 bytes without waiting, then the seven answers; close()."""
    async with connect(url, compression=None, max_queue=64) as ws:
        for number in range(7):
            await ws.send(f"message {number:2} " + "0123456789abcde " * 93)
        for _ in range(7):
            await ws.recv()


@client("python-websockets")
async def idle(url):
    """connect(compression=None, ping_interval=None); one message; then only waits for the end, six seconds at most."""
    from python_websockets import listen

    async with connect(url, compression=None, ping_interval=None, close_timeout=1) as ws:
        await ws.send(HELLO)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(listen(ws), 6)


@client("python-websockets")
async def keeps_asking(url):
    """connect(compression=None, ping_interval=0.4, ping_timeout=0.8): its own keepalive gives up with 1011."""
    from python_websockets import listen

    async with connect(url, compression=None, ping_interval=0.4, ping_timeout=0.8, close_timeout=1) as ws:
        await ws.send(HELLO)
        await listen(ws)


def tls_context() -> ssl.SSLContext:
    """The server's certificate, made by the recorder."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.environ["RECORD_CERTIFICATE"])
    return context


@server("python-websockets")
async def echo_tls(port):
    """serve(ssl=…, compression=None), every message sent back."""
    from python_websockets import echo_handler

    async with serve(echo_handler, HOST, port, ssl=tls_context(), compression=None):
        yield


@client("python-websockets")
async def echo_tls_client(url):
    """connect(ssl=…, compression=None) with SSLKEYLOGFILE; two messages; close(1000)."""
    context = ssl.create_default_context(cafile=os.environ["RECORD_CERTIFICATE"])
    context.check_hostname = False
    context.keylog_filename = os.environ["RECORD_SECRETS"]
    async with connect(url.replace("ws://", "wss://"), ssl=context, compression=None) as ws:
        for message in (HELLO, GREETINGS):
            await ws.send(message)
            await ws.recv()


@server("aiohttp")
async def greets(port):
    """WebSocketResponse(compress=False): two texts at once, then every message sent back; other paths are plain
    HTTP."""

    async def answer(request):
        ws = web.WebSocketResponse(compress=False)
        await ws.prepare(request)
        await ws.send_str("welcome")
        await ws.send_str(GREETINGS)
        async for message in ws:
            await ws.send_str(message.data)
        return ws

    async def page(request):
        return web.Response(text=f"{request.path} is a page\n")

    application = web.Application()
    application.router.add_get("/", answer)
    application.router.add_get("/{page:.+}", page)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, HOST, port).start()
    try:
        yield
    finally:
        await runner.cleanup()


@client("python-websockets")
async def send_three(url):
    """connect(compression=None); recv() of what the server says first; three times send() and recv(); close(1000)."""
    async with connect(url, compression=None) as ws:
        await ws.recv()
        await ws.recv()
        for text in (HELLO, GREETINGS, EMOJI):
            await ws.send(text)
            await ws.recv()
