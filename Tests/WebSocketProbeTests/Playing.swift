import ProbedPeers
import WebSocketFrames
import WebSocketProbe

/// Plays a case against a server in memory, where silence takes no time.
func play(_ probe: ProbeCase, against fault: MemoryServer.Fault) -> ProbeResult {
    var server = MemoryServer(fault)
    var exchange = ProbeExchange(
        probe, target: ProbeExchange.Target(host: "localhost", path: "/"), nonce: [UInt8](repeating: 7, count: 16))
    var hasSaidEnd = false
    while true {
        switch exchange.next() {
        case .send(let bytes, let size):
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = size == 0 ? rest : rest.prefix(size)
                let answer = server.receive(Array(part))
                if !answer.isEmpty { exchange.receive(answer) }
                rest = rest.dropFirst(part.count)
            }
        case .halfClose, .reset: break
        case .wait:
            if server.hasEnded, !hasSaidEnd {
                hasSaidEnd = true
                exchange.receiveEnd(isReset: false)
            } else {
                exchange.timeOut()
            }
        case .finish(let result): return result
        }
    }
}
