import WebSocketFrames

/// What `tshark -z follow,tcp,yaml,N` prints, and what Wireshark's Follow Stream shows as YAML.
///
///     peers:
///       - peer: 0
///         host: 127.0.0.1
///         port: 36382
///       - peer: 1
///         host: 127.0.0.1
///         port: 8080
///     packets:
///       - packet: 8
///         peer: 0
///         timestamp: 1700000000.131455898
///         data: !!binary |
///           gYU3+iE9f59NUVg=
///
/// Older versions of Wireshark wrote less:
///
///     # Packet 8
///     peer0_0: !!binary |
///       gYU3+iE9f59NUVg=
///
/// This is not a YAML parser: it knows these lines, each key on its own, `peer` before `data`.
struct PeerPackets: LinewiseForm {
    private enum Section {
        /// Before everything.
        case none
        case peers
        case packets
        /// After a `data:` whose bytes are the lines that follow.
        case data
    }

    private var section = Section.none
    private var isOpen = false
    /// The addresses, and the peer whose host and port are next.
    private var addresses: [SocketAddress?] = [nil, nil]
    private var peer: TCPPeer?
    private var host: [UInt8] = []
    /// The packet that is next.
    private var packet: UInt64 = 0
    private var time: CaptureTime?
    /// The column of the key whose data come next: they are indented further.
    private var dataColumn = 1
    var held: [UInt8] = []

    /// Returns whether a line is of the older kind.
    static func isOlderForm(_ line: Span<UInt8>) -> Bool {
        line.has("peer0_") || line.has("peer1_") || line.has("# Packet ")
    }

    mutating func finish(
        at position: TextPosition, into output: inout ExportOutput, _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        if !held.isEmpty { try takeHeldLine(number: position.line, into: &output, visit) }
        output.endRecord(visit, isCut: true)
        if case .peers = section { throw TextError(position, "the text ends before its packets") }
        close(&output, visit)
    }

    mutating func read(
        _ line: Span<UInt8>, number: Int, into output: inout ExportOutput,
        _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        var start = 0
        while start < line.count, line[start] == ASCII.space { start += 1 }
        guard start < line.count else { return }
        let position = TextPosition(line: number, column: start + 1)
        if line[start] == ASCII.hash {
            var index = start + 9
            if line.has("# Packet ", at: start), let number = DecimalText.number(in: line, &index) { packet = number }
            return
        }
        if line.has("- ", at: start) { start += 2 }
        let colon = line.firstIndex(of: ASCII.colon, from: start)
        guard colon < line.count else {
            try takeData(line, from: start, at: position, into: &output, visit)
            return
        }
        var value = colon + 1
        while value < line.count, line[value] == ASCII.space { value += 1 }
        let key = line.extracting(start..<colon)
        try takeEntry(
            key, line.extracting(value...), at: position, valueAt: position.moved(by: value + 1 - position.column),
            into: &output, visit)
    }

    // MARK: Keys

    private mutating func takeEntry(
        _ key: Span<UInt8>, _ value: Span<UInt8>, at position: TextPosition, valueAt valuePosition: TextPosition,
        into output: inout ExportOutput, _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        output.endRecord(visit)
        if case .data = section { section = .packets }
        dataColumn = position.column
        if key.is("peers"), position.column == 1 {
            close(&output, visit)
            addresses = [nil, nil]
            section = .peers
        } else if key.is("packets"), position.column == 1 {
            open(&output, visit)
            section = .packets
            packet = 0
        } else if position.column == 1, key.count > 6, Self.isOlderForm(key), key[5] == UInt8(ascii: "_") {
            if !isOpen { open(&output, visit) }
            section = .packets
            peer = key.has("peer0") ? .first : .second
            time = nil
            try beginData(value, at: valuePosition, into: &output)
        } else if case .peers = section {
            try takePeer(key, value, at: valuePosition)
        } else if case .packets = section, position.column > 1 {
            try takePacket(key, value, at: valuePosition, into: &output)
        } else {
            throw TextError(position, "a key that is neither 'peers' nor 'packets'")
        }
    }

    private mutating func takePeer(
        _ key: Span<UInt8>, _ value: Span<UInt8>, at position: TextPosition
    ) throws(TextError) {
        if key.is("peer") {
            peer = try Self.side(value, at: position)
            host = []
        } else if key.is("host") {
            for index in value.indices { host.append(value[index]) }
        } else if key.is("port"), let peer {
            addresses[peer == .first ? 0 : 1] = AddressText.socketAddress(host: host.span, port: value)
        }
    }

    private mutating func takePacket(
        _ key: Span<UInt8>, _ value: Span<UInt8>, at position: TextPosition, into output: inout ExportOutput
    ) throws(TextError) {
        if key.is("packet") {
            var index = 0
            guard let number = DecimalText.number(in: value, &index), index == value.count else {
                throw TextError(position, "a packet's number must come here")
            }
            packet = number
            peer = nil
            time = nil
        } else if key.is("peer") {
            peer = try Self.side(value, at: position)
        } else if key.is("timestamp") {
            time = CaptureTime(seconds: value)
        } else if key.is("data") {
            try beginData(value, at: position, into: &output)
        }
    }

    private static func side(_ value: Span<UInt8>, at position: TextPosition) throws(TextError) -> TCPPeer {
        guard value.is("0") || value.is("1") else { throw TextError(position, "a peer is 0 or 1") }
        return value.is("0") ? .first : .second
    }

    // MARK: Data

    private mutating func beginData(
        _ value: Span<UInt8>, at position: TextPosition, into output: inout ExportOutput
    ) throws(TextError) {
        guard value.has("!!binary |") else {
            throw TextError(position, "'!!binary |' must come here, and the data in lines of Base64 after it")
        }
        guard let peer else { throw TextError(position, "data before the peer that sent it") }
        output.beginRecord(peer, packet == 0 ? nil : PacketPosition(packet: packet, time: time))
        section = .data
    }

    private func takeData(
        _ line: Span<UInt8>, from start: Int, at position: TextPosition, into output: inout ExportOutput,
        _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        if line.has("[Stream output truncated]", at: start) { throw TextError(position, Self.truncated) }
        guard case .data = section, position.column > dataColumn else {
            throw TextError(position, "a line without a colon, where a key must come")
        }
        let broken = output.append(visit) { bytes in Base64.decode(line, from: start, into: &bytes) }
        if let broken {
            throw TextError(
                TextPosition(line: position.line, column: broken + 1),
                broken < line.count
                    ? "\(line[broken].shown) is not Base64" : "a line of Base64 whose length is not a multiple of 4")
        }
    }

    static let truncated = """
        Wireshark has cut this stream off here; give the capture itself, or print the stream with tshark -q -z \
        follow,tcp,raw,N
        """

    // MARK: Conversations

    private mutating func open(_ output: inout ExportOutput, _ visit: (ExportEvent, Span<UInt8>) -> Void) {
        close(&output, visit)
        output.report(.opened(first: addresses[0], second: addresses[1]), visit)
        isOpen = true
    }

    private mutating func close(_ output: inout ExportOutput, _ visit: (ExportEvent, Span<UInt8>) -> Void) {
        output.endRecord(visit)
        if isOpen { output.report(.closed, visit) }
        isOpen = false
    }
}

extension CaptureTime {
    /// Parses seconds since 1970-01-01T00:00:00Z with up to nine decimal places; nil for anything else, and for zero,
    /// which stands for an unknown time.
    init?(seconds text: Span<UInt8>) {
        var index = 0
        guard let seconds = DecimalText.number(in: text, &index) else { return nil }
        var fraction: UInt64 = 0
        if text.has(".", at: index) {
            index += 1
            var unit: UInt64 = 100_000_000
            while index < text.count, text[index].isDecimalDigit {
                fraction += UInt64(text[index] - ASCII.zero) * unit
                unit /= 10
                index += 1
            }
        }
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overSum) = whole.addingReportingOverflow(fraction)
        guard index == text.count, !overflow, !overSum, sum > 0 else { return nil }
        self.init(nanoseconds: sum)
    }
}
