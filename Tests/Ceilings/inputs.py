"""Files and texts that reach a ceiling."""

import struct
import zlib

from traffic import MIB, NOISE, PCAP, frame


def gzip_bomb(factor):
    """Zeros, compressed twice: the size of the file limits what gzip inflates to."""
    inner = zlib.compressobj(9, wbits=31)
    packed = b"".join(inner.compress(bytes(16 * MIB)) for _ in range(40 * factor)) + inner.flush()
    yield packed


def long_record(factor):
    """A record that claims to be longer than any packet."""
    yield PCAP + struct.pack("<IIII", 0, 0, 17 * factor * MIB, 17 * factor * MIB)
    for _ in range(17 * factor):
        yield bytes(MIB)


def interfaces(factor):
    """A pcapng section with more interfaces than any machine has."""
    yield struct.pack("<IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28)
    for _ in range(70 * factor):
        yield struct.pack("<IIHHII", 1, 20, 1, 0, 0, 20) * 1_000


def long_line(factor):
    """A dump with offsets whose first line is endless."""
    yield b"00000000: " + b"81 05 68 65 6c 6c 6f " * (4_000 * factor) + b"\n"


def long_export(factor):
    """Output of tshark -T fields with an endless line."""
    yield b"10.0.0.1\t40000\t10.0.0.2\t80\t" + b"818568656c6c6f61" * (5_000 * factor) + b"\n"


def dump_head(factor):
    """A dump of a server whose response is endless."""
    yield b"HTTP/1.1 101 Switching Protocols\r\n" + b"".join(b"X-%06d: %s\r\n" % (number, b"a" * 80) for number in range(900 * factor))


def noise_after_a_violation(factor):
    """A broken frame, followed by megabytes that are not frames."""
    yield b"\x83\x01a"
    for _ in range(10 * factor):
        yield NOISE


def frames_everywhere(factor):
    """Bytes in which a frame begins at every place, and none leads far."""
    yield frame(1, b"hello", None) + b"\x83\x05"
    for _ in range(5 * factor):
        yield b"\x82\x7e\x10\x00" * (MIB // 4)


def violations(factor):
    """Nothing but frames that break a rule."""
    yield b"\x83\x00" * (10_000 * factor)


def long_frames(factor):
    """Legal frames of the size of a file."""
    yield struct.pack(">BBQ", 0x82, 127, 64 * factor * MIB)
    for _ in range(64 * factor):
        yield NOISE
