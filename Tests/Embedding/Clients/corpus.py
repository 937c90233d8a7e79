"""The fixtures that a client could have sent, and what an echo server must say to them."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from wire import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Frame, mask

FIXTURES = Path(__file__).resolve().parents[3] / "Fixtures"


@dataclass
class Fixture:
    """One file: the bytes, how they are to be judged, and what must come out."""

    name: str
    stream: bytes
    terms: dict[str, str] = field(default_factory=dict)
    expected: dict[str, str] = field(default_factory=dict)

    @property
    def rule(self) -> str | None:
        """The rule that is broken first."""
        return self.expected.get("rule")

    @property
    def close_code(self) -> int:
        """What a violation is answered with."""
        return int(self.expected["close-code"])

    @property
    def is_closed(self) -> bool:
        """A whole Close comes before the end, or before the violation."""
        return self.expected["closed"] == "true"

    @property
    def options(self) -> list[str]:
        """The server's options that set the fixture's limits, or none instead of the server's own."""
        limits = {name: value for name, value in self.terms.items() if name.startswith("max-")}
        return [f"--{name}={value}" for name, value in ({"max-message": f"{2**63 - 1}"} | limits).items()]

    @property
    def judged(self) -> bytes:
        """The stream up to the frame that breaks a rule."""
        return self.stream[: int(self.expected["frame-offset"])] if self.rule else self.stream


def read(path: Path) -> Fixture:
    """Read a fixture file."""
    text = path.read_text()
    fixture = Fixture(f"{path.parent.name}/{path.stem}", bytes.fromhex(re.sub(r"#.*", "", text)))
    for kind, name, value in re.findall(r"^#([:=]) (\S+) ?(.*)$", text, re.MULTILINE):
        (fixture.terms if kind == ":" else fixture.expected)[name] = value
    return fixture


def from_clients() -> list[Fixture]:
    """The hand-written fixtures that a client sent, as far as no extension was agreed."""
    fixtures = [read(path) for path in sorted(FIXTURES.glob("rfc*/*.hex"))]
    agreed = ("deflate", "extensions")
    return [fixture for fixture in fixtures if _is_from_client(fixture) and not any(name in fixture.terms for name in agreed)]


def _is_from_client(fixture: Fixture) -> bool:
    sender = fixture.terms.get("sender", "auto")
    return sender == "client" or (sender == "auto" and len(fixture.stream) > 1 and fixture.stream[1] & 0x80 != 0)


def answers(stream: bytes) -> list[Frame]:
    """What an echo server says to the whole frames of a stream that breaks no rule, up to the first Close."""
    said: list[Frame] = []
    kind, message, at = TEXT, b"", 0
    while at + 2 <= len(stream):
        first, size, start = stream[at], stream[at + 1] & 0x7F, at + 2
        if size > 125:
            width = 2 if size == 126 else 8
            size, start = int.from_bytes(stream[start : start + width], "big"), start + width
        key, start = stream[start : start + 4], start + 4
        if start + size > len(stream):
            break
        opcode, payload, at = first & 0x0F, mask(stream[start : start + size], key), start + size
        if opcode == CLOSE:
            return [*said, (CLOSE, payload[:2])]
        if opcode == PING:
            said.append((PONG, payload))
        if opcode in (TEXT, BINARY):
            kind, message = opcode, b""
        if opcode in (TEXT, BINARY, CONTINUATION):
            message += payload
            if first & 0x80:
                said.append((kind, message))
    return said
