"""The endpoints that are separate programs, and Autobahn.

The descriptions are copied into the fixtures; the programs are the `.mjs`, `.cjs`, `.pl`, `.java` and `.html` files of this
folder.
"""

import asyncio
import tempfile

from autobahn.asyncio.websocket import (
    WebSocketClientFactory,
    WebSocketClientProtocol,
    WebSocketServerFactory,
    WebSocketServerProtocol,
)

from programs import (
    HERE,
    chromium_version,
    java_version,
    libwebsockets_version,
    node_version,
    perl_version,
    python_package,
    run_client,
    server_process,
    undici_version,
    ws_version,
)
from registry import GREETINGS, HELLO, VERSIONS, client, client_program, server, server_program
from tap import HOST

VERSIONS.update(
    {
        "node-ws": ws_version,
        "node-http": lambda: f"the http module of Node.js {node_version()}",
        "node-undici": undici_version,
        "java": java_version,
        "mojolicious": perl_version,
        "chromium": chromium_version,
        "libwebsockets": libwebsockets_version,
        "autobahn": python_package("Autobahn", "autobahn"),
    }
)

PLAIN = "new WebSocket(url, { perMessageDeflate: false })"
client_program(
    "node-ws",
    ("node", "client.mjs", "ws"),
    {
        "echo": f"{PLAIN}; send() of two texts and 40 bytes, each answer awaited; close(1000, reason in Cyrillic)",
        "echo_deflate": "new WebSocket(url, { perMessageDeflate: { threshold: 0 } }); the same text sent three times, "
        "then one with compress: false; close(1000)",
        "echo_no_takeover": "perMessageDeflate with clientNoContextTakeover and serverNoContextTakeover; the same "
        "text sent three times; close(1000)",
        "small_server_window": "perMessageDeflate: { threshold: 0, serverMaxWindowBits: 9 }; a text whose two halves are "
        "the same 700 characters, sent twice; close(1000)",
        "client_no_takeover": "perMessageDeflate: { threshold: 0, clientNoContextTakeover: true }; the same text sent "
        "three times; close(1000)",
        "deflate_fragments": "perMessageDeflate: { threshold: 0 }; three send() with fin: false, false, true; close()",
        "fragments": f"{PLAIN}; send() with fin: false, ping(), send() with fin: false, pong(), send(); a binary "
        "message whose last fragment is empty; close()",
        "lengths": f"{PLAIN}; binary messages of 0, 1, 125, 126 and 127 bytes; close(1000)",
        "send_65535": f"{PLAIN}; one binary message of 65535 bytes; close(1000)",
        "listen": f"{PLAIN}; nothing sent by the program, the end awaited",
        "listen_deflate": "new WebSocket(url), which offers permessage-deflate; nothing sent by the program",
        "speak": f'{PLAIN}; send("Hello"), the end awaited',
        "speak_deflate": "perMessageDeflate: { threshold: 0 }; one send(), the end awaited",
        "close_in_message": f"{PLAIN}; send() with fin: false, then close(1001, reason)",
        "end_between_fragments": f"{PLAIN}; two send() with fin: false, then end() on the socket beneath",
        "vanish": f"{PLAIN}; one message, then terminate()",
        "rsv1_on_continuation": "perMessageDeflate: { threshold: 0 }; send() with fin: false, then Sender.frame() of "
        "a continuation with rsv1: true",
        "second_upgrade": f"{PLAIN}; one message, then an HTTP request written to the socket beneath, as by a "
        "connection pool that takes the socket for an idle one",
        "length_top_bit": f"{PLAIN}; one message, then a binary frame with length 2^63 + 5 written to the socket "
        "beneath",
        "half_header": f"{PLAIN}; one message, then the first three bytes of a header of eight written to the socket "
        "beneath, and end()",
        "opcode_7_half_frame": f"{PLAIN}; one message, then the single byte 87 written to the socket beneath, "
        "and end()",
    },
)
client_program(
    "node-undici",
    ("node", "--experimental-websocket", "client.mjs", "undici"),
    {
        "echo": "new WebSocket(url); send() of two texts and 40 bytes, each answer awaited; close(3001, reason with "
        "an umlaut and an emoji)",
        "close_empty": 'new WebSocket(url); send("Hello"), the answer awaited; close() without a code',
        "listen": "new WebSocket(url); nothing sent by the program, the end awaited",
    },
)
ECHO = "every message sent back"
server_program(
    "node-ws",
    ("node", "server.cjs"),
    {
        "echo": f"WebSocketServer({{ perMessageDeflate: false }}), {ECHO}",
        "echo_deflate": f"WebSocketServer({{ perMessageDeflate: {{ threshold: 0 }} }}), {ECHO}",
        "echo_no_takeover": "perMessageDeflate: { threshold: 0, serverNoContextTakeover: true, "
        f"clientNoContextTakeover: true }}, {ECHO}",
        "small_client_window": f"perMessageDeflate: {{ threshold: 0, clientMaxWindowBits: 9 }}, {ECHO}",
        "limited": f"WebSocketServer({{ perMessageDeflate: false, maxPayload: 1024 }}), {ECHO}",
        "size": "WebSocketServer({ perMessageDeflate: false }), answers with the size",
        "push_65536": "one binary message of 65536 bytes, then close(1000)",
        "close_4001": 'send("Hello"), then close(4001, reason in Cyrillic with an emoji)',
        "close_empty": "close() without a code at the first message",
        "ping": "ping() without payload, at the pong ping() with one, then close(1000)",
        "fragments_deflate": "perMessageDeflate: { threshold: 0 }; three send() with fin: false, false, true; 300 "
        "zero bytes; close(1000)",
        "terminate": "the message sent back, then terminate()",
        "end_between_fragments": "send() with fin: false, then end() on the socket beneath",
        "half_frame": "a header of 300 bytes from Sender.frame() and 100 bytes written to the socket beneath, end()",
        "masked": 'send("Hello"), then Sender.frame() with mask: true',
        "rsv1_without_deflate": "perMessageDeflate: false; Sender.frame() with rsv1: true and compressed text",
        "rsv1_on_pong": "perMessageDeflate: { threshold: 0 }; one compressed message, then Sender.frame() of a pong "
        "with rsv1: true",
        "close_1015": 'send("Hello"), then Sender.frame() of a Close with code 1015',
        "http_error": "perMessageDeflate: false; at the first message an HTTP 500 response written to the socket "
        "beneath, as by an error handler that does not know of the upgrade",
        "refuses_and_upgrades": "an http server whose upgrade listener writes 429 to the socket, and then calls "
        "handleUpgrade of a WebSocketServer with noServer; one message, close(1000)",
        "http_error_deflate": "perMessageDeflate: { threshold: 0 }; at the first message an HTTP 502 response "
        "written to the socket beneath",
    },
)
server_program(
    "node-http",
    ("node", "server.cjs"),
    {"pipe": "createServer() and an 'upgrade' listener that ends in socket.pipe(socket): masked frames come back"},
)
MOJO_FRAME = "$c->send([fin, rsv1, rsv2, rsv3, opcode, payload])"
server_program(
    "mojolicious",
    ("perl", "mojo_server.pl"),
    {
        "echo": f"websocket route without compression, {ECHO}",
        "echo_deflate": f"websocket route, $c->tx->with_compression, {ECHO}",
        "farewell": "$c->send(…)->finish(1000 => reason in Cyrillic and kana, with an emoji)",
        "finish_empty": "$c->send('Hello')->finish, without a code",
        "finish_1006": "$c->send('Hello')->finish(1006 => …), which Mojolicious does not refuse",
        "finish_long": "$c->finish(1011 => a reason of 175 bytes), which Mojolicious does not refuse",
        "throw": "the message handler dies",
        "opcode_3": f"{MOJO_FRAME} with opcode 3",
        "opcode_15": f"{MOJO_FRAME} with opcode 15",
        "latin1": f"{MOJO_FRAME} of text in ISO 8859-1",
        "cut_reason": f"{MOJO_FRAME} of a Close whose reason is cut inside a Cyrillic letter",
        "one_byte": f"{MOJO_FRAME} of a Close with one byte",
        "split_close": f"{MOJO_FRAME} of a Close without FIN",
        "continuation": f"$c->send('Hello'), then {MOJO_FRAME} of a continuation",
        "interleaved": f"{MOJO_FRAME} of a text frame without FIN, then of a binary frame without FIN",
        "text_after_close": f"{MOJO_FRAME} of a Close, then $c->send() of a text",
        "rsv1_on_continuation": "$c->tx->with_compression; a message from build_message() sent as two frames, RSV1 "
        "on both",
        "fragments": f"{MOJO_FRAME}: an emoji cut after three bytes, a ping between, then the fourth byte; "
        "finish(1000) at the first message",
    },
)
client_program(
    "mojolicious",
    ("perl", "mojo_client.pl"),
    {
        "echo": "Mojo::UserAgent; send() of two texts and of 64 bytes, each answer awaited; finish(1000 => …)",
        "listen": "Mojo::UserAgent; nothing sent by the program, the end awaited",
        "speak": "Mojo::UserAgent; $tx->send('Hello'), the end awaited",
        "finish_1004": "Mojo::UserAgent; $tx->send('Hello'), then $tx->finish(1004), which Mojolicious does not refuse",
        "finish_5000": "Mojo::UserAgent; $tx->finish(5000 => …), which Mojolicious does not refuse",
    },
)
client_program(
    "java",
    ("java", "Client.java"),
    {
        "echo": "sendText(…, true), sendBinary(…, true), each answer awaited; sendClose(1000, reason in Cyrillic)",
        "fragments": 'sendText(…, false), sendPing(), sendText(…, false), sendText(…, true); sendClose(4321, "")',
        "listen": "nothing sent by the program, onClose() awaited",
        "abort": 'sendText("to be ", false), then abort()',
    },
    seconds=20,
)


def browser_action(name: str, how: str) -> None:
    """Registers a client action of the page browser.html."""

    async def action(url):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            page = f"{(HERE / 'browser.html').as_uri()}#{name},{url}"
            flags = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}")
            await run_client(20, "chromium", *flags, page)

    action.__name__, action.__doc__ = name, how
    client("chromium")(action)


browser_action(
    "echo",
    "a page in --headless mode: new WebSocket(url); send() of the same text twice, of emoji and of 100 "
    "bytes, each answer awaited; close(1000, reason with an umlaut and an emoji)",
)
browser_action("close_empty", 'a page in --headless mode: send("Hello"), the answer awaited; close() without a code')
browser_action("leave", "a page in --headless mode: one message, the answer awaited; location = 'about:blank'")
browser_action("size", "a page in --headless mode: 1000 zero bytes, the answer awaited; close(3000)")
browser_action("listen", "a page in --headless mode: nothing sent by the page")
browser_action("speak", 'a page in --headless mode: send("Hello"), nothing more sent by the page')


@client("libwebsockets")
async def test_client(url):
    """libwebsockets-test-client 127.0.0.1 --port=PORT, ended by SIGTERM after two seconds; its first connection,
    which speaks dumb-increment-protocol."""
    port = url.rstrip("/").rpartition(":")[2]
    await run_client(2, "libwebsockets-test-client", "127.0.0.1", f"--port={port}")


@server("libwebsockets")
async def test_server(port):
    """libwebsockets-test-server --port=PORT."""
    async with server_process(port, "libwebsockets-test-server", f"--port={port}"):
        yield


def address_of(url: str) -> tuple[str, int]:
    """Host and port of a URL."""
    host, _, port = url.removeprefix("ws://").rstrip("/").partition(":")
    return host, int(port)


class Talker(WebSocketClientProtocol):
    """An Autobahn client that runs a script once it is open."""

    script = None

    def onOpen(self):
        """Runs the script."""
        asyncio.ensure_future(type(self).script(self))

    def onClose(self, *_):
        """Tells the factory that the conversation is over."""
        if not self.factory.over.done():
            self.factory.over.set_result(None)


def autobahn_client(name, how, script) -> None:
    """Registers a client action that runs `script(protocol)`."""

    async def action(url):
        loop = asyncio.get_running_loop()
        factory = WebSocketClientFactory(url, loop=loop)
        factory.protocol = type("Scripted", (Talker,), {"script": staticmethod(script)})
        factory.over = loop.create_future()
        await loop.create_connection(factory, *address_of(url))
        await asyncio.wait([factory.over], timeout=5)

    action.__name__, action.__doc__ = name, how
    client("autobahn")(action)


async def stream_message(protocol):
    """Sends a message through the streaming interface."""
    protocol.beginMessage(isBinary=False)
    for part in GREETINGS.encode()[:11], GREETINGS.encode()[11:]:
        protocol.sendMessageFrame(part)
    protocol.endMessage()
    protocol.sendPing(b"probe")
    await asyncio.sleep(0.3)
    protocol.sendClose(1000, "done")


async def hello(protocol):
    """Sends one message."""
    protocol.sendMessage(HELLO.encode())


async def own_mask(protocol):
    """Sends with a chosen masking key."""
    protocol.sendFrame(opcode=1, payload=b"Hello", mask=bytes(4))
    await asyncio.sleep(0.3)
    protocol.sendClose()


async def all_rsv(protocol):
    """Sets every reserved bit."""
    protocol.sendMessage(HELLO.encode())
    await asyncio.sleep(0.3)
    protocol.sendFrame(opcode=2, payload=b"Hello", rsv=7)


autobahn_client(
    "stream",
    'beginMessage(), sendMessageFrame() twice, endMessage(); sendPing(); sendClose(1000, "done")',
    stream_message,
)
autobahn_client("hello", "sendMessage(), the end awaited", hello)
autobahn_client(
    "own_mask",
    'sendFrame(opcode=1, payload=b"Hello", mask=bytes(4)), which sets the MASK bit and writes no key; sendClose()',
    own_mask,
)
autobahn_client("all_rsv", "sendMessage(), then sendFrame(opcode=2, rsv=7)", all_rsv)


class Echo(WebSocketServerProtocol):
    """An Autobahn server that echoes every message."""

    def onMessage(self, payload, isBinary):
        """Echoes the message."""
        self.sendMessage(payload, isBinary)


class Failing(WebSocketServerProtocol):
    """An Autobahn server whose handler raises."""

    def onMessage(self, payload, isBinary):
        """Raises."""
        raise ZeroDivisionError("division by zero")


def autobahn_server(name, how, protocol) -> None:
    """Registers a server action."""

    async def action(port):
        loop = asyncio.get_running_loop()
        factory = WebSocketServerFactory(loop=loop)
        factory.protocol = protocol
        listener = await loop.create_server(factory, HOST, port)
        try:
            yield
        finally:
            listener.close()

    action.__name__, action.__doc__ = name, how
    server("autobahn")(action)


autobahn_server("echo", "WebSocketServerProtocol, every message sent back with sendMessage()", Echo)
autobahn_server("fails", "WebSocketServerProtocol, onMessage() raises ZeroDivisionError", Failing)
