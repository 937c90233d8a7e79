"""Mutations of a source file: small changes, chosen so that a good test should notice them."""
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
    # The kind of change: binary, number, word, not, extreme or statement.
    kind: str
    # How many equal lines precede it.
    before: int

    @property
    def place_name(self):
        # Named by the text of the line, so that the name stays when lines are added before it.
        return f"{self.file}: {self.was.strip()}" + (f" #{self.before + 1}" if self.before else "")

    @property
    def name(self):
        return f"{self.place_name} [{self.column}] -> {self.text.strip() or 'nothing'}"

    @property
    def module(self):
        return self.file.split("/")[1]

    @property
    def old(self):
        """The operator that is replaced."""
        return self.was[self.column : self.column + self.count]

    @property
    def column(self):
        return self.place - self.line_start

    line_start: int = 0

    def applied(self, source):
        return source[: self.place] + self.text + source[self.place + self.count :]


# The formatter puts spaces around binary operators.
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
# A statement on a line of its own that may be removed: a call, or an assignment to something that exists.
STATEMENT = re.compile(r"^[ \t]+(?!(?:return|let|var|case|default|guard|if|else|for|while|switch|func|throw|defer|do|repeat|import|"
                       r"public|private|static|init|struct|enum|extension|typealias|precondition|#)\b)"
                       r"(?:try )?(?:NAME\(\w+\)|[\w.\[\]]+)(?:\(| (?:&?[-+|&]|>>|<<|)?= )", re.M)


def blanked(source, swift=True):
    """The source with comments and strings blanked out, so that nothing in them is changed."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group())

    source = re.sub(r"^[ \t]*#(?:if|elseif)\b.*$", blank, source, flags=re.M) if swift else source
    return re.sub(r'"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*[\s\S]*?\*/', blank, source)


def statement_end(code, match):
    """Where the statement that begins there ends, including continuation lines; None if it is more than a statement."""
    def indent(place):
        return re.compile(r"[ \t]*").match(code, place).end() - place

    end = code.find("\n", match.end())
    while 0 <= end < len(code) - 1:
        text = code[match.start() : end]
        line = code[end + 1 : code.find("\n", end + 1)].strip()
        if text.count("(") == text.count(")") and (not line or indent(end + 1) <= indent(match.start())):
            break
        end = code.find("\n", end + 1)
    text = code[match.start() : end].rstrip()
    return None if end < 0 or "{" in text or "}" in text or text[-1] in ",:" else match.start() + len(text)


def mutants(file, source):
    """All mutants of a file, in order."""
    code = blanked(source, file.endswith(".swift"))
    found = []
    lines = source.split("\n")

    def add(place, count, text, kind):
        start = code.rfind("\n", 0, place) + 1
        line = code.count("\n", 0, place)
        before = sum(other.strip() == lines[line].strip() for other in lines[:line])
        found.append(Mutant(file, place, count, text, line + 1, lines[line], kind, before, start))

    for match in BINARY.finditer(code):
        for other in SWAPS[match.group()]:
            add(match.start(), len(match.group()), other, "binary")
    for match in RANGE.finditer(code):
        add(match.start(), 3, SWAPS[match.group()][0], "binary")
    for match in NUMBER.finditer(code):
        value = int(match.group().replace("_", ""), 0)
        add(match.start(), len(match.group()), str(value + 1), "number")
        if value:
            add(match.start(), len(match.group()), str(value - 1), "number")
    for match in WORD.finditer(code):
        add(match.start(), len(match.group()), "false" if match.group() == "true" else "true", "word")
    for match in NOT.finditer(code):
        add(match.start(), 1, "", "not")
    for match in MIN_MAX.finditer(code):
        add(match.start(), 3, "max" if match.group() == "min" else "min", "extreme")
    for match in STATEMENT.finditer(code):
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        end = statement_end(code, match)
        if end is None:
            continue
        add(start, end - start, "_ = ()" if file.endswith(".swift") else ";", "statement")
    return sorted(found, key=lambda mutant: (mutant.place, mutant.kind, mutant.text))
