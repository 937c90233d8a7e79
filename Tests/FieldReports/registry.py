"""The reports that are rebuilt: a function each, with the public thread and the correct answer."""

from collections.abc import Callable
from dataclasses import dataclass

REPORTS: list["Report"] = []


@dataclass
class Report:
    """One report: how its bytes are made, its source, and the correct answer."""

    name: str
    thread: str
    build: Callable
    answer: dict


def report(name: str, thread: str, **answer) -> Callable:
    """Registers a function that builds the report's input."""

    def register(build: Callable) -> Callable:
        REPORTS.append(Report(name, thread, build, answer))
        return build

    return register
