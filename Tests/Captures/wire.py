"""A bad cable: forwards Ethernet frames between two interfaces, but loses, delays and duplicates some that carry data.

    python wire.py ONE OTHER [--lose N] [--delay N] [--double N]

In each direction, every Nth segment with payload is lost, arrives 30 ms late (after those that follow it), or arrives twice.
The kernel's netem does the same if it is available; this needs no kernel module.
"""

import argparse
import heapq
import itertools
import select
import socket
import time

OUTGOING = 4
LATE = 0.03


def carries_data(data: bytes) -> bool:
    """Whether a frame is an IPv4 TCP segment with payload."""
    if data[12:14] != b"\x08\x00" or data[23] != 6:
        return False
    header = (data[14] & 15) * 4
    return int.from_bytes(data[16:18], "big") > header + (data[14 + header + 12] >> 4) * 4


def main() -> None:
    """Forwards until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("ends", nargs=2)
    for name in ("lose", "delay", "double"):
        parser.add_argument(f"--{name}", type=int, default=0)
    options = parser.parse_args()
    ends = []
    for name in options.ends:
        end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        end.bind((name, 0))
        ends.append(end)
    counts, later, order = [0, 0], [], itertools.count()
    print("ready", flush=True)
    while True:
        wait = max(0.0, later[0][0] - time.monotonic()) if later else None
        for end in select.select(ends, [], [], wait)[0]:
            data, source = end.recvfrom(65536)
            if source[2] == OUTGOING:
                continue
            side = ends.index(end)
            due, times = time.monotonic(), 1
            if carries_data(data):
                counts[side] += 1
                if options.lose and counts[side] % options.lose == 0:
                    continue
                if options.delay and counts[side] % options.delay == 0:
                    due += LATE
                if options.double and counts[side] % options.double == 0:
                    times = 2
            for _ in range(times):
                heapq.heappush(later, (due, next(order), 1 - side, data))
        while later and later[0][0] <= time.monotonic():
            _, _, side, data = heapq.heappop(later)
            ends[side].send(data)


if __name__ == "__main__":
    main()
