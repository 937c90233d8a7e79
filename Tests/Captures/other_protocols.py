"""Protocols other than WebSocket, on connections that are captured from the middle. The interface is that of middle_kinds.py."""

import base64
import gzip
import pathlib
import struct

from middle_kinds import record, words


def both(dice, message, count=(20, 60), share=0.5, together=1):
    """Turns of a protocol other than WebSocket."""
    return [
        (0 if dice.random() < share else 1, b"".join(message(dice) for _ in range(dice.randint(1, together))))
        for _ in range(dice.randint(*count))
    ]


def sized(head, least, most, content=None):
    """A message of a protocol with a length before every message."""

    def message(dice):
        body = (content or (lambda dice, size: dice.randbytes(size)))(dice, dice.randint(least, most))
        return struct.pack(head, len(body)) + body

    return message


def tls(dice):
    """TLS records"""
    return both(dice, lambda dice: b"\x17\x03\x03" + sized(">H", 30, 16_000)(dice), share=0.3, together=3)


def noise(dice):
    """random bytes"""
    return both(dice, lambda dice: dice.randbytes(dice.randint(1, 8_000)))


def zeros(dice):
    """one byte again and again"""
    value = bytes([dice.choice([0, 0x81, 0x82, 0x80, 0xFF, 0x01, 0x89])])
    return both(dice, lambda dice: value * dice.randint(1, 4_000))


def lines(dice):
    """lines of text"""
    return both(dice, lambda dice: words(dice, 2, 20) + b"\r\n", together=5)


def utf16(dice):
    """UTF-16"""
    return both(dice, lambda dice: words(dice, 2, 60).decode().encode("utf-16-le"))


def json_rows(dice):
    """JSON, a length before it"""
    return both(
        dice,
        sized(dice.choice([">I", "<I", ">H"]), 1, 3, lambda dice, size: b"".join(record(dice) for _ in range(size))),
    )


def type_length(dice):
    """type, length, text"""
    kinds = bytes([dice.getrandbits(8) for _ in range(5)])
    return both(
        dice,
        lambda dice: (
            bytes([dice.choice(kinds)]) + sized("B", 10, 60, lambda dice, size: words(dice, 30, 60)[:size])(dice)
        ),
        together=8,
    )


def mqtt(dice):
    """MQTT"""

    def message(dice):
        body = struct.pack(">H", 8) + b"home/" + dice.randbytes(2).hex().encode()[:3] + words(dice, 1, 12)
        return (
            bytes([0x30 | dice.choice([0, 2, 3])])
            + bytes([len(body)] if len(body) < 128 else [len(body) & 127 | 128, len(body) >> 7])
            + body
        )

    return both(dice, message, together=4)


def amqp(dice):
    """AMQP"""
    return both(dice, lambda dice: b"\x03\x00\x01" + sized(">I", 20, 400)(dice) + b"\xce", together=3)


def mysql(dice):
    """MySQL rows"""

    def message(dice):
        body = b"".join(bytes([len(w)]) + w for w in words(dice, 3, 12).split())
        return struct.pack("<I", len(body))[:3] + bytes([dice.getrandbits(8)]) + body

    return both(dice, message, share=0.1, together=20)


def postgres(dice):
    """PostgreSQL rows"""

    def message(dice):
        body = struct.pack(">H", 3) + b"".join(struct.pack(">I", len(w)) + w for w in words(dice, 3, 3).split())
        return b"D" + struct.pack(">I", len(body) + 4) + body

    return both(dice, message, share=0.1, together=20)


def redis(dice):
    """Redis"""
    return both(
        dice,
        lambda dice: b"*2\r\n" + b"".join(b"$%d\r\n%b\r\n" % (len(w), w) for w in words(dice, 2, 2).split()),
        together=6,
    )


def http2_frames(dice):
    """HTTP/2 frames"""

    def message(dice):
        body = dice.randbytes(dice.randint(5, 900))
        return (
            struct.pack(">I", len(body))[1:]
            + bytes([dice.choice([0, 0, 1, 8]), dice.choice([0, 1, 4])])
            + struct.pack(">I", dice.randrange(1, 99, 2))
            + body
        )

    return both(dice, message, share=0.3, together=4)


def chunked(dice):
    """HTTP bodies, chunked and zipped"""
    return both(
        dice,
        lambda dice: (lambda body: b"%x\r\n%b\r\n" % (len(body), body))(
            gzip.compress(b"".join(record(dice) for _ in range(40)))
        ),
        share=0,
    )


def base64_lines(dice):
    """Base64"""
    return both(dice, lambda dice: base64.encodebytes(dice.randbytes(dice.randint(100, 3_000))), share=0.1)


def media(dice):
    """MPEG transport stream"""
    return both(dice, lambda dice: b"".join(b"G" + dice.randbytes(3) + dice.randbytes(184) for _ in range(7)), share=0)


def certificates(dice):
    """DER"""

    def value(dice, deep=3):
        if deep == 0 or dice.random() < 0.3:
            body = dice.choice([dice.randbytes(dice.randint(1, 60)), words(dice, 1, 5)])
            kind = dice.choice(b"\x02\x03\x04\x05\x06\x0c\x13\x17\x82\x80\x81")
        else:
            body, kind = (
                b"".join(value(dice, deep - 1) for _ in range(dice.randint(1, 5))),
                dice.choice(b"\x30\x31\xa0\xa3"),
            )
        size = bytes([len(body)]) if len(body) < 128 else bytes([0x82]) + struct.pack(">H", len(body) & 0xFFFF)
        return bytes([kind]) + size + body

    return both(dice, value, together=6)


def ramp(dice):
    """counted bytes"""
    step = dice.randint(1, 9)
    return both(
        dice,
        lambda dice: bytes(
            (start + step * n) & 255 for start in [dice.getrandbits(8)] for n in range(dice.randint(50, 3_000))
        ),
    )


def audio(dice):
    """16-bit samples"""

    def message(dice):
        level, samples = 0, []
        for _ in range(800):
            level = max(-32768, min(32767, level + dice.randint(-40, 40)))
            samples.append(level)
        return struct.pack("<800h", *samples)

    return both(dice, message, count=(10, 20), share=0)


def files(dice):
    """files of this machine"""
    paths = files.paths = files.paths or [
        path for folder in ("/usr/bin", "/usr/lib", "/usr/share/doc", "/usr/share/icons", "/usr/include")
        for path in sorted(pathlib.Path(folder).rglob("*"))[:6_000] if path.is_file() and not path.is_symlink()
    ]  # fmt: skip
    content = dice.choice(paths).read_bytes()[:200_000]
    at = dice.randrange(max(1, len(content) // 2))
    return [(1, content[at + n : at + n + 16_000]) for n in range(0, len(content) - at, 16_000)] or [(1, b"\x00")]


files.paths = None

OTHERS = [
    tls, noise, zeros, lines, utf16, json_rows, type_length, mqtt, amqp, mysql, postgres, redis, http2_frames, chunked,
    base64_lines, media, certificates, ramp, audio, files,
]  # fmt: skip
