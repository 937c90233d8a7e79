import SeededRandom
import Testing
import WebSocketFrames

/// A violation names the frame before it and shows the bytes around it, wherever the pieces (128 KiB) end in which the
/// dump is read.
@Suite struct LastGoodFrameTests {
    private static let piece = 1 << 17

    /// A server's stream, frame by frame, and what must be reported about it.
    private struct Plan {
        struct Broken: Equatable {
            let frame: UInt64
            let offset: UInt64
            let before: UInt64?
            let beforeOffset: UInt64?
        }

        var bytes: [UInt8] = []
        var frames: UInt64 = 0
        var broken: [Broken] = []
        private var lastGood: (index: UInt64, offset: UInt64)?

        /// A legal frame of `size` bytes, header included; at least 2.
        mutating func good(size: Int) {
            lastGood = (frames, UInt64(bytes.count))
            bytes += frame(0x82, size: size)
            frames += 1
        }

        /// A legal frame that ends just before the given offset.
        mutating func good(upTo offset: Int) { good(size: offset - bytes.count) }

        /// A frame with a reserved opcode.
        mutating func reservedOpcode(size: Int) { broke(at: 0, frame(0x83, size: size)) }

        /// A text with one byte in its payload that is not UTF-8.
        mutating func brokenText(size: Int, at index: Int) {
            var frame = frame(0x81, size: size)
            let header = frame.count - Self.payload(in: size)
            frame[header + index] = 0xFF
            broke(at: header + index, frame)
        }

        private mutating func broke(at index: Int, _ frame: [UInt8]) {
            broken.append(
                Broken(
                    frame: frames, offset: UInt64(bytes.count + index), before: lastGood?.index,
                    beforeOffset: lastGood?.offset))
            bytes += frame
            frames += 1
        }

        private static func payload(in size: Int) -> Int {
            if size < 128 { return size - 2 }
            return size < 65_540 ? max(size - 4, 126) : max(size - 10, 65_536)
        }

        /// The payload is ASCII that differs at every offset, so that misplaced bytes are noticed.
        private func frame(_ first: UInt8, size: Int) -> [UInt8] {
            let start = bytes.count % 89
            return Bytes.frame(first, Array(Self.text[start..<(start + Self.payload(in: size))]), masked: false)
        }

        private static let text = (0..<(8 << 17)).map { UInt8(32 + $0 % 89) }
    }

    private func expectAll(_ plan: Plan, _ location: SourceLocation = #_sourceLocation) throws {
        let outcome = try Command.run(
            ["validate", "--all", "--full", "--sender", "server", "-"], stdin: .bytes(plan.bytes), location)
        let blocks = TextBlock.blocks(in: outcome.stdout, rules: ["reserved-opcode", "text-not-utf8"])
        let reported = blocks.map { block in
            Plan.Broken(
                frame: block.frame ?? .max, offset: block.offset ?? .max, before: block.lastGoodFrame?.index,
                beforeOffset: block.lastGoodFrame?.offset)
        }
        #expect(reported == plan.broken, sourceLocation: location)
        for (block, broken) in zip(blocks, plan.broken) {
            expectBytes(block, around: broken.offset, of: plan, location)
        }
    }

    /// The bytes shown are the stream's, without a gap, and on both sides of the fault.
    private func expectBytes(_ block: TextBlock, around offset: UInt64, of plan: Plan, _ location: SourceLocation) {
        let shown = block.bytes
        let wrong = shown.filter { $0.offset >= UInt64(plan.bytes.count) || plan.bytes[Int($0.offset)] != $0.byte }
        #expect(wrong.isEmpty, sourceLocation: location)
        let first = shown.first?.offset ?? .max
        let last = shown.last?.offset ?? 0
        #expect(UInt64(shown.count) == last - min(first, last) + 1, sourceLocation: location)
        #expect(first <= offset - min(offset, 16), "from \(first) for \(offset)", sourceLocation: location)
        #expect(last >= min(offset + 16, UInt64(plan.bytes.count - 1)), "to \(last)", sourceLocation: location)
    }

    @Test func theFirstFrameHasNoneBefore() throws {
        var plan = Plan()
        plan.reservedOpcode(size: 10)
        try expectAll(plan)
        let outcome = try Command.run(["validate", "-"], stdin: .bytes(plan.bytes))
        #expect(outcome.stdout.contains("  before  nothing: this is the stream's first frame\n"))
    }

    /// The last good frame ends `distance` bytes before or after a boundary, and the broken one follows.
    @Test(
        arguments: Sample.cases([-20, -11, -10, -9, -5, -3, -2, -1, 0, 1, 2, 3, 20], debug: [-11, -9, -2, -1, 0, 1]))
    func theFrameBeforeEndsAtABorder(_ distance: Int) throws {
        for pieces in Sample.cases([1, 2], debug: [1 + abs(distance) % 2]) {
            var plan = Plan()
            plan.good(size: 100)
            plan.good(upTo: pieces * Self.piece + distance)
            plan.reservedOpcode(size: 200)
            plan.good(size: 50)
            try expectAll(plan)
        }
    }

    /// A boundary cuts the header of a good frame, and the broken one follows that frame.
    @Test(arguments: Sample.cases(Array(1...10), debug: [1, 2, 9])) func aHeaderIsCutByABorder(_ cut: Int) throws {
        var plan = Plan()
        plan.good(size: 300)
        plan.good(upTo: Self.piece - cut)
        plan.good(size: 70_000)
        plan.reservedOpcode(size: 2)
        plan.good(size: 2)
        try expectAll(plan)
    }

    @Test func aFrameOfManyPieces() throws {
        var plan = Plan()
        for _ in 0..<7 { plan.good(size: 1000) }
        plan.good(size: 5 * Self.piece + 77)
        plan.reservedOpcode(size: 300)
        try expectAll(plan)
    }

    @Test func aTextThatBreaksManyPiecesAfterTheFrameBefore() throws {
        let all = [0, Self.piece, 3 * Self.piece + 5, 4 * Self.piece - 1]
        for index in Sample.cases(all, debug: [all[1], all[2]]) {
            var plan = Plan()
            plan.good(size: 90)
            plan.good(size: 5000)
            plan.brokenText(size: 4 * Self.piece + 10, at: index)
            plan.good(size: 2)
            plan.reservedOpcode(size: 40)
            try expectAll(plan)
        }
    }

    @Test func brokenFramesOfManyPiecesAreNotTakenForGoodOnes() throws {
        var plan = Plan()
        plan.good(size: 90)
        plan.reservedOpcode(size: 2 * Self.piece)
        plan.reservedOpcode(size: 2 * Self.piece)
        plan.brokenText(size: 2 * Self.piece, at: 17)
        plan.reservedOpcode(size: 2)
        plan.good(size: 3 * Self.piece)
        plan.brokenText(size: 2 * Self.piece, at: 2 * Self.piece - 100)
        plan.reservedOpcode(size: 2)
        try expectAll(plan)
    }

    /// Streams of frames of all sizes, some of them broken.
    @Test(arguments: 0..<UInt64(Sample.rounds(4, debug: 1))) func anyStream(_ seed: UInt64) throws {
        var numbers = SplitMix64(seed: seed)
        var plan = Plan()
        while plan.bytes.count < 6 * Self.piece {
            let sizes = [2...300, 2...300, 4000...40_000, 66_000...300_000]
            let size = Int.random(in: sizes[Int.random(in: 0..<4, using: &numbers)], using: &numbers)
            switch Int.random(in: 0..<8, using: &numbers) {
            case 0: plan.reservedOpcode(size: size)
            case 1 where size > 70: plan.brokenText(size: size, at: Int.random(in: 0..<60, using: &numbers))
            case 2 where size > 4000: plan.brokenText(size: size, at: Int.random(in: 0..<3900, using: &numbers))
            default: plan.good(size: size)
            }
        }
        try expectAll(plan)
    }

    /// Every frame breaks a rule, over more than one piece. If the search for a good one started anew with each, this would
    /// take hours.
    @Test func nothingButBadFrames() throws {
        let count = Self.piece / 8 + 500
        let stream = Array(repeating: [0x81, 0x06] + Array("abcdef".utf8), count: count).flatMap { $0 }
        let result = try Command.run(
            ["validate", "--all", "--sender", "client", "--format", "jsonl", "-"], stdin: .bytes(stream))
        #expect(result.status == 1)
        #expect(result.output.count { $0 == UInt8(ascii: "\n") } == count + 1)
    }
}
