import FixtureCorpus
import SeededRandom
import Testing
import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

@Suite struct FrameWalkPropertyTests {
    @Test(
        "Every fixture: the same in any pieces, as many frames as the validator counts, previews as in a naive reading"
    )
    func corpus() throws {
        var random = SplitMix64(seed: 5)
        for fixture in try FixtureCorpus.load() where fixture.bytes.count < 100_000 {
            let validator = FrameValidator(
                sender: fixture.sender, extensions: fixture.extensions, limits: fixture.limits)
            let previews: FrameWalk.Previews = random.below(2) == 0 ? .all : .controlOnly
            let whole = WalkRecord(fixture.bytes, validator: validator, previews: previews)
            check(whole, fixture.bytes, validator, previews, "\(fixture.path)")
            let first = WalkRecord(fixture.bytes, validator: validator, previews: previews, continues: false)
            #expect(UInt64(first.frames.count) == fixture.expectation.frames, "\(fixture.path)")
            for _ in 0..<2 {
                let cuts = cuts(of: fixture.bytes, &random)
                let cut = WalkRecord(fixture.bytes, cuts: cuts, validator: validator, previews: previews)
                #expect(cut.withoutMoments == whole.withoutMoments, "\(fixture.path) cut at \(cuts)")
                #expect(cut.hasMomentsOfFirstBytes(cuts), "\(fixture.path) cut at \(cuts)")
            }
        }
    }

    @Test("Random streams with damage: likewise", arguments: [1, 2, 3, 4] as [UInt64])
    func randomStreams(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for round in 0..<300 {
            let isClient = random.below(2) == 0
            var bytes: [UInt8] = []
            for _ in 0..<random.below(12) {
                let byte0 = random.pick([0x81, 0x82, 0x89, 0x8A, 0x01, 0x80, 0x00, 0x88, 0xC1, 0x83])
                let length = random.pick([0, 1, 2, 5, 60, 125, 126, 127, 400])
                let payload = random.below(3) == 0 ? random.bytes(length) : [UInt8](repeating: 0x41, count: length)
                bytes += MadeFrame.bytes(UInt8(byte0), payload, key: isClient ? random.bytes(4) : nil)
            }
            if !bytes.isEmpty, random.below(3) == 0 {
                bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8))
            }
            if random.below(3) == 0 { bytes = Array(bytes.prefix(random.below(bytes.count + 1))) }
            let sender: Endpoint? = random.below(4) == 0 ? nil : isClient ? .client : .server
            let validator = FrameValidator(
                sender: sender, extensions: random.below(2) == 0 ? .none : .permessageDeflate)
            let previews: FrameWalk.Previews = random.below(2) == 0 ? .all : .controlOnly
            let whole = WalkRecord(bytes, validator: validator, previews: previews)
            check(whole, bytes, validator, previews, "seed \(seed), round \(round)")
            let cuts = cuts(of: bytes, &random)
            let cut = WalkRecord(bytes, cuts: cuts, validator: validator, previews: previews)
            #expect(cut.withoutMoments == whole.withoutMoments, "seed \(seed), round \(round), cut at \(cuts)")
            #expect(cut.hasMomentsOfFirstBytes(cuts), "seed \(seed), round \(round), cut at \(cuts)")
        }
    }

    /// Some places, or every place.
    private func cuts(of bytes: [UInt8], _ random: inout SplitMix64) -> [Int] {
        if random.below(3) == 0 { return Array(0...bytes.count) }
        return (0..<random.below(8)).map { _ in random.below(bytes.count + 1) }.sorted()
    }

    private func check(
        _ record: WalkRecord, _ bytes: [UInt8], _ validator: FrameValidator, _ previews: FrameWalk.Previews,
        _ comment: Comment
    ) {
        var reference = validator
        var judged = 0
        var passedOver: UInt64 = 0
        var violations: [Violation] = []
        while judged < bytes.count {
            let before = reference.frameCount
            let wasSkipping = reference.isSkipping
            do {
                judged += try reference.consumeFrame(bytes.span.extracting(judged..<bytes.count))
                if wasSkipping { passedOver += reference.frameCount - before }
            } catch {
                violations.append(error)
                guard reference.skipFrame() else { break }
                passedOver += reference.frameCount - before
                judged = Int(reference.position)
            }
        }
        #expect(record.violations == violations, comment)
        #expect(record.counted == reference.frameCount, comment)
        #expect(UInt64(record.frames.count) == reference.frameCount - passedOver, comment)
        for frame in record.frames {
            let isShown = previews == .all || frame.record.header.opcode.isControl
            #expect(frame.payload == (isShown ? NaiveFrame.preview(bytes, at: frame.record.offset) : []), comment)
            #expect(frame.payloadCount == frame.record.header.payloadLength, comment)
            let start = Int(frame.record.offset)
            let header = Array(bytes[start..<(start + frame.record.header.count)])
            #expect(Array(frame.record.header) == header, comment)
        }
        #expect(record.last == record.frames.last?.record, comment)
    }
}

extension WalkRecord {
    /// The packet position of each frame is that of the piece with its first byte.
    fileprivate func hasMomentsOfFirstBytes(_ cuts: [Int]) -> Bool {
        // After a violation, the rest of a piece is fed as a piece of its own.
        let starts = Set([0] + cuts + violations.map { Int($0.offset) + $0.length }).sorted()
        return (frames + [unfinished].compactMap { $0 }).allSatisfy { frame in
            frame.packetPosition?.packet == starts.last { $0 <= Int(frame.record.offset) }.map(UInt64.init)
        }
    }
}

/// A frame parsed out of a whole stream, straight from RFC 6455 §5.2 and §5.3.
private enum NaiveFrame {
    static func preview(_ bytes: [UInt8], at offset: UInt64) -> [UInt8] {
        var index = Int(offset) + 1
        let isMasked = bytes[index] & 0x80 != 0
        var length = Int(bytes[index] & 0x7F)
        index += 1
        let extended = [126: 2, 127: 8][length] ?? 0
        if extended > 0 { length = bytes[index..<(index + extended)].reduce(0) { $0 * 256 + Int($1) } }
        index += extended
        let key = isMasked ? Array(bytes[index..<(index + 4)]) : [0, 0, 0, 0]
        index += isMasked ? 4 : 0
        return bytes[index..<(index + min(length, 125))].enumerated().map { $1 ^ key[$0 % 4] }
    }
}
