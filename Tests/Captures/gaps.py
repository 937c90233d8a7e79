"""Judges streams with missing bytes, based on the plain judge of the recordings.

Inside a payload, the header says where the next frame begins. Otherwise it begins with the first packet after the missing
bytes from which complete frames lead to the next hole or to the end. Needs no package.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Recording"))

from judge import Broken, Judge, OutOfBytes, Verdict


class Holed(Exception):
    """Raised when the requested field has missing bytes."""


class JudgeWithHoles(Judge):
    """Judges a stream in which filler stands for the missing bytes."""

    def __init__(self, stream: bytes, packets: list[int], holes: list[range], *rest, **more):
        super().__init__(stream, *rest, **more)
        self.packets = packets
        self.holes = [hole for hole in holes if hole.start < len(stream)]
        self.verdict.size -= sum(len(hole) for hole in self.holes)

    def hole(self, begin: int, end: int) -> range | None:
        """The first hole that overlaps the range."""
        return next((hole for hole in self.holes if hole.start < end and hole.stop > begin), None)

    def take(self, count: int) -> bytes:
        """The bytes of the next field."""
        if self.hole(self.at, self.at + count):
            raise Holed
        return super().take(count)

    def payload(self, key: bytes, length: int) -> None:
        """The payload, as far as it is there."""
        begin, end = self.at, self.at + length
        hole = self.hole(begin, end)
        if hole is None:
            super().payload(key, length)
            return
        whole, self.stream = self.stream, self.stream[: hole.start]
        try:
            super().payload(key, length)
        except OutOfBytes:
            pass
        finally:
            self.stream = whole
        if self.opcode < 8:
            self.text = self.inflater = None
        last = [other for other in self.holes if other.start < end][-1]
        if end > len(self.stream):
            raise OutOfBytes
        if end < last.stop:
            raise Holed
        self.at = end

    def run(self) -> Verdict:
        """Judges the whole stream, from one known frame to the next."""
        verdict, start = self.verdict, 0
        while start < len(self.stream):
            if self.hole(start, start + 1):
                start = self.boundary(start)
                continue
            self.at, self.header_end = start, None
            try:
                self.frame(start)
            except Holed:
                start = self.boundary(start)
                continue
            except OutOfBytes:
                verdict.state = "incomplete-frame"
                return verdict
            except Broken as broken:
                raise SystemExit(f"{broken.args} in a stream with holes: say what is expected in another way") from broken
            verdict.frames += 1
            start = self.at
        verdict.state = "incomplete-message" if self.message_open else "complete"
        return verdict

    def boundary(self, start: int) -> int:
        """Where the next frame begins, at or after the end of the hole at `start`."""
        at = next(hole.stop for hole in self.holes if hole.stop > start)
        self.message_open, self.text = False, None
        for place in range(at, len(self.stream)):
            if (place == at or self.packets[place] != self.packets[place - 1]) and self.leads_on(place):
                return place
        return len(self.stream)

    def leads_on(self, place: int) -> bool:
        """Whether complete frames lead from here to the next hole, or to the end."""
        end = min([hole.start for hole in self.holes if hole.start > place] + [len(self.stream)])
        part = Judge(self.stream[place:end], self.sender, self.deflate, unknown=self.unknown).run()
        return part.frames > 0 and part.violation is None and part.state == "complete"
