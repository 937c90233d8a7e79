"""Node.js `ws`: what it does stands in `node_client.mjs`."""

import os
import subprocess
from pathlib import Path

import pytest
from broken import BROKEN, broken
from server import CLOSE, THROW

PROGRAM = Path(__file__).with_name("node_client.mjs")
# Where Debian's node-ws stands.
ENVIRONMENT = {**os.environ, "NODE_PATH": "/usr/share/nodejs"}


def run(server, *words):
    """Run one action. It must end with status 0."""
    command = ["node", str(PROGRAM), words[0], server.url, *words[1:]]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("action", ["sizes", "languages", "fragments", "pings"])
def test_node_ws(server, action):
    """Messages of all kinds, and the client's Close."""
    run(server, action)


@pytest.mark.parametrize(("order", "code"), [(CLOSE, 1001), (THROW, 1011)])
def test_node_ws_is_closed(server, order, code):
    """The server begins the closing handshake, or fails."""
    run(server, "order", order, str(code))


@pytest.mark.parametrize("name", BROKEN)
def test_node_ws_sees_the_code(server, name):
    """Broken bytes under an open connection: the client sees the rule's code and name."""
    run(server, "broken", broken(name).hex(), str(BROKEN[name][1]), name)
