@testable import WebSocketCaptures
@testable import WebSocketFrames

/// libFuzzer's harness for the decryption of TLS and for HTTP/2: nothing traps, nothing grows, and cuts change nothing.
///
///     byte 0…1  the seed of the cuts
///     byte 2    the kind of input: a key log, blocks of HPACK, a TLS connection, an HTTP/2 connection
///     rest      for a connection: a byte with the sender and the number of bytes, those bytes, and so on
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTLS(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    // libFuzzer gives the address of `size` bytes, and takes them back when this returns; the array is a copy.
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: size))
    guard bytes.count >= 3 else { return 0 }
    var random = SplitMix64(seed: UInt64(bytes[0]) << 8 | UInt64(bytes[1]))
    let rest = Array(bytes[3...])
    switch bytes[2] % 4 {
    case 0:
        let whole = secrets(of: rest, [0..<rest.count])
        for most in [1, 5, 60] {
            check(secrets(of: rest, random.pieces(of: rest.count, atMost: most)) == whole, "the secrets depend on cuts")
        }
    case 1:
        var decoder = HPACKDecoder()
        for piece in random.pieces(of: rest.count, atMost: 80) {
            guard decoder.decode(Array(rest[piece])) != nil else { break }
            check(decoder.cost <= HPACKDecoder.largestTable, "the table is too large")
        }
    case 2: checkConnection(rest, EasyCryptography.start, &random)
    default: checkConnection(rest, [(.first, HTTP2Connection.preface)], &random)
    }
    return 0
}

/// Ends the run unless the condition is true, which the fuzzer reports.
func check(_ isRight: Bool, _ what: String) {
    if !isRight { fatalError(what) }
}

private func secrets(of text: [UInt8], _ pieces: [Range<Int>]) -> [Int] {
    var log = KeyLog()
    for piece in pieces { log.read(text.span.extracting(piece)) }
    log.finish()
    return [log.count, Int(log.misunderstood), Int(log.dropped)]
}

private func checkConnection(_ recipe: [UInt8], _ start: [(TCPPeer, [UInt8])], _ random: inout SplitMix64) {
    var sent = start
    var index = 0
    while index < recipe.count {
        let count = min(Int(recipe[index] >> 1), recipe.count - index - 1)
        sent.append((recipe[index] & 1 == 0 ? .first : .second, Array(recipe[(index + 1)..<(index + 1 + count)])))
        index += 1 + count
    }
    let whole = Carried(sent) { _ in [] }
    for most in [1, 7, 40] {
        check(Carried(sent) { random.pieces(of: $0, atMost: most) } == whole, "what is carried depends on the cuts")
    }
}

/// What a connection carries, and how it is reported.
private struct Carried: Equatable {
    var bytes: [String: [UInt8]] = [:]
    var events: [String] = []

    init(_ sent: [(TCPPeer, [UInt8])], _ cut: (Int) -> [Range<Int>]) {
        var reader = ConnectionReader(
            first: nil, second: nil, isSeenFromStart: true, options: ConversationOptions())
        var keys = TLSKeys(log: EasyCryptography.log) { EasyCryptography() }
        var bytes: [String: [UInt8]] = [:]
        var events: [String] = []
        func visit(_ stream: UInt32, _ event: ConversationEvent, _ piece: Span<UInt8>) {
            if case .bytes(let sender, _) = event {
                bytes["\(stream) \(sender)", default: []] += piece.indices.map { piece[$0] }
            } else {
                events.append("\(stream) \(event)")
            }
        }
        for (side, sent) in sent {
            let pieces = cut(sent.count)
            for piece in pieces.isEmpty ? [0..<sent.count] : pieces {
                reader.read(.bytes(side, nil), sent.span.extracting(piece), &keys, visit)
                check(reader.heldCost < 1 << 20, "too much is held")
            }
        }
        for side in TCPPeer.allCases { reader.read(.finished(side, nil), Span(), &keys, visit) }
        reader.read(.closed, Span(), &keys, visit)
        (self.bytes, self.events) = (bytes, events.sorted())
    }
}

/// Operations that a fuzzer can guess: nothing is encrypted, and a tag is right if its bytes are all the same.
struct EasyCryptography: TLSCryptography {
    func hash(_ message: [UInt8], with hash: TLSHash) -> [UInt8] { [UInt8](repeating: 1, count: hash.byteCount) }

    func authenticationCode(of message: [UInt8], key: [UInt8], with hash: TLSHash) -> [UInt8] {
        [UInt8](repeating: 1, count: hash.byteCount)
    }

    func open(
        _ sealed: Span<UInt8>, with aead: TLSAEAD, key: [UInt8], nonce: [UInt8], additionalData: [UInt8],
        into plaintext: inout [UInt8]
    ) -> Bool {
        guard sealed.count >= aead.tagCount else { return false }
        let bytes = sealed.indices.map { sealed[$0] }
        plaintext = Array(bytes.dropLast(aead.tagCount))
        return Set(bytes.suffix(aead.tagCount)).count == 1
    }

    func decrypt(
        _ blocks: Span<UInt8>, with cipher: TLSBlockCipher, key: [UInt8], initializationVector: [UInt8],
        into plaintext: inout [UInt8]
    ) -> Bool {
        plaintext = blocks.indices.map { blocks[$0] }
        return true
    }

    /// The hellos of a connection with known secrets: TLS 1.3, with AES-128-CCM-8.
    static let start: [(TCPPeer, [UInt8])] = [
        (.first, record([1, 0, 0, 0x29, 3, 3] + random + [0, 0, 2, 0x13, 5, 0])),
        (.second, record([2, 0, 0, 0x2E, 3, 3] + random + [0, 0x13, 5, 0, 0, 6, 0, 0x2B, 0, 2, 3, 4])),
    ]

    private static let random = [UInt8](repeating: 7, count: 32)

    private static func record(_ message: [UInt8]) -> [UInt8] { [0x16, 3, 3, 0, UInt8(message.count)] + message }

    static let log: KeyLog = {
        var log = KeyLog()
        let digits = String(repeating: "07", count: 32)
        for label in KeyLog.Label.allCases {
            let line = "\(label.name) \(digits) \(digits)\(label == .masterSecret ? String(digits.prefix(32)) : "")\n"
            log.read(Array(line.utf8).span)
        }
        return log
    }()
}
