/// Packets as text: their bytes in rows of a dump, each packet's offsets from 0 on, or one packet per line of digits.
///
///     0000  02 42 ac 17 00 03 02 42 ac 17 00 02 08 00 45 00   .B.....B......E.     Wireshark, tshark -x
///     12:00:00.000000 IP 127.0.0.1.36382 > 127.0.0.1.8080: Flags [P.], …
///     \t0x0000:  4500 003b 1c46 4000 4006 1fa5 7f00 0001  E..;.F@.@.......          tcpdump -x, -xx, -X
///
/// Other lines are skipped. The link layer of the packets is not given: it is the first of a few with which the first
/// packet is a TCP segment.
struct PacketText: Sendable {
    /// The most bytes of a packet; anything beyond is dropped.
    private static let maximumCount = 1 << 18
    private static let maximumLineLength = 1 << 20

    private var held: [UInt8] = []
    private var packet: [UInt8] = []
    private var number: UInt64 = 0
    private var line = 1
    private var link: LinkType?

    /// Returns whether a text contains such packets: its first one must be TCP.
    static func isThere(_ prefix: Span<UInt8>) -> Bool {
        var text = PacketText()
        var isPacket: Bool?
        do throws(CaptureError) {
            try text.read(prefix) { _, bytes in isPacket = isPacket ?? (Self.link(of: bytes) != nil) }
        } catch {
            return false
        }
        // The first packet may continue after the prefix.
        if isPacket == nil { text.finish { _, bytes in isPacket = Self.link(of: bytes) != nil } }
        return isPacket ?? false
    }

    /// Reads the next piece of the text.
    mutating func read(
        _ piece: Span<UInt8>, _ visit: (PacketRecord, Span<UInt8>) -> Void
    ) throws(CaptureError) {
        var index = 0
        while index < piece.count {
            let end = piece.firstIndex(of: ASCII.lineFeed, from: index)
            guard held.count &+ end &- index <= Self.maximumLineLength else {
                throw CaptureError(at: 0, "line \(line) of the text has more than \(Self.maximumLineLength) characters")
            }
            for at in index..<end { held.append(piece[at]) }
            guard end < piece.count else { return }
            let whole = held
            held.removeAll(keepingCapacity: true)
            readLine(whole.span, visit)
            line &+= 1
            index = end &+ 1
        }
    }

    /// Ends the text, and its last packet.
    mutating func finish(_ visit: (PacketRecord, Span<UInt8>) -> Void) {
        let last = held
        held = []
        readLine(last.span, visit)
        endPacket(visit)
    }

    private mutating func readLine(_ line: Span<UInt8>, _ visit: (PacketRecord, Span<UInt8>) -> Void) {
        var index = 0
        while index < line.count, line[index].isWhiteSpace { index += 1 }
        if let digits = Self.wholePacket(line, from: index) {
            endPacket(visit)
            packet = digits
            return endPacket(visit)
        }
        guard let offset = DumpRow.offset(line, &index) else { return endPacketAfterBlank(line, visit) }
        if line.has(":", at: index) { index += 1 }
        guard index < line.count, line[index].isWhiteSpace else { return }
        if offset == 0 { endPacket(visit) }
        // A row that is not the next one belongs to something else, such as a dump of reassembled data.
        guard offset == packet.count, packet.count < Self.maximumCount else { return }
        _ = DumpRow.read(line, from: index, into: &packet)
    }

    /// Ends the packet after an empty line.
    private mutating func endPacketAfterBlank(
        _ line: Span<UInt8>, _ visit: (PacketRecord, Span<UInt8>) -> Void
    ) {
        if line.indices.allSatisfy({ line[$0].isWhiteSpace }) { endPacket(visit) }
    }

    /// Reads a line of nothing but digits, at least as many as IP and TCP headers have.
    private static func wholePacket(_ line: Span<UInt8>, from start: Int) -> [UInt8]? {
        var end = line.count
        while end > start, line[end - 1].isWhiteSpace { end -= 1 }
        guard end - start >= 80, (end - start).isMultiple(of: 2), (start..<end).allSatisfy({ line[$0].isHexDigit })
        else {
            return nil
        }
        return stride(from: start, to: end, by: 2).map {
            HexDigits.value(of: line[$0]) << 4 | HexDigits.value(of: line[$0 + 1])
        }
    }

    private mutating func endPacket(_ visit: (PacketRecord, Span<UInt8>) -> Void) {
        guard !packet.isEmpty else { return }
        number &+= 1
        link = link ?? Self.link(of: packet.span)
        let record = PacketRecord(
            packetPosition: PacketPosition(packet: number, time: nil), link: link ?? .ethernet,
            originalLength: UInt64(packet.count))
        visit(record, packet.span)
        packet.removeAll(keepingCapacity: true)
    }

    /// Returns the link layer with which a packet is a TCP segment; nil if there is none.
    private static func link(of packet: Span<UInt8>) -> LinkType? {
        let links: [LinkType] = [.rawIP, .ethernet, .linuxCooked, .linuxCooked2, .loopback]
        return links.first { link in
            let record = PacketRecord(
                packetPosition: PacketPosition(packet: 1, time: nil), link: link, originalLength: UInt64(packet.count))
            guard case .segment(let segment) = PacketContent(of: record, packet) else { return false }
            return segment.source.port != 0 && segment.destination.port != 0
        }
    }
}
