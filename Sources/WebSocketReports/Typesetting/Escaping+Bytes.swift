extension Escaping {
    /// Returns bytes as text: a piece for each character, and one for each byte that is not part of one. `\` is
    /// escaped.
    ///
    /// - Parameter quotes: whether the text is shown between `"`, which are then escaped.
    static func pieces(of bytes: [UInt8], quotes: Bool = true) -> [String] {
        var pieces: [String] = []
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var index = 0
        while index < bytes.count {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let encoded):
                let scalar = Unicode.UTF8.decode(encoded)
                let isQuote = scalar == "\"" && !quotes
                pieces.append(isQuote ? "\"" : String(quoted(String(scalar)).dropFirst().dropLast()))
                index += encoded.count
            case .error(let length):
                pieces += bytes[index..<(index + length)].map(byte)
                index += length
            case .emptyInput:
                return pieces
            }
        }
        return pieces
    }
}
