"""The contents of TLS, decrypted by tshark: an independent program with an independent library (libgcrypt)."""

import base64
import re
import subprocess
from pathlib import Path

import http2
from packets import Packet
from streams import Connection, connections

PREFERENCES = ("-o", "tcp.reassemble_out_of_order:TRUE", "-o", "ip.defragment:FALSE")


def opened(path: Path, packets: list[Packet], keylog: Path | None) -> list[Connection]:
    """The connections of a capture; those that tshark can decrypt have the contents of TLS instead of those of TCP, and
    HTTP/2 is split into its WebSocket streams."""
    found = connections(packets)[0]
    for number, connection in enumerate(found):
        if not any(side.stream[:3] in (b"\x16\x03\x01", b"\x16\x03\x03") for side in connection.sides):
            continue
        carried = followed(path, number, keylog)
        if not carried:
            continue
        for side in connection.sides:
            content = [(packet, data) for sender, packet, data in carried if sender == side.address]
            side.stream = b"".join(data for _, data in content)
            side.packets = [packet for packet, data in content for _ in data]
    return [one for connection in found for one in http2.split(connection)]


def followed(path: Path, number: int, keylog: Path | None) -> list[tuple[tuple[str, int], int, bytes]]:
    """Sender, packet and bytes of everything that TLS carries on a connection."""
    words = ["tshark", "-2", "-q", "-n", *PREFERENCES, "-r", str(path)]
    words += ["-o", f"tls.keylog_file:{keylog}"] if keylog else []
    printed = subprocess.run(
        [*words, "-z", f"follow,tls,yaml,{number}"], capture_output=True, text=True, check=False
    ).stdout
    ends = subprocess.run(
        [*words[:2], *words[3:], "-Y", f"tcp.stream=={number}", "-c", "100000", "-T", "fields",
         "-e", "frame.number", "-e", "ip.src", "-e", "ipv6.src", "-e", "tcp.srcport"],
        capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    senders = {}
    for line in ends.splitlines():
        frame, four, six, port = line.split("\t")
        senders[int(frame)] = (four or six, int(port))
    carried = []
    for block in re.findall(r"  - packet: (\d+)\n    peer: \d+\n.*?data: !!binary \|\n((?:      \S+\n)+)", printed, re.S):
        packet = int(block[0])
        carried.append((senders[packet], packet, base64.b64decode(block[1])))
    return carried
