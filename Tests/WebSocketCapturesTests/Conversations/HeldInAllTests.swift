import Testing

@testable import WebSocketCaptures

@Suite("Bytes held for all connections together")
struct HeldInAllTests {
    private let request = Array(SampleHandshake.request().utf8)
    private let response = Array(SampleHandshake.response().utf8)

    /// What the readers report, by conversation.
    private struct Log {
        var readers: ConnectionReaders
        var opened = 0
        var bytes: [Int: Int] = [:]
        var closed = 0
        var maximumHeld = 0

        mutating func pass(_ event: ConnectionReaders.Event, of connection: Int, _ bytes: [UInt8] = []) {
            var seen: [(Int, ConversationEvent, Int)] = []
            readers.pass(event, of: connection, bytes.span) { seen.append(($0, $1, $2.count)) }
            for (conversation, event, count) in seen {
                switch event {
                case .opened: opened += 1
                case .bytes: self.bytes[conversation, default: 0] += count
                case .closed: closed += 1
                default: break
                }
            }
            maximumHeld = max(maximumHeld, readers.heldCost)
        }

        mutating func begin(_ connection: Int, isSeenFromStart: Bool) {
            readers.begin(connection, first: nil, second: nil, isSeenFromStart: isSeenFromStart)
        }
    }

    @Test("stay under the ceiling, and conversations that were decided early continue")
    func ceiling() {
        let ceiling = 40_000
        var log = Log(readers: ConnectionReaders(options: ConversationOptions(), ceiling: ceiling))
        let piece = [UInt8](repeating: 0x82, count: 900)
        for connection in 0..<100 {
            log.begin(connection, isSeenFromStart: true)
            log.pass(.bytes(.first, nil), of: connection, request + piece)
        }
        #expect(log.maximumHeld <= ceiling + 2_000)
        #expect(log.readers.undecided > 50)
        // The response had not arrived for these: they were opened without it, and their bytes were passed on.
        #expect(log.opened == Int(log.readers.undecided))
        for connection in 0..<100 {
            log.pass(.bytes(.second, nil), of: connection, response)
            log.pass(.bytes(.first, nil), of: connection, piece)
        }
        #expect(log.opened == 100)
        for connection in 0..<100 { log.pass(.closed, of: connection) }
        #expect(log.closed == 100)
        #expect(log.readers.heldCost == 0)
        #expect(log.bytes.filter { $0.value >= 1_800 }.count == 100)
    }

    @Test("connections without anything to report are given up")
    func noise() {
        let ceiling = 40_000
        var log = Log(readers: ConnectionReaders(options: ConversationOptions(), ceiling: ceiling))
        for connection in 0..<200 {
            log.begin(connection, isSeenFromStart: false)
            // Possibly a long frame.
            log.pass(.bytes(.first, nil), of: connection, [0x82, 0x7E, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 700))
        }
        #expect(log.maximumHeld <= ceiling + 2_000)
        #expect(log.readers.undecided > 100)
        #expect(log.opened == 0)
        #expect(log.readers.unwanted.count == Int(log.readers.undecided))
    }

    @Test("requests without an answer count")
    func requests() {
        var log = Log(readers: ConnectionReaders(options: ConversationOptions(), ceiling: 40_000))
        let get = Array("GET / HTTP/1.1\r\n\r\n".utf8)
        for connection in 0..<100 {
            log.begin(connection, isSeenFromStart: true)
            for _ in 0..<20 { log.pass(.bytes(.first, nil), of: connection, get) }
        }
        #expect(log.maximumHeld <= 42_000)
        #expect(log.readers.undecided > 50)
    }
}
