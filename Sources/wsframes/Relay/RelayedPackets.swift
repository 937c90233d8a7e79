/// What a relay forwards, as packets of a capture: pcapng with raw IP, one packet for every read.
///
/// TCP checksums are left zero, as they appear in captures if the network card computes them.
struct RelayedPackets {
    /// The most payload of a packet; an IP packet has at most 65,535 bytes.
    private static let maximumPayloadLength = 32_768
    /// Raw IP, version 4 or 6.
    private static let linkType: UInt16 = 101

    /// The beginning of the file.
    static var header: [UInt8] {
        var section = little(0x1A2B_3C4D, 4) + little(1, 2) + little(0, 2)
        section += [UInt8](repeating: 0xFF, count: 8)
        // if_tsresol: nanoseconds.
        let interface =
            little(UInt64(linkType), 2) + little(0, 2) + little(0, 4) + little(9, 2) + little(1, 2) + [9, 0, 0, 0]
        return block(0x0A0D_0D0A, section) + block(1, interface + little(0, 4))
    }

    private static func block(_ type: UInt64, _ body: [UInt8]) -> [UInt8] {
        let padded = body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
        let length = little(UInt64(padded.count + 12), 4)
        return little(type, 4) + length + padded + length
    }

    fileprivate static func little(_ number: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    fileprivate static func big(_ number: UInt64, _ count: Int) -> [UInt8] { little(number, count).reversed() }

    private static let fin: UInt8 = 0x01
    private static let syn: UInt8 = 0x02
    private static let rst: UInt8 = 0x04
    private static let ack: UInt8 = 0x10

    private let client: NetworkAddress
    private let server: NetworkAddress
    /// The next sequence numbers of client and server.
    private var clientNumber: UInt32 = 1
    private var serverNumber: UInt32 = 1

    /// - Parameters:
    ///   - client: the client's address; nil if it has none, as with Unix sockets.
    ///   - server: the server's address; likewise.
    init(client: NetworkAddress?, server: NetworkAddress?) {
        let client = client ?? NetworkAddress(bytes: [127, 0, 0, 1], port: 1)
        let server = server ?? NetworkAddress(bytes: [127, 0, 0, 1], port: 80)
        let areBoth4 = client.bytes.count == 4 && server.bytes.count == 4
        self.client = areBoth4 ? client : client.mapped
        self.server = areBoth4 ? server : server.mapped
    }

    /// Returns the packets of the TCP handshake.
    func opening(at time: UInt64) -> [UInt8] {
        packet(true, Self.syn, number: 0, acknowledging: 0, [], time)
            + packet(false, Self.syn | Self.ack, number: 0, acknowledging: 1, [], time)
            + packet(true, Self.ack, number: 1, acknowledging: 1, [], time)
    }

    /// Returns the packets for bytes that one side has sent.
    mutating func data(_ bytes: [UInt8], fromClient: Bool, at time: UInt64) -> [UInt8] {
        var packets: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = rest.prefix(Self.maximumPayloadLength)
            packets += packet(fromClient, Self.ack, Array(part), time)
            advance(fromClient, part.count)
            rest = rest.dropFirst(part.count)
        }
        return packets
    }

    /// Returns the packets for the end of what one side sends.
    mutating func end(fromClient: Bool, isReset: Bool, at time: UInt64) -> [UInt8] {
        let end = packet(fromClient, isReset ? Self.rst | Self.ack : Self.fin | Self.ack, [], time)
        if !isReset { advance(fromClient, 1) }
        return end
    }

    private mutating func advance(_ fromClient: Bool, _ count: Int) {
        if fromClient {
            clientNumber &+= UInt32(truncatingIfNeeded: count)
        } else {
            serverNumber &+= UInt32(truncatingIfNeeded: count)
        }
    }

    private func packet(_ fromClient: Bool, _ flags: UInt8, _ payload: [UInt8], _ time: UInt64) -> [UInt8] {
        packet(
            fromClient, flags, number: fromClient ? clientNumber : serverNumber,
            acknowledging: fromClient ? serverNumber : clientNumber, payload, time)
    }

    private func packet(
        _ fromClient: Bool, _ flags: UInt8, number: UInt32, acknowledging: UInt32, _ payload: [UInt8], _ time: UInt64
    ) -> [UInt8] {
        let from = fromClient ? client : server
        let to = fromClient ? server : client
        var segment = Self.big(UInt64(from.port), 2) + Self.big(UInt64(to.port), 2)
        segment += Self.big(UInt64(number), 4) + Self.big(UInt64(acknowledging), 4)
        segment += [0x50, flags, 0xFF, 0xFF, 0, 0, 0, 0] + payload
        var header: [UInt8]
        if from.bytes.count == 4 {
            header = [0x45, 0] + Self.big(UInt64(20 + segment.count), 2) + [0, 0, 0x40, 0, 64, 6, 0, 0]
            header += from.bytes + to.bytes
            header.replaceSubrange(10..<12, with: Self.checksum(header))
        } else {
            header = [0x60, 0, 0, 0] + Self.big(UInt64(segment.count), 2) + [6, 64] + from.bytes + to.bytes
        }
        let data = header + segment
        let count = Self.little(UInt64(data.count), 4)
        let times = Self.little(time >> 32, 4) + Self.little(time & 0xFFFF_FFFF, 4)
        return Self.block(6, Self.little(0, 4) + times + count + count + data)
    }

    /// Returns the checksum of RFC 1071, for an even number of bytes.
    private static func checksum(_ header: [UInt8]) -> [UInt8] {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: header.count, by: 2) {
            sum += UInt32(header[index]) << 8 | UInt32(header[index + 1])
        }
        while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
        return big(UInt64(~sum & 0xFFFF), 2)
    }
}

extension NetworkAddress {
    /// An IPv4 address as an IPv6 one (RFC 4291 §2.5.5.2).
    fileprivate var mapped: NetworkAddress {
        bytes.count == 16
            ? self : NetworkAddress(bytes: [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + bytes, port: port)
    }
}
