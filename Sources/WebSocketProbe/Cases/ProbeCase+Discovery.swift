public import WebSocketFrames

extension ProbeCase {
    /// A plain handshake and a ping, to find out whether the implementation speaks WebSocket at all.
    public static let handshake = ProbeCase(
        name: "handshake/plain", title: "A plain handshake is accepted, and a ping answered.", section: "RFC 6455 §4.2",
        target: .server, needs: [], opening: Opening(), steps: barrierSteps(from: .client))

    /// A message, to find out whether it comes back.
    public static let echo: ProbeCase = {
        let text = Array("wsframes asks for an echo".utf8)
        return ProbeCase(
            name: "echo", title: "A message comes back.", section: "RFC 6455 §5.6", target: .server, needs: [.echo],
            opening: Opening(),
            steps: [.send(ProbeFrames.frame(.text, text, from: .client), size: 0), .expect(.message(.text, text))])
    }()

    /// The length of the longest payload that is expected back, in bytes.
    public var largestMessage: Int {
        var largest = 0
        for case .expect(.messageOfLength(let length)) in steps { largest = max(largest, length) }
        return largest
    }

    /// The rule that the case breaks, if it breaks one.
    public var rule: Rule? {
        for case .expect(.failure(_, let rule?)) in steps { return rule }
        return nil
    }

    /// All bytes that the case sends after the handshake, if it is played to its end.
    public var bytesSent: [UInt8] {
        var bytes: [UInt8] = []
        for case .send(let part, _) in steps { bytes += part }
        return bytes
    }
}
