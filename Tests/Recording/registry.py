"""The endpoints that can be recorded, and the texts that they send.

A client action is a coroutine function that takes the URL; a server action is an asynchronous context manager that
takes the port.  Its docstring is copied into the fixtures: it says which calls were made.
"""

import contextlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass

from programs import run_client, server_process

HELLO = "Hello"
GREETINGS = "Grüße, Привет, 你好, שלום, नमस्ते 👋🏽"
EMOJI = "🧭 north, 🐫 camel, 🍉 melon"
FAREWELL = "до свидания, さようなら 👋"


@dataclass
class Action:
    """What one endpoint does in a conversation, and its description."""

    run: Callable
    how: str


CLIENTS: dict[tuple[str, str], Action] = {}
SERVERS: dict[tuple[str, str], Action] = {}
VERSIONS: dict[str, Callable[[], str]] = {}


def client(label: str):
    """Registers a coroutine function `action(url)` as a client action."""

    def register(function):
        CLIENTS[label, function.__name__] = Action(function, " ".join(inspect.getdoc(function).split()))
        return function

    return register


def server(label: str):
    """Registers an asynchronous generator `action(port)` with one yield as a server action."""

    def register(function):
        run = contextlib.asynccontextmanager(function)
        SERVERS[label, function.__name__] = Action(run, " ".join(inspect.getdoc(function).split()))
        return function

    return register


def client_program(label: str, command: tuple[str, ...], actions: dict[str, str], seconds: float = 10) -> None:
    """Registers the actions of a client that is a program, started as `command… ACTION URL`."""
    for name, how in actions.items():

        async def run(url, name=name):
            await run_client(seconds, *command, name, url)

        CLIENTS[label, name] = Action(run, how)


def server_program(label: str, command: tuple[str, ...], actions: dict[str, str]) -> None:
    """Registers the actions of a server that is a program, started as `command… ACTION PORT`."""
    for name, how in actions.items():

        def run(port, name=name):
            return server_process(port, *command, name, str(port))

        SERVERS[label, name] = Action(run, how)
