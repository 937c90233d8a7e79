"""What compressed messages are tried with: every agreement that a client can ask for, and messages of all sizes.

zlib, which all these clients compress with, has no raw window of 8 bits, so a client's window has 9 bits at least; the
server's has 8.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

CLIENT_BITS, SERVER_BITS = range(9, 16), range(8, 16)
# Beside these the gate tries no windows: the largest, the smallest, and unequal ones.
FEW_BITS = [(15, 15), (9, 8), (12, 10), (15, 8), (9, 15)]


@dataclass(frozen=True)
class Agreement:
    """What the client asks for; the servers agree to all of it."""

    client_bits: int
    server_bits: int
    client_takes_over: bool
    server_takes_over: bool

    @property
    def offer(self) -> str:
        """The header of the request."""
        words = ["permessage-deflate", f"client_max_window_bits={self.client_bits}"]
        words += [f"server_max_window_bits={self.server_bits}"]
        words += [] if self.client_takes_over else ["client_no_context_takeover"]
        words += [] if self.server_takes_over else ["server_no_context_takeover"]
        return "; ".join(words)


def agreements(all_of_them: bool, client_bits: range = CLIENT_BITS) -> list[Agreement]:
    """All of them, or a few."""
    bits = itertools.product(client_bits, SERVER_BITS) if all_of_them else FEW_BITS
    return [Agreement(*pair, *takes) for pair in bits for takes in itertools.product((True, False), repeat=2)]


@dataclass
class Said:
    """A message: its parts, and whether a ping is sent between two of them, or after it."""

    parts: list[str] | list[bytes]
    pings: bool

    @property
    def whole(self) -> str | bytes:
        """What must come back."""
        return self.parts[0][:0].join(self.parts)


def messages(seed: int, count: int) -> Iterator[Said]:
    """Empty to medium ones, text and binary, of which some repeat what was said before and some cannot be compressed."""
    rng = random.Random(seed)
    words = ["grün", "übung", "Привет", "你好", "👋🏽", "id", "name", "value", "true", "null", '{"', '":"', '"},']
    before = "nothing was said before"
    for number in range(count):
        size = rng.choices([0, rng.randrange(20), rng.randrange(200), rng.randrange(3000), rng.randrange(40000)],
                           [2, 30, 45, 20, 3])[0]  # fmt: skip
        match rng.randrange(4):
            case 0:
                whole = rng.randbytes(size)
            case 1:
                whole = before[:size].encode() if number % 2 else before[:size]
            case 2:
                whole = "".join(rng.choices(words, k=size // 4 + 1)) if size else ""
            case _:
                whole = f'{{"id":{number},"text":"{rng.randrange(10**9)}"}}' * (size // 30)
        if isinstance(whole, str) and whole:
            before = (whole + before)[:40000]
        cuts = sorted(rng.randrange(len(whole) + 1) for _ in range(rng.choice([0, 0, 0, 1, 3])))
        parts = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
        yield Said(parts, rng.randrange(30) == 0)
