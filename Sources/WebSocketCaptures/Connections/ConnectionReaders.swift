import WebSocketFrames

/// The readers of all connections that may still be WebSocket, and the numbers of the conversations they open.
struct ConnectionReaders: Sendable {
    /// The most bytes that all undecided connections hold together: 64 MiB. If that is reached, those that hold the
    /// most are decided with what there is, or given up, until a quarter is free.
    static let heldInAll = 64 << 20

    /// The most TLS connections without a key that are reported individually.
    static let maximumNamed = 64

    /// Connections that were found to be of no interest since this was last read.
    var unwanted: [Int] = []
    private(set) var count: UInt64 = 0
    /// The number of those that began before the capture.
    private(set) var begunBefore: UInt64 = 0
    /// The number of TLS connections that could not be decrypted at all.
    private(set) var tls: UInt64 = 0
    /// The first of them.
    private(set) var sealed: [SealedConnection] = []
    /// The number of TLS connections that were decrypted.
    private(set) var decrypted: UInt64 = 0
    /// The number of HTTP/2 connections of which one side could not be read to its end.
    private(set) var http2: UInt64 = 0
    /// The number of HTTP/2 conversations that are not followed.
    private(set) var unfollowed: UInt64 = 0
    /// The number of connections that were given up undecided.
    private(set) var undecided: UInt64 = 0
    /// The ports of servers whose connections may be WebSocket, with their numbers.
    private(set) var possiblePorts: [UInt16: UInt64] = [:]

    private let options: ConversationOptions
    private let ceiling: Int
    private var readers: [Int: ConnectionReader] = [:]
    /// The key log secrets used to decrypt TLS.
    var keys: TLSKeys
    private var numbers = ConversationNumbers()
    /// The reader of the connection that was used last, and the number of its conversation: packets come in bursts.
    private var latest: (connection: Int, place: Dictionary<Int, ConnectionReader>.Index, number: Int?)?
    private var accepts = RecentAccepts()
    /// What all readers hold.
    private(set) var heldCost = 0

    /// The accept values for the keys that were seen last: a wrong answer may belong to another conversation.
    private struct RecentAccepts {
        private(set) var values: [[UInt8]] = []
        private var oldest = 0

        mutating func add(_ key: [UInt8]) {
            let value = AcceptValue.expected(for: key)
            if values.count < Self.maximumKept {
                values.append(value)
            } else {
                values[oldest] = value
                oldest = (oldest + 1) % Self.maximumKept
            }
        }

        private static let maximumKept = 64
    }

    /// The numbers of the open conversations.
    private struct ConversationNumbers {
        var next = 0
        /// By connection and HTTP/2 stream. At most 65,536 connections exist at a time, and a stream has 31 bits: one
        /// word is enough for both.
        private var open: [UInt64: Int] = [:]

        private static func key(_ connection: Int, _ stream: UInt32) -> UInt64 {
            UInt64(truncatingIfNeeded: connection) << 31 | UInt64(stream)
        }

        /// Returns the number of the connection's own conversation.
        func number(on connection: Int) -> Int? { open[Self.key(connection, 0)] }

        mutating func number(of event: ConversationEvent, on connection: Int, _ stream: UInt32) -> Int? {
            let key = Self.key(connection, stream)
            if case .opened = event {
                open[key] = next
                next += 1
            }
            let number = open[key]
            if case .closed = event { open[key] = nil }
            return number
        }
    }

    /// - Parameter ceiling: the number of bytes that all connections together may hold.
    init(options: ConversationOptions, keys: TLSKeys = TLSKeys(), ceiling: Int = Self.heldInAll) {
        self.keys = keys
        self.options = options
        self.ceiling = ceiling
    }

    typealias Event = ConnectionEvent

    /// Passes an event on a connection of a capture to its reader.
    mutating func pass(
        _ event: TCPEvent, of connection: Int, _ bytes: Span<UInt8>, _ visit: CapturedConversations.Visitor
    ) {
        let passed: Event
        switch event {
        case .opened(let opened):
            return begin(
                connection, first: opened.first, second: opened.second, isSeenFromStart: opened.isSeenFromStart)
        case .bytes(let side, let packetPosition):
            if passOn(bytes, side, packetPosition, of: connection, visit) { return }
            passed = .bytes(side, packetPosition)
        case .gap(let side, let count, let reason, let packetPosition):
            passed = .gap(side, count: count, reason, packetPosition)
        case .finished(let side, let packetPosition): passed = .finished(side, packetPosition)
        case .reset(let side, let packetPosition): passed = .reset(side, packetPosition)
        case .contradiction(let side, let offset, let packetPosition):
            passed = .contradiction(side, offset: offset, packetPosition)
        case .stray(let side, let stray, let packetPosition): passed = .stray(side, stray, packetPosition)
        case .broken(let side, let offset, let packetPosition): passed = .broken(side, offset: offset, packetPosition)
        case .closed: passed = .closed
        }
        pass(passed, of: connection, bytes, visit)
    }

    /// Passes on the bytes of an open conversation, which most are. Nothing is held, and nothing decided.
    ///
    /// - Returns: false if they have to be read in the usual way.
    @inline(__always)
    private mutating func passOn(
        _ bytes: Span<UInt8>, _ side: TCPPeer, _ packetPosition: PacketPosition, of connection: Int,
        _ visit: CapturedConversations.Visitor
    ) -> Bool {
        if latest?.connection != connection {
            guard let place = readers.index(forKey: connection) else { return false }
            latest = (connection, place, numbers.number(on: connection))
        }
        guard let latest, let number = latest.number,
            let sender = readers.values[latest.place].passOn(bytes.count, of: side)
        else { return false }
        visit(number, .bytes(from: sender, at: packetPosition), bytes)
        return true
    }

    /// Passes an event on a connection to its reader.
    mutating func pass(
        _ event: Event, of connection: Int, _ bytes: Span<UInt8>, _ visit: CapturedConversations.Visitor
    ) {
        guard let place = readers.index(forKey: connection) else { return }
        latest = nil
        report(event, of: connection, bytes, at: place, visit)
        if case .closed = event, let reader = readers.removeValue(forKey: connection) { end(reader) }
        if heldCost > ceiling { relieve(visit) }
    }

    private mutating func report(
        _ event: Event, of connection: Int, _ bytes: Span<UInt8>, at place: Dictionary<Int, ConnectionReader>.Index,
        _ visit: CapturedConversations.Visitor
    ) {
        // Conversations are numbered while the reader is at work.
        var numbers = ConversationNumbers()
        swap(&numbers, &self.numbers)
        // In place, with one call: reading anything from outside would read a copy, and a reader is too large to be
        // copied for every packet.
        let taken = readers.values[place].read(event, bytes, &keys, otherAccepts: accepts.values) {
            stream, event, bytes in
            guard let number = numbers.number(of: event, on: connection, stream) else { return }
            visit(number, event, bytes)
        }
        swap(&numbers, &self.numbers)
        heldCost += taken.heldMore
        if let key = taken.askedKey { accepts.add(key) }
        note(taken.outcome, of: connection)
    }

    /// Decides the connections that hold the most, until a quarter of the ceiling is free.
    ///
    /// All are examined; but at least a quarter of the ceiling has to arrive before it is reached again.
    private mutating func relieve(_ visit: CapturedConversations.Visitor) {
        var holders: [(connection: Int, cost: Int)] = []
        for (connection, reader) in readers where reader.heldCost > 0 { holders.append((connection, reader.heldCost)) }
        holders.sort { $0.cost != $1.cost ? $0.cost > $1.cost : $0.connection < $1.connection }
        for (connection, _) in holders {
            guard heldCost > ceiling / 4 * 3 else { return }
            guard let place = readers.index(forKey: connection) else { continue }
            undecided &+= 1
            report(.ceiling, of: connection, Span(), at: place, visit)
        }
    }

    /// Begins a connection.
    mutating func begin(
        _ connection: Int, first: SocketAddress?, second: SocketAddress?, isSeenFromStart: Bool
    ) {
        count &+= 1
        if !isSeenFromStart { begunBefore &+= 1 }
        latest = nil
        readers[connection] = ConnectionReader(
            first: first, second: second, isSeenFromStart: isSeenFromStart, options: options)
    }

    private mutating func note(_ outcome: ConnectionReader.Outcome, of connection: Int) {
        guard outcome != .reading else { return }
        guard let reader = readers.removeValue(forKey: connection) else { return }
        end(reader)
        switch outcome {
        case .sealed(let obstacle):
            tls &+= 1
            if sealed.count < Self.maximumNamed { sealed.append(reader.sealed(obstacle)) }
        case .skipped:
            if let port = reader.possiblePort,
                possiblePorts[port] != nil || possiblePorts.count < CaptureSurvey.maximumPorts
            {
                possiblePorts[port, default: 0] &+= 1
            }
        case .reading: break
        }
        unwanted.append(connection)
    }

    /// Counts what a reader turned out to be that is no longer needed.
    private mutating func end(_ reader: ConnectionReader) {
        heldCost -= reader.heldCost
        if reader.isDecrypted { decrypted &+= 1 }
        if reader.isBrokenHTTP2 { http2 &+= 1 }
        unfollowed &+= reader.unfollowed
    }
}
