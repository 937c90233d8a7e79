"""What the tests share: the servers."""

import os
import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from server import Server

# Clients that ask the environment for a proxy need none here.
os.environ["no_proxy"] = "127.0.0.1"
# 1,000 connections need as many files, here and in the servers, which inherit the limit.
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 8192), most))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the servers are, and how long the soak takes."""
    parser.addoption("--servers", default=os.environ.get("SERVERS", ""), help="the folder of the built servers")
    parser.addoption("--names", default="echo-server,echo-server-async,poll-server", help="the servers to be tested")
    parser.addoption("--soak", type=float, default=20, help="how many seconds each server is soaked")
    parser.addoption("--deflate", type=int, default=0, help="all combinations of compression, with so many messages each")


@pytest.fixture(scope="session")
def folder(request: pytest.FixtureRequest) -> Path:
    """Where the servers are."""
    return Path(request.config.getoption("--servers"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each server in turn."""
    if "server_name" in metafunc.fixturenames:
        metafunc.parametrize("server_name", metafunc.config.getoption("--names").split(","), scope="session")


@pytest.fixture(scope="session")
def start(folder: Path, server_name: str) -> Iterator[Callable[..., Server]]:
    """Starts the server with some options; the same process for the same options."""
    running: dict[tuple[str, ...], Server] = {}

    def start(*options: str) -> Server:
        if options not in running:
            words = [word for option in options for word in option.split("=")]
            running[options] = Server(folder, server_name, "--close-timeout", "2", *words)
        return running[options]

    yield start
    for server in running.values():
        still_runs = server.is_alive()
        server.__exit__()
        assert still_runs, "a server ended by itself"


@pytest.fixture
def server(start: Callable[..., Server]) -> Iterator[Server]:
    """The server, with its default limits. After the test it must still be there."""
    server = start()
    yield server
    assert server.is_alive(), "the server ended by itself"


@pytest.fixture
def fresh_server(folder: Path, server_name: str) -> Iterator[Server]:
    """A server that has done nothing yet: for what is said of its memory."""
    with Server(folder, server_name) as server:
        yield server
        assert server.is_alive(), "the server ended by itself"


NOTES = pytest.StashKey[list[str]]()


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Says a figure at the end of the run."""
    return request.config.stash.setdefault(NOTES, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """All figures."""
    for line in config.stash.get(NOTES, []):
        terminalreporter.write_line(line)
