"""A server of this package, started and watched."""

import os
import subprocess
from pathlib import Path

THROW = "please fail"
CLOSE = "please close"


class Server:
    """One process. It ends with the `with` block."""

    def __init__(self, folder: Path, name: str, *options: str, environment: dict[str, str] | None = None):
        orders = ["--throw-on", THROW, "--close-on", CLOSE]
        self.name = name
        self.process = subprocess.Popen(
            [folder / name, "--port", "0", *orders, *options],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        line = self.process.stdout.readline()
        assert line.startswith("listening on 127.0.0.1:"), f"{name} said {line!r}"
        self.port = int(line.rpartition(":")[2])
        self.url = f"ws://127.0.0.1:{self.port}/"

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)

    def is_alive(self) -> bool:
        """The process has not ended."""
        return self.process.poll() is None

    def memory(self) -> int:
        """Resident bytes."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise AssertionError("the server has ended")

    def open_files(self) -> int:
        """Open file descriptors: sockets, for the most part."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def user_seconds(self) -> float:
        """Processor time that the process has used outside of the kernel, its threads added up."""
        return self._times()[0]

    def cpu_seconds(self) -> float:
        """Processor time that the process has used, in the kernel too."""
        return sum(self._times())

    def _times(self) -> tuple[float, float]:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        ticks = os.sysconf("SC_CLK_TCK")
        return int(fields[11]) / ticks, int(fields[12]) / ticks
