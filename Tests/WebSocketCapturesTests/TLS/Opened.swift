import PlainCryptography

@testable import WebSocketCaptures

/// What the reader of a TLS connection makes of the bytes of both sides.
struct Opened: Equatable {
    enum Step: Equatable {
        case bytes(TCPPeer, [UInt8])
        case gap(TCPPeer, GapReason)
        case finished(TCPPeer)
        case reset(TCPPeer)
    }

    /// What was passed on; consecutive bytes of a side are joined.
    private(set) var steps: [Step] = []
    private(set) var alerts: [String] = []
    private(set) var unclosed: [TCPPeer] = []
    private var reader = TLSConnectionReader()
    private var keys: TLSKeys

    init(keyLog: String, source: (any KeyLogSource)? = nil) {
        var log = KeyLog()
        log.read(Array(keyLog.utf8).span)
        log.finish()
        keys = TLSKeys(log: log, source: source) { RememberedCryptography.shared }
    }

    static func == (left: Opened, right: Opened) -> Bool {
        left.steps == right.steps && left.alerts == right.alerts && left.unclosed == right.unclosed
            && left.outcome == right.outcome
    }

    var outcome: TLSConnectionReader.Outcome { reader.outcome }
    var serverName: String? { reader.clientHello?.serverName }
    var heldCost: Int { reader.heldCost }

    func bytes(of side: TCPPeer) -> [UInt8] {
        steps.flatMap { step -> [UInt8] in if case .bytes(side, let bytes) = step { bytes } else { [] } }
    }

    mutating func read(_ bytes: [UInt8], from side: TCPPeer, pieces: Int = .max) {
        for start in stride(from: 0, to: bytes.count, by: max(1, min(pieces, bytes.count))) {
            let piece = bytes[start..<min(bytes.count, start + min(pieces, bytes.count))]
            act { $0.read(piece.span, from: side, at: nil, &$1, into: &$2) }
        }
    }

    mutating func gap(of side: TCPPeer) {
        act { $0.gap(of: side, count: 10, .notCaptured, at: nil, into: &$2) }
    }

    mutating func finish(_ side: TCPPeer) { act { $0.finish(side, at: nil, into: &$2) } }

    mutating func reset(by side: TCPPeer) { act { $0.reset(by: side, at: nil, into: &$2) } }

    mutating func makeRoom() { act { $0.makeRoom(into: &$2) } }

    mutating func finish() { act { $0.finish(&$1, into: &$2) } }

    private mutating func act(_ body: (inout TLSConnectionReader, inout TLSKeys, inout TLSOutput) -> Void) {
        var output = TLSOutput()
        body(&reader, &keys, &output)
        for event in output.events {
            switch event {
            case .bytes(let side, let range, _):
                if case .bytes(side, let before) = steps.last {
                    steps[steps.count - 1] = .bytes(side, before + output.bytes[range])
                } else {
                    steps.append(.bytes(side, Array(output.bytes[range])))
                }
            case .gap(let side, _, let reason, _): steps.append(.gap(side, reason))
            case .finished(let side, _): steps.append(.finished(side))
            case .reset(let side, _): steps.append(.reset(side))
            case .alert(_, let alert, _): alerts.append(alert.name)
            case .unclosed(let side, _): unclosed.append(side)
            }
        }
    }
}
