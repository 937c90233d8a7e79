"""Effects of TCP and of capturing on a conversation."""

import asyncio
import sys

from programs import output_of

from notes import Known, Talk
from registry_of_captures import capture, conversation


def cut(name, client, server, about, known: Known, *options, **more) -> None:
    """Registers a conversation that is recorded for its segments."""
    conversation(f"tcp/{name}", client, server, about, known, *options, **more)


cut(
    "byte-by-byte",
    "raw-client:byte_by_byte",
    "raw-server:echo",
    "Every byte of the client in a segment of its own, handshake included.",
    Known([Talk()]),
)
cut(
    "many-in-one-segment",
    "raw-client:many_in_one",
    "raw-server:echo",
    "Thirty frames in one segment; another cut in the middle of its header.",
    Known([Talk()]),
)
cut(
    "same-port-twice",
    "raw-client:same_port_twice",
    "raw-server:echo",
    "A second conversation between the same two ports, the first ended by RST.",
    Known([Talk(), Talk()]),
)
cut(
    "keepalive",
    "raw-client:keepalive",
    "raw-server:echo",
    "TCP keep-alive probes, which repeat a sequence number, in a silence.",
    Known([Talk()]),
)
cut(
    "frame-behind-101",
    "raw-client:listens",
    "raw-server:frame_behind_101",
    "The server's first frames are in the segment of its 101 response.",
    Known([Talk(None)]),
)
cut(
    "401-then-101",
    "raw-client:unauthorised_then_in",
    "raw-server:asks_for_password",
    "An upgrade that is refused and one that succeeds, on one TCP connection.",
    Known([Talk(refused=401), Talk()]),
)
cut(
    "snapped-96",
    "aiohttp:echo",
    "python-websockets:echo",
    "A snap length of 96 bytes: not even the handshake is whole.",
    Known([], ["no-websocket"]),
    "-s",
    "96",
)
cut(
    "snapped-400",
    "python-websockets:slow_echo",
    "node-ws:echo",
    "A snap length of 400 bytes: the handshake and the small frames are whole, the first larger one is not.",
    Known([Talk("complete", "complete", gap={"client": "snapped", "server": "snapped"})]),
    "-s",
    "400",
)
cut(
    "capture-stops",
    "python-websockets:slow_echo",
    "python-websockets:echo",
    "The capture stops while the conversation goes on.",
    Known([Talk()]),
    "-c",
    "14",
)


@capture("tcp/middle", Known([Talk()], middle=(0, 0)))
async def middle(room):
    """The capture begins in the middle of a conversation, between two messages; no handshake."""
    await room.serve("node-ws:echo", 8765)
    talking = asyncio.ensure_future(room.run("python-websockets:slow_echo", "ws://127.0.0.1:8765/"))
    for _ in range(100):
        await asyncio.sleep(0.1)
        if "8765" in output_of("ss", "-Htn", "state", "established"):
            break
    async with room.capture():
        await talking


async def bad_wire(room, watched: str) -> None:
    """Records a conversation of two hosts over a bad cable."""
    await room.namespaces("client", "wire", "server")
    await room.cable("client", "wire", ("eth0", "eth1"))
    await room.cable("server", "wire", ("eth0", "eth2"))
    await room.address("client", "eth0", "10.0.0.1/24")
    await room.address("server", "eth0", "10.0.0.2/24")
    for name in ("eth1", "eth2"):
        await room.command("ip", "-n", "wire", "link", "set", name, "up")
    words = ("wire.py", "eth1", "eth2", "--lose", "5", "--delay", "4", "--double", "3")
    room.describe(f"Two network namespaces, joined by {' '.join(words)}; captured at the {watched}.")
    await room.start(sys.executable, *words, inside="wire")
    await room.serve("python-websockets:echo", 8765, host="10.0.0.2", inside="server")
    async with room.capture(inside=watched, interface="eth0"):
        await room.run("python-websockets:bulk", "ws://10.0.0.2:8765/", inside="client")


@capture("tcp/bad-wire.at-client", Known([Talk()]))
async def at_client(room):
    """Segments lost, late and doubled on the way: sent again, out of order, twice."""
    await bad_wire(room, "client")


@capture("tcp/bad-wire.at-server", Known([Talk()]))
async def at_server(room):
    """Segments lost, late and doubled on the way: sent again, out of order, twice."""
    await bad_wire(room, "server")


async def routed(room, *networks: int) -> None:
    """Connects two hosts through routers, with one network per MTU."""
    names = ["client", *(f"router{number}" for number in range(1, len(networks))), "server"]
    await room.namespaces(*names)
    for number, (one, other, mtu) in enumerate(zip(names, names[1:], networks, strict=False)):
        await room.cable(one, other, ("right", "left"))
        await room.address(one, "right", f"10.0.{number}.1/24", mtu=mtu)
        await room.address(other, "left", f"10.0.{number}.2/24", mtu=mtu)
    last = len(networks) - 1
    for number, name in enumerate(names):
        await room.command("ip", "netns", "exec", name, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        if number <= last - 1:
            for far in range(number + 1, last + 1):
                way = ("via", f"10.0.{number}.2")
                await room.command("ip", "-n", name, "route", "add", f"10.0.{far}.0/24", *way)
        for near in range(number - 1):
            way = ("via", f"10.0.{number - 1}.1")
            await room.command("ip", "-n", name, "route", "add", f"10.0.{near}.0/24", *way)
    await room.command("ip", "netns", "exec", "client", "sysctl", "-qw", "net.ipv4.ip_no_pmtu_disc=1")
    await room.serve("node-ws:echo", 8765, host=f"10.0.{last}.2", inside="server")


@capture("tcp/ip-fragments", Known([Talk("complete")]))
async def ip_fragments(room):
    """The client's larger packets are IP fragments: a network between has an MTU of 576, and the client does not look
    for it."""
    room.describe("Two network namespaces and two routers between them; net.ipv4.ip_no_pmtu_disc=1 at the client.")
    await routed(room, 1500, 576, 1500)
    async with room.capture(inside="server", interface="left"):
        await room.run("python-websockets:slow_echo", "ws://10.0.2.2:8765/", inside="client")


@capture("tcp/every-packet-twice", Known([Talk()]))
async def every_packet_twice(room):
    """Captured on every interface of a router, so each packet is there twice: as it came and as it left."""
    room.describe("Two network namespaces and a router between them.")
    await routed(room, 1500, 1500)
    async with room.capture(inside="router1", interface="any"):
        await room.run("node-ws:echo", "ws://10.0.1.2:8765/", inside="client")
