"""Presents streams of HTTP/2 that an extended CONNECT opened (RFC 8441) as connections of HTTP/1.1.

Needs the package hpack; without it such connections are left unchanged.
"""

from streams import Connection, Direction

try:
    import hpack
except ImportError:
    hpack = None

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, CONTINUATION = 0, 1, 9


def split(connection: Connection) -> list[Connection]:
    """The WebSocket streams of a connection in the order of their requests; the connection itself if it is not HTTP/2."""
    client = next((side for side in connection.sides if side.stream.startswith(PREFACE)), None)
    if client is None or hpack is None:
        return [connection]
    server = connection.sides[1 - connection.sides.index(client)]
    found: dict[int, Connection] = {}
    for side, start in ((client, len(PREFACE)), (server, 0)):
        decoder = hpack.Decoder()
        block = b""
        for kind, flags, stream, payload, packets in frames(side, start):
            if kind == DATA and stream in found:
                one = found[stream].sides[0 if side is client else 1]
                begin, end = (1, len(payload) - payload[0]) if flags & 8 else (0, len(payload))
                one.stream += payload[begin:end]
                one.packets += packets[begin:end]
            elif kind in (HEADERS, CONTINUATION):
                begin = (1 if flags & 8 else 0) + (5 if flags & 32 else 0) if kind == HEADERS else 0
                end = len(payload) - (payload[0] if kind == HEADERS and flags & 8 else 0)
                block += payload[begin:end]
                if not flags & 4:
                    continue
                fields, block = dict(decoder.decode(block, raw=True)), b""
                if side is client and fields.get(b":protocol") == b"websocket":
                    found[stream] = Connection([Direction(client.address), Direction(server.address)], True, http2=True)
                    add(found[stream].sides[0], request(fields), packets[-1])
                elif side is server and stream in found and not found[stream].sides[1].stream:
                    add(found[stream].sides[1], response(fields), packets[-1])
    return list(found.values())


def frames(side: Direction, at: int):
    """Type, flags, stream, payload and the packets of the payload's bytes."""
    while at + 9 <= len(side.stream):
        size = int.from_bytes(side.stream[at : at + 3], "big")
        kind, flags = side.stream[at + 3], side.stream[at + 4]
        stream = int.from_bytes(side.stream[at + 5 : at + 9], "big") & 0x7FFFFFFF
        end = at + 9 + size
        yield kind, flags, stream, side.stream[at + 9 : end], side.packets[at + 9 : end] or side.packets[at : at + 1]
        at = end


def add(direction: Direction, head: bytes, packet: int) -> None:
    """Adds a head that a packet brought."""
    direction.stream += head
    direction.packets += [packet] * len(head)


def request(fields: dict[bytes, bytes]) -> bytes:
    """The upgrade request equivalent to an extended CONNECT."""
    return b"GET " + fields[b":path"] + b" HTTP/1.1\r\nupgrade: websocket\r\n" + others(fields) + b"\r\n"


def response(fields: dict[bytes, bytes]) -> bytes:
    """The response to it."""
    status = b"101" if fields[b":status"].startswith(b"2") else fields[b":status"]
    return b"HTTP/1.1 " + status + b" \r\ncontent-length: 0\r\n" + others(fields) + b"\r\n"


def others(fields: dict[bytes, bytes]) -> bytes:
    """Every field that is not a pseudo-header."""
    return b"".join(key + b": " + value + b"\r\n" for key, value in fields.items() if not key.startswith(b":"))
