"""Conversations inside TLS between common programs, with every version and suite that they can be configured to use."""

import asyncio
import contextlib
import shutil
import sys

from notes import Known, Talk as Expected
from programs import chromium_version, first_match, java_version, output_of, python_package, ws_version
from registry_of_captures import capture
from room import NGINX_UPGRADE
from tls_talk import Talk, certificates

FIRST = 8443
TLS_PORTS = "tcp portrange 8443-8470"
SUITES_12 = (
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-ECDSA-AES128-SHA",
    "ECDHE-RSA-AES256-SHA",
    "ECDHE-ECDSA-AES128-SHA256",
    "ECDHE-ECDSA-AES256-SHA384",
    "DHE-RSA-AES128-GCM-SHA256",
    "DHE-RSA-AES256-SHA256",
    "AES256-GCM-SHA384",
    "AES128-SHA",
)
# The other suites of OpenSSL.
RARE_12 = ("ECDHE-ECDSA-AES128-CCM", "AES256-CCM8")
# What browsers still offer.
BROWSER_12 = (
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-AES128-SHA",
    "ECDHE-RSA-AES256-SHA",
    "AES128-GCM-SHA256",
    "AES256-SHA",
)
SUITES_13 = ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256")
RARE_13 = ("TLS_AES_128_CCM_SHA256",)


def talks(version: str, suites, again=True) -> list[str]:
    """The arguments for conversations with these suites; the first session is resumed after its first use."""
    words = [f"{version}:{suite}" for suite in suites]
    return [words[0], words[0] + ":again", *words[1:]] if again else words


def programs(name: str, said: list[str], notices: list[str] | None = None, **more):
    """Registers a capture with a key log."""
    return capture(f"tls/{name}", Known([Expected(**more)] * len(said), notices or [], keylog=f"{name}.keys"))


def urls(said: list[str]) -> list[str]:
    """The URLs of the conversations, one port per suite."""
    ports, port = [], FIRST - 1
    for words in said:
        port += not words.endswith(":again")
        ports.append(f"wss://127.0.0.1:{port}/")
    return ports


def describe_suites(room, said: list[str]) -> None:
    """Lists the suites in the note."""
    room.describe(f"In turn: {', '.join(words.replace(':again', ' (resumed)').replace(':', ' ') for words in said)}.")


async def behind_nginx(room, said: list[str]) -> None:
    """Starts nginx with a port per suite, in front of an echo server."""
    servers = []
    for index, words in enumerate(word for word in said if not word.endswith(":again")):
        version, suite = words.split(":")
        told = f"ssl_ciphers {suite if version == '1.2' else 'DEFAULT'}:@SECLEVEL=0;"
        if version == "1.3":
            told += f" ssl_conf_command Ciphersuites {suite};"
        servers.append(
            f"server {{ listen 127.0.0.1:{FIRST + index} ssl; ssl_protocols TLSv{version}; {told} "
            f"location / {{ proxy_pass http://127.0.0.1:8765; {NGINX_UPGRADE} }} }}"
        )
    await room.serve("python-websockets:echo", 8765)
    files = "".join(
        f"ssl_certificate {room.folder}/{kind}.pem; ssl_certificate_key {room.folder}/{kind}-key.pem; " for kind in ("ec", "rsa")
    )
    said_so = room.reported[:]
    await room.nginx(f"ssl_dhparam {room.folder}/dh.pem; {files}" + " ".join(servers))
    # A summary of the configuration, rather than one entry per port.
    version = first_match(r"nginx/([0-9.]+)", output_of("nginx", "-v"))
    room.reported = [*said_so, f"Proxy: nginx {version}: a server with listen ssl, ssl_protocols, ssl_ciphers (TLS 1.3: "
                     "ssl_conf_command Ciphersuites) for each suite; proxy_pass to the server."]  # fmt: skip


async def behind_haproxy(room, said: list[str]) -> None:
    """Starts HAProxy with a port per suite, in front of an echo server."""
    binds = []
    for kind in ("ec", "rsa"):
        both = (room.folder / f"{kind}-key.pem").read_text() + (room.folder / f"{kind}.pem").read_text()
        both += (room.folder / "dh.pem").read_text()
        (room.folder / f"{kind}-both.pem").write_text(both)
    for index, words in enumerate(word for word in said if not word.endswith(":again")):
        version, suite = words.split(":")
        told = f"ciphers {suite}:@SECLEVEL=0" if version == "1.2" else f"ciphers DEFAULT:@SECLEVEL=0 ciphersuites {suite}"
        kind = "ec" if "ECDSA" in suite or version == "1.3" else "rsa"
        binds.append(f"127.0.0.1:{FIRST + index} ssl crt {room.folder}/{kind}-both.pem alpn http/1.1 ssl-min-ver TLSv{version} ssl-max-ver TLSv{version} {told}")
    await room.serve("python-websockets:echo", 8765)
    said_so = room.reported[:]
    await room.haproxy("127.0.0.1:8765", bind="\n    bind ".join(binds))
    version = first_match(r"version ([0-9.]+)", output_of("haproxy", "-v"))
    room.reported = [*said_so, f"Proxy: HAProxy {version}: mode http; bind … ssl crt (ECDSA or RSA), ssl-min-ver, ssl-max-ver, "
                     "ciphers (TLS 1.3: ciphersuites) for each suite; the server after it."]  # fmt: skip


async def by_node(room, said: list[str], keys="") -> None:
    """Starts Node's https and ws with a port per suite."""
    suites = ",".join(words for words in said if not words.endswith(":again"))
    await room.start("node", "tls_server.cjs", str(FIRST), suites, str(room.folder), keys)
    await asyncio.sleep(2)
    room.describe(f"Server: {ws_version()}: https.createServer({{ minVersion, maxVersion, ciphers, dhparam: 'auto' }}).")


async def prepare(room) -> None:
    """Creates certificates and DHE parameters; no key log is written except where it is wanted."""
    await certificates(room)
    await room.command("openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048",
                       "-out", str(room.folder / "dh.pem"))  # fmt: skip


async def finish(process, seconds: float) -> None:
    """Waits for a client to exit."""
    await asyncio.wait_for(process.wait(), seconds)


async def node_client(room, said: list[str]) -> None:
    """The conversations of ws."""
    room.describe(f"Client: {ws_version()}: node --tls-keylog=FILE; new WebSocket(url, {{ minVersion, maxVersion, ciphers, "
              "session }); a text, its answer, close(1000).")  # fmt: skip
    await finish(await room.start("node", f"--tls-keylog={room.folder / 'keys'}", "tls_client.cjs", str(FIRST), ",".join(said)), 60)


async def python_client(room, program: str, said: list[str]) -> None:
    """The conversations of tls_python.py, which writes its key log to SSLKEYLOGFILE."""
    how = {
        "websockets": "SSLContext with keylog_filename, set_ciphers(), wrap_socket(session=…); sync connect(sock=…)",
        "curl": "Session.ws_connect() with SSLKEYLOGFILE; CURLOPT_SSLVERSION, CURLOPT_SSL_CIPHER_LIST",
    }[program]
    version = python_package("websockets", "websockets")() if program == "websockets" else curl_version()
    room.describe(f"Client: {version}: {how}; a text, its answer, a Close with 1000.")
    room.environment["SSLKEYLOGFILE"] = str(room.folder / "keys")
    await finish(await room.start(sys.executable, "tls_python.py", program, str(FIRST), ",".join(said)), 60)


def curl_version() -> str:
    """The versions of curl_cffi and of its libcurl."""
    words = "import curl_cffi; print(curl_cffi.__version__, curl_cffi.__curl_version__)"
    package, _, libcurl = output_of(sys.executable, "-c", words).strip().partition(" ")
    return f"curl_cffi {package} ({libcurl.split(' ')[0]}, {libcurl.split(' ')[1]})"


async def browse(room, browser: str, url: str, seconds=60.0) -> None:
    """Opens a page of tls_page.html, which reports to port 8999 when it is done."""
    over = asyncio.Event()

    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        writer.close()
        over.set()

    listener = await asyncio.start_server(answer, "127.0.0.1", 8999)
    room.environment["SSLKEYLOGFILE"] = str(room.folder / "keys")
    profile = room.folder / "profile"
    profile.mkdir()
    if browser == "chromium":
        room.describe(f"Client: {chromium_version()} --headless --ignore-certificate-errors with SSLKEYLOGFILE: the page tls_page.html.")
        process = await room.start(
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--ignore-certificate-errors", "--no-first-run",
            "--disable-background-networking", f"--user-data-dir={profile}", url,
        )  # fmt: skip
    else:
        version = first_match(r"Firefox ([0-9.]+)", output_of("firefox-esr", "--version"))
        room.describe(f"Client: Firefox {version} (Debian package firefox-esr) --headless --marionette, acceptInsecureCerts, with "
                  "SSLKEYLOGFILE: the page tls_page.html.")  # fmt: skip
        (profile / "user.js").write_text('user_pref("network.captive-portal-service.enabled", false);\n')
        process = await room.start(sys.executable, "marionette.py", str(profile), str(seconds), url)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(over.wait(), seconds)
    await asyncio.sleep(0.5)
    await room.end(process)
    listener.close()


def page(room, said: list[str]) -> str:
    """The page's URL."""
    return f"{(room.here / 'tls_page.html').as_uri()}#{','.join(urls(said))}"


def keep(room) -> None:
    """Keeps the key log together with the capture."""
    shutil.copy(room.folder / "keys", room.keys)


def between(name: str, about: str, said: list[str], serve, speak) -> None:
    """Registers the conversations of a client with a server or proxy, one per suite."""

    async def make(room):
        await prepare(room)
        await serve(room, said)
        async with room.capture(only=TLS_PORTS):
            await speak(room, said)
        describe_suites(room, said)
        keep(room)

    make.__doc__ = about
    programs(name, said)(make)


for browser, shown, proxy, serve in (
    ("chromium", "Chromium", "nginx", behind_nginx), ("firefox", "Firefox", "haproxy", behind_haproxy),
):  # fmt: skip
    for digits, said in (("12", talks("1.2", BROWSER_12)), ("13", talks("1.3", SUITES_13))):
        between(
            f"{browser}--{proxy}.{digits}", f"{shown} through a proxy that ends TLS 1.{digits[1]}, with each suite in common.",
            said, serve, lambda room, said, browser=browser: browse(room, browser, page(room, said)),
        )  # fmt: skip
for digits, said in (("12", talks("1.2", SUITES_12)), ("13", talks("1.3", SUITES_13 + RARE_13))):
    between(f"node--node.{digits}", f"ws on both ends, TLS 1.{digits[1]}, a session resumed.", said, by_node, node_client)
between(
    "node--haproxy", "ws through HAProxy, both versions, a session of each resumed.",
    talks("1.2", SUITES_12[:2]) + talks("1.3", SUITES_13[:2]), behind_haproxy, node_client,
)  # fmt: skip
between(
    "websockets--nginx", "Python websockets through nginx, TLS 1.2 with each suite, TLS 1.3, sessions resumed.",
    talks("1.2", SUITES_12[:8] + RARE_12) + talks("1.3", SUITES_13[1:2]),
    behind_nginx, lambda room, said: python_client(room, "websockets", said),
)  # fmt: skip
between(
    "curl--nginx", "libcurl through nginx, both versions.", talks("1.2", BROWSER_12[:3]) + talks("1.3", SUITES_13),
    behind_nginx, lambda room, said: python_client(room, "curl", said),
)  # fmt: skip


def with_java(name: str, said: list[str]) -> None:
    """Registers the conversations of Java, which writes no key log, so the server's is used."""

    async def serve(room, said):
        await by_node(room, said, str(room.folder / "keys"))

    async def speak(room, said):
        room.describe(f"Client: {java_version()}, HttpClient with its own choice of suites; the key log is the server's "
                  "('keylog' event), as Java has no option to write one.")  # fmt: skip
        await finish(await room.start("java", "TLSClient.java", *urls(said)), 60)

    between(name, "java.net.http with a Node server that takes one suite on each port.", said, serve, speak)


with_java("java--node.12", talks("1.2", SUITES_12))
with_java("java--node.13", talks("1.3", SUITES_13))


def over_http2(browser: str, shown: str) -> None:
    """Registers a browser that uses HTTP/2 by itself: its page comes from the same server, so there is a connection already."""

    async def make(room):
        await certificates(room)
        both = room.folder / "both.pem"
        both.write_text((room.folder / "ec-key.pem").read_text() + (room.folder / "ec.pem").read_text())
        await room.start("node", "h2_server.mjs", str(FIRST), str(both))
        await asyncio.sleep(1)
        async with room.capture(only=TLS_PORTS):
            await browse(room, browser, f"https://127.0.0.1:{FIRST}/talk")
        room.describe(f"Server: Node {output_of('node', '--version').strip()}: http2 with enableConnectProtocol; the page is its own.")
        keep(room)

    make.__doc__ = f"{shown} has its page over HTTP/2 and opens a WebSocket on a stream of that connection (RFC 8441)."
    programs(f"{browser}.http2", ["one"], opening="http2")(make)


over_http2("chromium", "Chromium")
over_http2("firefox", "Firefox")


@programs("openssl--nginx.key-update", ["one"])
async def key_update_nginx(room):
    """A client that updates its keys, and asks nginx to update its own."""
    from raw_client import CLOSE, TEXT, close_frame, frame

    await prepare(room)
    await behind_nginx(room, ["1.3:TLS_AES_256_GCM_SHA384"])
    request = (
        b"GET /chat HTTP/1.1\r\nHost: tls.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    async with room.capture(only=TLS_PORTS):
        talk = Talk(room, FIRST, "ec")
        await talk.connect("-tls1_3", quiet=False)
        for data in (request, frame(TEXT, b"before"), b"k\n", frame(TEXT, b"after one update"), b"K\n",
                     frame(TEXT, b"after both"), close_frame(1000)):  # fmt: skip
            await talk.say("client", data)
        assert CLOSE == 8
        talk.client.stdin.close()
        await asyncio.sleep(0.5)
    room.describe(f"Client: {output_of('openssl', 'version').strip()}: s_client, its commands k and K.")
    keep(room)
