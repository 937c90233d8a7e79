extension IPAddress: CustomStringConvertible {
    /// `10.0.0.1`, or for IPv6 the text that RFC 5952 recommends: `2001:db8::1`, `::ffff:10.0.0.1`.
    public var description: String {
        switch self {
        case .v4(let number): Self.dotted(number)
        case .v6(high: 0, let low) where low >> 32 == 0xFFFF:
            "::ffff:" + Self.dotted(UInt32(truncatingIfNeeded: low))
        case .v6(let high, let low): Self.groups(Self.halves(of: high) + Self.halves(of: low))
        }
    }

    private static func dotted(_ number: UInt32) -> String {
        "\(number >> 24).\(number >> 16 & 0xFF).\(number >> 8 & 0xFF).\(number & 0xFF)"
    }

    /// Returns the four 16-bit numbers in a 64-bit one, the highest first.
    private static func halves(of number: UInt64) -> [UInt16] {
        [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: number >> $0) }
    }

    /// Returns the groups with the longest run of two or more zeros replaced with `::`; of several equal runs, the
    /// first (RFC 5952 §4.2).
    private static func groups(_ groups: [UInt16]) -> String {
        var longest = 0..<0
        var run = 0..<0
        for (index, group) in groups.enumerated() {
            run = group != 0 ? (index + 1)..<(index + 1) : run.lowerBound..<(index + 1)
            if run.count > longest.count { longest = run }
        }
        guard longest.count > 1 else { return joined(groups[...]) }
        return joined(groups[..<longest.lowerBound]) + "::" + joined(groups[longest.upperBound...])
    }

    private static func joined(_ groups: ArraySlice<UInt16>) -> String {
        groups.map { String($0, radix: 16) }.joined(separator: ":")
    }
}

extension SocketAddress: CustomStringConvertible {
    /// `10.0.0.1:80`, `[::1]:80`
    public var description: String {
        switch address {
        case .v4: "\(address):\(port)"
        case .v6: "[\(address)]:\(port)"
        }
    }
}
