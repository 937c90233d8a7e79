"""Swift sources that contain all their mutants at once, and learn at run time which one of them is on.

Whatever may change becomes a call with the number of its first mutant: a number `mutantNumber(123, 5, 6, 4)`, a statement
`if mutantKeeps(123) { … }`, and a binary operator a custom operator whose two characters encode a number. It has the
precedence of the original, so that its operands need not be found. What does not compile in this form
is left out (bench.py). Line numbers do not change.
"""
import re
from collections import defaultdict

from operators import SWAPS

PRECEDENCE = {
    "==": "Comparison", "!=": "Comparison", "<": "Comparison", "<=": "Comparison", ">": "Comparison", ">=": "Comparison",
    "&&": "LogicalConjunction", "||": "LogicalDisjunction", "+": "Addition", "-": "Addition", "&+": "Addition", "&-": "Addition",
    "|": "Addition", "^": "Addition", "*": "Multiplication", "&*": "Multiplication", "&": "Multiplication",
    "<<": "BitwiseShift", ">>": "BitwiseShift", "&<<": "BitwiseShift", "&>>": "BitwiseShift",
    "..<": "RangeFormation", "...": "RangeFormation",
    "+=": "Assignment", "-=": "Assignment", "&+=": "Assignment", "&-=": "Assignment", "|=": "Assignment", "&=": "Assignment",
}

# For each kind of operator: generic parameters, the two parameters, and the result.
COMPARED = ("<T: Comparable>", "_ a: T, _ b: T", " -> Bool")
SHAPES = {
    **dict.fromkeys(["<", "<=", ">", ">="], COMPARED),
    **dict.fromkeys(["==", "!="], ("<T: Equatable>", "_ a: T, _ b: T", " -> Bool")),
    **dict.fromkeys(["+", "-"], ("<T: AdditiveArithmetic>", "_ a: T, _ b: T", " -> T")),
    **dict.fromkeys(["*", "&+", "&-", "&*", "|", "&", "^"], ("<T: FixedWidthInteger>", "_ a: T, _ b: T", " -> T")),
    **dict.fromkeys(["<<", ">>", "&<<", "&>>"], ("<T: FixedWidthInteger, R: FixedWidthInteger>", "_ a: T, _ b: R", " -> T")),
    **dict.fromkeys(["+=", "-="], ("<T: AdditiveArithmetic>", "_ a: inout T, _ b: T", "")),
    **dict.fromkeys(["&+=", "&-=", "|=", "&="], ("<T: FixedWidthInteger>", "_ a: inout T, _ b: T", "")),
    **dict.fromkeys(["&&", "||"], ("", "_ a: Bool, _ b: @autoclosure () throws -> Bool", " rethrows -> Bool")),
    "..<": ("<T: FixedWidthInteger>", "_ a: T, _ b: T", " -> Range<T>"),
    "...": ("<T: FixedWidthInteger>", "_ a: T, _ b: T", " -> ClosedRange<T>"),
}

HELPERS = """
internal import MutantSwitch

@inline(__always) public func mutantNumber<T: FixedWidthInteger>(_ id: Int32, _ was: T, _ first: T) -> T {
    mutant_is_quiet(id, 1) ? was : mutant_is_on(id) ? first : was
}
@inline(__always) public func mutantNumber<T: FixedWidthInteger>(_ id: Int32, _ was: T, _ first: T, _ second: T) -> T {
    mutant_is_quiet(id, 2) ? was : mutant_is_on(id) ? first : mutant_is_on(id + 1) ? second : was
}
@inline(__always) public func mutantFlip(_ id: Int32, _ was: Bool) -> Bool { mutant_is_on(id) ? !was : was }
@inline(__always) public func mutantKeeps(_ id: Int32) -> Bool { !mutant_is_on(id) }
@inline(__always) public func mutantMin<T: Comparable>(_ id: Int32, _ a: T, _ b: T) -> T {
    mutant_is_quiet(id, 1) || a == b ? min(a, b) : mutant_is_on(id) ? max(a, b) : min(a, b)
}
@inline(__always) public func mutantMax<T: Comparable>(_ id: Int32, _ a: T, _ b: T) -> T {
    mutant_is_quiet(id, 1) || a == b ? max(a, b) : mutant_is_on(id) ? min(a, b) : max(a, b)
}
"""

# A C library, since Swift has no variable that is initialised before its first use and free of locks.
SWITCH_HEADER = """
#include <stdint.h>
extern int32_t mutant_active;
void mutant_record(int32_t id);
/// Whether none of `count` mutants from `id` on is on, and nothing is recorded.
static inline _Bool mutant_is_quiet(int32_t id, int32_t count) {
    return (uint32_t)(mutant_active - id) >= (uint32_t)count && mutant_active >= 0;
}
static inline _Bool mutant_is_on(int32_t id) {
    if (mutant_active == id) return 1;
    if (mutant_active < 0) mutant_record(id);
    return 0;
}
"""
SWITCH_SOURCE = """
#include "MutantSwitch.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
int32_t mutant_active;
static unsigned char *seen;
void mutant_record(int32_t id) { if (seen) seen[id] = 1; }
/// MUTANT: the number of the mutant that is on; MUTANTS_SEEN: a file with a byte for each, set if something would be different.
__attribute__((constructor)) static void set(void) {
    const char *active = getenv("MUTANT"), *file = getenv("MUTANTS_SEEN");
    if (active) mutant_active = atoi(active);
    if (!file) return;
    seen = mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, open(file, O_RDWR), 0);
    mutant_active = seen == MAP_FAILED ? 0 : -1;
    if (seen == MAP_FAILED) seen = 0;
}
"""


def symbol(number):
    """An operator that is not used otherwise."""
    return chr(0x2500 + number // 600) + chr(0x2500 + number % 600)


def number(text):
    return (ord(text[0]) - 0x2500) * 600 + ord(text[1]) - 0x2500


def result(operator, name):
    """The result of an operator, as an expression of a and b; a range has the type that `name` gives, although it cannot be empty then."""
    if name in ("&&", "||"):
        return f"try a {operator} b()"
    if name in ("..<", "..."):
        return f"a{operator}b" if operator == name else "a..<(b + 1)" if name == "..<" else "a...(b - 1)"
    return f"a {operator} b"


def operator_function(name):
    """The function behind all operators that replace one, with a slow path of its own."""
    generic, parameters, gives = SHAPES[name]
    others = sorted(SWAPS[name])
    assigns, lazy = not gives, name in ("&&", "||")
    passed = "&a" if assigns else "a"
    call = f"{'try ' if lazy else ''}mutantSlow{NAMES[name]}(id, {passed}, {'try b()' if lazy else 'b'})"
    text = [f"@inline(__always) func mutant{NAMES[name]}{generic}(_ id: Int32, {parameters}){gives} {{",
            f"    if mutant_is_quiet(id, {len(others)}) {{ {'return ' if gives else ''}{result(name, name)}{'' if gives else '; return'} }}",
            f"    {'return ' if gives else ''}{call}", "}",
            f"@inline(never) func mutantSlow{NAMES[name]}{generic}(_ id: Int32, {parameters}){gives} {{"]
    for number, other in enumerate(others):
        differs = ""
        if generic in (COMPARED[0], "<T: Equatable>"):
            # Recorded as noticeable only if the other operator gives a different result.
            differs = f"({result(name, name)}) != ({result(other, name)}), "
        text.append(f"    if {differs}mutant_is_on(id + {number}) {{ {'return ' if gives else ''}{result(other, name)}"
                    f"{'' if gives else '; return'} }}")
    text += [f"    {'return ' if gives else ''}{result(name, name)}", "}"]
    return "\n".join(text)


NAMES = {name: "Operator" + "".join(f"{ord(letter):X}" for letter in name) for name in SHAPES}


def support(operators):
    """The additional source that a module needs for its operators: pairs of a number and what it stands for."""
    text = [HELPERS]
    text += [operator_function(name) for name in sorted({name for _, name in operators if name != "!"})]
    for number, name in operators:
        if name == "!":
            text.append(f"prefix operator {symbol(number)}\n@inline(__always) public prefix func {symbol(number)}(_ a: Bool) -> Bool "
                        f"{{ mutant_is_on({number}) ? a : !a }}")
            continue
        generic, parameters, gives = SHAPES[name]
        lazy = name in ("&&", "||")
        text.append(f"infix operator {symbol(number)}: {PRECEDENCE[name]}Precedence\n"
                    f"@inline(__always) public func {symbol(number)}{generic}({parameters}){gives} {{ "
                    f"{'try ' if lazy else ''}mutant{NAMES[name]}({number}, {'&a' if not gives else 'a'}, {'try b()' if lazy else 'b'}) }}")
        if name in ("+", "-"):
            # The same with pointers.
            text.append(f"@inline(__always) public func {symbol(number)}<P: _Pointer>(_ a: P, _ b: Int) -> P {{ "
                        f"a.advanced(by: mutant_is_on({number}) {'==' if name == '-' else '!='} true ? b : -b) }}")
    return "\n".join(text) + "\n"


def sites(mutants):
    """The mutants of a file, grouped by the code that they change: lists of pairs of a number and a mutant."""
    found = defaultdict(list)
    for number, mutant in mutants:
        found[(mutant.place, mutant.kind)].append((number, mutant))
    return list(found.values())


def switched(source, places):
    """A file with the mutants of these sites in it, and its operators."""
    edits, operators = [], []
    for site in places:
        number, mutant = site[0]
        place, end = mutant.place, mutant.place + mutant.count
        if mutant.kind == "statement":
            # Around any other changes inside it.
            edits += [(place, 0, 0, f"if mutantKeeps({number}) {{ "), (end, -1, 0, " }")]
            continue
        if mutant.kind in ("binary", "not"):
            operators.append((number, "!" if mutant.kind == "not" else mutant.old))
            text = symbol(number)
        elif mutant.kind == "number":
            text = f"mutantNumber({number}, {', '.join([mutant.old, *(other.text for _, other in site)])})"
        elif mutant.kind == "word":
            text = f"mutantFlip({number}, {mutant.old})"
        else:
            text, end = f"mutant{mutant.old.capitalize()}({number}, ", end + 1
        edits.append((place, 1, end - place, text))
    # From the end to the beginning; insertions at a place come last.
    for place, _, count, text in sorted(edits, key=lambda edit: (edit[0], edit[1]), reverse=True):
        source = source[:place] + text + source[place + count :]
    # Nothing may be inlined into another module, where the operators are unknown.
    return not_inlinable(source), operators


def not_inlinable(source):
    """A file of which nothing is inlined into another module, where the operators are not known."""
    return re.sub(r"@inlinable\b", "", source)
