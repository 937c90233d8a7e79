"""The conversations: the endpoints, what happens, and the verdict on each side."""

from dataclasses import dataclass, field


@dataclass
class Variant:
    """One side's bytes judged on other terms, as a file of its own."""

    name: str
    side: str
    verdict: str
    about: str
    max_frame: int | None = None
    max_message: int | None = None


@dataclass
class Case:
    """One conversation; `client` and `server` are LABEL:ACTION."""

    name: str
    client: str
    server: str
    about: str
    from_client: str = "accept"
    from_server: str = "accept"
    variants: list[Variant] = field(default_factory=list)


def rejecting(rule: str) -> str:
    """The verdict on a stream that breaks a rule."""
    return f"reject.{rule}"


WS, AIO, WSC = "python-websockets", "aiohttp", "python-websocket-client"
NODE, MOJO, CHROME = "node-ws", "mojolicious", "chromium"


def bad_client(rule: str, name: str, client: str, server: str, about: str) -> Case:
    """A conversation whose client breaks a rule; the server's answer is legal."""
    return Case(name, client, server, about, rejecting(rule))


def bad_server(rule: str, name: str, client: str, server: str, about: str) -> Case:
    """A conversation whose server breaks a rule; the client's answer is legal."""
    return Case(name, client, server, about, from_server=rejecting(rule))


LEGAL = [
    Case(
        "deflate-context-takeover",
        f"{WS}:echo_deflate",
        f"{WS}:echo_deflate",
        "permessage-deflate with context takeover: the same text three times, shorter from the second on.",
    ),
    Case("emoji-split", f"{WS}:split_emoji", f"{WS}:echo", "Text in fragments that are cut inside emoji."),
    Case("close-empty", f"{WS}:close_empty", f"{AIO}:echo", "A Close without a code."),
    Case(
        "deflate-no-takeover",
        f"{WS}:echo_no_takeover",
        f"{NODE}:echo_no_takeover",
        "permessage-deflate without context takeover in either direction.",
    ),
    Case(
        "deflate-client-window-9",
        f"{WS}:small_client_window",
        f"{NODE}:small_client_window",
        "client_max_window_bits=9: the client finds nothing in what is further away than 512 bytes.",
    ),
    Case(
        "deflate-server-window-9",
        f"{NODE}:small_server_window",
        f"{WS}:echo_deflate",
        "server_max_window_bits=9: the server finds nothing in what is further away than 512 bytes.",
    ),
    Case(
        "deflate-client-no-takeover",
        f"{NODE}:client_no_takeover",
        f"{WS}:echo_deflate",
        "client_no_context_takeover alone: what the client sends stays as long, and the answers become shorter.",
    ),
    Case(
        "deflate-server-no-takeover",
        f"{WS}:server_no_takeover",
        f"{NODE}:echo_deflate",
        "server_no_context_takeover alone: the answers stay as long, and what the client sends becomes shorter.",
    ),
    Case("handler-throws", f"{WS}:send_and_receive", f"{WS}:fails", "The server's handler fails: Close 1011."),
    Case(
        "message-over-limit",
        f"{WS}:send_2000",
        f"{WS}:limited",
        "A message over the server's limit: Close 1009.",
        variants=[
            Variant(
                "max-message-1024",
                "client",
                rejecting("message-too-big"),
                "Judged with the server's limit.",
                max_message=1024,
            ),
            Variant(
                "max-frame-1024",
                "client",
                rejecting("frame-too-big"),
                "Judged with a limit for each frame.",
                max_frame=1024,
            ),
        ],
    ),
    Case(
        "binary-65536",
        f"{WS}:send_65536",
        f"{WS}:size",
        "A binary message of 65536 bytes, the first that needs a 64-bit length.",
    ),
    Case(
        "deflate-declined",
        f"{AIO}:echo_deflate",
        f"{NODE}:echo",
        "permessage-deflate offered by the client and declined by the server.",
    ),
    Case(
        "pings-and-close-3000",
        f"{AIO}:pings",
        f"{WS}:echo",
        "Pings from the client, a pong that nobody asked for, a Close with a reason beyond ASCII.",
    ),
    Case("dropped", f"{AIO}:vanish", f"{AIO}:echo", "The client drops the connection without a Close."),
    Case(
        "frames-after-close",
        f"{WSC}:ping_after_close",
        f"{WS}:echo",
        "A ping and a second Close after the first: legal.",
    ),
    Case("lengths-0-1-125-126-127", f"{NODE}:lengths", f"{NODE}:echo", "Messages of 0, 1, 125, 126 and 127 bytes."),
    Case(
        "binary-65535",
        f"{NODE}:send_65535",
        f"{NODE}:size",
        "A binary message of 65535 bytes, the last that fits a 16-bit length.",
    ),
    Case(
        "fragments",
        f"{NODE}:fragments",
        f"{WS}:echo",
        "Fragments with a ping and a pong between them, and an empty last fragment.",
    ),
    Case(
        "deflate-fragments",
        f"{NODE}:deflate_fragments",
        f"{MOJO}:echo_deflate",
        "A compressed message in three fragments.",
    ),
    Case(
        "deflate",
        f"{CHROME}:echo",
        f"{NODE}:echo_deflate",
        "A browser's messages, compressed, and a reason beyond ASCII.",
    ),
    Case(
        "page-left",
        f"{CHROME}:leave",
        f"{AIO}:echo_deflate",
        "The page is left while the connection is open: Close 1001.",
    ),
    Case("server-pings", f"{CHROME}:listen", f"{NODE}:ping", "Pings from the server without and with payload."),
    Case(
        "echo", "node-undici:echo", f"{NODE}:echo", "Text and binary; a Close with code 3001 and a reason beyond ASCII."
    ),
    Case("fragments", "java:fragments", f"{NODE}:echo", "A text in fragments, a ping between them."),
    Case(
        "increment",
        "libwebsockets:test_client",
        "libwebsockets:test_server",
        "The test client listens to the server that counts.",
    ),
]

CUT_SHORT = [
    Case(
        "vanished-in-frame",
        f"{WS}:vanish_in_frame",
        f"{WS}:echo",
        "The client vanishes in the middle of a frame.",
        "incomplete-frame",
    ),
    Case(
        "dropped-in-message",
        f"{WS}:receive",
        f"{WS}:drops",
        "The server hangs up between two fragments.",
        from_server="incomplete-message",
    ),
    Case(
        "close-in-message",
        f"{NODE}:close_in_message",
        f"{NODE}:echo",
        "The client closes between two fragments: legal, though the message never ends.",
        "incomplete-message",
    ),
    Case(
        "half-frame",
        f"{NODE}:listen",
        f"{NODE}:half_frame",
        "The server ends in the middle of a payload.",
        from_server="incomplete-frame",
    ),
]

BROKEN = [
    bad_client("reserved-opcode", "opcode-3", f"{AIO}:opcode_3", f"{WS}:echo", "Opcode 3."),
    bad_client("invalid-close-code", "close-1005", f"{AIO}:close_1005", f"{NODE}:echo", "A Close with code 1005."),
    bad_client(
        "close-reason-not-utf8",
        "reason-cut",
        f"{AIO}:close_reason_cut",
        f"{WS}:echo",
        "A reason that ends inside a character.",
    ),
    bad_client(
        "unmasked-client-frame",
        "unmasked",
        f"{WSC}:unmasked_and_close",
        f"{AIO}:echo",
        "A frame without a mask; what this server makes of it is in its own stream.",
    ),
    bad_client(
        "text-not-utf8",
        "overlong-in-continuation",
        f"{WSC}:text_overlong",
        f"{NODE}:echo",
        "An overlong form in the second fragment.",
    ),
    bad_client(
        "text-not-utf8",
        "cut-then-empty-continuation",
        f"{WSC}:text_cut_in_fragments",
        f"{WS}:echo",
        "Text that ends inside a character, by an empty last fragment.",
    ),
    bad_client("truncated-close-code", "one-byte", f"{WSC}:close_one_byte", f"{NODE}:echo", "A Close with one byte."),
    bad_client("oversized-control", "ping-126", f"{WSC}:ping_126", f"{WS}:echo", "A ping of 126 bytes."),
    bad_client(
        "fragmented-control", "ping-without-fin", f"{WSC}:ping_without_fin", f"{WS}:echo", "A ping without FIN."
    ),
    bad_client(
        "interleaved-message",
        "second-text",
        f"{WSC}:two_messages_at_once",
        f"{NODE}:echo",
        "A text before the one before it has ended.",
    ),
    bad_client(
        "unexpected-continuation",
        "fin-too-early",
        f"{WSC}:final_frames_as_continuations",
        f"{NODE}:echo",
        "FIN on the middle fragment, so the last one has no message.",
    ),
    bad_client(
        "non-minimal-length",
        "16-bit-for-5",
        f"{WSC}:length_16_for_5",
        f"{NODE}:echo",
        "A 16-bit length for 5 bytes; what the server makes of it is in its own stream.",
    ),
    bad_client(
        "data-after-close", "text-after-close", f"{WSC}:text_after_close", f"{AIO}:echo", "A text after the Close."
    ),
    bad_client(
        "misplaced-rsv1",
        "rsv1-on-continuation",
        f"{NODE}:rsv1_on_continuation",
        f"{NODE}:echo_deflate",
        "RSV1 set on a continuation.",
    ),
    bad_client(
        "reserved-bits",
        "http-request",
        f"{NODE}:second_upgrade",
        f"{WS}:echo",
        "An HTTP request on an upgraded connection.",
    ),
    bad_client(
        "length-overflow", "top-bit", f"{NODE}:length_top_bit", f"{WS}:echo", "A 64-bit length with its top bit set."
    ),
    bad_client(
        "text-not-utf8",
        "mask-key-missing",
        "autobahn:own_mask",
        f"{WS}:echo",
        "The MASK bit is set and the key left out, so the payload's first bytes are taken for it.",
    ),
    bad_server(
        "masked-server-frame",
        "socket-pipe",
        f"{NODE}:speak",
        "node-http:pipe",
        "A server that sends the client's bytes back as they are.",
    ),
    bad_server(
        "reserved-bits",
        "http-500",
        f"{CHROME}:speak",
        f"{NODE}:http_error",
        "An HTTP response on an upgraded connection.",
    ),
    bad_server(
        "misplaced-rsv1",
        "http-502",
        f"{NODE}:speak_deflate",
        f"{NODE}:http_error_deflate",
        "An HTTP response on an upgraded connection: read as a frame, its first byte is a Close with RSV1.",
    ),
    bad_server("invalid-close-code", "close-999", f"{NODE}:listen", f"{AIO}:close_999", "A Close with code 999."),
    bad_server("text-not-utf8", "latin1", f"{CHROME}:listen", f"{MOJO}:latin1", "Text in ISO 8859-1."),
]

CASES = LEGAL + CUT_SHORT + BROKEN
