"""What a server says to the fixtures that break a rule."""

from collections import Counter
from pathlib import Path

import corpus
from server import Server
from wire import PING, PONG, Wire, close_code, frame

SAME, OTHER, CUT, ACCEPTED, WAITS = "the rule's code", "another code", "cut off without a Close", "accepted", "waits"
PROBE = frame(PING, b"did you take it?")


def collect(folder: Path, name: str) -> dict[str, str]:
    """The verdict of a server on each broken fixture, by its name; what only a Close would hide is left out."""
    servers: dict[tuple[str, ...], Server] = {}
    verdicts = {}
    try:
        for fixture in corpus.from_clients():
            if not fixture.rule or fixture.is_closed:
                continue
            options = tuple(word for option in fixture.options for word in option.split("="))
            if options not in servers:
                servers[options] = Server(folder, name, *options)
            verdicts[fixture.name] = verdict(servers[options].port, fixture)
    finally:
        for server in servers.values():
            server.__exit__()
    return verdicts


def verdict(port: int, fixture: corpus.Fixture) -> str:
    """Sends the stream, then a ping. A pong to it says that the broken frame was taken for a good one."""
    frames = []
    with Wire(port, first_bytes=fixture.stream + PROBE, timeout=0.25) as connection:
        try:
            while said := connection.frame():
                frames.append(said)
                if said == (PONG, b"did you take it?"):
                    return ACCEPTED
        except TimeoutError:
            return WAITS
        except ConnectionError:
            pass
    code = close_code(frames)
    if code is None:
        return CUT
    if code == fixture.close_code:
        return SAME
    # A Close that is answered with its own payload was taken for a good one too.
    return ACCEPTED if fixture.rule in ("invalid-close-code", "close-reason-not-utf8") and code != 1002 else OTHER


def report(ours: dict[str, str], nios: dict[str, str]) -> tuple[tuple[list[str], list[list[str]]], str]:
    """A table of how many fixtures of each rule got which verdict of NIO's, and the names that it accepts."""
    assert set(ours.values()) == {SAME}, {name: said for name, said in ours.items() if said != SAME}
    rules = list(dict.fromkeys(rule_of(name) for name in nios))
    kinds = [SAME, OTHER, CUT, WAITS, ACCEPTED]
    rows = []
    for rule in rules:
        counts = Counter(said for name, said in nios.items() if rule_of(name) == rule)
        rows.append([f"`{rule}`", str(counts.total()), *(str(counts[kind] or "") for kind in kinds)])
    counts = Counter(nios.values())
    rows.append(["all", str(counts.total()), *(str(counts[kind]) for kind in kinds)])
    names = "\n".join(f"- {line(rule, nios)}" for rule in rules if ACCEPTED in verdicts_on(rule, nios))
    return (
        ["rule", "fixtures, each refused by us with the rule's code", *(f"NIO: {kind}" for kind in kinds)],
        rows,
    ), names


def line(rule: str, verdicts: dict[str, str]) -> str:
    """The accepted fixtures of a rule."""
    cases = [
        name.partition(f".{rule}.")[2] for name, said in verdicts.items() if rule_of(name) == rule and said == ACCEPTED
    ]
    return f"`{rule}`: " + ", ".join(dict.fromkeys(cases))


def verdicts_on(rule: str, verdicts: dict[str, str]) -> set[str]:
    """All that was said to fixtures of a rule."""
    return {said for name, said in verdicts.items() if rule_of(name) == rule}


def rule_of(name: str) -> str:
    """The rule is the second part of a fixture's file name."""
    return name.rpartition("/")[2].removeprefix("reject.").partition(".")[0]
