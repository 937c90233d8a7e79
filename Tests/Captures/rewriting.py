"""Changes captures: other link layers; segments lost, duplicated, cut or reordered. Needs no package."""

import random
import struct

import links
import packets as formats
from packets import ETHERNET, IPV4_ONLY, IPV6_ONLY, LOOP, NULL, RAW, SLL, SLL2, Packet

MACS = bytes.fromhex("02000000000b02000000000a")
LINKS = {
    "ethernet": ETHERNET,
    "null": NULL,
    "loop": LOOP,
    "raw": RAW,
    "ipv4": IPV4_ONLY,
    "ipv6": IPV6_ONLY,
    "sll": SLL,
    "sll2": SLL2,
}


def ip_of(packet: Packet) -> bytes:
    """The IP packet in a packet."""
    start = links.network_start(packet)
    assert start is not None, "not an IP packet"
    return packet.data[start:]


def with_ip(packet: Packet, ip: bytes) -> Packet:
    """The packet with another IP packet in it."""
    start = links.network_start(packet)
    return packet.with_data(packet.data[:start] + ip)


def to_link(packet: Packet, link: int, tags: tuple[int, ...] = (), null_order="<", null_six=30) -> Packet:
    """The IP packet in another link layer; `tags` are VLAN identifiers, outermost first."""
    ip = ip_of(packet)
    six = ip[0] >> 4 == 6
    kind = b"\x86\xdd" if six else b"\x08\x00"
    if link == ETHERNET:
        head = MACS
        for index, tag in enumerate(tags):
            outer = b"\x88\xa8" if index + 1 < len(tags) else b"\x81\x00"
            head += outer + struct.pack(">H", tag)
        head += kind
    elif link == NULL:
        head = struct.pack(null_order + "I", null_six if six else 2)
    elif link == LOOP:
        head = struct.pack(">I", null_six if six else 2)
    elif link == SLL:
        head = struct.pack(">HHH8s", 0, 1, 6, MACS[:6]) + kind
    elif link == SLL2:
        head = kind + struct.pack(">HIHBB8s", 0, 2, 1, 0, 6, MACS[:6])
    else:
        head = b""
    return packet.with_data(head + ip, link)


def padded(packet: Packet, check_sequence: bytes = b"\xfc\x05\xaa\x55") -> Packet:
    """An Ethernet frame padded to 60 bytes, with a frame check sequence after it."""
    data = packet.data + b"\xe5" * max(0, 60 - len(packet.data)) + check_sequence
    return Packet(packet.time, data, len(data), packet.link)


def checksum(data: bytes) -> int:
    """The Internet checksum."""
    total = sum(struct.unpack(f">{len(data) // 2}H", data[: len(data) & ~1]))
    if len(data) & 1:
        total += data[-1] << 8
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def sealed(ip: bytes) -> bytes:
    """An IP packet with correct lengths and checksums, including those of its TCP segment."""
    six = ip[0] >> 4 == 6
    at = links.transport(ip, 0)[2]
    if six:
        ip = ip[:4] + struct.pack(">H", len(ip) - 40) + ip[6:]
        pseudo = ip[8:40] + struct.pack(">II", len(ip) - at, 6)
    else:
        head = ip[:2] + struct.pack(">H", len(ip)) + ip[4:10] + b"\0\0" + ip[12:at]
        ip = head[:10] + struct.pack(">H", checksum(head)) + head[12:] + ip[at:]
        pseudo = ip[12:20] + struct.pack(">HH", 6, len(ip) - at)
    segment = ip[at : at + 16] + b"\0\0" + ip[at + 18 :]
    segment = segment[:16] + struct.pack(">H", checksum(pseudo + segment)) + segment[18:]
    return ip[:at] + segment


def parts(packet: Packet) -> tuple[bytes, bytes, bytes]:
    """IP header, TCP header and payload of a complete packet."""
    ip = ip_of(packet)
    _, _, at, end = links.transport(ip, 0)
    payload_at = at + (ip[at + 12] >> 4) * 4
    return ip[:at], ip[at:payload_at], ip[payload_at:end]


def with_segment(packet: Packet, sequence: int, payload: bytes, flags: int | None = None) -> Packet:
    """The packet with another sequence number and payload."""
    head, tcp, _ = parts(packet)
    tcp = tcp[:4] + struct.pack(">I", sequence & 0xFFFFFFFF) + tcp[8:]
    if flags is not None:
        tcp = tcp[:13] + bytes([flags]) + tcp[14:]
    return with_ip(packet, sealed(head + tcp + payload))


def shift_sequences(packets: list[Packet], beginning: int) -> list[Packet]:
    """The same connection with both initial sequence numbers moved, the first segment's to `beginning`."""
    first = links.segment(packets[0], 1)
    step = beginning - first.sequence
    moved = []
    for packet in packets:
        head, tcp, payload = parts(packet)
        sequence, acknowledged = struct.unpack_from(">II", tcp, 4)
        acknowledged = acknowledged + step if tcp[13] & links.ACK else acknowledged
        numbers = struct.pack(">II", sequence + step & 0xFFFFFFFF, acknowledged & 0xFFFFFFFF)
        tcp = without_selective_acknowledgements(tcp[:4] + numbers + tcp[12:])
        moved.append(with_ip(packet, sealed(head + tcp + payload)))
    return moved


def without_selective_acknowledgements(tcp: bytes) -> bytes:
    """A TCP header whose SACK blocks are replaced by no-operations."""
    options, at = bytearray(tcp[20:]), 0
    while at < len(options) and options[at]:
        if options[at] == 1:
            at += 1
            continue
        size = max(2, options[at + 1])
        if options[at] == 5:
            options[at : at + size] = b"\x01" * size
        at += size
    return tcp[:20] + bytes(options)


def with_ip_options(packet: Packet) -> Packet:
    """IPv4: a Router Alert and no-operations in the header. IPv6: hop-by-hop and destination options."""
    ip = ip_of(packet)
    if ip[0] >> 4 == 4:
        assert ip[0] & 15 == 5
        ip = bytes([0x47]) + ip[1:20] + bytes.fromhex("9404000001010100") + ip[20:]
    else:
        following = ip[6]
        hop = bytes([60, 0]) + bytes.fromhex("050200000100")
        destination = bytes([following, 1]) + bytes.fromhex("010c") + bytes(12)
        ip = ip[:6] + b"\x00" + ip[7:40] + hop + destination + ip[40:]
    return with_ip(packet, sealed(ip))


def overlapping(packets: list[Packet], size: int, overlap: int) -> list[Packet]:
    """Segments cut into pieces of `size` bytes, each of which repeats the last `overlap` bytes of the previous one."""
    cut = []
    for packet in packets:
        seen = links.segment(packet, 1)
        if len(seen.payload) <= size:
            cut.append(packet)
            continue
        at = 0
        while at < len(seen.payload):
            begin = max(0, at - overlap)
            last = at + size >= len(seen.payload)
            flags = seen.flags & 0xFF if last else seen.flags & 0xFF & ~(links.FIN | 8)
            cut.append(with_segment(packet, seen.sequence + begin, seen.payload[begin : at + size], flags))
            at += size
    return cut


def shuffled(packets: list[Packet], seed: int) -> list[Packet]:
    """Shuffles packets that one side sends in a row, but keeps the times in order."""
    dice, order, burst = random.Random(seed), [], []
    for packet in packets:
        seen = links.segment(packet, 1)
        before = links.segment(burst[-1], 1) if burst else None
        if before and (before.source != seen.source or not seen.payload or not before.payload):
            dice.shuffle(burst)
            order, burst = order + burst, []
        burst.append(packet)
    return retimed(order + burst, packets)


def retimed(order: list[Packet], like: list[Packet]) -> list[Packet]:
    """Packets with the times of others."""
    return [Packet(o.time, p.data, p.length, p.link) for p, o in zip(order, like, strict=True)]


def doubled(packets: list[Packet]) -> list[Packet]:
    """Every packet twice."""
    return [twin for packet in packets for twin in (packet, packet)]


def snapped(packet: Packet, size: int) -> Packet:
    """A packet truncated by a snap length."""
    return Packet(packet.time, packet.data[:size], packet.length, packet.link)


def many_blocks(packets: list[Packet]) -> bytes:
    """A pcapng file with every kind of block: two sections with different byte orders, several interfaces, packets in
    enhanced, obsolete and simple blocks, names, statistics, and unknown blocks."""
    half, order, out = len(packets) // 2, "<", b""
    for number, part in enumerate((packets[:half], packets[half:])):
        order = "<>"[number]
        out += formats.section(order) + formats.interface(ETHERNET, order, 6)
        out += formats.interface(SLL2, order, 9) + formats.block(order, 0x0BAD0001, b"nobody knows this block")
        out += formats.interface(RAW, order, None)
        for index, packet in enumerate(part):
            if index % 4 == 3 and number:
                out += formats.simple(to_link(packet, ETHERNET), order)
            elif index % 4 == 2:
                out += formats.obsolete(to_link(packet, RAW), 2, order, 1000)
            elif index % 4 == 1:
                out += formats.enhanced(to_link(packet, SLL2), 1, order, 1)
            else:
                out += formats.enhanced(to_link(packet, ETHERNET), 0, order, 1000)
        names = b"\x00\x01\x00\x0e" if order == ">" else b"\x01\x00\x0e\x00"
        out += formats.block(order, formats.NAMES, names + bytes([127, 0, 0, 1]) + b"localhost\0\0\0" + bytes(4))
        out += formats.block(order, 5, struct.pack(order + "III", 0, 0, 0))
    return out
