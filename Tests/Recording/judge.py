"""A slow, plain reference judge for one direction of a WebSocket connection.

It shares no code with the validator that it is meant to check.  It walks over the stream field by field, in the order
in which the bytes arrive, and stops at the first broken rule.  Each of its values is one of the `#=` lines of the
fixture format.
"""

import zlib
from dataclasses import dataclass, field

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
DEFINED_OPCODES = (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG)
OPCODE_NAMES = {0: "continuation", 1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong"}
CLOSE_CODE_OF_RULE = {
    "frame-too-big": 1009,
    "message-too-big": 1009,
    "close-reason-not-utf8": 1007,
    "text-not-utf8": 1007,
    "invalid-deflate": 1007,
}


@dataclass
class Violation:
    """The first broken rule, and the field that breaks it."""

    rule: str
    offset: int
    length: int
    frame: int
    frame_offset: int
    header: bytes

    @property
    def close_code(self) -> int:
        """The code that the receiver must close with."""
        return CLOSE_CODE_OF_RULE.get(self.rule, 1002)


@dataclass
class Verdict:
    """A strict parser's verdict on a stream."""

    state: str = "complete"
    frames: int = 0
    messages: int = 0
    size: int = 0
    closed: bool = False
    violation: Violation | None = None
    text_frames: set = field(default_factory=set)  # indices of the frames with uncompressed text


class Broken(Exception):
    """Raised when a rule is broken: `rule`, and the offending field's first byte and size."""

    def __init__(self, rule: str, offset: int, length: int):
        super().__init__(rule)
        self.rule, self.offset, self.length = rule, offset, length


class OutOfBytes(Exception):
    """Raised when the stream ends inside a field."""


class Utf8:
    """UTF-8 as RFC 3629 defines it, one byte at a time."""

    def __init__(self):
        self.needed = 0
        self.low, self.high = 0x80, 0xBF

    def accepts(self, byte: int) -> bool:
        """Takes one byte; false if no well-formed text can continue with it."""
        if self.needed:
            if not self.low <= byte <= self.high:
                return False
            self.needed -= 1
            self.low, self.high = 0x80, 0xBF
            return True
        if byte < 0x80:
            return True
        if 0xC2 <= byte <= 0xDF:
            self.needed = 1
        elif 0xE0 <= byte <= 0xEF:
            self.needed = 2
            self.low = 0xA0 if byte == 0xE0 else 0x80
            self.high = 0x9F if byte == 0xED else 0xBF
        elif 0xF0 <= byte <= 0xF4:
            self.needed = 3
            self.low = 0x90 if byte == 0xF0 else 0x80
            self.high = 0x8F if byte == 0xF4 else 0xBF
        else:
            return False
        return True

    @property
    def inside_character(self) -> bool:
        """Whether more bytes are needed before the text may end."""
        return self.needed > 0


class Inflater:
    """The messages of one endpoint, inflated with zlib a byte at a time (RFC 7692 §7.2.2)."""

    def __init__(self, window_bits: int, takes_over: bool):
        self.window_bits, self.takes_over = window_bits, takes_over
        self.window = b""
        self.begin()

    def begin(self) -> None:
        """Begins the next message, or the next block after one with BFINAL set."""
        # zlib does not support a window of 256 bytes; the inflater's own tests cover what it allows beyond that.
        self.zlib = zlib.decompressobj(-max(self.window_bits, 9), zdict=self.window)

    def add(self, there: bytes) -> bytes:
        """Returns what the bytes inflate to; raises zlib.error."""
        text = b""
        while there:
            piece = self.zlib.decompress(there)
            text += piece
            self.window = (self.window + piece)[-(1 << self.window_bits) :]
            there = self.zlib.unused_data
            if self.zlib.eof:
                self.begin()
        return text

    def end(self) -> bytes:
        """Ends a message by appending 00 00 FF FF."""
        text = self.add(b"\x00\x00\xff\xff")
        if not self.takes_over:
            self.window = b""
            self.begin()
        return text


def close_code_is_valid(code: int) -> bool:
    """Whether a Close frame may carry this code."""
    return 1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999


class Judge:
    """Walks over one stream and keeps the state that is carried from frame to frame."""

    def __init__(self, stream, sender, deflate=False, max_frame=None, max_message=None, unknown=False, inflater=None):
        self.stream = stream
        self.sender = sender
        self.deflate = deflate
        self.unknown = unknown  # an extension was agreed on that may claim any RSV bit
        self.max_frame = max_frame
        self.max_message = max_message
        self.verdict = Verdict(size=len(stream))
        self.message_open = False
        self.message_size = 0
        self.text: Utf8 | None = None
        self.inflater = inflater  # None if it is unknown what was agreed
        self.compressed = False

    def run(self) -> Verdict:
        """Judges the whole stream."""
        verdict, start = self.verdict, 0
        while start < len(self.stream):
            self.at = start
            self.header_end: int | None = None
            try:
                self.frame(start)
            except OutOfBytes:
                verdict.state = "incomplete-frame"
                return verdict
            except Broken as broken:
                verdict.state = "violation"
                header_end = self.header_end
                if header_end is None:
                    header_end = broken.offset + broken.length
                verdict.violation = Violation(
                    broken.rule, broken.offset, broken.length, verdict.frames, start, self.stream[start:header_end]
                )
                return verdict
            verdict.frames += 1
            start = self.at
        if self.message_open:
            verdict.state = "incomplete-message"
        return verdict

    def take(self, count: int) -> bytes:
        """Returns the bytes of the next field."""
        if self.at + count > len(self.stream):
            raise OutOfBytes
        self.at += count
        return self.stream[self.at - count : self.at]

    def frame(self, start: int) -> None:
        """Judges one frame, field by field."""
        self.first_byte(start, self.take(1)[0])
        masked, length = self.lengths(start, self.take(1)[0])
        key = self.take(4) if masked else bytes(4)
        self.header_end = self.at
        self.payload(key, length)
        self.end_of_frame()

    def first_byte(self, start: int, byte: int) -> None:
        """Byte 0: FIN, RSV bits and opcode."""
        self.fin, rsv, opcode = bool(byte & 0x80), byte & 0x70, byte & 0x0F
        self.opcode = opcode
        control = opcode >= 8
        claimed = 0x70 if self.unknown else 0x40 if self.deflate else 0
        if rsv & ~claimed:
            raise Broken("reserved-bits", start, 1)
        if rsv and not self.unknown and opcode in (CONTINUATION, CLOSE, PING, PONG):
            raise Broken("misplaced-rsv1", start, 1)
        if opcode not in DEFINED_OPCODES:
            raise Broken("reserved-opcode", start, 1)
        if control and not self.fin:
            raise Broken("fragmented-control", start, 1)
        if control:
            return
        if self.verdict.closed:
            raise Broken("data-after-close", start, 1)
        if opcode == CONTINUATION and not self.message_open:
            raise Broken("unexpected-continuation", start, 1)
        if opcode != CONTINUATION and self.message_open:
            raise Broken("interleaved-message", start, 1)
        if opcode != CONTINUATION:
            self.message_size = 0
            self.compressed = self.inflater is not None and rsv == 0x40
            self.text = Utf8() if opcode == TEXT and (self.compressed or not rsv) else None

    def lengths(self, start: int, byte: int) -> tuple[bool, int]:
        """Byte 1 and the extended length."""
        masked, short = bool(byte & 0x80), byte & 0x7F
        if self.sender == "client" and not masked:
            raise Broken("unmasked-client-frame", start + 1, 1)
        if self.sender == "server" and masked:
            raise Broken("masked-server-frame", start + 1, 1)
        if self.opcode >= 8 and short > 125:
            raise Broken("oversized-control", start + 1, 1)
        if self.opcode == CLOSE and short == 1:
            raise Broken("truncated-close-code", start + 1, 1)
        where, size, length = start + 1, 1, short
        if short > 125:
            where, size = start + 2, 2 if short == 126 else 8
            length = int.from_bytes(self.take(size), "big")
            if length >= 1 << 63:
                raise Broken("length-overflow", where, size)
            if length < (126 if size == 2 else 65536):
                raise Broken("non-minimal-length", where, size)
        if self.opcode < 8:
            if self.max_frame is not None and length > self.max_frame:
                raise Broken("frame-too-big", where, size)
            self.message_size += length
            if self.max_message is not None and self.message_size > self.max_message:
                raise Broken("message-too-big", where, size)
        return masked, length

    def payload(self, key: bytes, length: int) -> None:
        """The payload: the close code as a field of two bytes, text byte by byte."""
        begin = self.at
        there = bytes(byte ^ key[i % 4] for i, byte in enumerate(self.stream[begin : begin + length]))
        if self.opcode == CLOSE and length >= 2:
            if len(there) < 2:
                raise OutOfBytes
            if not close_code_is_valid(int.from_bytes(there[:2], "big")):
                raise Broken("invalid-close-code", begin, 2)
            self.utf8(Utf8(), there[2:], begin + 2, length - 2, True, "close-reason-not-utf8")
        elif self.opcode < 8 and self.compressed:
            self.inflate(there, begin, self.fin and len(there) == length)
        elif self.opcode in (TEXT, CONTINUATION) and self.text is not None:
            self.verdict.text_frames.add(self.verdict.frames)
            self.utf8(self.text, there, begin, length, self.fin, "text-not-utf8")
        if len(there) < length:
            raise OutOfBytes
        self.at = begin + length

    def inflate(self, there: bytes, begin: int, last: bool) -> None:
        """Judges bytes of a compressed message, which they complete if `last`; text is judged as it is inflated."""
        for index in range(len(there) + last):
            ends = index == len(there)
            try:
                text = self.inflater.end() if ends else self.inflater.add(there[index : index + 1])
            except zlib.error as error:
                raise Broken("invalid-deflate", begin + index, 0 if ends else 1) from error
            if self.text and not (all(self.text.accepts(byte) for byte in text) and not (ends and self.text.inside_character)):
                raise Broken("text-not-utf8", begin + index, 0 if ends else 1)

    def utf8(self, state: Utf8, there: bytes, begin: int, length: int, last: bool, rule: str) -> None:
        """Judges the bytes of text that have arrived; `last` if the text must end with this frame."""
        for index, byte in enumerate(there):
            if not state.accepts(byte):
                raise Broken(rule, begin + index, 1)
        if last and len(there) == length and state.inside_character:
            raise Broken(rule, begin + length, 0)

    def end_of_frame(self) -> None:
        """Updates the state after a complete, legal frame."""
        if self.opcode == CLOSE:
            self.verdict.closed = True
        elif self.opcode < 8:
            self.message_open = not self.fin
            if self.fin:
                self.verdict.messages += 1


def judge(stream: bytes, sender: str, deflate=False, max_frame=None, max_message=None, unknown=False, inflater=None) -> Verdict:
    """Judges the bytes that one endpoint sent after its handshake."""
    return Judge(bytes(stream), sender, deflate, max_frame, max_message, unknown, inflater).run()


def split_handshake(recorded: bytes) -> tuple[bytes, bytes]:
    """Splits a recording into its HTTP handshake, if any, and the frames after it."""
    if recorded.startswith((b"GET ", b"HTTP/1.1 ")):
        end = recorded.find(b"\r\n\r\n")
        if end < 0:
            return recorded, b""
        return recorded[: end + 4], recorded[end + 4 :]
    return b"", recorded


def agreed_extensions(response: bytes) -> set[bytes]:
    """The names of the extensions that a server's handshake accepts."""
    for line in response.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"sec-websocket-extensions":
            return {part.split(b";")[0].strip().lower() for part in value.split(b",")} - {b""}
    return set()


def inflater_of(sender: str, response: bytes) -> Inflater | None:
    """An inflater for an endpoint's messages according to a server's handshake; None without permessage-deflate."""
    value = b""
    for line in response.split(b"\r\n")[1:]:
        name, _, rest = line.partition(b":")
        if name.strip().lower() == b"sec-websocket-extensions":
            value += b"," + rest
    for part in value.split(b","):
        name, *words = [word.strip().lower() for word in part.split(b";")]
        if name == b"permessage-deflate":
            said = {key.strip().decode(): number.strip(b' "') for key, _, number in (word.partition(b"=") for word in words)}
            bits = int(said.get(f"{sender}_max_window_bits", b"15") or 15)
            return Inflater(bits, f"{sender}_no_context_takeover" not in said)
    return None


def agrees_to_deflate(response: bytes) -> bool:
    """Whether a server's handshake accepts permessage-deflate."""
    return b"permessage-deflate" in agreed_extensions(response)


def expectations(verdict: Verdict) -> list[tuple[str, str]]:
    """The `#=` lines, in the order of the format."""
    lines = [("state", verdict.state)]
    v = verdict.violation
    if v:
        lines += [
            ("rule", v.rule),
            ("offset", str(v.offset)),
            ("length", str(v.length)),
            ("frame", str(v.frame)),
            ("frame-offset", str(v.frame_offset)),
            ("header", v.header.hex()),
            ("close-code", str(v.close_code)),
        ]
    return lines + [
        ("frames", str(verdict.frames)),
        ("messages", str(verdict.messages)),
        ("bytes", str(verdict.size)),
        ("closed", "true" if verdict.closed else "false"),
    ]


def file_verdict(verdict: Verdict) -> str:
    """The verdict as written in a fixture's file name."""
    if verdict.violation:
        return f"reject.{verdict.violation.rule}"
    return "accept" if verdict.state == "complete" else verdict.state
