/// The header of a record (RFC 8446 §5.1): type, version, length.
struct TLSRecord: Sendable {
    /// The type of a record's content.
    enum Content: UInt8, Sendable {
        case changeCipherSpec = 20
        case alert = 21
        case handshake = 22
        case applicationData = 23
        case heartbeat = 24
    }

    static let headerCount = 5
    /// The most bytes that may follow a record's header: 2¹⁴, and 2,048 of expansion (RFC 5246 §6.2.3). TLS 1.3
    /// allows 256.
    static let maximumCount = 1 << 14 + 2_048
    static let maximumCount13 = 1 << 14 + 256

    let content: Content
    /// The number of bytes that follow the header.
    let count: Int

    /// Reads a header; nil if the bytes are not one.
    init?(_ bytes: Span<UInt8>) {
        guard bytes.count >= Self.headerCount, let content = Content(rawValue: bytes[0]), bytes[1] == 3 else {
            return nil
        }
        count = Int(bytes[3]) << 8 | Int(bytes[4])
        guard count <= Self.maximumCount else { return nil }
        self.content = content
    }
}

/// Splits the bytes of one side into whole records, however they are segmented.
struct TLSRecordReader: Sendable {
    /// The beginning of an incomplete record. At most ``TLSRecord/maximumCount`` and the header.
    private(set) var held: [UInt8] = []
    /// Whether what follows is not a record, so that nothing after it can be read.
    private(set) var isBroken = false

    /// Reads the next bytes.
    ///
    /// - Parameter visit: receives a record with its header, and returns whether to continue.
    mutating func read(_ bytes: Span<UInt8>, _ visit: (TLSRecord, Span<UInt8>) -> Bool) {
        var index = 0
        while index < bytes.count, !isBroken {
            if held.isEmpty {
                let rest = bytes.extracting(index..<bytes.count)
                if rest.count >= TLSRecord.headerCount {
                    guard let record = TLSRecord(rest) else {
                        isBroken = true
                        return
                    }
                    let end = TLSRecord.headerCount + record.count
                    if rest.count >= end {
                        index += end
                        guard visit(record, rest.extracting(0..<end)) else { return }
                        continue
                    }
                }
            }
            guard let record = hold(bytes, &index) else { continue }
            var whole: [UInt8] = []
            swap(&whole, &held)
            let continues = visit(record, whole.span)
            whole.removeAll(keepingCapacity: true)
            swap(&whole, &held)
            guard continues else { return }
        }
        if held.isEmpty { held = [] }
    }

    /// Holds the bytes that a record still lacks.
    ///
    /// - Returns: the record, once it is whole.
    private mutating func hold(_ bytes: Span<UInt8>, _ index: inout Int) -> TLSRecord? {
        while index < bytes.count {
            let need: Int
            if held.count < TLSRecord.headerCount {
                need = TLSRecord.headerCount
            } else {
                guard let record = TLSRecord(held.span) else {
                    isBroken = true
                    return nil
                }
                need = TLSRecord.headerCount + record.count
                if held.count == need { return record }
            }
            let added = min(need - held.count, bytes.count - index)
            for offset in index..<(index + added) { held.append(bytes[offset]) }
            index += added
        }
        guard let record = TLSRecord(held.span), held.count == TLSRecord.headerCount + record.count else { return nil }
        return record
    }
}
