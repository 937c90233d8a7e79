"""Reports whose cause is in the payload: masking, text, close codes, compression."""

import struct

from registry import report
from talk import CLOSE, Deflater, Sayings, Talk, close, frame, header, masked


@report("masking-goes-on-from-the-last-frame.pcap", "anmonteiro/httpun-ws#55", cause=["mask-out-of-phase"],
        never=["binary-as-text", "legacy-charset", "latin-1-text"])  # fmt: skip
def mask_goes_on(name: str, size: int = 0) -> Talk:
    """The position in the masking key is carried over from frame to frame instead of starting anew."""
    talk, say = Talk(name, 8080), Sayings(name)
    talk.upgraded()
    sent, is_wrong = 0, False
    while not is_wrong:
        payload, key = say.of_size(size) if size else say.chat(), talk.key()
        talk.client(header(len(payload), mask=True) + key + masked(payload, key, sent)).wait(0.2)
        is_wrong = sent % 4 != 0
        sent += len(payload)
    return talk.server(close(1007, "invalid UTF-8")).wait(0.01).end("server")


@report("masking-restarts-in-each-buffer.pcap", "Moddable-OpenSource/moddable#1695", cause=["mask-out-of-phase"],
        never=["binary-as-text", "legacy-charset", "latin-1-text", "bytes-lost"])  # fmt: skip
def mask_restarts(name: str, size: int = 3_301, piece: int = 1_022, at_once: bool = False) -> Talk:
    """A payload is masked buffer by buffer, each from the key's first byte; the buffer size is not a multiple of 4."""
    talk, say = Talk(name, 8080), Sayings(name)
    talk.upgraded()
    for _ in range(3):
        talk.client(frame(say.chat(4), key=talk.key())).wait(0.2).server(frame(say.chat(4))).wait(0.2)
    payload, key = say.of_size(size), talk.key()
    pieces = [masked(payload[at : at + piece], key) for at in range(0, size, piece)]
    talk.client(header(size, mask=True) + key + b"".join(pieces)).wait(0.002)
    return talk.server(close(1007, "invalid UTF-8")).wait(0.01).end("server")


@report("key-written-backwards.pcap", "CollaboraOnline/online#730", cause=["mask-of-another-key"],
        never=["binary-as-text", "legacy-charset", "latin-1-text"])  # fmt: skip
def another_key(name: str, size: int = 0, kind: str = "fixed") -> Talk:
    """The payload is masked with a key other than the one in the header."""
    talk, say = Talk(name, 9980), Sayings(name)
    talk.upgraded()
    for _ in range(3):
        payload = say.of_size(size) if size else say.chat()
        key = talk.key()
        used = bytes.fromhex("81768176") if kind == "fixed" else key[::-1] if kind == "reversed" else talk.key()
        talk.client(header(len(payload), mask=True) + key + masked(payload, used)).wait(0.2)
    return talk.server(close(1007, "invalid UTF-8")).wait(0.01).end("server")


@report("masked-twice-after-a-retry.pcap", "websockets/ws#1989", cause=["mask-of-another-key"],
        never=["binary-as-text", "legacy-charset", "latin-1-text"])  # fmt: skip
def masked_twice(name: str, size: int = 0) -> Talk:
    """A buffer is masked in place and sent again, so that its bytes are masked with the previous key as well."""
    talk, say = Talk(name, 9980), Sayings(name)
    talk.upgraded()
    payload = say.of_size(size) if size else say.chat()
    first, second = talk.key(), talk.key()
    talk.client(frame(payload, key=first)).wait(0.2).server(frame(b'{"type":"retry"}')).wait(0.1)
    talk.client(header(len(payload), mask=True) + second + masked(masked(payload, first), second)).wait(0.01)
    return talk.server(close(1007, "invalid UTF-8")).wait(0.01).end("server")


@report("erlang-list-as-text.pcap", "madtrick/wsecli#9", cause=["binary-as-text"], never=["latin-1-text"])
def list_as_text(name: str) -> Talk:
    """A client sends bytes, and its library frames all of them as text."""
    talk = Talk(name, 8080)
    talk.upgraded()
    talk.client(frame(bytes([255, 3, 0, 3, 0, 0, 7, 34, 67, 77]), key=talk.key())).wait(0.002)
    return talk.server(close(1007)).wait(0.01).end("server")


@report("one-byte-a-message.pcap", "micropython/micropython#3342", cause=["text-cut-between-messages"],
        never=["lost-step"])  # fmt: skip
def byte_by_byte(name: str) -> Talk:
    """A terminal sends every byte as a separate text message."""
    talk = Talk(name, 8266)
    talk.upgraded()
    for byte in ">>> print('\u0414')\r\n\u0414\r\n>>> ".encode():
        talk.server(frame(bytes([byte])))
    return talk.client(close(1007, "", talk.key())).wait(0.01).end("client")


@report("length-of-the-string.pcap", "radu-matei/websocket-manager#40", cause=["cut-at-character-count"])
def string_length(name: str) -> Talk:
    """As many bytes are sent as the string has characters."""
    talk = Talk(name, 5000)
    talk.upgraded()
    for text in ("hello everybody in here", "\u5927\u5bb6\u597d\uff0c\u8fd9\u662f\u4e00\u6761\u6d88\u606f\u6d4b\u8bd5"):
        value = '{"messageType":0,"data":"' + text + '"}'
        data = value.encode()[: len(value)]
        talk.server(frame(data)).wait(0.4)
    return talk.client(close(1007, "", talk.key())).wait(0.01).end("client")


@report("close-code-without-its-high-byte.pcap", "warmcat/libwebsockets#792", cause=["close-code-in-one-byte"])
def low_byte(name: str, code: int = 1000, masks: bool = False) -> Talk:
    """The high byte of the code is computed with a shift by 16: 1000 becomes 232."""
    talk, say = Talk(name, 7681), Sayings(name)
    talk.upgraded()
    talk.client(frame(say.chat(), key=talk.key())).wait(0.2).server(frame(say.chat())).wait(3)
    payload = bytes([0, code & 0xFF])
    talk.server(frame(payload, CLOSE)) if not masks else talk.client(frame(payload, CLOSE, key=talk.key()))
    talk.wait(0.001)
    reply = close(1002, "", None if masks else talk.key())
    talk.server(reply) if masks else talk.client(reply)
    return talk.wait(0.01).end("client")


@report("close-code-as-text.pcap", "vti/protocol-websocket#62", cause=["close-code-as-text"])
def code_as_text(name: str, reason: str = "", masks: bool = True) -> Talk:
    """Every payload is encoded as UTF-8, even that of a Close: 03 E8 becomes 03 C3 A8."""
    talk, say = Talk(name, 7681), Sayings(name)
    talk.upgraded()
    talk.client(frame(say.chat(), key=talk.key())).wait(0.2).server(frame(say.chat())).wait(3)
    payload = (struct.pack(">H", 1000).decode("latin-1") + reason).encode()
    talk.client(frame(payload, CLOSE, key=talk.key())) if masks else talk.server(frame(payload, CLOSE))
    talk.wait(0.001)
    reply = close(1002, "", None if masks else talk.key())
    talk.server(reply) if masks else talk.client(reply)
    return talk.wait(0.01).end("server")


@report("close-with-code-0.pcap", "nodejs/undici#2679", rules=["invalid-close-code"], never=["close-code-is-masking-key"])
def code_0(name: str) -> Talk:
    """A client answers a Close without a code with the code 0."""
    talk, say = Talk(name, 6680), Sayings(name)
    talk.upgraded(agent="undici")
    talk.wait(3).server(frame(b"", CLOSE)).wait(0.002)
    talk.client(frame(b"\0\0", CLOSE, key=talk.key())).wait(0.01)
    return talk.end("server")


@report("close-1013-refused.pcap", "lysine-dev/okhttp#5275", never=["server-failed-1011", "client-failed-1011"])
def refused_1013(name: str) -> Talk:
    """A client from before 2020 treats 1013 as a reserved code."""
    talk, say = Talk(name, 443), Sayings(name)
    talk.upgraded(agent="okhttp/3.12.1")
    talk.client(frame(say.chat(), key=talk.key())).wait(0.2)
    talk.server(close(1013, "too many sessions")).wait(0.003)
    talk.client(close(1002, "Code 1013 is reserved and may not be used.", talk.key())).wait(0.002)
    return talk.end("client")


@report("low-bytes-of-a-reason.pcap", "totaljs/framework#354", rules=["close-reason-not-utf8"],
        never=["latin-1-text", "legacy-charset"])  # fmt: skip
def binary_reason(name: str) -> Talk:
    """A reason is written with an encoding that keeps the low byte of each character."""
    talk = Talk(name, 8000)
    talk.upgraded()
    reason = bytes(ord(c) & 0xFF for c in "\u4e2d\u6587")
    talk.server(frame(struct.pack(">H", 1000) + reason, CLOSE)).wait(0.001)
    talk.client(close(1007, "", talk.key())).wait(0.01)
    return talk.end("client")


@report("last-byte-spoilt.pcap", "curl/curl#15901", never=["latin-1-text", "legacy-charset", "binary-as-text"])
def last_byte(name: str) -> Talk:
    """After EAGAIN, the last byte of a frame is taken from the wrong place."""
    talk, say = Talk(name, 8080), Sayings(name)
    talk.upgraded(agent="curl/8.11.1")
    for _ in range(3):
        talk.client(frame(say.chat(), key=talk.key())).wait(0.1).server(frame(b"ok")).wait(0.1)
    whole = frame(say.of_size(20_000), key=talk.key())
    talk.client(whole[:-1] + bytes([whole[-1] ^ 0xC5])).wait(0.1)
    return talk.server(close(1007, "invalid UTF-8")).wait(0.01).end("server")


@report("first-compressed-message-was-the-last.pcap", "netty/netty#2953", notice=["no-close"],
        said=["compressed"], unsaid=["a crash, a killed process"])  # fmt: skip
def agreed_by_mistake(name: str) -> Talk:
    """A server agrees to a compression that its parser is not configured for, and drops the connection."""
    talk, say = Talk(name, 8080), Sayings(name)
    talk.upgraded("permessage-deflate", agent="Mozilla/5.0 Chrome/38.0")
    talk.wait(2).client(frame(Deflater().message(say.chat()), rsv=4, key=talk.key())).wait(0.004)
    return talk.fin("server").fin("client")


@report("gateway-drops-compressed.pcap", "open-webui/open-webui#24579", notice=["no-close"], said=["compressed"])
def gateway_drops(name: str) -> Talk:
    """A gateway passes on the agreement, but gives up at the first frame with RSV1."""
    talk, say = Talk(name, 443), Sayings(name)
    talk.upgraded("permessage-deflate", path="/ws/socket.io/?EIO=4&transport=websocket")
    talk.server(frame(Deflater().message(say.of_size(300)), rsv=4)).wait(0.003)
    return talk.fin("client").fin("server")
