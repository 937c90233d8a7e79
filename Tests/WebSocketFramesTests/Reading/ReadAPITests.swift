import FixtureCorpus
import SeededRandom
import Testing
import WebSocketFrames

/// The reading API agrees with the validating API on every fixture, and hands over what naive unmasking gives.
@Suite struct ReadAPITests {
    let fixtures: [Fixture]

    init() throws {
        fixtures = try FixtureCorpus.load()
    }

    @Test func inOnePiece() {
        for fixture in fixtures { check(fixture, cuts: []) }
    }

    @Test func byteByByte() {
        for fixture in fixtures where fixture.bytes.count <= 8192 {
            check(fixture, cuts: Array(fixture.bytes.indices.dropFirst()))
        }
    }

    @Test func cutInTwoAtEveryByte() {
        var sample = Sample(oneIn: 8)
        for fixture in fixtures {
            check(fixture, eachOf: cuts(of: fixture).filter { _ in sample.takes() }.map { [$0] })
        }
    }

    /// Every place to cut a fixture; in a long one, every place within the first 300 bytes, and some after them.
    private func cuts(of fixture: Fixture) -> [Int] {
        let count = fixture.bytes.count
        guard count > 2300 else { return Array(0...count) }
        return Array(0...300) + Array(stride(from: 301, through: count, by: max(61, count / 200)))
    }

    @Test func inPiecesOfManySizes() {
        for fixture in fixtures {
            let sizes = [3, 5, 16, 61, 64, 134, 200, 1460].filter { $0 > fixture.bytes.count / 4096 }
            check(fixture, eachOf: sizes.map { Array(stride(from: $0, to: fixture.bytes.count, by: $0)) })
        }
    }

    @Test func stoppingAfterEachEvent() {
        for fixture in fixtures where fixture.bytes.count <= 8192 {
            let handed = Handed(fixture.bytes, for: fixture, stopping: true)
            #expect(handed == Handed(fixture.bytes, for: fixture), "\(fixture.path)")
        }
    }

    /// Runs of plain frames, which the kernels take, each with one corrupted byte.
    @Test(arguments: [1, 2, 3] as [UInt64]) func spoiltRunsOfPlainFrames(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for number in 0..<Sample.rounds(400, debug: 150) {
            let isClient = number % 2 == 0
            var stream: [UInt8] = []
            for _ in 0..<12 {
                let opcode = random.pick([0x81, 0x81, 0x81, 0x82, 0x89, 0x8A] as [UInt8])
                let long = random.oneIn(6) && opcode < 0x88
                let text = Array(String(repeating: "aé漢🎉 plain text ", count: 20).utf8.prefix(long ? 300 : 125))
                var payload = Array(text.prefix(random.below(text.count + 1)))
                while let last = payload.last, last >= 0x80 { payload.removeLast() }
                stream += ConversationMaker.frame(opcode, payload, key: isClient ? random.bytes(4) : nil)
            }
            if number % 4 > 1 { stream[random.below(stream.count)] ^= UInt8(1) << UInt8(random.below(8)) }
            let sender: Endpoint = isClient ? .client : .server
            var validator = FrameValidator(sender: sender)
            _ = validator.feed(stream, cuts: Array(stream.indices.dropFirst()))
            var whole = FrameValidator(sender: sender)
            _ = whole.feed(stream)
            #expect(Reading(whole) == Reading(validator), "seed \(seed), stream \(number): \(stream.hex)")
            check(stream, validator, cuts: [], name: "seed \(seed), stream \(number)")
            check(stream, validator, cuts: random.cuts(stream.count, count: 6), name: "seed \(seed), stream \(number)")
        }
    }

    private func check(_ fixture: Fixture, cuts: [Int]) {
        check(fixture, eachOf: [cuts])
    }

    /// Reads a fixture with each of several lists of cuts.
    private func check(_ fixture: Fixture, eachOf ways: [[Int]]) {
        var validator = FrameValidator(for: fixture)
        _ = validator.feed(fixture.bytes)
        let expected = Handed.naively(fixture.bytes, until: validator.frameCount)
        for cuts in ways {
            let handed = Handed(fixture.bytes, cuts: cuts, for: fixture)
            let name = "\(fixture.path), cut at \(cuts.prefix(8))"
            guard compare(handed, validator, expected, name: name) else { return }
        }
    }

    private func check(_ stream: [UInt8], _ validator: FrameValidator, cuts: [Int], name: String) {
        guard let sender = validator.sender else { return }
        let handed = Handed(stream, cuts: cuts, sender: sender)
        _ = compare(
            handed, validator, Handed.naively(stream, until: validator.frameCount),
            name: "\(name), cut at \(cuts): \(stream.hex)")
    }

    private func compare(
        _ handed: Handed, _ validator: FrameValidator, _ expected: [Handed.Frame], name: String
    ) -> Bool {
        if let complaint = handed.complaint {
            Issue.record("\(name): \(complaint)")
            return false
        }
        guard handed.violation == validator.violation, handed.state == validator.state,
            handed.frameCount == validator.frameCount, handed.messageCount == validator.messageCount,
            handed.position == validator.position
        else {
            Issue.record("\(name): the APIs disagree: \(handed) and \(Reading(validator))")
            return false
        }
        var expected = expected
        var found = handed.frames
        // Of an incomplete frame, any part may have been handed over.
        if expected.last?.isWhole == false {
            let last = expected.removeLast()
            if found.count > expected.count {
                let partial = found.removeLast()
                if partial.isWhole || !last.payload.starts(with: partial.payload) {
                    Issue.record("\(name): the last frame's payload is wrong")
                    return false
                }
                if handed.state != .violation, partial.payload != last.payload {
                    Issue.record("\(name): payload that has arrived was held back")
                    return false
                }
            }
        }
        guard found == expected else {
            Issue.record("\(name): payloads differ from a naive unmasking")
            return false
        }
        return true
    }
}
