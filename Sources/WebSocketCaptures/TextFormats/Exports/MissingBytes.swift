/// What Wireshark and TShark write between a side's bytes if the capture lacks some: a record of its own, whose bytes
/// are the text `[13 bytes missing in capture file]` and, in newer versions, a zero.
///
/// The peer never sent them. Nothing else marks such a record, so its bytes must identify it.
enum MissingBytes {
    /// Returns how many bytes are missing, if the record says so.
    static func count(in record: Span<UInt8>) -> UInt64? {
        var index = 0
        guard let count = start(of: record, &index) else { return nil }
        guard record.has(" missing in capture file]", at: index) else { return nil }
        index += " missing in capture file]".utf8.count
        if index < record.count, record[index] == 0 { index += 1 }
        return index == record.count ? count : nil
    }

    /// Returns whether such a record may begin here: the 16 bytes of a dump's line cut it somewhere.
    static func mayBegin(_ line: Span<UInt8>) -> Bool {
        var index = 0
        return start(of: line, &index) != nil
    }

    /// Matches `[13 bytes`, where the `s` may be missing.
    private static func start(of record: Span<UInt8>, _ index: inout Int) -> UInt64? {
        guard record.has("[") else { return nil }
        index = 1
        guard let count = DecimalText.number(in: record, &index), record.has(" byte", at: index) else { return nil }
        index += 5
        if record.has("s", at: index) { index += 1 }
        return count
    }
}
