/// Merges the packets of several capture files by time, as `mergecap` does: those of one file keep their order, and of
/// packets with the same time those of the earlier file come first. They are numbered from 1 in the merged order.
///
/// The caller reads the file ``nextFile`` a piece at a time. A file is opened when the time of its first packet comes,
/// so of a series that was rotated only one is open at once.
struct PacketMerge: Sendable {
    typealias Visitor = (PacketRecord, Span<UInt8>) -> Void

    private let firstTimes: [CaptureTime]
    /// The files that are being read, in order.
    private var open: [MergedFile] = []
    private var openedCount = 0
    /// The number of packets that were visited.
    private var count: UInt64 = 0
    /// Whether a file contains secrets that decrypt its traffic.
    private(set) var holdsDecryptionSecrets = false

    /// - Parameter firstTimes: the time of each file's first packet, in ascending order.
    init(firstTimes: [CaptureTime]) {
        self.firstTimes = firstTimes
        openNext()
    }

    /// The index of the file of which more bytes are needed; nil if all files have ended.
    var nextFile: Int? { open.first(where: \.isEmpty)?.index }

    /// Reads the next piece of the file ``nextFile``.
    ///
    /// - Parameters:
    ///   - secrets: receives every key log in the files, before the packets after it.
    ///   - visit: receives every packet that comes before those that are not known yet.
    /// - Throws: an error if an earlier piece of that file is damaged: the file has ended.
    mutating func read(_ piece: Span<UInt8>, secrets: (Span<UInt8>) -> Void, visit: Visitor) throws(CaptureError) {
        guard let index = open.firstIndex(where: \.isEmpty) else { return }
        // Its packets are counted while it is read.
        var file = open.remove(at: index)
        if let failure = file.failure {
            merge(secrets, visit)
            throw failure
        }
        file.feed(piece)
        if open.isEmpty {
            let limit = openedCount < firstTimes.count ? firstTimes[openedCount] : CaptureTime(nanoseconds: .max)
            file.readOn(secrets: secrets) { time, record, bytes in
                if time <= limit { pass(record, bytes, visit) }
                return time <= limit
            }
        }
        open.insert(file, at: index)
        merge(secrets, visit)
    }

    /// Ends the file ``nextFile``.
    ///
    /// - Throws: an error if it is damaged, or ends in the middle of something.
    mutating func endFile(secrets: (Span<UInt8>) -> Void, visit: Visitor) throws(CaptureError) {
        guard let index = open.firstIndex(where: \.isEmpty) else { return }
        var file = open.remove(at: index)
        defer { merge(secrets, visit) }
        try file.finish()
    }

    private mutating func openNext() {
        guard openedCount < firstTimes.count else { return }
        open.append(MergedFile(index: openedCount))
        openedCount += 1
    }

    private mutating func pass(_ record: PacketRecord, _ bytes: Span<UInt8>, _ visit: Visitor) {
        var record = record
        count &+= 1
        record.packetPosition.packet = count
        visit(record, bytes)
    }

    /// Visits packets until more bytes of a file are needed.
    private mutating func merge(_ secrets: (Span<UInt8>) -> Void, _ visit: Visitor) {
        while true {
            var first: (index: Int, time: CaptureTime)?
            for index in open.indices {
                if open[index].isEmpty {
                    open[index].readOn(secrets: secrets) { _, _, _ in false }
                    holdsDecryptionSecrets = holdsDecryptionSecrets || open[index].holdsDecryptionSecrets
                }
                guard let time = open[index].time else { return }
                if first.map({ time < $0.time }) ?? true { first = (index, time) }
            }
            if openedCount < firstTimes.count, first.map({ firstTimes[openedCount] < $0.time }) ?? true {
                openNext()
            } else if let index = first?.index {
                var file = open.remove(at: index)
                file.takeFirst { pass($0, $1, visit) }
                open.insert(file, at: index)
            } else {
                return
            }
        }
    }
}
