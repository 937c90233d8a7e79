import Foundation
import Testing
import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection
import WebSocketReports

/// What captures add to rows. `JSONLinesReportTests` checks that the rows of dumps do not change.
@Suite struct CaptureRowTests {
    private func rows(_ findings: [Finding], showsFrames: Bool = false) -> [String] {
        var report = JSONLinesReport(showsFrames: showsFrames)
        return report.reported(findings).lines.filter { !$0.isEmpty }
    }

    private func parse(_ line: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    private static let streamKeys = """
        ,"address":"10.0.0.1:51234","peerAddress":"10.0.0.2:8080","client":"10.0.0.1:51234",\
        "server":"10.0.0.2:8080","opening":"upgrade","method":null,"target":"/chat","subprotocol":"chat.v2","extensions":[],\
        "ending":"closed","endingIsRight":true,"host":"example.com"}
        """

    @Test func streamRowsDescribeTheirConversation() {
        let rows = rows(MadeUpCapture.clean())
        #expect(rows.count == 2)
        #expect(
            rows[0] == """
                {"type":"stream","source":"capture.pcapng","connection":0,"sender":"client","state":"complete",\
                "frames":3,"messages":1,"bytes":30,"closed":true,"closeCode":null,"sentCloseCode":1000,"sentCloseReason":null
                """ + Self.streamKeys)
        #expect(
            rows[1].hasSuffix(
                """
                ,"address":"10.0.0.2:8080","peerAddress":"10.0.0.1:51234","client":"10.0.0.1:51234",\
                "server":"10.0.0.2:8080","opening":"upgrade","method":null,"target":"/chat","subprotocol":"chat.v2","extensions":[],\
                "ending":"closed","endingIsRight":true,"host":"example.com"}
                """))
    }

    @Test func whatIsNotKnownIsNull() throws {
        var capture = MadeUpCapture()
        capture.head = ConversationHead(opening: .middle(skippedByClient: 3, skippedByServer: 0))
        capture.hasPlaces = false
        let findings = capture.ended().filter { if case .ending = $0 { false } else { true } }
        #expect(
            rows(findings)[0].hasSuffix(
                """
                ,"address":null,"peerAddress":null,"client":null,"server":null,"opening":"middle","method":null,"target":null,\
                "subprotocol":null,"extensions":null,"ending":null,"endingIsRight":null,"host":null}
                """))
        #expect(
            rows(findings, showsFrames: true)[0] == """
                {"type":"conversation","source":"capture.pcapng","connection":0,"opening":"middle",\
                "skippedByClient":3,"skippedByServer":0,"client":null,"server":null,"method":null,"target":null,"host":null,\
                "subprotocol":null,"offeredDeflate":false,"extensions":null}
                """)
        // An ending without a verdict.
        #expect(rows(capture.ended())[0].hasSuffix(#""ending":"capture-ended","endingIsRight":null,"host":null}"#))
    }

    @Test func agreedExtensionsAreNamed() throws {
        var capture = MadeUpCapture(deflate: true)
        capture.head.otherExtensions = ["x-a", "x\"b"]
        let row = try parse(rows(capture.ended())[0])
        #expect(row["extensions"] as? [String] == ["permessage-deflate", "x-a", "x\"b"])
    }

    @Test func violationsAndNoticesHavePlaces() throws {
        let rows = rows(MadeUpCapture.broken())
        let violation = try parse(rows[0])
        #expect(rows[0].contains(#","inputOffset":22,"packet":9,"time":"2026-11-23T07:03:55.125091Z","diagnosis":{"#))
        let diagnosis = try #require(violation["diagnosis"] as? [String: Any])
        #expect(rows[0].contains(#""diagnosis":{"name":"http-response","certainty":"certain","suspect":"between","#))
        #expect((diagnosis["message"] as? String)?.contains("\"HTTP/1.1 504 Gateway Timeout\"") == true)
        #expect((diagnosis["checks"] as? [String])?.count == 3)
        #expect(Set(diagnosis.keys) == ["name", "certainty", "suspect", "message", "checks"])
        #expect(rows[1].hasSuffix(#","packet":10,"time":"2026-11-23T07:03:55.125636Z"}"#))
        #expect(try parse(rows[2])["endingIsRight"] as? Bool == false)
        #expect(try parse(rows[3])["ending"] as? String == "violation-misanswered")
        #expect(rows.count == 4)
    }

    @Test func aPlaceWithoutTimeHasNone() {
        let origin = StreamOrigin(source: "a", connection: 0, sender: nil)
        let notice = NoticeFinding(
            origin: origin, name: "n", message: "m", packetPosition: PacketPosition(packet: 7, time: nil))
        #expect(
            rows([.notice(notice)]) == [
                #"{"type":"notice","source":"a","connection":0,"sender":"unknown","notice":"n","message":"m","packet":7,"time":null}"#
            ])
    }

    /// What was remembered of one conversation does not leak into later rows.
    @Test func nothingIsTakenOver() {
        let dump = Finding.stream(Sample.summary(.complete))
        let alone = rows([dump])
        #expect(rows(MadeUpCapture.clean() + [dump]).suffix(1) == alone[...])
        let other = MadeUpCapture(connection: 1).ended().filter { if case .ending = $0 { false } else { true } }
        // Nor into those of the same capture, given twice.
        let again = MadeUpCapture().ended().filter { if case .ending = $0 { false } else { true } }
        #expect(
            self.rows(MadeUpCapture.clean() + again)[2].hasSuffix(
                #""ending":null,"endingIsRight":null,"host":"example.com"}"#))
        let rows = rows(MadeUpCapture.clean() + other)
        #expect(rows[2].hasSuffix(#""ending":null,"endingIsRight":null,"host":"example.com"}"#))
        #expect(rows[2].contains(#""connection":1"#))
    }

    @Test func allFactsOfAHead() {
        #expect(
            rows(MadeUpCapture.refused(), showsFrames: true) == [
                """
                {"type":"conversation","source":"capture.pcapng","connection":0,"opening":"refused","status":403,\
                "client":"10.0.0.1:51234","server":"10.0.0.2:8080","method":null,"target":"/chat","host":"example.com",\
                "subprotocol":null,"offeredDeflate":false,"extensions":null,"packet":6,\
                "time":"2026-11-23T07:03:55.123456Z"}
                """
            ])
        #expect(rows(MadeUpCapture.refused()) == [])
    }

    @Test(arguments: HostileText.all)
    func everyRowIsOneLineOfJSON(_ hostile: String) throws {
        var capture = MadeUpCapture(source: hostile)
        capture.head.target = hostile
        capture.head.host = hostile
        capture.head.subprotocol = hostile
        capture.send(.client, text: String(hostile.prefix(20)))
        capture.add(
            .notice(
                NoticeFinding(
                    origin: capture.origin(nil), name: hostile, message: hostile,
                    diagnosis: Diagnosis(
                        name: hostile, certainty: .certain, suspect: .client, message: hostile, checks: [hostile]))))
        let rows = rows(capture.ended(), showsFrames: true)
        #expect(rows.count == 5)
        for row in rows {
            #expect(row.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
            #expect(!row.unicodeScalars.contains { [0x202E, 0x2066, 0x2028].contains($0.value) })
        }
        #expect(try parse(rows[0])["target"] as? String == hostile)
        #expect(try parse(rows[1])["text"] as? String == String(hostile.prefix(20)))
        let diagnosis = try #require(try parse(rows[2])["diagnosis"] as? [String: Any])
        #expect(diagnosis["checks"] as? [String] == [hostile])
        #expect(try parse(rows[4])["subprotocol"] as? String == hostile)
    }

    /// In a live capture, a conversation may end long after others have begun.
    @Test func streamRowsDescribeTheirConversationWhenOthersBeganAfterIt() {
        let (one, other) = (MadeUpCapture.clean(), MadeUpCapture(connection: 1).ended())
        let rows = rows([one[0], other[0]] + one.dropFirst() + other.dropFirst())
        #expect(rows.count == 4)
        #expect(rows[0].hasSuffix(Self.streamKeys))
        #expect(rows[2].contains(#""connection":1"#) && rows[2].contains(#""ending":"capture-ended""#))
    }
}
