"""Runs the fixture corpus through the C API's shared library, using only ctypes of the standard library.

    corpus.py LIBRARY FIXTURES SIZES [LIMIT]

SIZES is the output of `calls --sizes`: the structs below must have the sizes of the header's. Streams of up to LIMIT
bytes (256) are fed with every cut, all others in one piece and byte by byte.
"""

import ctypes as c
import pathlib
import sys

NEED_MORE, EVENT, STOPPED, VIOLATION = range(4)
CLIENT, SERVER, UNKNOWN = range(3)
STATES = ["complete", "incomplete-frame", "incomplete-message", "violation"]


class Options(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("max_frame", c.c_uint64), ("max_message", c.c_uint64),
                ("max_fragments", c.c_uint32), ("max_control_frames", c.c_uint32), ("peer", c.c_uint8), ("deflate", c.c_bool),
                ("claimed_bits", c.c_uint8), ("inflates", c.c_bool), ("window_bits", c.c_uint8),
                ("takes_over", c.c_bool)]


class Violation(c.Structure):
    _fields_ = [("offset", c.c_uint64), ("frame", c.c_uint64), ("frame_offset", c.c_uint64),
                ("close_code", c.c_uint16), ("value", c.c_uint16), ("rule", c.c_uint8), ("length", c.c_uint8),
                ("header_length", c.c_uint8), ("header", c.c_uint8 * 14)]


class Status(c.Structure):
    _fields_ = [("position", c.c_uint64), ("frames", c.c_uint64), ("messages", c.c_uint64), ("state", c.c_uint8),
                ("closed", c.c_bool)]


class Event(c.Structure):
    _fields_ = [("payload_start", c.c_size_t), ("payload_count", c.c_size_t), ("payload_offset", c.c_uint64),
                ("frame_length", c.c_uint64), ("opcode", c.c_uint8), ("message_opcode", c.c_uint8),
                ("reserved_bits", c.c_uint8), ("begins_frame", c.c_bool), ("ends_frame", c.c_bool),
                ("begins_message", c.c_bool), ("ends_message", c.c_bool), ("is_inflated", c.c_bool),
                ("close_code", c.c_uint16),
                ("control_payload", c.c_uint8 * 125)]


class Validator(c.Structure):
    _fields_ = [("opaque", c.c_uint64 * 16)]


class Reader(c.Structure):
    _fields_ = [("opaque", c.c_uint64 * 40)]


class Connection(c.Structure):
    _fields_ = [("opaque", c.c_uint64 * 48)]


HANDLER = c.CFUNCTYPE(c.c_bool, c.c_void_p, c.POINTER(Event), c.c_void_p)


def load(path):
    library = c.CDLL(path)
    library.wsf_event_payload.restype = c.c_void_p
    library.wsf_rule_name.restype = library.wsf_rule_section.restype = c.c_char_p
    for name in "wsf_validator_init", "wsf_reader_init":
        getattr(library, name).restype = c.c_bool
    for name in "wsf_validate", "wsf_reader_next", "wsf_reader_read":
        getattr(library, name).restype = c.c_uint8
    return library


class Fixture:
    """One file, parsed according to Fixtures/FORMAT.md."""

    def __init__(self, path):
        self.path, self.how, self.reported = path, {}, {}
        digits = []
        for line in path.read_text(encoding="utf-8").splitlines():
            if line[:2] in ("#:", "#="):
                key, _, value = line[2:].strip().partition(" ")
                (self.how if line[1] == ":" else self.reported)[key] = value.strip()
            digits.append("".join(line.partition("#")[0].split()))
        # The diagnosis of a violation is not part of this API.
        for key in ("diagnosis", "suspect", "certainty"):
            self.reported.pop(key, None)
        self.bytes = bytes.fromhex("".join(digits))
        if self.bytes.startswith((b"GET ", b"HTTP/1.1 ")):
            self.bytes = self.bytes[self.bytes.index(b"\r\n\r\n") + 4:]

    def options(self, library, sender):
        options = Options()
        library.wsf_options_init(c.byref(options), c.c_size_t(c.sizeof(options)), c.c_uint8(sender))
        options.deflate = "deflate" in self.how
        options.max_frame = int(self.how.get("max-frame", options.max_frame))
        options.max_message = int(self.how.get("max-message", options.max_message))
        return options

    @property
    def sender(self):
        return {"client": CLIENT, "server": SERVER}.get(self.how.get("sender"), UNKNOWN)

    @property
    def peer(self):
        masked = len(self.bytes) < 2 or self.bytes[1] & 0x80
        return (CLIENT if masked else SERVER) if self.sender == UNKNOWN else self.sender

    def payloads(self, end):
        """(opcode, payload) of the complete frames before byte `end`, unmasked naively."""
        return [(byte0 & 15, payload) for byte0, payload in self.frames(end)]

    def frames(self, end=None):
        """The same with byte 0 instead of the opcode; `end` defaults to the end of the stream."""
        found, at, end = [], 0, len(self.bytes) if end is None else end
        while at + 2 <= end:
            byte0, short = self.bytes[at], self.bytes[at + 1]
            extended = {126: 2, 127: 8}.get(short & 0x7F, 0)
            length = int.from_bytes(self.bytes[at + 2:at + 2 + extended], "big") if extended else short & 0x7F
            at += 2 + extended
            key = self.bytes[at:at + 4] if short & 0x80 else bytes(4)
            at += 4 if short & 0x80 else 0
            if at + length > end:
                break
            payload = self.bytes[at:at + length]
            found.append((byte0, bytes(byte ^ key[i % 4] for i, byte in enumerate(payload))))
            at += length
        return found


def verdict(library, status, violation):
    """The result in the terms of the fixtures."""
    reported = {"state": STATES[status.state], "frames": str(status.frames), "messages": str(status.messages),
            "closed": str(status.closed).lower()}
    if violation:
        reported |= {"rule": library.wsf_rule_name(violation.rule).decode(), "offset": str(violation.offset),
                 "length": str(violation.length), "frame": str(violation.frame),
                 "frame-offset": str(violation.frame_offset), "close-code": str(violation.close_code),
                 "header": bytes(violation.header[:violation.header_length]).hex()}
    return reported


def run_validator(library, fixture, pieces):
    validator, violation, status = Validator(), Violation(), Status()
    assert library.wsf_validator_init(c.byref(validator), c.c_size_t(c.sizeof(validator)), c.byref(fixture.options(library, fixture.sender)))
    result = NEED_MORE
    for piece in pieces:
        result = library.wsf_validate(c.byref(validator), piece, c.c_size_t(len(piece)), c.byref(violation))
        if result == VIOLATION:
            break
    library.wsf_validator_status(c.byref(validator), c.byref(status))
    return verdict(library, status, violation if result == VIOLATION else None), []


def run_reader(library, fixture, pieces, calls_back):
    reader, violation, status, event, index = Reader(), Violation(), Status(), Event(), c.c_size_t()
    assert library.wsf_reader_init(c.byref(reader), c.c_size_t(c.sizeof(reader)), c.byref(fixture.options(library, fixture.peer)))
    frames, current, messages = [], bytearray(), []

    def take(event, payload):
        current.extend(c.string_at(payload, event.payload_count) if event.payload_count else b"")
        if event.ends_message:
            messages.append(event.message_opcode)
        if event.ends_frame:
            frames.append((event.opcode, bytes(current)))
            current.clear()

    def handle(_, event, payload):
        take(event.contents, payload)
        return len(frames) % 2 == 0

    handler, result = HANDLER(handle), NEED_MORE
    for piece in pieces:
        block = (c.c_uint8 * len(piece)).from_buffer_copy(piece)
        index.value = 0
        while True:
            where = (c.byref(reader), block, c.c_size_t(len(piece)), c.byref(index))
            if calls_back:
                result = library.wsf_reader_read(*where, handler, None, c.byref(violation))
            else:
                result = library.wsf_reader_next(*where, c.byref(event), c.byref(violation))
            if result == EVENT:
                take(event, library.wsf_event_payload(c.byref(event), block))
            elif result != STOPPED:
                break
        if result == VIOLATION:
            break
    library.wsf_reader_status(c.byref(reader), c.byref(status))
    assert len(messages) == status.messages and set(messages) <= {1, 2}, fixture.path
    return verdict(library, status, violation if result == VIOLATION else None), frames


def main(library_path, fixtures, sizes, limit="256"):
    library = load(library_path)
    structs = [Options, Violation, Status, Event, Validator, Reader, Connection]
    assert [c.sizeof(struct) for struct in structs] == [int(size) for size in sizes.split()], "other sizes in C"
    assert library.wsf_close_code(None) & 0xFFFF == 1011

    files = runs = failures = 0
    for path in sorted(pathlib.Path(fixtures).rglob("*.hex")):
        fixture = Fixture(path)
        if "extensions" in fixture.how:
            continue  # these must be inflated, which inflating.py does
        files += 1
        reported = {key: value for key, value in fixture.reported.items() if key != "bytes"}
        expected = fixture.payloads(int(reported.get("frame-offset", len(fixture.bytes))))
        whole, size = fixture.bytes, len(fixture.bytes)
        cuts = [[whole], [whole[i:i + 1] for i in range(size)]]
        cuts += [[whole[:i], whole[i:]] for i in range(1, size) if size <= int(limit)]
        for pieces in cuts:
            for API in "validate", "pull", "callback":
                if API == "validate":
                    came, frames = run_validator(library, fixture, pieces)
                else:
                    came, frames = run_reader(library, fixture, pieces, API == "callback")
                runs += 1
                if came != reported or (API != "validate" and frames != expected):
                    failures += 1
                    if failures <= 10:
                        print(f"FAILED: {path} ({API}, {len(pieces)} pieces): {came}", file=sys.stderr)
    print(f"corpus.py: {files} fixtures, {runs} runs, {failures} failures")
    return failures != 0 or files == 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
