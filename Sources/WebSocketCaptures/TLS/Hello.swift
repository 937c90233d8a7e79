/// What a ClientHello says about the records that follow (RFC 8446 §4.1.2).
struct ClientHello: Sendable {
    let random: ClientRandom
    /// The server's name (RFC 6066 §3), in printable form.
    let serverName: String?
    /// Whether it announces data before the server's answer (RFC 8446 §4.2.10).
    let announcesEarlyData: Bool

    /// Reads the body of the message; nil if it is damaged.
    init?(_ body: ArraySlice<UInt8>) {
        var reader = WireReader(body)
        guard reader.integer(2) != nil, let random = reader.take(ClientRandom.byteCount), reader.vector(1) != nil,
            reader.vector(2) != nil, reader.vector(1) != nil, let extensions = HelloExtensions(&reader)
        else { return nil }
        self.random = ClientRandom(random)
        announcesEarlyData = extensions[.earlyData] != nil
        serverName = extensions[.serverName].flatMap(Self.name)
    }

    /// The longest server name: that of a host name.
    private static let nameLimit = 255

    private static func name(_ bytes: ArraySlice<UInt8>) -> String? {
        var reader = WireReader(bytes)
        guard var list = reader.vector(2).map({ WireReader($0) }) else { return nil }
        while let type = list.integer(1), let name = list.vector(2) {
            if type == 0 { return HTTPHead.printable(name, limit: nameLimit) }
        }
        return nil
    }
}

/// What a ServerHello says about the records that follow (RFC 8446 §4.1.3).
struct ServerHello: Sendable {
    let random: [UInt8]
    let version: TLSVersion
    let suite: UInt16
    /// Whether it asks for another ClientHello (RFC 8446 §4.1.4).
    let isRetryRequest: Bool
    /// Whether MACs are computed over encrypted data (RFC 7366).
    let encryptsThenMACs: Bool

    /// Reads the body of the message; nil if it is damaged.
    init?(_ body: ArraySlice<UInt8>) {
        var reader = WireReader(body)
        guard let legacyVersion = reader.integer(2), let random = reader.take(ClientRandom.byteCount),
            reader.vector(1) != nil, let suite = reader.integer(2), reader.integer(1) != nil,
            let extensions = HelloExtensions(&reader)
        else { return nil }
        self.random = Array(random)
        self.suite = UInt16(suite)
        let chosen = extensions[.supportedVersions].flatMap { bytes in
            var reader = WireReader(bytes)
            return reader.integer(2)
        }
        version = TLSVersion(number: UInt16(chosen ?? legacyVersion))
        isRetryRequest = random.elementsEqual(Self.randomOfRetryRequest)
        encryptsThenMACs = extensions[.encryptThenMAC] != nil
    }

    /// The SHA-256 of "HelloRetryRequest".
    private static let randomOfRetryRequest: [UInt8] = [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ]
}

/// The extensions of a hello, or of the EncryptedExtensions, that matter to records.
struct HelloExtensions: Sendable {
    enum Kind: Int, Sendable {
        case serverName = 0
        case encryptThenMAC = 22
        case earlyData = 42
        case supportedVersions = 43
    }

    private var bodies: [Kind: ArraySlice<UInt8>] = [:]

    /// Reads the rest of a message, which may be nothing in TLS 1.2; nil if it is damaged.
    init?(_ reader: inout WireReader) {
        guard !reader.isAtEnd else { return }
        guard var list = reader.vector(2).map({ WireReader($0) }) else { return nil }
        while !list.isAtEnd {
            guard let type = list.integer(2), let body = list.vector(2) else { return nil }
            if let kind = Kind(rawValue: type) { bodies[kind] = body }
        }
    }

    subscript(kind: Kind) -> ArraySlice<UInt8>? { bodies[kind] }
}
