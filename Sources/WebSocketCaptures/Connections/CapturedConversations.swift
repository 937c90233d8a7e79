/// Finds every WebSocket conversation of a capture, given in pieces of any size: capture → packets → TCP → HTTP →
/// frames.
///
/// ```swift
/// var conversations = CapturedConversations(options: ConversationOptions())
/// try conversations.read(received.span) { conversation, event, bytes in
///     print(conversation, event, bytes.count)
/// }
/// try conversations.finish { conversation, event, _ in
///     print(conversation, event)
/// }
/// ```
///
/// Conversations are counted from 0 in the order in which they were opened. Events of different ones come in the order
/// of the capture, so they mingle. Memory is bounded: see ``AssemblyLimits`` and ``ConversationReader``; of all
/// connections of which it is not decided what they are, no more than 64 MiB are held.
public struct CapturedConversations: Sendable {
    /// Takes an event of the conversation with the given index, and the bytes of ``ConversationEvent/bytes(from:at:)``.
    public typealias Visitor = (Int, ConversationEvent, Span<UInt8>) -> Void

    /// What the capture holds beside conversations.
    public private(set) var survey = CaptureSurvey()

    private var packets: PacketSource
    private var tcp: TCPAssembler
    /// How many packets the files before this one had.
    private var earlierPackets: UInt64 = 0
    private var fragments = FragmentTable()
    private var connections: ConnectionReaders

    /// Creates a reader at the start of a capture.
    ///
    /// - Parameters:
    ///   - options: what the user says.
    ///   - limits: how much may be held of what arrives out of order.
    ///   - isText: the capture is one in words: packets with their headers in rows of a dump
    ///     (``InputKind/packetText``).
    ///   - keys: what opens TLS connections.
    public init(
        options: ConversationOptions, limits: AssemblyLimits = AssemblyLimits(), isText: Bool = false,
        keys: TLSKeys = TLSKeys()
    ) {
        packets = isText ? .text(PacketText()) : .file(CaptureReader())
        var options = options
        options.takesEveryPort = options.takesEveryPort || isText
        tcp = TCPAssembler(limits: limits)
        connections = ConnectionReaders(options: options, keys: keys)
    }

    /// Reads the next piece of the capture.
    ///
    /// - Throws: where the capture is broken; from then on the same again. What was found before stays found: go on
    ///   with ``close(_:)``.
    public mutating func read(_ piece: Span<UInt8>, _ visit: Visitor) throws(CaptureError) {
        // Each stage works while the one before it does, so they cannot be reached through `self`.
        var packets = PacketSource.none
        var tcp = TCPAssembler()
        swap(&packets, &self.packets)
        swap(&tcp, &self.tcp)
        defer {
            swap(&packets, &self.packets)
            swap(&tcp, &self.tcp)
            noteSurvey()
        }
        try packets.read(piece) { secrets in
            connections.keys.add(secrets)
        } visit: {
            see($0, $1, &tcp, visit)
        }
    }

    private mutating func see(
        _ record: PacketRecord, _ bytes: Span<UInt8>, _ tcp: inout TCPAssembler, _ visit: Visitor
    ) {
        var position = record.packetPosition
        position.packet &+= earlierPackets
        survey.last = position
        if let segment = PacketHeaders.plainSegment(of: record, bytes) {
            take(segment, bytes, at: position, &tcp, visit)
        } else {
            see(PacketContent(of: record, bytes), bytes, at: position, &tcp, visit)
        }
    }

    @inline(__always)
    private mutating func take(
        _ segment: TCPSegment, _ bytes: Span<UInt8>, at packetPosition: PacketPosition, _ tcp: inout TCPAssembler,
        _ visit: Visitor
    ) {
        if segment.missing > 0 { survey.snapped &+= 1 }
        tcp.take(segment, payload: bytes.extracting(segment.payload), at: packetPosition) {
            connections.pass($1, of: $0, $2, visit)
        }
        while let connection = connections.unwanted.popLast() { tcp.forget(connection) }
    }

    private mutating func see(
        _ content: PacketContent, _ bytes: Span<UInt8>, at packetPosition: PacketPosition, _ tcp: inout TCPAssembler,
        _ visit: Visitor
    ) {
        switch content {
        case .segment(let segment): take(segment, bytes, at: packetPosition, &tcp, visit)
        case .fragment(let part):
            guard let packet = fragments.take(part, bytes) else { return }
            see(PacketContent(of: packet), packet.bytes.span, at: packetPosition, &tcp, visit)
        case .unread(let layer): survey.unread[layer, default: 0] &+= 1
        case .truncated: survey.truncated &+= 1
        case .unknownLink(let link): survey.note(link)
        case .other: break
        }
    }

    /// Another file of the same series begins: what `tcpdump -C` or a ring buffer wrote after the one before.
    /// Connections go on, and packets are counted on.
    ///
    /// - Throws: where the file before ends in the middle of a packet; the next one can be read all the same.
    public mutating func beginNextFile() throws(CaptureError) {
        guard case .file = packets else { return }
        earlierPackets = survey.last?.packet ?? 0
        defer { packets = .file(CaptureReader()) }
        try packets.finish()
    }

    /// When the first packet of a capture was captured, by which the files of a series are put in order; nil if the
    /// prefix holds none, or the file does not say.
    public static func firstTime(of prefix: Span<UInt8>) -> CaptureTime? {
        var first: PacketPosition?
        var reader = CaptureReader()
        if GzipReader.isGzip(prefix) {
            var gzip = GzipReader()
            try? gzip.read(prefix) { piece in
                if first == nil { try? reader.read(piece) { record, _ in first = first ?? record.packetPosition } }
            }
        } else {
            try? reader.read(prefix) { record, _ in first = first ?? record.packetPosition }
        }
        return first?.time
    }

    /// Ends the capture, and all conversations.
    ///
    /// - Throws: where the capture ends in the middle of a packet; all conversations have been ended all the same.
    public mutating func finish(_ visit: Visitor) throws(CaptureError) {
        var packets = PacketSource.none
        var tcp = TCPAssembler()
        swap(&packets, &self.packets)
        swap(&tcp, &self.tcp)
        packets.endText { see($0, $1, &tcp, visit) }
        swap(&packets, &self.packets)
        swap(&tcp, &self.tcp)
        close(visit)
        try self.packets.finish()
    }

    /// Ends all conversations: nothing more can be read.
    public mutating func close(_ visit: Visitor) {
        tcp.finish { connections.pass($1, of: $0, $2, visit) }
        noteSurvey()
    }

    private mutating func noteSurvey() {
        survey.holdsDecryptionSecrets = packets.holdsDecryptionSecrets
        survey.fragments = fragments.lost &+ fragments.waiting
        survey.ceilingHits = tcp.ceilingHits
        survey.evictedConnections = tcp.evictedConnections
        survey.note(connections)
    }
}

/// What a capture holds beside WebSocket conversations, counted.
public struct CaptureSurvey: Sendable, Hashable {
    /// The last packet; nil if there is none.
    public internal(set) var last: PacketPosition?
    /// TCP connections, of any kind.
    public internal(set) var connections: UInt64 = 0
    /// Those of them that are TLS and could not be read at all.
    public internal(set) var tls: UInt64 = 0
    /// The first of those, in the order in which it was found.
    public internal(set) var sealed: [SealedConnection] = []
    /// Connections whose TLS was opened.
    public internal(set) var decrypted: UInt64 = 0
    /// Secrets that were known, of those that open records.
    public internal(set) var secrets = 0
    /// Lines of key logs that were not understood.
    public internal(set) var misunderstoodKeyLines: UInt64 = 0
    /// Secrets that were not kept, as there were more than ``KeyLog/mostSecrets``.
    public internal(set) var droppedSecrets: UInt64 = 0
    /// Those of them that are HTTP/2 which could not be read to its end.
    public internal(set) var http2: UInt64 = 0
    /// Conversations on HTTP/2 streams that are not followed, as their connection had too many at once.
    public internal(set) var unfollowed: UInt64 = 0
    /// Parts of IP packets that could not be put together, as others are missing.
    public internal(set) var fragments: UInt64 = 0
    /// Packets that the snap length cut inside their headers.
    public internal(set) var truncated: UInt64 = 0
    /// Segments whose payload the snap length cut.
    public internal(set) var snapped: UInt64 = 0
    /// Ports of servers whose connections began before the capture and may be WebSocket: what was seen of them looks
    /// like frames, and is not enough to be sure. With the number of their connections; at most ``maximumPorts`` are
    /// named.
    public internal(set) var possiblePorts: [UInt16: UInt64] = [:]
    /// Packets with a layer that is known by name and not looked into, by layer.
    public internal(set) var unread: [UnreadLayer: UInt64] = [:]
    /// Packets of link layers that are not known.
    public internal(set) var unknownLinks: UInt64 = 0
    /// The first such link layer.
    public internal(set) var firstUnknownLink: LinkType?
    /// The file holds secrets that could decrypt TLS.
    public internal(set) var holdsDecryptionSecrets = false
    /// How many connections were decided by what there was of them, or given up, since too much was held of all those
    /// that were undecided.
    public internal(set) var undecided: UInt64 = 0
    /// How often bytes that arrived out of order could not be held any longer.
    public internal(set) var ceilingHits: UInt64 = 0
    /// How many connections were given up to make room for others.
    public internal(set) var evictedConnections: UInt64 = 0

    /// Creates a survey of nothing.
    public init() {}

    /// How many ports are named.
    public static let maximumPorts = 64

    mutating func note(_ readers: ConnectionReaders) {
        possiblePorts = readers.possiblePorts
        connections = readers.count
        tls = readers.tls
        sealed = readers.sealed
        decrypted = readers.decrypted
        secrets = readers.keys.log.count
        misunderstoodKeyLines = readers.keys.log.misunderstood
        droppedSecrets = readers.keys.log.dropped
        http2 = readers.http2
        unfollowed = readers.unfollowed
        undecided = readers.undecided
    }

    mutating func note(_ link: LinkType) {
        unknownLinks &+= 1
        firstUnknownLink = firstUnknownLink ?? link
    }
}
