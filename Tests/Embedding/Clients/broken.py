"""What real clients are made to send."""

# One frame for each rule that a client can break, and the code that the client must see.
BROKEN = {
    "reserved-bits": ("c18537fa213d7f9f4d5158", 1002),
    "reserved-opcode": ("838037fa213d", 1002),
    "fragmented-control": ("098037fa213d", 1002),
    "unexpected-continuation": ("808037fa213d", 1002),
    "interleaved-message": ("018037fa213d 818037fa213d", 1002),
    "unmasked-client-frame": ("810568656c6c6f", 1002),
    "oversized-control": ("89fe007e37fa213d", 1002),
    "truncated-close-code": ("888137fa213d34", 1002),
    "length-overflow": ("82ff8000000000000000", 1002),
    "non-minimal-length": ("82fe007d", 1002),
    "message-too-big": ("82ff0000000001000001", 1009),
    "invalid-close-code": ("888200000000 03ed", 1002),
    "close-reason-not-utf8": ("888300000000 03e8ff", 1007),
    "text-not-utf8": ("818100000000ff", 1007),
}


def broken(name: str) -> bytes:
    """The bytes of a broken frame."""
    return bytes.fromhex(BROKEN[name][0])
