"""Reassembles TCP segments in a slow and plain way, with the whole capture in memory. Needs no package."""

from dataclasses import dataclass, field

from links import FIN, RST, SYN, Fragment, Segment, segment, whole_packet
from packets import Packet


@dataclass
class Direction:
    """What one side of a connection sent: its bytes, with zeros for missing ones, and the packet that brought each of them."""

    address: tuple[str, int]
    segments: list[Segment] = field(default_factory=list)
    stream: bytes = b""
    packets: list[int] = field(default_factory=list)
    gap: str | None = None  # why the first missing bytes are missing: not-captured or snapped
    holes: list[range] = field(default_factory=list)  # the ranges of missing bytes
    finished: bool = False
    reset: bool = False


@dataclass
class Connection:
    """A TCP connection, and whether its first SYN was captured."""

    sides: list[Direction]
    from_start: bool
    beginnings: dict[int, int] = field(default_factory=dict)  # side: sequence number of its SYN
    http2: bool = False  # whether it is a stream of HTTP/2


def connections(packets: list[Packet]) -> tuple[list[Connection], int]:
    """The connections of a capture in the order of their first segments, and the number of IP fragments in it."""
    found: list[Connection] = []
    current: dict[frozenset, Connection] = {}
    parts: dict[bytes, list] = {}
    for number, packet in enumerate(packets, 1):
        try:
            seen = segment(packet, number)
        except Fragment as fragment:
            whole = whole_packet(parts, packet, fragment)
            if whole is None:
                continue
            seen = segment(whole, number)
        if seen is None:
            continue
        ends = frozenset((seen.source, seen.destination))
        connection = current.get(ends)
        if connection is None or begins_another(connection, seen):
            connection = Connection(
                [Direction(seen.source), Direction(seen.destination)], bool(seen.flags & SYN and not seen.flags & 16)
            )
            current[ends] = connection
            found.append(connection)
        side = 0 if connection.sides[0].address == seen.source else 1
        if seen.flags & SYN:
            connection.beginnings[side] = seen.sequence
        connection.sides[side].segments.append(seen)
    for connection in found:
        for side in (0, 1):
            assemble(connection.sides[side], connection.beginnings.get(side))
    return found, sum(len(held) for held in parts.values())


def begins_another(connection: Connection, seen: Segment) -> bool:
    """Whether a segment is the SYN of a new connection between the same ports."""
    if not seen.flags & SYN or seen.flags & 16:
        return False
    side = 0 if connection.sides[0].address == seen.source else 1
    known = connection.beginnings.get(side)
    return known != seen.sequence and bool(known is not None or connection.sides[side].segments)


def assemble(direction: Direction, beginning: int | None) -> None:
    """Puts the bytes in order; the first copy of each counts."""
    segments = direction.segments
    direction.reset = any(s.flags & RST for s in segments)
    if beginning is None:
        if not segments:
            return
        first = min(segments, key=lambda s: distance(segments[0].sequence, s.sequence))
        start = first.sequence
    else:
        start = beginning + 1 & 0xFFFFFFFF
    there: dict[int, tuple[int, int]] = {}  # offset: byte, packet
    cut: set[int] = set()
    end, finish = 0, None
    for one in segments:
        at = distance(start, one.sequence) + (1 if one.flags & SYN else 0)
        if one.flags & RST:
            continue
        for index, byte in enumerate(one.payload):
            if at + index >= 0:
                there.setdefault(at + index, (byte, one.number))
        cut.update(range(at + len(one.payload), at + len(one.payload) + one.missing))
        if one.payload or one.missing:
            end = max(end, at + len(one.payload) + one.missing)
        if one.flags & FIN:
            finish = at + len(one.payload) + one.missing
    length = max(there, default=-1) + 1
    packet = 0
    for i in range(length):
        if i in there:
            packet = there[i][1]
        elif direction.holes and direction.holes[-1].stop == i:
            direction.holes[-1] = range(direction.holes[-1].start, i + 1)
        else:
            direction.holes.append(range(i, i + 1))
        direction.packets.append(packet)
    direction.stream = bytes(there[i][0] if i in there else 0 for i in range(length))
    direction.finished = finish is not None and length >= finish
    missing = direction.holes[0].start if direction.holes else length
    if missing < max(end, finish or 0):
        direction.gap = "snapped" if missing in cut else "not-captured"


def distance(start: int, sequence: int) -> int:
    """The distance from one sequence number to another, allowing for the wrap."""
    far = sequence - start & 0xFFFFFFFF
    return far - (1 << 32) if far & 0x80000000 else far
