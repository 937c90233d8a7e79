/// A handmade packet capture: pcap, Ethernet, IPv4 and TCP, from nothing but the diagrams in their specifications.
struct MadeCapture {
    private(set) var bytes: [UInt8] = []
    /// Packets so far.
    private(set) var packets: UInt64 = 0
    /// The largest part of a packet that is captured.
    var snapLength = 65_535

    init() {
        bytes = little(0xA1B2_C3D4) + [2, 0, 4, 0] + [UInt8](repeating: 0, count: 8) + little(65_535) + little(1)
    }

    /// A TCP connection from `10.0.0.1:port` to `10.0.0.2:8080`, with the state of each side.
    struct Connection {
        let port: UInt16
        var serverPort: UInt16 = 8080
        fileprivate var next: [UInt32] = [1_000, 4_294_967_290]

        init(port: UInt16, serverPort: UInt16 = 8080) {
            self.port = port
            self.serverPort = serverPort
        }
    }

    enum From: Int { case client, server }

    static let syn: UInt8 = 0x02
    static let fin: UInt8 = 0x11
    static let rst: UInt8 = 0x14

    /// A connection, opened by a three-way handshake.
    mutating func connect(port: UInt16, serverPort: UInt16 = 8080) -> Connection {
        var connection = Connection(port: port, serverPort: serverPort)
        packet(.client, Self.syn, [], on: connection)
        connection.next[0] &+= 1
        packet(.server, Self.syn | 0x10, [], on: connection)
        connection.next[1] &+= 1
        packet(.client, 0x10, [], on: connection)
        return connection
    }

    /// A connection on which the handshake of RFC 6455 §1.3 has succeeded.
    mutating func upgrade(
        port: UInt16, target: String = "/chat", offer: String = "", agreement: String = ""
    ) -> Connection {
        var connection = connect(port: port)
        send(.client, Self.request(offer, target: target), on: &connection)
        send(.server, Self.response(agreement), on: &connection)
        return connection
    }

    static func request(_ more: String = "", target: String = "/chat") -> [UInt8] {
        Array(
            ("GET \(target) HTTP/1.1\r\nHost: example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" + more + "\r\n").utf8)
    }

    static func response(_ more: String = "") -> [UInt8] {
        Array(
            ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" + more + "\r\n").utf8)
    }

    /// Sends the next bytes of a side in one packet.
    mutating func send(_ from: From, _ payload: [UInt8], flags: UInt8 = 0x18, on connection: inout Connection) {
        packet(from, flags, payload, on: connection)
        lose(from, payload.count, on: &connection)
    }

    /// Skips the next bytes of a side, as if their packet had not been captured.
    func lose(_ from: From, _ count: Int, on connection: inout Connection) {
        connection.next[from.rawValue] &+= UInt32(count)
    }

    /// Sends the FIN of a side.
    mutating func finish(_ from: From, on connection: inout Connection) {
        packet(from, Self.fin, [], on: connection)
        connection.next[from.rawValue] &+= 1
    }

    mutating func reset(_ from: From, on connection: Connection) { packet(from, Self.rst, [], on: connection) }

    /// Both sides send a FIN, and acknowledge the other.
    mutating func end(_ connection: inout Connection) {
        finish(.client, on: &connection)
        finish(.server, on: &connection)
        packet(.client, 0x10, [], on: connection)
    }

    // MARK: One packet

    private mutating func packet(_ from: From, _ flags: UInt8, _ payload: [UInt8], on connection: Connection) {
        let isClient = from == .client
        let ports = isClient ? [connection.port, connection.serverPort] : [connection.serverPort, connection.port]
        var packet = [UInt8](repeating: 2, count: 12) + [8, 0]
        packet += [0x45, 0] + big(UInt16(40 + payload.count)) + [0, 0, 0x40, 0, 64, 6, 0, 0]
        packet += [10, 0, 0, isClient ? 1 : 2, 10, 0, 0, isClient ? 2 : 1] + ports.flatMap(big)
        packet += big(connection.next[from.rawValue]) + big(connection.next[1 - from.rawValue])
        packet += [0x50, flags, 0xFF, 0xFF, 0, 0, 0, 0] + payload
        let captured = min(packet.count, snapLength)
        packets += 1
        bytes += little(1_700_000_000) + little(UInt32(packets)) + little(UInt32(captured))
        bytes += little(UInt32(packet.count)) + packet.prefix(captured)
    }

    private func big(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 0xFF)] }
    private func big(_ number: UInt32) -> [UInt8] { little(number).reversed() }
    private func little(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
