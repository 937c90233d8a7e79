/// What an Interface Description Block says about an interface's packets.
struct PcapngInterface: Sendable {
    let link: LinkType
    /// The most bytes that were captured of a packet; 0 for no limit.
    let snapLength: UInt32
    let clock: CaptureClock

    /// Reads a block.
    ///
    /// - Parameters:
    ///   - body: the block without the length at its end, at least 16 bytes.
    ///   - offset: its offset in the file.
    ///   - index: the interface's index, for the error.
    /// - Throws: an error if its options run past its end: whatever followed would be a guess.
    init(_ body: Span<UInt8>, _ order: ByteOrder, at offset: UInt64, index: Int) throws(CaptureError) {
        link = LinkType(rawValue: body.uint16(at: 8, order))
        snapLength = body.uint32(at: 12, order)

        var resolution: UInt8 = 6
        var secondsBefore: Int64 = 0
        var position = 16
        while position &+ 4 <= body.count {
            let code = body.uint16(at: position, order)
            let length = Int(body.uint16(at: position &+ 2, order))
            let value = position &+ 4
            guard code != 0 else { break }
            guard length <= body.count &- value else {
                let place = offset &+ UInt64(position)
                throw CaptureError(
                    at: place, "an option of interface \(index) runs past the end of its block, at byte \(place)")
            }
            switch (code, length) {
            case (9, 1): resolution = body[value]
            case (14, 8): secondsBefore = Int64(bitPattern: body.uint64(at: value, order))
            default: break
            }
            position = value &+ (length &+ 3) & ~3
        }
        clock = CaptureClock(resolution: resolution, offset: secondsBefore)
    }
}
