import WebSocketFrames
import WebSocketProbe

/// One case that is played through a proxy: the exchange at one end, the strict endpoint at the other.
struct ProxyPlay {
    /// The field in each request whose value identifies the request when it leaves the proxy.
    static let field = "X-Wsframes-Case"

    let probe: ProbeCase
    let token: String
    private let traffic = ProxyTraffic()
    private var play: Play?
    private var opposite: OppositeEndpoint?
    /// The result of the exchange.
    private var ending: ProbeResult?
    private var hasClosed = false
    private(set) var deadline: Double
    private(set) var result: ProbeResult?
    /// The reason why the proxy was not reached.
    private(set) var fault: SystemFault?

    /// Begins a case with a connection to the proxy.
    init(
        _ probe: ProbeCase, _ link: Link, _ target: ProbeExchange.Target, token: String, now: Double, _ pace: Pace
    ) {
        self.probe = probe
        self.token = token
        var target = target
        target.headers.append("\(Self.field): \(token)")
        deadline = now + pace.maximum
        if probe.target == .server {
            play = Play(probe, link, target, now: now, pace, traffic: traffic)
        } else {
            opposite = OppositeEndpoint(
                StrictPeer(asking: target, deflate: probe.needs.contains(.deflate)), link, traffic)
        }
    }

    /// Whether nobody has connected for it at the other end.
    var isAlone: Bool { play == nil || opposite == nil }

    /// Joins a connection that came out of the proxy, with these first bytes.
    mutating func join(
        _ socket: Socket, _ bytes: [UInt8], _ target: ProbeExchange.Target, now: Double, _ pace: Pace
    ) {
        if probe.target == .server {
            opposite = OppositeEndpoint(StrictPeer(), Link(accepted: socket), traffic)
            opposite?.take(bytes, now: now)
        } else {
            play = Play(probe, Link(accepted: socket), target, now: now, pace, traffic: traffic)
            play?.begin(with: bytes, now: now)
        }
    }

    /// The sockets, and whether to wait until they can be written.
    var waits: [(socket: Socket, writes: Bool)] {
        var waits: [(socket: Socket, writes: Bool)] = []
        if let play { waits.append((play.link.socket, play.wantsToWrite)) }
        if let opposite, !opposite.isOver { waits.append((opposite.link.socket, opposite.wantsToWrite)) }
        return waits
    }

    /// The time at which something has to be done even if nothing arrives.
    var nextTime: Double { ending == nil ? play?.deadline ?? deadline : deadline }

    /// Continues. `ready` has an entry for each of `waits`.
    mutating func go(_ ready: ArraySlice<Socket.Readiness>, now: Double, _ pace: inout Pace) {
        var ready = ready
        let played = play == nil ? nil : ready.popFirst()
        if var opposite, !opposite.isOver, let ready = ready.popFirst() {
            opposite.go(ready, now: now, room: Play.maximumReceived + 2 * probe.bytesSent.count)
            self.opposite = opposite
        }
        if let played { proceed(played, now, &pace) }
        if ending == nil, play == nil { waitForProxy(now) }
        if ending != nil { settle(now, pace) }
    }

    private mutating func proceed(_ ready: Socket.Readiness, _ now: Double, _ pace: inout Pace) {
        guard ending == nil else {
            // The exchange is over: what still arrives is recorded.
            if ready.canRead { play?.drain(now) }
            return
        }
        play?.go(ready, now: now, &pace)
        fault = play?.fault
        ending = play?.result
        if ending != nil { deadline = now + pace.short }
    }

    /// Waits for the proxy if a client is probed: nothing can be played before it connects.
    private mutating func waitForProxy(_ now: Double) {
        fault = opposite?.fault
        let isRefused = opposite?.refusal != nil
        guard fault == nil, isRefused || opposite?.isOver == true || now >= deadline else { return }
        let reason = opposite?.refusal ?? (opposite?.isOver == true ? "the proxy ends the connection" : "nothing comes")
        result = traffic.result(
            of: probe, isRefused ? .refuses(nil) : .hangs, "a request does not come out of the proxy: \(reason)")
    }

    /// Ends the case after the exchange. Data in transit in both directions is waited for, then this end is closed,
    /// which must reach the other end.
    private mutating func settle(_ now: Double, _ pace: Pace) {
        guard let ending, result == nil else { return }
        if !hasClosed, traffic.isEven || opposite == nil || now >= deadline || play?.isBroken == true {
            hasClosed = true
            play = nil
            traffic.end(by: probe.target.peer)
            deadline = now + pace.long
        }
        if hasClosed, opposite?.isOver ?? true || now >= deadline {
            result = opposite == nil ? unpassed(ending) : traffic.result(of: ending)
        }
    }

    /// Returns the result if nothing left the proxy: the answer did not come from the end played here.
    private func unpassed(_ ending: ProbeResult) -> ProbeResult {
        if case .skipped = ending.outcome { return ending }
        guard probe.opening.answer == .upgrade || !ending.outcome.isFine else { return traffic.result(of: ending) }
        let detail = "\(ending.detail); no request came out of the proxy at the other end"
        return traffic.result(of: probe, ending.outcome.isFine ? .alters("leads-elsewhere") : ending.outcome, detail)
    }
}
