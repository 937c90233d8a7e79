/// The readers of all connections that may still be WebSocket, and the numbers of the conversations they open.
struct ConnectionReaders: Sendable {
    /// Connections that were found to be of no interest since somebody looked here last.
    var unwanted: [Int] = []
    private(set) var count: UInt64 = 0
    private(set) var tls: UInt64 = 0
    private(set) var http2: UInt64 = 0

    private let options: ConversationOptions
    private var readers: [Int: ConversationReader] = [:]
    private var numbers = Numbers()

    /// The conversation that is open on a connection.
    private struct Numbers {
        var next = 0
        var open: [Int: Int] = [:]

        mutating func number(of event: ConversationEvent, on connection: Int) -> Int? {
            if case .opened = event {
                open[connection] = next
                next += 1
            }
            let number = open[connection]
            if case .closed = event { open[connection] = nil }
            return number
        }
    }

    init(options: ConversationOptions) {
        self.options = options
    }

    /// What happens on a connection, where the place of it may not be known.
    enum Event {
        case bytes(Side, Moment?)
        case gap(Side, count: UInt64?, GapReason, Moment?)
        case finished(Side, Moment?)
        case reset(Side, Moment?)
        case closed
    }

    /// Passes what happened on a connection of a capture to its reader.
    mutating func pass(
        _ event: TCPEvent, of connection: Int, _ bytes: Span<UInt8>, _ visit: CapturedConversations.Visitor
    ) {
        let passed: Event
        switch event {
        case .opened(let opened):
            return begin(
                connection, first: opened.first, second: opened.second, isSeenFromStart: opened.isSeenFromStart)
        case .bytes(let side, let moment): passed = .bytes(side, moment)
        case .gap(let side, let count, let reason, let moment): passed = .gap(side, count: count, reason, moment)
        case .finished(let side, let moment): passed = .finished(side, moment)
        case .reset(let side, let moment): passed = .reset(side, moment)
        case .closed: passed = .closed
        }
        pass(passed, of: connection, bytes, visit)
    }

    /// Passes what happened on a connection to its reader.
    mutating func pass(
        _ event: Event, of connection: Int, _ bytes: Span<UInt8>, _ visit: CapturedConversations.Visitor
    ) {
        guard readers[connection] != nil else { return }
        // Conversations are numbered while the reader works.
        var numbers = Numbers()
        swap(&numbers, &self.numbers)
        Self.tell(&readers[connection, default: Self.none], event, bytes) { event, bytes in
            guard let number = numbers.number(of: event, on: connection) else { return }
            visit(number, event, bytes)
        }
        swap(&numbers, &self.numbers)
        noteOutcome(of: connection)
        if case .closed = event { readers[connection] = nil }
    }

    private static func tell(
        _ reader: inout ConversationReader, _ event: Event, _ bytes: Span<UInt8>,
        _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        switch event {
        case .bytes(let side, let moment): reader.read(bytes, from: side, at: moment, visit)
        case .gap(let side, let count, let reason, let moment):
            reader.gap(from: side, count: count, reason: reason, at: moment, visit)
        case .finished(let side, let moment): reader.finish(side, at: moment, visit)
        case .reset(let side, let moment): reader.reset(by: side, at: moment, visit)
        case .closed: reader.end(visit)
        }
    }

    private static let none = ConversationReader(
        first: nil, second: nil, isSeenFromStart: true, options: ConversationOptions())

    /// A connection begins.
    mutating func begin(
        _ connection: Int, first: SocketAddress?, second: SocketAddress?, isSeenFromStart: Bool
    ) {
        count &+= 1
        readers[connection] = ConversationReader(
            first: first, second: second, isSeenFromStart: isSeenFromStart, options: options)
    }

    private mutating func noteOutcome(of connection: Int) {
        switch readers[connection]?.outcome {
        case .tls: tls &+= 1
        case .passedOver(.http2): http2 &+= 1
        case .passedOver: break
        case .undecided, .webSocket, .refused, nil: return
        }
        readers[connection] = nil
        unwanted.append(connection)
    }
}
