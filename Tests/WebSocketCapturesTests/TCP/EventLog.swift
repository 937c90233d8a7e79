import Testing
import WebSocketCaptures

/// Writes events down, and sees to it that their order is lawful.
struct EventLog {
    private struct Stream {
        var bytes: [UInt8] = []
        var packets: [UInt64] = []
        var gap: (count: UInt64?, reason: GapReason)?
        var isFinished = false
    }

    private struct Connection {
        var streams: [Side: Stream] = [.first: Stream(), .second: Stream()]
        var wasReset = false
        var isClosed = false
    }

    private var connections: [Connection] = []
    private var forgotten: Set<Int> = []
    /// What came, a line an event.
    var lines: [String] = []
    /// Whether lines are written.
    var writes = true

    var count: Int { connections.count }
    var openConnections: [Int] { connections.indices.filter { !connections[$0].isClosed && !forgotten.contains($0) } }

    func bytes(_ connection: Int, _ side: Side) -> [UInt8] { connections[connection].streams[side]?.bytes ?? [] }
    func packets(_ connection: Int, _ side: Side) -> [UInt64] { connections[connection].streams[side]?.packets ?? [] }
    func gap(_ connection: Int, _ side: Side) -> (count: UInt64?, reason: GapReason)? {
        connections[connection].streams[side]?.gap
    }
    func isFinished(_ connection: Int, _ side: Side) -> Bool {
        connections[connection].streams[side]?.isFinished ?? false
    }

    /// Nothing may come of this connection any longer.
    mutating func forget(_ connection: Int) { forgotten.insert(connection) }

    mutating func note(_ index: Int, _ event: TCPEvent, _ bytes: Span<UInt8>) {
        var copy: [UInt8] = []
        for byte in bytes.indices { copy.append(bytes[byte]) }
        if writes { lines.append(Self.line(index, event, copy)) }

        if case .opened(let connection) = event {
            #expect(index == connections.count && connection.index == index && copy.isEmpty)
            connections.append(Connection())
            return
        }
        guard connections.indices.contains(index) else {
            Issue.record("not opened: \(index)")
            return
        }
        if connections[index].isClosed || forgotten.contains(index) { Issue.record("behind the end: \(event)") }
        if case .bytes(_, let moment) = event {
            if copy.isEmpty { Issue.record("bytes without bytes") }
            add(index, event, copy, moment)
            return
        }
        if !copy.isEmpty { Issue.record("bytes with \(event)") }
        if connections[index].wasReset, event != .closed { Issue.record("behind a reset: \(event)") }
        switch event {
        case .gap(let side, let count, let reason, _):
            let stream = connections[index].streams[side]
            if stream?.gap != nil || stream?.isFinished != false || count == 0 { Issue.record("a misplaced gap") }
            connections[index].streams[side]?.gap = (count, reason)
        case .finished(let side, _):
            if isFinished(index, side) { Issue.record("finished twice") }
            connections[index].streams[side]?.isFinished = true
        case .reset: connections[index].wasReset = true
        case .closed: connections[index].isClosed = true
        case .opened, .bytes: break
        }
    }

    private mutating func add(_ index: Int, _ event: TCPEvent, _ bytes: [UInt8], _ moment: Moment) {
        guard case .bytes(let side, _) = event, let stream = connections[index].streams[side] else { return }
        if stream.gap != nil || stream.isFinished || connections[index].wasReset {
            Issue.record("bytes behind the end")
        }
        connections[index].streams[side]?.bytes += bytes
        connections[index].streams[side]?.packets += Array(repeating: moment.packet, count: bytes.count)
    }

    func expectAllClosed() {
        #expect(openConnections.isEmpty)
    }

    private static func line(_ index: Int, _ event: TCPEvent, _ bytes: [UInt8]) -> String {
        switch event {
        case .opened(let connection):
            "\(index) opened by \(connection.first.port)\(connection.isSeenFromStart ? "" : ", in the middle")"
        case .bytes(let side, let moment):
            "\(index) \(side) \"\(String(decoding: bytes, as: UTF8.self))\" #\(moment.packet)"
        case .gap(let side, let count, let reason, let moment):
            "\(index) \(side) lacks \(count.map { "\($0)" } ?? "?") \(reason) #\(moment.packet)"
        case .finished(let side, let moment): "\(index) \(side) finished #\(moment.packet)"
        case .reset(let side, let moment): "\(index) \(side) reset #\(moment.packet)"
        case .closed: "\(index) closed"
        }
    }
}
