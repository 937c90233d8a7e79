import Testing
import WebSocketDiagnosis

@Suite struct ViolationAnswerTests {
    @Test(arguments: cases) func answer(_ example: AuditCase) { example.check() }

    static let cases: [AuditCase] = [
        .init(
            "answered with its own code", "c bad; s close 1007; s fin; c fin", .violationAnswered, true,
            says: ["client broke the rule text-not-utf8 in packet 1, and the server closed with 1007", "as it must"]),
        .init("1002 for a header", "s text; c rsv; s close 1002; c close 1002; s fin; c fin", .violationAnswered, true),
        .init("a client answers too", "s bad; c close 1007; c fin; s fin", .violationAnswered, true),
        .init("answered while data was on its way", "c bad; s text x20; s close 1007", .violationAnswered, true),
        .init(
            "an answer with its own code is right however late", "c bad; wait 9; s text; s close 1007",
            .violationAnswered, true),
        .init(
            "another code", "c bad; s close 1002 bad frame; s fin; c fin", .violationMisanswered, false,
            ["server wrong-close-code"],
            says: ["of code 1002 (protocol error) in packet 2, and 1007", "text-not-utf8, packet 1", "\"bad frame\""]),
        .init(
            "1000", "c rsv; s close 1000; s fin", .violationMisanswered, false, ["server wrong-close-code"],
            says: ["Unless the two crossed"]),
        .init(
            "no code", "c rsv; s close; s fin", .violationMisanswered, false, ["server wrong-close-code"],
            says: ["a Close without a code in packet 2"]),
        .init(
            "1011 blames itself", "c rsv; s close 1011; s fin", .violationMisanswered, false,
            ["server wrong-close-code"],
            says: ["the server itself failed"]),
        .init(
            "a code that must not be sent", "c rsv; s close 1006; s fin", .violationMisanswered, false,
            ["server wrong-close-code"], says: ["1006 (abnormal closure)"]),
        .init(
            "an illegal code that is echoed", "c close 1005; s close 1005; s fin; c fin", .violationUnnoticed, false,
            ["server violation-unnoticed"]),
        .init("the receiver was closing already", "s close 1000; c bad; c close 1000; s fin; c fin", .closed, true),
        .init("the breaker had closed", "c close 1000; c text; s close 1000; s fin; c fin", .closed, true),
        .init("a limit of ours need not be the peer's", "c big; s close 1000; c close 1000; s fin", .closed, true),
        .init("… nor be noticed", "c big; wait 9; s text; s close 1001; c close 1001", .closed, true),
        .init("… but may", "c big; s close 1009; s fin; c fin", .violationAnswered, true),
        .init(
            "never noticed: continues for long", "c bad; wait 6; s text; s fin; c fin", .violationUnnoticed, false,
            ["server violation-unnoticed"], says: ["ignored"]),
        .init(
            "… but not for as long as packets may take", "c bad; s text; wait 4; s text; c fin; s fin",
            .violationUnanswered, nil),
        .init(
            "… and a fragment of an old message is not a continuation", "s part; c bad; wait 6; s last; c fin; s fin",
            .violationUnanswered, nil),
        .init(
            "never noticed: closes only when the peer does", "c bad; s text; c close 1000; s close 1000; s fin; c fin",
            .violationUnnoticed, false, ["server violation-unnoticed"], says: ["only when the client did"]),
        .init(
            "… the same, and nothing is shown after the violation", "c bad; s text; c close 1000; s close 1000; s fin",
            .violationUnanswered, nil, set: AuditCase.stops),
        .init(
            "… but a Close of one's own code is an answer", "c bad; c close 1000; s close 1007; s fin; c fin",
            .violationAnswered, true),
        .init(
            "never noticed: answers a later ping", "c bad; c ping A; s pong A; c fin; s fin", .violationUnnoticed,
            false,
            ["server violation-unnoticed"]),
        .init("… but not an earlier one", "c ping A; c bad; s pong A; c fin; s fin", .violationUnanswered, nil),
        .init(
            "never noticed: closes for another reason much later", "c rsv; wait 6; s text; s close 1001; c close 1001",
            .violationUnnoticed, false, ["server violation-unnoticed"]),
        .init(
            "never noticed: kept open for a long time, and closed for another reason",
            "c rsv; wait 30; s close 1001; c close 1001; s fin", .violationUnnoticed, false,
            ["server violation-unnoticed"], says: ["closed with 1001 (going away) in packet 2 only later"]),
        .init(
            "a keepalive that gives up long afterwards is not an answer to the violation",
            "c rsv; s ping A; wait 20; s close 1011 keepalive ping timeout; c fin", .violationUnanswered, nil,
            says: ["whether because of that is not known"]),
        .init(
            "a limit of the receiver's is not an answer to it", "c bad; s close 1009 too big; s fin; c fin",
            .violationUnanswered, nil, says: ["closed with 1009 (message too big) in packet 2: whether because of that"]
        ),
        .init(
            "text is judged at the end of its message, and another violation came first",
            "c badpart; c rsv; s close 1002; s fin; c fin", .violationAnswered, true),
        .init(
            "never noticed, and the capture ends", "c bad; wait 60; s text", .violationUnnoticed, false,
            ["server violation-unnoticed"]),
        .init("… too early to tell", "c bad; s text x20", .violationUnanswered, nil, says: ["before the capture ends"]),
        .init(
            "without times: many messages", "c bad; s text x8; c fin; s fin", .violationUnnoticed, false,
            ["server violation-unnoticed"], set: AuditCase.noTimes),
        .init("… not few", "c bad; s text x7; c fin; s fin", .violationUnanswered, nil, set: AuditCase.noTimes),
        .init(
            "… and not those from before", "s text x20; c bad; s text; c fin; s fin", .violationUnanswered, nil,
            set: AuditCase.noTimes),
        .init(
            "dropped without a Close", "c bad; s fin; c fin", .violationDropped, false, ["server no-close"],
            says: ["(text-not-utf8, packet 1) without a Close", "1007"]),
        .init("dropped by a reset", "c bad; s rst", .violationDropped, false, ["server no-close"]),
        .init("the breaker goes first", "c bad; c fin; s fin", .violationUnanswered, nil),
        .init(
            "the answer is missing from the capture", "c bad; s gap; s fin; c fin", .violationUnanswered, nil,
            says: ["some of its bytes are missing"]),
        .init("both broke rules", "c bad; s bad; s fin; c fin", .violationUnanswered, nil),
        .init("the first violation counts", "c rsv; c bad; s close 1002; s fin; c fin", .violationAnswered, true),
    ]
}
