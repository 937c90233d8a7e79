"""Checks the recorded fixtures with the reference judge, and the judge with damaged copies of them.

    python verify.py [FOLDER]

Needs nothing but Python's standard library.
"""

import sys
from pathlib import Path

from fixture import parse
from judge import expectations, file_verdict, judge, split_handshake

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "Fixtures" / "recorded"
NAME_OF_STATE = {
    "complete": "accept",
    "incomplete-frame": "incomplete-frame",
    "incomplete-message": "incomplete-message",
}


def check_file(path: Path) -> int:
    """Checks one fixture; returns the number of damaged copies that were judged on the way."""
    recorded, terms, expected = parse(path.read_text(encoding="utf-8"))
    handshake, stream = split_handshake(recorded)
    assert handshake, "no handshake"
    limits = (terms.sender, terms.deflate, terms.max_frame, terms.max_message)
    verdict = judge(stream, *limits)
    assert expectations(verdict) == expected, "the judge says something else"
    named = dict(expected)
    name = f"reject.{named['rule']}" if named["state"] == "violation" else NAME_OF_STATE[named["state"]]
    assert name == file_verdict(verdict) and path.name.startswith(f"{name}."), "the file's name says something else"
    assert path.name.endswith(f".{terms.sender}.hex"), "the file's name has another sender"
    for byte_cut in range(len(stream) + 1) if len(stream) < 4096 else ():
        early = judge(stream[:byte_cut], *limits)
        due = verdict.violation is not None and byte_cut >= verdict.violation.offset + verdict.violation.length
        assert (early.violation == verdict.violation) if due else (early.violation is None), f"cut at {byte_cut}"
    return check_spoilt(stream, limits, verdict)


def check_spoilt(stream: bytes, limits: tuple, verdict) -> int:
    """Damages the stream in known ways and expects the known verdicts."""
    if len(stream) < 2:
        return 0

    def rule(spoilt: bytes) -> tuple:
        violation = judge(spoilt, *limits).violation
        return (violation.rule, violation.offset) if violation else ()

    tried = 1
    assert rule(bytes([stream[0] | 0x20]) + stream[1:]) == ("reserved-bits", 0), "RSV2 on the first frame"
    if verdict.violation is None or verdict.violation.offset > 1:
        wrong_mask = "unmasked-client-frame" if limits[0] == "client" else "masked-server-frame"
        flipped = stream[:1] + bytes([stream[1] ^ 0x80]) + stream[2:]
        assert rule(flipped) == (wrong_mask, 1), "MASK bit of the first frame"
        assert rule(bytes([stream[0] & 0x80 | 3]) + stream[1:]) == ("reserved-opcode", 0), "opcode of the first frame"
        tried += 2
    if verdict.state == "complete":
        assert judge(stream[:-1], *limits).state == "incomplete-frame", "without the last byte"
        masked = limits[0] == "client"
        stray = bytes([0x80, 0x80]) + bytes(4) if masked else bytes([0x80, 0])
        broken = "data-after-close" if verdict.closed else "unexpected-continuation"
        assert rule(stream + stray) == (broken, len(stream)), "a continuation after the end"
        tried += 2
    return tried


def main() -> int:
    """Checks every file of the folder."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_FOLDER
    paths, wrong, spoilt = sorted(folder.rglob("*.hex")), 0, 0
    for path in paths:
        try:
            spoilt += check_file(path)
        except (AssertionError, ValueError, KeyError) as error:
            wrong += 1
            print(f"{path.relative_to(folder)}: {error}")
    print(f"{len(paths)} files, {wrong} wrong; {spoilt} spoilt copies judged")
    return 1 if wrong or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
