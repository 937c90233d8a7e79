import WebSocketFrames

/// Finds the WebSocket conversations on an HTTP/2 connection: the streams that an extended CONNECT opened (RFC 8441).
///
/// All header blocks are decoded, since each may change the table for those that follow; only the streams of
/// conversations are followed, up to ``maximumStreams`` at once. The end of a stream ends its conversation: END_STREAM
/// like a FIN, RST_STREAM like a RST (RFC 8441 §5). A gap affects all open streams.
struct HTTP2Connection: Sendable {
    /// Receives an event of the conversation on a stream.
    typealias Visitor = (UInt32, ConversationEvent, Span<UInt8>) -> Void

    /// The most conversations that are followed at once. Servers usually allow a hundred.
    static let maximumStreams = 1_024

    /// RFC 9113 §3.4.
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private struct Side: Sendable {
        var frames = HTTP2FrameReader()
        var headers = HPACKDecoder()
        /// The incomplete header block: its stream, whether it ends that, and the part that has arrived.
        var block: (stream: UInt32, endsStream: Bool, bytes: [UInt8])?
        /// The number of bytes of the preface that are still to come.
        var prefaceCount = 0
        var isOver = false

        var cost: Int { frames.cost + headers.cost + (block?.bytes.count ?? 0) }
    }

    private let addresses: PerPeer<SocketAddress?>
    private let options: ConversationOptions
    private var client: TCPPeer?
    private var sides = PerPeer(Side())
    private var streams: [UInt32: HTTP2Stream] = [:]
    private var streamCost = 0
    /// Whether header blocks or frames could not be read.
    private(set) var isBroken = false
    /// The number of conversations that were requested while ``maximumStreams`` were open.
    private(set) var unfollowed: UInt64 = 0

    init(first: SocketAddress?, second: SocketAddress?, options: ConversationOptions) {
        addresses = PerPeer(first: first, second: second)
        self.options = options
    }

    /// The approximate memory that the held data takes, in bytes.
    var heldCost: Int { sides.first.cost + sides.second.cost + streamCost }

    /// Whether nothing more can come of it.
    var isOver: Bool { sides.first.isOver && sides.second.isOver && streams.isEmpty }

    /// Handles an event on the connection.
    mutating func read(_ event: ConnectionEvent, _ bytes: Span<UInt8>, _ visit: Visitor) {
        switch event {
        case .bytes(let side, let position): read(bytes, from: side, at: position, visit)
        case .gap(let side, let count, let reason, let position):
            lose(side, .gap(side, count: count, reason, position), visit)
        case .finished, .reset, .stray, .broken: passToAll(event, visit)
        // Its position among the bytes of a stream is not known.
        case .contradiction: passToAll(event, visit)
        case .ceiling: if streamCost > 0 { passToAll(event, visit) }
        case .closed:
            passToAll(event, visit)
            streams = [:]
            streamCost = 0
        }
    }

    // MARK: Frames

    private mutating func read(
        _ bytes: Span<UInt8>, from side: TCPPeer, at position: PacketPosition?, _ visit: Visitor
    ) {
        guard !sides[side].isOver else { return }
        if client == nil {
            // The server's first frame may have been captured before the client's preface.
            client = bytes.count > 0 && bytes[0] == Self.preface[0] ? side : side.other
            sides[client ?? side].prefaceCount = Self.preface.count
        }
        let skipped = min(sides[side].prefaceCount, bytes.count)
        sides[side].prefaceCount -= skipped
        var frames = HTTP2FrameReader()
        swap(&frames, &sides[side].frames)
        frames.read(bytes.extracting(skipped..<bytes.count)) { event, payload in
            guard !sides[side].isOver else { return }
            switch event {
            // Nothing may come between the parts of a header block (RFC 9113 §4.3).
            case .data where sides[side].block != nil, .dataEnded where sides[side].block != nil:
                breakOff(side, at: position, visit)
            case .data(let frame): pass(.bytes(side, position), payload, of: frame.stream, visit)
            case .dataEnded(let frame): if frame.endsStream { end(frame.stream, by: side, at: position, visit) }
            case .frame(let frame): read(frame, payload, from: side, at: position, visit)
            }
        }
        guard !sides[side].isOver else { return }
        swap(&frames, &sides[side].frames)
        if sides[side].frames.isBroken { breakOff(side, at: position, visit) }
    }

    private mutating func read(
        _ frame: HTTP2Frame, _ payload: Span<UInt8>, from side: TCPPeer, at position: PacketPosition?,
        _ visit: Visitor
    ) {
        if let block = sides[side].block, frame.kind != .continuation || frame.stream != block.stream {
            return breakOff(side, at: position, visit)
        }
        switch frame.kind {
        case .headers:
            var range = 0..<payload.count
            if frame.isPadded {
                guard let last = payload.indices.first.map({ Int(payload[$0]) }), last < range.count else {
                    return breakOff(side, at: position, visit)
                }
                range = 1..<(payload.count - last)
            }
            if frame.hasPriority {
                guard range.count >= 5 else { return breakOff(side, at: position, visit) }
                range = (range.lowerBound + 5)..<range.upperBound
            }
            sides[side].block = (frame.stream, frame.endsStream, range.map { payload[$0] })
            if frame.endsHeaders { endBlock(of: side, at: position, visit) }
        case .continuation:
            guard let block = sides[side].block, block.bytes.count + payload.count <= HTTP2FrameReader.largestFrame
            else { return breakOff(side, at: position, visit) }
            for index in payload.indices { sides[side].block?.bytes.append(payload[index]) }
            if frame.endsHeaders { endBlock(of: side, at: position, visit) }
        case .settings: if !frame.isAcknowledgment { takeSettings(payload, of: side) }
        case .reset: reset(frame.stream, by: side, at: position, visit)
        case .goAway: noteGoAway(payload, by: side, at: position, visit)
        case .data, nil: break
        }
    }

    /// Notes how much of its table a side allows the other's header blocks to use.
    private mutating func takeSettings(_ payload: Span<UInt8>, of side: TCPPeer) {
        var index = 0
        while index + 6 <= payload.count {
            let value = (2..<6).reduce(UInt32(0)) { $0 << 8 | UInt32(payload[index + $1]) }
            // SETTINGS_HEADER_TABLE_SIZE
            if payload[index] == 0, payload[index + 1] == 1 { sides[side.other].headers.allow(value) }
            index += 6
        }
    }

    /// Ends a side that cannot be read any further.
    private mutating func breakOff(_ side: TCPPeer, at position: PacketPosition?, _ visit: Visitor) {
        isBroken = true
        lose(side, .gap(side, count: nil, .brokenHTTP2, position), visit)
    }

    private mutating func lose(_ side: TCPPeer, _ gap: ConnectionEvent, _ visit: Visitor) {
        guard !sides[side].isOver else { return }
        sides[side] = Side()
        sides[side].isOver = true
        passToAll(gap, visit)
    }

    // MARK: Header blocks

    private mutating func endBlock(of side: TCPPeer, at position: PacketPosition?, _ visit: Visitor) {
        guard let block = sides[side].block else { return }
        sides[side].block = nil
        guard let fields = sides[side].headers.decode(block.bytes) else {
            return breakOff(side, at: position, visit)
        }
        if side == client {
            if streams[block.stream] == nil, let head = HTTP2Stream.request(fields) {
                if streams.count < Self.maximumStreams {
                    var reader = ConversationReader(
                        first: addresses.first, second: addresses.second, isSeenFromStart: true, options: options)
                    reader.isCarried = true
                    streams[block.stream] = HTTP2Stream(reader: reader)
                    pass(.bytes(side, position), head.span, of: block.stream, visit)
                } else {
                    unfollowed &+= 1
                }
            }
        } else if streams[block.stream]?.isAnswered == false, let head = HTTP2Stream.response(fields) {
            streams[block.stream]?.isAnswered = true
            pass(.bytes(side, position), head.span, of: block.stream, visit)
        }
        if block.endsStream { end(block.stream, by: side, at: position, visit) }
    }

    // MARK: Streams

    /// Passes an event to a stream, if it is followed.
    private mutating func pass(
        _ event: ConnectionEvent, _ bytes: Span<UInt8>, of stream: UInt32, _ visit: Visitor
    ) {
        guard let place = streams.index(forKey: stream) else { return }
        streamCost -= streams.values[place].reader.heldCost
        streams.values[place].reader.read(event, bytes) { event, bytes in
            switch event {
            case .opened(var head) where head.opening == .upgrade:
                head.opening = .extendedConnect
                visit(stream, .opened(head), bytes)
            case .notice(var notice) where notice.kind == .handshakeRefused:
                notice.message =
                    "The server answered the extended CONNECT (RFC 8441) with a status other than 2xx: no frames can follow."
                visit(stream, .notice(notice), bytes)
            case .notice(var notice)
            where notice.endpoint == .server && (notice.kind == .answerNotHTTP || notice.kind == .tooEarly):
                notice.message =
                    "The server sent DATA on the stream before the HEADERS of its response: the response is malformed (RFC 9113 §8.1)."
                visit(stream, .notice(notice), bytes)
            default: visit(stream, event, bytes)
            }
        }
        streamCost += streams.values[place].reader.heldCost
        if case .closed = event { return }
        // A refused conversation waits for a second response, which an HTTP/2 stream cannot have.
        if streams.values[place].reader.outcome == .refused { close(stream, visit) }
    }

    private mutating func passToAll(_ event: ConnectionEvent, _ visit: Visitor) {
        for stream in streams.keys.sorted() { pass(event, Span(), of: stream, visit) }
    }

    private mutating func end(_ stream: UInt32, by side: TCPPeer, at position: PacketPosition?, _ visit: Visitor) {
        pass(.finished(side, position), Span(), of: stream, visit)
        streams[stream]?.ended[side] = true
        guard let ended = streams[stream]?.ended, ended.first, ended.second else { return }
        close(stream, visit)
    }

    private mutating func reset(_ stream: UInt32, by side: TCPPeer, at position: PacketPosition?, _ visit: Visitor) {
        pass(.reset(side, position), Span(), of: stream, visit)
        close(stream, visit)
    }

    private mutating func close(_ stream: UInt32, _ visit: Visitor) {
        pass(.closed, Span(), of: stream, visit)
        remove(stream)
    }

    private mutating func remove(_ stream: UInt32) {
        guard let removed = streams.removeValue(forKey: stream) else { return }
        streamCost -= removed.reader.heldCost
    }

    /// Notes GOAWAY: its sender accepts no further streams (RFC 9113 §6.8).
    private mutating func noteGoAway(
        _ payload: Span<UInt8>, by side: TCPPeer, at position: PacketPosition?, _ visit: Visitor
    ) {
        guard payload.count >= 8 else { return }
        let code = (4..<8).reduce(UInt32(0)) { $0 << 8 | UInt32(payload[$1]) }
        for stream in streams.keys.sorted() {
            streams[stream]?.reader.noteGoAway(code: code, by: side, at: position) { visit(stream, $0, $1) }
        }
    }
}
