"""Conversations inside TLS, each with the key log of one endpoint."""

import asyncio
import shutil

from notes import Known, Talk as Expected
from programs import output_of
from registry_of_captures import capture
from tls_talk import REQUEST, RESPONSE, Talk, certificates

SUITES_13 = (
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_AES_128_CCM_SHA256",
    "TLS_AES_128_CCM_8_SHA256",
)
AEAD_12 = (
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-ECDSA-AES128-CCM",
    "ECDHE-ECDSA-AES128-CCM8",
    "ECDHE-ECDSA-AES256-CCM",
    "ECDHE-ECDSA-AES256-CCM8",
)
AEAD_12_RSA = (
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-RSA-CHACHA20-POLY1305",
    "DHE-RSA-AES256-GCM-SHA384",
    "DHE-RSA-AES128-CCM",
    "AES128-GCM-SHA256",
    "AES256-CCM8",
)
BLOCKS_12 = (
    "ECDHE-ECDSA-AES128-SHA",
    "ECDHE-ECDSA-AES256-SHA",
    "ECDHE-ECDSA-AES128-SHA256",
    "ECDHE-ECDSA-AES256-SHA384",
)
BLOCKS_12_RSA = ("AES128-SHA", "AES256-SHA256", "DHE-RSA-AES128-SHA256", "ECDHE-RSA-AES256-SHA384")
LEVEL_0 = ":@SECLEVEL=0"


def keep_keys(room) -> None:
    """Keeps the key log together with the capture."""
    shutil.copy(room.folder / "keys", room.keys)
    room.describe(f"Both ends: {output_of('openssl', 'version').strip()}, s_client -keylogfile and s_server.")


def secured(name: str, expected: list[Expected], notices: list[str] | None = None):
    """Registers a capture with a key log."""
    return capture(f"tls/{name}", Known(expected, notices or [], keylog=f"{name}.keys"))


async def all_of(room, kind: str, version: str, option: str, suites, *more: str) -> None:
    """Records a conversation with each of the suites, one after the other."""
    await certificates(room)
    async with room.capture():
        for index, suite in enumerate(suites):
            talk = Talk(room, 8443 + index, kind)
            level = "" if option == "-ciphersuites" else LEVEL_0
            await talk.serve(version, option, suite + level, *more)
            await talk.whole(version, option, suite + level, *more)
    room.describe(f"Suites in turn, with {' '.join((version, option, *more))}: {', '.join(suites)}.")
    keep_keys(room)


@secured("openssl.suites-13", [Expected()] * len(SUITES_13))
async def suites_13(room):
    """TLS 1.3 with each of its five cipher suites."""
    await all_of(room, "ec", "-tls1_3", "-ciphersuites", SUITES_13)


@secured("openssl.aead-12", [Expected()] * len(AEAD_12))
async def aead_12(room):
    """TLS 1.2 with AEAD suites, an ECDSA certificate."""
    await all_of(room, "ec", "-tls1_2", "-cipher", AEAD_12)


@secured("openssl.aead-12-rsa", [Expected()] * len(AEAD_12_RSA))
async def aead_12_rsa(room):
    """TLS 1.2 with AEAD suites, keys exchanged by ECDHE, DHE and RSA."""
    await all_of(room, "rsa", "-tls1_2", "-cipher", AEAD_12_RSA)


@secured("openssl.blocks-12", [Expected()] * len(BLOCKS_12))
async def blocks_12(room):
    """TLS 1.2 with CBC suites, encrypt-then-MAC."""
    await all_of(room, "ec", "-tls1_2", "-cipher", BLOCKS_12)


@secured("openssl.blocks-12-mac-first", [Expected()] * len(BLOCKS_12_RSA))
async def blocks_12_mac_first(room):
    """TLS 1.2 with CBC suites, MAC-then-encrypt."""
    await all_of(room, "rsa", "-tls1_2", "-cipher", BLOCKS_12_RSA, "-no_etm")


@secured("openssl.key-update", [Expected()])
async def key_update(room):
    """TLS 1.3 whose keys are updated twice by the client, who asks for the server's update the second time."""
    await certificates(room)
    async with room.capture():
        talk = Talk(room, 8443, "ec")
        await talk.serve("-tls1_3")
        await talk.connect("-tls1_3", quiet=False)
        await talk.say("client", REQUEST)
        await talk.say("server", RESPONSE)
        await talk.exchange()
        await talk.say("client", b"k\n")
        await talk.exchange(b"after the client's update")
        await talk.say("client", b"K\n")
        await talk.exchange(b"after both updates")
        await talk.close()
    keep_keys(room)


@secured("openssl.retry", [Expected()])
async def retry(room):
    """TLS 1.3 with a HelloRetryRequest: the client's first key share is of a group that the server does not take."""
    await certificates(room)
    async with room.capture():
        talk = Talk(room, 8443, "ec")
        await talk.serve("-tls1_3", "-groups", "P-384")
        await talk.whole("-tls1_3", "-groups", "X25519:P-384")
    keep_keys(room)


@secured("openssl.resumed", [Expected(), Expected()])
async def resumed(room):
    """TLS 1.2, and the same session once more: the second handshake has no keys exchanged."""
    await certificates(room)
    session = str(room.folder / "session")
    async with room.capture():
        for option in ("-sess_out", "-sess_in"):
            talk = Talk(room, 8443 + (option == "-sess_in"), "ec")
            # A ticket is valid for one server only, unless both have the same session id context: two servers share one here.
            await talk.serve("-tls1_2", "-no_ticket", "-id_prefix", "a")
            await talk.whole("-tls1_2", option, session)
    keep_keys(room)


@secured("openssl.early-data", [Expected(), Expected()])
async def early_data(room):
    """TLS 1.3, and its session resumed with the upgrade request as 0-RTT data."""
    await certificates(room)
    session, early = str(room.folder / "session"), room.folder / "early"
    early.write_bytes(REQUEST)
    async with room.capture():
        talk = Talk(room, 8443, "ec")
        await talk.serve("-tls1_3", "-early_data", "-no_anti_replay")
        server = talk.server
        await talk.connect("-tls1_3", "-sess_out", session)
        await talk.say("client", REQUEST)
        await talk.say("server", RESPONSE)
        await talk.exchange()
        talk.client.stdin.close()
        await asyncio.sleep(0.3)
        talk.client.terminate()
        await talk.client.wait()
        await talk.connect("-tls1_3", "-sess_in", session, "-early_data", str(early))
        talk.server = server
        await talk.say("server", RESPONSE)
        await talk.exchange()
        await talk.close()
    keep_keys(room)


async def over_http2(room, url: str, streams: int, *flags: str) -> None:
    """Runs the HTTP/2 client to its end."""
    client = await room.start("node", *flags, "h2_client.mjs", url, str(streams))
    await asyncio.wait_for(client.wait(), 20)
    room.describe(f"Client: Node {output_of('node', '--version').strip()}: http2, {streams} extended CONNECTs, frames by hand.")


@secured("node.http2", [Expected(opening="http2"), Expected(refused=403), Expected(opening="http2")])
async def http2_tls(room):
    """Three WebSocket conversations on streams of one HTTP/2 connection in TLS (RFC 8441): the second one is refused,
    the third one is reset by the client."""
    await certificates(room)
    both = room.folder / "both.pem"
    both.write_text((room.folder / "ec-key.pem").read_text() + (room.folder / "ec.pem").read_text())
    await room.start("node", "h2_server.mjs", "8443", str(both))
    await asyncio.sleep(0.6)
    async with room.capture():
        await over_http2(room, "https://127.0.0.1:8443", 3, f"--tls-keylog={room.folder / 'keys'}")
    shutil.copy(room.folder / "keys", room.keys)
    room.describe("Server: the same Node: http2 with enableConnectProtocol.")


@capture("tls/node.http2-clear", Known([Expected(opening="http2")]))
async def http2_clear(room):
    """A WebSocket conversation on a stream of HTTP/2 in clear text, by prior knowledge (RFC 9113 §3.3)."""
    await room.start("node", "h2_server.mjs", "8080")
    await asyncio.sleep(0.6)
    async with room.capture():
        await over_http2(room, "http://127.0.0.1:8080", 1)
    room.describe("Server: the same Node: http2 with enableConnectProtocol.")


@secured("haproxy.http2--websockets", [Expected(), Expected(opening="http2")])
async def http2_haproxy(room):
    """HTTP/2 in TLS up to HAProxy, HTTP/1.1 in clear text after it: the two hops of one conversation."""
    await certificates(room)
    both = room.folder / "both.pem"
    both.write_text((room.folder / "ec-key.pem").read_text() + (room.folder / "ec.pem").read_text())
    await room.serve("python-websockets:echo", 8765)
    await room.haproxy("127.0.0.1:8765", bind=f"127.0.0.1:8443 ssl crt {both} alpn h2")
    async with room.capture():
        await over_http2(room, "https://127.0.0.1:8443", 1, f"--tls-keylog={room.folder / 'keys'}")
    shutil.copy(room.folder / "keys", room.keys)


@capture("tls/openssl.failed", Known([], ["tls"], keylog="openssl.failed.keys"))
async def failed(room):
    """Handshakes that fail: no suite in common; a certificate that the client does not trust, in TLS 1.2 and in TLS 1.3."""
    await certificates(room)
    async with room.capture():
        for index, (ours, theirs) in enumerate(
            (
                (("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"), ("-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-SHA")),
                (("-tls1_2",), ("-tls1_2", "-verify_return_error")),
                (("-tls1_3",), ("-tls1_3", "-verify_return_error")),
            )
        ):
            talk = Talk(room, 8443 + index, "ec")
            await talk.serve(*ours)
            await talk.connect(*theirs)
            await talk.say("client", REQUEST)
            for process in (talk.client, talk.server):
                process.stdin.close()
                if process.returncode is None:
                    process.terminate()
                await process.wait()
    keep_keys(room)


@capture("tls/openssl.renegotiated", Known([], any_number=True, keylog="openssl.renegotiated.keys", status=0))
async def renegotiated(room):
    """TLS 1.2 whose client asks for new keys after a message: what follows cannot be read, and that is said."""
    await certificates(room)
    async with room.capture():
        talk = Talk(room, 8443, "ec")
        await talk.serve("-tls1_2", "-client_renegotiation")
        await talk.connect("-tls1_2", quiet=False)
        await talk.say("client", REQUEST)
        await talk.say("server", RESPONSE)
        await talk.exchange()
        await talk.say("client", b"R\n")
        await talk.exchange(b"under new keys")
        await talk.close()
    keep_keys(room)
