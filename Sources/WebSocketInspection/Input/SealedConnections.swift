import WebSocketCaptures

/// What is reported about TLS connections that could not be decrypted.
struct SealedConnections {
    /// The arguments that name the input.
    let operands: String
    let survey: CaptureSurvey
    /// Whether `--keylog` was given.
    let hasKeyLog: Bool
    /// What to install if there is no cryptographic library.
    let cryptographyAdvice: String

    /// The most connections that are named; the others are only counted.
    private static let maximumNamed = 10

    var message: String {
        let count = survey.tls
        var text = "\(CountedText.count(count, "TLS connection")) cannot be read: "
        let named = survey.sealed.prefix(Self.maximumNamed)
        text += Self.grouped(named).joined(separator: "; ")
        let others = count - UInt64(named.count)
        if others > 0 { text += "; and \(CountedText.grouped(others)) more" }
        text += "."
        if survey.sealed.contains(where: { $0.obstacle == .noCryptography }) {
            text += " To read them, \(cryptographyAdvice)."
        }
        guard survey.sealed.contains(where: { $0.obstacle == .noKey }) else { return text }
        if hasKeyLog || survey.holdsDecryptionSecrets {
            return text + " The key log must have been written while these connections were made, by one of their ends."
        }
        return text
            + " \(TLSGuide.text) To read the capture with them: wsframes validate --keylog keys.log \(operands)"
    }

    /// Returns each reason once, after all connections that it applies to.
    private static func grouped(_ connections: ArraySlice<SealedConnection>) -> [String] {
        var reasons: [String] = []
        var names: [String: [String]] = [:]
        for connection in connections {
            let reason = connection.obstacle.reason
            if names[reason] == nil { reasons.append(reason) }
            names[reason, default: []].append(name(connection))
        }
        return reasons.map { reason in
            let names = names[reason, default: []]
            return names.joined(separator: ", ") + (names.count > 1 ? ", all for one reason" : "") + ": " + reason
        }
    }

    private static func name(_ connection: SealedConnection) -> String {
        var text = ""
        if let client = connection.client, let server = connection.server { text = "\(client) to \(server)" }
        if let name = connection.serverName { text += (text.isEmpty ? "" : " ") + "(server name \(name))" }
        return text.isEmpty ? "one" : text
    }

    /// Returns a word in a form that a shell does not interpret.
    static func shellWord(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: ":"), UInt8(ascii: ","):
                true
            default: false
            }
        }
        guard !isPlain || word.isEmpty else { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
