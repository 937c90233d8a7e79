import WebSocketFrames
import WebSocketProbe

/// The strict endpoint at the other end of a proxy, with its connection.
struct OppositeEndpoint {
    private(set) var link: Link
    private var peer: StrictPeer
    private let traffic: ProxyTraffic
    private var unsent: ArraySlice<UInt8>
    private var isHalfClosed = false
    /// Whether nothing more comes from the proxy.
    private(set) var isOver = false
    /// The reason why there is no connection.
    private(set) var fault: SystemFault?

    init(_ peer: StrictPeer, _ link: Link, _ traffic: ProxyTraffic) {
        self.link = link
        self.peer = peer
        self.traffic = traffic
        unsent = peer.opening[...]
    }

    var wantsToWrite: Bool { link.wantsToWrite || (link.isOpen && !unsent.isEmpty) }

    /// The reason why the handshake has failed, if it has.
    var refusal: String? { peer.refusal }

    /// Receives bytes that were read before it was known which case they belong to.
    mutating func take(_ bytes: [UInt8], now: Double) {
        traffic.receive(bytes, by: peer.role, at: now)
        unsent += peer.receive(bytes)
        flush(now)
    }

    /// Continues when the socket is ready.
    ///
    /// - Parameter room: the most bytes that are received in all.
    mutating func go(_ ready: Socket.Readiness, now: Double, room: Int) {
        if !link.isOpen {
            do throws(SystemFault) { try link.open(ready) } catch { (fault, isOver) = (error, true) }
            guard link.isOpen else { return }
        }
        // Bytes that TLS has read ahead do not make the socket ready again.
        for _ in 0..<16 where ready.canRead && !isOver { receive(now, room) }
        flush(now)
    }

    private mutating func receive(_ now: Double, _ room: Int) {
        guard traffic.receivedCount(by: peer.role) <= room else {
            isOver = true
            return
        }
        switch link.receive() {
        case .bytes(let bytes): take(bytes, now: now)
        case .end: end(isReset: false)
        case .reset: end(isReset: true)
        case .nothing: break
        }
    }

    private mutating func end(isReset: Bool) {
        traffic.receiveEnd(by: peer.role, isReset: isReset)
        peer.receiveEnd()
        isOver = true
    }

    private mutating func flush(_ now: Double) {
        while !unsent.isEmpty, let count = link.send(unsent), count > 0 {
            traffic.send(unsent.prefix(count), by: peer.role, at: now)
            unsent = unsent.dropFirst(count)
        }
        guard peer.hasEnded, unsent.isEmpty, !isHalfClosed else { return }
        isHalfClosed = true
        traffic.end(by: peer.role)
        link.halfClose()
    }
}
