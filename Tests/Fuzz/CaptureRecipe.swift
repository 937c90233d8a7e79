/// Builds captures from few bytes: matching lengths, addresses and sequence numbers are hard to hit by chance.
///
/// A packet takes two bytes that say how it is sent, and as many of the following bytes as its payload has:
///
///     byte 0    0x01 the server sends; 0x02 on a second connection; 0x0C FIN, RST, SYN or none of them; 0x10 it arrives
///               before the packet that was sent last; 0x20 it is lost; 0x40 the snap length cuts it to half; 0x80 it is
///               preceded by that side's part of the handshake
///     byte 1    the number of payload bytes
enum CaptureRecipe {
    static func capture(_ recipe: ArraySlice<UInt8>) -> [UInt8] {
        var file: [UInt8] = [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0] + [UInt8](repeating: 0, count: 8)
        file += little(65_535) + little(101)
        var next: [UInt32] = [1_000, 0xFFFF_FFF0, 5, 70_000]
        var start = recipe.startIndex
        while recipe.endIndex - start >= 2 {
            let (how, length) = (recipe[start], Int(recipe[start + 1]))
            let end = min(recipe.endIndex, start + 2 + length)
            var payload = Array(recipe[(start + 2)..<end])
            start = end
            if how & 0x80 != 0 { payload = (how & 0x01 == 0 ? request : response) + payload }
            let side = Int(how & 0x03)
            let flags: UInt8 = [0x18, 0x11, 0x14, 0x02][Int(how >> 2 & 0x03)]
            let isEarly = how & 0x10 != 0
            let sequence = isEarly ? next[side] &- UInt32(payload.count / 2 + 1) : next[side]
            next[side] &+= UInt32(payload.count) &+ (flags == 0x02 || flags == 0x11 ? 1 : 0)
            guard how & 0x20 == 0 else { continue }
            let packet = packet(side, flags, sequence, next[side ^ 1], payload)
            let captured = how & 0x40 != 0 ? packet.count - payload.count / 2 : packet.count
            file += little(1_700_000_000) + little(0) + little(UInt32(captured)) + little(UInt32(packet.count))
            file += packet.prefix(captured)
        }
        return file
    }

    /// IPv4 and TCP.
    private static func packet(
        _ side: Int, _ flags: UInt8, _ sequence: UInt32, _ acknowledged: UInt32, _ payload: [UInt8]
    ) -> [UInt8] {
        let isServer = side & 1 != 0
        let clientPort: [UInt8] = side & 2 != 0 ? [0xC0, 0x02] : [0xC0, 0x01]
        let serverPort: [UInt8] = [0x1F, 0x90]
        let length = UInt16(truncatingIfNeeded: 40 + payload.count)
        var packet: [UInt8] = [0x45, 0, UInt8(length >> 8), UInt8(length & 0xFF), 0, 0, 0x40, 0, 64, 6, 0, 0]
        packet += isServer ? [10, 0, 0, 2, 10, 0, 0, 1] : [10, 0, 0, 1, 10, 0, 0, 2]
        packet += isServer ? serverPort + clientPort : clientPort + serverPort
        packet += little(sequence).reversed() + little(acknowledged).reversed()
        return packet + [0x50, flags, 0xFF, 0xFF, 0, 0, 0, 0] + payload
    }

    private static func little(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static let request = Array(
        ("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n").utf8)
    private static let response = Array(
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n").utf8)
}
