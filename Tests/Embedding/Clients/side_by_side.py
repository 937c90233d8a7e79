"""The server with our parser and the one with NIO's decoder: the same clients, the same messages, in one run.

python3 side_by_side.py FOLDER-OF-THE-SERVERS RESULT.md [--seconds N] [--rounds N]
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import refusals
from load import Cost, Counter, Workload, run, workloads
from server import Server

OURS, NIOS = "echo-server", "echo-server-nio-decoder"
HERE = Path(__file__).resolve().parent
# One thread, so that the client has a core of its own where there are two.
OPTIONS = ("--threads", "1")


def measure(folder: Path, loads: list[Workload], seconds: float, rounds: int) -> dict[tuple[str, str], list[Cost]]:
    """Runs of each server, in turns, so that what else the machine does hits both."""
    costs: dict[tuple[str, str], list[Cost]] = {}
    for load in loads:
        for _ in range(rounds):
            for name in (OURS, NIOS):
                with Server(folder, name, *OPTIONS) as server:
                    costs.setdefault((name, load.name), []).append(run(server, load, seconds))
        print(f"measured: {load.name}", file=sys.stderr, flush=True)
    return costs


def count_allocations(folder: Path, loads: list[Workload]) -> dict[tuple[str, str], float]:
    """Allocations a message, in runs of their own: counting takes time."""
    allocations = {}
    for name in (OURS, NIOS):
        for load in loads:
            with tempfile.TemporaryDirectory() as scratch:
                counter = Counter(Path(scratch))
                with Server(folder, name, *OPTIONS, environment=counter.environment) as server:
                    cost = run(server, load, 0.5, counter)
                    allocations[name, load.name] = cost.allocations / cost.messages
    return allocations


def table(heads: list[str], rows: list[list[str]]) -> str:
    """A Markdown table that can be read as it is."""
    widths = [max(len(row[column]) for row in [heads, *rows]) for column in range(len(heads))]

    def line(cells: list[str]) -> str:
        first, *rest = (
            cell.ljust(width) if index == 0 else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "| " + " | ".join([first, *rest]) + " |"

    rule = "|" + "|".join("-" * (width + 1) + ("-" if index == 0 else ":") for index, width in enumerate(widths)) + "|"
    return "\n".join([line(heads), rule, *map(line, rows)])


def ratio(better: float, worse: float) -> str:
    """How many times the one is the other."""
    return f"{better / worse:.1f}×" if worse else "–"


def cost_tables(loads, costs, allocations) -> tuple[str, str]:
    """How fast the servers are, and what a message costs."""

    def medians(load, value):
        return [statistics.median(value(cost) for cost in costs[name, load.name]) for name in (OURS, NIOS)]

    speeds, prices = [], []
    for load in loads:
        ours, nios = medians(load, lambda cost: cost.messages / cost.seconds)
        megabytes = load.count / load.messages / 1e6
        speeds.append(
            [
                load.name,
                f"{ours:,.0f}",
                f"{nios:,.0f}",
                f"{ours * megabytes:,.0f}",
                f"{nios * megabytes:,.0f}",
                ratio(ours, nios),
            ]
        )
        ours, nios = medians(load, lambda cost: cost.cpu / cost.messages * 1e6)
        user_ours, user_nios = medians(load, lambda cost: cost.user / cost.messages * 1e6)
        prices.append(
            [
                load.name,
                f"{ours:,.2f}",
                f"{nios:,.2f}",
                ratio(nios, ours),
                f"{user_ours:,.2f}",
                f"{user_nios:,.2f}",
                ratio(user_nios, user_ours),
                *(f"{allocations[name, load.name]:.3f}" for name in (OURS, NIOS)),
            ]
        )
    return (
        table(["workload", "messages/s: ours", "NIO's", "MB/s: ours", "NIO's", "faster"], speeds),
        table(
            [
                "a message of …",
                "CPU µs: ours",
                "NIO's",
                "less",
                "outside the kernel: ours",
                "NIO's",
                "less",
                "allocations: ours",
                "NIO's",
            ],
            prices,
        ),
    )


def machine() -> str:
    """What it ran on."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"Swift version (\S+)", swift)
    return (
        f"{model[1] if model else 'unknown processor'}, {os.cpu_count()} cores, Linux; "
        f"Swift {version[1] if version else '?'}, SwiftNIO 2.101.2; release builds, one thread each"
    )


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("result", type=Path)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()

    verdicts = {name: refusals.collect(options.folder, name) for name in (OURS, NIOS)}
    loads = workloads()
    costs = measure(options.folder, loads, options.seconds, options.rounds)
    allocations = count_allocations(options.folder, loads)
    summary, names = refusals.report(verdicts[OURS], verdicts[NIOS])
    speeds, prices = cost_tables(loads, costs, allocations)
    template = (HERE / "side_by_side.md").read_text()
    page = template.format(
        machine=machine(),
        seconds=f"{options.seconds:g}",
        rounds=options.rounds,
        speeds=speeds,
        prices=prices,
        refusals=table(*summary),
        names=names,
    )
    options.result.write_text(page)
    print(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
