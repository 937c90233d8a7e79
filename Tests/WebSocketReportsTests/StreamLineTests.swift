import Testing
import WebSocketFrames
import WebSocketInspection
import WebSocketReports

@Suite struct StreamLineTests {
    private let report = OneFinding { TextReport(usesColor: false) }

    @Test func legalStreamsGetOneLine() {
        #expect(
            report.text(for: .stream(Sample.summary(.complete)))
                == "ok      a.bin, client → server: 12 frames, 5 messages, 64,000 bytes\n")
        #expect(
            report.text(
                for: .stream(
                    Sample.summary(
                        .complete, frames: 1, messages: 1, bytes: 1, isClosed: true, sentCloseCode: .normalClosure)))
                == "ok      a.bin, client → server: 1 frame, 1 message, 1 byte, closed with 1000 (normal closure)\n")
        #expect(
            report.text(for: .stream(Sample.summary(.complete, frames: 0, messages: 0, bytes: 0)))
                == "ok      a.bin, client → server: no frames\n")
        #expect(report.text(for: .stream(Sample.summary(.complete, isClosed: true))).hasSuffix(" bytes, closed\n"))
    }

    @Test func incompleteStreamsSayWhere() {
        #expect(
            report.text(for: .stream(Sample.summary(.incompleteFrame)))
                == "cut off a.bin, client → server: 12 frames, 5 messages, 64,000 bytes; it ends inside a frame\n")
        #expect(
            report.text(for: .stream(Sample.summary(.incompleteMessage)))
                .hasSuffix("; it ends inside a message\n"))
    }

    @Test func brokenStreamsGetOneLine() {
        let summary = Sample.summary(.violation, frames: 3, messages: 2, bytes: 640, closeCode: .protocolError)
        #expect(
            report.text(for: .stream(summary))
                == "broken  a.bin, client → server: violation after 3 frames, 2 messages; 640 bytes; close with 1002\n"
        )
    }

    @Test func conversationsAreCountedInTheSummary() {
        var summary = Sample.summary(.complete)
        summary.origin = StreamOrigin(source: "", connection: 3, sender: nil)
        #expect(
            report.text(for: .stream(summary))
                == "ok      \"\", conversation 3, sender not known: 12 frames, 5 messages, 64,000 bytes\n")
    }

    @Test func noticesAndErrors() {
        let origin = StreamOrigin(source: "a.bin", connection: 0, sender: .server)
        #expect(
            report.text(for: .notice(NoticeFinding(origin: origin, name: "deflate-assumed", message: "Look here.")))
                == "notice  a.bin, server → client: deflate-assumed\n  Look here.\n")
        #expect(
            report.text(for: .error(InputError(source: "a.bin", message: "no such file")))
                == "error   a.bin\n  no such file\n")
    }

    @Test func theClosingLineCounts() {
        var totals = Totals()
        #expect(report.closing(totals) == "0 streams judged, no violation\n")
        (totals.streams, totals.judgedStreams) = (2, 1)
        #expect(report.closing(totals) == "1 stream judged, no violation\n")
        (totals.streams, totals.judgedStreams) = (3000, 3000)
        totals.violations = 1
        totals.notices = 2
        totals.errors = 1
        #expect(report.closing(totals) == "3,000 streams judged, 1 violation, 2 notices, 1 input not read\n")
        totals.errors = 2
        #expect(report.closing(totals).hasSuffix(", 2 inputs not read\n"))
    }

    @Test func totalsCountFindings() throws {
        var totals = Totals()
        totals.count(.violation(try #require(Sample.findings(breaking: .reservedBits).first)))
        totals.count(.stream(Sample.summary(.violation, frames: 3, messages: 2, bytes: 640)))
        totals.count(.stream(Sample.summary(.complete)))
        totals.count(.error(InputError(source: "x", message: "y")))
        totals.count(
            .notice(
                NoticeFinding(origin: StreamOrigin(source: "x", connection: 0, sender: nil), name: "n", message: "m")))
        #expect(totals.streams == 2)
        #expect((totals.frames, totals.messages, totals.bytes) == (15, 7, 64_640))
        #expect((totals.violations, totals.notices, totals.errors) == (1, 1, 1))
    }
}
