/// The handshake messages of one side (RFC 8446 §4), however they are cut into records.
///
/// Only those that matter to records are kept; of the others the bytes are only counted. A message that is kept may
/// have ``longestMessage`` bytes.
struct HandshakeMessages: Sendable {
    /// The messages that are kept.
    enum Kind: UInt8, Sendable {
        case clientHello = 1
        case serverHello = 2
        case encryptedExtensions = 8
        case keyUpdate = 24
    }

    /// The longest message: extensions alone can have 64 KiB.
    static let longestMessage = 1 << 17

    private static let headerCount = 4

    /// The header of the current message and, if the message is kept, the part of it that has arrived.
    private var held: [UInt8] = []
    /// The number of bytes still to come of a message that is not kept.
    private var skipping = 0

    /// The number of bytes that are held.
    var cost: Int { held.count }

    /// Whether no message is incomplete.
    var isBetweenMessages: Bool { held.isEmpty && skipping == 0 }

    /// Reads the content of a record.
    ///
    /// - Parameter visit: receives the type of each message once its header has arrived, and the body once that is
    ///   complete; the body of one that is not kept is empty.
    /// - Returns: false if there is a message that is too long.
    mutating func read(_ fragment: Span<UInt8>, _ visit: (UInt8, ArraySlice<UInt8>) -> Void) -> Bool {
        var index = 0
        while index < fragment.count {
            if skipping > 0 {
                let skipped = min(skipping, fragment.count - index)
                skipping -= skipped
                index += skipped
                continue
            }
            held.append(fragment[index])
            index += 1
            guard held.count >= Self.headerCount else { continue }
            let count = Int(held[1]) << 16 | Int(held[2]) << 8 | Int(held[3])
            guard Kind(rawValue: held[0]) != nil else {
                visit(held[0], [])
                skipping = count
                held = []
                continue
            }
            guard count <= Self.longestMessage else { return false }
            let lacking = min(Self.headerCount + count - held.count, fragment.count - index)
            for offset in index..<(index + lacking) { held.append(fragment[offset]) }
            index += lacking
            guard held.count == Self.headerCount + count else { continue }
            let message = held
            held = []
            visit(message[0], message[Self.headerCount...])
        }
        return true
    }
}
