// Values that no test can produce, since they need exbibytes of stream. They are made by hand, which takes a debug build.
#if DEBUG
    import Testing
    import WebSocketCaptures
    import WebSocketDiagnosis
    @testable import WebSocketFrames
    import WebSocketInspection
    import WebSocketReports

    @Suite struct ExtremePagesTests {
        private static let headers: [EncodedFrameHeader] = [
            [], [0x81], [0x81, 0xFE, 0x01], Array(repeating: 0xFF, count: 14),
            [0x88, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        ].map { (bytes: [UInt8]) in bytes.reduce(into: EncodedFrameHeader()) { $0.append($1) } }

        @Test(arguments: Rule.allCases)
        func nothingTraps(_ rule: Rule) throws {
            let packetPositions = [0, 1, UInt64.max].map {
                PacketPosition(packet: $0, time: CaptureTime(nanoseconds: .max - $0))
            }
            var findings: [Finding] = []
            for (turn, offset) in ([0, 1, .max - 14, .max] as [UInt64]).enumerated() {
                for (index, header) in Self.headers.enumerated() {
                    let origin = StreamOrigin(source: "", connection: .min, sender: index % 2 == 0 ? nil : .server)
                    let record = FrameRecord(index: .max, offset: .max, header: header)
                    let context = Array<UInt8>(repeating: 0xE2, count: 50 * index)
                    let contextOffset: UInt64 = [0, offset, offset &- 48, .max][(index + turn) % 4]
                    let packetPosition = packetPositions[(turn + index) % 3]
                    var head = ConversationHead(
                        opening: .middle(skippedByClient: .max, skippedByServer: UInt64(index)))
                    head.packetPosition = packetPosition
                    var summary = StreamSummary(
                        origin: origin, state: .violation, frames: .max, messages: .max, bytes: .max, isClosed: true,
                        closeCode: CloseCode(rawValue: .max), sentCloseCode: CloseCode(rawValue: 0))
                    summary.address = SocketAddress(address: .v6(high: .max, low: .max), port: .max)
                    let frame = SeenFrame(
                        record: record, payload: Array(context.prefix(125)), payloadCount: .max, isWhole: false,
                        packetPosition: packetPositions[turn % 3])
                    let violation = Violation(
                        rule: rule, offset: offset, length: turn % 2 == 0 ? 0 : 8, frame: .max,
                        frameOffset: [offset, 0, offset &- 20][index % 3], header: header, value: .max)
                    findings += [
                        .conversation(ConversationFinding(origin: origin, head: head)),
                        .frame(FrameFinding(origin: origin, frame: frame)),
                        .violation(
                            ViolationFinding(
                                origin: origin, violation: violation, streamStart: .max, context: context,
                                contextOffset: contextOffset, lastGoodFrame: record, packetPosition: packetPosition)),
                        .stream(summary), .stream(summary), .stream(summary),
                    ]
                }
            }
            var html = HTMLReport()
            var junit = JUnitReport()
            _ = try MarkupChecker(html.whole(findings))
            _ = try MarkupChecker(junit.whole(findings))
        }
    }
#endif
