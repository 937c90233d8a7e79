import WebSocketFrames

/// A connection's state, which the task that reads and all that write share.
actor Link {
    var connection: MessageConnection
    private let transport: @Sendable ([UInt8]) async throws -> Void

    // What arrived and has not been judged.
    private var input: [UInt8] = []
    private var index = 0
    // What is to be sent, and whether somebody is at it. At most one: bytes must not overtake one another.
    private var output: [UInt8] = []
    private var isSending = false
    private var waiting: [CheckedContinuation<Void, any Error>] = []
    // The transport has failed: where the peer stands is not known any more.
    private var failure: (any Error)?

    init(_ connection: MessageConnection, _ transport: @escaping @Sendable ([UInt8]) async throws -> Void) {
        self.connection = connection
        self.transport = transport
    }

    // MARK: - Sending

    /// Lets `body` write, and returns when what it has written is sent.
    func send(
        _ body: @Sendable (inout MessageConnection, inout [UInt8]) throws(SendError) -> Void
    ) async throws {
        try body(&connection, &output)
        try await flush()
    }

    /// Returns when all that has been written so far is sent.
    func flush() async throws {
        if let failure { throw failure }
        if isSending {
            guard !output.isEmpty else { return }
            return try await withCheckedThrowingContinuation { waiting.append($0) }
        }
        isSending = true
        while !output.isEmpty {
            let (bytes, done) = (output, waiting)
            (output, waiting) = ([], [])
            do {
                try await transport(bytes)
                for one in done { one.resume() }
            } catch {
                failure = error
                isSending = false
                for one in done + waiting { one.resume(throwing: error) }
                waiting = []
                throw error
            }
        }
        isSending = false
    }

    // MARK: - Receiving

    /// Takes the next bytes. All earlier ones have been judged.
    func take(_ bytes: some Collection<UInt8> & Sendable) {
        input = Array(bytes)
        index = 0
    }

    /// The next event in what has been taken; nil when more is needed.
    func next() -> MessageConnection.Event? {
        guard index < input.count else { return nil }
        var bytes = input.mutableSpan
        return connection.next(in: &bytes, from: &index, replies: &output)
    }

    /// The peer's half is closed: whether that was in order.
    func endOfInput() -> Bool { connection.endOfInput() }

    /// The Close after which nothing of the peer is wanted any more: an error of the application, 1011; or none.
    func conclude(_ error: (any Error)?) async throws {
        if let error {
            connection.fail(error, to: &output)
        } else if connection.connection.state == .open {
            try connection.close(to: &output)
        }
        try await flush()
    }
}
