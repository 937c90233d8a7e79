"""Runs one endpoint's action in a process of its own, so that it can be in its own network namespace.

    python play.py client LABEL:ACTION URL
    python play.py server LABEL:ACTION PORT     listens on RECORD_HOST; prints "ready"; exits at the end of its input
"""

import asyncio
import contextlib
import logging
import signal
import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Recording"))

import other_programs  # noqa: F401 -- registers its actions
import python_aiohttp  # noqa: F401
import python_websocket_client  # noqa: F401
import python_websockets  # noqa: F401
from registry import CLIENTS, SERVERS

import more_programs  # noqa: F401
import raw_client  # noqa: F401
import raw_server  # noqa: F401
import speaking_proxies  # noqa: F401


async def serve(action: str, port: int) -> None:
    """Serves until the input ends."""
    async with SERVERS[tuple(action.split(":"))].run(port):
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)


async def main() -> None:
    """Runs the action that was asked for."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asyncio.current_task().cancel)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    _, role, action, where = sys.argv
    if role == "server":
        await serve(action, int(where))
    else:
        await CLIENTS[tuple(action.split(":"))].run(where)


if __name__ == "__main__":
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(main())
