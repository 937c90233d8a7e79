"""Every ceiling that an input of `wsframes validate` or `inspect` can reach: what reaches it, what is reported, and what it may
cost. Those of the probe, the relay and TLS are reached by tests in Swift; eight million secrets of key logs take
1.6 GB, and are not tested."""


from collections.abc import Callable, Iterator
from dataclasses import dataclass

import inputs
import traffic

ROWS = ("validate", "--format", "jsonl")
FRAMES = ("inspect", "--format", "jsonl")


@dataclass(frozen=True)
class Ceiling:
    """One row of the table in CONTRIBUTING.

    `make` generates the input: with factor 1 it is just above the ceiling, with 10 ten times as much. `sign` is a part of the
    expected output; the limits `mebibytes` of memory and `speed`, MB read and printed per second of processor time, hold
    for both.
    """

    what: str
    make: Callable[[int], Iterator[bytes]]
    mebibytes: int
    sign: str | None = None
    arguments: tuple[str, ...] = ROWS
    statuses: tuple[int, ...] = (0,)
    speed: float = 5


CEILINGS = [
    Ceiling("bytes out of order, of one side", traffic.reordered, 30, "reorder-ceiling"),
    Ceiling("bytes out of order, in all", traffic.reordered_everywhere, 160, "reorder-ceiling"),
    Ceiling("bytes kept to compare copies", traffic.recent, 320),
    Ceiling("segments with a broken checksum", traffic.broken_checksums, 60, "broken-checksum"),
    Ceiling("IP packets in parts", traffic.ip_fragments, 60, "ip-fragments", statuses=(4,)),
    Ceiling("parts of an IP packet", traffic.ip_parts, 60, "ip-fragments", statuses=(4,)),
    Ceiling("tunnels, one in the other", traffic.tunnels, 60, "unread-layer", statuses=(4,)),
    # The inflated bytes do not count: 200 for each that is read.
    Ceiling("what gzip inflates to", inputs.gzip_bomb, 60, "as a bomb", statuses=(3,), speed=0),
    Ceiling("connections followed at once", traffic.connections, 1400, "connection-ceiling"),
    Ceiling("a record of a capture file", inputs.long_record, 60, '"error"', statuses=(3,)),
    Ceiling("interfaces of a section", inputs.interfaces, 60, '"error"', statuses=(3,)),
    Ceiling("bytes after missing ones", traffic.after_a_gap, 60, "boundary-not-found"),
    Ceiling("bytes before a conversation is opened", traffic.without_answer, 60, "response-not-captured"),
    Ceiling("bytes that may be frames", traffic.from_the_middle, 60, statuses=(4,)),
    Ceiling("bytes inside a frame whose beginning is missing", traffic.inside_a_frame, 60, statuses=(4,)),
    Ceiling("an HTTP head in a capture", traffic.long_head, 60, statuses=(4,)),
    Ceiling("an HTTP head in a dump", inputs.dump_head, 60, '"error"', statuses=(3,)),
    Ceiling("fields of an HPACK block", traffic.hpack("repeat"), 60),
    Ceiling("the table of HPACK", traffic.hpack("fill"), 60),
    Ceiling("conversations of an HTTP/2 connection", traffic.http2_streams, 120, "could not be followed"),
    Ceiling("a line of hex text", inputs.long_line, 60, '"error"', statuses=(3,)),
    Ceiling("a line of an export", inputs.long_export, 60, '"error"', statuses=(3,)),
    Ceiling("bytes kept for a diagnosis, of a dump", inputs.noise_after_a_violation, 60, statuses=(1,)),
    Ceiling("bytes kept for diagnoses, in all", traffic.long_after_a_violation, 160, statuses=(1,)),
    Ceiling("frames examined for a diagnosis", inputs.frames_everywhere, 60, statuses=(1,)),
    Ceiling("violations that are diagnosed", inputs.violations, 60, arguments=(*ROWS, "--all"), statuses=(1,)),
    Ceiling("conversations that are broken at once", traffic.broken_at_once, 1400, statuses=(1,)),
    Ceiling("findings that wait for a violation", traffic.waiting_findings, 60, arguments=FRAMES, statuses=(1,)),
    Ceiling("findings that wait for their turn", traffic.beside_an_open_one, 160, arguments=FRAMES),
    Ceiling("an inflated text whose fault is explained", traffic.deflated, 60, statuses=(1,)),
    Ceiling("messages compared over a proxy, of a stream", traffic.hops_of_one, 60),
    Ceiling("messages compared over a proxy, in all", traffic.hops_in_all, 200, "hops-ceiling"),
    Ceiling("messages that differ between two hops", traffic.hops_that_differ, 60),
    Ceiling("unanswered pings", traffic.pings, 60, "ping-unanswered"),
    Ceiling("a message that is assembled", traffic.long_message, 120, arguments=(*FRAMES, "--messages")),
    Ceiling("conversations of the list at the end", traffic.broken_ones, 200, arguments=("validate",), statuses=(1,)),
    Ceiling("frames of a page", traffic.many_frames, 200, arguments=("inspect", "--format", "html")),
    Ceiling("test cases of a JUnit suite", traffic.broken_ones, 200, arguments=("validate", "--format", "junit"), statuses=(1,)),
    Ceiling("a frame, which is never kept", inputs.long_frames, 40),
]
