/// Finds every WebSocket conversation of a capture, passed in pieces of any size: capture → packets → TCP → HTTP →
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
/// Conversations are numbered from 0 in the order in which they were opened. Events come in the order of the capture,
/// so those of different conversations mingle. Memory is bounded: see ``AssemblyLimits`` and ``ConversationReader``;
/// all connections that are still undecided hold no more than 64 MiB together.
public struct CapturedConversations: Sendable {
    /// Receives an event of the conversation with the given index, and the bytes of
    /// ``ConversationEvent/bytes(from:at:)``.
    public typealias Visitor = (Int, ConversationEvent, Span<UInt8>) -> Void

    /// What the capture contains besides conversations.
    public private(set) var survey = CaptureSurvey()

    private var packets: PacketSource
    private var tcp: TCPAssembler
    private var fragments = FragmentTable()
    private var connections: ConnectionReaders

    /// Creates a reader at the start of a capture.
    ///
    /// - Parameters:
    ///   - options: what the user specifies.
    ///   - limits: how much data that arrives out of order may be held.
    ///   - isText: whether the capture is text: packets with their headers in rows of a dump
    ///     (``InputKind/packetText``).
    ///   - keys: the key log secrets used to decrypt TLS connections.
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

    /// Creates a reader of several captures that are one: what `tcpdump -C` or a ring buffer wrote, or several machines
    /// at once. Their packets are merged by time and numbered in that order, as `mergecap` does. Until ``nextFile`` is
    /// nil, a piece of that file is to be read, or the file to be ended.
    ///
    /// - Parameters:
    ///   - firstTimes: the time of each file's first packet (``CaptureBeginning``), in ascending order.
    ///   - options: what the user specifies.
    ///   - limits: how much data that arrives out of order may be held.
    ///   - keys: the key log secrets used to decrypt TLS connections.
    public init(
        series firstTimes: [CaptureTime], options: ConversationOptions, limits: AssemblyLimits = AssemblyLimits(),
        keys: TLSKeys = TLSKeys()
    ) {
        self.init(options: options, limits: limits, keys: keys)
        packets = .series(PacketMerge(firstTimes: firstTimes))
    }

    /// The index of the file of a series of which the next piece is to be read; nil if all have ended.
    public var nextFile: Int? { packets.nextFile }

    /// Reads the next piece of the capture, or of the file ``nextFile`` of a series.
    ///
    /// - Throws: an error where the capture is damaged; from then on the same again. What was found before remains
    ///   valid: continue with ``close(_:)``.
    public mutating func read(_ piece: Span<UInt8>, _ visit: Visitor) throws(CaptureError) {
        try readOn(piece, visit)
    }

    /// - Parameter piece: nil ends the file ``nextFile``.
    private mutating func readOn(_ piece: Span<UInt8>?, _ visit: Visitor) throws(CaptureError) {
        try withStages { reader, packets, tcp throws(CaptureError) in
            try packets.read(piece) {
                reader.connections.keys.add($0)
            } visit: {
                reader.read($0, $1, &tcp, visit)
            }
        }
    }

    /// Each stage runs while the previous one does, so they cannot be accessed through `self`.
    private mutating func withStages(
        _ body: (inout Self, inout PacketSource, inout TCPAssembler) throws(CaptureError) -> Void
    ) throws(CaptureError) {
        var packets = PacketSource.none
        var tcp = TCPAssembler()
        swap(&packets, &self.packets)
        swap(&tcp, &self.tcp)
        defer {
            swap(&packets, &self.packets)
            swap(&tcp, &self.tcp)
            noteSurvey()
        }
        try body(&self, &packets, &tcp)
    }

    private mutating func read(
        _ record: PacketRecord, _ bytes: Span<UInt8>, _ tcp: inout TCPAssembler, _ visit: Visitor
    ) {
        let position = record.packetPosition
        survey.last = position
        if let segment = PacketHeaders.plainSegment(of: record, bytes) {
            read(segment, bytes, at: position, &tcp, visit)
        } else {
            read(PacketContent(of: record, bytes), bytes, at: position, &tcp, visit)
        }
    }

    @inline(__always)
    private mutating func read(
        _ segment: TCPSegment, _ bytes: Span<UInt8>, at packetPosition: PacketPosition, _ tcp: inout TCPAssembler,
        _ visit: Visitor
    ) {
        if segment.missing > 0 { survey.snapped &+= 1 }
        tcp.add(segment, payload: bytes.extracting(segment.payload), at: packetPosition) {
            connections.pass($1, of: $0, $2, visit)
        }
        while let connection = connections.unwanted.popLast() { tcp.forget(connection) }
    }

    private mutating func read(
        _ content: PacketContent, _ bytes: Span<UInt8>, at packetPosition: PacketPosition, _ tcp: inout TCPAssembler,
        _ visit: Visitor
    ) {
        switch content {
        case .segment(let segment): read(segment, bytes, at: packetPosition, &tcp, visit)
        case .fragment(let part):
            guard let packet = fragments.add(part, bytes) else { return }
            read(PacketContent(of: packet), packet.bytes.span, at: packetPosition, &tcp, visit)
        case .aggregate(let range, let wireEnd):
            var index = range.lowerBound
            while let part = PacketContent(partAt: &index, ofAggregate: range, wireEnd: wireEnd, bytes) {
                read(part, bytes, at: packetPosition, &tcp, visit)
            }
        case .unread(let layer): survey.unread[layer, default: 0] &+= 1
        case .truncated: survey.truncated &+= 1
        case .unknownLink(let link): survey.note(link)
        case .other: break
        }
    }

    /// Ends the file ``nextFile`` of a series.
    ///
    /// - Throws: an error if the file ends in the middle of a packet; the others can be read nevertheless.
    public mutating func endFile(_ visit: Visitor) throws(CaptureError) {
        try readOn(nil, visit)
    }

    /// Ends the capture, and all conversations.
    ///
    /// - Throws: an error if the capture ends in the middle of a packet; all conversations have been ended
    ///   nevertheless.
    public mutating func finish(_ visit: Visitor) throws(CaptureError) {
        try withStages { reader, packets, tcp in packets.endText { reader.read($0, $1, &tcp, visit) } }
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

/// What a capture contains besides WebSocket conversations, counted.
public struct CaptureSurvey: Sendable, Hashable {
    /// The last packet; nil if there is none.
    public internal(set) var last: PacketPosition?
    /// The number of TCP connections of any kind.
    public internal(set) var connections: UInt64 = 0
    /// The number of those that began before the capture.
    public internal(set) var begunBefore: UInt64 = 0
    /// The number of those that are TLS and could not be decrypted at all.
    public internal(set) var tls: UInt64 = 0
    /// The first of those, in the order in which they were found.
    public internal(set) var sealed: [SealedConnection] = []
    /// The number of connections whose TLS was decrypted.
    public internal(set) var decrypted: UInt64 = 0
    /// The number of known secrets of those kinds that decrypt records.
    public internal(set) var secrets = 0
    /// The number of lines in key logs that were not understood.
    public internal(set) var misunderstoodKeyLines: UInt64 = 0
    /// The number of secrets that were not kept, since there were more than ``KeyLog/maximumSecrets``.
    public internal(set) var droppedSecrets: UInt64 = 0
    /// The number of connections that are HTTP/2 and could not be read to their end.
    public internal(set) var http2: UInt64 = 0
    /// The number of conversations on HTTP/2 streams that are not followed, since their connection had too many at
    /// once.
    public internal(set) var unfollowed: UInt64 = 0
    /// The number of IP fragments that could not be reassembled, since others are missing.
    public internal(set) var fragments: UInt64 = 0
    /// The number of packets that the snap length cut off inside their headers.
    public internal(set) var truncated: UInt64 = 0
    /// The number of segments whose payload the snap length cut off.
    public internal(set) var snapped: UInt64 = 0
    /// The ports of servers whose connections began before the capture and may be WebSocket, with the number of their
    /// connections: what was seen of them looks like frames, but is not enough to be sure. At most ``maximumPorts``
    /// are named.
    public internal(set) var possiblePorts: [UInt16: UInt64] = [:]
    /// The number of packets with a layer that is known by name but not examined, by layer.
    public internal(set) var unread: [UnreadLayer: UInt64] = [:]
    /// The number of packets with unknown link layers.
    public internal(set) var unknownLinks: UInt64 = 0
    /// The first such link layer.
    public internal(set) var firstUnknownLink: LinkType?
    /// Whether the file contains secrets that could decrypt TLS.
    public internal(set) var holdsDecryptionSecrets = false
    /// The number of connections that were decided early, or given up, because all undecided connections together
    /// held too much.
    public internal(set) var undecided: UInt64 = 0
    /// The number of times that bytes which arrived out of order could not be held any longer.
    public internal(set) var ceilingHits: UInt64 = 0
    /// The number of connections that were given up to make room for others.
    public internal(set) var evictedConnections: UInt64 = 0

    /// Creates an empty survey.
    public init() {}

    /// The most ports that are named.
    public static let maximumPorts = 64

    mutating func note(_ readers: ConnectionReaders) {
        possiblePorts = readers.possiblePorts
        connections = readers.count
        begunBefore = readers.begunBefore
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
