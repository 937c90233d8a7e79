#!/usr/bin/env python3
"""Makes captures to be judged from those of the corpus: on other days, compressed, in series of files, truncated, broken.

    make_captures.py FOLDER COUNT [SEED]

The same arguments give the same bytes. There are also files that are not captures."""

import gzip
import pathlib
import random
import struct
import sys
from dataclasses import replace

HERE = pathlib.Path(__file__).resolve().parent
CORPUS = HERE.parent.parent / "Fixtures" / "captures"
sys.path.append(str(HERE.parent.parent / "Tests" / "Captures"))
import packets  # noqa: E402

DAY = 86_400 * 10**9


def originals():
    """Yields the captures of the corpus that can be rewritten: complete, with one link layer and a time for every packet."""
    for path in sorted(CORPUS.glob("*/*.pcap*")):
        if path.suffix not in (".pcap", ".pcapng"):
            continue
        try:
            series, fault = packets.read(path)
        except packets.Unreadable:
            continue
        if series and not fault and len({packet.link for packet in series}) == 1 and all(p.time for p in series):
            yield path.stem, series


def pcap(series) -> bytes:
    """Returns the bytes of a capture file."""
    written = struct.pack("<IHHiIII", packets.MICRO, 2, 4, 0, 0, 262144, series[0].link)
    for packet in series:
        seconds, rest = divmod(packet.time, 10**9)
        written += struct.pack("<4I", seconds, rest // 1000, len(packet.data), packet.length) + packet.data
    return written


def plain(dice, base, series):
    """Returns a capture."""
    return {base + ".pcap": pcap(series)}


def zipped(dice, base, series):
    """Returns a gzipped capture."""
    return {base + ".pcap.gz": gzip.compress(pcap(series), mtime=0)}


def counted(dice, base, series):
    """Returns a series as tcpdump -C names it: the first file has no number."""
    count = min(len(series), dice.randint(2, 4))
    cuts = [0, *sorted(dice.sample(range(1, len(series)), count - 1)), len(series)] if count > 1 else [0, len(series)]
    parts = [series[begin:end] for begin, end in zip(cuts, cuts[1:], strict=False)]
    return {f"{base}.pcap{number or ''}": pcap(part) for number, part in enumerate(parts)}


def dated(dice, base, series):
    """Returns a series as tcpdump -G names it, with the seconds in the name."""
    half = max(1, len(series) // 2)
    parts = [part for part in (series[:half], series[half:]) if part]
    return {f"{base}-2026-11-29_10:{number:02}:00.pcap": pcap(part) for number, part in enumerate(parts)}


def cut(dice, base, series):
    """Returns a capture that ends inside a packet."""
    return {base + ".pcap": pcap(series)[: -dice.randint(1, 15)]}


def broken(dice, base, series):
    """Returns a file that begins like a capture but is not one."""
    return {base + ".pcap": pcap(series)[:4] + dice.randbytes(500)}


def snapped(dice, base, series):
    """Returns a capture of headers only."""
    return {base + ".pcap": pcap([replace(packet, data=packet.data[:60]) for packet in series])}


KINDS = [plain] * 10 + [zipped] * 2 + [counted] * 3 + [dated, cut, broken, snapped]


def make(folder: pathlib.Path, count: int, seed: int = 6455) -> list[list[pathlib.Path]]:
    """Makes this many captures and series in folders of 50. Returns the files of each."""
    dice, known, made = random.Random(seed), list(originals()), []
    for number in range(count):
        place = folder / f"{number // 50:03}"
        place.mkdir(parents=True, exist_ok=True)
        stem, series = dice.choice(known)
        days = dice.randrange(14) * DAY
        series = [replace(packet, time=packet.time + days) for packet in series]
        # Two on which the stand-in of the test hangs, or crashes.
        kind = plain if number in (1, 2) else dice.choice(KINDS)
        word = {1: "hangs-", 2: "crashes-"}.get(number, "")
        files = kind(dice, f"{word}{number:06}x-{stem}", series)
        for name, content in files.items():
            (place / name).write_bytes(content)
        made.append([place / name for name in files])
    (folder / "README.md").write_text("Captures of all hosts, one folder a rack.\n")
    (folder / "rack.png").write_bytes(bytes.fromhex("89504e470d0a1a0a0000000d49484452"))
    return made


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[2:]]
    print(len(make(pathlib.Path(sys.argv[1]), *arguments)), "inputs")
