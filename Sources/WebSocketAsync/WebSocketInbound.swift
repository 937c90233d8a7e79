public import WebSocketFrames

/// The messages that arrive, as a sequence to be read once, by one task.
///
/// Pings are answered while it is read. It ends with the peer's Close, which has been answered by then; it throws if
/// the peer broke a rule (the `Violation`, whose close code has been sent), or vanished without a Close.
///
/// Nothing more is read from the transport until the messages in its last chunk have been consumed: a peer that sends
/// faster than they are read has to wait. While a reply cannot be sent, nothing is read either.
public struct WebSocketInbound<Chunks: AsyncSequence>: AsyncSequence
where Chunks.Element: Collection<UInt8> & Sendable {
    /// A whole message.
    public typealias Element = Message

    let source: Source<Chunks>

    /// Iterates over the messages.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let source: Source<Chunks>

        /// Returns the next message; nil after the peer's Close.
        public mutating func next() async throws -> Message? { try await source.next() }
    }

    /// Returns an iterator over the messages from here on.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source: source) }

    /// The code of the peer's Close, 1005 if it had none; nil if the connection has not ended with one.
    public var closeCode: CloseCode? { source.closeCode }
}

/// Why a connection's messages end, if the reason is neither a Close nor a `Violation`.
public enum WebSocketError: Error, Sendable, Hashable {
    /// The transport ended without a Close: 1006.
    case vanished
    /// The peer sent more frames than this end accepts: 1008 has been sent.
    case exceeded(CountLimits.Kind)
}

/// The state shared by the iterators of a connection, which is read only once.
final class Source<Chunks: AsyncSequence> where Chunks.Element: Collection<UInt8> & Sendable {
    private var chunks: Chunks.AsyncIterator
    private let link: Link
    private var isOver = false
    private(set) var closeCode: CloseCode?

    init(_ chunks: Chunks, _ link: Link) {
        self.chunks = chunks.makeAsyncIterator()
        self.link = link
    }

    func next() async throws -> Message? {
        while !isOver {
            while let event = await link.next() {
                // A pong, or the Close that answers the peer's, is sent before anything else.
                try await link.flush()
                switch event {
                case .message(let message): return message
                case .ping, .pong: continue
                case .close(let frame):
                    closeCode = frame.closeCode ?? .noStatusReceived
                    isOver = true
                    return nil
                case .violation(let violation): throw end(violation)
                case .exceeded(let kind): throw end(WebSocketError.exceeded(kind))
                case .corrupt(let fault): throw end(fault)
                }
            }
            guard let chunk = try await chunks.next() else {
                isOver = true
                if await link.endOfInput() { return nil }
                try Task.checkCancellation()
                throw WebSocketError.vanished
            }
            await link.take(chunk)
        }
        return nil
    }

    private func end(_ error: any Error) -> any Error {
        isOver = true
        return error
    }
}
