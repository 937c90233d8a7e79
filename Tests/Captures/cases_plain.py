"""Correct conversations between many implementations."""

from notes import Known, Talk
from registry_of_captures import capture, conversation


def good(name: str, client: str, server: str, about: str, *options: str, **more) -> None:
    """Registers a correct conversation."""
    conversation(f"plain/{name}", client, server, about, Known([Talk()]), *options, **more)


good("websockets--node-ws.echo", "python-websockets:echo", "node-ws:echo", "Text and binary, sent back.")
good("aiohttp--mojolicious.echo", "aiohttp:echo", "mojolicious:echo", "Text and binary, sent back.")
good("undici--websockets.echo", "node-undici:echo", "python-websockets:echo", "Text and binary; Close 3001.")
good("tornado--aiohttp.echo", "tornado:echo", "aiohttp:echo", "Text and binary, sent back.")
good("wsproto--tornado.echo", "wsproto:talk", "tornado:echo", "Text, binary and a ping.")
good("node-ws--uvicorn.lengths", "node-ws:lengths", "uvicorn:asgi", "Messages of 0, 1, 125, 126 and 127 bytes.")
good("java--node-ws.fragments", "java:fragments", "node-ws:echo", "A text in fragments, a ping between them.")
good(
    "node-ws--websockets.fragments",
    "node-ws:fragments",
    "python-websockets:echo",
    "Fragments with a ping and a pong between them.",
)
good(
    "chromium--node-ws.deflate",
    "chromium:echo",
    "node-ws:echo_deflate",
    "A browser's messages, compressed, and a reason beyond ASCII.",
)
good(
    "websockets--tornado.deflate",
    "python-websockets:echo_deflate",
    "tornado:echo_deflate",
    "permessage-deflate with context takeover, over IPv6.",
    host="::1",
)
good(
    "node-ws--mojolicious.deflate-fragments",
    "node-ws:deflate_fragments",
    "mojolicious:echo_deflate",
    "A compressed message in three fragments.",
)
good(
    "websockets--websockets.growing",
    "python-websockets:slow_echo",
    "python-websockets:echo",
    "Eight messages, each longer than the one before.",
)
good("autobahn--autobahn.stream", "autobahn:stream", "autobahn:echo", "A text in frames by the streaming interface.")
good(
    "aiohttp--websockets.ipv6",
    "aiohttp:pings",
    "python-websockets:echo",
    "Pings and a Close 3000 with a reason beyond ASCII, over IPv6, times in nanoseconds.",
    "--time-stamp-precision=nano",
    host="::1",
)


@capture("plain/libwebsockets.increment", Known([Talk(None, None), Talk(None, None)]))
async def increment(room):
    """The test client listens to the server that counts, and draws on a second connection; the capture ends after 80
    packets, both still open."""
    await room.serve("libwebsockets:test_server", 8765)
    async with room.capture("-c", "80"):
        await room.run("libwebsockets:test_client", "ws://127.0.0.1:8765/")


@capture("plain/two-at-once", Known([Talk(), Talk()]))
async def two_at_once(room):
    """Two conversations at the same time, their packets in turn."""
    await room.serve("raw-server:echo", 8765)
    async with room.capture():
        await room.run("raw-client:two_at_once", "ws://127.0.0.1:8765/")


@capture("plain/none-http", Known([], ["no-websocket"]))
async def plain_http(room):
    """Plain HTTP, and a DNS query over UDP to nobody: no WebSocket conversation."""
    await room.nginx("server { listen 127.0.0.1:8080; location / { return 200 'hello\\n'; } }", 8080)
    async with room.capture(only="tcp or udp"):
        room.describe("Client: Python's http.client and a UDP socket.")
        script = (
            "import http.client as h, socket\n"
            "c = h.HTTPConnection('127.0.0.1', 8080)\n"
            "for path in '/', '/chat': c.request('GET', path); c.getresponse().read()\n"
            "c.close()\n"
            "query = bytes.fromhex('cafe01000001000000000000076578616d706c6503636f6d0000010001')\n"
            "socket.socket(type=socket.SOCK_DGRAM).sendto(query, ('127.0.0.1', 53))\n"
        )
        await (await room.start("python3", "-c", script)).wait()


@capture("plain/none-tls", Known([], ["tls"]))
async def tls(room):
    """wss:// without its secrets: nothing can be read."""
    await secured(room)


@capture("tls/websockets--websockets.secrets-inside", Known([Talk()]), keep="pcapng")
async def tls_secrets(room):
    """wss:// with its secrets in a Decryption Secrets Block."""
    from packets import without_machine

    await secured(room)
    whole = room.folder / "with-secrets"
    secrets = f"tls,{room.environment['RECORD_SECRETS']}"
    await room.command("editcap", "-F", "pcapng", "--inject-secrets", secrets, str(room.file), str(whole))
    room.describe("Made a pcapng with secrets by editcap --inject-secrets.")
    room.file.write_bytes(without_machine(whole.read_bytes()))


async def secured(room) -> None:
    """A conversation through TLS."""
    certificate = room.folder / "both.pem"
    await room.command(
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
        "-subj", "/CN=127.0.0.1", "-keyout", str(room.folder / "key.pem"), "-out", str(room.folder / "cert.pem"),
    )  # fmt: skip
    certificate.write_text((room.folder / "key.pem").read_text() + (room.folder / "cert.pem").read_text())
    room.environment["RECORD_CERTIFICATE"] = str(certificate)
    room.environment["RECORD_SECRETS"] = str(room.folder / "secrets")
    await room.serve("python-websockets:echo_tls", 8765)
    async with room.capture():
        await room.run("python-websockets:echo_tls_client", "ws://127.0.0.1:8765/")
