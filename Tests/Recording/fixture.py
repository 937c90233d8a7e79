"""Writes and reads fixture files: annotated hexadecimal digits after the verdict."""

import json
import textwrap
from dataclasses import dataclass

from judge import CLOSE, OPCODE_NAMES, Verdict, agrees_to_deflate, expectations, judge, split_handshake

BYTES_A_LINE = 32
COMMENT_WIDTH = 116


@dataclass
class Terms:
    """How to judge a stream: the `#:` lines."""

    sender: str
    deflate: bool = False
    max_frame: int | None = None
    max_message: int | None = None

    def lines(self) -> list[str]:
        """The directives as written in the file."""
        lines = [f"#: sender {self.sender}"]
        if self.deflate:
            lines.append("#: deflate")
        if self.max_frame is not None:
            lines.append(f"#: max-frame {self.max_frame}")
        if self.max_message is not None:
            lines.append(f"#: max-message {self.max_message}")
        return lines

    def judge(self, recorded: bytes) -> Verdict:
        """The reference verdict on a recording, whose handshake is skipped."""
        _, stream = split_handshake(recorded)
        return judge(stream, self.sender, self.deflate, self.max_frame, self.max_message)


@dataclass
class Frame:
    """A frame's place in the stream, found without judging it."""

    start: int
    payload: int
    end: int
    first: int
    key: bytes | None


def next_frame(stream: bytes, start: int) -> Frame | None:
    """The frame that begins at `start`, or None if its header is incomplete."""
    if start + 2 > len(stream):
        return None
    first, second = stream[start], stream[start + 1]
    length, at = second & 0x7F, start + 2
    if length > 125:
        size = 2 if length == 126 else 8
        length, at = int.from_bytes(stream[at : at + size], "big"), at + size
    key = None
    if second & 0x80:
        key, at = stream[at : at + 4], at + 4
    if at > len(stream):
        return None
    return Frame(start, at, at + length, first, key)


def describe(stream: bytes, frame: Frame, is_text: bool) -> str:
    """A short description of a frame: kind, bits, size, mask and content."""
    opcode = frame.first & 0x0F
    words = [OPCODE_NAMES.get(opcode, f"opcode 0x{opcode:X}")]
    words.append("FIN" if frame.first & 0x80 else "not FIN")
    words += [name for bit, name in ((0x40, "RSV1"), (0x20, "RSV2"), (0x10, "RSV3")) if frame.first & bit]
    size = frame.end - frame.payload
    words.append(f"{size} byte{'' if size == 1 else 's'}")
    words.append("masked" if frame.key is not None else "unmasked")
    key = frame.key or bytes(4)
    payload = bytes(b ^ key[i % 4] for i, b in enumerate(stream[frame.payload : min(frame.end, frame.payload + 400)]))
    said = ", ".join(words)
    if frame.end > len(stream):
        said += f"; the stream ends {frame.end - len(stream)} bytes short of its end"
    elif opcode == CLOSE and size >= 2:
        said += f": {int.from_bytes(payload[:2], 'big')}" + quoted(payload[2:])
    elif is_text or opcode in (9, 10):
        said += ":" + quoted(payload) if quoted(payload) else ""
    return said


def quoted(payload: bytes) -> str:
    """Short text as a JSON string; empty if it is long or not text."""
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        return ""
    if not text or len(text) > 40 or not text.isprintable():
        return ""
    return " " + json.dumps(text, ensure_ascii=False)


def header_groups(stream: bytes, frame: Frame) -> str:
    """A frame's header in hex, with spaces between its fields."""
    parts = [stream[frame.start : frame.start + 1], stream[frame.start + 1 : frame.start + 2]]
    key_at = frame.payload - (4 if frame.key is not None else 0)
    parts += [stream[frame.start + 2 : key_at], stream[key_at : frame.payload]]
    return " ".join(part.hex() for part in parts if part)


def handshake_lines(handshake: bytes) -> list[str]:
    """The handshake in hex, one line for each of its lines."""
    lines, rest = [], handshake
    while rest:
        line, end, rest = rest.partition(b"\r\n")
        text = "".join(c if c.isprintable() else "?" for c in line.decode("latin-1"))
        lines.append((line + end).hex() + (f" # {text}" if text else ""))
    return lines


def raw_lines(stream: bytes, start: int, end: int, fault: tuple[int, str] | None) -> list[str]:
    """Bytes in lines of 32, with a mark at the offending one."""
    lines = []
    for at in range(start, end, BYTES_A_LINE):
        upto = min(at + BYTES_A_LINE, end)
        mark = ""
        if fault and at <= fault[0] < upto:
            mark = f" # {fault[1]}: at byte {fault[0] - at} of this line, counted from 0"
        lines.append(stream[at:upto].hex() + mark)
    return lines


def frame_lines(stream: bytes, verdict: Verdict) -> list[str]:
    """The frames, each with a comment; bytes that can no longer be parsed are plain lines."""
    lines, at, index = [], 0, 0
    violation = verdict.violation
    while at < len(stream):
        after = violation is not None and index > violation.frame
        frame = next_frame(stream, at)
        fault = None
        if violation and index == violation.frame:
            fault = (violation.offset, violation.rule)
        if frame is None or ((after or fault) and frame.end > len(stream)):
            cut = frame is None and violation is None
            lines.append(f"# frame {index}" + (", cut short in its header" if cut else " and what follows it"))
            return lines + raw_lines(stream, at, len(stream), fault)
        said = describe(stream, frame, index in verdict.text_frames)
        if fault and (fault[0] < frame.payload or violation.length == 0):
            said += f" -- {fault[1]}"
        lines.append(f"{header_groups(stream, frame)} # frame {index}: {said}")
        lines += raw_lines(stream, frame.payload, min(frame.end, len(stream)), fault)
        at, index = frame.end, index + 1
    return lines


def render(recorded: bytes, terms: Terms, paragraphs: list[str]) -> str:
    """The text of a fixture file."""
    verdict = terms.judge(recorded)
    handshake, stream = split_handshake(recorded)
    lines = []
    for paragraph in paragraphs:
        lines += textwrap.wrap(paragraph, COMMENT_WIDTH, initial_indent="# ", subsequent_indent="# ")
    lines += ["#", *terms.lines(), "#"]
    lines += [f"#= {name} {value}" for name, value in expectations(verdict)]
    lines += ["", *handshake_lines(handshake)]
    if stream:
        lines += ["", *frame_lines(stream, verdict)]
    return "\n".join(lines) + "\n"


def parse(text: str) -> tuple[bytes, Terms, list[tuple[str, str]]]:
    """Parses a fixture file: its bytes, how to judge them, and the expected verdict."""
    terms, expected, digits = Terms("auto"), [], []
    for line in text.split("\n"):
        if line.startswith("#: "):
            name, _, value = line[3:].partition(" ")
            if name == "sender":
                terms.sender = value
            elif name == "deflate":
                terms.deflate = True
            elif name in ("max-frame", "max-message"):
                setattr(terms, name.replace("-", "_"), int(value))
            else:
                raise ValueError(f"unknown directive {name}")
        elif line.startswith("#= "):
            name, _, value = line[3:].partition(" ")
            expected.append((name, value))
        digits.append("".join(line.partition("#")[0].split()))
    joined = "".join(digits)
    if len(joined) % 2:
        raise ValueError("an odd number of digits")
    recorded = bytes.fromhex(joined)
    if recorded.startswith(b"HTTP/1.1 ") and agrees_to_deflate(split_handshake(recorded)[0]) != terms.deflate:
        raise ValueError("the handshake and the directives disagree on permessage-deflate")
    return recorded, terms, expected
