import WebSocketFrames

// Sec-WebSocket-Accept proves that the server understood the request (RFC 6455 §4.2.2).
extension HandshakeCheck {
    mutating func checkAccept(
        in response: ResponseHead, answering request: RequestHead?, _ otherAccepts: [[UInt8]],
        at packetPosition: PacketPosition?
    ) {
        guard let accept = response.accept else {
            add(
                .missingAccept,
                "The response has no Sec-WebSocket-Accept: the client must fail the connection (RFC 6455 §4.1).",
                .server, packetPosition)
            return
        }
        guard let key = request?.key else { return }
        let expected = AcceptValue.expected(for: key)
        guard !accept.elementsEqual(expected) else { return }
        let origin = AcceptOrigin(accept: Array(accept), key: Array(key), expected: expected, others: otherAccepts)
        add(
            .wrongAccept,
            "Sec-WebSocket-Accept is \"\(Self.shown(accept))\"; the request's key asks for "
                + "\"\(Self.shown(expected[...]))\". \(origin.map { $0.sentence + " " } ?? "")The client must fail the "
                + "connection (RFC 6455 §4.1).", .server, packetPosition)
    }
}

/// What a wrong accept value was made from, where that is known: each is tried.
enum AcceptOrigin: Hashable {
    case decodedKey
    /// The first characters of the key, this many.
    case cutKey(Int)
    case keyWithLineBreak
    case changedCase
    case hexadecimal
    case digestInHexadecimal
    case noIdentifier
    case identifierInLowerCase
    case identifierFirst
    case key
    case unpadded
    case urlAlphabet
    /// The answer to the example of RFC 6455 §1.3, whatever is asked.
    case example
    case anotherKey
    /// The Base64 of this many bytes, where SHA-1 has 20.
    case otherDigest(Int)

    /// - Parameter others: what would have answered the keys of other conversations.
    init?(accept: [UInt8], key: [UInt8], expected: [UInt8], others: [[UInt8]]) {
        let identifier = AcceptValue.identifier
        func digest(_ text: [UInt8]) -> [UInt8] { Base64.encoded(SHA1.digest(of: text)) }
        let sum = SHA1.digest(of: key + identifier)
        let hexadecimal = sum.flatMap { [Self.digits[Int($0 >> 4)], Self.digits[Int($0 & 0x0F)]] }
        if accept == key {
            self = .key
        } else if accept == expected.filter({ $0 != UInt8(ascii: "=") }) {
            self = .unpadded
        } else if accept.map(Self.plainAlphabet) == expected {
            self = .urlAlphabet
        } else if accept.map(\.lowercased) == hexadecimal {
            self = .hexadecimal
        } else if [hexadecimal, hexadecimal.map(Self.uppercased)].contains(where: { accept == Base64.encoded($0) }) {
            self = .digestInHexadecimal
        } else if accept == digest(key) {
            self = .noIdentifier
        } else if accept == digest(key + identifier.map(\.lowercased)) {
            self = .identifierInLowerCase
        } else if accept == digest(identifier + key) {
            self = .identifierFirst
        } else if let decoded = Self.decoded(key), accept == digest(decoded + identifier) {
            self = .decodedKey
        } else if [[0x0D], [0x0A], [0x0D, 0x0A], [0]].contains(where: { accept == digest(key + $0 + identifier) }) {
            self = .keyWithLineBreak
        } else if [key.map(\.lowercased), key.map(Self.uppercased)].contains(where: {
            accept == digest($0 + identifier)
        }) {
            self = .changedCase
        } else if let count = (0..<min(key.count, 64)).last(where: { accept == digest(key.prefix($0) + identifier) }) {
            self = .cutKey(count)
        } else if accept == Self.exampleAnswer {
            self = .example
        } else if others.contains(accept) {
            self = .anotherKey
        } else if let count = Base64.decodedCount(of: accept[...]), count != 20 {
            self = .otherDigest(count)
        } else {
            return nil
        }
    }

    /// One sentence: what was done, and what must be.
    var sentence: String {
        switch self {
        case .decodedKey:
            "It was made from the key's 16 decoded bytes; the key is taken as it stands in the request, in Base64 (§4.2.2)."
        case .cutKey(0): "It was made from no key at all: the server took an empty one."
        case .cutKey(let count): "It was made from the first \(count) characters of the key, which was cut."
        case .keyWithLineBreak:
            "It was made from the key and a byte after it that is not part of it: a line break or NUL."
        case .changedCase: "It was made from the key in another case: something changed the case of the key's letters."
        case .hexadecimal: "It is the right digest in hexadecimal, and must be in Base64 (§4.2.2)."
        case .digestInHexadecimal:
            "It is the Base64 of the digest's hexadecimal digits; the digest's 20 bytes are encoded (§4.2.2)."
        case .noIdentifier:
            "It was made from the key alone, without the GUID 258EAFA5-E914-47DA-95CA-C5AB0DC85B11 after it (§4.2.2)."
        case .identifierInLowerCase:
            "It was made with the GUID 258EAFA5-E914-47DA-95CA-C5AB0DC85B11 in lower case (§4.2.2)."
        case .identifierFirst: "It was made with the GUID before the key, and it must stand after it (§4.2.2)."
        case .key: "It is the key itself, sent back."
        case .unpadded: "Only the padding is missing: the = at the end."
        case .urlAlphabet: "It is in the alphabet of URLs, with - and _ where + and / must stand (RFC 4648 §4, §5)."
        case .example: "It is the answer to the example of RFC 6455 §1.3: the server sends it whatever the key."
        case .anotherKey:
            "It answers the key of another conversation of this capture: look for a cache, or a proxy that mixes up "
                + "connections."
        case .otherDigest(let count):
            "It is the Base64 of \(count) bytes, and SHA-1 gives 20: another digest was used, or it was cut."
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)
    private static let exampleAnswer = Array("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=".utf8)

    private static func decoded(_ key: [UInt8]) -> [UInt8]? {
        var bytes: [UInt8] = []
        return Base64.decode(key.span, from: 0, into: &bytes) == nil ? bytes : nil
    }

    private static func plainAlphabet(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "-"): UInt8(ascii: "+")
        case UInt8(ascii: "_"): UInt8(ascii: "/")
        default: byte
        }
    }

    private static func uppercased(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") ? byte & 0xDF : byte
    }
}
