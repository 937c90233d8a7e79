"""How conversations end: properly, improperly, and abruptly; violations, and how they are answered."""

from notes import Known, Talk
from registry_of_captures import conversation


def ends(name, client, server, about, talk: Talk, *options, **more) -> None:
    """Registers a conversation that is recorded for the way it ends."""
    conversation(f"endings/{name}", client, server, about, Known([talk], more.pop("notices", [])), *options, **more)


def breaks(name, client, server, about, talk: Talk, *options, **more) -> None:
    """Registers a conversation in which a rule is broken."""
    conversation(f"violations/{name}", client, server, about, Known([talk]), *options, **more)


ends(
    "handler-throws.1011",
    "python-websockets:send_and_receive",
    "python-websockets:fails",
    "The server's handler fails: Close 1011; the client's frames are legal.",
    Talk(notices=["server-failed-1011"]),
)
ends(
    "handler-throws.aiohttp",
    "aiohttp:listens_after_hello",
    "aiohttp:fails",
    "The server's handler fails; aiohttp ends the connection without a Close.",
    Talk(notices=["no-close"]),
)
ends(
    "close-1002-unfounded",
    "raw-client:listens",
    "raw-server:close_1002",
    "The server closes with 1002, though no frame of the client is wrong.",
    Talk(notices=["unfounded-1002"]),
)
ends(
    "deflate-corrupt",
    "python-websockets:corrupt_deflate",
    "node-ws:echo_deflate",
    "The client sends a compressed message that does not inflate, and the server closes with 1007.",
    Talk(client="violation:invalid-deflate"),
)
ends(
    "server-closes-4001",
    "aiohttp:listens",
    "node-ws:close_4001",
    "The server says one thing and closes with 4001 and a reason beyond ASCII.",
    Talk(),
)
ends(
    "no-close.client-aborts",
    "node-ws:vanish",
    "node-ws:echo",
    "The client drops the connection without a Close.",
    Talk(notices=["no-close"]),
)
ends(
    "no-close.server-ends",
    "raw-client:listens",
    "node-ws:terminate",
    "The server drops the connection without a Close.",
    Talk(notices=["no-close"]),
)
ends(
    "reset-in-frame.client",
    "raw-client:reset_in_frame",
    "node-ws:echo",
    "The client resets the connection in the middle of a frame.",
    Talk("incomplete-frame", notices=["reset-in-frame"]),
)
ends(
    "reset-in-frame.server",
    "raw-client:listens",
    "raw-server:killed_in_frame",
    "The server is killed in the middle of a frame with a 64-bit length: RST.",
    Talk("complete", "incomplete-frame", ["reset-in-frame"]),
)
ends(
    "end-in-frame",
    "node-ws:listen",
    "node-ws:half_frame",
    "The server ends (FIN) in the middle of a payload.",
    Talk("complete", "incomplete-frame", ["end-in-frame"]),
)
ends(
    "end-in-message",
    "python-websocket-client:shut_between_fragments",
    "aiohttp:echo",
    "The client hangs up between two fragments.",
    Talk("incomplete-message", notices=["end-in-message"]),
)
ends(
    "ping-unanswered",
    "raw-client:no_pong",
    "raw-server:pings",
    "A ping is never answered, and the server gives up.",
    Talk(notices=["ping-unanswered", "no-close"]),
)
ends(
    "keepalive-1011",
    "python-websockets:keeps_asking",
    "raw-server:ignores_close",
    "The client's keepalive pings get texts, not pongs, for answers: it gives up with 1011.",
    Talk(notices=["close-unanswered"]),
)
ends(
    "close-unanswered.client",
    "raw-client:no_close_answer",
    "raw-server:closes",
    "The server's Close is not answered by the client.",
    Talk(notices=["close-unanswered"]),
)
ends(
    "close-unanswered.server",
    "python-websockets:echo",
    "raw-server:ignores_close",
    "The client's Close is not answered by the server.",
    Talk(notices=["close-unanswered"]),
)
ends(
    "half-close",
    "raw-client:half_closes",
    "raw-server:echo",
    "The client sends its Close and ends its direction of the TCP connection, while answers are still to come.",
    Talk(),
)
ends(
    "handshake.401",
    "python-websockets:refused",
    "python-websockets:refuses",
    "The upgrade is refused with 401.",
    Talk(refused=401),
)
ends(
    "handshake.429-then-101",
    "python-websockets:refused",
    "node-ws:refuses_and_upgrades",
    "A part of the server refuses the upgrade with 429, and another takes it all the same.",
    Talk(refused=429, notices=["second-response"]),
)
ends(
    "handshake.wrong-accept",
    "raw-client:listens",
    "raw-server:wrong_accept",
    "The server's Sec-WebSocket-Accept belongs to another key: a strict client would not go on.",
    Talk(notices=["wrong-accept"]),
)
ends(
    "handshake.unknown-extension",
    "raw-client:listens",
    "raw-server:unknown_extension",
    "The server agrees to an extension that claims RSV1 and that nobody knows.",
    Talk(server=None, notices=["unknown-extension"]),
)

breaks(
    "unmasked.answered",
    "python-websocket-client:unmasked",
    "node-ws:echo",
    "The client does not mask, and the server answers with 1002.",
    Talk("violation:unmasked-client-frame"),
)
breaks(
    "unmasked.unnoticed",
    "python-websocket-client:unmasked_and_close",
    "aiohttp:echo",
    "The client does not mask one frame; aiohttp does not notice.",
    Talk("violation:unmasked-client-frame", notices=["violation-unnoticed"]),
)
breaks(
    "unmasked.answered-1000",
    "python-websocket-client:unmasked_and_close",
    "raw-server:answers_1000",
    "The client does not mask, and the server answers with 1000.",
    Talk("violation:unmasked-client-frame", None, ["wrong-close-code"]),
)
breaks(
    "invalid-close-code.999",
    "node-ws:listen",
    "aiohttp:close_999",
    "The server closes with 999.",
    Talk("complete", "violation:invalid-close-code"),
)
breaks(
    "invalid-close-code.1005",
    "aiohttp:close_1005",
    "node-ws:echo",
    "The client closes with 1005, and the server answers with 1002.",
    Talk("violation:invalid-close-code"),
)
breaks(
    "text-not-utf8.latin1",
    "chromium:listen",
    "mojolicious:latin1",
    "The server sends text in ISO 8859-1; the browser answers with 1007.",
    Talk("complete", "violation:text-not-utf8"),
)
breaks(
    "text-not-utf8.surrogate",
    "python-websocket-client:text_surrogate",
    "python-websockets:echo",
    "Half an emoji, encoded as if it were a character; the server answers with 1007.",
    Talk("violation:text-not-utf8"),
)
breaks(
    "reserved-bits.http-500",
    "chromium:speak",
    "node-ws:http_error",
    "An HTTP response on the upgraded connection.",
    Talk("complete", "violation:reserved-bits"),
)
breaks(
    "reserved-bits.second-upgrade",
    "node-ws:second_upgrade",
    "python-websockets:echo",
    "An HTTP request on the upgraded connection.",
    Talk("violation:reserved-bits"),
)
breaks(
    "reserved-bits.deflate-declined",
    "python-websockets:rsv1_without_deflate",
    "node-ws:echo",
    "RSV1 set on payload that is raw DEFLATE, though the server declined permessage-deflate.",
    Talk("violation:reserved-bits"),
)
breaks(
    "masked-server.pipe",
    "node-ws:speak",
    "node-http:pipe",
    "A server that sends the client's bytes back as they are, masks and all.",
    Talk(None, "violation:masked-server-frame"),
)
breaks(
    "data-after-close.server",
    "raw-client:listens",
    "raw-server:data_behind_close",
    "Texts that were still queued come after the server's Close.",
    Talk(None, "violation:data-after-close"),
)
breaks(
    "two-writers",
    "raw-client:two_writers",
    "raw-server:never_notices",
    "Two threads of the client write to one socket: a frame stands in the middle of another.",
    Talk("violation:text-not-utf8"),
)
breaks(
    "chunked",
    "raw-client:listens",
    "raw-server:chunked",
    "The server's frames are wrapped in HTTP's chunked transfer coding.",
    Talk(None, "violation:reserved-bits"),
)
breaks(
    "mask-key-missing",
    "autobahn:own_mask",
    "python-websockets:echo",
    "The MASK bit is set and the key left out, so the payload's first bytes are taken for it.",
    Talk("violation:text-not-utf8"),
)
breaks(
    "non-minimal.ipv6-nano",
    "python-websocket-client:length_16_for_5",
    "node-ws:echo",
    "A 16-bit length for 5 bytes; over IPv6, times in nanoseconds.",
    Talk("violation:non-minimal-length"),
    "--time-stamp-precision=nano",
    host="::1",
)
