"""Records the conversations of `cases.py` and writes them as fixtures.

    python record.py [--into FOLDER] [--port PORT] [--more] [--list] [NAME…]

NAME selects the conversations whose `client--server/case` contains it; without one, all are recorded.
"""

import argparse
import asyncio
import logging
import re
import sys
import warnings
from functools import lru_cache
from pathlib import Path

import other_programs  # noqa: F401 -- registers its actions
import python_aiohttp  # noqa: F401
import python_websocket_client  # noqa: F401
import python_websockets  # noqa: F401
from cases import CASES, Case
from fixture import Terms, render
from judge import agrees_to_deflate, file_verdict, split_handshake
from more_cases import MORE
from registry import CLIENTS, SERVERS, VERSIONS
from tap import Tap, free_port, wait_for_port

RECORDED = "2026-11"
SYSTEM = "Debian 12"
DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "Fixtures" / "recorded"


@lru_cache
def version_of(label: str) -> str:
    """The description of an endpoint, with its version."""
    return VERSIONS[label]()


def pair(case: Case) -> str:
    """The folder of a case."""
    return f"{case.client.split(':')[0]}--{case.server.split(':')[0]}"


async def converse(case: Case, port: int) -> tuple[bytes, bytes]:
    """Connects the two endpoints through the tap, and returns what each of them sent."""
    client = CLIENTS[tuple(case.client.split(":"))]
    server = SERVERS[tuple(case.server.split(":"))]
    upstream = free_port()
    async with server.run(upstream):
        await wait_for_port(upstream)
        async with Tap(port, upstream) as tap:
            talking = asyncio.ensure_future(client.run(f"ws://127.0.0.1:{port}/"))
            ended = asyncio.ensure_future(tap.finished(25))
            await asyncio.wait({talking, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not talking.done():
                await asyncio.wait({talking}, timeout=1.5)
                talking.cancel()
            outcome = (await asyncio.gather(talking, return_exceptions=True))[0]
            if isinstance(outcome, Exception):
                print(f"      the client ended with {outcome!r}")
            if not await tap.finished(3):
                print("      the connection did not end by itself")
            ended.cancel()
            return bytes(tap.client), bytes(tap.server)


def paragraphs(case: Case, side: str, about: str = "") -> list[str]:
    """The paragraphs at the beginning of a fixture."""
    (client, act), (server, react) = case.client.split(":"), case.server.split(":")
    return [
        f"{case.about} What the {side} sent." + (f" {about}" if about else ""),
        f"Client: {version_of(client)}: {CLIENTS[client, act].how.rstrip('.')}.",
        f"Server: {version_of(server)}: {SERVERS[server, react].how.rstrip('.')}.",
        f"Recorded by a TCP tap on the loopback, {SYSTEM}, {RECORDED}.",
    ]


def write(folder: Path, case: Case, sides: dict[str, bytes]) -> bool:
    """Writes the files of a conversation; false if a verdict is not the one that the case names."""
    deflate = agrees_to_deflate(split_handshake(sides["server"])[0])
    wanted = [(case.name, side, getattr(case, f"from_{side}"), "", {}) for side in ("client", "server")]
    for variant in case.variants:
        limits = {"max_frame": variant.max_frame, "max_message": variant.max_message}
        wanted.append((f"{case.name}.{variant.name}", variant.side, variant.verdict, variant.about, limits))
    right = True
    for name, side, expected, about, limits in wanted:
        terms = Terms(side, deflate, **limits)
        verdict = file_verdict(terms.judge(sides[side]))
        if verdict != expected:
            print(f"      {name}.{side}: {verdict}, and the case says {expected}")
            right = False
        folder.mkdir(parents=True, exist_ok=True)
        former = re.compile(rf"(accept|incomplete-[a-z]+|reject\.[a-z0-9-]+)\.{re.escape(name)}\.{side}\.hex")
        for old in folder.iterdir():
            if former.fullmatch(old.name):
                old.unlink()
        text = render(sides[side], terms, paragraphs(case, side, about))
        (folder / f"{verdict}.{name}.{side}.hex").write_text(text, encoding="utf-8")
    return right


async def main() -> int:
    """Records what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--port", type=int, default=8765, help="the tap's port; it stands in the Host header")
    parser.add_argument("--more", action="store_true", help="also the conversations that are no fixtures")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    wrong = 0
    for case in CASES + (MORE if options.more else []):
        title = f"{pair(case)}/{case.name}"
        if options.names and not any(name in title for name in options.names):
            continue
        print(title, flush=True)
        if options.list:
            continue
        client, server = await converse(case, options.port)
        if not write(options.into / pair(case), case, {"client": client, "server": server}):
            wrong += 1
    print(f"{wrong} conversations with a verdict that is not the one their case names")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
