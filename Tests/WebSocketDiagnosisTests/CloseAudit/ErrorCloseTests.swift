import Testing
import WebSocketDiagnosis

@Suite struct ErrorCloseTests {
    @Test(arguments: cases) func errorClose(_ example: AuditCase) { example.check() }

    static let cases: [AuditCase] = [
        .init(
            "1002 although nothing is wrong", "c text; s close 1002 invalid frame; c close 1002; s fin; c fin", .closed,
            false, ["server unfounded-1002"],
            says: ["1002 (protocol error) in packet 2", "no frame of the client breaks a rule", "\"invalid frame\""]),
        .init(
            "a client's 1002", "s text; c close 1002; s close 1002; s fin; c fin", .closed, false,
            ["client unfounded-1002"]),
        .init(
            "the echo of a 1002 is not claimed", "c text; s text; s close 1002; c close 1002", .closed, false,
            ["server unfounded-1002"]),
        .init(
            "a 1002 that answers another code", "c close 1000; s close 1002; s fin; c fin", .closed, false,
            ["server unfounded-1002"]),
        .init(
            "a 1002 with a reason for it", "c rsv; s close 1002; c close 1002; s fin; c fin", .violationAnswered, true),
        .init("… that crossed it", "s close 1002; c rsv; c close 1002; s fin; c fin", .closed, nil),
        .init(
            "a handshake that must be refused", "s notice wrong-accept; c close 1002; s fin; c fin", .oneClose, nil,
            says: ["The fault of the server's handshake, wrong-accept, may be the reason"]),
        .init(
            "… and a server that refuses one", "c notice malformed-header; s close 1002; c close 1002", .closed, nil),
        .init(
            "… but not once the conversation has begun",
            "s notice wrong-accept; s text; c text; c close 1002; s close 1002",
            .closed, false, ["client unfounded-1002"]),
        .init("after a gap nothing is known", "c text; c gap; s close 1002; s fin; c fin", .oneClose, nil),
        .init(
            "a gap that may be before the Close", "c text; s close 1002; c gap; s fin; c fin", .oneClose, nil),
        .init(
            "… one that is after it changes nothing", "c text; s close 1002; c text; c gap; s fin; c fin", .oneClose,
            false,
            ["server unfounded-1002"]),
        .init("… one of the closer's own bytes", "c text; s gap; c close 1002; s fin; c fin", .oneClose, nil),
        .init(
            "in the middle nothing is known", "c text; s close 1002; c close 1002; s fin", .closed, nil,
            set: AuditCase.middle),
        .init(
            "compressed, and not inflated: nothing is known", "c deflated; s close 1002; c close 1002", .closed, nil,
            set: AuditCase.deflate),
        .init(
            "compressed, and it inflates", "c hello; s close 1002; c close 1002", .closed, false,
            ["server unfounded-1002"], says: ["its compressed messages inflate", "how it inflates"],
            set: AuditCase.inflate),
        .init(
            "… to text that is UTF-8", "c hello; s close 1007; c close 1007", .closed, false,
            ["server unfounded-1007"], says: ["all messages of the client inflate, and its text is UTF-8"],
            set: AuditCase.inflate),
        .init(
            "it does not inflate, and any of two codes says so", "c deflated; s close 1002; c close 1002",
            .violationAnswered, true, says: ["closed with 1002 (protocol error) in packet 2, which is right as well"],
            set: AuditCase.inflate),
        .init(
            "compression that was not used", "c text; s close 1002; c close 1002", .closed, false,
            ["server unfounded-1002"], says: ["up to there (RFC 6455 §7.4.1)"], set: AuditCase.deflate),
        .init(
            "1007 although all text is UTF-8", "c text; s close 1007; c close 1007; s fin; c fin", .closed, false,
            ["server unfounded-1007"], says: ["all text of the client is UTF-8"]),
        .init(
            "1009: the limit is the peer's own", "c text; s close 1009; c close 1009; s fin; c fin", .closed, nil,
            ["server message-refused-1009"], says: ["Its limit is its own", "declares 5 bytes in one frame"]),
        .init("a code that is not about frames", "c text; s close 4000; c close 4000", .closed, true),
        .init(
            "the server failed", "c text; s close 1011 oops; c close 1011; s fin; c fin", .closed, false,
            ["server server-failed-1011"],
            says: ["the client's frames are legal up to there", "\"oops\"", "Look at the server's log"]),
        .init(
            "the client failed", "s text; c close 1011; s close 1011; c fin; s fin", .closed, false,
            ["client client-failed-1011"]),
        .init("it failed, and the peer is not known", "c gap; s close 1011; s fin; c fin", .oneClose, nil),
        .init(
            "a limit of ours was crossed, and it failed", "c big; s close 1011; c close 1011; s fin", .closed, false,
            ["server server-failed-1011"]),
        .init(
            "it failed, then its peer broke a rule", "s close 1011; c bad; s fin; c fin", .oneClose, false,
            ["server server-failed-1011"]),
        .init(
            "a reason that would drive a terminal", "c text; s close 1011 a\u{1B}[2J\u{202E}\"ü; c close 1011", .closed,
            false, ["server server-failed-1011"], says: ["\"a\u{FFFD}[2J\u{FFFD}\u{FFFD}ü\""]),
    ]
}
