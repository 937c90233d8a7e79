/// Where an export is broken, and how.
public struct ExportError: Error, Sendable, Hashable, CustomStringConvertible {
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
