"""Compares compressed messages through the C API's shared library with zlib.

    inflating.py LIBRARY FIXTURES [MESSAGES]

Every message of the corpus that inflates gives the same bytes as with zlib. So do MESSAGES messages (60) for each window, with
and without takeover, in fragments with pings among them, however the stream is cut, and with any number of streams in turn.
"""

import ctypes as c
import pathlib
import random
import sys
import zlib

from corpus import CLIENT, EVENT, NEED_MORE, SERVER, VIOLATION, Event, Fixture, Options, Reader, Violation, load


class ZLib:
    """What one endpoint's messages inflate to according to zlib; nothing after one that does not inflate."""

    def __init__(self, takes_over):
        self.takes_over, self.window, self.failed = takes_over, b"", False

    def inflate(self, message):
        """None if it does not inflate."""
        data, text = message + b"\0\0\xff\xff", b""
        try:
            while data:  # A stream that has ended with BFINAL is followed by another in the same window.
                machine = zlib.decompressobj(-15, zdict=self.window) if self.window else zlib.decompressobj(-15)
                piece = machine.decompress(data)
                text += piece
                self.window = (self.window + piece)[-32768:]
                if not machine.eof:
                    break
                data = machine.unused_data
        except zlib.error:
            return None
        if not self.takes_over:
            self.window = b""
        return text


class Inflated:
    """One stream through an inflating reader."""

    def __init__(self, library, peer, window_bits=15, takes_over=True):
        self.library, self.reader, self.messages, self.violation = library, Reader(), [], Violation()
        options = Options()
        library.wsf_options_init(c.byref(options), c.c_size_t(c.sizeof(options)), c.c_uint8(peer))
        options.deflate = options.inflates = True
        options.window_bits, options.takes_over = window_bits, takes_over
        size = library.wsf_inflater_size(c.byref(options))
        self.inflater = (c.c_uint64 * (size // 8 + 1))()
        assert library.wsf_inflater_init(self.inflater, c.c_size_t(size), c.byref(options))
        assert library.wsf_reader_init(c.byref(self.reader), c.c_size_t(c.sizeof(self.reader)), c.byref(options))
        self.current = bytearray()

    def feed(self, piece):
        block, index, event = (c.c_uint8 * len(piece)).from_buffer_copy(piece), c.c_size_t(), Event()
        while True:
            result = self.library.wsf_reader_next_inflated(
                c.byref(self.reader), self.inflater, block, c.c_size_t(len(piece)), c.byref(index), c.byref(event),
                c.byref(self.violation))
            if result != EVENT:
                return result
            if event.opcode >= 8:
                continue
            payload = self.library.wsf_inflated_payload(c.byref(event), block, self.inflater)
            self.current += c.string_at(payload, event.payload_count) if event.payload_count else b""
            if event.ends_message:
                self.messages.append((event.is_inflated, bytes(self.current)))
                self.current.clear()


def said_in(fixture, zlib_reader):
    """The contents of the messages of a fixture's stream, in order, up to the first that does not inflate."""
    frames = iter(fixture.frames())
    for byte0, payload in frames:
        if byte0 & 15 >= 8:
            continue
        parts = [payload]
        last = byte0
        while not last & 0x80:
            last, payload = next(frames, (None, b""))
            if last is None:
                return
            if last & 15 < 8:
                parts.append(payload)
            else:
                last = 0
        whole = zlib_reader.inflate(b"".join(parts)) if byte0 & 0x40 else b"".join(parts)
        if whole is None:
            return
        yield whole


def corpus(library, fixtures):
    """Returns how many messages of the corpus were compared."""
    compared = 0
    for path in sorted(pathlib.Path(fixtures).rglob("*.hex")):
        fixture = Fixture(path)
        agreed = fixture.how.get("extensions")
        if not agreed:
            continue
        who = "client" if fixture.peer == CLIENT else "server"
        words = dict(word.strip().partition("=")[::2] for word in agreed.split(";")[1:])
        takes_over = f"{who}_no_context_takeover" not in words
        bits = int(words.get(f"{who}_max_window_bits", 15))
        expected = list(said_in(fixture, ZLib(takes_over)))
        for size in 1, 7, len(fixture.bytes):
            stream = Inflated(library, fixture.peer, bits, takes_over)
            for start in range(0, len(fixture.bytes), size):
                if stream.feed(fixture.bytes[start:start + size]) == VIOLATION:
                    break
            said = [text for _, text in stream.messages]
            assert said == expected[:len(said)], path
            assert fixture.reported["state"] == "violation" or len(said) == int(fixture.reported["messages"]), path
            compared += len(said)
    return compared


def frames_of(message, byte0, is_masked, rng):
    """A message in up to four frames, with pings among them."""
    cuts = sorted(rng.randrange(len(message) + 1) for _ in range(rng.choice([0, 0, 1, 3])))
    parts = [message[a:b] for a, b in zip([0, *cuts], [*cuts, len(message)])]
    for number, part in enumerate(parts):
        first = (byte0 if number == 0 else 0) | (0x80 if number == len(parts) - 1 else 0)
        for opcode, payload in [(first, part)] + ([(0x89, b"between")] if rng.randrange(9) == 0 else []):
            key = rng.randbytes(4) if is_masked else b""
            size = len(payload)
            yield bytes([opcode, (0x80 if is_masked else 0) | (size if size < 126 else 126 if size < 65536 else 127)])
            if size >= 126:
                yield size.to_bytes(2 if size < 65536 else 8, "big")
            yield key + bytes(byte ^ key[at % 4] for at, byte in enumerate(payload)) if is_masked else payload


def made(library, count):
    """Generated messages of all sizes for each agreement."""
    words = ["grün", "Привет", "你好", "👋🏽", "id", "name", "value", "true", '{"', '":"', '"},']
    compared = 0
    for peer in CLIENT, SERVER:
        for bits in range(9, 16):
            for takes_over in True, False:
                rng = random.Random(f"{peer} {bits} {takes_over}")
                stream, expected, sent, machine = Inflated(library, peer, bits, takes_over), [], b"", None
                for number in range(count):
                    size = rng.choice([0, 5, 60, 60, 700, 700, 9000, 70000 if number % 20 == 0 else 1])
                    text = "".join(rng.choices(words, k=size // 4)).encode() if rng.randrange(4) else rng.randbytes(size)
                    if machine is None or not takes_over:
                        machine = zlib.compressobj(rng.choice([1, 6, 9]), wbits=-bits)
                    is_text = text.decode("utf8", "replace").encode() == text
                    byte0 = (1 if is_text else 2) | (0x40 if rng.randrange(5) else 0)
                    message = text
                    if byte0 & 0x40:
                        message = (machine.compress(text) + machine.flush(zlib.Z_SYNC_FLUSH))[:-4]
                    sent += b"".join(frames_of(message, byte0, peer == CLIENT, rng))
                    expected.append((bool(byte0 & 0x40), text))
                while sent:
                    size = rng.choice([1, 2, 50, 1460, 65536])
                    assert stream.feed(sent[:size]) == NEED_MORE, (peer, bits, takes_over, stream.violation.rule)
                    sent = sent[size:]
                assert stream.messages == expected, (peer, bits, takes_over)
                compared += len(expected)
    return compared


def main(library_path, fixtures, count="60"):
    library = load(library_path)
    library.wsf_inflater_size.restype = c.c_size_t
    library.wsf_inflater_init.restype = c.c_bool
    library.wsf_reader_next_inflated.restype = c.c_uint8
    library.wsf_inflated_payload.restype = c.c_void_p
    found, messages = corpus(library, fixtures), made(library, int(count))
    print(f"inflating.py: {found} messages of the corpus and {messages} others inflate to zlib's bytes")
    return found == 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
