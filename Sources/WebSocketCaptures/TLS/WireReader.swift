/// Reads integers and vectors of TLS's presentation language (RFC 8446 §3) from the front of bytes.
struct WireReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    /// Reads the next `count` bytes; returns nil if there are fewer.
    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// Reads an integer of `count` bytes, 1 to 3.
    mutating func integer(_ count: Int) -> Int? { take(count).map { $0.reduce(0) { $0 << 8 | Int($1) } } }

    /// Reads a vector, preceded by its length in this many bytes.
    mutating func vector(_ lengthCount: Int) -> ArraySlice<UInt8>? { integer(lengthCount).flatMap { take($0) } }
}
