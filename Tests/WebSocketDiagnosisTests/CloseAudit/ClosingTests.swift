import Testing
import WebSocketDiagnosis

@Suite struct ClosingTests {
    @Test(arguments: cases) func closing(_ example: AuditCase) { example.check() }

    static let cases: [AuditCase] = [
        .init(
            "a closing handshake", "c text; s text; c close 1000; s close 1000; s fin; c fin", .closed, true,
            says: ["The client closed with 1000 (normal closure) in packet 3, and the server answered in packet 4."]),
        .init("another code in the answer", "c close 1001; s close 1000", .closed, true, says: ["answered with 1000"]),
        .init("without a code", "s close; c close; s fin; c fin", .closed, true, says: ["closed without a code"]),
        .init("a reset after both", "c close 1000; s close 1000; c rst", .closed, true),
        .init("a reset after one's own Close", "c close 1001; c rst", .oneClose, nil),
        .init("… after a long wait", "c close 1001; wait 6; c rst", .oneClose, false, ["server close-unanswered"]),
        .init(
            "never answered", "c text; c close 1000; s fin; c fin", .oneClose, false, ["server close-unanswered"],
            says: [
                "client's Close with 1000 (normal closure) in packet 2 was never answered", "ended the TCP connection",
            ]),
        .init(
            "reset instead", "s close 1001; c rst", .oneClose, false, ["client close-unanswered"],
            says: ["reset the TCP"]),
        .init("the capture ends after it", "c close 1000; s text", .oneClose, nil, says: ["before the capture ends"]),
        .init(
            "the capture continues", "c close 1000; wait 42", .oneClose, false, ["server close-unanswered"],
            says: ["sent no answer in the 42 s"]),
        .init("the capture continues, and so does the message", "s part; c close 1000; wait 42", .oneClose, nil),
        .init(
            "continues to send messages", "c close 1000; wait 6; s text", .oneClose, false, ["server close-unanswered"],
            says: ["continued to send messages"]),
        .init("continues, and answers at last", "c close 1000; wait 6; s text; s close 1000", .closed, true),
        .init("the answer may be missing", "c close 1000; s gap; s fin; c fin", .oneClose, nil),
        .init(
            "no Close at all", "c text; s text; c fin; s fin", .finished, false, ["client no-close"],
            says: ["The client ended the TCP connection in packet 3, and neither side had sent a Close", "1006"]),
        .init(
            "no Close, and nothing for a minute", "c text; wait 60; s fin; c fin", .finished, false,
            ["server no-close"],
            says: ["after 60 s of silence: look for an idle timeout", "nginx"]),
        .init(
            "… and a reset after it", "c text; wait 60; s rst", .reset, false, ["server no-close"],
            says: ["after 60 s of silence: look for an idle timeout"]),
        .init(
            "… and the first frame after it is the last", "c text; s text; wait 350; c text; s rst", .reset, false,
            ["server no-close"], says: ["The first frame after 350 s of silence", "NAT gateways"]),
        .init(
            "the first fragmented message is the last", "c text x3; c part; c last; s fin; c fin", .finished, false,
            ["server no-close"], says: ["right after the first fragmented message of the client"]),
        .init(
            "the first ping is the last", "c text x3; c ping A; s rst", .reset, false, ["server no-close"],
            says: ["right after the first ping of the client"]),
        .init(
            "… but not if it comes after the end", "c text x3; s fin; c ping A; c fin", .finished, false,
            ["server no-close"], says: ["why the server went away"]),
        .init(
            "the first compressed message is the last", "s text x3; s hello; c fin; s fin", .finished, false,
            ["client no-close"], says: ["right after the first compressed message of the server"],
            set: AuditCase.inflate),
        .init(
            "a handshake that is refused needs no Close", "s notice wrong-accept; c fin; s fin", .finished, nil,
            says: ["The fault of the server's handshake, wrong-accept, may be the reason"]),
        .init(
            "its own handshake may be why", "s notice wrong-accept; s fin; c fin", .finished, false,
            ["server no-close"], says: ["the server's own handshake has the fault wrong-accept"]),
        .init(
            "… not for nine seconds", "c text; wait 9; s fin; c fin", .finished, false, ["server no-close"],
            says: ["why the server went away"]),
        .init(
            "a Close once the other has gone", "c text; c fin; s close 1001; s fin", .oneClose, false,
            ["client no-close"]),
        .init(
            "reset", "c text; s rst", .reset, false, ["server no-close"], says: ["reset the TCP connection in packet 2"]
        ),
        .init("reset in a frame of its own", "c text; c half; c rst", .reset, false, ["client reset-in-frame"]),
        .init(
            "reset in a frame of the peer", "c text; s half; c rst", .reset, false, ["client reset-in-frame"],
            says: ["a frame of the server"]),
        .init("end in a frame", "c text; c half; c fin; s fin", .finished, false, ["client end-in-frame"]),
        .init("end in a message", "s part; s fin; c fin", .finished, false, ["server end-in-message"]),
        .init("the other side's frame is cut by that", "c half; s fin; c fin", .finished, false, ["server no-close"]),
        .init("a Close within a message is legal", "c part; c close 1000; s close 1000; s fin; c fin", .closed, true),
        .init("bytes are missing", "c text; c gap; c fin; s fin", .finished, nil, says: ["is not known"]),
        .init("the peer's bytes are missing", "s gap; c fin; s fin", .finished, nil),
        .init("the middle: it may have closed before", "s ping; c fin; s fin", .finished, nil, set: AuditCase.middle),
        .init(
            "the middle: its peer may have closed before", "c text; c fin; s fin", .finished, nil,
            set: AuditCase.middle),
        .init(
            "the middle: both sent data", "c text; s text; c fin; s fin", .finished, false, ["client no-close"],
            set: AuditCase.middle),
        .init(
            "the middle: an answer is not asked for one", "s close 1000; s fin; c fin", .oneClose, nil,
            set: AuditCase.middle),
        .init("the capture ends", "c text; s text", .captureEnded, nil),
        .init("its end is not captured", "c text; s text", .unseen, nil, set: AuditCase.over),
        .init("nothing at all", "", .captureEnded, nil),
    ]
}
