import WebSocketFrames
import WebSocketProbe

/// One connection, and the exchange on it.
struct Play {
    /// The most bytes that a case receives in addition to twice its longest message, and the most long waits that it
    /// takes.
    static let maximumReceived = 1 << 22
    private static let maximumWaits = 8.0

    let probe: ProbeCase
    private(set) var link: Link
    private var exchange: ProbeExchange
    private var hasBegun = false
    private var unsent: ArraySlice<UInt8> = []
    private var writeSize = 0
    private var receivedCount = 0
    private(set) var deadline: Double
    /// The time at which the case ends, whatever arrives.
    private let end: Double
    /// When the handshake was sent; nil once it is answered.
    private var askedAt: Double?
    private(set) var result: ProbeResult?
    /// The reason why there is no connection.
    private(set) var fault: SystemFault?
    /// Whether nothing more can be read.
    private(set) var isBroken = false
    /// The record of what passes, if a proxy is between this end and another one.
    private let traffic: ProxyTraffic?

    init(
        _ probe: ProbeCase, _ link: Link, _ target: ProbeExchange.Target, now: Double, _ pace: Pace,
        traffic: ProxyTraffic? = nil
    ) {
        self.probe = probe
        self.link = link
        self.traffic = traffic
        var random = SystemRandomNumberGenerator()
        let nonce = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
        exchange = ProbeExchange(probe, target: target, nonce: nonce)
        deadline = now + pace.maximum
        end = now + Self.maximumWaits * pace.maximum
        askedAt = now
    }

    var wantsToWrite: Bool { link.wantsToWrite || (link.isOpen && !unsent.isEmpty) }

    var isOver: Bool { result != nil || fault != nil }

    /// Receives bytes that were read from the connection before it was known which case it is for.
    mutating func begin(with bytes: [UInt8], now: Double) {
        traffic?.receive(bytes, by: probe.target.peer, at: now)
        exchange.receive(bytes)
    }

    /// Continues when the socket is ready or the time is over.
    mutating func go(_ ready: Socket.Readiness, now: Double, _ pace: inout Pace) {
        guard link.isOpen else { return connect(ready, now, &pace) }
        if !hasBegun { act(now, &pace) }
        let room = Self.maximumReceived + 2 * probe.largestMessage
        if ready.canRead, receivedCount <= room, now < end {
            receive(now, &pace)
            act(now, &pace)
        } else if receivedCount > room {
            exchange.abandon("sends more than \(room >> 20) MiB that were not asked for")
            act(now, &pace)
        } else if ready.canWrite, !unsent.isEmpty, now < end {
            act(now, &pace)
        } else if now >= min(deadline, end) {
            unsent = []
            now >= end ? exchange.abandon("sends without an end") : exchange.timeOut()
            act(now, &pace)
        }
    }

    /// Records what arrives after the exchange has ended.
    mutating func drain(_ now: Double) {
        switch link.receive() {
        case .bytes(let bytes) where receivedCount <= Self.maximumReceived:
            receivedCount += bytes.count
            traffic?.receive(bytes, by: probe.target.peer, at: now)
        case .bytes: isBroken = true
        case .end: noteEnd(isReset: false)
        case .reset: noteEnd(isReset: true)
        case .nothing: break
        }
    }

    private mutating func noteEnd(isReset: Bool) {
        traffic?.receiveEnd(by: probe.target.peer, isReset: isReset)
        isBroken = true
    }

    private mutating func connect(_ ready: Socket.Readiness, _ now: Double, _ pace: inout Pace) {
        do throws(SystemFault) {
            try link.open(ready)
        } catch {
            fault = error
            return
        }
        if link.isOpen {
            askedAt = now
            act(now, &pace)
        } else if now >= deadline {
            fault = SystemFault(message: SystemError.timedOut.message)
        }
    }

    private mutating func receive(_ now: Double, _ pace: inout Pace) {
        // Bytes that TLS has read ahead do not make the socket ready again.
        for _ in 0..<16 {
            switch link.receive() {
            case .bytes(let bytes):
                receivedCount += bytes.count
                traffic?.receive(bytes, by: probe.target.peer, at: now)
                exchange.receive(bytes)
            case .end: return receiveEnd(isReset: false)
            case .reset: return receiveEnd(isReset: true)
            case .nothing: return
            }
            if let asked = askedAt, exchange.hasAnswered {
                pace.note(now - asked)
                askedAt = nil
            }
        }
    }

    private mutating func receiveEnd(isReset: Bool) {
        noteEnd(isReset: isReset)
        exchange.receiveEnd(isReset: isReset)
    }

    /// Does what the exchange says, until it has to wait.
    private mutating func act(_ now: Double, _ pace: inout Pace) {
        hasBegun = true
        while result == nil {
            guard flush(now) else { return }
            switch exchange.next() {
            case .send(let bytes, let size):
                unsent = bytes[...]
                writeSize = size
            case .halfClose:
                traffic?.end(by: probe.target.peer)
                link.halfClose()
            case .reset: link.socket.resetWhenClosed()
            case .wait(let wait):
                deadline = now + (wait == .short ? pace.short : pace.long)
                return
            case .finish(let result):
                self.result = result
            }
        }
    }

    /// - Returns: false if the system accepts no more for now.
    private mutating func flush(_ now: Double) -> Bool {
        while !unsent.isEmpty {
            let count = writeSize == 0 ? unsent.count : min(writeSize, unsent.count)
            guard let taken = link.send(unsent.prefix(count)) else {
                // What was not accepted is lost; the broken connection shows when it is read.
                unsent = []
                return true
            }
            if taken == 0 { return false }
            traffic?.send(unsent.prefix(taken), by: probe.target.peer, at: now)
            unsent = unsent.dropFirst(taken)
        }
        return true
    }
}
