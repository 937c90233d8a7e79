/// Where the lines of a key log come from that is still being written.
public protocol KeyLogSource: Sendable {
    /// What was written since the last call; nothing if there is nothing new.
    mutating func readMore() -> [UInt8]
}

/// Everything that opens the TLS connections of a capture: the secrets that are known, and the operations of a library.
public struct TLSKeys: Sendable {
    /// The secrets that are known.
    public private(set) var log: KeyLog
    /// A secret was needed, and there is no library that could use it.
    public private(set) var lacksCryptography = false

    private var source: (any KeyLogSource)?
    private let loadCryptography: @Sendable () -> (any TLSCryptography)?
    private var loaded: (any TLSCryptography)?

    /// Room for the content of one record, used again for each.
    var content: [UInt8] = []
    /// Room for what a read gives, likewise.
    private var output = TLSOutput()

    /// - Parameters:
    ///   - log: the secrets that are known from the beginning.
    ///   - source: where more may come from while the capture is read.
    ///   - cryptography: is asked once, when the first secret is to be used; nil if there is none.
    public init(
        log: KeyLog = KeyLog(), source: (any KeyLogSource)? = nil,
        cryptography: @escaping @Sendable () -> (any TLSCryptography)?
    ) {
        (self.log, self.source, loadCryptography) = (log, source, cryptography)
    }

    /// No secrets, and no way to use any.
    public init() {
        self.init(cryptography: { nil })
    }

    /// Lends an empty output.
    mutating func takeOutput() -> TLSOutput {
        var output = TLSOutput()
        swap(&output, &self.output)
        return output
    }

    /// Takes it back.
    mutating func giveBack(_ output: TLSOutput) {
        self.output = output
        self.output.removeAll()
    }

    /// Secrets that a connection lacks may still come.
    var mayGrow: Bool { source != nil }

    /// Adds a whole key log: that of a Decryption Secrets Block.
    mutating func add(_ bytes: Span<UInt8>) {
        log.read(bytes)
        log.endLog()
    }

    /// The library; nil, and noted, where there is none.
    mutating func cryptography() -> (any TLSCryptography)? {
        if loaded == nil, !lacksCryptography {
            loaded = loadCryptography()
            lacksCryptography = loaded == nil
        }
        return loaded
    }

    /// The secret of a connection. Where it is not known, what was written since then is read first.
    mutating func secret(_ label: KeyLog.Label, of random: ClientRandom) -> [UInt8]? {
        if let secret = log.secret(label, of: random) { return secret }
        guard var source else { return nil }
        let more = source.readMore()
        self.source = source
        guard !more.isEmpty else { return nil }
        log.read(more.span)
        return log.secret(label, of: random)
    }
}
