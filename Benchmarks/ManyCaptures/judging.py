"""Turns one input into rows: runs wsframes on it, and records what it finds, or why it fails. Needs no package."""

import json
import os
import resource
import signal
import subprocess
import tempfile
from dataclasses import dataclass

from inputs import Input

#: The columns of the table, in order; all are text except those named in NUMBERS.
COLUMNS = (
    "input", "version", "line", "type", "source", "connection", "sender", "rule", "notice", "cause", "certainty",
    "host", "day", "time", "packet", "message", "status", "row",
)  # fmt: skip
NUMBERS = {"line", "connection", "packet", "status"}


@dataclass(frozen=True)
class Judge:
    """How inputs are judged."""

    #: The program.
    tool: str
    #: Options for it in addition to those of this script.
    options: tuple[str, ...] = ()
    #: The number of seconds that an input may take.
    seconds: float = 3600
    #: The number of bytes of memory that the program may use.
    memory: int = 4 << 30

    @property
    def identity(self) -> str:
        """What a verdict depends on besides the input: the program's version, its contents, and its options."""
        printed = subprocess.run([self.tool, "version"], capture_output=True, text=True, check=True).stdout
        seen = os.stat(self.tool)
        return repr((printed.strip(), seen.st_size, self.options))

    def rows(self, given: Input, version: str):
        """Returns the rows of an input: those that the program printed, and one with the reason if it failed."""
        count = 0
        if changed := given.has_changed():
            yield failed(given, version, count, f"{changed} has changed since it was found", None)
            return
        with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as complaints:
            status, sentence = self.run(given, printed, complaints)
            hosts = hosts_in(printed)
            for text in whole_lines(printed):
                yield row(given, version, count, text, hosts, status)
                count += 1
            if sentence:
                yield failed(given, version, count, sentence, status)
            elif status == 3 and not has_error(printed):
                yield failed(given, version, count, last_line(complaints), status)

    def run(self, given: Input, printed, complaints) -> tuple[int | None, str | None]:
        """Returns the exit status, and a message if the status says nothing: the program crashed, or took too long."""
        paths = [path for path, _, _ in given.files]
        words = [self.tool, "validate", "--format", "jsonl", "--jobs", "1", *self.options]
        words += ["--join", *paths] if len(paths) > 1 else paths

        def bounded():
            resource.setrlimit(resource.RLIMIT_AS, (self.memory, self.memory))

        with subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=printed, stderr=complaints, preexec_fn=bounded, start_new_session=True
        ) as running:
            try:
                status = running.wait(self.seconds)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)
                return None, f"wsframes was not done after {self.seconds:g} s"
        if status < 0:
            return None, f"wsframes was ended by {signal.Signals(-status).name}"
        return status, None if status in (0, 1, 3, 4) else f"wsframes ended with status {status}: {last_line(complaints)}"


def whole_lines(printed):
    """Returns the lines that were printed, without one that was cut off."""
    printed.seek(0)
    return (line[:-1].decode() for line in printed if line.endswith(b"\n"))


def last_line(complaints) -> str:
    """Returns the last line of a program's output."""
    complaints.seek(0)
    lines = complaints.read().decode(errors="replace").splitlines()
    return lines[-1] if lines else "nothing was said"


def has_error(printed) -> bool:
    """Returns whether an error is among the rows."""
    return any(json.loads(text)["type"] == "error" for text in whole_lines(printed))


def hosts_in(printed) -> dict:
    """Returns the host of each conversation: its stream rows come after its findings."""
    hosts = {}
    for text in whole_lines(printed):
        said = json.loads(text)
        if said["type"] == "stream" and said.get("connection") is not None:
            server = (said.get("server") or "").rpartition(":")[0] or None
            hosts[said["source"], said["connection"]] = said.get("host") or server
    return hosts


def row(given: Input, version: str, line: int, text: str, hosts: dict, status: int | None) -> dict:
    """Returns a row of the table from one that the program printed, which it contains unchanged."""
    said = json.loads(text)
    diagnosis = said.get("diagnosis") or {}
    made = {column: said.get(column) for column in COLUMNS}
    made |= {
        "input": given.name, "version": version, "line": line, "cause": diagnosis.get("name"),
        "certainty": diagnosis.get("certainty"), "host": hosts.get((said.get("source"), said.get("connection"))),
        "day": (said.get("time") or "")[:10] or None, "status": status, "row": text,
    }  # fmt: skip
    return made


def failed(given: Input, version: str, line: int, sentence: str, status: int | None) -> dict:
    """Returns the row of an input that could not be read to its end, or not at all. It does not come from the program."""
    known = {"input": given.name, "version": version, "line": line, "type": "error", "source": given.files[0][0]}
    return {column: None for column in COLUMNS} | known | {"message": sentence, "status": status}
