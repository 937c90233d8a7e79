import WebSocketFrames

/// What a wrong accept value was computed from, if that is known: each possibility is tried.
enum AcceptOrigin: Hashable {
    case decodedKey
    /// The first characters of the key, this many.
    case cutKey(Int)
    case keyWithLineBreak
    case keyWithSpaces
    case changedCase
    case hexadecimal
    case digestInHexadecimal
    case noIdentifier
    case identifierInLowerCase
    case identifierFirst
    /// The GUID without this character, counted from 0.
    case identifierWithout(Int)
    /// One byte more than key and GUID was digested.
    case byteAfterIdentifier(UInt8)
    case sixteenBitCharacters
    case key
    case unpadded
    case urlAlphabet
    case changedCaseOfAnswer
    /// The digest ends before its first NUL, after this many bytes.
    case cutAtNUL(Int)
    case byteAfterDigest
    case wordsInLittleEndian
    /// The answer to the example of RFC 6455 §1.3, whatever was asked.
    case example
    case anotherKey
    /// The Base64 of this many bytes, where SHA-1 has 20.
    case otherDigest(Int)
    /// A digest of this many bytes in hexadecimal digits, either plain or in Base64, and not the right one.
    case otherHexadecimal(Int, isEncoded: Bool)

    /// - Parameter others: the accept values for the keys of other conversations.
    init?(accept: [UInt8], key: [UInt8], expected: [UInt8], others: [[UInt8]]) {
        let sum = SHA1.digest(of: key + AcceptValue.identifier)
        if let found = Self.encodings(of: sum, accept: accept, expected: expected) {
            self = found
        } else if accept == key {
            self = .key
        } else if let found = Self.digested(key).first(where: { accept == Base64.encoded(SHA1.digest(of: $0.text)) }) {
            self = found.origin
        } else if accept == Self.exampleAnswer {
            self = .example
        } else if others.contains(accept) {
            self = .anotherKey
        } else if let count = Self.hexadecimalCount(accept) {
            self = .otherHexadecimal(count, isEncoded: false)
        } else if let count = Self.decoded(accept).flatMap(Self.hexadecimalCount) {
            self = .otherHexadecimal(count, isEncoded: true)
        } else if let count = Base64.decodedCount(of: accept[...]), count != 20 {
            self = .otherDigest(count)
        } else {
            return nil
        }
    }

    /// Returns how the right digest was written wrongly.
    private static func encodings(of sum: [UInt8], accept: [UInt8], expected: [UInt8]) -> Self? {
        let hexadecimal = sum.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0x0F)]] }
        let bare = accept.filter { $0 != Base64.pad }
        let bareExpected = expected.filter { $0 != Base64.pad }
        if accept == bareExpected { return .unpadded }
        if bare.map(plainAlphabet) == bareExpected { return .urlAlphabet }
        if accept.map(\.lowercased) == hexadecimal { return .hexadecimal }
        if accept.map(\.lowercased) == expected.map(\.lowercased) { return .changedCaseOfAnswer }
        let upper = hexadecimal.map(uppercased)
        if [hexadecimal, upper].contains(where: { accept == Base64.encoded($0) }) { return .digestInHexadecimal }
        if let end = sum.firstIndex(of: 0), accept == Base64.encoded(Array(sum[..<end])) { return .cutAtNUL(end) }
        if [0x00, 0x0A, 0x0D].contains(where: { accept == Base64.encoded(sum + [$0]) }) { return .byteAfterDigest }
        let swapped = stride(from: 0, to: sum.count, by: 4).flatMap { sum[$0..<($0 + 4)].reversed() }
        return accept == Base64.encoded(swapped) ? .wordsInLittleEndian : nil
    }

    /// Returns what may have been digested instead of the key followed by the GUID.
    private static func digested(_ key: [UInt8]) -> [(origin: Self, text: [UInt8])] {
        let identifier = AcceptValue.identifier
        let right = key + identifier
        var all: [(Self, [UInt8])] = [
            (.noIdentifier, key), (.identifierInLowerCase, key + identifier.map(\.lowercased)),
            (.identifierFirst, identifier + key), (.changedCase, key.map(\.lowercased) + identifier),
            (.changedCase, key.map(uppercased) + identifier),
            (.sixteenBitCharacters, right.flatMap { [$0, 0] }), (.sixteenBitCharacters, right.flatMap { [0, $0] }),
        ]
        if let decoded = decoded(key) { all.append((.decodedKey, decoded + identifier)) }
        let lineBreaks: [[UInt8]] = [[0x0D], [0x0A], [0x0D, 0x0A], [0]]
        for more in lineBreaks {
            all.append((.keyWithLineBreak, key + more + identifier))
            all.append((.byteAfterIdentifier(more[0]), right + more))
        }
        for (before, after) in [(1, 0), (0, 1), (1, 1)] {
            let spaces = { [UInt8](repeating: 0x20, count: $0) }
            all.append((.keyWithSpaces, spaces(before) + key + spaces(after) + identifier))
        }
        all += identifier.indices.map { index in
            var short = identifier
            short.remove(at: index)
            return (.identifierWithout(index), key + short)
        }
        all += (0..<min(key.count, 64)).reversed().map { (.cutKey($0), key.prefix($0) + identifier) }
        return all
    }

    /// Returns the number of bytes that these hexadecimal digits represent; nil unless some digest has that size.
    private static func hexadecimalCount(_ text: [UInt8]) -> Int? {
        let count = text.count / 2
        guard text.count.isMultiple(of: 2), digests[count] != nil, text.allSatisfy(\.isHexDigit) else { return nil }
        return count
    }

    /// One sentence: what was done, and what should have been.
    var sentence: String {
        switch self {
        case .decodedKey:
            "It was made from the key's 16 decoded bytes; the key is used as it is in the request, in Base64 (§4.2.2)."
        case .cutKey(0): "It was made from no key at all: the server took an empty one."
        case .cutKey(let count): "It was made from the first \(count) characters of the key, which was cut."
        case .keyWithLineBreak:
            "It was made from the key and a byte after it that is not part of it: a line break or NUL."
        case .keyWithSpaces:
            "It was made from the key with a space beside it: spaces around a header's value are not part of it (§4.2.2)."
        case .changedCase: "It was made from the key with its letters in another case: something changed them."
        case .hexadecimal: "It is the right digest in hexadecimal, and must be in Base64 (§4.2.2)."
        case .digestInHexadecimal:
            "It is the Base64 of the digest's hexadecimal digits; the digest's 20 bytes are encoded (§4.2.2)."
        case .noIdentifier: "It was made from the key alone, without the GUID \(Self.identifier) after it (§4.2.2)."
        case .identifierInLowerCase: "It was made with the GUID \(Self.identifier) in lower case (§4.2.2)."
        case .identifierFirst: "It was made with the GUID before the key, and it must come after it (§4.2.2)."
        case .identifierWithout(let index):
            "It was made with a GUID that lacks character \(index + 1) of \(Self.identifier) (§4.2.2)."
        case .byteAfterIdentifier(let byte):
            "It was made from the key, the GUID and \(byte == 0 ? "the NUL that ends a string in C" : "a line break") after "
                + "them: only key and GUID are digested (§4.2.2)."
        case .sixteenBitCharacters: "It was made from key and GUID in UTF-16: they are digested as ASCII (§4.2.2)."
        case .key: "It is the key itself, sent back."
        case .unpadded: "Only the padding is missing: the = at the end."
        case .urlAlphabet: "It is in the alphabet of URLs, with - and _ in place of + and / (RFC 4648 §4, §5)."
        case .changedCaseOfAnswer: "Only the case of its letters differs: something changed that on the way."
        case .cutAtNUL(let count):
            "It is the Base64 of the digest's first \(count) bytes: its first zero byte was taken for the end of a string."
        case .byteAfterDigest: "It is the Base64 of the digest and a byte more: the NUL or line break after a string."
        case .wordsInLittleEndian: "It is the right digest with the bytes of each 32-bit word in little-endian order."
        case .example: "It is the answer to the example of RFC 6455 §1.3: the server sends it whatever the key."
        case .anotherKey:
            "It answers the key of another conversation of this capture: look for a cache, or a proxy that mixes up "
                + "connections."
        case .otherDigest(let count):
            "It is the Base64 of \(count) bytes\(Self.digests[count].map { ", as \($0) gives" } ?? ""), and SHA-1 gives 20: "
                + "another digest was used, or it was cut."
        case .otherHexadecimal(let count, let isEncoded):
            "It is \(isEncoded ? "the Base64 of " : "")\(2 * count) hexadecimal digits, as "
                + "\(Self.digests[count] ?? "a digest") has, and must be the Base64 of the 20 bytes of a SHA-1 (§4.2.2)."
        }
    }

    private static let identifier = String(decoding: AcceptValue.identifier, as: UTF8.self)
    private static let digests = [16: "MD5", 20: "SHA-1", 28: "SHA-224", 32: "SHA-256", 48: "SHA-384", 64: "SHA-512"]
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
