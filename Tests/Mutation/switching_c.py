"""The same for C (switching.py), where an operator's operands have to be found: `a < b` becomes an expression with a choice.

An operand ends at an operator of lower precedence, at an unmatched bracket, or at the end of the statement. Preprocessor
directives are not switched. Line numbers do not change.
"""
import re

from operators import blanked

LEVELS = [["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<", ">", "<=", ">="], ["<<", ">>"], ["+", "-"], ["*", "/", "%"]]
LEVEL = {operator: level for level, operators in enumerate(LEVELS, 1) for operator in operators}
ASSIGNMENTS = {"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="}
TOKEN = re.compile(r"\s+|0[xX][0-9A-Fa-f]+\w*|[\w.]+|<<=|>>=|->|\+\+|--|[-+*/%&|^<>=!]=|&&|\|\||<<|>>|.", re.S)
COMPARISONS = {"==", "!=", "<", "<=", ">", ">="}


class Code:
    """The tokens of a file, and the matching brackets."""

    def __init__(self, source):
        self.text = blanked(source, swift=False)
        # Directives are not code.
        self.text = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda match: re.sub(r"[^\n]", " ", match.group()), self.text, flags=re.M)
        self.tokens = [(match.group(), match.start()) for match in TOKEN.finditer(self.text) if not match.group().isspace()]
        self.index = {place: index for index, (_, place) in enumerate(self.tokens)}
        self.other, open_ones = {}, []
        for index, (token, _) in enumerate(self.tokens):
            if token in "([{":
                open_ones.append(index)
            elif token in ")]}" and open_ones:
                begin = open_ones.pop()
                self.other[begin], self.other[index] = index, begin

        # Bodies of functions, except for constants in them.
        self.is_code, at = bytearray(len(source)), 0
        while at < len(self.tokens):
            if self.tokens[at][0] == "{":
                if self.tokens[at - 1][0] == ")":
                    begin, end = self.tokens[at][1], self.tokens[self.other[at]][1]
                    self.is_code[begin:end] = b"\1" * (end - begin)
                at = self.other[at]
            at += 1
        for match in re.finditer(r"^[ \t]*static const\b[^;]*;", self.text, re.M):
            self.is_code[match.start() : match.end()] = bytes(len(match.group()))

    def is_binary(self, index):
        before = self.tokens[index - 1][0]
        return before in (")", "]") or bool(re.match(r"\w", before)) and before not in ("return", "case")

    def ends(self, index, level):
        """Whether an operand of this level ends at a token."""
        token = self.tokens[index][0]
        if token in ASSIGNMENTS or token in (";", ",", "?", ":", "return", "case", "else", "do"):
            return True
        return token in LEVEL and self.is_binary(index) and LEVEL[token] < level

    def left(self, index, level):
        at = index - 1
        while True:
            token = self.tokens[at][0]
            if token in ")]":
                at = self.other[at] - 1
                if self.tokens[at][0] in ("for", "if", "while", "switch"):
                    return self.tokens[self.other[at + 1] + 1][1]
            elif token in "([{}" or self.ends(at, level):
                return self.tokens[at + 1][1]
            else:
                at -= 1

    def right(self, index, level):
        at = index + 1
        while True:
            token = self.tokens[at][0]
            if token in "([{":
                at = self.other[at] + 1
            elif token in ")]}" or (self.ends(at, level) and at > index + 1):
                return self.end(at - 1)
            else:
                at += 1

    def end(self, index):
        token, place = self.tokens[index]
        return place + len(token)

    def operand(self, index):
        """Where the operand of a unary operator ends."""
        at = index + 1
        while self.tokens[at][0] in ("!", "~", "-", "*", "&", "++", "--"):
            at += 1
        if self.tokens[at][0] == "(":
            at = self.other[at]
        while self.tokens[at + 1][0] in ("(", "[", ".", "->"):
            at = self.other[at + 1] if self.tokens[at + 1][0] in "([" else at + 2
        return self.end(at)

    def reach(self, mutant):
        """The range of a mutant's expression; None if it is not code."""
        if mutant.place not in self.index or not self.is_code[mutant.place]:
            return None
        index = self.index[mutant.place]
        if mutant.kind == "not":
            return mutant.place, self.operand(index)
        if mutant.kind != "binary":
            return mutant.place, mutant.place + mutant.count
        if mutant.old in ASSIGNMENTS:
            return self.left(index, 0), self.right(index, 0)
        if mutant.old not in LEVEL or not self.is_binary(index):
            return None
        return self.left(index, LEVEL[mutant.old]), self.right(index, LEVEL[mutant.old] + 1)


def switched(source, places):
    """A file with the mutants of these sites in it."""
    code = Code(source)
    known = sorted(((code.reach(site[0][1]), site) for site in places if code.reach(site[0][1])),
                   key=lambda one: (one[0][0], -one[0][1], one[1][0][1].kind != "statement"))
    return render(source, 0, len(source), known)


def possible(source, places):
    """The sites that are in code."""
    code = Code(source)
    return [site for site in places if code.reach(site[0][1])]


def render(source, begin, end, known):
    """The text from `begin` to `end` with the sites in it, the outer ones first."""
    text, at = [], begin
    while known:
        (first, last), site = known[0]
        inner = [one for one in known[1:] if one[0][0] < last]
        known = [one for one in known[1:] if one[0][0] >= last]
        text += [source[at:first], one_site(source, first, last, site, inner)]
        at = last
    return "".join(text) + source[at:end]


def one_site(source, first, last, site, inner):
    number, mutant = site[0]
    end = mutant.place + mutant.count

    def part(begin, stop):
        return render(source, begin, stop, [one for one in inner if begin <= one[0][0] and one[0][1] <= stop])

    def again(text):
        return re.sub(r"//[^\n]*", " ", text).replace("\n", " ")

    if mutant.kind == "statement":
        return f"{{ if (!mutant_is_on({number})) {part(first, last)} }}"
    if mutant.kind == "number":
        choices = "".join(f"mutant_is_on({one}) ? {other.text} : " for one, other in site)
        return f"(mutant_is_quiet({number}, {len(site)}) ? {mutant.old} : {choices}{mutant.old})"
    if mutant.kind == "not":
        return f"({{ _Bool m{number} = {part(end, last)}; mutant_is_on({number}) ? m{number} : !m{number}; }})"
    left, right = part(first, mutant.place), part(end, last)
    if mutant.old in ASSIGNMENTS:
        return f"(mutant_is_on({number}) ? ({again(left)} {mutant.text} {again(right)}) : ({left} {mutant.old} {right}))"
    if mutant.old in ("&&", "||"):
        return (f"({{ _Bool m{number} = ({left}); mutant_is_on({number}) ? (m{number} {mutant.text} ({again(right)})) "
                f": (m{number} {mutant.old} ({right})); }})")
    a, b = f"m{number}a", f"m{number}b"
    choices = ""
    for one, other in site:
        differs = f"({a} {mutant.old} {b}) != ({a} {other.text} {b}) && " if mutant.old in COMPARISONS else ""
        choices += f"{differs}mutant_is_on({one}) ? {a} {other.text} {b} : "
    return (f"({{ __auto_type {a} = ({left}); __auto_type {b} = ({right}); mutant_is_quiet({number}, {len(site)}) "
            f"? {a} {mutant.old} {b} : {choices}{a} {mutant.old} {b}; }})")
