"""Finds the inputs to judge: the captures below some folders, with those of a series taken together. Needs no package."""

import hashlib
import os
import re
from dataclasses import dataclass

#: The first bytes of pcap (in both byte orders, with both units of time), pcapng and gzip.
BEGINNINGS = tuple(
    bytes.fromhex(word) for word in ("a1b2c3d4", "d4c3b2a1", "a1b23c4d", "4d3cb2a1", "a1b2cd34", "34cdb2a1", "0a0d0d0a", "1f8b")
)

#: The part in which the names of a series differ, and what replaces it in the name of the series.
SERIES = (
    # tcpdump -C counts after the suffix, from 1, or with -W from 0: trace.pcap, trace.pcap1, trace.pcap2.
    (re.compile(r"(\.(?:pcapng|pcap|cap))\d+(?=$|\.gz$)"), r"\1"),
    # A ring buffer of dumpcap or Wireshark: trace_00001_20261129100000.pcapng.
    (re.compile(r"_\d{5,}_\d{14}(?=\.|$)"), "_*"),
    # tcpdump -G, with the date and the time of day in the name.
    (re.compile(r"\d{4}-?\d\d-?\d\d[-T_. ]?\d\d[-:._]?\d\d(?:[-:._]?\d\d)?Z?"), "*"),
)


@dataclass(frozen=True)
class Input:
    """A capture, or the files of a series."""

    #: The path of the capture; for a series, the path that represents all of its files.
    name: str
    #: (path, size, time of last modification in nanoseconds), sorted.
    files: tuple[tuple[str, int, int], ...]

    @property
    def size(self) -> int:
        """The total size of all files in bytes."""
        return sum(size for _, size, _ in self.files)

    def version(self, tool: str) -> str:
        """Identifies what a verdict applies to: these files, as long as nobody writes to them, and this version of the tool."""
        return hashlib.sha256(repr((tool, self.name, self.files)).encode()).hexdigest()[:32]

    def has_changed(self) -> str | None:
        """Returns the first file that has changed since it was found."""
        return next((path for path, *known in self.files if state(path) != known), None)


def state(path: str) -> list[int] | None:
    """Returns the size and the time of last modification; None if the file does not exist."""
    try:
        seen = os.stat(path)
    except OSError:
        return None
    return [seen.st_size, seen.st_mtime_ns]


def series_name(path: str) -> str:
    """Returns the name under which all files of a series are combined."""
    folder, name = os.path.split(path)
    for differs, stands in SERIES:
        name = differs.sub(stands, name)
    return os.path.join(folder, name)


def looks_like_a_capture(path: str) -> bool:
    """Judges a file by its first bytes. If it then is not a capture, it gets a row that says so."""
    try:
        with open(path, "rb") as file:
            return file.read(4).startswith(BEGINNINGS)
    except OSError:
        return True


def files_below(folders: list[str]):
    """Yields every file that is not hidden, sorted by name; a path of a file yields that file."""
    for given in folders:
        if not os.path.isdir(given):
            yield given
            continue
        for folder, below, names in os.walk(given):
            below[:] = sorted(name for name in below if not name.startswith("."))
            yield from (os.path.join(folder, name) for name in sorted(names) if not name.startswith("."))


def find(folders: list[str], joins: bool = True) -> tuple[list[Input], int]:
    """Returns the inputs, sorted by name, and the number of files that were skipped because they are not captures."""
    groups: dict[str, set[str]] = {}
    passed_over = 0
    for path in files_below(folders):
        if looks_like_a_capture(path):
            groups.setdefault(series_name(path) if joins else path, set()).add(path)
        else:
            passed_over += 1
    found = []
    for name, paths in sorted(groups.items()):
        files = tuple((path, *(state(path) or (0, 0))) for path in sorted(paths))
        found.append(Input(name if len(files) > 1 else files[0][0], files))
    return found, passed_over
