"""Captures rewritten from recorded ones, for what cannot be recorded on a loopback or a veth pair."""

import links
import packets as formats
import rewriting as change
from dissect import conversations, frames
from notes import Known, Talk
from packets import read
from registry_of_captures import CAPTURES, Capture
from streams import connections

ECHO, ECHO_SIX = "plain/websockets--node-ws.echo.pcap", "plain/aiohttp--websockets.ipv6.pcap"
GROWING = "plain/websockets--websockets.growing.pcap"
LONG, DEFLATE = "plain/node-ws--uvicorn.lengths.pcap", "plain/websockets--tornado.deflate.pcap"
GOOD = Known([Talk()])


def rewritten(name: str, source: str, about: str, known: Known, keep="pcap"):
    """Registers a function `write(file, packets)` that writes a capture from another one's packets."""

    def register(write):
        async def make(room):
            room.describe(f"Made from {source} by rewriting.")
            write(room.file, read(room.captures / source)[0])

        CAPTURES[name] = Capture(name, make, known, about, keep)
        return write

    return register


def each(name: str, source: str, about: str, function, known: Known = GOOD, **how) -> None:
    """Registers a capture in which every packet is changed in the same way."""

    @rewritten(name, source, about, known)
    def write(file, packets):
        formats.write_pcap(file, [function(packet) for packet in packets], **how)


def whole(name: str, source: str, about: str, function, known: Known = GOOD, **how) -> None:
    """Registers a capture whose list of packets is changed."""

    @rewritten(name, source, about, known)
    def write(file, packets):
        formats.write_pcap(file, function(packets), **how)


def onto(link: int, **how):
    """A function that moves a packet to another link layer."""
    return lambda packet: change.to_link(packet, link, **how)


each("links/vlan", ECHO, "Ethernet with a VLAN tag (802.1Q).", onto(formats.ETHERNET, tags=(42,)))
each("links/vlan-twice.ipv6", ECHO_SIX, "Two VLAN tags (802.1ad).", onto(formats.ETHERNET, tags=(7, 42)))
each("links/raw", ECHO, "Raw IP (LINKTYPE_RAW), as of a tunnel.", onto(formats.RAW))
each("links/raw-ipv4", ECHO, "Raw IPv4 (LINKTYPE_IPV4).", onto(formats.IPV4_ONLY))
each("links/raw-ipv6", ECHO_SIX, "Raw IPv6 (LINKTYPE_IPV6).", onto(formats.IPV6_ONLY))
each("links/null", ECHO, "BSD loopback (LINKTYPE_NULL) of a little-endian host.", onto(formats.NULL))
each("links/null.macos-ipv6", ECHO_SIX, "BSD loopback, IPv6 as macOS numbers it (30).", onto(formats.NULL))
each(
    "links/null.freebsd-ipv6",
    ECHO_SIX,
    "BSD loopback, IPv6 as FreeBSD numbers it (28), of a big-endian host.",
    onto(formats.NULL, null_order=">", null_six=28),
    order=">",
)
each("links/loop.openbsd-ipv6", ECHO_SIX, "OpenBSD loopback (LINKTYPE_LOOP), 24.", onto(formats.LOOP, null_six=24))
each(
    "links/ethernet-padded",
    ECHO,
    "Ethernet frames padded to 60 bytes, and a frame check sequence after: neither is payload.",
    lambda packet: change.padded(change.to_link(packet, formats.ETHERNET)),
)
each("links/ipv4-options", ECHO, "Options in the IPv4 header.", change.with_ip_options)
each("links/ipv6-extension-headers", ECHO_SIX, "Hop-by-hop and destination options.", change.with_ip_options)
each("links/big-endian", ECHO, "A capture of a big-endian host.", lambda packet: packet, order=">")
each("links/big-endian-nano", ECHO, "The same, in nanoseconds.", lambda packet: packet, order=">", nano=True)


@rewritten("links/pcapng-blocks", LONG, "Every kind of pcapng block.", GOOD, keep="pcapng")
def every_block(file, packets):
    """Two sections of either byte order, three interfaces of different link layers in each."""
    file.write_bytes(change.many_blocks(packets))


@rewritten("links/pcapng-big-endian", DEFLATE, "A big-endian pcapng file in microseconds.", GOOD, keep="pcapng")
def big_endian(file, packets):
    """One section, no time resolution given."""
    formats.write_pcapng(file, packets, ">", None)


whole(
    "tcp/wrapped-sequence",
    LONG,
    "The sequence numbers wrap in the middle of the client's third frame.",
    lambda packets: change.shift_sequences(packets, 0xFFFFFFFF - 260),
)
whole(
    "tcp/overlapping",
    LONG,
    "Segments of 40 bytes, each of which repeats the last 13 of the one before.",
    lambda packets: change.overlapping(packets, 40, 13),
)
whole(
    "tcp/out-of-order",
    LONG,
    "Segments of 40 bytes, those of each message and of either handshake mixed.",
    lambda packets: reordered(packets),
)
whole("tcp/every-packet-twice.same", ECHO, "Every packet is there twice in a row.", change.doubled)


def reordered(packets):
    """Cut into small pieces, and shuffled."""
    pieces = change.overlapping(packets, 40, 0)
    return change.shuffled(pieces, 5)


def without(*numbers):
    """A function that drops packets by their numbers, from 1."""
    return lambda packets: [packet for number, packet in enumerate(packets, 1) if number not in numbers]


def data_packet(packets, side: int, index: int) -> int:
    """The number of the packet with a side's nth data segment, counted from 0."""
    direction = connections(packets)[0][0].sides[side]
    return [segment.number for segment in direction.segments if segment.payload][index]


def lose(side: int, index: int):
    """A function that drops a side's nth data segment."""
    return lambda packets: without(data_packet(packets, side, index))(packets)


whole(
    "tcp/gap.client",
    LONG,
    "A packet with a frame of the client was not captured: what follows it is judged again.",
    lose(0, 3),
    Known([Talk(gap={"client": "not-captured"})]),
)
whole(
    "tcp/gap.server",
    ECHO,
    "A packet with a frame of the server was not captured.",
    lose(1, 2),
    Known([Talk(gap={"server": "not-captured"})]),
)
whole(
    "tcp/gap.deflate",
    DEFLATE,
    "The packet with the server's first compressed message was not captured: the ones after it refer to it, and are judged "
    "without being inflated.",
    lose(1, 1),
    Known([Talk(gap={"server": "not-captured"})]),
)
whole(
    "tcp/no-syn",
    ECHO,
    "The capture begins after the SYNs, before the HTTP request.",
    lambda packets: packets[3:],
)
whole(
    "tcp/one-direction",
    ECHO,
    "Only what the client sent was captured: the response, and what was agreed on, is not known.",
    lambda packets: [p for p in packets if links.segment(p, 1).destination[1] == 8765],
    Known([], any_number=True),
)


MIDDLE = Known([Talk(notices=["start-skipped"])], middle=(0, 0))


@rewritten("tcp/middle-in-frame", GROWING, "The capture begins inside of a frame of either side.", MIDDLE)
def in_frame(file, packets):
    """Cut to pieces of 60 bytes, then cut off somewhere in the third frame of either side."""
    streams = conversations(packets)[0].streams
    pieces = change.overlapping(packets, 60, 0)
    directions = connections(pieces)[0][0].sides
    kept, skipped = set(range(len(pieces) + 1)), []
    for stream, direction in zip(streams, directions, strict=True):
        after = stream.start + [frame["offset"] for frame in frames(stream)][3]
        inside = [segment for segment in direction.segments if segment.payload]
        first = inside[0].sequence
        begin = next(s for s in inside if s.sequence - first > after - 70)
        kept -= {segment.number for segment in direction.segments if segment.number < begin.number}
        skipped.append(after - (begin.sequence - first))
    MIDDLE.middle = (skipped[0], skipped[1])
    formats.write_pcap(file, [packet for number, packet in enumerate(pieces, 1) if number in kept])


def keep_alive_byte(packets):
    """Keep-alive probes as some systems send them: with one byte of garbage that was acknowledged before."""
    changed, ended = [], False
    for packet in packets:
        seen = links.segment(packet, 1)
        changed.append(packet)
        ended = ended or bool(seen.flags & links.FIN)
        if ended or seen.flags & links.SYN or len(changed) < 5:
            continue
        changed.append(change.with_segment(packet, seen.sequence - 1, b"\x00", links.ACK))
    return changed


whole("tcp/keepalive-with-a-byte", LONG, "Keep-alive probes that carry one byte of garbage.", keep_alive_byte)


@rewritten("tcp/truncated", LONG, "The file ends in the middle of a packet.", Known([Talk(None, None)], status=3))
def truncated(file, packets):
    """Cut inside of the packet before the last five."""
    formats.write_pcap(file, packets)
    kept = sum(16 + len(packet.data) for packet in packets[:-6]) + 24
    file.write_bytes(file.read_bytes()[: kept + 40])


@rewritten("tcp/block-length-lies", LONG, "A pcapng block is said to be longer than the file.", Known(
    [Talk(None, None)], status=3), keep="pcapng")  # fmt: skip
def lying(file, packets):
    """The length of the block before the last six."""
    formats.write_pcapng(file, packets[:-6])
    place = file.stat().st_size
    formats.write_pcapng(file, packets)
    content = bytearray(file.read_bytes())
    content[place + 6] = 0x7F
    file.write_bytes(content)


@rewritten("tcp/snapped-last-byte", GROWING, "Packets cut so that the last two frames lack a byte, in pcapng.", Known(
    [Talk("complete", "complete", gap={"client": "snapped", "server": "snapped"})]
), keep="pcapng")  # fmt: skip
def snapped(file, packets):
    """The longest packets lack their last byte."""
    longest = sorted((len(packet.data) for packet in packets), reverse=True)[1]
    formats.write_pcapng(file, [change.snapped(packet, longest - 1) for packet in packets])
