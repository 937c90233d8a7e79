import WebSocketFrames

/// One of the files of a ``PacketMerge``: holds what was read of it and not yet visited, no more than a piece of the
/// file and the packets in it.
struct MergedFile: Sendable {
    /// A compressed piece is read in slices of this many bytes, each of which inflates to 4 MiB at most.
    private static let compressedSlice = 1 << 12

    /// Its index among the files.
    let index: Int
    /// What is wrong with it, at the end of what has been read.
    private(set) var failure: CaptureError?

    private var content = ContentReader()
    private var reader = CaptureReader()
    private var queue = PacketQueue()
    /// The bytes that have been fed; those from `readCount` on have not been read.
    private var piece: [UInt8] = []
    private var readCount = 0

    init(index: Int) { self.index = index }

    /// Whether it holds no packet.
    var isEmpty: Bool { queue.time == nil }

    /// The time of the first packet it holds; nil if it holds none.
    var time: CaptureTime? { queue.time }

    var holdsDecryptionSecrets: Bool { reader.holdsDecryptionSecrets }

    mutating func feed(_ bytes: Span<UInt8>) {
        piece.removeAll(keepingCapacity: true)
        piece.append(bytes)
        readCount = 0
    }

    /// Reads until it holds a packet, as far as it has been fed.
    ///
    /// - Parameter take: receives every packet with its time, and returns false if the packet, and all after it, are
    ///   to be held.
    mutating func readOn(
        secrets: (Span<UInt8>) -> Void, take: (CaptureTime, PacketRecord, Span<UInt8>) -> Bool
    ) {
        // Each stage runs while the previous one does, so they cannot be accessed through `self`.
        var (content, reader, queue) = (ContentReader.plain, CaptureReader(), PacketQueue())
        swap(&content, &self.content)
        swap(&reader, &self.reader)
        swap(&queue, &self.queue)
        defer {
            swap(&content, &self.content)
            swap(&reader, &self.reader)
            swap(&queue, &self.queue)
        }
        let piece = piece
        while queue.time == nil, failure == nil, readCount < piece.count {
            let sliceCount = if case .plain = content { piece.count } else { Self.compressedSlice }
            let slice = piece.span.extracting(readCount...).extracting(first: sliceCount)
            readCount += slice.count
            var fault: CaptureError?
            do throws(CaptureError) {
                try content.read(slice) { part in
                    guard fault == nil else { return }
                    do throws(CaptureError) {
                        try reader.read(part, secrets: secrets) { queue.add($0, $1, take) }
                    } catch {
                        fault = error
                    }
                }
            } catch {
                fault = fault ?? error
            }
            failure = fault
        }
    }

    /// Removes the first packet, and passes it on.
    mutating func takeFirst(_ visit: (PacketRecord, Span<UInt8>) -> Void) { queue.takeFirst(visit) }

    /// Ends the file.
    mutating func finish() throws(CaptureError) {
        if let failure { throw failure }
        // A capture has more bytes than those that may be left here.
        try content.finish { _ in }
        try reader.finish()
    }
}

/// Packets in their order, with their bytes.
private struct PacketQueue: Sendable {
    private var bytes: [UInt8] = []
    private var packets: [(time: CaptureTime, record: PacketRecord, range: Range<Int>)] = []
    private var index = 0
    /// The time of the last packet that was added: that of the next one if the file does not say.
    private var lastTime = CaptureTime(nanoseconds: 0)

    /// The time of the first packet; nil if there is none.
    var time: CaptureTime? { index < packets.count ? packets[index].time : nil }

    mutating func add(
        _ record: PacketRecord, _ packet: Span<UInt8>, _ take: (CaptureTime, PacketRecord, Span<UInt8>) -> Bool
    ) {
        lastTime = record.packetPosition.time ?? lastTime
        if packets.isEmpty, take(lastTime, record, packet) { return }
        packets.append((lastTime, record, bytes.count..<bytes.count + packet.count))
        bytes.append(packet)
    }

    mutating func takeFirst(_ visit: (PacketRecord, Span<UInt8>) -> Void) {
        let first = packets[index]
        index += 1
        visit(first.record, bytes.span.extracting(first.range))
        guard index == packets.count else { return }
        index = 0
        packets.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }
}
