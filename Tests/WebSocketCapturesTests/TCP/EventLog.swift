import Testing
import WebSocketCaptures

/// Records events, and checks that their order is legal.
struct EventLog {
    private struct Stream {
        var bytes: [UInt8] = []
        var packets: [UInt64] = []
        /// Offsets in the stream, counting missing bytes.
        var gaps: [(offset: Int, count: UInt64?, reason: GapReason)] = []
        var missing = 0
        /// Set while the length of a gap is unknown.
        var isOpen = false
        var isFinished = false
    }

    private struct Connection {
        var streams: [TCPPeer: Stream] = [.first: Stream(), .second: Stream()]
        var wasReset = false
        var isClosed = false
    }

    private var connections: [Connection] = []
    private var forgotten: Set<Int> = []
    /// One line per event.
    var lines: [String] = []
    /// Whether lines are recorded.
    var writes = true

    var count: Int { connections.count }
    var openConnections: [Int] { connections.indices.filter { !connections[$0].isClosed && !forgotten.contains($0) } }

    func bytes(_ connection: Int, _ side: TCPPeer) -> [UInt8] { connections[connection].streams[side]?.bytes ?? [] }
    func packets(_ connection: Int, _ side: TCPPeer) -> [UInt64] {
        connections[connection].streams[side]?.packets ?? []
    }
    func gap(_ connection: Int, _ side: TCPPeer) -> (count: UInt64?, reason: GapReason)? {
        connections[connection].streams[side]?.gaps.first.map { ($0.count, $0.reason) }
    }
    func gaps(_ connection: Int, _ side: TCPPeer) -> [(offset: Int, count: UInt64?, reason: GapReason)] {
        connections[connection].streams[side]?.gaps ?? []
    }
    func isFinished(_ connection: Int, _ side: TCPPeer) -> Bool {
        connections[connection].streams[side]?.isFinished ?? false
    }

    /// No event of this connection may follow.
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
        if connections[index].isClosed || forgotten.contains(index) { Issue.record("after the end: \(event)") }
        if case .bytes(_, let packetPosition) = event {
            if copy.isEmpty { Issue.record("a bytes event without bytes") }
            add(index, event, copy, packetPosition)
            return
        }
        if !copy.isEmpty { Issue.record("bytes with \(event)") }
        if connections[index].wasReset, event != .closed { Issue.record("after a reset: \(event)") }
        switch event {
        case .gap(let side, let count, let reason, _):
            guard var stream = connections[index].streams[side] else { return }
            if stream.isFinished || count == 0 || (stream.isOpen && count == nil) { Issue.record("a misplaced gap") }
            if stream.isOpen { stream.gaps.removeLast() }
            stream.gaps.append((stream.bytes.count + stream.missing, count, reason))
            stream.missing += Int(clamping: count ?? 0)
            stream.isOpen = count == nil
            connections[index].streams[side] = stream
        case .finished(let side, _):
            if isFinished(index, side) { Issue.record("finished twice") }
            connections[index].streams[side]?.isFinished = true
        case .reset: connections[index].wasReset = true
        case .closed: connections[index].isClosed = true
        case .opened, .bytes, .contradiction, .stray, .broken: break
        }
    }

    private mutating func add(_ index: Int, _ event: TCPEvent, _ bytes: [UInt8], _ packetPosition: PacketPosition) {
        guard case .bytes(let side, _) = event, let stream = connections[index].streams[side] else { return }
        if stream.isOpen || stream.isFinished || connections[index].wasReset {
            Issue.record("bytes after the end")
        }
        connections[index].streams[side]?.bytes += bytes
        connections[index].streams[side]?.packets += Array(repeating: packetPosition.packet, count: bytes.count)
    }

    func expectAllClosed() {
        #expect(openConnections.isEmpty)
    }

    private static func line(_ index: Int, _ event: TCPEvent, _ bytes: [UInt8]) -> String {
        switch event {
        case .opened(let connection):
            "\(index) opened by \(connection.first.port)\(connection.isSeenFromStart ? "" : ", in the middle")"
        case .bytes(let side, let packetPosition):
            "\(index) \(side) \"\(String(decoding: bytes, as: UTF8.self))\" #\(packetPosition.packet)"
        case .gap(let side, let count, let reason, let packetPosition):
            "\(index) \(side) lacks \(count.map { "\($0)" } ?? "?") \(reason) #\(packetPosition.packet)"
        case .contradiction(let side, let offset, let packetPosition):
            "\(index) \(side) contradicts itself at \(offset) #\(packetPosition.packet)"
        case .stray(let side, let stray, let packetPosition):
            "\(index) \(side) stray \(stray) #\(packetPosition.packet)"
        case .broken(let side, let offset, let packetPosition):
            "\(index) \(side) broken\(offset.map { ", taken at \($0)" } ?? "") #\(packetPosition.packet)"
        case .finished(let side, let packetPosition): "\(index) \(side) finished #\(packetPosition.packet)"
        case .reset(let side, let packetPosition): "\(index) \(side) reset #\(packetPosition.packet)"
        case .closed: "\(index) closed"
        }
    }
}
