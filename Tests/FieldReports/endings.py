"""Reports whose cause is in the handshake, or in the way a conversation ended."""

import base64
import hashlib

from registry import report
from talk import BINARY, CONTINUATION, GUID, PING, PONG, TEXT, Sayings, Talk, close, frame


@report("two-keys-of-a-gateway.pcap", "dotnet/yarp#2805", notice=["repeated-header"])
def two_keys(name: str) -> Talk:
    """A gateway adds a key of its own to the one that is there."""
    talk, say = Talk(name, 80), Sayings(name)
    second = "Sec-WebSocket-Key: " + base64.b64encode(talk.random.randbytes(16)).decode()
    talk.open().client(talk.request("/hub", second)).wait(0.01)
    talk.server(talk.response()).wait(0.01).server(frame(say.chat())).wait(0.1)
    return talk.fin("client").fin("server")


@report("header-inside-a-header.pcap", "microsoft/service-fabric-issues#903", notice=["malformed-header", "handshake-refused"])
def mixed_headers(name: str) -> Talk:
    """A gateway writes one header field into another."""
    talk = Talk(name, 80)
    head = talk.request("/ws").replace(
        b"\r\n\r\n", b"\r\nMax-Frame-Size: Sec-WebSocket-Extensions: permessage-deflate\r\n8192\r\n\r\n")  # fmt: skip
    talk.open().client(head).wait(0.01)
    page = b"<HTML><BODY><h2>Bad Request - Invalid Header</h2></BODY></HTML>"
    talk.server(
        b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html; charset=us-ascii\r\nServer: Microsoft-HTTPAPI/2.0\r\n"
        b"Connection: close\r\nContent-Length: " + str(len(page)).encode() + b"\r\n\r\n" + page
    )
    return talk.end("server")


@report("key-changed-on-the-way.pcap", "aspnet/WebSockets#210", notice=["wrong-accept"],
        unsaid=["a crash, a killed process"])  # fmt: skip
def key_changed(name: str) -> Talk:
    """A proxy in front of the server uses a key of its own, and passes the answer on unchanged."""
    talk = Talk(name, 80)
    other = base64.b64encode(talk.random.randbytes(16)).decode()
    accept = base64.b64encode(hashlib.sha1((other + GUID).encode()).digest()).decode()
    talk.open().client(talk.request("/chat", agent="Mozilla/5.0 Chrome/61.0")).wait(0.05)
    talk.server(talk.response("Server: Microsoft-IIS/8.5", accept=accept)).wait(0.002)
    return talk.fin("client").fin("server")


@report("first-ping-was-the-last.pcap", "ASPLes/nopoll#31", notice=["no-close"], said=["first ping"],
        unsaid=["a crash, a killed process"])  # fmt: skip
def ping_ends(name: str, payload: bytes = b"") -> Talk:
    """A client treats a ping without payload as the end."""
    talk, say = Talk(name, 8080), Sayings(name)
    talk.upgraded()
    for _ in range(4):
        talk.client(frame(say.chat(), key=talk.key())).wait(0.5).server(frame(say.chat())).wait(4)
    talk.server(frame(payload, PING)).wait(0.002)
    return talk.fin("client").fin("server")


@report("pong-nobody-asked-for.pcap", "mattgodbolt/seasocks#40", notice=["no-close"], said=["first pong"],
        unsaid=["a crash, a killed process"])  # fmt: skip
def pong_ends(name: str) -> Talk:
    """A browser sends an unsolicited pong, and the server's parser does not know opcode 10."""
    talk, say = Talk(name, 8080), Sayings(name)
    talk.upgraded(agent="Mozilla/5.0 Trident/7.0")
    for _ in range(4):
        talk.client(frame(say.chat(), key=talk.key())).wait(0.5).server(frame(say.chat())).wait(4)
    talk.client(frame(b"", PONG, key=talk.key())).wait(0.002)
    return talk.fin("server").fin("client")


@report("message-after-a-fragmented-one.pcap", "oatpp/oatpp-websocket#42", notice=["no-close"], said=["fragmented"],
        unsaid=["a crash, a killed process"])  # fmt: skip
def after_fragments(name: str) -> Talk:
    """The receiver does not reset its fragmentation state, and gives up at the next message."""
    talk, say = Talk(name, 8000), Sayings(name)
    talk.upgraded()
    for _ in range(4):
        talk.client(frame(say.chat(), key=talk.key())).wait(0.5).server(frame(say.chat())).wait(1)
    text = say.of_size(9_000)
    talk.client(frame(text[:4096], TEXT, False, key=talk.key()))
    talk.client(frame(text[4096:8192], CONTINUATION, False, key=talk.key()))
    talk.client(frame(text[8192:], CONTINUATION, key=talk.key())).wait(0.2)
    talk.client(frame(say.chat(), key=talk.key())).wait(0.001)
    return talk.fin("server").fin("client")


@report("dirty-memory-read-as-a-header.pcap", "khoih-prog/WebSockets2_Generic#62", notice=["unfounded-1002"])
def dirty_memory(name: str) -> Talk:
    """A server's read fails, and it judges the old contents of its buffer."""
    talk, say = Talk(name, 80), Sayings(name)
    talk.upgraded()
    for _ in range(9):
        talk.server(frame(say.telemetry(2))).wait(0.3)
        talk.client(frame(b'{"ack":1}', key=talk.key())).wait(0.3)
    talk.server(close(1002)).wait(0.02)
    return talk.client(close(1002, "", talk.key())).wait(0.01).end("server")


@report("text-is-not-supported.pcap", "Xpra-org/xpra#2120", never=["unfounded-1002", "unfounded-1007"],
        unsaid=["a crash, a killed process"])  # fmt: skip
def no_text(name: str) -> Talk:
    """A proxy accepts binary messages only, and closes with 1003."""
    talk = Talk(name, 6080)
    talk.upgraded("", "/websockify")
    talk.client(frame(b"hello", key=talk.key())).wait(0.002)
    talk.server(close(1003, "Text frames are not supported")).wait(0.002)
    return talk.client(close(1003, "", talk.key())).wait(0.01).end("server")


@report("a-minute-without-a-frame.pcap", "kubernetes/ingress-nginx#2917", notice=["no-close"], said=["60 s"],
        unsaid=["a crash, a killed process"])  # fmt: skip
def idle(name: str, seconds: float = 60.0, how: str = "fin") -> Talk:
    """An ingress ends a connection that was silent for its proxy_read_timeout."""
    talk, say = Talk(name, 80), Sayings(name)
    talk.upgraded()
    for _ in range(3):
        talk.client(frame(say.chat(), key=talk.key())).wait(0.5).server(frame(say.chat())).wait(1)
    talk.wait(seconds - 1.0)
    return talk.fin("server").fin("client") if how == "fin" else talk.rst("server")


@report("ping-waits-behind-ten-megabytes.pcap", "theturtle32/WebSocket-Node#229", notice=["ping-unanswered"],
        unsaid=["a crash, a killed process"])  # fmt: skip
def ping_waits(name: str, size: int = 40_000) -> Talk:
    """A ping is queued after data on a slow line, and its answer comes too late."""
    talk, say = Talk(name, 80), Sayings(name)
    talk.upgraded()
    data = frame(say.audio(size), BINARY)
    for at in range(0, len(data), 1448):
        talk.server(data[at : at + 1448]).wait(0.7)
    talk.server(frame(b"", PING)).wait(10)
    talk.server(close(1001, "Peer not responding.")).wait(0.1)
    talk.client(frame(b"", PONG, key=talk.key())).wait(0.01)
    talk.client(close(1001, "", talk.key())).wait(0.01)
    return talk.end("server")


@report("keepalive-1011-of-a-busy-client.pcap", "python-websockets/websockets#1128", notice=["ping-unanswered"],
        never=["client-failed-1011", "server-failed-1011", "close-unanswered"])  # fmt: skip
def keepalive(name: str) -> Talk:
    """A blocked event loop answers no pings, so the peer's keepalive closes with 1011."""
    talk, say = Talk(name, 80), Sayings(name)
    talk.upgraded()
    for number in range(3):
        talk.server(frame(say.chat())).wait(5)
    talk.server(frame(b"\x8d\x22\x17\x01", PING))
    for _ in range(20):
        talk.server(frame(say.chat())).wait(1)
    talk.server(close(1011, "keepalive ping timeout"))
    return talk.wait(10).fin("server").wait(4).rst("client")
