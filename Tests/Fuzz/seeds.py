"""Makes the fuzzer's initial inputs from the fixtures, and from what earlier runs have found (`corpus`).

    seeds.py validator|frames|deflate|capi|captures|tls|conversations FIXTURES FOLDER

For `frames`, each is four bytes of settings (see FuzzInput.swift) and the fixture's stream; for `captures`, two bytes for the
cuts, and the fixture's file, or its bytes; for `conversations`, three bytes of settings (see FuzzConversations.swift), and a
small capture of the corpus, or a recipe of one in which a fixture is one side's stream.
"""

import gzip
import pathlib
import sys
import zlib

LIMITS = [0, 1, 2, 16, 64, 100, 124, 125, 126, 127, 128, 200, 300, 1000, 65535, 65536]


def settings(text: str) -> dict[str, str]:
    """The `#:` lines."""
    found = {}
    for line in text.splitlines():
        if line.startswith("#: "):
            key, _, value = line[3:].partition(" ")
            found[key] = value
    return found


def decode(text: str) -> bytes:
    return bytes.fromhex("".join(line.partition("#")[0] for line in text.splitlines()))


def without_handshake(stream: bytes) -> bytes:
    while stream.startswith((b"GET ", b"HTTP/1.")) and b"\r\n\r\n" in stream:
        stream = stream[stream.index(b"\r\n\r\n") + 4 :]
    return stream


def nearest(limit: str) -> int:
    return min(range(len(LIMITS)), key=lambda index: abs(LIMITS[index] - int(limit)))


def frames(text: str) -> list[bytes]:
    said = settings(text)
    how = {"client": 0, "server": 1}.get(said.get("sender", "auto"), 3)
    how |= 0x04 if "deflate" in said or "extensions" in said else 0
    limits = 0
    if "max-frame" in said:
        how |= 0x10
        limits |= nearest(said["max-frame"])
    if "max-message" in said:
        how |= 0x20
        limits |= nearest(said["max-message"]) << 4
    return [bytes([how, limits, 0x12, 0x34]) + without_handshake(decode(text))]


def tls() -> list[bytes]:
    """A valid input of each kind that FuzzTLS.swift distinguishes."""

    def piece(side: int, data: bytes) -> bytes:
        return bytes([len(data) << 1 | side]) + data

    def sealed(content: bytes, kind: int) -> bytes:
        return b"\x17\x03\x03" + (len(content) + 9).to_bytes(2, "big") + content + bytes([kind]) + bytes(8)

    upgrade = b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Key: 123\r\n\r\n"
    accepted = b"HTTP/1.1 101 \r\nUpgrade: websocket\r\n\r\n"
    connect = b"".join(
        bytes([0, len(name)]) + name + bytes([len(value)]) + value
        for name, value in ((b":method", b"CONNECT"), (b":protocol", b"websocket"), (b":path", b"/"))
    )

    def frame(kind: int, flags: int, data: bytes) -> bytes:
        return len(data).to_bytes(3, "big") + bytes([kind, flags, 0, 0, 0, 1]) + data

    line = b"CLIENT_RANDOM " + b"07" * 32 + b" " + b"07" * 48
    return [
        b"\x12\x34\0" + line + b"\r\n# comment\n",
        b"\x12\x34\1" + bytes.fromhex("828684418cf1e3c2e5f23a6ba0ab90f4ff"),
        b"\x12\x34\1" + bytes.fromhex("3fe101" + "400a637573746f6d2d6b65790d637573746f6d2d686561646572"),
        b"\x12\x34\2" + piece(1, sealed(b"\x08\0\0\2\0\0", 22)) + piece(0, sealed(b"\x14\0\0\1\0", 22))
        + piece(0, sealed(upgrade, 23)) + piece(1, sealed(accepted, 23)) + piece(0, sealed(b"\x81\x80\0\0\0\0", 23))
        + piece(0, sealed(b"\x18\0\0\1\0", 22)) + piece(1, sealed(b"\1\0", 21)),
        b"\x12\x34\3" + piece(0, frame(1, 4, connect)) + piece(1, frame(4, 0, b"") + frame(1, 4, b"\x88"))
        + piece(0, frame(0, 8, b"\2\x81\x80\0\0\0\0\0\0")) + piece(1, frame(3, 0, b"\0\0\0\x08")),
    ]


def captures(text: str) -> list[bytes]:
    stream = decode(text)
    seeds = [b"\x12\x34" + text.encode()]
    if stream.startswith((b"GET ", b"HTTP/1.")):
        seeds.append(b"\x12\x34" + stream)
    return seeds


def conversations(text: str) -> list[bytes]:
    """Two recipes: handshake and stream; the middle of a conversation."""
    stream = without_handshake(decode(text))
    side = 0 if len(stream) > 1 and stream[1] & 0x80 else 1
    pieces = b"".join(bytes([side, len(part)]) + part for part in batched(stream[:1000], 90))
    opening = b"\x0c\x00\x0d\x00\x80\x00\x81\x00"
    return [b"\x05\x12\x34" + opening + pieces + b"\x04\x00\x05\x00", b"\x4d\x12\x34" + pieces]


def batched(stream: bytes, size: int) -> list[bytes]:
    return [stream[at : at + size] for at in range(0, len(stream), size)]


def recorded(folder: pathlib.Path) -> list[bytes]:
    """The smallest captures and exports of the corpus, unchanged."""
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in (".pcap", ".pcapng", ".txt", ".yaml")]
    seeds = []
    for path in files:
        how = 0x0E if path.suffix in (".txt", ".yaml") else 0x0C
        seeds.append(bytes([how, 0x12, 0x34]) + path.read_bytes())
    return seeds


# Other forms of hex text than that of the fixtures.
FORMS = [
    "81 05 48 65 6c 6c 6f\n", "0x81, 0x05, 0x48\n", "unsigned char x[] = {\n  0x81, 0x05\n};\n", r"b'\x81\x05Hello'",
    r'"\x81\x05Hello"', "<Buffer 81 05 48 65 6c 6c 6f>\n", "00000000: 8105 4865 6c6c 6f  ..Hello\n",
    "00000000  81 05 48 65 6c 6c 6f  |..Hello|\n00000007\n", "0000000 81 05 48 65 6c 6c 6f\n*\n0000020\n",
    "#: sender client\n#: deflate\n#: max-frame 100\n81 00\n",
]
# Frames by recipe, of all kinds and sizes.
RECIPES = [
    bytes([0x40, 0, 1, 2]) + bytes([0x81, 100, 1, 0, 0x82, 201, 3, 0, 0x89, 5, 6, 0, 0x81, 250, 135, 0]),
    bytes([0x41, 0, 1, 2]) + bytes([0x01, 20, 2, 1, 0x8A, 0, 0, 0, 0x80, 255, 134, 0, 0x81, 125, 7, 0xC8]),
    bytes([0x40, 0, 3, 4]) + bytes([0x81, 16, 0, 0]) * 40,
]


def deflate() -> list[bytes]:
    """Compressed messages made by zlib, and texts to be compressed."""
    seeds, text = [], b"the same again, and the same again, " * 6
    for level in (0, 1, 9):
        for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED):
            stream, messages = zlib.compressobj(level, zlib.DEFLATED, -15, 9, strategy), b""
            for message in (text, b"x", text[7:]):
                sent = (stream.compress(message) + stream.flush(zlib.Z_SYNC_FLUSH))[:-4]
                sent += b"\0" * (-len(sent) % 8)
                messages += bytes([len(sent) // 8]) + sent
            seeds += [bytes([head, 1, 2]) + messages for head in (7, 15, 8)]
    return seeds + [bytes([head, 1, 2, 20]) + text for head in (32, 47)]


def main() -> None:
    name, fixtures, folder = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    make = {"validator": frames, "frames": frames, "captures": captures, "tls": lambda text: [], "deflate": lambda text: [],
            "capi": lambda text: [], "conversations": conversations}[name]
    seeds = {
        "validator": lambda: list(RECIPES),
        "frames": lambda: list(RECIPES),
        "captures": lambda: [b"\x12\x34" + form.encode() for form in FORMS]
        + [b"\x12\x34" + path.read_bytes() for path in sorted((fixtures / "pasted").rglob("*.txt"))]
        + [b"\x12\x34" + gzip.compress(b"a capture, " * 9, mtime=0)],
        "tls": tls,
        "deflate": deflate,
        "capi": lambda: [bytes([seed[0] | side]) + seed[1:] for seed in deflate() for side in (0, 64)],
        "conversations": lambda: recorded(fixtures / "captures"),
    }[name]()
    for path in sorted(fixtures.rglob("*.hex")):
        seeds += make(path.read_text())
    for number, seed in enumerate(seeds):
        if len(seed) <= 4096:
            (folder / f"{number:04}").write_bytes(seed)
    corpus = pathlib.Path(__file__).parent / "corpus" / name
    kept = corpus.read_text().splitlines() if corpus.exists() else []
    for number, line in enumerate(kept):
        (folder / f"kept{number:04}").write_bytes(bytes.fromhex(line))
    print(f"{name}: {len(seeds)} seeds, {len(kept)} inputs of earlier runs")


if __name__ == "__main__":
    main()
