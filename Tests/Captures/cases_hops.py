"""Both hops of a proxy that is not a tunnel, or that changes what it passes on; and conversations that resemble hops."""

import asyncio
import struct

import packets as formats
import rewriting as change
from cases_rewritten import rewritten
from links import ACK, segment
from notes import Known, Talk
from registry_of_captures import CAPTURES, Capture, capture

BOTH = [Talk(), Talk()]
DIFFER = "hops-differ"


def speaking(name: str, proxy: str, client: str, about: str, talks: list[Talk]) -> None:
    """Registers a conversation through a proxy that parses and rewrites messages, and connects to the server after accepting.

    The client is on another host: on a single one, such a proxy cannot be told from two clients that send the same.
    """

    async def make(room):
        await room.two_hosts()
        await room.serve("node-ws:echo", 8765, host="10.0.0.2", inside="server")
        await room.serve(f"python-websockets:{proxy}", 8080, host="10.0.0.2", inside="server")
        async with room.capture(interface="any", inside="server"):
            await room.run(client, "ws://10.0.0.2:8080/", inside="client")

    CAPTURES[name] = Capture(name, make, Known(talks), about)


speaking(
    "hops/speaking-proxy",
    "proxy",
    "python-websockets:echo",
    "A proxy that reads messages and writes them anew, with a key and masks of its own. Nothing differs that matters.",
    BOTH,
)
speaking(
    "hops/speaking-proxy.deflate",
    "proxy_deflate",
    "python-websockets:echo_deflate",
    "permessage-deflate between client and proxy, and none between proxy and server: inflated the messages are the same.",
    BOTH,
)
speaking(
    "hops/speaking-proxy.pings-end",
    "proxy",
    "python-websockets:texts_and_pings",
    "The proxy answers the client's pings itself.",
    [Talk(notices=[DIFFER]), Talk()],
)
speaking(
    "hops/speaking-proxy.loses-one",
    "proxy_losing",
    "python-websockets:four_texts",
    "The client's second message is not passed on.",
    [Talk(notices=[DIFFER]), Talk()],
)


@capture("hops/two-clients-alike", Known(BOTH))
async def two_clients(room):
    """Two clients say the same to one server at the same time: no proxy, though all that they send is the same."""
    await room.serve("node-ws:echo", 8765)
    async with room.capture():
        url = "ws://127.0.0.1:8765/"
        await asyncio.gather(room.run("python-websockets:echo", url), room.run("python-websockets:echo", url))


SOURCE = "proxies/nginx.echo.pcap"


def frame(payload: bytes, opcode=1, fin=True, key: bytes | None = None) -> bytes:
    """A short frame; masked if a key is given."""
    head = bytes([(0x80 if fin else 0) | opcode, (0x80 if key else 0) | len(payload)])
    if not key:
        return head + payload
    return head + key + bytes(byte ^ key[index % 4] for index, byte in enumerate(payload))


def content(payload: bytes) -> bytes:
    """The payload of a short frame."""
    if not payload[1] & 0x80:
        return payload[2:]
    return bytes(byte ^ payload[2 + index % 4] for index, byte in enumerate(payload[6:]))


def edited(packets, payloads: dict[int, bytes]):
    """Replaces payloads by packet number, and moves all later sequence numbers; a packet without payload is dropped."""
    grown: dict[tuple, int] = {}
    result = []
    for number, packet in enumerate(packets, 1):
        seen = segment(packet, number)
        mine, other = (seen.source, seen.destination), (seen.destination, seen.source)
        head, tcp, payload = change.parts(packet)
        sequence, acknowledged = struct.unpack_from(">II", tcp, 4)
        moved = struct.pack(
            ">II",
            sequence + grown.get(mine, 0) & 0xFFFFFFFF,
            acknowledged + (grown.get(other, 0) if seen.flags & ACK else 0) & 0xFFFFFFFF,
        )
        new = payloads.get(number, payload)
        grown[mine] = grown.get(mine, 0) + len(new) - len(payload)
        if payload and not new:
            continue
        tcp = change.without_selective_acknowledgements(tcp[:4] + moved + tcp[12:])
        result.append(change.with_ip(packet, change.sealed(head + tcp + new)))
    return result


KEY = b"\x5a\xc3\x17\x2e"


def made(name: str, about: str, differing: int, edit, client="complete") -> None:
    """Registers a capture made of SOURCE; `edit` takes the payloads by packet number and returns the changed ones.

    `differing` is the conversation that the notice names, `client` the state of the client's stream on the server's hop.
    """
    talks = [Talk(client), Talk()]
    talks[differing].notices.append(DIFFER)

    @rewritten(f"hops/{name}", SOURCE, about, Known(talks))
    def write(file, packets):
        payloads = {number: change.parts(packet)[2] for number, packet in enumerate(packets, 1)}
        formats.write_pcap(file, edited(packets, edit(payloads)))


# In SOURCE every frame is a packet of its own: the client's texts are 15 and 19 (16 and 20 after the proxy), its bytes 23 and
# 24; the server's answers are 17, 21 and 25 (18, 22 and 26 after the proxy). Conversation 0 is the server's hop.
made(
    "message-dropped",
    "The client's second text does not come to the server, and is not answered.",
    1,
    lambda seen: {20: b"", 21: b"", 22: b""},
)
made(
    "message-added",
    "The client gets a text that the server has not sent.",
    1,
    lambda seen: {22: seen[22] + frame(b"This page is not available in your country.")},
)
made(
    "message-cut",
    "The client's second text comes to the server with 40 of its 68 bytes.",
    1,
    lambda seen: {
        20: frame(content(seen[20])[:40], key=KEY),
        21: frame(content(seen[20])[:40]),
        22: frame(content(seen[20])[:40]),
    },
)
made(
    "messages-merged",
    "The client's texts come to the server as one.",
    1,
    lambda seen: {
        16: b"",
        17: b"",
        18: b"",
        20: frame(content(seen[16]) + content(seen[20]), key=KEY),
        21: frame(content(seen[16]) + content(seen[20])),
        22: frame(content(seen[16]) + content(seen[20])),
    },
)
made(
    "message-split",
    "The server's second text comes to the client as two.",
    1,
    lambda seen: {22: frame(content(seen[21])[:30]) + frame(content(seen[21])[30:])},
)
made(
    "message-in-fragments",
    "The client's second text comes to the server in three fragments, as a proxy may do.",
    1,
    lambda seen: {
        20: frame(content(seen[20])[:20], fin=False, key=KEY)
        + frame(content(seen[20])[20:41], 0, False, KEY)
        + frame(content(seen[20])[41:], 0, True, KEY)
    },
)
made(
    "frame-made-illegal",
    "The proxy takes the mask off the client's second text.",
    0,
    lambda seen: {20: frame(content(seen[20]))},
    "violation:unmasked-client-frame",
)
made(
    "type-changed",
    "The client's second text comes to the server as binary, and is sent back so.",
    1,
    lambda seen: {
        20: b"\x82" + seen[20][1:],
        21: b"\x82" + seen[21][1:],
        22: b"\x82" + seen[22][1:],
    },
)
