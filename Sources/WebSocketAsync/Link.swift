import WebSocketFrames

/// A connection's state, shared by the task that reads and all tasks that write.
actor Link {
    var connection: MessageConnection
    private let transport: @Sendable ([UInt8]) async throws -> Void

    // Bytes that have arrived and have not been judged.
    private var input: [UInt8] = []
    private var index = 0
    // Bytes to be sent, and whether a task is sending. At most one may, since bytes must stay in order.
    private var output: [UInt8] = []
    private var isSending = false
    private var waiting: [CheckedContinuation<Void, any Error>] = []
    // Set if the transport has failed: the peer's state is no longer known.
    private var failure: (any Error)?

    init(_ connection: MessageConnection, _ transport: @escaping @Sendable ([UInt8]) async throws -> Void) {
        self.connection = connection
        self.transport = transport
    }

    // MARK: - Sending

    /// Lets `body` write, and returns when its output has been sent.
    func send(
        _ body: @Sendable (inout MessageConnection, inout [UInt8]) throws(SendError) -> Void
    ) async throws {
        try body(&connection, &output)
        try await flush()
    }

    /// Returns when everything written so far has been sent.
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

    /// Appends the next bytes. All earlier ones have been judged.
    func take(_ bytes: some Collection<UInt8> & Sendable) {
        input = Array(bytes)
        index = 0
    }

    /// Returns the next event in the bytes that have arrived; nil if more are needed.
    func next() -> MessageConnection.Event? {
        guard index < input.count else { return nil }
        var bytes = input.mutableSpan
        return connection.next(in: &bytes, from: &index, replies: &output)
    }

    /// Notes that the peer has closed its half; returns whether that was in order.
    func endOfInput() -> Bool { connection.endOfInput() }

    /// Sends the Close after which nothing more is expected from the peer: 1011 for an error of the application,
    /// otherwise the normal one.
    func conclude(_ error: (any Error)?) async throws {
        if let error {
            connection.fail(error, to: &output)
        } else if connection.connection.state == .open {
            try connection.close(to: &output)
        }
        try await flush()
    }
}
