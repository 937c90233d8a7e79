import FixtureCorpus
import WebSocketCaptures
import WebSocketFrames

/// A conversation of a capture, with both directions judged by the validator alone.
struct JudgedConversation {
    struct Direction {
        var validator: InflatingValidator
        var bytes = 0
        /// The reason of the first gap.
        var gap: GapReason?
        /// The search for the next frame after missing bytes.
        private var search: NextFrameSearch?
        private var missing = 0
        /// Set when nothing more is judged.
        private var isOver = false
        /// The packet in which the offending field ends.
        var packet: UInt64?
        var skipped: UInt64?

        var expectation: Expectation { Expectation(validator, bytes: bytes) }

        init(validator: InflatingValidator) { self.validator = validator }

        mutating func see(_ bytes: [UInt8], at packetPosition: PacketPosition?) {
            self.bytes += bytes.count
            switch search?.read(bytes.span, at: packetPosition) {
            case .found: resume()
            case .notFound:
                search = nil
                isOver = true
            case .searching: break
            case nil: judge(bytes.span, at: packetPosition)
            }
        }

        mutating func miss(_ count: UInt64?, _ reason: GapReason, continues: Bool, extensions: AgreedExtensions) {
            endSearch()
            gap = gap ?? reason
            isOver = isOver || !continues
            guard let count, !isOver else { return }
            missing += Int(count)
            if validator.skipMissing(count) { return }
            search = validator.sender.map { NextFrameSearch(sender: $0, extensions: extensions) }
        }

        mutating func endSearch() {
            guard search != nil else { return }
            if search?.finish() == .found { resume() } else { search = nil }
        }

        private mutating func resume() {
            guard var found = search else { return }
            search = nil
            validator.resume(at: UInt64(bytes + missing - found.heldCount))
            found.takePieces { judge($0, at: $1) }
        }

        private mutating func judge(_ bytes: Span<UInt8>, at packetPosition: PacketPosition?) {
            guard validator.violation == nil, !isOver else { return }
            do throws(Violation) {
                try validator.consume(bytes)
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

    /// All conversations of a run, in order; nil if the order of the events is impossible.
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
            guard !bytes.isEmpty else { return false }
            self[sender].see(bytes, at: packetPosition)
        case .gap(let sender, let count, let reason, _, let continues):
            let extensions = Agreement(of: head, said: nil).extensions
            self[sender].miss(count, reason, continues: continues, extensions: extensions)
        case .finished(let sender, _): self[sender].endSearch()
        case .reset, .contradiction: break
        case .notice(let notice):
            notices.append(notice.kind.name)
            if notice.kind == .startSkipped, let sender = notice.endpoint {
                // Found only after the opening: the message begins with the count.
                self[sender].skipped = notice.message.split(separator: " ").lazy.compactMap { UInt64($0) }.first
            }
        case .closed:
            client.endSearch()
            server.endSearch()
            isClosed = true
        }
        return true
    }
}
