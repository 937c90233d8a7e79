import FixtureCorpus
import WebSocketCaptures
import WebSocketFrames

/// A conversation of a capture, both directions judged by nothing but the validator.
struct JudgedConversation {
    struct Direction {
        var validator: InflatingValidator
        var bytes = 0
        var gap: GapReason?
        /// The packet in which the offending field ends.
        var packet: UInt64?
        var skipped: UInt64?

        var expectation: Expectation { Expectation(validator, bytes: bytes) }

        mutating func judge(_ bytes: [UInt8], at packetPosition: PacketPosition?) {
            self.bytes += bytes.count
            guard validator.violation == nil else { return }
            do throws(Violation) {
                try validator.consume(bytes.span)
            } catch {
                packet = packetPosition?.packet
            }
        }
    }

    var head: ConversationHead
    var notices: [String] = []
    var client: Direction
    var server: Direction
    var isClosed = false

    subscript(sender: Endpoint) -> Direction {
        get { sender == .client ? client : server }
        set { if sender == .client { client = newValue } else { server = newValue } }
    }

    init(_ head: ConversationHead) {
        self.head = head
        let extensions = Agreement(of: head, said: nil).extensions
        client = Direction(validator: InflatingValidator(sender: .client, extensions: extensions))
        server = Direction(validator: InflatingValidator(sender: .server, extensions: extensions))
        if case .middle(let skippedByClient, let skippedByServer) = head.opening {
            client.skipped = skippedByClient
            server.skipped = skippedByServer
        }
    }

    /// All conversations of a run, in their order; nil if the events cannot come so.
    static func all(of run: CaptureRun) -> [JudgedConversation]? {
        var all: [JudgedConversation] = []
        for seen in run.seen {
            if case .opened(let head) = seen.event {
                guard seen.conversation == all.count else { return nil }
                all.append(JudgedConversation(head))
            } else {
                guard seen.conversation < all.count, !all[seen.conversation].isClosed else { return nil }
                guard all[seen.conversation].see(seen.event, seen.bytes) else { return nil }
            }
        }
        return all
    }

    private mutating func see(_ event: ConversationEvent, _ bytes: [UInt8]) -> Bool {
        switch event {
        case .opened: return false
        case .bytes(let sender, let packetPosition):
            guard self[sender].gap == nil, !bytes.isEmpty else { return false }
            self[sender].judge(bytes, at: packetPosition)
        case .gap(let sender, _, let reason, _): self[sender].gap = reason
        case .finished, .reset, .contradiction: break
        case .notice(let notice):
            notices.append(notice.kind.name)
            if notice.kind == .startSkipped, let sender = notice.endpoint {
                // Found only after the opening: the first number of the message.
                self[sender].skipped = notice.message.split(separator: " ").lazy.compactMap { UInt64($0) }.first
            }
        case .closed: isClosed = true
        }
        return true
    }
}
