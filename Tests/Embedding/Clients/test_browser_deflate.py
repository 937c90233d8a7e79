"""permessage-deflate with headless Chromium: what it does stands in `browser_deflate.html`.

A browser offers what it likes, `permessage-deflate; client_max_window_bits`; so each combination is one of what the server
agrees to. The gate has a few, with a few messages; `--deflate N` has all 256 of them, with N messages each: a window of 8 bits
is one that Chromium takes too.
"""

import contextlib
from pathlib import Path

import pytest
from deflate import Agreement, agreements
from server import Server
from test_browser import visit

PAGE = Path(__file__).with_name("browser_deflate.html")
FEW, LARGE = 40, 2
# A page goes through so many combinations.
TOGETHER = 10


def pytest_generate_tests(metafunc):
    """A test for each page."""
    found = agreements(True, range(8, 16)) if metafunc.config.getoption("--deflate") else agreements(False)[::3]
    metafunc.parametrize("together", [found[at : at + TOGETHER] for at in range(0, len(found), TOGETHER)])


def orders(agreement: Agreement) -> list[str]:
    """The server's command line."""
    words = ["--client-window-bits", agreement.client_bits, "--server-window-bits", agreement.server_bits]
    words += ["--client-takeover", int(agreement.client_takes_over), "--server-takeover", int(agreement.server_takes_over)]
    return [str(word) for word in words]


def answer(agreement: Agreement) -> str:
    """What the browser is told: what is otherwise than without a parameter."""
    words = ["permessage-deflate"]
    words += [] if agreement.server_takes_over else ["server_no_context_takeover"]
    words += [] if agreement.client_takes_over else ["client_no_context_takeover"]
    words += [] if agreement.server_bits == 15 else [f"server_max_window_bits={agreement.server_bits}"]
    words += [] if agreement.client_bits == 15 else [f"client_max_window_bits={agreement.client_bits}"]
    return "; ".join(words)


def test_chromium(request, folder, server_name, together):
    """Every message comes back as it was, and the connection ends as it should."""
    count = request.config.getoption("--deflate") or FEW
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(Server(folder, server_name, *orders(agreement))) for agreement in together]
        results = visit([server.url for server in servers], count, page=PAGE, seconds=90 + len(together) * count / 100)
    assert results == [
        {"extensions": answer(agreement), "right": count + LARGE, "end": "1000 "} for agreement in together
    ]
