/// The source of the lines of a key log that is still being written.
public protocol KeyLogSource: Sendable {
    /// Returns what was written since the last call; empty if there is nothing new.
    mutating func readMore() -> [UInt8]
}

/// Everything that decrypts the TLS connections of a capture: the known secrets, and the operations of a library.
public struct TLSKeys: Sendable {
    /// The known secrets.
    public private(set) var log: KeyLog
    /// Whether a secret was needed, but there is no library to use it.
    public private(set) var lacksCryptography = false

    private var source: (any KeyLogSource)?
    private let loadCryptography: @Sendable () -> (any TLSCryptography)?
    private var loaded: (any TLSCryptography)?

    /// Space for the content of one record, reused for each.
    var content: [UInt8] = []
    /// Space for the output of a read, likewise.
    private var output = TLSOutput()

    /// - Parameters:
    ///   - log: the secrets that are known from the beginning.
    ///   - source: where more may come from while the capture is read.
    ///   - cryptography: called once, when the first secret is to be used; returns nil if there is no library.
    public init(
        log: KeyLog = KeyLog(), source: (any KeyLogSource)? = nil,
        cryptography: @escaping @Sendable () -> (any TLSCryptography)?
    ) {
        (self.log, self.source, loadCryptography) = (log, source, cryptography)
    }

    /// Creates keys without secrets, and without a way to use any.
    public init() {
        self.init(cryptography: { nil })
    }

    /// Lends an empty output.
    mutating func takeOutput() -> TLSOutput {
        var output = TLSOutput()
        swap(&output, &self.output)
        return output
    }

    /// Takes an output back.
    mutating func giveBack(_ output: TLSOutput) {
        self.output = output
        self.output.removeAll()
    }

    /// Whether secrets that a connection lacks may still come.
    var mayGrow: Bool { source != nil }

    /// Adds a whole key log: that of a Decryption Secrets Block.
    mutating func add(_ bytes: Span<UInt8>) {
        log.read(bytes)
        log.finish()
    }

    /// Returns the library; if there is none, notes that and returns nil.
    mutating func cryptography() -> (any TLSCryptography)? {
        if loaded == nil, !lacksCryptography {
            loaded = loadCryptography()
            lacksCryptography = loaded == nil
        }
        return loaded
    }

    /// Returns the secret of a connection. If it is not known, what was written in the meantime is read first.
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
