/// What the first bytes of a file show of the capture in it, by which the files of a series are sorted.
public enum CaptureBeginning: Sendable, Hashable {
    /// A capture, possibly compressed with gzip, whose first packet has this time.
    case packet(CaptureTime)
    /// A whole capture without a packet, as a rotation by time leaves when nothing was sent.
    case noPacket
    /// A capture whose first packet does not follow, is damaged or has no time.
    case undated
    /// No capture.
    case noCapture

    /// Compressed bytes are inflated this many at a time, and no further than to the first packet.
    private static let slice = 1 << 12

    /// Examines the first bytes of a file.
    ///
    /// - Parameters:
    ///   - prefix: the bytes; 1 MiB is enough for every capture that has packets.
    ///   - isWhole: whether they are the whole file.
    public init(of prefix: Span<UInt8>, isWhole: Bool) {
        var content = ContentReader()
        var reader = CaptureReader()
        var first: PacketPosition?
        var isCapture = false
        var isDamaged = false
        var index = 0
        do throws(CaptureError) {
            while index < prefix.count, first == nil, !isDamaged {
                let slice = prefix.extracting(index...).extracting(first: Self.slice)
                index += slice.count
                try content.read(slice) { piece in
                    isCapture = isCapture || InputDetector.captureKind(of: piece) != nil
                    guard isCapture, first == nil, !isDamaged else { return }
                    do throws(CaptureError) {
                        try reader.read(piece) { record, _ in first = first ?? record.packetPosition }
                    } catch {
                        isDamaged = true
                    }
                }
            }
            if isWhole, first == nil {
                try content.finish { _ in }
                try reader.finish()
            }
        } catch {
            isDamaged = true
        }
        if let time = first?.time {
            self = .packet(time)
        } else if !isCapture {
            self = .noCapture
        } else {
            self = isWhole && !isDamaged && first == nil ? .noPacket : .undated
        }
    }
}
