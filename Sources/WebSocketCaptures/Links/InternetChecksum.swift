/// The checksum of TCP (RFC 9293 §3.1): the ones' complement sum of its 16-bit words, including those of the
/// addresses.
///
/// A wrong one proves little on its own. A card that computes checksums does so after the capture, and until then
/// there is nothing in their place, or the sum of the addresses alone; a card that coalesces segments leaves the
/// checksum of the first. Neither is examined. Programs that rewrite addresses in captures leave all checksums wrong:
/// ``TCPAssembler`` trusts a side's checksums only if others of it are right.
enum InternetChecksum {
    /// The longest segment, with its header, that cannot have been coalesced by the card.
    static let longestSegment = 1_480

    /// Returns the ones' complement sum of bytes, the first of which is the higher one of its word.
    static func sum(_ bytes: Span<UInt8>, from start: Int, upTo end: Int) -> UInt16 {
        // A carry out of 64 bits counts as one, since 2^64 is 1 modulo 2^16 - 1.
        var (wide, carries): (UInt64, UInt64) = (0, 0)
        var index = start
        while end &- index >= 8 {
            let (added, carry) = wide.addingReportingOverflow(bytes.uint64(at: index))
            (wide, carries) = (added, carries &+ (carry ? 1 : 0))
            index &+= 8
        }
        var sum = (wide >> 32) &+ (wide & 0xFFFF_FFFF) &+ carries
        while end &- index >= 2 {
            sum &+= UInt64(bytes.uint16(at: index))
            index &+= 2
        }
        if index < end { sum &+= UInt64(bytes[index]) << 8 }
        return folded(sum)
    }

    /// Returns a sum with the carries out of 16 bits added to it.
    static func folded(_ sum: UInt64) -> UInt16 {
        var sum = sum
        while sum > 0xFFFF { sum = (sum >> 16) &+ (sum & 0xFFFF) }
        return UInt16(sum)
    }
}

extension IPAddress {
    /// The sum of its words, not folded.
    fileprivate var sum: UInt64 {
        switch self {
        case .v4(let address): UInt64(address >> 16) &+ UInt64(address & 0xFFFF)
        case .v6(let high, let low):
            (high >> 32) &+ (high & 0xFFFF_FFFF) &+ (low >> 32) &+ (low & 0xFFFF_FFFF)
        }
    }
}

extension PacketHeaders {
    /// Returns the sum of everything that the checksum covers except the payload, if the segment was captured whole;
    /// nil if the checksum proves nothing.
    func sumBeforePayload(_ bytes: Span<UInt8>, payloadFrom start: Int) -> UInt16? {
        let length = end &- position
        guard !isClipped, length <= InternetChecksum.longestSegment else { return nil }
        let stated = bytes.uint16(at: position &+ 16)
        guard stated != 0, stated != 0xFFFF else { return nil }
        let addresses = source.sum &+ destination.sum &+ 6
        let known = InternetChecksum.folded(addresses &+ UInt64(length))
        // What is there before a card has done its work; Windows omits the length if the card is to split the data.
        let withoutLength = InternetChecksum.folded(addresses)
        guard stated != known, stated != ~known, stated != withoutLength, stated != ~withoutLength else { return nil }
        return InternetChecksum.folded(
            UInt64(known) &+ UInt64(InternetChecksum.sum(bytes, from: position, upTo: start)))
    }
}
