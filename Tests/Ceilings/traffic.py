"""Captures and dumps that reach a ceiling, as generators of bytes, so that none has to fit into memory or on disk."""

import pathlib
import random
import struct
import subprocess
import sys
import zlib

CAPTURES = pathlib.Path(__file__).resolve().parents[1] / "Captures"
sys.path.insert(0, str(CAPTURES))
from middle_kinds import frame, large, load  # noqa: E402

MIB = 1 << 20
ACK, SYN, FIN = large.ACK, large.SYN, large.FIN
TEXT, BINARY, PING = 1, 2, 9
KEY = b"\x12\x9b\xc7\xf1"
NOISE = random.Random(6455).randbytes(MIB)
HEADS = [(side, data) for side, _, _, _, data in large.Talk(random.Random(1)).segments[:8] if data][:2]
PCAP = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)


def client(payload, opcode=TEXT):
    """A client's frame."""
    return 0, frame(opcode, payload, KEY)


def server(payload, opcode=TEXT):
    """A server's frame."""
    return 1, frame(opcode, payload, None)


def conversation(turns, ends=True, heads=None):
    """The segments of a conversation with its handshake; without FIN unless it ends."""
    segments = large.Talk.cut((HEADS if heads is None else heads) + turns)
    return segments if ends else segments[:-3]


def next_numbers(segments):
    """The sequence numbers at which both sides continue after these segments."""
    return [max(at + len(data) + (flags & SYN) // SYN for side, at, _, flags, data in segments if side == this) for this in (0, 1)]


def after(segments, side, data, skipped=0):
    """One side sends more, of which `skipped` bytes are missing."""
    there = next_numbers(segments)
    for at in range(0, len(data), large.SEGMENT):
        yield side, there[side] + skipped + at, there[1 - side], ACK, data[at : at + large.SEGMENT]


def packets(segments, number=0, port=8080, beginning=1000):
    """The Ethernet frames of connection `number`: each has a client of its own."""
    talk = large.Talk.__new__(large.Talk)
    talk.segments, talk.PORT = segments, port
    address = bytes([10, 1 + number // 60_000 % 250, number // 240 % 250, 1 + number % 240])
    return talk.packets(address, 20_000 + number // 60_000, (beginning, beginning))


def capture(*connections, step=11):
    """A capture of these packets, one iterable after the other, with `step` microseconds between packets."""
    yield PCAP
    clock = large.START
    for connection in connections:
        for packet in connection:
            clock += step
            yield struct.pack("<IIII", clock // 1_000_000, clock % 1_000_000, len(packet), len(packet)) + packet


def summed(parts):
    """The ones' complement of the sum of 16-bit numbers (RFC 1071)."""
    data = b"".join(parts)
    total = sum(struct.unpack(f">{(len(data) + 1) // 2}H", data + bytes(len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def with_checksum(packet, breaks=0):
    """An Ethernet frame with the checksum of its TCP segment, correct or broken."""
    segment = packet[34:50] + b"\0\0" + packet[52:]
    value = summed([packet[26:34], b"\0\6", struct.pack(">H", len(segment)), segment]) ^ breaks
    return packet[:50] + struct.pack(">H", value) + packet[52:]


def ethernet(protocol, payload, number=0, fragment=0):
    """An IPv4 packet in Ethernet; `fragment` is the field with flags and offset."""
    fields = (0x45, 0, 20 + len(payload), number & 0xFFFF, fragment, 64, protocol, 0)
    sender = bytes([10, 2, number >> 24, number >> 16 & 255])
    return large.MACS + struct.pack(">BBHHHBBH4s4s", *fields, sender, large.SERVER) + payload


# TCP


def with_large_window(packet):
    """A SYN that scales windows by 2¹⁴ (RFC 7323 §2)."""
    segment = packet[34:46] + b"\x80" + packet[47:54] + b"\x03\x03\x0e\x01\x01\x01\x01\x01\x01\x01\x01\x00"
    return packet[:16] + struct.pack(">H", 20 + len(segment)) + packet[18:34] + segment


def out_of_order(number, count):
    """A connection in which one side's first bytes never come, followed by `count` bytes."""
    opening = conversation([], ends=False)
    for packet in packets(opening, number):
        yield with_large_window(packet) if packet[47] & SYN else packet
    yield from packets(after(opening, 1, NOISE * (count // MIB), skipped=100), number)


def reordered(factor):
    """A side whose first bytes never come."""
    return capture(out_of_order(0, 9 * factor * MIB))


def reordered_everywhere(factor):
    """Many sides whose first bytes never come, none of which reaches a ceiling by itself."""
    return capture(*(out_of_order(number, 7 * MIB) for number in range(10 * factor)))


def recent(factor):
    """Connections that stay open after more bytes than are kept of each for comparing copies."""
    segments = conversation([client(NOISE[:20_000], BINARY), server(NOISE[:20_000], BINARY)], ends=False)
    return capture(*(packets(segments, number) for number in range(1_100 * factor)))


def broken_checksums(factor):
    """Segments that no receiver would accept."""
    def all_packets():
        opening = conversation([client(b"hello")] * 4, ends=False)
        yield from map(with_checksum, packets(opening))
        later = list(after(opening, 0, frame(TEXT, b"a" * 1_000, KEY) * (5_000 * factor * large.SEGMENT // 1_008)))
        for packet in packets(later):
            yield with_checksum(packet, breaks=0x5555)
    return capture(all_packets())


def ip_fragments(factor):
    """The first fragments of IP packets whose other fragments never come."""
    return capture(ethernet(6, NOISE[:1_400], number, fragment=0x2000) for number in range(300 * factor))


def ip_parts(factor):
    """An IP packet in fragments that are never adjacent, over and over."""
    def all_packets():
        for number in range(factor):
            for part in range(4_000):
                yield ethernet(6, NOISE[:8], number, fragment=0x2000 | 2 * part)
    return capture(all_packets())


def tunnels(factor):
    """VXLAN in VXLAN."""
    packet = next(iter(packets(conversation([]))))
    for _ in range(9 * factor):
        packet = ethernet(17, struct.pack(">HHHHII", 4789, 4789, 16 + len(packet), 0, 0x0800_0000, 256) + packet)
    return capture([packet] * 2_000)


def connections(factor):
    """More connections at once than are followed, each with frames."""
    segments = conversation([client(b"I stay"), server(b"good")], ends=False)
    return capture(*(packets(segments, number) for number in range(70_000 * factor)))


def after_a_gap(factor):
    """Bytes are missing, and what follows contains no frame."""
    opening = conversation([server(b"hello")], ends=False)
    there = next_numbers(opening)
    data = (b"\xff" * 100_000) * factor
    rest = list(after(opening, 1, data, skipped=1_000))
    seen = [(0, there[0], there[1] + 1_000 + len(data), ACK, b"")]
    return capture(packets(opening), packets(rest), packets(seen))


def without_answer(factor):
    """A client that continues after its request, although nobody answers."""
    opening = large.Talk.cut(HEADS[:1])[:-3]
    return capture(packets(opening), packets(after(opening, 0, frame(BINARY, NOISE[:1_000], KEY) * (100 * factor))))


def from_the_middle(factor):
    """Connections whose beginning was not captured, and whose bytes are not frames."""
    data = NOISE * 2
    segments = [(side, 1 + at, 1 + at, ACK, data[at : at + large.SEGMENT]) for at in range(0, len(data), large.SEGMENT) for side in (0, 1)]
    return capture(*(packets(segments, number) for number in range(2 * factor)))


def inside_a_frame(factor):
    """A connection whose beginning was not captured, inside a very long frame."""
    data = NOISE * (20 * factor) + frame(TEXT, b"after it", None) * 20
    return capture(packets((1, 1 + at, 1, ACK, data[at : at + large.SEGMENT]) for at in range(0, len(data), large.SEGMENT)))


def long_head(factor):
    """A request with endless header fields."""
    fields = b"".join(b"X-%06d: %s\r\n" % (number, b"a" * 80) for number in range(900 * factor))
    return capture(packets(large.Talk.cut([(0, b"GET / HTTP/1.1\r\n" + fields + HEADS[0][1].split(b"\r\n", 1)[1]), HEADS[1]])))


def hpack(kind):
    """HTTP/2 header blocks that decode to as much as possible."""
    def make(factor):
        command = [sys.executable, CAPTURES / "make-hpack-bombs", "--size", str(8 * factor * MIB), kind, "/dev/stdout"]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as maker:
            while piece := maker.stdout.read(MIB):
                yield piece
    return make


def http2_streams(factor):
    """Conversations on one HTTP/2 connection, none of which ends."""
    bombs = load("make-hpack-bombs")
    first, answer = [data for _, data in list(bombs.connection(bombs.BLOCKS["plain"], 0))[:2]]
    settings = bombs.PREFACE + bombs.frame(4, 0, 0, b"\0\1\0\1\0\0")
    connect = first[len(settings) + 9 :]
    turns = [(0, settings), (1, answer[: len(answer) - 10])]
    for stream in range(1, 2 * 1_100 * factor, 2):
        turns += [(0, bombs.frame(1, 4, stream, connect)), (1, bombs.frame(1, 4, stream, b"\x88"))]
        turns += [(0, bombs.frame(0, 0, stream, frame(TEXT, b"hello", KEY)))]
    return capture(packets(large.Talk.cut(turns)[:-3], port=80))


# Conversations


def broken_at_once(factor):
    """Conversations that are all open at once, and all broken."""
    segments = conversation([client(b"one"), server(b"two"), (0, frame(TEXT, b"no mask at all", None)), *[client(b"more")] * 8], ends=False)
    return capture(*(packets(segments, number) for number in range(6_500 * factor)))


def long_after_a_violation(factor):
    """Conversations that continue for long after a violation."""
    data = frame(BINARY, NOISE[:60_000], None) * 90
    segments = conversation([(1, b"\x83\x01a"), (1, data)], ends=False)
    return capture(*(packets(segments, number) for number in range(4 * factor)))


def waiting_findings(factor):
    """A violation, followed by frames of the other side."""
    return capture(packets(conversation([(1, b"\x83\x01a"), (0, frame(TEXT, b"hello", KEY) * (10_000 * factor))])))


def beside_an_open_one(factor):
    """Frames of a second conversation while the first one has not ended."""
    first = conversation([client(b"I stay")], ends=False)
    return capture(packets(first), packets(conversation([(1, frame(TEXT, b"hello", None) * (70_000 * factor))]), 1))


def deflated(factor):
    """A compressed text that is invalid UTF-8 at its end, and inflates to much more than is examined."""
    deflater = zlib.compressobj(9, wbits=-15)
    payload = b"".join(deflater.compress(b"a" * MIB) for _ in range(10 * factor)) + deflater.compress(b"\xff")
    payload = (payload + deflater.flush(zlib.Z_SYNC_FLUSH))[:-4]
    offer = b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
    heads = [(side, data[:-2] + offer) for side, data in HEADS]
    header = struct.pack(">BBQ", 0xC1, 127, len(payload))
    return capture(packets(conversation([(1, header + payload)], heads=heads)))


def both_hops(segments, others=None):
    """A conversation on both hops of a proxy."""
    return [packets(segments, 0), packets(others or segments, 1, port=9000, beginning=9_000_000)]


def hops_of_one(factor):
    """More messages of one stream than are compared."""
    return capture(*both_hops(conversation([(1, b"".join(frame(TEXT, b"%06d" % number, None) for number in range(20_000 * factor)))])))


def hops_in_all(factor):
    """More messages of all streams than are compared."""
    segments = conversation([(1, b"\x81\x04abcd" * 16_384)])
    return capture(*(packets(segments, number) for number in range(70 * factor)))


def hops_that_differ(factor):
    """Messages that were all changed between the hops."""
    one, other = (conversation([(1, b"".join(frame(TEXT, b"%s %d" % (word, number), None) for number in range(300 * factor)))])
                  for word in (b"one", b"two"))  # fmt: skip
    return capture(*both_hops(one, other))


def pings(factor):
    """Pings that nobody answers."""
    data = b"".join(frame(PING, b"%d" % number, None) for number in range(5_000 * factor))
    return capture(packets(conversation([(1, data)])), step=2_000_000)


def long_message(factor):
    """A message of many megabytes."""
    return capture(packets(conversation([(1, frame(BINARY, NOISE * (20 * factor), None))])))


def broken_ones(factor):
    """Consecutive conversations, every second one of which is broken."""
    good = conversation([client(b"one"), server(b"two"), (0, frame(8, b"\x03\xe8", KEY)), (1, frame(8, b"\x03\xe8", None))])
    bad = conversation([client(b"one"), (0, frame(TEXT, b"no mask", None))])
    return capture(*(packets(bad if number % 2 else good, number) for number in range(5_000 * factor)))


def many_frames(factor):
    """A conversation of many short frames."""
    return capture(packets(conversation([(1, frame(TEXT, b"hello", None) * (10_000 * factor))])))
