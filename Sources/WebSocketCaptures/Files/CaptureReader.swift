import WebSocketFrames

/// Reads the packets from a capture file, pcap or pcapng, passed in pieces of any size.
///
/// The format, the byte order and the kind of time stamps are recognised by the first bytes. Packets and errors are
/// the same however the file is cut. A packet that lies within one piece is passed on in place; one that crosses
/// pieces is collected first, so no more is ever kept than ``maximumRecordLength`` bytes of the file and the
/// descriptions of ``maximumInterfaceCount`` interfaces.
///
/// ```swift
/// var reader = CaptureReader()
/// try reader.read(received.span) { record, packet in
///     print(record.packetPosition.packet, packet.count)
/// }
/// try reader.finish()
/// ```
public struct CaptureReader: Sendable {
    /// The longest packet of a pcap file, and the longest packet, interface or section block of a pcapng file, in bytes
    /// (16 MiB).
    ///
    /// IP packets have up to 64 KiB, and what network cards coalesce up to 512 KiB. A length beyond this ceiling
    /// comes from a damaged file, and believing it would cost its memory. What is only skipped may have any length.
    public static let maximumRecordLength = 1 << 24

    /// The most interfaces that one section of a pcapng file may describe. Captures have a few; each costs memory.
    public static let maximumInterfaceCount = 1 << 16

    private var file = CaptureFile()
    /// The offset in the file of the unit that is read next: a header, a packet, a block.
    private var offset: UInt64 = 0
    /// The number of bytes from ``offset`` on that are of no interest.
    private var passing: UInt64 = 0
    /// The first `heldCount` bytes are the beginning of the next unit, as far as earlier pieces contained it. `0 <=
    /// heldCount <= held.count`; what is after them is free space.
    private var held: [UInt8] = []
    private var heldCount = 0
    /// The number of bytes of the unit that must be together; `heldCount < need` if any are held.
    private var need = 0
    private var failure: CaptureError?

    /// Creates a reader at the start of a file.
    public init() {}

    /// Whether the file contains secrets that decrypt its traffic (a Decryption Secrets Block of pcapng), as far as
    /// it was read.
    public var holdsDecryptionSecrets: Bool { file.holdsDecryptionSecrets }

    /// Reads the next piece of the file.
    ///
    /// - Parameters:
    ///   - piece: the next bytes of the file.
    ///   - secrets: receives every key log in the file (a Decryption Secrets Block), in its place among the packets.
    ///   - visit: receives every packet that is now whole, in the file's order, with its captured bytes.
    /// - Throws: an error where the file is damaged; all packets before that place have been visited. From then on
    ///   every call throws the same again.
    public mutating func read(
        _ piece: Span<UInt8>, secrets: (Span<UInt8>) -> Void = { _ in }, visit: (PacketRecord, Span<UInt8>) -> Void
    ) throws(CaptureError) {
        if let failure { throw failure }
        do throws(CaptureError) {
            var index = 0
            while true {
                index &+= pass(piece.count &- index)
                guard passing == 0 else { return }
                if heldCount == 0 {
                    let rest = piece.extracting(index...)
                    switch try file.step(rest, at: offset, secrets: secrets, visit) {
                    case .done(let count, let following):
                        index &+= count
                        advance(after: count, passing: following)
                    case .needs(let count):
                        need = count
                        hold(rest)
                        return
                    }
                } else {
                    let count = Swift.min(need &- heldCount, piece.count &- index)
                    hold(piece.extracting(index..<index &+ count))
                    index &+= count
                    guard heldCount == need else { return }
                    let unit = held
                    switch try file.step(unit.span.extracting(..<need), at: offset, secrets: secrets, visit) {
                    case .done(let count, let following):
                        heldCount = 0
                        advance(after: count, passing: following)
                    case .needs(let count): need = count
                    }
                }
            }
        } catch {
            failure = error
            throw error
        }
    }

    /// Ends the file.
    ///
    /// - Throws: an error if it is damaged, or ends in the middle of something.
    public mutating func finish() throws(CaptureError) {
        if failure == nil {
            failure = file.end(held.span.extracting(..<heldCount), at: offset, unseen: passing)
        }
        if let failure { throw failure }
    }

    /// Skips up to `count` bytes that are of no interest, and returns how many were skipped.
    @inline(__always)
    private mutating func pass(_ count: Int) -> Int {
        guard passing > 0 else { return 0 }
        let passed = Swift.min(passing, UInt64(truncatingIfNeeded: count))
        passing &-= passed
        offset &+= passed
        return Int(truncatingIfNeeded: passed)
    }

    @inline(__always)
    private mutating func advance(after count: Int, passing following: UInt64) {
        offset &+= UInt64(truncatingIfNeeded: count)
        passing = following
    }

    /// Keeps bytes of a unit that is not whole yet. The space grows with what has arrived, not with what is claimed.
    private mutating func hold(_ bytes: Span<UInt8>) {
        let start = heldCount
        let known = bytes.extracting(first: held.count &- start)
        var room = held.mutableSpan
        room.copy(known, at: start)
        held.append(bytes.extracting(known.count...))
        heldCount &+= bytes.count
    }
}
