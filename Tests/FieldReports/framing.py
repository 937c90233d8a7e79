"""Reports whose cause is in the headers of frames, or in the order of writes."""

import struct

from registry import report
from talk import BINARY, CONTINUATION, PING, PONG, TEXT, Sayings, Talk, close, frame, header, masked


@report(
    "length-form-never-announced.pcap", "dreamland-mud/dreamland_code#647", cause=["wrong-length-form"],
    never=["lost-step", "bytes-lost", "length-one-byte-early"])  # fmt: skip
def form_missing(name: str, size: int = 70_118) -> Talk:
    """hdr[1] = 127 is forgotten in the branch for 64 bits: the 8 bytes of the length follow a 0."""
    talk, say = Talk(name, 9000), Sayings(name)
    talk.upgraded(path="/", agent="Mozilla/5.0 Chrome/126.0")
    for _ in range(3):
        talk.client(frame(say.chat(4), key=talk.key())).wait(0.1).server(frame(say.chat(30))).wait(0.4)
    talk.client(frame(b'{"cmd":"fedit","args":"3014"}', key=talk.key())).wait(0.02)
    talk.server(bytes([0x81, 0]) + struct.pack(">Q", size) + say.of_size(size))
    talk.server(frame(say.chat(9))).wait(0.01).client(close(1002, "Invalid frame header", talk.key()))
    return talk.wait(0.01).end("client")


@report("length-and-and.pcap", "brandenhall/Arduino-Websocket#1", cause=["lost-step", "unframed-text"],
        never=["bytes-lost"])  # fmt: skip
def logical_and(name: str, size: int = 310) -> Talk:
    """Both bytes of the length are computed with && instead of &: every length from 256 on is 01 01."""
    talk, say = Talk(name, 81), Sayings(name)
    talk.upgraded()
    for _ in range(4):
        talk.server(frame(say.telemetry(1))).wait(1.0)
    for _ in range(3):
        talk.server(bytes([0x81, 126, 1, 1]) + say.of_size(size)).wait(1.0)
    return talk.client(close(1002, "", talk.key())).wait(0.01).end("client")


@report("length-of-70k-in-16-bits.pcap", "fhessel/esp32_https_server#59", cause=["length-cut-to-16-bits"],
        never=["lost-step", "unframed-text"])  # fmt: skip
def cut_to_16(name: str, size: int = 70_000, opcode: int = TEXT) -> Talk:
    """There is no branch for 64 bits: the low 16 bits of a length over 65,535 follow 126."""
    talk, say = Talk(name, 443), Sayings(name)
    talk.upgraded()
    for _ in range(3):
        talk.server(frame(say.telemetry(3))).wait(1.0)
    payload = say.of_size(size) if opcode == TEXT else say.audio(size)
    talk.server(bytes([0x80 | opcode, 126]) + struct.pack(">H", size & 0xFFFF) + payload)
    talk.server(frame(say.telemetry(3))).wait(0.002)
    return talk.client(close(1002, "Invalid frame header", talk.key())).wait(0.01).end("client")


@report("whole-message-written-again.pcap", "Warfley/LazWebsockets#4", cause=["bytes-written-twice"],
        never=["unframed-json", "lost-step"])  # fmt: skip
def message_again(name: str, size: int = 151, times: int = 3) -> Talk:
    """The number of bytes that a write took is not returned, so the payload is written again and again."""
    talk, say = Talk(name, 8080), Sayings(name)
    talk.upgraded()
    for _ in range(3):
        talk.client(frame(say.chat(3), key=talk.key())).wait(0.2).server(frame(say.chat(5)[:120])).wait(0.2)
    payload = say.of_size(size)
    talk.server(header(size) + payload * times).wait(0.01)
    return talk.client(close(1002, "", talk.key())).wait(0.01).end("client")


@report("payload-without-its-header.pcap", "firedancer-io/firedancer#2866", never=["lost-step"])
def without_header(name: str) -> Talk:
    """When a pong is due, the payload of a message is sent without its header."""
    talk, say = Talk(name, 8899), Sayings(name)
    talk.upgraded()
    for number in range(6):
        talk.server(frame(say.telemetry(4))).wait(0.4)
        if number % 2 == 1:
            talk.client(frame(b"keep", PING, key=talk.key()))
            talk.server(frame(b"keep", PONG)).wait(0.2)
    talk.client(frame(b"keep", PING, key=talk.key()))
    talk.server(say.telemetry(4)).wait(0.001).server(frame(b"keep", PONG)).wait(0.001)
    talk.server(frame(say.telemetry(4))).wait(0.002)
    return talk.client(close(1002, "Invalid frame header", talk.key())).wait(0.01).end("client")


@report("fragments-last-first.pcap", "warmcat/libwebsockets#1737", cause=["fragments-out-of-order"],
        never=["fin-too-early", "opcode-missing"])  # fmt: skip
def last_first(name: str) -> Talk:
    """A proxy takes the queued fragments from the wrong end."""
    talk, say = Talk(name, 443), Sayings(name)
    talk.upgraded()
    text = say.of_size(3_000)
    for _ in range(3):
        talk.server(frame(say.chat())).wait(0.3)
    parts = [text[:1024], text[1024:2048], text[2048:]]
    talk.server(frame(parts[0], TEXT, False) + frame(parts[1], CONTINUATION, False) + frame(parts[2], CONTINUATION))
    talk.wait(0.5).server(frame(say.chat())).wait(0.5)
    text = say.of_size(2_800)
    talk.server(frame(text[2048:], CONTINUATION) + frame(text[1024:2048], CONTINUATION, False))
    talk.server(frame(text[:1024], TEXT, False)).wait(0.002)
    return talk.client(close(1002, "Received unexpected continuation frame.", talk.key())).wait(0.01).end("client")


@report("opcode-of-another-thread.pcap", "python-hyper/wsproto#186", never=["fin-too-early"])
def two_threads(name: str) -> Talk:
    """Two threads send at once through an object that remembers whether a message is open: one frame becomes a continuation."""
    talk, say = Talk(name, 5000), Sayings(name)
    talk.upgraded()
    for _ in range(9):
        talk.server(frame(say.chat(8))).wait(0.05)
    talk.server(frame(say.chat(8)) + frame(say.chat(9), CONTINUATION)).wait(0.001)
    for _ in range(3):
        talk.server(frame(say.chat(8))).wait(0.05)
    return talk.client(close(1002, "Received unexpected continuation frame.", talk.key())).wait(0.01).end("client")


@report("pong-without-fin.pcap", "hyperion-project/hyperion.ng#1820", rules=["fragmented-control"])
def pong_without_fin(name: str) -> Talk:
    """The answer to a ping is sent without FIN."""
    talk, say = Talk(name, 8090), Sayings(name)
    talk.upgraded(path="/", agent="node")
    talk.client(frame(b'{"command":"serverinfo","tan":1}', key=talk.key())).wait(0.02)
    talk.server(frame(say.telemetry(9))).wait(5)
    talk.client(frame(b"", PING, key=talk.key())).wait(0.001).server(frame(b"", PONG, False)).wait(0.002)
    return talk.client(close(1002, "", talk.key())).wait(0.02).server(close(1000)).wait(0.01).end("server")


@report("answer-after-the-close.pcap", "Effect-TS/effect#7457", cause=["http-response"],
        never=["close-unanswered"])  # fmt: skip
def after_close(name: str) -> Talk:
    """The handler of the upgraded request returns a response, and the framework writes it after the Close."""
    talk, say = Talk(name, 3000), Sayings(name)
    talk.upgraded(path="/live")
    talk.client(frame(b'{"type":"auth","token":"expired"}', key=talk.key())).wait(0.03)
    talk.server(frame(b'{"type":"error","reason":"token expired, get another"}') + close(4400, "token expired"))
    talk.server(b"HTTP/1.1 204 No Content\r\nDate: Tue, 25 Aug 2026 10:11:12 GMT\r\nConnection: keep-alive\r\n\r\n")
    return talk.wait(0.003).fin("client").fin("server")


@report("werkzeug-answers-after-all.pcap", "miguelgrinberg/flask-sock#20", cause=["http-response"])
def werkzeug(name: str) -> Talk:
    """When the handler of the WebSocket returns, the development server writes an ordinary response."""
    talk = Talk(name, 5000)
    talk.upgraded(path="/ws", agent="Mozilla/5.0 Chrome/98.0")
    talk.client(frame(b"HI", key=talk.key())).wait(0.01)
    talk.server(frame(b"1") + frame(b"2") + frame(b"3")).wait(0.001)
    talk.server(
        b"HTTP/1.1 200 OK\r\nServer: Werkzeug/2.0.3 Python/3.9.2\r\nDate: Wed, 16 Feb 2022 20:21:22 GMT\r\n"
        b"Content-Type: text/html; charset=utf-8\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
    return talk.wait(0.001).fin("server").wait(0.001).rst("client")


@report("crash-answered-with-500.pcap", "phoenixframework/phoenix#529", cause=["http-response"])
def cowboy(name: str) -> Talk:
    """The handler crashes after the upgrade, and the server answers the request with 500."""
    talk = Talk(name, 4000)
    talk.upgraded(path="/ws")
    talk.client(frame(b'{"channel":"rooms","topic":"lobby","event":"join","message":{}}', key=talk.key())).wait(0.02)
    talk.server(
        b"HTTP/1.1 500 Internal Server Error\r\nconnection: close\r\nserver: Cowboy\r\n"
        b"date: Thu, 11 Dec 2014 08:00:09 GMT\r\ncontent-length: 0\r\n\r\n"
    )
    return talk.wait(0.001).fin("server").fin("client")


@report("two-servers-answer.pcap", "chimurai/http-proxy-middleware#799", cause=["http-response"])
def two_servers(name: str) -> Talk:
    """Two WebSocket servers are attached to one HTTP server: each answers the upgrade."""
    talk, say = Talk(name, 3000), Sayings(name)
    talk.open().client(talk.request("/ws")).wait(0.003)
    talk.server(talk.response()).wait(0.0005)
    talk.server(frame(b'{"type":"hot"}') + frame(b'{"type":"liveReload"}')).wait(0.01)
    talk.server(talk.response()).wait(0.004)
    talk.server(frame(say.chat())).wait(0.001)
    talk.client(close(1002, "", talk.key())).wait(0.01)
    return talk.end("client")


@report("pong-with-the-next-frames.pcap", "processone/ejabberd#3515", notice=["pong-payload-differs"])
def pong_with_more(name: str) -> Talk:
    """Bytes after a ping in the same read are sent as the payload of the pong."""
    talk, say = Talk(name, 5280), Sayings(name)
    talk.upgraded("", "/ws-xmpp")
    talk.client(frame(b'<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" version="1.0"/>', key=talk.key())).wait(0.01)
    talk.server(frame(b'<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" from="example.org" id="7"/>')).wait(0.3)
    behind = frame(b"<presence/>", key=talk.key())
    for _ in range(2):
        talk.client(frame(b"my ping data", PING, key=talk.key()) + behind).wait(0.001)
        talk.server(frame(behind, PONG)).wait(8)
    talk.client(close(1011, "keepalive ping timeout", talk.key())).wait(0.01).server(close(1011))
    return talk.end("server")


@report("pong-of-masked-bytes.pcap", "vapor/websocket-kit#49", notice=["pong-payload-differs"])
def masked_pong(name: str) -> Talk:
    """The payload of a ping is sent back still masked."""
    talk, say = Talk(name, 8080), Sayings(name)
    talk.upgraded()
    for number in range(3):
        key = talk.key()
        payload = struct.pack(">d", talk.now)
        talk.client(frame(payload, PING, key=key)).wait(0.001).server(frame(masked(payload, key), PONG)).wait(4)
        talk.server(frame(say.chat())).wait(6)
    return talk.fin("client").fin("server")


@report("close-and-pong-unmasked.pcap", "eclipse-paho/paho.mqtt.c#821", cause=["unmasked-control-frames"])
def close_unmasked(name: str) -> Talk:
    """A client's library masks messages, but not Close and pong."""
    talk, say = Talk(name, 9001), Sayings(name)
    talk.upgraded(path="/mqtt")
    talk.client(frame(bytes.fromhex("101000044d5154540402003c0004") + b"dev7", BINARY, key=talk.key())).wait(0.004)
    talk.server(frame(bytes.fromhex("20020000"), BINARY)).wait(1)
    for _ in range(3):
        topic = b"plant/7/state"
        body = bytes([0, len(topic)]) + topic + say.telemetry(1)[:90]
        talk.client(frame(bytes([0x30, len(body)]) + body, BINARY, key=talk.key())).wait(2)
    talk.client(frame(bytes.fromhex("e000"), BINARY, key=talk.key()))
    return talk.client(close(1000)).wait(0.002).rst("server")
