"""What is to be judged and what has been: a folder that survives every process that writes to it. Needs no package.

    plan/00000001.jsonl   a batch a line: its identifier, and its inputs as they were found
    parts/BATCH.jsonl     the rows of a batch, once all of its inputs have been judged

A plan is written once and never changed, so that a batch holds the same inputs whoever judges it, and whenever. A part comes
into being whole, by a link to a file that is on the disk; whoever comes second with the same batch finds it there, and his own
is dropped. So nothing is counted twice, and nothing is lost that was once there. The folder stands where all workers see it,
on a file system with hard links: a local disk, NFS, CephFS."""

import hashlib
import json
import os
import socket

from inputs import Input
from judging import Judge


class Ledger:
    """The folder."""

    def __init__(self, folder: str):
        self.plans, self.parts = os.path.join(folder, "plan"), os.path.join(folder, "parts")
        os.makedirs(self.plans, exist_ok=True)
        os.makedirs(self.parts, exist_ok=True)

    def batches(self):
        """All batches that were planned, in order: (identifier, [(version, input)])."""
        for name in sorted(os.listdir(self.plans)):
            if name.startswith("."):
                continue
            with open(os.path.join(self.plans, name), encoding="utf-8") as file:
                for line in file:
                    batch = json.loads(line)
                    yield batch["batch"], [
                        (planned["version"], Input(planned["name"], tuple(tuple(file) for file in planned["files"])))
                        for planned in batch["inputs"]
                    ]

    def plan(self, found: list[Input], identity: str, most: int, size: int) -> int:
        """Plans what was not yet, in batches of `most` inputs, or of fewer with more than `size` bytes.

        Returns how many inputs are new."""
        known = {version for _, planned in self.batches() for version, _ in planned}
        new = [(given.version(identity), given) for given in found]
        # The largest first, so that no worker gets one when the others are done.
        new = sorted((pair for pair in new if pair[0] not in known), key=lambda pair: (-pair[1].size, pair[1].name))
        if not new:
            return 0
        batches: list[list[tuple[str, Input]]] = [[]]
        for pair in new:
            if batches[-1] and (len(batches[-1]) >= most or sum(i.size for _, i in batches[-1]) + pair[1].size > size):
                batches.append([])
            batches[-1].append(pair)
        text = "".join(
            json.dumps({
                "batch": hashlib.sha256("".join(version for version, _ in batch).encode()).hexdigest()[:32],
                "inputs": [{"version": v, "name": i.name, "files": i.files} for v, i in batch],
            }) + "\n"
            for batch in batches
        )  # fmt: skip
        number = 1 + max((int(name[:8]) for name in os.listdir(self.plans) if not name.startswith(".")), default=0)
        if not commit(os.path.join(self.plans, f"{number:08}.jsonl"), [text]):
            raise SystemExit("another job plans in the same folder at the same time: let it end")
        return len(new)

    def part(self, batch: str) -> str:
        """Where the rows of a batch are, once it has been judged."""
        return os.path.join(self.parts, batch + ".jsonl")

    def pending(self):
        """The batches that have not been judged."""
        return [(batch, planned) for batch, planned in self.batches() if not os.path.exists(self.part(batch))]

    def latest(self) -> dict[str, str]:
        """Of each input the version that was found last: what was judged of an earlier one is not shown any more."""
        return {given.name: version for _, planned in self.batches() for version, given in planned}

    def judge(self, batch: str, planned: list[tuple[str, Input]], judge: Judge) -> int:
        """Judges a batch, if nobody has. Returns the number of inputs that were judged."""
        if os.path.exists(self.part(batch)):
            return 0
        rows = (row for version, given in planned for row in judge.rows(given, version))
        commit(self.part(batch), (json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
        return len(planned)


def commit(path: str, lines) -> bool:
    """Makes a file of these lines, whole or not at all. False if it was there already."""
    folder, name = os.path.split(path)
    draft = os.path.join(folder, f".{name}.{socket.gethostname()}.{os.getpid()}")
    with open(draft, "w", encoding="utf-8") as file:
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        os.unlink(draft)
    return True
