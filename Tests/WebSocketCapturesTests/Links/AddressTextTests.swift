import Testing
import WebSocketCaptures

@Suite("Addresses as text")
struct AddressTextTests {
    @Test("as RFC 5952 recommends")
    func text() {
        let cases: [(UInt64, UInt64, String)] = [
            (0, 0, "::"),
            (0, 1, "::1"),
            (0x2001_0DB8_0000_0000, 0x0000_0000_0002_0001, "2001:db8::2:1"),
            (0x2001_0DB8_0000_0001, 0x0001_0001_0001_0001, "2001:db8:0:1:1:1:1:1"),
            (0x2001_0000_0000_0001, 0x0000_0000_0000_0001, "2001:0:0:1::1"),
            (0x2001_0DB8_0000_0000, 0x0001_0000_0000_0001, "2001:db8::1:0:0:1"),
            (0xFE80_0000_0000_0000, 0, "fe80::"),
            (0x0000_0000_0000_0001, 0xABCD_0000_0000_0000, "::1:abcd:0:0:0"),
            (0, 0xFFFF_0102_0304, "::ffff:1.2.3.4"),
            (0, 0x1_0000_0102_0304, "::1:0:102:304"),
            (.max, .max, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ]
        for (high, low, text) in cases { #expect(IPAddress.v6(high: high, low: low).description == text) }
        #expect(IPAddress.v4(0x0A00_00FF).description == "10.0.0.255")
        #expect(SocketAddress(address: .v4(.max), port: 65535).description == "255.255.255.255:65535")
        #expect(SocketAddress(address: .v6(high: 0, low: 1), port: 80).description == "[::1]:80")
    }

    @Test("round trip: every pattern of zero and other groups")
    func patterns() {
        for pattern in 0..<256 {
            var high: UInt64 = 0
            var low: UInt64 = 0
            for group in 0..<4 {
                if pattern >> (7 - group) & 1 == 1 { high |= 0xA1 << UInt64(48 - 16 * group) }
                if pattern >> (3 - group) & 1 == 1 { low |= 0x0F00 << UInt64(48 - 16 * group) }
            }
            let text = IPAddress.v6(high: high, low: low).description
            #expect(groups(text) == halves(high) + halves(low), "\(text)")
            #expect(!text.contains(":::"))
        }
    }

    private func halves(_ number: UInt64) -> [UInt64] {
        [48, 32, 16, 0].map { number >> $0 & 0xFFFF }
    }

    /// Parses an address without dots.
    private func groups(_ text: String) -> [UInt64] {
        func numbers(_ part: Substring) -> [UInt64] { part.split(separator: ":").map { UInt64($0, radix: 16) ?? .max } }
        let characters = Array(text)
        guard
            let gap = characters.indices.dropLast().first(where: { characters[$0] == ":" && characters[$0 + 1] == ":" })
        else { return numbers(text[...]) }
        let front = numbers(text.prefix(gap))
        let back = numbers(text.dropFirst(gap + 2))
        return front + Array(repeating: 0, count: 8 - front.count - back.count) + back
    }
}
