"""The registry of captures."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

from notes import Known


@dataclass
class Capture:
    """A capture: what makes it, what is known about it, and where it is stored."""

    name: str  # folder and file, without the extension
    make: Callable
    known: Known
    about: str
    keep: str = "pcap"  # the file's extension
    judged: str | None = None  # the capture from which this one is exported


CAPTURES: dict[str, Capture] = {}


def capture(name: str, known: Known, keep="pcap"):
    """Registers a coroutine function `make(room)`, whose docstring begins the note."""

    def register(function):
        CAPTURES[name] = Capture(name, function, known, " ".join(inspect.getdoc(function).split()), keep)
        return function

    return register


def conversation(name: str, client: str, server: str, about: str, known: Known, *options: str, **more) -> None:
    """Registers a conversation of two endpoints over the loopback."""
    host = more.pop("host", "127.0.0.1")
    keep = more.pop("keep", "pcap")

    async def make(room):
        await room.serve(server, 8765, host=host)
        async with room.capture(*options, **more):
            await room.run(client, f"ws://{f'[{host}]' if ':' in host else host}:8765/")

    CAPTURES[name] = Capture(name, make, known, about, keep)
