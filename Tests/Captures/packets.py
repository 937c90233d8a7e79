"""Reads and writes capture files: pcap and pcapng, in every byte order and time unit. Needs no package."""

import struct
from dataclasses import dataclass, replace

ETHERNET, RAW, LOOP, NULL, SLL, SLL2 = 1, 101, 108, 0, 113, 276
IPV4_ONLY, IPV6_ONLY = 228, 229
MICRO, NANO = 0xA1B2C3D4, 0xA1B23C4D
SECTION, INTERFACE, OBSOLETE_PACKET, SIMPLE_PACKET, NAMES, ENHANCED_PACKET = 0x0A0D0D0A, 1, 2, 3, 4, 6
SECRETS = 10


class Unreadable(Exception):
    """Raised if the file is not a capture, or cannot be read to its end."""


@dataclass
class Packet:
    """One packet: nanoseconds since 1970, its bytes, its length on the wire and its link layer."""

    time: int | None
    data: bytes
    length: int
    link: int

    def with_data(self, data: bytes, link: int | None = None) -> "Packet":
        """The packet with other bytes; what the snap length cut off stays cut off."""
        missing = self.length - len(self.data)
        return replace(self, data=data, length=len(data) + missing, link=self.link if link is None else link)


def read(path) -> tuple[list[Packet], str | None]:
    """The packets of a file, and what is wrong with its end, if anything."""
    with open(path, "rb") as file:
        content = file.read()
    packets: list[Packet] = []
    reader = pcapng_packets if content[:4] == b"\x0a\x0d\x0d\x0a" else pcap_packets
    try:
        for packet in reader(content):
            packets.append(packet)
    except (Unreadable, struct.error) as error:
        return packets, str(error)
    return packets, None


def pcap_packets(content: bytes):
    """The packets of a pcap file."""
    if len(content) < 24:
        raise Unreadable("no room for a file header")
    for order in "<>":
        (magic,) = struct.unpack_from(order + "I", content)
        if magic in (MICRO, NANO):
            break
    else:
        raise Unreadable("not a capture")
    unit = 1000 if magic == MICRO else 1
    (link,) = struct.unpack_from(order + "I", content, 20)
    at = 24
    while at < len(content):
        if at + 16 > len(content):
            raise Unreadable(f"a packet's header is cut at byte {at}")
        seconds, parts, captured, length = struct.unpack_from(order + "4I", content, at)
        if at + 16 + captured > len(content):
            raise Unreadable(f"a packet is cut at byte {at}")
        yield Packet(seconds * 10**9 + parts * unit, content[at + 16 : at + 16 + captured], length, link & 0xFFFF)
        at += 16 + captured


def options_of(body: bytes, order: str):
    """The options at the end of a pcapng block."""
    at = 0
    while at + 4 <= len(body):
        code, size = struct.unpack_from(order + "HH", body, at)
        if code == 0:
            return
        yield code, body[at + 4 : at + 4 + size]
        at += 4 + (size + 3 & ~3)


def blocks_of(content: bytes):
    """The blocks of a pcapng file: byte order, type, body."""
    at, order = 0, "<"
    while at < len(content):
        if at + 12 > len(content):
            raise Unreadable(f"a block's header is cut at byte {at}")
        if content[at : at + 4] == b"\x0a\x0d\x0d\x0a":
            order = "<" if content[at + 8 : at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
        kind, size = struct.unpack_from(order + "II", content, at)
        if size < 12 or size % 4 or at + size > len(content):
            raise Unreadable(f"a block is cut at byte {at}")
        yield order, kind, content[at + 8 : at + size - 4]
        at += size


def pcapng_packets(content: bytes):
    """The packets of a pcapng file."""
    interfaces: list[tuple[int, int, int]] = []
    for order, kind, body in blocks_of(content):
        if kind == SECTION:
            interfaces = []
        elif kind == INTERFACE:
            link, _, snap = struct.unpack_from(order + "HHI", body)
            units = 10**6
            for code, value in options_of(body[8:], order):
                if code == 9:
                    units = 2 ** (value[0] & 0x7F) if value[0] & 0x80 else 10 ** value[0]
            interfaces.append((link, snap, units))
        elif kind in (ENHANCED_PACKET, OBSOLETE_PACKET):
            number, high, low, captured, length = struct.unpack_from(order + "5I", body)
            if kind == OBSOLETE_PACKET:
                (number,) = struct.unpack_from(order + "H", body)
            link, _, units = interfaces[number]
            yield Packet((high << 32 | low) * 10**9 // units, body[20 : 20 + captured], length, link)
        elif kind == SIMPLE_PACKET:
            (length,) = struct.unpack_from(order + "I", body)
            link, snap, _ = interfaces[0]
            yield Packet(None, body[4 : 4 + min(length, snap or length)], length, link)


def write_pcap(path, packets: list[Packet], nano=False, order="<", snap=262144) -> None:
    """Writes a pcap file; all packets must have the same link layer."""
    unit = 1 if nano else 1000
    with open(path, "wb") as file:
        file.write(struct.pack(order + "IHHiIII", NANO if nano else MICRO, 2, 4, 0, 0, snap, packets[0].link))
        for packet in packets:
            assert packet.link == packets[0].link, "a classic capture has one link layer"
            seconds, rest = divmod(packet.time, 10**9)
            file.write(struct.pack(order + "4I", seconds, rest // unit, len(packet.data), packet.length))
            file.write(packet.data)


def block(order: str, kind: int, body: bytes) -> bytes:
    """One pcapng block."""
    body += bytes(-len(body) % 4)
    return struct.pack(order + "II", kind, len(body) + 12) + body + struct.pack(order + "I", len(body) + 12)


def section(order="<") -> bytes:
    """A section header that reveals nothing about the machine."""
    return block(order, SECTION, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))


def interface(link: int, order="<", resolution: int | None = 9, snap=0) -> bytes:
    """An interface description; without a resolution, times are in microseconds."""
    options = b"" if resolution is None else struct.pack(order + "HHB3xHH", 9, 1, resolution, 0, 0)
    return block(order, INTERFACE, struct.pack(order + "HHI", link, 0, snap) + options)


def enhanced(packet: Packet, number=0, order="<", unit=1) -> bytes:
    """An enhanced packet block; `unit` is that of the interface, in nanoseconds."""
    time = packet.time // unit
    head = struct.pack(order + "5I", number, time >> 32, time & 0xFFFFFFFF, len(packet.data), packet.length)
    return block(order, ENHANCED_PACKET, head + packet.data)


def obsolete(packet: Packet, number=0, order="<", unit=1) -> bytes:
    """An obsolete packet block."""
    time = packet.time // unit
    head = struct.pack(order + "HHIIII", number, 3, time >> 32, time & 0xFFFFFFFF, len(packet.data), packet.length)
    return block(order, OBSOLETE_PACKET, head + packet.data)


def simple(packet: Packet, order="<") -> bytes:
    """A simple packet block: no time, first interface."""
    return block(order, SIMPLE_PACKET, struct.pack(order + "I", packet.length) + packet.data)


def write_pcapng(path, packets: list[Packet], order="<", resolution: int | None = 9) -> None:
    """Writes a pcapng file with one section, and an interface for each link layer."""
    links = list(dict.fromkeys(packet.link for packet in packets))
    unit = 10 ** (9 - (6 if resolution is None else resolution))
    with open(path, "wb") as file:
        file.write(section(order))
        for link in links:
            file.write(interface(link, order, resolution))
        for packet in packets:
            file.write(enhanced(packet, links.index(packet.link), order, unit))


def without_machine(content: bytes) -> bytes:
    """Removes what a pcapng file reveals about the machine: only the time resolutions among the options are kept."""
    written = b""
    for order, kind, body in blocks_of(content):
        if kind == SECTION:
            written += section(order)
        elif kind == INTERFACE:
            link, _, snap = struct.unpack_from(order + "HHI", body)
            kept = [value[0] for code, value in options_of(body[8:], order) if code == 9]
            written += interface(link, order, kept[0] if kept else None, snap)
        elif kind in (SIMPLE_PACKET, ENHANCED_PACKET, OBSOLETE_PACKET, SECRETS):
            written += block(order, kind, body)
    return written
