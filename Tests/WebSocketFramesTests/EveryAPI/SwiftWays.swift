import WebSocketFrames

/// The reading APIs of Swift: each reads a stream in pieces and gives its account.
enum SwiftWay: CaseIterable {
    case next, read, messages, connectionNext, connectionRead, messageConnection

    /// - Returns: nil if the API does not support the limits or the agreement of the conversation.
    func account(of pieces: [[UInt8]], _ conversation: Conversation) -> Account? {
        switch self {
        case .next: next(pieces, conversation)
        case .read: read(pieces, conversation)
        case .messages: messages(pieces, conversation)
        case .connectionNext: connectionNext(pieces, conversation)
        case .connectionRead: connectionRead(pieces, conversation)
        case .messageConnection: messageConnection(pieces, conversation)
        }
    }

    /// A connection ends when it has answered the peer's Close, and judges nothing after it.
    var endsWithClose: Bool { self == .connectionNext || self == .connectionRead || self == .messageConnection }

    /// Whether the payload of an open message is handed over as it arrives.
    var showsOpenMessage: Bool { self != .messages && self != .messageConnection }

    private func reader(_ conversation: Conversation) -> FrameReader {
        FrameReader(peer: conversation.sender, extensions: conversation.extensions, limits: conversation.limits)
    }

    private func standing(_ reader: FrameReader) -> Account.Standing {
        Account.Standing(
            state: reader.state, position: reader.position, frames: reader.frameCount, messages: reader.messageCount,
            isClosed: reader.isClosed)
    }

    /// Reads the pieces, up to the first violation.
    private func account(
        of pieces: [[UInt8]], _ read: (inout MutableSpan<UInt8>, inout Account) throws(Violation) -> Void
    ) -> Account {
        var account = Account()
        do throws(Violation) {
            for var piece in pieces {
                var bytes = piece.mutableSpan
                try read(&bytes, &account)
            }
        } catch {
            account.violation = error
        }
        return account
    }

    private func next(_ pieces: [[UInt8]], _ conversation: Conversation) -> Account {
        var reader = reader(conversation)
        var account = account(of: pieces) { (bytes, account) throws(Violation) in
            var index = 0
            while let event = try reader.next(in: &bytes, from: &index) {
                switch event {
                case .data(let slice): account.add(slice, bytes.span.extracting(slice.range))
                case .control: account.add(reader.controlFrame)
                }
            }
        }
        account.standing = standing(reader)
        return account
    }

    private func read(_ pieces: [[UInt8]], _ conversation: Conversation) -> Account {
        var reader = reader(conversation)
        var account = account(of: pieces) { (bytes, account) throws(Violation) in
            try reader.read(&bytes) {
                account.add($0, $1)
            } control: {
                account.add($0)
            }
        }
        account.standing = standing(reader)
        return account
    }

    private func messages(_ pieces: [[UInt8]], _ conversation: Conversation) -> Account? {
        guard conversation.limits.frame == .max else { return nil }
        var reader = MessageReader(
            peer: conversation.sender, extensions: conversation.extensions,
            limit: Int(clamping: conversation.limits.message))
        return account(of: pieces) { (bytes, account) throws(Violation) in
            var index = 0
            while let event = try reader.next(in: &bytes, from: &index) {
                switch event {
                case .message(let message): account.add(message)
                case .control: account.add(reader.controlFrame)
                }
            }
        }
    }

    private func connection(_ conversation: Conversation) -> Connection {
        Connection(
            role: conversation.sender.peer, extensions: conversation.extensions, limits: conversation.limits)
    }

    private func connectionNext(_ pieces: [[UInt8]], _ conversation: Conversation) -> Account {
        var connection = connection(conversation)
        var replies: [UInt8] = []
        return account(of: pieces) { bytes, account in
            var index = 0
            while let event = connection.next(in: &bytes, from: &index, replies: &replies) {
                if case .data(let slice) = event {
                    account.add(slice, bytes.span.extracting(slice.range))
                } else {
                    account.add(event)
                }
            }
        }
    }

    private func connectionRead(_ pieces: [[UInt8]], _ conversation: Conversation) -> Account {
        var connection = connection(conversation)
        var replies: [UInt8] = []
        return account(of: pieces) { bytes, account in
            connection.read(&bytes, replies: &replies) { slice, payload, _, _ in
                account.add(slice, payload)
                return true
            } control: { event, _, _ in
                account.add(event)
                return true
            }
        }
    }

    private func messageConnection(_ pieces: [[UInt8]], _ conversation: Conversation) -> Account? {
        guard conversation.extensions == .none else { return nil }
        var connection = MessageConnection(role: conversation.sender.peer, limits: conversation.limits)
        var replies: [UInt8] = []
        return account(of: pieces) { bytes, account in
            var index = 0
            while let event = connection.next(in: &bytes, from: &index, replies: &replies) {
                switch event {
                case .message(let message): account.add(message)
                case .ping(let frame), .pong(let frame), .close(let frame): account.add(frame)
                case .violation(let violation): account.violation = violation
                case .exceeded, .corrupt: account.items = []
                }
            }
        }
    }
}

extension Account {
    fileprivate mutating func add(_ event: Connection.Event) {
        switch event {
        case .ping(let frame), .pong(let frame), .close(let frame): add(frame)
        case .violation(let violation): self.violation = violation
        case .data, .exceeded: items = []
        }
    }
}
