/// What the first bytes that one side sent are the beginning of.
enum ProtocolSniff: Equatable {
    /// More bytes are needed to decide.
    case needMore
    /// An HTTP/1 request.
    case request
    /// An HTTP/1 response.
    case response
    /// A PROXY protocol header of this many bytes: the actual protocol begins after it.
    case proxyHeader(count: Int)
    /// HTTP/2, by its client's preface (RFC 9113 §3.4).
    case http2
    /// A TLS record (RFC 8446 §5.1).
    case tls
    /// None of these.
    case other

    /// Recognises a protocol by its first bytes.
    ///
    /// - Parameters:
    ///   - bytes: the bytes that have arrived.
    ///   - isStart: whether they are the very first of their side, so that TLS must begin with its hello. Otherwise
    ///     any record counts.
    init(of bytes: ArraySlice<UInt8>, isStart: Bool) {
        self = .other
        if let tls = Self.tls(bytes, isStart: isStart) {
            self = tls
        } else if let proxy = Self.proxyHeader(bytes) {
            self = proxy
        } else if isStart, let settings = Self.settings(bytes) {
            self = settings
        } else if let known = Self.firstWords.first(where: { bytes.starts(with: $0.bytes) }) {
            self = known.meaning
        } else if Self.firstWords.contains(where: { $0.bytes.starts(with: bytes) }) {
            self = .needMore
        }
    }

    /// The methods of RFC 9110 and PATCH, each with its space: nothing else makes a connection an HTTP connection.
    private static let firstWords: [(bytes: [UInt8], meaning: ProtocolSniff)] =
        ["GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "OPTIONS ", "PATCH ", "CONNECT ", "TRACE "]
        .map { (Array($0.utf8), .request) }
        + [(Array("HTTP/1.".utf8), .response), (Array("PRI * HTTP/2.0".utf8), .http2)]

    /// Matches type, version and length: five bytes. For a hello also the type of the message.
    private static func tls(_ bytes: ArraySlice<UInt8>, isStart: Bool) -> ProtocolSniff? {
        let record = Array(bytes.prefix(6))
        guard let type = record.first else { return nil }
        guard isStart ? type == 0x16 : (0x14...0x17).contains(type) else { return nil }
        guard record.count < 2 || record[1] == 3, record.count < 3 || record[2] <= 4 else { return nil }
        guard record.count == 6 else { return .needMore }
        let length = Int(record[3]) << 8 | Int(record[4])
        // RFC 5246 §6.2.3: at most 2¹⁴ and 2,048 of expansion.
        guard length > 0, length <= 18_432 else { return nil }
        return !isStart || record[5] == 1 || record[5] == 2 ? .tls : nil
    }

    /// Matches SETTINGS, which a server may send before the client's preface has arrived (RFC 9113 §3.4): length,
    /// type 4, no flags, stream 0. Each setting has 6 bytes, and there are few.
    private static func settings(_ bytes: ArraySlice<UInt8>) -> ProtocolSniff? {
        let header = Array(bytes.prefix(9))
        for (index, byte) in header.enumerated() {
            let isRight = index == 2 ? byte % 6 == 0 : byte == (index == 3 ? 4 : 0)
            guard isRight else { return nil }
        }
        return header.count == 9 ? .http2 : .needMore
    }

    // MARK: The PROXY protocol, as load balancers prepend it to what they pass on

    /// Version 1 is a line of at most 107 bytes. Version 2 is binary: a signature, 2 bytes, and the length of the rest.
    private static func proxyHeader(_ bytes: ArraySlice<UInt8>) -> ProtocolSniff? {
        let first = Array(bytes.prefix(max(proxyLineLimit, proxySignature.count + 4)))
        if first.starts(with: proxyLine) {
            if let end = first.firstIndex(of: ASCII.lineFeed) { return .proxyHeader(count: end + 1) }
            return first.count < proxyLineLimit ? .needMore : nil
        }
        if first.starts(with: proxySignature) {
            guard first.count >= proxySignature.count + 4 else { return .needMore }
            let rest = Int(first[proxySignature.count + 2]) << 8 | Int(first[proxySignature.count + 3])
            let count = proxySignature.count + 4 + rest
            guard count <= proxyHeaderLimit else { return nil }
            return bytes.count >= count ? .proxyHeader(count: count) : .needMore
        }
        return proxyLine.starts(with: first) || proxySignature.starts(with: first) ? .needMore : nil
    }

    private static let proxyLine = Array("PROXY ".utf8)
    private static let proxyLineLimit = 107
    private static let proxySignature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]
    /// More than any real one has, and little to hold.
    private static let proxyHeaderLimit = 4_096
}
