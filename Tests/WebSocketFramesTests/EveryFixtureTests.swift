import FixtureCorpus
import SeededRandom
import Testing
import WebSocketFrames

/// Every fixture gets its verdict, however it is cut, and at the first byte that allows it.
@Suite struct EveryFixtureTests {
    let fixtures: [Fixture]

    init() throws {
        fixtures = try FixtureCorpus.load()
    }

    @Test func inOnePiece() {
        for fixture in fixtures {
            var validator = FrameValidator(for: fixture)
            let thrown = validator.feed(fixture.bytes)
            let verdict = Expectation(validator, bytes: fixture.bytes.count)
            #expect(verdict == fixture.expectation, "\(fixture.path)")
            #expect(thrown == validator.violation, "\(fixture.path)")
            let end = fixture.expectation.violation?.end ?? UInt64(fixture.bytes.count)
            #expect(validator.position == end, "\(fixture.path)")
            #expect(fixture.sender == nil || validator.sender == fixture.sender, "\(fixture.path)")
        }
    }

    @Test func byteByByte() {
        for fixture in fixtures {
            let expected = FrameValidator(for: fixture).reading(fixture.bytes)
            let end = fixture.expectation.violation.map { Int($0.end) }
            var validator = FrameValidator(for: fixture)
            var thrown: Violation?
            for index in fixture.bytes.indices {
                thrown = validator.feed(fixture.bytes, index..<(index + 1))
                if (thrown != nil) != (index + 1 == end) {
                    Issue.record("\(fixture.path): after byte \(index): \(thrown.map(\.rule.name) ?? "nothing thrown")")
                }
                if validator.position != UInt64(index + 1) {
                    Issue.record("\(fixture.path): position \(validator.position) after byte \(index)")
                }
                if thrown != nil { break }
            }
            #expect(Reading(validator) == expected, "\(fixture.path)")
            #expect(thrown == expected.violation, "\(fixture.path)")
        }
    }

    @Test func theViolationIsRaisedWhenItsFieldIsWhole() {
        for fixture in fixtures {
            guard let end = fixture.expectation.violation.map({ Int($0.end) }) else { continue }
            var validator = FrameValidator(for: fixture)
            #expect(validator.feed(fixture.bytes, 0..<(end - 1)) == nil, "\(fixture.path): too early")
            #expect(validator.state != .violation, "\(fixture.path): too early")
            validator = FrameValidator(for: fixture)
            #expect(validator.feed(fixture.bytes, 0..<end) != nil, "\(fixture.path): too late")
            #expect(Expectation(validator, bytes: fixture.bytes.count) == fixture.expectation, "\(fixture.path)")
        }
    }

    @Test func theSameViolationIsThrownFromThenOn() {
        for fixture in fixtures {
            var validator = FrameValidator(for: fixture)
            guard let violation = validator.feed(fixture.bytes) else { continue }
            let reading = Reading(validator)
            for bytes in [[], [0x81], [0x89, 0x00], fixture.bytes] as [[UInt8]] {
                #expect(validator.feed(bytes) == violation, "\(fixture.path)")
                #expect(throws: violation, "\(fixture.path)") { try validator.consumeFrame(bytes.span) }
                #expect(Reading(validator) == reading, "\(fixture.path)")
            }
        }
    }

    @Test func cutInTwoAtEveryByte() {
        var sample = Sample(oneIn: 4)
        for fixture in fixtures {
            let fresh = FrameValidator(for: fixture)
            let expected = fresh.reading(fixture.bytes)
            for cut in cuts(fixture) where sample.takes() && fresh.reading(fixture.bytes, cuts: [cut]) != expected {
                Issue.record("\(fixture.path): a different verdict when cut at \(cut)")
                break
            }
        }
    }

    @Test func inPiecesOfEverySize() {
        for fixture in fixtures {
            let fresh = FrameValidator(for: fixture)
            let expected = fresh.reading(fixture.bytes)
            for size in [2, 3, 4, 5, 7, 8, 9, 13, 16, 31, 32, 33, 63, 64, 65, 1460] {
                let cuts = Array(stride(from: size, to: fixture.bytes.count, by: size))
                if fresh.reading(fixture.bytes, cuts: cuts) != expected {
                    Issue.record("\(fixture.path): a different verdict in pieces of \(size)")
                    break
                }
            }
        }
    }

    @Test func frameByFrame() {
        for fixture in fixtures {
            for size in [Int.max, 1, 2, 3, 5, 16, 61] {
                var validator = FrameValidator(for: fixture)
                walk(fixture, pieces: size, &validator)
                #expect(Reading(validator) == FrameValidator(for: fixture).reading(fixture.bytes), "\(fixture.path)")
            }
        }
    }

    /// Feeds a fixture in pieces through `consumeFrame`, and checks the result of each call.
    private func walk(_ fixture: Fixture, pieces size: Int, _ validator: inout FrameValidator) {
        var index = 0
        while index < fixture.bytes.count {
            var piece = index..<(index + min(size, fixture.bytes.count - index))
            while !piece.isEmpty {
                let frames = validator.frameCount
                do {
                    let count = try validator.consumeFrame(fixture.bytes.span.extracting(piece))
                    let ended = validator.frameCount == frames + 1
                    let inBetween = validator.header.count == 0
                    if count < 1 || validator.frameCount > frames + 1 || ended != inBetween
                        || (!ended && count != piece.count) || validator.position != UInt64(piece.lowerBound + count)
                    {
                        Issue.record("\(fixture.path): consumeFrame took \(count) of \(piece)")
                        return
                    }
                    piece = (piece.lowerBound + count)..<piece.upperBound
                } catch {
                    #expect(error == validator.violation, "\(fixture.path)")
                    return
                }
            }
            index = piece.upperBound
        }
    }

    /// Every place to cut a fixture; in one with a long text, every place within 64 bytes of a frame boundary or
    /// header, and every 64th elsewhere.
    private func cuts(_ fixture: Fixture) -> [Int] {
        let all = Array(0...fixture.bytes.count)
        let borders = textBorders(fixture)
        guard all.count > 4096, let borders else { return all }
        return all.filter { cut in cut % 64 == 0 || borders.contains { abs($0 - cut) <= 64 + 14 } }
    }

    /// Where frames end, if the fixture has a long text frame; nil otherwise.
    private func textBorders(_ fixture: Fixture) -> [Int]? {
        var validator = FrameValidator(for: fixture)
        var borders = [0]
        var hasText = false
        while let last = borders.last, last < fixture.bytes.count,
            let count = try? validator.consumeFrame(fixture.bytes.span.extracting(last..<fixture.bytes.count))
        {
            hasText = hasText || (count > 1024 && fixture.bytes[last] & 0x0F < 2)
            borders.append(last + count)
        }
        return hasText ? borders : nil
    }
}
