"""The record of a run that is kept in the repository, so that another machine continues where this one stopped.

A killed or unbuildable mutant is named by the first eight hexadecimal digits of the SHA-256 of its name, which contains its line of
code: a line that changes is tried again. A survivor is named in full.
"""
import hashlib
import pathlib
import textwrap

SHORT = ["killed", "unbuildable"]


def digest(name):
    return hashlib.sha256(name.encode()).hexdigest()[:8]


def read(path, everything):
    """Results by the name of the mutant, for the mutants that still exist."""
    path = pathlib.Path(path)
    if not path.exists():
        return {}
    results, file, result = {}, "", ""
    for line in path.read_text(encoding="utf8").split("\n"):
        if line.startswith("Sources/"):
            file, _, result = line.rpartition(" ")
        elif result == "survived" and line:
            results[f"{file}: {line.strip()}"] = result
        else:
            results.update(((file, short), result) for short in line.split())
    named = ((mutant, results.get((mutant.file, digest(mutant.name))) or results.get(mutant.name)) for mutant in everything)
    return {mutant.name: {"name": mutant.name, "line": mutant.line, "result": found} for mutant, found in named if found}


def write(path, everything, known):
    lines = []
    for file in sorted({mutant.file for mutant in everything}):
        names = [mutant.name for mutant in everything if mutant.file == file and mutant.name in known]
        for result in SHORT:
            short = sorted(digest(name) for name in names if known[name]["result"] == result)
            if short:
                lines += [f"{file} {result}", *textwrap.wrap(" ".join(short), 130, initial_indent="    ", subsequent_indent="    ")]
        survived = sorted(name.split(": ", 1)[1] for name in names if known[name]["result"] == "survived")
        if survived:
            lines += [f"{file} survived", *(f"    {name}" for name in survived)]
    pathlib.Path(path).write_text("\n".join(lines) + "\n", encoding="utf8")
