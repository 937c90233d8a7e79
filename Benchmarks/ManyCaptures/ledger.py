"""The ledger of what is to be judged and what has been: a folder that outlives every process that writes to it. Needs no package.

    plan/00000001.jsonl   one batch per line: its identifier, and its inputs as they were found
    parts/BATCH.jsonl     the rows of a batch, once all of its inputs have been judged

A plan is written once and never changed: a batch has the same inputs whoever judges it, and whenever. A part appears atomically,
as a link to a file that is already on disk; a second worker with the same batch finds it there and drops its own. So nothing
is counted twice, and nothing that was there is lost. The folder must be visible to all workers, on a file system with hard
links: a local disk, NFS, CephFS."""

import hashlib
import json
import os
import socket

from inputs import Input
from judging import Judge


class Ledger:
    """The ledger's folder."""

    def __init__(self, folder: str):
        self.plans, self.parts = os.path.join(folder, "plan"), os.path.join(folder, "parts")
        os.makedirs(self.plans, exist_ok=True)
        os.makedirs(self.parts, exist_ok=True)

    def batches(self):
        """Returns all batches that were planned, in order: (identifier, [(version, input)])."""
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
        """Plans new inputs, in batches of `most` inputs, or of fewer with more than `size` bytes.

        Returns the number of new inputs."""
        known = {version for _, planned in self.batches() for version, _ in planned}
        new = [(given.version(identity), given) for given in found]
        # The largest first, so that no worker gets one after the others are done.
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
        """Returns the path of a batch's rows, which exists once the batch has been judged."""
        return os.path.join(self.parts, batch + ".jsonl")

    def pending(self):
        """Returns the batches that have not been judged."""
        return [(batch, planned) for batch, planned in self.batches() if not os.path.exists(self.part(batch))]

    def latest(self) -> dict[str, str]:
        """Returns the latest version of each input: verdicts on earlier versions are no longer shown."""
        return {given.name: version for _, planned in self.batches() for version, given in planned}

    def judge(self, batch: str, planned: list[tuple[str, Input]], judge: Judge) -> int:
        """Judges a batch unless it has been judged. Returns the number of inputs that were judged."""
        if os.path.exists(self.part(batch)):
            return 0
        rows = (row for version, given in planned for row in judge.rows(given, version))
        commit(self.part(batch), (json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
        return len(planned)


def commit(path: str, lines) -> bool:
    """Writes a file of these lines, completely or not at all. Returns False if it already existed."""
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
