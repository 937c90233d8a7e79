public import PerMessageDeflate
internal import WebSocketFrames

/// How the text itself says that it is to be judged: its `#:` lines.
///
///     #: sender client
///     #: extensions permessage-deflate; client_max_window_bits=9
///     #: max-frame 65536
///     #: max-message 1048576
///
/// Only lines before the first byte count, and each may occur once.
public struct Directives: Sendable, Hashable {
    /// The possible senders of the stream.
    public enum Sender: Sendable, Hashable {
        /// The client.
        case client
        /// The server.
        case server
        /// The sender according to the first frame's MASK bit.
        case auto
    }

    /// The sender of the stream; nil if no line names it.
    public internal(set) var sender: Sender?

    /// Whether a line says that permessage-deflate was agreed.
    public internal(set) var deflate = false

    /// The parameters of permessage-deflate that a line gives, in the form of a response; nil if no line does.
    public internal(set) var deflateParameters: DeflateParameters?

    /// The limit on a data frame's declared length in bytes; nil if no line gives it.
    public internal(set) var maxFrame: UInt64?

    /// The limit on the sum of a message's declared lengths, in bytes; nil if no line gives it.
    public internal(set) var maxMessage: UInt64?

    /// Creates empty directives.
    public init() {}
}

extension Directives {
    /// Applies one line.
    ///
    /// - Parameters:
    ///   - line: what comes after its `#:`.
    ///   - position: the position of that.
    mutating func obey(_ line: Span<UInt8>, at position: TextPosition) throws(TextError) {
        var index = 0
        let name = Self.word(of: line, from: &index)
        let nameStart = index - name.utf8.count
        if name == "extensions" {
            let isRepeated = deflateParameters != nil
            deflateParameters = try Self.parameters(line, from: index, at: position)
            if isRepeated { throw TextError(position.moved(by: nameStart), "'#: \(name)' is said twice") }
            return
        }
        let value = Self.word(of: line, from: &index)
        let valuePosition = position.moved(by: index - value.utf8.count)
        let surplus = Self.word(of: line, from: &index)
        guard surplus.isEmpty else {
            throw TextError(
                position.moved(by: index - surplus.utf8.count),
                "'\(surplus)' is too much in the line '#: \(name) …'"
            )
        }
        let isRepeated: Bool
        switch name {
        case "sender":
            isRepeated = sender != nil
            sender = try Self.sender(value, at: valuePosition)
        case "deflate":
            isRepeated = deflate
            guard value.isEmpty else {
                throw TextError(valuePosition, "'#: deflate' takes no value, but has '\(value)'")
            }
            deflate = true
        case "max-frame":
            isRepeated = maxFrame != nil
            maxFrame = try Self.number(value, of: name, at: valuePosition)
        case "max-message":
            isRepeated = maxMessage != nil
            maxMessage = try Self.number(value, of: name, at: valuePosition)
        default:
            throw TextError(
                position.moved(by: nameStart),
                "'\(name)' is not known after '#:': it takes sender, deflate, extensions, max-frame and max-message"
            )
        }
        if isRepeated { throw TextError(position.moved(by: nameStart), "'#: \(name)' is said twice") }
    }

    private static func sender(_ value: String, at position: TextPosition) throws(TextError) -> Sender {
        switch value {
        case "client": return .client
        case "server": return .server
        case "auto": return .auto
        default: throw TextError(position, "'#: sender' takes client, server or auto, not '\(value)'")
        }
    }

    /// Returns the rest of the line, parsed as the value of `Sec-WebSocket-Extensions` in a response.
    private static func parameters(
        _ line: Span<UInt8>, from start: Int, at position: TextPosition
    ) throws(TextError) -> DeflateParameters {
        var index = start
        var value = ""
        while index < line.count {
            let word = word(of: line, from: &index)
            if !word.isEmpty { value += (value.isEmpty ? "" : " ") + word }
        }
        guard let elements = try? WebSocketExtension.list(value), elements.count == 1, let element = elements.first,
            element.name == DeflateOffer.name, let parameters = try? DeflateOffer.parameters(answered: element)
        else {
            throw TextError(
                position.moved(by: start),
                "'#: extensions' takes what a response may agree to, such as 'permessage-deflate', not '\(value)'")
        }
        return parameters
    }

    private static func number(_ value: String, of name: String, at position: TextPosition) throws(TextError)
        -> UInt64
    {
        guard value.utf8.allSatisfy(\.isDecimalDigit), let number = UInt64(value) else {
            throw TextError(position, "'#: \(name)' takes a number of bytes, not '\(value)'")
        }
        return number
    }

    /// Returns the next word from `index` on, and moves that after it; empty if there is none. What is not printable
    /// becomes `?`.
    private static func word(of line: Span<UInt8>, from index: inout Int) -> String {
        while index < line.count, line[index].isWhiteSpace { index += 1 }
        var word = ""
        while index < line.count, !line[index].isWhiteSpace {
            let byte = line[index] < 0x7F && line[index] > 0x20 ? line[index] : 0x3F
            word.unicodeScalars.append(Unicode.Scalar(byte))
            index += 1
        }
        return word
    }
}
