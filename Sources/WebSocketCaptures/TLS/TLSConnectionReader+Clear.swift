// Records before keys are in use, and which keys come into use.
extension TLSConnectionReader {
    /// Reads a record as far as what is known of the connection allows.
    mutating func step(
        _ record: TLSRecord, _ bytes: Span<UInt8>, of side: TCPPeer, at position: PacketPosition?,
        _ keys: inout TLSKeys,
        _ output: inout TLSOutput
    ) -> Step {
        switch sides[side].epoch {
        case .clear: return stepInClear(record, bytes, of: side, at: position, &keys, &output)
        case .changed(let protection):
            return step12(protection, record, bytes, of: side, at: position, &keys, &output)
        case .early, .handshake, .application:
            if record.content == .changeCipherSpec { return .taken }
            guard record.content == .applicationData, record.count <= TLSRecord.maximumCount13 else {
                // An alert may be unencrypted if its sender has no keys (RFC 8446 §5).
                return record.content == .alert
                    ? takeClearAlert(bytes, of: side, at: position, &output) : .fails(.malformed)
            }
            return step13(bytes, of: side, at: position, &keys, &output)
        }
    }

    private mutating func stepInClear(
        _ record: TLSRecord, _ bytes: Span<UInt8>, of side: TCPPeer, at position: PacketPosition?,
        _ keys: inout TLSKeys,
        _ output: inout TLSOutput
    ) -> Step {
        if record.content == .handshake {
            return takeClearMessages(bytes.extracting(TLSRecord.headerCount..<bytes.count), of: side)
        }
        // A server that answers a ClientHello with an alert sends no hello of its own.
        let mayAlert = record.content == .alert && client == side.other
        guard sides[side].hasHello || mayAlert else { return .fails(.handshakeNotCaptured) }
        switch record.content {
        case .alert: return takeClearAlert(bytes, of: side, at: position, &output)
        case .heartbeat, .handshake: return .taken
        case .changeCipherSpec:
            guard let serverHello else { return wasRetried ? .taken : .waits }
            guard serverHello.version == .tls12 else { return .taken }
            return begin12(side, serverHello, &keys)
        case .applicationData:
            guard let serverHello else { return .waits }
            // TLS 1.2 has none before its ChangeCipherSpec.
            guard serverHello.version == .tls13 else { return .fails(.malformed) }
            return begin13(side, bytes, at: position, &keys, &output)
        }
    }

    private mutating func takeClearMessages(_ fragment: Span<UInt8>, of side: TCPPeer) -> Step {
        var obstacle: TLSObstacle?
        var messages = HandshakeMessages()
        swap(&messages, &sides[side].messages)
        let isRight = messages.read(fragment) { type, body in
            if obstacle == nil { obstacle = takeClearMessage(type, body, of: side) }
        }
        swap(&messages, &sides[side].messages)
        if let obstacle { return .fails(obstacle) }
        return isRight ? .taken : .fails(.malformed)
    }

    private mutating func takeClearMessage(_ type: UInt8, _ body: ArraySlice<UInt8>, of side: TCPPeer) -> TLSObstacle? {
        switch HandshakeMessages.Kind(rawValue: type) {
        case .clientHello:
            guard let hello = ClientHello(body), client == nil || client == side else { return .malformed }
            client = side
            clientHello = hello
            sides[side].hasHello = true
        case .serverHello:
            guard let hello = ServerHello(body), client == nil || client != side else { return .malformed }
            client = side.other
            sides[side].hasHello = true
            guard !hello.isRetryRequest else {
                wasRetried = true
                return nil
            }
            serverHello = hello
            guard hello.version == .tls12 || hello.version == .tls13 else { return .version(hello.version.number) }
            guard suite != nil else { return .suite(hello.suite) }
        default:
            // A side that begins with something else began before the capture.
            if !sides[side].hasHello { return .handshakeNotCaptured }
        }
        return nil
    }

    private mutating func takeClearAlert(
        _ bytes: Span<UInt8>, of side: TCPPeer, at position: PacketPosition?, _ output: inout TLSOutput
    ) -> Step {
        guard bytes.count == TLSRecord.headerCount + 2 else { return .fails(.malformed) }
        return read(TLSAlert(level: bytes[5], description: bytes[6]), of: side, at: position, &output)
    }

    /// Passes an alert on, unless the handshake fails because of it.
    mutating func read(
        _ alert: TLSAlert, of side: TCPPeer, at position: PacketPosition?, _ output: inout TLSOutput
    ) -> Step {
        if alert.isCloseNotify {
            sides[side].hasFinished = true
            output.append(.finished(side, position))
        } else if alert.isFatal, !clientHasSpoken, isInHandshake(side) {
            return .fails(.handshakeFailed(alert, byClient: side == client))
        } else {
            output.append(.alert(side, alert, position))
        }
        return .taken
    }

    /// Returns whether the side has not sent its Finished.
    private func isInHandshake(_ side: TCPPeer) -> Bool {
        switch sides[side].epoch {
        case .clear, .early, .handshake: true
        case .application, .changed: false
        }
    }

    // MARK: Keys

    /// The suite that was agreed; nil if it is not known here.
    var suite: CipherSuite? {
        guard let serverHello else { return nil }
        return serverHello.version == .tls13 ? .tls13(serverHello.suite) : .tls12(serverHello.suite)
    }

    /// Returns how to continue without a secret of the connection: it may still come, or not.
    func lack(_ keys: TLSKeys) -> Step { keys.mayGrow ? .waits : .fails(.noKey) }

    /// Changes a side to the keys of TLS 1.2.
    private mutating func begin12(_ side: TCPPeer, _ serverHello: ServerHello, _ keys: inout TLSKeys) -> Step {
        guard let clientHello, let suite else { return .waits }
        guard let secret = keys.secret(.masterSecret, of: clientHello.random) else { return lack(keys) }
        guard let cryptography = keys.cryptography() else { return .fails(.noCryptography) }
        let protections = KeySchedule(cryptography: cryptography, hash: suite.hash).protections(
            master: secret, randoms: serverHello.random + clientHello.random.bytes, cipher: suite.cipher,
            encryptsThenMACs: serverHello.encryptsThenMACs)
        sides[side].epoch = .changed(side == client ? protections.client : protections.server)
        sides[side].messages = HandshakeMessages()
        return .taken
    }

    /// Changes a side to keys of TLS 1.3 with its first encrypted record.
    private mutating func begin13(
        _ side: TCPPeer, _ bytes: Span<UInt8>, at position: PacketPosition?, _ keys: inout TLSKeys,
        _ output: inout TLSOutput
    ) -> Step {
        guard let clientHello else { return .waits }
        let label: KeyLog.Label = side == client ? .clientHandshake : .serverHandshake
        let application: KeyLog.Label = side == client ? .clientApplication : .serverApplication
        let secret = keys.secret(label, of: clientHello.random)
        guard secret != nil || keys.secret(application, of: clientHello.random) != nil else { return lack(keys) }
        guard keys.cryptography() != nil else { return .fails(.noCryptography) }
        let announcesEarlyData = side == client && clientHello.announcesEarlyData && !wasRetried
        if announcesEarlyData, earlyDataIsTaken == nil, mayReportEarlyData(side.other) { return .waits }
        sides[side].messages = HandshakeMessages()
        sides[side].epoch = .handshake(secret.flatMap { protection13(of: $0, &keys) })
        if announcesEarlyData, earlyDataIsTaken != false,
            let early = keys.secret(.clientEarly, of: clientHello.random).flatMap({ protection13(of: $0, &keys) })
        {
            sides[side].epoch = .early(early)
        }
        return step13(bytes, of: side, at: position, &keys, &output)
    }

    /// Returns whether the server's answer to early data, which is in its EncryptedExtensions, may still come.
    private func mayReportEarlyData(_ server: TCPPeer) -> Bool {
        guard !sides[server].isOver, !sides[server].hasFinished else { return false }
        switch sides[server].epoch {
        case .clear: return true
        case .handshake(let protection): return protection != nil
        case .early, .application, .changed: return false
        }
    }

    /// Returns the protection for a traffic secret; nil if there is no library, or no suite.
    func protection13(of secret: [UInt8], _ keys: inout TLSKeys) -> RecordProtection? {
        guard let cryptography = keys.cryptography(), let suite, case .aead(let aead) = suite.cipher,
            secret.count == suite.hash.byteCount
        else { return nil }
        let made = KeySchedule(cryptography: cryptography, hash: suite.hash).trafficKeys(
            of: secret, keyCount: aead.keyCount)
        return RecordProtection(.aead13(aead), key: made.key, initializationVector: made.initializationVector)
    }
}
