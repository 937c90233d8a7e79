import WebSocketFrames

/// A capture of several connections between any addresses, built packet by packet: raw IPv4, with 10 µs between
/// packets.
struct HopCapture {
    private(set) var bytes: [UInt8] = []
    /// Microseconds since the start of the capture.
    var time: UInt64 = 0
    private let start: UInt64

    /// - Parameter start: seconds since 1970.
    init(start: UInt64 = 1_700_000_000) {
        self.start = start
        bytes = little(0xA1B2_C3D4) + [2, 0, 4, 0] + [UInt8](repeating: 0, count: 8) + little(65_535) + little(101)
    }

    /// A TCP connection between `10.0.0.a` and `10.0.0.b`, with the state of each side.
    struct Connection {
        let client: (UInt8, UInt16)
        let server: (UInt8, UInt16)
        fileprivate var next: [UInt32] = [1_000, 5_000]

        init(_ client: (UInt8, UInt16), _ server: (UInt8, UInt16)) {
            self.client = client
            self.server = server
        }
    }

    mutating func connect(_ connection: inout Connection) {
        packet(.client, 0x02, [], on: connection)
        connection.next[0] += 1
        packet(.server, 0x12, [], on: connection)
        connection.next[1] += 1
        packet(.client, 0x10, [], on: connection)
    }

    mutating func ask(_ key: String, on connection: inout Connection) {
        let head =
            "GET /chat HTTP/1.1\r\nHost: example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: \(key)\r\nSec-WebSocket-Version: 13\r\n\r\n"
        send(Array(head.utf8), from: .client, on: &connection)
    }

    mutating func answer(_ key: String, on connection: inout Connection) {
        let accept = AcceptValue.expected(for: key)
        let head =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: \(accept)\r\n\r\n"
        send(Array(head.utf8), from: .server, on: &connection)
    }

    mutating func text(_ text: String, from sender: Endpoint, on connection: inout Connection) {
        let payload = Array(text.utf8)
        precondition(payload.count < 126)
        let mask: UInt8 = sender == .client ? 0x80 : 0
        let key: [UInt8] = sender == .client ? [0, 0, 0, 0] : []
        send([0x81, mask | UInt8(payload.count)] + key + payload, from: sender, on: &connection)
    }

    mutating func send(_ payload: [UInt8], from sender: Endpoint, on connection: inout Connection) {
        packet(sender, 0x18, payload, on: connection)
        connection.next[sender == .client ? 0 : 1] += UInt32(payload.count)
    }

    /// Both sides end.
    mutating func end(_ connection: inout Connection) {
        for sender in Endpoint.allCases {
            packet(sender, 0x11, [], on: connection)
            connection.next[sender == .client ? 0 : 1] += 1
        }
        packet(.client, 0x10, [], on: connection)
    }

    private mutating func packet(_ sender: Endpoint, _ flags: UInt8, _ payload: [UInt8], on connection: Connection) {
        let isClient = sender == .client
        let (from, to) = isClient ? (connection.client, connection.server) : (connection.server, connection.client)
        var packet = [0x45, 0] + big(UInt16(40 + payload.count)) + [0, 0, 0x40, 0, 64, 6, 0, 0]
        packet += [10, 0, 0, from.0, 10, 0, 0, to.0] + big(from.1) + big(to.1)
        packet += big(connection.next[isClient ? 0 : 1]) + big(connection.next[isClient ? 1 : 0])
        packet += [0x50, flags, 0xFF, 0xFF, 0, 0, 0, 0] + payload
        time += 10
        bytes += little(UInt32(start + time / 1_000_000)) + little(UInt32(time % 1_000_000))
        bytes += little(UInt32(packet.count)) + little(UInt32(packet.count)) + packet
    }

    private func big(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 0xFF)] }
    private func big(_ number: UInt32) -> [UInt8] { little(number).reversed() }
    private func little(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
}
