/// The two ends of a connection, the same whichever of them is the sender: the key by which connections are found.
struct AddressPair: Hashable, Sendable {
    private let lowerHigh: UInt64
    private let lowerLow: UInt64
    private let upperHigh: UInt64
    private let upperLow: UInt64
    /// The kind of address and the port of both, the lower end first.
    private let tails: UInt64

    /// Returns the pair of a segment's ends, and whether its sender is the upper of the two.
    ///
    /// A socket that is connected to itself has only one end: it is always the lower one.
    static func of(_ segment: TCPSegment) -> (pair: AddressPair, senderIsUpper: Bool) {
        let source = End(segment.source)
        let destination = End(segment.destination)
        if destination < source { return (AddressPair(destination, source), true) }
        return (AddressPair(source, destination), false)
    }

    private init(_ lower: End, _ upper: End) {
        lowerHigh = lower.high
        lowerLow = lower.low
        upperHigh = upper.high
        upperLow = upper.low
        tails = UInt64(lower.tail) << 32 | UInt64(upper.tail)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(tails)
        hasher.combine(lowerLow)
        hasher.combine(upperLow)
        guard lowerHigh | upperHigh != 0 else { return }
        hasher.combine(lowerHigh)
        hasher.combine(upperHigh)
    }

    /// One end, as numbers that compare quickly.
    private struct End {
        var high: UInt64
        var low: UInt64
        /// The kind, 1 for IPv6, and the port.
        var tail: UInt32

        init(_ end: SocketAddress) {
            switch end.address {
            case .v4(let address): (high, low, tail) = (0, UInt64(address), UInt32(end.port))
            case .v6(let high, let low): (self.high, self.low, tail) = (high, low, 0x1_0000 | UInt32(end.port))
            }
        }

        static func < (left: End, right: End) -> Bool {
            if left.low != right.low { return left.low < right.low }
            if left.tail != right.tail { return left.tail < right.tail }
            return left.high < right.high
        }
    }
}
