import SeededRandom
import Testing
import WebSocketCaptures

@Suite("Hostile connections")
struct HostileConnectionTests {
    private func options(_ number: UInt64) -> ConversationOptions {
        var options = ConversationOptions()
        options.webSocketPorts = number % 3 == 0 ? [8080] : []
        options.detectsInTheMiddle = number % 5 != 0
        return options
    }

    @Test("real conversations with corrupted bytes, in any pieces, with gaps and ends anywhere")
    func mutated() {
        var numbers = SplitMix64(seed: 99)
        let refusal = Array("HTTP/1.1 401 x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n".utf8)
        for round in 0..<Sample.rounds(600, debug: 200) {
            var sides = PerTest(
                first: Array(SampleHandshake.request().utf8) + UpgradeTests.client + UpgradeTests.client,
                second: refusal + UpgradeTests.server + UpgradeTests.server)
            for _ in 0..<(round % 7) {
                sides.first[Int(numbers.next() % UInt64(sides.first.count))] = UInt8(truncatingIfNeeded: numbers.next())
                sides.second[Int(numbers.next() % UInt64(sides.second.count))] = UInt8(
                    truncatingIfNeeded: numbers.next())
            }
            var parts: [Sent] = []
            while !sides.first.isEmpty || !sides.second.isEmpty {
                let count = Int(numbers.next() % 90)
                switch numbers.next() % 40 {
                case 0: parts.append(.gap(.first))
                case 1: parts.append(.gap(.second))
                case 2: parts.append(.finish(.first))
                case 3: parts.append(.reset(.second))
                case 4..<20:
                    parts.append(.bytes(.first, sides.first.prefix(count)))
                    sides.first.removeFirst(min(count, sides.first.count))
                default:
                    parts.append(.bytes(.second, sides.second.prefix(count)))
                    sides.second.removeFirst(min(count, sides.second.count))
                }
            }
            let recorded = Recorded(parts, isSeenFromStart: round % 2 == 0, options: options(numbers.next()))
            #expect(!recorded.isDisorderly)
            #expect(recorded.outcome != .undecided)
        }
    }

    @Test("the most expensive input: long chains at every byte, endless heads, heaps of requests")
    func costly() {
        let chains: [[UInt8]] = [
            [0x01, 0x7E, 0x7F], [0x82, 0x00], [0x89, 0x00], [0x02, 0x7F, 0, 0, 0, 0, 0, 1, 0], [0x41, 0x42], [0x0A],
            [0x89, 0x80, 0, 0, 0, 0], [0x81, 0x01, 0x61],
        ]
        for chain in chains {
            let bytes = [0xFF] + Array(repeating: chain, count: 90_000 / chain.count).flatMap(\.self)
            for options in [options(3), options(1)] {
                let recorded = Recorded(
                    [.bytes(.second, bytes), .bytes(.first, bytes)], isSeenFromStart: false, options: options)
                #expect(!recorded.isDisorderly)
                #expect(recorded.maximumHeld <= 2 * 65_536)
            }
        }
        let requests = String(repeating: "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", count: 3_000)
        let refusals = String(repeating: "HTTP/1.1 400 \r\nContent-Length:0\r\n\r\n", count: 3_000)
        let heaps = Recorded([.text(.first, requests), .text(.second, refusals)])
        #expect(!heaps.isDisorderly)
        #expect(heaps.maximumHeld <= 2 * 65_536)
        let pipelined = String(repeating: "GET / HTTP/1.1\r\n\r\n", count: 3_000)
        #expect(Recorded([.text(.first, pipelined)]).outcome == .skipped(.brokenHTTP))
        let tunnels = Recorded([
            .text(.first, String(repeating: "CONNECT a HTTP/1.1\r\n\r\n", count: 2_900)),
            .text(.second, String(repeating: "HTTP/1.1 200 \r\n\r\n", count: 2_900)),
        ])
        #expect(tunnels.conversations == [])
    }

    @Test("heads full of extensions and subprotocols: no quadratic comparison, and few notices")
    func fullHeads() throws {
        func list(_ prefix: String, _ count: Int) -> String {
            (0..<count).map { "\(prefix)\($0)" }.joined(separator: ",")
        }
        let request = SampleHandshake.request(
            "/", "Sec-WebSocket-Extensions: \(list("a", 8_000))\r\nSec-WebSocket-Protocol: \(list("p", 300))\r\n")
        let response = SampleHandshake.response(
            "Sec-WebSocket-Extensions: \(list("b", 8_000)), permessage-deflate\r\nSec-WebSocket-Protocol: x\r\n")
        let conversation = try #require(Recorded([.text(.first, request), .text(.second, response)]).only)
        #expect(conversation.notices == Array(repeating: "unknown-extension server", count: 16))
        #expect(conversation.head.agreedDeflate == true)
        #expect(conversation.head.otherExtensions.count == 16)
        // With only a few offers, answers that were not offered are reported.
        let few = SampleHandshake.request("/", "Sec-WebSocket-Extensions: a, permessage-deflate\r\n")
        let other = try #require(Recorded([.text(.first, few), .text(.second, response)]).only)
        #expect(other.notices.filter { $0 == "unoffered-extension server" }.count == 16)
    }
}

private struct PerTest {
    var first: [UInt8]
    var second: [UInt8]
}
