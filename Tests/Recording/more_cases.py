"""Conversations that are not fixtures: recorded if `--more` is given, to examine other pairs."""

from cases import AIO, CHROME, MOJO, NODE, WS, WSC, Case, Variant, bad_client, bad_server, rejecting

MORE = [
    Case("echo", f"{WS}:echo", f"{WS}:echo", "Text and binary, sent back."),
    Case(
        "deflate-fragments",
        f"{WS}:deflate_fragments",
        f"{WS}:fragments_deflate",
        "Compressed messages in fragments: RSV1 on the first frame only.",
    ),
    Case(
        "fragments-over-limit",
        f"{WS}:fragments_over_limit",
        f"{AIO}:limited",
        "Three fragments that are over the server's limit together: Close 1009.",
        variants=[
            Variant(
                "max-message-1024",
                "client",
                rejecting("message-too-big"),
                "Judged with the server's limit.",
                max_message=1024,
            )
        ],
    ),
    Case("ping-payloads", f"{WS}:ping_payload", f"{NODE}:echo", "Pings with 0, 5 and 125 bytes, and their pongs."),
    Case("increment", f"{WS}:receive_increment", "libwebsockets:test_server", "A server that counts."),
    Case("echo", f"{AIO}:echo", f"{AIO}:echo", "Text and binary, sent back."),
    Case("deflate", f"{AIO}:echo_deflate", f"{WS}:echo_deflate", "permessage-deflate agreed and used."),
    Case(
        "farewell",
        f"{AIO}:listens",
        f"{WS}:farewell",
        "A Close from the server with code 4000 and a reason beyond ASCII.",
    ),
    Case("handler-throws", f"{AIO}:listens_after_hello", f"{AIO}:fails", "The server's handler fails."),
    Case("echo", f"{WSC}:echo", f"{WS}:echo", "Text, binary and a ping."),
    Case("fragments", f"{WSC}:fragments", f"{AIO}:echo", "A text in three fragments, a ping between them."),
    Case("echo", f"{NODE}:echo", f"{NODE}:echo", "Text and binary, sent back; a reason in Cyrillic."),
    Case(
        "deflate-context-takeover",
        f"{NODE}:echo_deflate",
        f"{NODE}:echo_deflate",
        "permessage-deflate with context takeover, and one message that is not compressed.",
    ),
    Case("terminated", f"{NODE}:speak", f"{NODE}:terminate", "The server drops the connection without a Close."),
    Case(
        "deflate-no-takeover",
        f"{NODE}:echo_no_takeover",
        f"{AIO}:echo_deflate",
        "permessage-deflate with both no_context_takeover parameters offered.",
    ),
    Case("vanished", f"{NODE}:vanish", f"{MOJO}:echo", "The client ends the connection without a Close."),
    Case(
        "size",
        f"{CHROME}:size",
        f"{WS}:size",
        "permessage-deflate offered by the browser and declined; 1000 bytes; Close 3000.",
    ),
    Case(
        "deflate",
        f"{CHROME}:echo",
        f"{WS}:echo_deflate",
        "A browser's messages, compressed, and a reason beyond ASCII.",
    ),
    Case("close-empty", f"{CHROME}:close_empty", f"{AIO}:echo", "A browser's close() without a code."),
    Case(
        "deflate-fragments",
        f"{CHROME}:listen",
        f"{NODE}:fragments_deflate",
        "A compressed message in three frames from the server.",
    ),
    Case("close-empty", "node-undici:close_empty", f"{MOJO}:echo", "A close() without a code."),
    Case("server-pings", "node-undici:listen", f"{WS}:pings", "Pings from the server, one of them in many scripts."),
    Case("echo", "java:echo", f"{MOJO}:echo", "Text and binary; a reason in Cyrillic."),
    Case(
        "close-4001",
        "java:listen",
        f"{NODE}:close_4001",
        "A Close from the server with code 4001 and a reason beyond ASCII.",
    ),
    Case("echo", f"{MOJO}:echo", f"{MOJO}:echo", "Text and binary; a reason in Cyrillic."),
    Case(
        "emoji-split",
        f"{MOJO}:speak",
        f"{MOJO}:fragments",
        "An emoji cut after three bytes, a ping in the middle of it.",
    ),
    Case("finish-empty", f"{MOJO}:listen", f"{MOJO}:finish_empty", "A Close from the server without a code."),
    Case("handler-dies", f"{MOJO}:speak", f"{MOJO}:throw", "The server's handler dies."),
    Case("stream", "autobahn:stream", "autobahn:echo", "A text in frames by the streaming interface."),
    Case("handler-throws", "autobahn:hello", "autobahn:fails", "The server's handler fails."),
    Case(
        "shut-between-fragments",
        f"{WSC}:shut_between_fragments",
        f"{AIO}:echo",
        "The client hangs up between two fragments.",
        "incomplete-message",
    ),
    Case(
        "ended-between-fragments",
        f"{NODE}:end_between_fragments",
        f"{NODE}:echo",
        "The client hangs up between two fragments.",
        "incomplete-message",
    ),
    Case(
        "half-header",
        f"{NODE}:half_header",
        f"{WS}:echo",
        "The client ends in the middle of a header.",
        "incomplete-frame",
    ),
    Case(
        "ended-between-fragments",
        f"{CHROME}:listen",
        f"{NODE}:end_between_fragments",
        "The server hangs up between two fragments.",
        from_server="incomplete-message",
    ),
    Case(
        "aborted-in-message",
        "java:abort",
        f"{NODE}:echo",
        "The client aborts between two fragments.",
        "incomplete-message",
    ),
    bad_client("reserved-bits", "rsv2", f"{WS}:rsv2", f"{WS}:echo", "RSV2 set."),
    bad_client(
        "reserved-bits",
        "rsv1-after-declined-offer",
        f"{WS}:rsv1_without_deflate",
        f"{NODE}:echo",
        "RSV1 set although the server declined permessage-deflate.",
    ),
    bad_client("misplaced-rsv1", "rsv1-on-ping", f"{WS}:rsv1_on_ping", f"{WS}:echo_deflate", "RSV1 set on a ping."),
    bad_client(
        "unexpected-continuation",
        "continuation-first",
        f"{WS}:continuation_first",
        f"{AIO}:echo",
        "A continuation without a message.",
    ),
    bad_client(
        "data-after-close", "text-after-close", f"{WS}:text_after_close", f"{NODE}:echo", "A text after the Close."
    ),
    bad_client(
        "reserved-opcode",
        "opcode-11",
        f"{AIO}:opcode_11",
        f"{NODE}:echo",
        "Opcode 0xB, a control frame that is not defined.",
    ),
    bad_client(
        "oversized-control",
        "reason-too-long",
        f"{AIO}:close_reason_long",
        f"{AIO}:echo",
        "A Close of more than 125 bytes.",
    ),
    bad_client("reserved-opcode", "opcode-5", f"{WSC}:opcode_5", f"{NODE}:echo", "Opcode 5."),
    bad_client("reserved-bits", "rsv3", f"{WSC}:rsv3", f"{NODE}:echo", "RSV3 set."),
    bad_client(
        "unmasked-client-frame",
        "unmasked",
        f"{WSC}:unmasked",
        f"{NODE}:echo",
        "A frame without a mask, refused by the server.",
    ),
    bad_client("text-not-utf8", "latin1", f"{WSC}:text_latin1", f"{NODE}:echo", "Text in ISO 8859-1."),
    bad_client("text-not-utf8", "surrogate", f"{WSC}:text_surrogate", f"{WS}:echo", "A lone surrogate in three bytes."),
    bad_client("text-not-utf8", "cut", f"{WSC}:text_cut", f"{AIO}:echo", "Text that ends inside a character."),
    bad_client("invalid-close-code", "close-999", f"{WSC}:close_999", f"{WS}:echo", "A Close with code 999."),
    bad_client("invalid-close-code", "close-1006", f"{WSC}:close_1006", f"{NODE}:echo", "A Close with code 1006."),
    bad_client(
        "close-reason-not-utf8", "reason-latin1", f"{WSC}:close_reason_bad", f"{NODE}:echo", "A reason in ISO 8859-1."
    ),
    bad_client(
        "non-minimal-length",
        "64-bit-for-5",
        f"{WSC}:length_64_for_5",
        f"{WS}:echo",
        "A 64-bit length for 5 bytes; what the server makes of it is in its own stream.",
    ),
    bad_client(
        "reserved-opcode",
        "opcode-7-byte-0-only",
        f"{NODE}:opcode_7_half_frame",
        f"{NODE}:echo",
        "Opcode 7, and nothing after byte 0: the verdict need not wait for byte 1.",
    ),
    bad_client("invalid-close-code", "finish-1004", f"{MOJO}:finish_1004", f"{WS}:echo", "A Close with code 1004."),
    bad_client("invalid-close-code", "finish-5000", f"{MOJO}:finish_5000", f"{NODE}:echo", "A Close with code 5000."),
    bad_client("reserved-bits", "all-three", "autobahn:all_rsv", "autobahn:echo", "All three reserved bits set."),
    bad_server(
        "masked-server-frame", "masked", f"{CHROME}:listen", f"{NODE}:masked", "A frame with a mask from the server."
    ),
    bad_server(
        "reserved-bits",
        "rsv1-without-deflate",
        f"{WS}:receive",
        f"{NODE}:rsv1_without_deflate",
        "RSV1 set although no extension was agreed.",
    ),
    bad_server(
        "misplaced-rsv1", "rsv1-on-pong", f"{NODE}:speak_deflate", f"{NODE}:rsv1_on_pong", "RSV1 set on a pong."
    ),
    bad_server(
        "misplaced-rsv1",
        "rsv1-on-continuation",
        f"{WS}:receive_deflate",
        f"{MOJO}:rsv1_on_continuation",
        "RSV1 set on every fragment of a compressed message.",
    ),
    bad_server("invalid-close-code", "close-1015", f"{CHROME}:listen", f"{NODE}:close_1015", "A Close with code 1015."),
    bad_server(
        "close-reason-not-utf8", "reason-latin1", f"{NODE}:listen", f"{AIO}:reason_latin1", "A reason in ISO 8859-1."
    ),
    bad_server(
        "invalid-close-code", "finish-1006", f"{CHROME}:listen", f"{MOJO}:finish_1006", "A Close with code 1006."
    ),
    bad_server(
        "oversized-control",
        "reason-too-long",
        f"{NODE}:listen",
        f"{MOJO}:finish_long",
        "A Close of more than 125 bytes.",
    ),
    bad_server("reserved-opcode", "opcode-3", f"{CHROME}:listen", f"{MOJO}:opcode_3", "Opcode 3."),
    bad_server("reserved-opcode", "opcode-15", "node-undici:listen", f"{MOJO}:opcode_15", "Opcode 0xF."),
    bad_server(
        "close-reason-not-utf8", "cut", f"{WS}:receive", f"{MOJO}:cut_reason", "A reason that ends inside a character."
    ),
    bad_server("truncated-close-code", "one-byte", "java:listen", f"{MOJO}:one_byte", "A Close with one byte."),
    bad_server(
        "fragmented-control", "close-without-fin", f"{WS}:receive", f"{MOJO}:split_close", "A Close without FIN."
    ),
    bad_server(
        "unexpected-continuation",
        "continuation",
        f"{CHROME}:listen",
        f"{MOJO}:continuation",
        "A continuation without a message.",
    ),
    bad_server(
        "interleaved-message",
        "text-then-binary",
        "java:listen",
        f"{MOJO}:interleaved",
        "A binary frame before the text has ended.",
    ),
    bad_server(
        "data-after-close", "text-after-close", f"{NODE}:listen", f"{MOJO}:text_after_close", "A text after the Close."
    ),
    Case("fragments", f"{NODE}:listen", f"{WS}:fragments", "Fragments from the server, a ping between two of them."),
    Case("fragments-deflate", f"{NODE}:listen_deflate", f"{WS}:fragments_deflate", "The same, compressed."),
    Case("ping-after-close", f"{NODE}:listen", f"{AIO}:late_ping", "A ping from the server after its Close: legal."),
    Case("farewell", f"{NODE}:listen", f"{AIO}:farewell", "A Close from the server with code 4999."),
    Case("farewell", "java:listen", f"{MOJO}:farewell", "A Close from the server with a reason beyond ASCII."),
    Case("message-over-limit", f"{WS}:send_2000", f"{NODE}:limited", "A message over the server's limit: Close 1009."),
    Case("binary-65536", f"{NODE}:listen", f"{NODE}:push_65536", "A binary message of 65536 bytes from the server."),
    Case("close-empty", f"{NODE}:speak", f"{NODE}:close_empty", "A Close without a code from the server."),
]
