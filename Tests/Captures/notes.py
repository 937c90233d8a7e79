"""Writes and reads the notes of captures, as `Fixtures/captures/FORMAT.md` describes them."""

import textwrap
from dataclasses import dataclass, field
from pathlib import Path

import tls
from dissect import Conversation, conversations
from packets import read
from streams import connections

WIDTH = 116


@dataclass
class Talk:
    """What is known about a conversation beforehand, since it was made that way."""

    client: str | None = "complete"  # a state, or violation:RULE; None if not specified
    server: str | None = "complete"
    notices: list[str] = field(default_factory=list)
    refused: int | None = None
    opening: str | None = None
    gap: dict[str, str] = field(default_factory=dict)  # sender: not-captured or snapped


@dataclass
class Known:
    """What is known about a capture beforehand."""

    talks: list[Talk]
    notices: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    middle: tuple[int, int] | None = None
    limits: dict = field(default_factory=dict)
    status: int | None = None
    keylog: str | None = None  # the key log of the capture
    any_number: bool = False  # the number of conversations is not specified


class Surprise(Exception):
    """Raised when a capture is not what it was made to be."""


def endpoint(address: tuple[str, int]) -> str:
    """An address and its port."""
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def expect(path: Path, known: Known) -> list[str]:
    """The lines with the expectations; raises if they contradict what is known."""
    packets, damage = read(path)
    opened = tls.opened(path, packets, path.parent / known.keylog if known.keylog else None)
    talks = conversations(packets, known.middle, known.limits, opened)
    if len(talks) != len(known.talks) and not known.any_number:
        raise Surprise(f"{len(talks)} conversations, not {len(known.talks)}")
    fragments = connections(packets)[1]
    if bool(fragments) != ("ip-fragments" in known.notices):
        raise Surprise(f"{fragments} IP fragments")
    violated = any(stream.verdict.violation for talk in talks for stream in talk.streams)
    judged = any(talk.streams for talk in talks)
    status = 3 if damage else 1 if violated else 0 if judged or known.any_number else 4
    if known.status is not None and known.status != status:
        raise Surprise(f"status {status}, not {known.status}")
    lines = [f"option {option}" for option in known.options]
    lines += [f"keylog {known.keylog}"] if known.keylog else []
    lines += [f"status {status}"]
    lines += [f"notice {name}" for name in known.notices]
    if known.any_number:
        return lines
    lines += [f"conversations {len(talks)}"]
    for index, (talk, said) in enumerate(zip(talks, known.talks, strict=True)):
        lines += ["", f"conversation {index}", *conversation_lines(talk, said, known)]
    return lines


def conversation_lines(talk: Conversation, said: Talk, known: Known) -> list[str]:
    """The lines of a conversation."""
    opening = said.opening or ("refused" if said.refused else "middle" if known.middle is not None else "upgrade")
    if talk.opening != opening or talk.status != said.refused:
        raise Surprise(f"{talk.opening} {talk.status}, not {opening} {said.refused}")
    lines = [f"opening {opening}" + (f" {said.refused}" if said.refused else "")]
    lines += [f"client {endpoint(talk.client)}", f"server {endpoint(talk.server)}"]
    if talk.target is not None:
        lines.append(f"target {talk.target}")
    if talk.deflate is not None:
        lines.append(f"deflate {'true' if talk.deflate else 'false'}")
    lines += [f"notice {name}" for name in said.notices]
    for stream in talk.streams:
        verdict, v = stream.verdict, stream.verdict.violation
        is_ = f"violation:{v.rule}" if v else verdict.state
        due = getattr(said, stream.sender)
        if due is not None and due != is_:
            raise Surprise(f"the {stream.sender}'s stream is {is_}, not {due}")
        if stream.direction.gap != said.gap.get(stream.sender):
            raise Surprise(f"the {stream.sender}'s stream has gap {stream.direction.gap}")
        lines += ["", f"from {stream.sender}"]
        if talk.opening == "middle":
            lines.append(f"skipped {stream.start}")
        lines += [f"state {verdict.state}", f"frames {verdict.frames}", f"messages {verdict.messages}"]
        lines += [f"bytes {verdict.size}", f"closed {'true' if verdict.closed else 'false'}"]
        if stream.direction.gap:
            lines.append(f"gap {stream.direction.gap}")
        if v:
            lines += [f"rule {v.rule}", f"offset {v.offset}", f"length {v.length}", f"frame {v.frame}"]
            lines += [f"frame-offset {v.frame_offset}", f"header {v.header.hex()}", f"close-code {v.close_code}"]
            lines.append(f"packet {stream.packet_of(v.offset + max(v.length, 1) - 1)}")
    return lines


def write(path: Path, paragraphs: list[str], known: Known, judged: Path | None = None) -> None:
    """Writes the note of a capture; for an export, `judged` is its capture, and packets and addresses are left out."""
    lines = []
    for paragraph in paragraphs:
        lines += textwrap.wrap(
            paragraph,
            WIDTH,
            initial_indent="# ",
            subsequent_indent="# ",
            break_on_hyphens=False,
            break_long_words=False,
        )
    expected = expect(judged or path, known)
    if judged:
        expected = [line for line in expected if line.partition(" ")[0] not in ("packet", "client", "server")]
    lines += ["", *expected]
    path.with_suffix(".note").write_text("\n".join(lines) + "\n", encoding="utf-8")


def parse(path: Path) -> tuple[list[str], Known]:
    """The expectations of a note as lines, and what the independent judge needs to be given."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    while lines and not lines[0]:
        lines.pop(0)
    known, skipped = Known([]), []
    for line in lines:
        key, _, value = line.partition(" ")
        talk = known.talks[-1] if known.talks else None
        if key == "option":
            known.options.append(value)
            name, _, number = value.partition(" ")
            if name == "--max-message":
                known.limits["max_message"] = int(number)
        elif key == "keylog":
            known.keylog = value
        elif key == "conversation":
            known.talks.append(Talk(None, None))
        elif key == "notice":
            (talk.notices if talk else known.notices).append(value)
        elif key == "opening":
            name, _, status = value.partition(" ")
            talk.opening, talk.refused = name, int(status) if status else None
        elif key == "from":
            sender = value
        elif key == "gap":
            talk.gap[sender] = value
        elif key == "skipped":
            skipped.append(int(value))
    known.any_number = not any(line.startswith("conversations ") for line in lines)
    if skipped:
        known.middle = (skipped[0], skipped[1])
    return lines, known
