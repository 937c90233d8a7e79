// Encrypted records.
extension TLSConnectionReader {
    // MARK: TLS 1.3

    /// Decrypts a record with the keys in use, or with those that it brings into use.
    mutating func step13(
        _ bytes: Span<UInt8>, of side: TCPPeer, at position: PacketPosition?, _ keys: inout TLSKeys,
        _ output: inout TLSOutput
    ) -> Step {
        guard let clientHello, let cryptography = keys.cryptography() else { return .fails(.noCryptography) }
        if case .early(var protection) = sides[side].epoch {
            if protection.open(bytes, cryptography, into: &keys.content) {
                sides[side].epoch = .early(protection)
                return takeContent13(of: side, at: position, &keys, &output)
            }
            let secret = keys.secret(.clientHandshake, of: clientHello.random)
            sides[side].epoch = .handshake(secret.flatMap { protection13(of: $0, &keys) })
        }
        if case .application(var protection, let secret) = sides[side].epoch {
            guard protection.open(bytes, cryptography, into: &keys.content) else { return .fails(.damagedRecord) }
            sides[side].epoch = .application(protection, secret: secret)
            return takeContent13(of: side, at: position, &keys, &output)
        }
        if case .handshake(var protection?) = sides[side].epoch,
            protection.open(bytes, cryptography, into: &keys.content)
        {
            sides[side].epoch = .handshake(protection)
            return takeContent13(of: side, at: position, &keys, &output)
        }
        let label: KeyLog.Label = side == client ? .clientApplication : .serverApplication
        guard let secret = keys.secret(label, of: clientHello.random) else {
            return lack(keys)
        }
        guard var protection = protection13(of: secret, &keys) else { return .fails(.wrongKey) }
        guard protection.open(bytes, cryptography, into: &keys.content) else {
            return passUnopened(of: side)
        }
        sides[side].epoch = .application(protection, secret: secret)
        return takeContent13(of: side, at: position, &keys, &output)
    }

    /// Passes a record that none of the known keys decrypts. It may belong to the handshake, or be early data.
    private mutating func passUnopened(of side: TCPPeer) -> Step {
        guard case .handshake(let protection) = sides[side].epoch else { return .fails(.wrongKey) }
        let announcedEarlyData =
            side == client && clientHello?.announcesEarlyData == true && (protection?.sequence ?? 0) == 0
        guard protection == nil || announcedEarlyData else {
            return .fails(sides[side].hasOpened ? .damagedRecord : .wrongKey)
        }
        // Early data that the server accepted is part of what the client said.
        if announcedEarlyData, earlyDataIsTaken == true { return .fails(.earlyData) }
        sides[side].unopened += 1
        return sides[side].unopened <= TLSSide.maximumUnopened ? .taken : .fails(.wrongKey)
    }

    /// Handles the decrypted content of a record: its data, its type, and zeros (RFC 8446 §5.4).
    private mutating func takeContent13(
        of side: TCPPeer, at position: PacketPosition?, _ keys: inout TLSKeys, _ output: inout TLSOutput
    ) -> Step {
        noteOpened(side)
        guard let end = keys.content.lastIndex(where: { $0 != 0 }) else { return .fails(.malformed) }
        let content = keys.content[..<end]
        switch TLSRecord.Content(rawValue: keys.content[end]) {
        case .applicationData:
            if case .handshake = sides[side].epoch { return .fails(.malformed) }
            pass(content, of: side, at: position, &output)
        case .alert: return takeAlert(content, of: side, at: position, &output)
        case .handshake: return takeMessages13(content, of: side, &keys)
        default: return .fails(.malformed)
        }
        return .taken
    }

    private mutating func takeMessages13(
        _ content: ArraySlice<UInt8>, of side: TCPPeer, _ keys: inout TLSKeys
    ) -> Step {
        var isUpdated = false
        var endsEarlyData = false
        var messages = HandshakeMessages()
        swap(&messages, &sides[side].messages)
        let isRight = messages.read(content.span) { type, body in
            switch HandshakeMessages.Kind(rawValue: type) {
            case .encryptedExtensions:
                var reader = WireReader(body)
                if side != client, let extensions = HelloExtensions(&reader) {
                    earlyDataIsTaken = extensions[.earlyData] != nil
                }
            case .keyUpdate: isUpdated = true
            // EndOfEarlyData (RFC 8446 §4.5).
            case nil: endsEarlyData = endsEarlyData || type == 5
            case .clientHello, .serverHello: break
            }
        }
        let isBetweenMessages = messages.isBetweenMessages
        swap(&messages, &sides[side].messages)
        guard isRight else { return .fails(.malformed) }
        if case .early = sides[side].epoch, endsEarlyData, let random = clientHello?.random {
            let secret = keys.secret(.clientHandshake, of: random)
            sides[side].epoch = .handshake(secret.flatMap { protection13(of: $0, &keys) })
        }
        guard isUpdated else { return .taken }
        // Nothing may follow it in its record (RFC 8446 §5.1).
        guard case .application(_, let secret) = sides[side].epoch, isBetweenMessages, let suite,
            let cryptography = keys.cryptography()
        else { return .fails(.malformed) }
        let next = KeySchedule(cryptography: cryptography, hash: suite.hash).updated(secret)
        guard let protection = protection13(of: next, &keys) else { return .fails(.malformed) }
        sides[side].epoch = .application(protection, secret: next)
        return .taken
    }

    // MARK: TLS 1.2

    /// Decrypts a record of TLS 1.2.
    mutating func step12(
        _ protection: RecordProtection, _ record: TLSRecord, _ bytes: Span<UInt8>, of side: TCPPeer,
        at position: PacketPosition?,
        _ keys: inout TLSKeys, _ output: inout TLSOutput
    ) -> Step {
        guard let cryptography = keys.cryptography() else { return .fails(.noCryptography) }
        var protection = protection
        guard protection.open(bytes, cryptography, into: &keys.content) else {
            return .fails(sides[side].hasOpened ? .damagedRecord : .wrongKey)
        }
        sides[side].epoch = .changed(protection)
        noteOpened(side)
        switch record.content {
        case .applicationData: pass(keys.content[...], of: side, at: position, &output)
        case .alert: return takeAlert(keys.content[...], of: side, at: position, &output)
        case .heartbeat: break
        case .changeCipherSpec: return .fails(.renegotiation)
        case .handshake:
            // The first message is Finished. A HelloRequest asks for another handshake, and a hello begins one.
            var isRenegotiated = false
            guard
                sides[side].messages.read(
                    keys.content.span,
                    { type, _ in
                        switch HandshakeMessages.Kind(rawValue: type) {
                        case .clientHello, .serverHello: isRenegotiated = true
                        default: break
                        }
                    })
            else { return .fails(.malformed) }
            if isRenegotiated { return .fails(.renegotiation) }
        }
        return .taken
    }

    // MARK: Both

    private mutating func pass(
        _ content: ArraySlice<UInt8>, of side: TCPPeer, at position: PacketPosition?, _ output: inout TLSOutput
    ) {
        if side == client { clientHasSpoken = true }
        output.append(content, of: side, at: position)
    }

    private mutating func noteOpened(_ side: TCPPeer) {
        sides[side].hasOpened = true
        outcome = .open
    }

    private mutating func takeAlert(
        _ content: ArraySlice<UInt8>, of side: TCPPeer, at position: PacketPosition?, _ output: inout TLSOutput
    ) -> Step {
        guard content.count == 2, let level = content.first, let description = content.last else {
            return .fails(.malformed)
        }
        return read(TLSAlert(level: level, description: description), of: side, at: position, &output)
    }
}
