import Testing
import WebSocketDiagnosis

@Suite struct PingTests {
    @Test(arguments: cases) func ping(_ example: AuditCase) { example.check() }

    /// A correct closing handshake.
    private static let end = "; c close 1000; s close 1000; s fin; c fin"

    static let cases: [AuditCase] = [
        .init("answered", "c ping A; s pong A" + end, .closed, true),
        .init(
            "never answered, though alive", "c ping A; wait 6; s text" + end, .closed, true, ["server ping-unanswered"],
            says: ["The client's ping in packet 1 was not answered within 6 s", "was alive"]),
        .init(
            "never answered by a server that is gone", "s text; c ping A; wait 20; c fin", .finished, false,
            ["client no-close", "server ping-unanswered"],
            says: ["stuck or gone", "no pong for its ping in packet 2, and may have given up"]),
        .init(
            "several", "c ping A; wait 9; c ping B; wait 9; c close 1001", .oneClose, nil, ["server ping-unanswered"],
            says: ["last 2 pings", "of the first, in packet 1", "within 18 s"]),
        .init(
            "a keepalive that gives up: one note, about the pings",
            "s text; c ping A; wait 20; c close 1011 keepalive ping timeout; s close 1011; s fin; c fin", .closed, nil,
            ["server ping-unanswered"], says: ["was not answered within 20 s"]),
        .init(
            "… which were answered too late", "c ping A; wait 20; c close 1011 timeout; s pong A; s close 1011; s fin",
            .closed, nil, ["server ping-unanswered"], says: ["The pong came only in packet 3", "had closed"]),
        .init(
            "… which were answered late, and closed at once", "c ping A; wait 19; s pong A; c close 1011; s close 1011",
            .closed, nil, ["server ping-unanswered"], says: ["was answered only after 19 s"]),
        .init(
            "… which were answered by a text", "c ping A; s text; wait 20; c close 1011 timeout; s close 1011; s fin",
            .closed, nil, ["server ping-unanswered"], says: ["the text message in packet 2, right after the ping"]),
        .init(
            "… by a pong without payload", "c ping A; s pong; wait 20; c close 1011 timeout; s close 1011; s fin",
            .closed, nil, ["server pong-payload-differs"]),
        .init(
            "… that could not be answered: the peer was inside one frame throughout",
            "s begin; c ping A; wait 20; c ping B; wait 20; c close 1011 timeout; s rest; s close 1011", .closed, nil,
            ["server ping-unanswered"], says: ["The server could not answer: it was inside one frame all that time"]),
        .init(
            "the wording of a reason is not evidence: there were no pings",
            "c text; s close 1011 keepalive ping timeout; c close 1011", .closed, false, ["server server-failed-1011"],
            says: ["\"keepalive ping timeout\""]),
        .init(
            "… nor where bytes are missing", "c ping A; s gap; wait 20; c close 1011 keepalive ping timeout; c fin",
            .oneClose, nil),
        .init("closed right after it", "c ping A" + end, .closed, true),
        .init("the capture ends right after it", "c ping A; s text x20", .captureEnded, nil),
        .init("the capture continues", "c ping A; wait 6", .captureEnded, nil, ["server ping-unanswered"]),
        .init("only the latest must be answered", "c ping A; c ping B; wait 6; s pong B" + end, .closed, true),
        .init(
            "… not an earlier one", "c ping A; c ping B; s pong A; wait 6" + end, .closed, true,
            ["server ping-unanswered"]),
        .init("the same payload: one pong will do", "c ping A x3; s pong A; wait 6" + end, .closed, true),
        .init(
            "a flood, answered by its last", "c ping A; c ping B x30; c ping C; s pong C; wait 6" + end, .closed, true),
        .init(
            "a flood, answered one by one", "c ping A; c ping B x30; s pong A; s pong B x30; wait 6" + end, .closed,
            true),
        .init(
            "no more than a few are kept, and all are counted", "c ping A; c ping B x8; s pong A; wait 6" + end,
            .closed,
            true, ["server ping-unanswered"], says: ["last 9 pings"]),
        .init("a pong may answer one that is not kept", "c ping A; c ping B x8; s pong A" + end, .closed, true),
        .init("a server may ask too", "s ping A; wait 6; c text" + end, .closed, true, ["client ping-unanswered"]),
        .init(
            "a pong is owed until the peer has sent a Close, even while the close is under way",
            "s close 1000; c ping A; wait 6; c close 1000",
            .closed, true, ["server ping-unanswered"]),
        .init("… nor after a Close of one's own", "c close 1000; c ping A; wait 6; s close 1000", .closed, true),
        .init(
            "… nor by who has left", "s fin; c ping A; wait 6; c close 1001; c fin", .oneClose, false,
            ["server no-close"]),
        .init("the pong may be missing", "c ping A; wait 6; s gap" + end, .oneClose, nil),
        .init("a broken pinger is owed nothing", "c ping A; c bad; wait 6; s close 1007", .violationAnswered, true),
        .init(
            "a broken peer may have answered", "c ping A; s bad; s pong A; wait 6; c close 1007", .violationAnswered,
            true),
        .init("unasked pongs are legal", "c pong; s pong A; c pong" + end, .closed, true),
        .init(
            "another payload", "c ping A; s pong B; wait 6" + end, .closed, true, ["server pong-payload-differs"],
            says: ["The server's pong in packet 2", "the client's ping in packet 1"]),
        .init(
            "another payload, and a Close that was answered", "c ping A; s pong" + end, .closed, true,
            ["server pong-payload-differs"]),
        .init("a heartbeat that crosses a ping", "s pong; c ping A; s pong" + end, .closed, true),
        .init("a heartbeat before the answer", "c ping A; s pong; s pong A" + end, .closed, true),
        .init(
            "a heartbeat, and no answer", "s pong; c ping A; s pong; wait 6" + end, .closed, true,
            ["server ping-unanswered"], says: ["was alive"]),
        .init(
            "the middle: it may answer a ping from before", "c ping B; s pong A" + end, .closed, true,
            set: AuditCase.middle),
        .init(
            "without times: alive for long", "c ping A; s text x8" + end, .closed, true, ["server ping-unanswered"],
            set: AuditCase.noTimes),
        .init("… not for long", "c ping A; s text x7" + end, .closed, true, set: AuditCase.noTimes),
        .init(
            "without times, a Close after the pause", "s text x9; c ping A; s text" + end, .closed, true,
            set: AuditCase.noTimes),
    ]
}
