"""WebSocket conversations of a capture, found independently of the product, as the basis of the notes' expectations.

    python dissect.py [--middle SKIPPED_BY_CLIENT,SKIPPED_BY_SERVER] [--max-message N] FILE

prints the frames in the format of `wsframes inspect --format jsonl` (with fewer keys), so that `agree-with-tshark` can check
it as well. Needs no package.
"""

import argparse
import json
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import tls
from gaps import JudgeWithHoles
from packets import Packet, read
from streams import Connection, Direction, connections

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Recording"))

from judge import OPCODE_NAMES, Verdict, agreed_extensions, agrees_to_deflate, inflater_of, judge

PREVIEW = 125


@dataclass
class Stream:
    """What one endpoint sent after the handshake."""

    sender: str
    direction: Direction
    start: int  # bytes of the direction before it
    verdict: Verdict

    @property
    def content(self) -> bytes:
        """The bytes of the stream."""
        return self.direction.stream[self.start :]

    def packet_of(self, offset: int) -> int:
        """The packet that brought a byte."""
        places = self.direction.packets[self.start :]
        return places[min(offset, len(places) - 1)]


@dataclass
class Conversation:
    """A WebSocket conversation, or an upgrade that was refused."""

    opening: str  # upgrade, middle, refused
    client: tuple[str, int]
    server: tuple[str, int]
    target: str | None = None
    status: int | None = None
    deflate: bool | None = None
    packet: int = 0
    streams: list[Stream] = field(default_factory=list)


def head_end(stream: bytes, at: int) -> int | None:
    """Where the HTTP head that begins at `at` ends; None if it is incomplete."""
    end = stream.find(b"\r\n\r\n", at)
    return None if end < 0 else end + 4


def field_of(head: bytes, name: bytes) -> bytes:
    """A header field's value, in lower case."""
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.strip().lower() == name:
            return value.strip().lower()
    return b""


def body_end(stream: bytes, head: bytes, at: int) -> int:
    """Where the response body that begins at `at` ends."""
    status = int(head.split()[1])
    if status in (204, 304) or status < 200:
        return at
    if field_of(head, b"transfer-encoding") == b"chunked":
        end = stream.find(b"0\r\n\r\n", at)
        return len(stream) if end < 0 else end + 5
    size = field_of(head, b"content-length")
    return min(len(stream), at + int(size)) if size.isdigit() else len(stream)


def handshakes(connection: Connection):
    """The upgrades of a connection: client, server, both heads and where both end."""
    for client, server in (connection.sides, connection.sides[::-1]):
        asked = answered = 0
        if client.stream.startswith(b"PROXY "):
            asked = client.stream.find(b"\r\n") + 2
        elif client.stream.startswith(b"\r\n\r\n\x00\r\nQUIT\n"):
            asked = 16 + int.from_bytes(client.stream[14:16], "big")
        while client.stream[asked : asked + 4] == b"GET ":
            asked_end, answered_end = head_end(client.stream, asked), head_end(server.stream, answered)
            if asked_end is None or answered_end is None:
                return
            request, response = client.stream[asked:asked_end], server.stream[answered:answered_end]
            packet = server.packets[answered_end - 1]
            # A proxy may have removed the Upgrade, but the key still shows the intention.
            if field_of(request, b"upgrade") == b"websocket" or field_of(request, b"sec-websocket-key"):
                yield client, server, request, response, asked_end, answered_end, packet
            if response.split()[1] == b"101":
                return
            asked, answered = asked_end, body_end(server.stream, response, answered_end)


def conversations(
    packets: list[Packet],
    middle: tuple[int, int] | None = None,
    limits: dict | None = None,
    opened: list[Connection] | None = None,
) -> list[Conversation]:
    """The conversations, ordered by the responses to their handshakes; `opened` has the connections whose TLS was
    decrypted."""
    found = []
    limits = limits or {}
    for connection in opened or connections(packets)[0]:
        talks = list(handshakes(connection))
        for client, server, request, response, asked, answered, packet in talks:
            status = int(response.split()[1])
            talk = Conversation(
                ("http2" if connection.http2 else "upgrade") if status == 101 else "refused", client.address, server.address
            )
            talk.target, talk.packet = request.split()[1].decode(), packet
            if status == 101:
                talk.deflate = agrees_to_deflate(response)
                unknown = bool(agreed_extensions(response) - {b"permessage-deflate"})
                for sender, side, start in (("client", client, asked), ("server", server, answered)):
                    stream = side.stream[start:]
                    if any(hole.stop > start for hole in side.holes):
                        # Nothing is inflated across missing bytes.
                        holes = [range(hole.start - start, hole.stop - start) for hole in side.holes]
                        verdict = JudgeWithHoles(stream, side.packets[start:], holes, sender, talk.deflate, unknown=unknown, **limits).run()
                    else:
                        inflater = None if side.gap else inflater_of(sender, response)
                        verdict = judge(stream, sender, talk.deflate, unknown=unknown, inflater=inflater, **limits)
                    talk.streams.append(Stream(sender, side, start, verdict))
            else:
                talk.status = status
            found.append(talk)
        if middle is not None and not talks:
            found.append(from_the_middle(connection, middle, limits))
    return sorted(found, key=lambda talk: talk.packet)


def from_the_middle(connection: Connection, middle: tuple[int, int], limits: dict) -> Conversation:
    """A conversation whose handshake was not captured; `middle` says where its first frames begin."""
    one, other = connection.sides
    for client, server in ((one, other), (other, one)):
        verdicts = [
            judge(client.stream[middle[0] :], "client", True, **limits),
            judge(server.stream[middle[1] :], "server", True, **limits),
        ]
        if all(verdict.violation is None or verdict.frames for verdict in verdicts):
            break
    talk = Conversation("middle", client.address, server.address)
    talk.packet = min(segment.number for side in connection.sides for segment in side.segments)
    talk.streams = [
        Stream(sender, side, start, verdict)
        for sender, side, start, verdict in zip(("client", "server"), (client, server), middle, verdicts, strict=True)
    ]
    return talk


def frames(stream: Stream):
    """Every complete frame of a stream, up to its first violation."""
    content, at = stream.content, 0
    for index in range(stream.verdict.frames):
        first, second = content[at], content[at + 1]
        length, begin = second & 0x7F, at + 2
        if length > 125:
            size = 2 if length == 126 else 8
            length, begin = int.from_bytes(content[begin : begin + size], "big"), begin + size
        key = bytes(4)
        if second & 0x80:
            key, begin = content[begin : begin + 4], begin + 4
        shown = content[begin : begin + min(length, PREVIEW)]
        yield {
            "type": "frame",
            "sender": stream.sender,
            "frame": index,
            "offset": at,
            "packet": stream.packet_of(at),
            "fin": bool(first & 0x80),
            "rsv": first >> 4 & 7,
            "opcode": OPCODE_NAMES[first & 15],
            "opcodeValue": first & 15,
            "masked": bool(second & 0x80),
            "length": length,
            "headerLength": begin - at,
            "header": content[at:begin].hex(),
            "payload": bytes(byte ^ key[i % 4] for i, byte in enumerate(shown)).hex(),
        }
        at = begin + length


def moment(nanoseconds: int | None) -> str | None:
    """A time in ISO 8601."""
    if nanoseconds is None:
        return None
    return f"{datetime.fromtimestamp(nanoseconds // 10**9, UTC):%Y-%m-%dT%H:%M:%S}.{nanoseconds % 10**9 // 1000:06}Z"


def main() -> None:
    """Prints the frames of a file, both directions in the order of their packets."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--middle", type=lambda text: tuple(int(part) for part in text.split(",")))
    parser.add_argument("--max-message", type=int)
    parser.add_argument("--keylog", type=Path)
    parser.add_argument("file")
    options = parser.parse_args()
    packets, _ = read(options.file)
    limits = {} if options.max_message is None else {"max_message": options.max_message}
    for index, talk in enumerate(conversations(packets, options.middle, limits, tls.opened(options.file, packets, options.keylog))):
        every = [frame for stream in talk.streams for frame in frames(stream)]
        for frame in sorted(every, key=lambda frame: frame["packet"]):
            time = moment(packets[frame["packet"] - 1].time)
            print(json.dumps({"source": options.file, "connection": index, "time": time, **frame}))


if __name__ == "__main__":
    main()
