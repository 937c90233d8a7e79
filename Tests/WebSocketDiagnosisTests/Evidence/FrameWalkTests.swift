import Testing
import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

@Suite struct FrameWalkTests {
    static let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]

    @Test("A frame is reported with its index, offset, header and unmasked payload")
    func oneFrame() {
        let bytes = MadeFrame.bytes(0x89, Array("hi".utf8), key: Self.key) + MadeFrame.bytes(0x81, [65], key: Self.key)
        let record = WalkRecord(bytes, validator: FrameValidator(sender: .client))
        #expect(record.frames.count == 2)
        #expect(record.frames.map(\.record.index) == [0, 1])
        #expect(record.frames.map(\.record.offset) == [0, 8])
        #expect(record.frames[0].record.header.hex == "898237fa213d")
        #expect(record.frames.map(\.payload) == [Array("hi".utf8), [65]])
        #expect(record.frames.map(\.payloadCount) == [2, 1])
        #expect(record.frames.map(\.isWhole) == [true, true])
        #expect(record.last == record.frames[1].record)
        #expect(record.unfinished == nil)
    }

    @Test("Data frames come without payload if only control frames are asked for")
    func controlOnly() {
        let bytes = MadeFrame.bytes(0x81, [65, 66]) + MadeFrame.bytes(0x8A, [67]) + MadeFrame.bytes(0x82, [68])
        let record = WalkRecord(bytes, validator: FrameValidator(sender: .server), previews: .controlOnly)
        #expect(record.frames.map(\.payload) == [[], [67], []])
        #expect(record.frames.map(\.payloadCount) == [2, 1, 1])
    }

    @Test("At most 125 bytes are kept, and the count is complete", arguments: [124, 125, 126, 300, 70_000])
    func previewEnds(length: Int) {
        let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
        let bytes = MadeFrame.bytes(0x82, payload, key: Self.key)
        let record = WalkRecord(bytes, cuts: [50, 100], validator: FrameValidator(sender: .client))
        #expect(record.frames.first?.payload == Array(payload.prefix(FrameWalk.previewCount)))
        #expect(record.frames.first?.payloadCount == UInt64(length))
    }

    @Test("A frame that ends in a later piece keeps the position of its first byte")
    func momentOfFirstByte() {
        let bytes = MadeFrame.bytes(0x81, [65, 66]) + MadeFrame.bytes(0x81, [67]) + MadeFrame.bytes(0x81, [68])
        let record = WalkRecord(bytes, cuts: [1, 5, 7], validator: FrameValidator(sender: .server))
        #expect(record.frames.map { $0.packetPosition?.packet } == [0, 1, 7])
    }

    @Test("The state of an incomplete frame is known, byte by byte")
    func unfinished() throws {
        let bytes = MadeFrame.bytes(0x81, [65, 66, 67], key: Self.key)
        for count in 1..<bytes.count {
            let record = WalkRecord(Array(bytes.prefix(count)), validator: FrameValidator(sender: .client))
            let frame = try #require(record.unfinished)
            #expect(Array(frame.record.header) == Array(bytes.prefix(min(count, 6))))
            #expect(frame.payloadCount == UInt64(max(count - 6, 0)))
            #expect(frame.payload == Array([65, 66, 67].prefix(max(count - 6, 0))))
            #expect(!frame.isWhole)
            #expect(frame.packetPosition?.packet == 0)
            #expect(record.last == nil)
        }
    }

    @Test("At a violation, the unfinished frame is the offending one, up to the offending field")
    func atViolation() throws {
        let bytes = MadeFrame.bytes(0x81, [65], key: Self.key) + MadeFrame.bytes(0x81, [65, 0xFF, 66], key: Self.key)
        let record = WalkRecord(bytes, validator: FrameValidator(sender: .client), continues: false)
        let frame = try #require(record.unfinished)
        #expect(record.violations.map(\.rule) == [.textNotUTF8])
        #expect(frame.payload == [65, 0xFF])
        #expect(frame.record.index == 1)
        #expect(record.last?.index == 0)
    }

    @Test("A skipped frame is not reported; those after it are")
    func passedOver() {
        let bytes =
            MadeFrame.bytes(0x81, [65]) + MadeFrame.bytes(0x83, [66]) + MadeFrame.bytes(0x81, [0xFF, 0xFE])
            + MadeFrame.bytes(0x89, [67])
        let record = WalkRecord(bytes, validator: FrameValidator(sender: .server))
        #expect(record.violations.map(\.rule) == [.reservedOpcode, .textNotUTF8])
        #expect(record.frames.map(\.record.index) == [0, 3])
        #expect(record.frames.map(\.payload) == [[65], [67]])
        #expect(record.counted == 4)
    }

    @Test("A frame that is being skipped is not unfinished")
    func insideASkippedFrame() {
        let record = WalkRecord([0x83, 5, 65], validator: FrameValidator(sender: .server))
        #expect(record.violations.count == 1)
        #expect(record.unfinished == nil)
    }

    @Test("A violation is reported again until it is skipped, and nothing is lost by that")
    func reportedAgain() {
        let bytes: [UInt8] = [0x81, 1, 65, 0x81, 2, 66, 0xFF]
        var walk = FrameWalk(validator: FrameValidator(sender: .server))
        var violations: Set<Violation> = []
        var unfinished: Set<SeenFrame?> = []
        for piece in [bytes, bytes, []] {
            do {
                try walk.read(piece.span, at: nil) { _ in }
                Issue.record("no violation")
            } catch {
                violations.insert(error)
                unfinished.insert(walk.unfinishedFrame)
            }
        }
        #expect(violations.count == 1)
        #expect(unfinished.count == 1)
        #expect(walk.unfinishedFrame?.payload == [66, 0xFF])
    }

    @Test("A walk that begins inside a frame reports that frame without a preview")
    func beginsInside() throws {
        var validator = FrameValidator(sender: .client)
        let bytes = MadeFrame.bytes(0x82, [65, 66, 67, 68], key: Self.key) + MadeFrame.bytes(0x82, [69], key: Self.key)
        try validator.consume(bytes.span.extracting(0..<8))
        let record = WalkRecord(Array(bytes.dropFirst(8)), validator: validator)
        #expect(record.frames.map(\.payload) == [[], [69]])
        #expect(record.frames.map(\.record.offset) == [0, 10])
        #expect(record.frames.map { $0.packetPosition?.packet } == [nil, 0])
        #expect(record.frames[0].payloadCount == 4)
    }
}
