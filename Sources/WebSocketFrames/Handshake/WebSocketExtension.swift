/// One element of `Sec-WebSocket-Extensions`: an extension's name and its parameters (RFC 6455 §9.1).
public struct WebSocketExtension: Sendable, Hashable {
    /// A parameter of an extension.
    public struct Parameter: Sendable, Hashable {
        /// The name, as it is written in the field.
        public let name: String
        /// The value, without any quotes; nil if the parameter has none.
        public let value: String?

        /// Creates a parameter; name and value are tokens.
        public init(_ name: String, _ value: String? = nil) {
            self.name = name
            self.value = value
        }
    }

    /// The name, as it is written in the field.
    public let name: String
    /// The parameters, in order.
    public let parameters: [Parameter]

    /// Creates an element; its name is a token.
    public init(_ name: String, _ parameters: [Parameter] = []) {
        self.name = name
        self.parameters = parameters
    }
}

extension WebSocketExtension: CustomStringConvertible {
    /// The element as it is written in the field: `permessage-deflate; server_max_window_bits=10`.
    public var description: String {
        parameters.reduce(name) { text, parameter in
            text + "; " + parameter.name + (parameter.value.map { "=" + $0 } ?? "")
        }
    }
}

/// A value of `Sec-WebSocket-Extensions` that is not a list of extensions (RFC 6455 §9.1).
public struct MalformedExtensions: Error, Sendable, Hashable, CustomStringConvertible {
    /// The reasons why a value is malformed.
    public enum Reason: Sendable, Hashable {
        /// The name of an extension or a parameter is missing.
        case missingName
        /// The value after `=` is missing.
        case missingValue
        /// A quoted value has no closing quote.
        case openQuote
        /// A quoted value is not a token, as it must be without its quotes.
        case quotedNonToken
        /// After a name or a value, something other than `;`, `=` or `,`.
        case strayByte
    }

    /// The reason why the value is malformed.
    public let reason: Reason
    /// The offset of the fault in the field's value, in bytes from 0.
    public let offset: Int

    /// Creates the error.
    public init(reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// One clause for a log; it contains no part of the value.
    public var description: String {
        let what =
            switch reason {
            case .missingName: "a name is missing"
            case .missingValue: "a value is missing"
            case .openQuote: "a quoted value has no end"
            case .quotedNonToken: "a quoted value is not a token"
            case .strayByte: "a byte that is not allowed there"
            }
        return "Sec-WebSocket-Extensions: \(what) at byte \(offset)"
    }
}

extension WebSocketExtension {
    /// Reads the elements of one field's value; empty elements are skipped (RFC 9110 §5.6.1.2).
    ///
    /// - Parameter value: the field's value.
    /// - Throws: what is wrong with the first malformed element. All parameters are parsed, known or not.
    public static func list(_ value: String) throws(MalformedExtensions) -> [WebSocketExtension] {
        var scanner = Scanner(bytes: Array(value.utf8))
        var elements: [WebSocketExtension] = []
        repeat {
            scanner.skipSpaces()
            if scanner.isAtEnd || scanner.next == UInt8(ascii: ",") { continue }
            elements.append(try scanner.element())
        } while scanner.take(UInt8(ascii: ","))
        guard scanner.isAtEnd else { throw scanner.broken(.strayByte) }
        return elements
    }

    private struct Scanner {
        let bytes: [UInt8]
        var index = 0

        var isAtEnd: Bool { index == bytes.count }
        var next: UInt8? { isAtEnd ? nil : bytes[index] }

        func broken(_ reason: MalformedExtensions.Reason) -> MalformedExtensions {
            MalformedExtensions(reason: reason, offset: index)
        }

        mutating func skipSpaces() {
            while let next, Token.isSpace(next) { index += 1 }
        }

        /// Consumes `byte` and the spaces around it, if it is next.
        mutating func take(_ byte: UInt8) -> Bool {
            skipSpaces()
            guard next == byte else { return false }
            index += 1
            skipSpaces()
            return true
        }

        mutating func element() throws(MalformedExtensions) -> WebSocketExtension {
            let name = try token(orElse: .missingName)
            var parameters: [Parameter] = []
            while take(UInt8(ascii: ";")) {
                let name = try token(orElse: .missingName)
                parameters.append(Parameter(name, take(UInt8(ascii: "=")) ? try value() : nil))
            }
            return WebSocketExtension(name, parameters)
        }

        private mutating func token(orElse reason: MalformedExtensions.Reason) throws(MalformedExtensions) -> String {
            let start = index
            while let next, Token.isMade(of: next) { index += 1 }
            guard index > start else { throw broken(reason) }
            return String(decoding: bytes[start..<index], as: UTF8.self)
        }

        private mutating func value() throws(MalformedExtensions) -> String {
            guard next == UInt8(ascii: "\"") else { return try token(orElse: .missingValue) }
            let start = index
            index += 1
            var value: [UInt8] = []
            while let byte = next, byte != UInt8(ascii: "\"") {
                if byte == UInt8(ascii: "\\") { index += 1 }
                if let next {
                    value.append(next)
                    index += 1
                }
            }
            guard !isAtEnd else {
                index = start
                throw broken(.openQuote)
            }
            index += 1
            guard !value.isEmpty, value.allSatisfy(Token.isMade) else {
                index = start
                throw broken(.quotedNonToken)
            }
            return String(decoding: value, as: UTF8.self)
        }
    }
}
