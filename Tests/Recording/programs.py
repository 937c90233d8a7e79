"""Starts the programs to be recorded, and asks for their versions."""

import asyncio
import contextlib
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from tap import wait_for_port

HERE = Path(__file__).resolve().parent
NODE_ENVIRONMENT = {**os.environ, "NODE_PATH": "/usr/share/nodejs"}


def output_of(*command: str) -> str:
    """The output of a command, both streams."""
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=NODE_ENVIRONMENT)
    return ran.stdout + ran.stderr


def first_match(pattern: str, text: str) -> str:
    """The first group of the first match, or a question mark."""
    found = re.search(pattern, text)
    return found.group(1) if found else "?"


def python_package(name: str, package: str):
    """A function that returns the versions of a Python package and of Python."""
    return lambda: f"{name} {version(package)} on CPython {sys.version.split()[0]}"


def node_version() -> str:
    """The version of Node.js."""
    return output_of("node", "--version").strip().lstrip("v")


def ws_version() -> str:
    """The version of the `ws` package and of Node.js."""
    number = output_of("node", "-p", "require('ws/package.json').version").strip()
    return f"ws {number} (Debian package node-ws) on Node.js {node_version()}"


def undici_version() -> str:
    """The version of Node's own WebSocket client."""
    number = output_of("node", "-p", "process.versions.undici").strip()
    return f"the built-in WebSocket client of Node.js {node_version()} (undici {number})"


def chromium_version() -> str:
    """The version of Chromium."""
    return f"Chromium {first_match(r'Chromium ([0-9.]+)', output_of('chromium', '--version'))}"


def java_version() -> str:
    """The version of the Java runtime."""
    return f"java.net.http.WebSocket of OpenJDK {first_match(r'build ([0-9.+]+)', output_of('java', '-version'))}"


def perl_version() -> str:
    """The version of Mojolicious and of Perl."""
    perl = output_of("perl", "-e", "print substr($^V, 1)").strip()
    return (
        f"Mojolicious {output_of('perl', '-MMojolicious', '-e', 'print Mojolicious->VERSION').strip()} on Perl {perl}"
    )


def libwebsockets_version() -> str:
    """The version of libwebsockets' test programs."""
    package = output_of("dpkg-query", "-W", "-f", "${Version}", "libwebsockets-test-server").strip()
    return f"libwebsockets (Debian package libwebsockets-test-server {package})"


@contextlib.asynccontextmanager
async def server_process(port: int, *command: str):
    """Runs a server as a process of its own for the duration of the block."""
    process = await start(*command)
    try:
        await wait_for_port(port)
        yield
    finally:
        await stop(process)


async def start(*command: str) -> asyncio.subprocess.Process:
    """Starts a program whose output is discarded."""
    quiet = None if os.environ.get("RECORD_VERBOSE") else subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(
        *command, stdout=quiet, stderr=quiet, stdin=subprocess.DEVNULL, env=NODE_ENVIRONMENT, cwd=HERE
    )


async def stop(process: asyncio.subprocess.Process) -> None:
    """Ends a program that `start` started."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), 5)
    except TimeoutError:
        process.kill()
        await process.wait()


async def run_client(seconds: float, *command: str) -> None:
    """Runs a client to its end."""
    process = await start(*command)
    try:
        await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        pass
    finally:
        if process.returncode is None:
            await stop(process)
