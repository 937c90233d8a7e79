/// Addresses in the forms that exports print.
enum AddressText {
    /// Parses `127.0.0.1:8080` or `[::1]:8080`; nil for names, and if nothing is known (`:0`).
    static func socketAddress(_ text: Span<UInt8>) -> SocketAddress? {
        var colon = text.count
        while colon > 0, text[colon - 1] != ASCII.colon { colon -= 1 }
        guard colon > 0 else { return nil }
        return socketAddress(host: text.extracting(0..<(colon - 1)), port: text.extracting(colon...))
    }

    /// Parses an address in two parts. The host may be in brackets.
    static func socketAddress(host: Span<UInt8>, port: Span<UInt8>) -> SocketAddress? {
        var index = 0
        guard let number = DecimalText.number(in: port, &index), index == port.count, let port = UInt16(exactly: number)
        else { return nil }
        let isBracketed = host.count > 2 && host.has("[") && host[host.count - 1] == ASCII.closeBracket
        let address = isBracketed ? v6(host.extracting(1..<(host.count - 1))) : v4(host) ?? v6(host)
        return address.map { SocketAddress(address: $0, port: port) }
    }

    /// Parses four numbers of 0…255.
    private static func v4(_ text: Span<UInt8>) -> IPAddress? {
        var index = 0
        guard let address = fourNumbers(text, &index), index == text.count else { return nil }
        return .v4(address)
    }

    private static func fourNumbers(_ text: Span<UInt8>, _ index: inout Int) -> UInt32? {
        var address: UInt32 = 0
        for part in 0..<4 {
            if part > 0 {
                guard text.has(".", at: index) else { return nil }
                index += 1
            }
            guard let number = DecimalText.number(in: text, &index), number < 256 else { return nil }
            address = address << 8 | UInt32(number)
        }
        return address
    }

    /// Parses RFC 4291 §2.2: groups of hexadecimal digits, `::` once for zeros, the last 32 bits possibly as IPv4.
    private static func v6(_ text: Span<UInt8>) -> IPAddress? {
        var groups: [UInt16] = []
        /// The number of groups before `::`.
        var compressed: Int?
        var index = 0
        if text.has("::") {
            compressed = 0
            index = 2
        }
        while index < text.count, groups.count < 8 {
            let start = index
            while index < text.count, text[index].isHexDigit { index += 1 }
            if text.has(".", at: index) {
                index = start
                guard let last = fourNumbers(text, &index), index == text.count else { return nil }
                groups += [UInt16(last >> 16), UInt16(truncatingIfNeeded: last)]
                break
            }
            guard index > start, index - start <= 4 else { return nil }
            groups.append((start..<index).reduce(0) { $0 << 4 | UInt16(HexDigits.value(of: text[$1])) })
            guard index < text.count else { break }
            guard text[index] == ASCII.colon, index + 1 < text.count else { return nil }
            index += 1
            if text[index] == ASCII.colon {
                guard compressed == nil else { return nil }
                compressed = groups.count
                index += 1
            }
        }
        guard index == text.count else { return nil }
        if let compressed {
            guard groups.count < 8 else { return nil }
            groups.insert(contentsOf: [UInt16](repeating: 0, count: 8 - groups.count), at: compressed)
        }
        guard groups.count == 8 else { return nil }
        let high = groups[..<4].reduce(0) { $0 << 16 | UInt64($1) }
        return .v6(high: high, low: groups[4...].reduce(0) { $0 << 16 | UInt64($1) })
    }
}
