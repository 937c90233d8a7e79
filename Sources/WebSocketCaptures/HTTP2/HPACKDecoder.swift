/// A header field.
struct HPACKField: Sendable, Hashable {
    var name: [UInt8]
    var value: [UInt8]

    /// Its size in a table (RFC 7541 §4.1).
    var cost: Int { name.count + value.count + 32 }
}

/// Decodes the header blocks of one direction (RFC 7541).
///
/// A block whose fields are larger than ``maximumDecoded`` in all is regarded as damaged, and so is every string that is
/// longer: a few bytes may represent fields of kilobytes, again and again.
struct HPACKDecoder: Sendable {
    /// The largest table of fields, whatever the peer allows: what a table needs is known in advance.
    static let largestTable = 1 << 16
    /// The largest total size of the fields of a block.
    static let maximumDecoded = 1 << 18

    /// The fields, the oldest first; those before ``oldest`` have been evicted.
    private var table: [HPACKField] = []
    private var oldest = 0
    private var tableCost = 0
    private var tableLimit = 4_096
    /// The size that the receiver allows (SETTINGS_HEADER_TABLE_SIZE).
    private var allowed = 4_096

    /// The size of the table in bytes.
    var cost: Int { tableCost }

    /// Notes how large a table the receiver of the blocks allows (RFC 9113 §6.5.2). A sender may continue to use what
    /// was allowed before until it has noticed, so the larger of the two counts.
    mutating func allow(_ limit: UInt32) {
        allowed = max(allowed, Int(clamping: limit))
    }

    /// Decodes a block; returns nil if it is damaged. From then on nothing can be decoded.
    mutating func decode(_ block: [UInt8]) -> [HPACKField]? {
        var fields: [HPACKField] = []
        var cost = 0
        var rest = block[...]
        while let first = rest.first {
            let field: HPACKField?
            switch first {
            case 0x80...: field = indexed(&rest)
            case 0x40..<0x80:
                field = literal(&rest, bits: 6)
                if let field { insert(field) }
            case 0x20..<0x40:
                // Only allowed at the start of a block (RFC 7541 §4.2).
                guard fields.isEmpty, let limit = integer(&rest, bits: 5), limit <= allowed,
                    limit <= Self.largestTable
                else { return nil }
                tableLimit = limit
                evict(for: 0)
                continue
            default: field = literal(&rest, bits: 4)
            }
            guard let field else { return nil }
            cost += field.cost
            guard cost <= Self.maximumDecoded else { return nil }
            fields.append(field)
        }
        return fields
    }

    // MARK: Representations

    private func indexed(_ rest: inout ArraySlice<UInt8>) -> HPACKField? {
        integer(&rest, bits: 7).flatMap(field)
    }

    private func literal(_ rest: inout ArraySlice<UInt8>, bits: Int) -> HPACKField? {
        guard let index = integer(&rest, bits: bits) else { return nil }
        guard let name = index == 0 ? string(&rest) : field(index)?.name, let value = string(&rest) else { return nil }
        return HPACKField(name: name, value: value)
    }

    private func field(_ index: Int) -> HPACKField? {
        let known = HPACKStaticTable.fields
        if index >= 1, index <= known.count { return known[index - 1] }
        // The newest has the lowest index.
        let place = table.count - (index - known.count)
        return place >= oldest && place < table.count ? table[place] : nil
    }

    private mutating func insert(_ field: HPACKField) {
        evict(for: field.cost)
        guard field.cost <= tableLimit else { return }
        table.append(field)
        tableCost += field.cost
    }

    /// Makes room for a field; one that is larger than the table empties it (RFC 7541 §4.4).
    private mutating func evict(for cost: Int) {
        while tableCost + cost > tableLimit, oldest < table.count {
            tableCost -= table[oldest].cost
            table[oldest] = HPACKField(name: [], value: [])
            oldest += 1
        }
        // Each is moved a bounded number of times.
        guard oldest > table.count / 2 else { return }
        table.removeFirst(oldest)
        oldest = 0
    }

    // MARK: Primitives

    /// Decodes an integer with a prefix of this many bits (RFC 7541 §5.1); returns nil if it is over 2²⁸.
    private func integer(_ rest: inout ArraySlice<UInt8>, bits: Int) -> Int? {
        guard let first = rest.popFirst() else { return nil }
        let most = 1 << bits - 1
        var value = Int(first) & most
        guard value == most else { return value }
        var shift = 0
        while let byte = rest.popFirst() {
            guard shift <= 21 else { return nil }
            value += Int(byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 { return value }
        }
        return nil
    }

    /// Decodes a string, in Huffman code or plain (RFC 7541 §5.2).
    private func string(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard let first = rest.first, let count = integer(&rest, bits: 7), count <= rest.count else { return nil }
        let bytes = rest.prefix(count)
        rest = rest.dropFirst(count)
        return first & 0x80 == 0 ? Array(bytes) : HPACKHuffman.decode(bytes, ceiling: Self.maximumDecoded)
    }
}
