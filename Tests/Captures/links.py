"""Finds the TCP segment in the bytes of a packet. Needs no package."""

import ipaddress
import struct
from dataclasses import dataclass

from packets import ETHERNET, IPV4_ONLY, IPV6_ONLY, LOOP, NULL, RAW, SLL, SLL2, Packet

VLAN_TYPES = (0x8100, 0x88A8, 0x9100)
FIN, SYN, RST, ACK = 1, 2, 4, 16


@dataclass
class Segment:
    """A TCP segment; `missing` counts payload bytes that the snap length cut off."""

    number: int
    time: int | None
    source: tuple[str, int]
    destination: tuple[str, int]
    sequence: int
    acknowledged: int
    flags: int
    payload: bytes
    missing: int


class Fragment(Exception):
    """Raised for a fragment of an IP packet, with the places of header, part and end, and the offset of the part."""


def network_start(packet: Packet) -> int | None:
    """Where the IP header begins; None if there is none."""
    data = packet.data
    if packet.link in (RAW, IPV4_ONLY, IPV6_ONLY, 12, 14):
        return 0
    if packet.link in (NULL, LOOP):
        return 4
    if packet.link == ETHERNET:
        at = 12
        while int.from_bytes(data[at : at + 2], "big") in VLAN_TYPES:
            at += 4
        kind, start = data[at : at + 2], at + 2
    elif packet.link == SLL:
        kind, start = data[14:16], 16
        if int.from_bytes(kind, "big") in VLAN_TYPES:
            kind, start = data[18:20], 20
    elif packet.link == SLL2:
        kind, start = data[0:2], 20
    else:
        return None
    return start if kind in (b"\x08\x00", b"\x86\xdd") else None


def transport(data: bytes, start: int) -> tuple[str, str, int, int] | None:
    """Addresses, where the TCP header begins and where the IP packet ends; None if it is not TCP."""
    if len(data) <= start:
        return None
    if data[start] >> 4 == 4:
        size, total = (data[start] & 15) * 4, int.from_bytes(data[start + 2 : start + 4], "big")
        fragmentation = int.from_bytes(data[start + 6 : start + 8], "big")
        if data[start + 9] != 6:
            return None
        if fragmentation & 0x3FFF:
            raise Fragment(start, start + size, start + total, (fragmentation & 0x1FFF) * 8, bool(fragmentation & 0x2000))
        source, destination = data[start + 12 : start + 16], data[start + 16 : start + 20]
        at, end = start + size, start + total
    elif data[start] >> 4 == 6:
        following, at = data[start + 6], start + 40
        end = at + int.from_bytes(data[start + 4 : start + 6], "big")
        source, destination = data[start + 8 : start + 24], data[start + 24 : start + 40]
        while following in (0, 43, 44, 60):
            if following == 44:
                raise Fragment
            following, at = data[at], at + 8 + data[at + 1] * 8
        if following != 6:
            return None
    else:
        return None
    return str(ipaddress.ip_address(source)), str(ipaddress.ip_address(destination)), at, end


def segment(packet: Packet, number: int) -> Segment | None:
    """The TCP segment of a packet; None if it has none."""
    start = network_start(packet)
    found = None if start is None else transport(packet.data, start)
    if found is None:
        return None
    source, destination, at, end = found
    if len(packet.data) < at + 20:
        return None
    from_port, to_port, sequence, acknowledged, flags = struct.unpack_from(">HHIIH", packet.data, at)
    payload_at = at + (flags >> 12) * 4
    payload = packet.data[payload_at:end]
    missing = max(0, end - payload_at - len(payload))
    return Segment(
        number,
        packet.time,
        (source, from_port),
        (destination, to_port),
        sequence,
        acknowledged,
        flags & 0x1FF,
        payload,
        missing,
    )


def whole_packet(parts: dict[bytes, list], packet: Packet, fragment: Fragment) -> Packet | None:
    """The reassembled packet once all its fragments have come; IPv4 only, without overlaps."""
    if len(fragment.args) != 5:
        return None
    start, at, end, offset, more = fragment.args
    data = packet.data
    key = data[start + 4 : start + 6] + data[start + 9 : start + 10] + data[start + 12 : start + 20]
    held = parts.setdefault(key, [])
    held.append((offset, data[at:end], more))
    held.sort()
    content, last = b"", True
    for offset, part, last in held:
        if offset != len(content):
            return None
        content += part
    if last:
        return None
    del parts[key]
    header = bytearray(data[start : start + 20])
    header[0:1], header[2:4], header[6:8] = b"\x45", struct.pack(">H", 20 + len(content)), b"\0\0"
    return packet.with_data(bytes(data[:start]) + bytes(header) + content)
