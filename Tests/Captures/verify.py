"""Checks the captures' notes against the independent dissector and judge, and its reassembly against tshark's.

    python verify.py [FOLDER]

Needs nothing but Python's standard library; if tshark is installed, the bytes of every connection without a gap
are compared with its `follow,tcp,raw`.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import http2
import notes
from packets import read
from streams import connections

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "Fixtures" / "captures"
LARGEST = 60 * 1024
PREFERENCES = ("-o", "tcp.reassemble_out_of_order:TRUE", "-o", "ip.defragment:TRUE")


def followed(path: Path, number: int) -> dict[bool, bytes]:
    """Both directions of a connection as reassembled by tshark; the key says whether the first side sent it."""
    words = ["tshark", "-2", "-q", "-n", *PREFERENCES, "-r", str(path), "-z", f"follow,tcp,raw,{number}"]
    printed = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    said = {True: b"", False: b""}
    for line in printed.splitlines():
        if re.fullmatch(r"\t?[0-9a-f]+", line):
            said[not line.startswith("\t")] += bytes.fromhex(line.strip())
    first = re.search(r"Node 0: (.*)", printed)
    return {**said, "first": first[1] if first else ""}


def check_bytes(path: Path) -> None:
    """Compares the reassembly with tshark's."""
    for number, connection in enumerate(connections(read(path)[0])[0]):
        if any(side.gap for side in connection.sides) or not any(side.stream for side in connection.sides):
            continue
        theirs = followed(path, number)
        host, port = connection.sides[0].address
        turned = theirs["first"] not in (f"{host}:{port}", f"[{host}]:{port}")
        for index, side in enumerate(connection.sides):
            assert theirs[(index == 0) != turned] == side.stream, f"tshark has other bytes of connection {number}"


def check(path: Path, with_tshark: bool) -> None:
    """Checks one capture."""
    note = path.with_suffix(".note")
    assert path.stat().st_size <= LARGEST, "too large"
    assert note.exists(), "no note"
    lines, known = notes.parse(note)
    if "opening http2" in lines and http2.hpack is None:
        print(f"{path.name}: not checked, as the package hpack is not there")
        return
    assert notes.expect(path, known) == lines, "the judge says something else"
    if with_tshark:
        check_bytes(path)


def main() -> int:
    """Checks every capture of the folder."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_FOLDER
    with_tshark = shutil.which("tshark") is not None
    paths, wrong = sorted(path for path in folder.rglob("*") if path.suffix in (".pcap", ".pcapng")), 0
    # The dissector knows no tunnels, which make-tunnels compares with tshark, and accepts segments that a receiver would reject.
    paths = [path for path in paths if path.parent.name not in ("tunnels", "forged")]
    for path in paths:
        try:
            check(path, with_tshark)
        except (AssertionError, ValueError, KeyError, notes.Surprise) as error:
            wrong += 1
            print(f"{path.relative_to(folder)}: {error}")
    print(f"{len(paths)} captures, {wrong} wrong{'' if with_tshark else '; tshark is not there to be asked'}")
    return 1 if wrong or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
