/// Why the content of TLS cannot be read: for a whole connection, or for one side of it from some record on.
public enum TLSObstacle: Sendable, Hashable {
    /// No key log has a secret for the connection.
    case noKey
    /// The hellos, without which no key is found, are not in the capture, or were lost.
    case handshakeNotCaptured
    /// An end of the connection aborted its handshake with an alert.
    case handshakeFailed(TLSAlert, byClient: Bool)
    /// Both hellos were captured, but nothing encrypted was sent after them.
    case nothingSealed
    /// The version of TLS is neither 1.2 nor 1.3.
    case version(UInt16)
    /// The cipher suite is not one whose records can be decrypted.
    case suite(UInt16)
    /// There is a secret, but no library to use it.
    case noCryptography
    /// The first record that the key should decrypt does not decrypt: the key belongs to another connection.
    case wrongKey
    /// Records were decrypted, and then one is not: it is damaged, or one before it is lost.
    case damagedRecord
    /// What follows is not a TLS record, or not a handshake message.
    case malformed
    /// The stream ends inside a record.
    case cutRecord
    /// New keys were agreed inside the connection (renegotiation, TLS 1.2).
    case renegotiation
    /// Data that was sent before the handshake was over has a secret of its own, which is in no key log.
    case earlyData

    /// The reason, as part of a sentence.
    public var reason: String {
        switch self {
        case .noKey: "no key log has its secrets"
        case .handshakeNotCaptured:
            "the hellos of its TLS handshake, by which keys are found, are not both in the capture"
        case .handshakeFailed(let alert, let byClient):
            "its handshake failed: the \(byClient ? "client" : "server") sent the TLS alert \(alert.name)"
        case .nothingSealed: "it ended before anything was sent under its keys"
        case .version(let number):
            "its version (\(Self.name(ofVersion: number))) is not read, only TLS 1.2 and TLS 1.3 are"
        case .suite(let number):
            "the cipher suite 0x" + String(number, radix: 16, uppercase: true) + " is not known here"
        case .noCryptography: "no cryptographic library was found"
        case .wrongKey: "the secret in the key log does not open its first record, so it belongs to another connection"
        case .damagedRecord: "a TLS record does not open: it is damaged, or one before it is lost"
        case .malformed: "what comes is no TLS record"
        case .cutRecord: "the stream ends inside a TLS record"
        case .renegotiation: "TLS keys were renegotiated, which is not read"
        case .earlyData: "no key log has the secret of the data that was sent before the handshake was over (0-RTT)"
        }
    }

    private static func name(ofVersion number: UInt16) -> String {
        switch number {
        case 0x0300: "SSL 3.0"
        case 0x0301, 0x0302: "TLS 1.\(number - 0x0301)"
        default: "0x" + String(number, radix: 16, uppercase: true)
        }
    }
}
