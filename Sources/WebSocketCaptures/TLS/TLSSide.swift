/// How far one side of a TLS connection has been read.
struct TLSSide: Sendable {
    /// How its next record is encrypted.
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

    /// The most bytes of a side that wait.
    static let waitingCeiling = 1 << 16
    /// The most encrypted records that may precede the first one that the application's secret decrypts, if no key
    /// log has the handshake's secret.
    static let maximumUnopened = 64

    var records = TLSRecordReader()
    var messages = HandshakeMessages()
    var epoch = Epoch.clear
    /// Whether the side was seen to begin with its hello.
    var hasHello = false
    var waiting: [Waiting] = []
    private(set) var waitingCount = 0
    /// The number of records of the handshake, or of early data, that could not be decrypted.
    var unopened = 0
    /// Whether a record was decrypted.
    var hasOpened = false
    /// Whether a gap was passed on, or the connection is sealed: nothing more is read.
    var isOver = false
    /// Whether its close_notify, or its FIN, was passed on.
    var hasFinished = false

    /// The number of bytes that are held.
    var cost: Int { records.held.count + messages.cost + waitingCount }

    /// Keeps a record until it can be read.
    ///
    /// - Returns: whether there is room for it.
    mutating func wait(_ record: Span<UInt8>, at position: PacketPosition?) -> Bool {
        guard waitingCount + record.count <= Self.waitingCeiling else { return false }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(record.count)
        for index in record.indices { bytes.append(record[index]) }
        // A record without content has a cost as well.
        waitingCount += record.count + MemoryLayout<Waiting>.stride
        waiting.append(.record(bytes, position))
        return true
    }

    /// Removes and returns everything that waits, to be tried again.
    mutating func takeWaiting() -> [Waiting] {
        defer { (waiting, waitingCount) = ([], 0) }
        return waiting
    }
}
