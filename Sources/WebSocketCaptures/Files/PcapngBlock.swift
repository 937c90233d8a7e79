/// The block types of pcapng that matter here.
///
/// (draft-ietf-opsawg-pcapng, section 4)
enum PcapngBlock: Sendable {
    case sectionHeader
    case interface
    case oldPacket
    case simplePacket
    case enhancedPacket
    case decryptionSecrets
    case journal
    case custom
    /// Any other.
    case unread

    @inline(__always)
    init(type: UInt32) {
        switch type {
        case 0x0000_0006: self = .enhancedPacket
        case PcapngFile.sectionHeader: self = .sectionHeader
        case 0x0000_0001: self = .interface
        case 0x0000_0002: self = .oldPacket
        case 0x0000_0003: self = .simplePacket
        case 0x0000_0009: self = .journal
        case 0x0000_000A: self = .decryptionSecrets
        case 0x0000_0BAD, 0x4000_0BAD: self = .custom
        default: self = .unread
        }
    }

    /// Whether its body is examined. Others are skipped.
    @inline(__always)
    var isRead: Bool {
        switch self {
        case .sectionHeader, .interface, .oldPacket, .simplePacket, .enhancedPacket, .decryptionSecrets: true
        case .journal, .custom, .unread: false
        }
    }

    /// Whether analysers list it among the packets, with a number, although it is not one.
    @inline(__always)
    var isNumbered: Bool { self == .journal || self == .custom }

    /// The smallest possible length of such a block.
    @inline(__always)
    var minimumLength: UInt32 {
        switch self {
        case .sectionHeader: 28
        case .interface: 20
        case .oldPacket, .enhancedPacket: 32
        case .simplePacket: 16
        case .decryptionSecrets, .journal, .custom, .unread: 12
        }
    }
}
