"""Mutations of a source file: one small change each, chosen so that a test that looks should notice it."""
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One change: `count` characters at `place` become `text`."""

    file: str
    place: int
    count: int
    text: str
    line: int
    was: str

    @property
    def name(self):
        # By the text of the line, so that a name stays when lines are added before it.
        return f"{self.file}: {self.was.strip()} [{self.column}] -> {self.text.strip() or 'nothing'}"

    @property
    def column(self):
        return self.place - self.line_start

    line_start: int = 0

    def applied(self, source):
        return source[: self.place] + self.text + source[self.place + self.count :]


# Binary operators stand between spaces, as the formatter puts them.
SWAPS = {
    "==": ["!="], "!=": ["=="], "<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"],
    "&&": ["||"], "||": ["&&"],
    "+": ["-"], "-": ["+"], "&+": ["&-"], "&-": ["&+"], "*": ["+"], "&*": ["&+"],
    "&": ["|"], "|": ["&"], "^": ["|"], "<<": [">>"], ">>": ["<<"], "&<<": ["&>>"], "&>>": ["&<<"],
    "..<": ["..."], "...": ["..<"], "+=": ["-="], "-=": ["+="], "&+=": ["&-="], "&-=": ["&+="], "|=": ["&="], "&=": ["|="],
}
BINARY = re.compile(r"(?<=\s)(" + "|".join(re.escape(op) for op in sorted(SWAPS, key=len, reverse=True)) + r")(?=\s)")
RANGE = re.compile(r"(?<=[\w)\]])(\.\.<|\.\.\.)(?=[\w(])")
NUMBER = re.compile(r"(?<![\w.$\"])(0x[0-9A-Fa-f_]+|[0-9][0-9_]*)(?![\w.])")
WORD = re.compile(r"(?<![\w.])(true|false)(?!\w)")
NOT = re.compile(r"(?<=[\s(,])!(?=[\w(.])")
MIN_MAX = re.compile(r"(?<![\w.])(min|max)(?=\()")
# A statement on a line of its own that may be left out: a call, or an assignment to something that exists.
STATEMENT = re.compile(r"^[ \t]+(?!(?:return|let|var|case|default|guard|if|else|for|while|switch|func|throw|defer|do|repeat|import|"
                       r"public|private|static|init|struct|enum|extension|typealias|precondition|#)\b)"
                       r"(?:try )?[\w.\[\]]+(?:\([^{}]*\)| (?:&?[-+|&]|>>|<<|)?= [^{}]*)$", re.M)


def blanked(source):
    """The source with the text of comments and strings replaced by spaces, so that nothing in them is changed."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group())

    return re.sub(r'"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*[\s\S]*?\*/', blank, source)


def mutants(file, source):
    """All mutants of a file, in their order."""
    code = blanked(source)
    found = []

    def add(place, count, text):
        start = code.rfind("\n", 0, place) + 1
        end = code.find("\n", place)
        was = source[start : end if end >= 0 else len(source)]
        found.append(Mutant(file, place, count, text, code.count("\n", 0, place) + 1, was, start))

    for match in BINARY.finditer(code):
        for other in SWAPS[match.group()]:
            add(match.start(), len(match.group()), other)
    for match in RANGE.finditer(code):
        add(match.start(), 3, SWAPS[match.group()][0])
    for match in NUMBER.finditer(code):
        value = int(match.group().replace("_", ""), 0)
        add(match.start(), len(match.group()), str(value + 1))
        if value:
            add(match.start(), len(match.group()), str(value - 1))
    for match in WORD.finditer(code):
        add(match.start(), len(match.group()), "false" if match.group() == "true" else "true")
    for match in NOT.finditer(code):
        add(match.start(), 1, "")
    for match in MIN_MAX.finditer(code):
        add(match.start(), 3, "max" if match.group() == "min" else "min")
    for match in STATEMENT.finditer(code):
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        add(start, match.end() - start, "_ = ()" if file.endswith(".swift") else ";")
    return sorted(found, key=lambda mutant: (mutant.place, mutant.text))
