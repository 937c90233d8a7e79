/// How far one side of a TLS connection was read.
struct TLSSide: Sendable {
    /// How its next record is sealed.
    enum Epoch: Sendable {
        case clear
        /// TLS 1.3; the protection is nil if no key log has the secret.
        case early(RecordProtection)
        case handshake(RecordProtection?)
        case application(RecordProtection, secret: [UInt8])
        /// TLS 1.2.
        case changed(RecordProtection)
    }

    /// What has to wait for the other side's hello, or for a secret.
    enum Waiting: Sendable {
        case record([UInt8], PacketPosition?)
        case gap(count: UInt64?, GapReason, PacketPosition?)
        case finished(PacketPosition?)
    }

    /// No side waits with more bytes than these.
    static let waitingCeiling = 1 << 16
    /// How many sealed records may arrive before the first one that the application's secret opens, where no key log
    /// has the handshake's secret.
    static let mostUnopened = 64

    var records = TLSRecordReader()
    var messages = HandshakeMessages()
    var epoch = Epoch.clear
    /// Whether the side was seen to begin with its hello.
    var hasHello = false
    var waiting: [Waiting] = []
    private(set) var waitingCount = 0
    /// Sealed records that could not be opened, of the handshake or of early data.
    var unopened = 0
    /// A record was opened.
    var hasOpened = false
    /// A gap was passed on, or the connection is sealed: nothing more is read.
    var isOver = false
    /// Its close_notify, or its FIN, was passed on.
    var hasFinished = false

    /// What is held takes, in bytes.
    var cost: Int { records.held.count + messages.cost + waitingCount }

    /// Keeps a record until it can be read.
    ///
    /// - Returns: whether there is room for it.
    mutating func wait(_ record: Span<UInt8>, at position: PacketPosition?) -> Bool {
        guard waitingCount + record.count <= Self.waitingCeiling else { return false }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(record.count)
        for index in record.indices { bytes.append(record[index]) }
        // A record of no content costs as well.
        waitingCount += record.count + MemoryLayout<Waiting>.stride
        waiting.append(.record(bytes, position))
        return true
    }

    /// Takes all that waits away, to be tried again.
    mutating func takeWaiting() -> [Waiting] {
        defer { (waiting, waitingCount) = ([], 0) }
        return waiting
    }
}
