"""Prints the `#=` lines for a fixture according to the independent judge, and how its name must begin.

    python expect.py FILE           # prints them
    python expect.py --write FILE   # replaces those in the file, or inserts them before its first bytes

Lines about the diagnosis are left unchanged. Needs nothing but Python's standard library.
"""

import sys
from pathlib import Path

from fixture import parse
from judge import expectations, file_verdict, judge, split_handshake

OF_DIAGNOSIS = ("diagnosis", "suspect", "certainty")


def replaced(text: str, lines: list[str]) -> str:
    """The text of a fixture with its verdict replaced by these lines."""
    kept, place = [], None
    for line in text.split("\n"):
        name = line[3:].partition(" ")[0] if line.startswith("#= ") else None
        if place is None and (name or (line and not line.startswith("#"))):
            place = len(kept)
        if name is None or name in OF_DIAGNOSIS:
            kept.append(line)
    place = len(kept) if place is None else place
    gap = [""] if place < len(kept) and kept[place] and not kept[place].startswith("#") else []
    return "\n".join(kept[:place] + lines + gap + kept[place:])


def main() -> int:
    """Prints or writes the lines of one file."""
    words = [word for word in sys.argv[1:] if word != "--write"]
    if len(words) != 1:
        print(__doc__)
        return 2
    path = Path(words[0])
    text = path.read_text(encoding="utf-8")
    recorded, terms, _ = parse(text)
    stream = split_handshake(recorded)[1]
    verdict = judge(stream, terms.sender, terms.deflate, terms.max_frame, terms.max_message)
    lines = [f"#= {name} {value}" for name, value in expectations(verdict)]
    if "--write" in sys.argv:
        path.write_text(replaced(text, lines), encoding="utf-8")
    else:
        print("\n".join(lines))
    name = file_verdict(verdict)
    if not path.name.startswith(f"{name}."):
        print(f"the file's name must begin with {name}.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
