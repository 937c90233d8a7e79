"""Kinds of WebSocket traffic, for connections that are captured from the middle (see other_protocols.py for other traffic).

Each function takes a random generator and returns turns, (side, bytes), with 0 for the client. Its docstring is the name of
the kind."""

import importlib.machinery
import importlib.util
import json
import pathlib
import struct
import zlib


def load(name: str):
    """Loads a script of this folder as a module."""
    path = str(pathlib.Path(__file__).with_name(name))
    loader = importlib.machinery.SourceFileLoader(name.replace("-", "_"), path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


large = load("make-large-capture")
frame = large.frame
TEXT, BINARY, PING, PONG = 1, 2, 9, 10


def words(dice, least, most):
    """A sentence."""
    return b" ".join(dice.choices(large.WORDS, k=dice.randint(least, most)))


def record(dice):
    """An event in the form that many programs use."""
    return json.dumps({
        "type": dice.choice(["quote", "trade", "state", "position"]), "id": dice.getrandbits(32),
        "price": dice.random() * 1000, "name": words(dice, 1, 4).decode(), "when": 1_790_000_000 + dice.getrandbits(16),
    }).encode()  # fmt: skip


class Side:
    """One endpoint: masks if it is the client, compresses if that was agreed on."""

    def __init__(self, dice, side, deflate=False, takeover=True, masks=True, key=None):
        self.dice, self.side, self.deflate, self.takeover = dice, side, deflate, takeover
        self.masks, self.fixed = masks and side == 0, key
        self.new()

    def new(self):
        """Starts with an empty window."""
        self.compressor = zlib.compressobj(6, zlib.DEFLATED, -15)

    def send(self, opcode, payload, parts=1):
        """The frames of a message, as a turn."""
        rsv = 0
        if self.deflate and opcode < 8:
            if not self.takeover:
                self.new()
            payload = (self.compressor.compress(payload) + self.compressor.flush(zlib.Z_SYNC_FLUSH))[:-4]
            rsv = 0x40
        size = max(1, -(-len(payload) // parts))
        pieces = [payload[at : at + size] for at in range(0, max(1, len(payload)), size)]
        said = b""
        for number, piece in enumerate(pieces):
            key = (self.fixed or self.dice.randbytes(4)) if self.masks else None
            coded = bytearray(frame(opcode if number == 0 else 0, piece, key))
            coded[0] |= rsv if number == 0 else 0
            if number < len(pieces) - 1:
                coded[0] &= 0x7F
            said += coded
        return self.side, said


def talk(dice, message, opcode=TEXT, count=(40, 90), parts=1, share=0.5, quiet=False, **options):
    """Both sides send messages, the client with the given probability; each is a turn of its own."""
    sides = [Side(dice, side, **options) for side in (0, 1)]
    turns = []
    for number in range(dice.randint(*count)):
        side = 0 if dice.random() < share and not quiet else 1
        turns.append(sides[side].send(opcode, message(dice), parts))
        if number % 20 == 19:
            turns.append(sides[1].send(PING, b""))
            if not quiet:
                turns.append(sides[0].send(PONG, b""))
    return turns


def chat(dice):
    """text"""
    return talk(dice, lambda dice: words(dice, 3, 30))


def pushed(dice):
    """text, the client silent"""
    return talk(dice, record, quiet=True)


def small_binary(dice):
    """binary, small"""
    return talk(dice, lambda dice: dice.randbytes(dice.randint(4, 120)), BINARY)


def pushed_binary(dice):
    """binary, the client silent"""
    return talk(dice, lambda dice: dice.randbytes(dice.randint(20, 400)), BINARY, quiet=True)


def compressed(dice):
    """all compressed"""
    return talk(dice, record, deflate=True)


def compressed_alone(dice):
    """all compressed, no takeover"""
    return talk(dice, record, deflate=True, takeover=False)


def compressed_pushed(dice):
    """all compressed, the client silent"""
    return talk(dice, record, deflate=True, quiet=True)


def compressed_large(dice):
    """all compressed, large"""
    return talk(dice, lambda dice: b"[%s]" % b",".join(record(dice) for _ in range(600)), count=(8, 14), deflate=True)


def unmasked(dice):
    """text, client unmasked"""
    return talk(dice, lambda dice: words(dice, 3, 30), masks=False)


def unmasked_binary(dice):
    """binary, client unmasked"""
    return talk(dice, lambda dice: dice.randbytes(dice.randint(4, 400)), BINARY, masks=False)


def unmasked_compressed(dice):
    """all compressed, client unmasked"""
    return talk(dice, record, deflate=True, masks=False)


def zero_key(dice):
    """text, masked with zeros"""
    return talk(dice, lambda dice: words(dice, 3, 30), key=bytes(4))


def large_text(dice):
    """text of 17 to 200 KiB"""
    return talk(dice, lambda dice: words(dice, 3500, 40000), count=(6, 10))


def large_binary(dice):
    """binary of 17 to 200 KiB"""
    return talk(dice, lambda dice: dice.randbytes(dice.randint(17_000, 200_000)), BINARY, count=(6, 10))


def upload(dice):
    """binary of 64 KiB, the client alone"""
    return talk(dice, lambda dice: dice.randbytes(65_536), BINARY, count=(12, 20), share=1)


def download(dice):
    """binary of 64 KiB, the server alone"""
    return talk(dice, lambda dice: dice.randbytes(65_536), BINARY, count=(12, 20), quiet=True)


def fragments(dice):
    """text in fragments"""
    return talk(dice, lambda dice: words(dice, 30, 90), parts=4)


def in_one(turns):
    """Joins what each side sends in a row, so that few frames begin a segment."""
    joined = []
    for side, said in turns:
        if joined and joined[-1][0] == side:
            joined[-1] = (side, joined[-1][1] + said)
        else:
            joined.append((side, said))
    return joined


def bulk(dice):
    """binary of 70 to 200 KiB, back to back"""
    return in_one(
        talk(dice, lambda dice: dice.randbytes(dice.randint(70_000, 200_000)), BINARY, count=(10, 16), quiet=True)
    )


def bulk_shorter(dice):
    """binary of 17 to 60 KiB, back to back"""
    return in_one(
        talk(dice, lambda dice: dice.randbytes(dice.randint(17_000, 60_000)), BINARY, count=(20, 30), quiet=True)
    )


UNMASKED = [unmasked, unmasked_binary, unmasked_compressed]
WEBSOCKET = [
    chat, pushed, small_binary, pushed_binary, fragments, zero_key, compressed, compressed_alone, compressed_pushed,
    compressed_large, unmasked, unmasked_binary, unmasked_compressed, large_text, large_binary, upload, download,
    bulk, bulk_shorter,
]  # fmt: skip
