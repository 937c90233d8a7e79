"""What the C API's shared library compresses is inflated by zlib, with a window no larger than was agreed.

    deflating.py LIBRARY FIXTURES [MESSAGES]

For each window, with and without takeover: all texts in the files of the corpus, and MESSAGES (60) of all sizes, passed whole
or in pieces. To zlib, a distance that is too far, or that reaches into an earlier message without takeover, is an error.
"""

import ctypes as c
import pathlib
import random
import sys
import zlib

from corpus import load


class Deflater:
    """What an endpoint sends, through wsf_deflate."""

    def __init__(self, library, window_bits, takes_over):
        self.library, size = library, library.wsf_deflater_size(window_bits)
        self.memory = (c.c_uint64 * (size // 8 + 1))()
        assert library.wsf_deflater_init(self.memory, c.c_size_t(size), window_bits, takes_over)

    def compress(self, piece, ends_message=True):
        room = self.library.wsf_deflated_max(c.c_size_t(len(piece)))
        out, count = c.create_string_buffer(room), c.c_size_t()
        assert self.library.wsf_deflate(self.memory, piece, c.c_size_t(len(piece)), ends_message, out, c.c_size_t(room),
                                        c.byref(count))
        return out.raw[:count.value]


def texts(fixtures, count, rng):
    words = ["grün", "Привет", "你好", "👋🏽", "id", "name", "value", "true", '{"', '":"', '"},']
    for path in sorted(pathlib.Path(fixtures).rglob("*.hex")):
        yield path.read_bytes()
    for number in range(count):
        size = rng.choice([0, 1, 5, 60, 700, 9000, 40000 if number % 9 else 300000])
        kind = rng.randrange(4)
        text = "".join(rng.choices(words, k=size // 4)).encode() if kind else rng.randbytes(size)
        yield text if kind != 1 else (text[:200] + rng.randbytes(200)) * (size // 400)


def main(library_path, fixtures, count="60"):
    library = load(library_path)
    for name in "wsf_deflater_size", "wsf_deflated_max":
        getattr(library, name).restype = c.c_size_t
    for name in "wsf_deflater_init", "wsf_deflate":
        getattr(library, name).restype = c.c_bool
    messages = before = after = 0
    for bits in range(8, 16):
        for takes_over in True, False:
            rng = random.Random(f"{bits} {takes_over}")
            deflater, inflater = Deflater(library, bits, takes_over), None
            for text in texts(fixtures, int(count), rng):
                cuts = sorted(rng.randrange(len(text) + 1) for _ in range(rng.choice([0, 0, 1, 4])))
                pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)])]
                sent = b"".join(deflater.compress(piece, False) for piece in pieces[:-1]) + deflater.compress(pieces[-1])
                if inflater is None or not takes_over:
                    inflater = zlib.decompressobj(-max(bits, 9))
                assert inflater.decompress(sent + b"\0\0\xff\xff") == text and not inflater.eof, (bits, takes_over)
                messages, before, after = messages + 1, before + len(text), after + len(sent)
    print(f"deflating.py: zlib inflates {messages} messages to what they were; {before} bytes were {after}")
    return messages == 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
