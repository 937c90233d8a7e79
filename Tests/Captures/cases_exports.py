"""What users may have instead of a capture: one connection of it, exported by tshark."""

import asyncio

from notes import Known, Talk
from programs import first_match, output_of
from registry_of_captures import CAPTURES, Capture


def exported(name: str, source: str, words: str, about: str, known: Known, ending="txt") -> None:
    """Registers tshark's export of a capture."""

    async def make(room):
        version = first_match(r"TShark \(Wireshark\) ([0-9.]+)", output_of("tshark", "--version"))
        room.describe(f"Made by TShark {version}: tshark -q -n {words} -r {source}.")
        command = ("tshark", "-q", "-n", *words.split(), "-r", str(room.captures / source))
        process = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
        printed, _ = await process.communicate()
        room.file.write_bytes(printed)

    CAPTURES[name] = Capture(name, make, known, about, ending, source)


GOOD = Known([Talk()])
RAW, YAML = "-z follow,tcp,raw,0", "-z follow,tcp,yaml,0"
exported("exports/follow-raw", "plain/node-ws--uvicorn.lengths.pcap", RAW, "Both directions as hex digits.", GOOD)
exported(
    "exports/follow-raw.deflate", "plain/websockets--tornado.deflate.pcap", RAW, "permessage-deflate agreed.", GOOD
)
exported(
    "exports/follow-raw.violation",
    "violations/reserved-bits.http-500.pcap",
    RAW,
    "An HTTP response on the upgraded connection.",
    Known([Talk("complete", "violation:reserved-bits")]),
)
exported("exports/follow-yaml", "plain/aiohttp--mojolicious.echo.pcap", YAML, "Both as YAML.", GOOD, "yaml")
