import SeededRandom
import Testing
import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

@testable import WebSocketReports

@Suite struct TimeScaleTests {
    private func header(_ opcode: Opcode, _ count: UInt64 = 5) -> EncodedFrameHeader {
        EncodedFrameHeader(opcode: opcode, isFinal: true, reservedBits: [], payloadLength: count, maskingKey: nil)
    }

    private func time(_ nanoseconds: UInt64) -> CaptureTime { CaptureTime(nanoseconds: nanoseconds) }

    @Test func everyFrameIsCountedInItsStepHoweverLongItLasts() {
        var dice = SplitMix64(seed: 5)
        for digits in 3...18 {
            let longest = (0..<digits).reduce(UInt64(1)) { ten, _ in ten * 10 }
            let moments = (0..<2_000).map { _ in dice.next() % longest }.sorted()
            var scale = TimeScale(start: time(7))
            for (index, moment) in moments.enumerated() {
                scale.add(
                    header(index % 3 == 0 ? .ping : .text), from: index % 2 == 0 ? .client : .server,
                    at: time(7 + moment))
            }
            #expect(scale.client.count <= TimeScale.maximumSteps && scale.server.count <= TimeScale.maximumSteps)
            // A long conversation must not collapse into a few strokes.
            let steps = max(scale.client.count, scale.server.count)
            #expect(moments[1_999] < 1_000_000 || steps > TimeScale.maximumSteps / 2)
            var expected = Array(repeating: TimeScale.Step(), count: TimeScale.maximumSteps)
            for (index, moment) in moments.enumerated() where index % 2 == 0 {
                let step = Int(moment / scale.stepLength)
                if index % 3 == 0 {
                    expected[step].controlFrames += 1
                } else {
                    expected[step].dataFrames += 1
                    expected[step].dataBytes += 5
                }
            }
            #expect(scale.client == Array(expected.prefix(scale.client.count)))
            #expect(expected.dropFirst(scale.client.count).allSatisfy { $0 == TimeScale.Step() })
        }
    }

    @Test func theLongestSilencesAreKept() {
        var scale = TimeScale(start: time(100))
        var moment: UInt64 = 100
        for pause in [40, 3, 9, 5, 80, 1, 6, 7, 2, 8] as [UInt64] {
            moment += pause
            scale.add(header(.text), from: .client, at: time(moment))
        }
        // A packet captured late neither begins a silence nor extends one.
        scale.add(header(.text), from: .server, at: time(50))
        scale.finish(at: time(moment + 60))
        #expect(scale.silences.map { $0.upperBound - $0.lowerBound } == [40, 9, 80, 7, 8, 60])
        #expect(scale.end == moment - 100 + 60)
    }

    @Test func withoutAnOpeningTheFirstFrameIsTheBeginning() {
        var scale = TimeScale(start: nil)
        scale.add(header(.text), from: .server, at: time(5_000))
        scale.add(header(.text), from: .server, at: time(9_000))
        #expect(scale.end == 4_000)
        #expect(scale.silences == [0..<4_000])
    }

    @Test func extremeTimesAreDrawn() throws {
        for end in [.max, .max - 1, 1, 1 << 63] as [UInt64] {
            var scale = TimeScale(start: time(0))
            scale.add(header(.text, .max), from: .client, at: time(0))
            scale.add(header(.text, .max), from: .client, at: time(end / 2))
            scale.add(header(.text, .max), from: .server, at: time(end))
            scale.addFault(at: time(end))
            var page = Markup()
            ScaledTimeLine(scale).write(to: &page)
            _ = try MarkupChecker(page.source)
            #expect(page.source.contains("M1000 0v60"))
        }
    }
}

@Suite struct ScaledTimeLineTests {
    private func page(_ findings: [Finding]) -> String {
        var report = HTMLReport()
        return report.whole(findings)
    }

    /// Half a second of frames, a minute of silence, and a ping.
    private var silent: [Finding] {
        var chat = SampleConversation()
        for _ in 0..<50 { chat.send(.client, 0x81, Array("hello".utf8), after: 10) }
        chat.send(.server, 0x89, after: 60_000)
        return chat.ended()
    }

    @Test func silenceIsWrittenWhereItIs() throws {
        let text = page(silent)
        let checker = try MarkupChecker(text)
        #expect(checker.text.contains("no frame for 1 min 0 s"))
        #expect(checker.text.contains("The whole is 1 min 0 s."))
        let bands = checker.elements.filter { $0.attributes["class"] == "band" }
        #expect(bands.map { $0.attributes["style"] } == ["left:0.8%;width:99.2%"])
        for mark in [">0<", ">20 s<", ">40 s<"] { #expect(text.contains(mark), "\(mark)") }
    }

    @Test func framesThatAreLeftOutElsewhereAreDrawn() throws {
        var chat = SampleConversation()
        for _ in 0..<4_000 { chat.send(.client, 0x81, Array("hello".utf8), after: 1_000) }
        let checker = try MarkupChecker(page(chat.ended()))
        #expect(checker.text.contains("left out"))
        #expect(!checker.text.contains("no frame for"))
        let data = try #require(checker.elements.first { $0.name == "path" && $0.attributes["class"] == "data" })
        #expect(data.attributes["d"]?.split(separator: "M").count ?? 0 > TimeScale.maximumSteps / 2 - 20)
    }

    @Test func withoutTimesThereIsNoScale() throws {
        let dump = SampleConversation.dump(breaking: .reservedOpcode, source: "x.hex")
        #expect(!page(dump).contains("To scale"))
        #expect(page(SampleConversation.broken()).contains("class=\"broken\""))
    }

    @Test func aDrawingHasStrokesAndNothingElse() throws {
        let elements = try MarkupChecker(page(silent + SampleConversation.broken(connection: 1))).elements
        #expect(elements.contains { $0.name == "svg" })
        for element in elements where ["svg", "path"].contains(element.name) {
            #expect(
                Set(element.attributes.keys).isSubset(of: [
                    "class", "aria-hidden", "viewBox", "preserveAspectRatio", "d",
                ]))
            #expect(element.attributes["d"]?.allSatisfy { "Mvh- 0123456789".contains($0) } ?? true)
        }
    }
}
