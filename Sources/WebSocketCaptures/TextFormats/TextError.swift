/// The place at which hex text or an export is malformed, and how.
public struct TextError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The line, from 1.
    public let line: Int

    /// The column in bytes, from 1. A byte order mark does not count.
    public let column: Int

    /// What is wrong there.
    public let message: String

    init(_ position: TextPosition, _ message: String) {
        line = position.line
        column = position.column
        self.message = message
    }

    /// `line 3, column 7: 'g' is not a hexadecimal digit`
    public var description: String { "line \(line), column \(column): \(message)" }
}

/// A reader's position in a text: the line and column of the next byte, both from 1.
struct TextPosition: Sendable, Hashable {
    var line = 1
    var column = 1

    /// Continues after `byte`.
    @inline(__always)
    mutating func pass(_ byte: UInt8) {
        if byte == ASCII.lineFeed {
            line &+= 1
            column = 1
        } else {
            column &+= 1
        }
    }

    /// Returns the position `count` bytes further on in the same line.
    func moved(by count: Int) -> TextPosition {
        TextPosition(line: line, column: column &+ count)
    }
}
