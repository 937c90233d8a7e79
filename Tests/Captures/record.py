"""Records the captures and writes them with their notes. Must be run as root, for namespaces and tcpdump.

    python record.py [--into FOLDER] [--list] [NAME…]

NAME selects the captures whose name contains it; without one, all are recorded.
"""

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import play  # noqa: F401 -- registers the endpoints' actions
from room import Room

# isort: split
import cases_endings  # noqa: F401
import cases_exports  # noqa: F401
import cases_hops  # noqa: F401
import cases_links  # noqa: F401
import cases_plain  # noqa: F401
import cases_proxies  # noqa: F401
import cases_rewritten  # noqa: F401
import cases_tcp  # noqa: F401
import cases_tls  # noqa: F401
import cases_tls_programs  # noqa: F401
import notes
from registry_of_captures import CAPTURES, Capture

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "Fixtures" / "captures"
INSIDE = "RECORD_INSIDE"


def enter_namespace() -> None:
    """Restarts in a network namespace that has nothing but a loopback."""
    if os.environ.get(INSIDE):
        subprocess.run(["mount", "-t", "tmpfs", "none", "/run/netns"], check=True)
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return
    os.makedirs("/run/netns", exist_ok=True)
    os.environ[INSIDE] = "1"
    words = ["unshare", "--net", "--mount", sys.executable, *sys.argv]
    os.execvp(words[0], words)


async def record(case: Capture, into: Path) -> str | None:
    """Records one capture, and returns what is wrong with it, if anything."""
    target = into / f"{case.name}.{case.keep}"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with Room(Path(folder)) as room:
            room.captures = into
            room.keys = target.with_suffix(".keys")
            await case.make(room)
        shutil.copy(room.file, target)
    target.chmod(0o644)
    try:
        notes.write(target, [case.about, *room.reported], case.known, into / case.judged if case.judged else None)
    except notes.Surprise as surprise:
        return str(surprise)
    return None


async def main() -> int:
    """Records what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    wrong = []
    for name, case in CAPTURES.items():
        if options.names and not any(part in name for part in options.names):
            continue
        print(name, flush=True)
        if options.list:
            continue
        try:
            problem = await record(case, options.into.resolve())
        except Exception as error:  # a capture that fails must not stop the others
            problem = repr(error)
        if problem:
            print(f"      {problem}", flush=True)
            wrong.append(name)
    print(f"{len(wrong)} captures are not what they were made to be", *wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    if "--list" not in sys.argv:
        enter_namespace()
    sys.exit(asyncio.run(main()))
