import ProbedPeers
import WebSocketFrames
import WebSocketProbe

/// Plays a case through a proxy in memory, between the exchange and the strict endpoint. Silence takes no time.
struct PlayingThroughProxy {
    private let probe: ProbeCase
    private let traffic = ProxyTraffic()
    private var proxy: MemoryProxy
    private var exchange: ProbeExchange
    private var far: StrictPeer
    private var farHasEnded = false
    /// Set when the exchange has closed its connection, from which nothing is read any more.
    private var isOver = false
    private var now = 0.0
    private var own: Endpoint { probe.target.peer }

    init(_ probe: ProbeCase, through manner: MemoryProxy.Manner) {
        self.probe = probe
        proxy = MemoryProxy(manner)
        let target = ProbeExchange.Target(host: "localhost", path: "/")
        exchange = ProbeExchange(probe, target: target, nonce: [UInt8](repeating: 7, count: 16))
        far =
            probe.target == .server
            ? StrictPeer() : StrictPeer(asking: target, deflate: probe.needs.contains(.deflate))
    }

    mutating func result() -> ProbeResult {
        send(far.opening, by: far.role)
        while true {
            switch exchange.next() {
            case .send(let bytes, let size):
                var rest = bytes[...]
                while !rest.isEmpty {
                    let part = size == 0 ? rest : rest.prefix(size)
                    send(Array(part), by: own)
                    rest = rest.dropFirst(part.count)
                }
            case .halfClose: end(by: own)
            case .reset: break
            case .wait: exchange.timeOut()
            case .finish(let result):
                isOver = true
                end(by: own)
                return traffic.result(of: result)
            }
        }
    }

    private mutating func send(_ bytes: [UInt8], by sender: Endpoint) {
        guard !bytes.isEmpty else { return }
        traffic.send(bytes, by: sender, at: now)
        if proxy.manner == .delays { now += 1 }
        take(proxy.receive(bytes, from: sender))
    }

    private mutating func end(by sender: Endpoint) {
        traffic.end(by: sender)
        take(proxy.end(from: sender))
    }

    private mutating func take(_ outputs: [MemoryProxy.Output]) {
        for output in outputs {
            switch output {
            case .bytes(_, own) where isOver, .end(own) where isOver: break
            case .bytes(let bytes, own):
                traffic.receive(bytes, by: own, at: now)
                exchange.receive(bytes)
            case .bytes(let bytes, let receiver):
                traffic.receive(bytes, by: receiver, at: now)
                send(far.receive(bytes), by: receiver)
                endFar()
            case .end(own):
                traffic.receiveEnd(by: own, isReset: false)
                exchange.receiveEnd(isReset: false)
            case .end(let receiver):
                traffic.receiveEnd(by: receiver, isReset: false)
                far.receiveEnd()
                endFar()
            }
        }
    }

    private mutating func endFar() {
        guard far.hasEnded, !farHasEnded else { return }
        farHasEnded = true
        end(by: far.role)
    }
}
