/// The payload of a control frame: 0…125 bytes, held in the value itself (RFC 6455 §5.5).
///
/// It is a collection of its unmasked bytes, so `Array(payload)` or a buffer's `append(contentsOf: payload)` copies
/// them.
public struct ControlPayload: Sendable, Hashable, RandomAccessCollection {
    /// The largest payload of a control frame in bytes (RFC 6455 §5.5).
    public static let maximumCount = 125

    // Stored inline, with no more alignment than a word needs, to keep a reader's state and an event small.
    // Invariant: the bytes at or after `count` are zero, which makes equal payloads equal values.
    var storage = Storage()
    var length: UInt8 = 0

    /// 128 bytes.
    struct Storage: Sendable, Hashable {
        struct Quarter: Sendable, Hashable {
            var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

            static func == (left: Quarter, right: Quarter) -> Bool { left.words == right.words }

            func hash(into hasher: inout Hasher) {
                hasher.combine(words.0)
                hasher.combine(words.1)
                hasher.combine(words.2)
                hasher.combine(words.3)
            }
        }

        var first = Quarter()
        var second = Quarter()
        var third = Quarter()
        var fourth = Quarter()
    }

    /// Creates an empty payload.
    public init() {}

    /// Creates a payload; nil if there are more than 125 bytes.
    ///
    /// - Parameter bytes: the bytes, unmasked.
    public init?(_ bytes: some Sequence<UInt8>) {
        // Not appended to `self`: the optimizer of Swift 6.3 loses changes that a failable initializer makes to it.
        var payload = ControlPayload()
        for byte in bytes { guard payload.append(byte) else { return nil } }
        self = payload
    }

    /// Adds a byte; returns false, and changes nothing, if there are 125 already.
    @discardableResult
    package mutating func append(_ byte: UInt8) -> Bool {
        let index = count
        guard index < Self.maximumCount else { return false }
        storage[index] = byte
        length &+= 1
        return true
    }

    /// The index of the first byte: 0.
    public var startIndex: Int { 0 }
    /// The index after the last byte: the number of bytes, 0…125.
    public var endIndex: Int { Int(length) }

    /// The byte at `index`, unmasked. An index outside 0…`count − 1` is a mistake of the caller, and traps.
    public subscript(index: Int) -> UInt8 {
        precondition(index >= 0 && index < Int(length), "index out of range")
        return storage[index]
    }
}
