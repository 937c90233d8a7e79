public import WebSocketFrames
import WebSocketProbe

/// A server in memory that is strict except for one fault: bytes in, bytes out.
public struct MemoryServer: Sendable {
    /// The one thing that it does wrong.
    public enum Fault: Equatable, Sendable {
        case none
        /// Continues after this rule is broken, as if nothing had happened.
        case ignores(Rule)
        /// Fails the connection for this rule with 1011.
        case otherCode(Rule)
        /// Ends TCP without a Close for this rule.
        case cutsOff(Rule)
        /// Sends nothing more once this rule is broken.
        case hangs(Rule)
        /// Judges a frame only once it is complete.
        case waitsForFrames
        case ignoresPings
        case answersPingsEmpty
        case ignoresCloses
        case complainsAboutCloses
        case keepsTCP
        case wrongAccept
        case upgradesAnything
        case breaksEcho
        case refusesEmptyFrames
        /// Crashes at the first byte that breaks this rule: whoever runs it ends everything.
        case dies(Rule)
        /// Never ends the head of its response.
        case endlessHead
        /// Answers a handshake with something other than HTTP.
        case speaksAnother
        /// Redirects, again and again.
        case redirects
        /// Sends a frame before its response.
        case answersTooEarly
        /// Sends frames that are masked.
        case masksFrames
    }

    /// What it does wrong.
    public let fault: Fault
    /// Set when it closes TCP, once its whole answer has been sent.
    public private(set) var hasEnded = false
    /// Set when it has crashed.
    public private(set) var isDead = false
    private var head: [UInt8] = []
    private var isOpen = false
    private var frames: [UInt8] = []
    private var consumed = 0
    private var validator = FrameValidator(sender: .client)
    private var message: (opcode: Opcode, bytes: [UInt8])?
    private var output: [UInt8] = []
    private var isSilent = false

    /// Creates a server without a connection.
    public init(_ fault: Fault) {
        self.fault = fault
    }

    /// Takes a client's bytes, and returns the answer.
    public mutating func receive(_ bytes: [UInt8]) -> [UInt8] {
        output = []
        for byte in bytes where !hasEnded {
            if isOpen { receiveFrameByte(byte) } else { receiveHeadByte(byte) }
        }
        return output
    }

    private mutating func receiveHeadByte(_ byte: UInt8) {
        head.append(byte)
        guard head.suffix(4) == [13, 10, 13, 10] else { return }
        switch fault {
        case .endlessHead:
            output += Array("HTTP/1.1 101 Switching Protocols\r\n".utf8)
            output += Array(repeatElement(Array("X-Field: and so on\r\n".utf8), count: 8_192).joined())
            return
        case .speaksAnother:
            output += Array("SSH-2.0-OpenSSH_9.2\r\n\r\n".utf8)
            return
        case .redirects:
            output += Array("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n".utf8)
            return
        default: break
        }
        var lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        let first = lines.removeFirst().split(separator: " ")
        let fields = lines.map { line in
            let name = line.prefix { $0 != ":" }
            return (name: String(name), value: String(line.dropFirst(name.count + 1)))
        }
        let request = HandshakeRequest(
            method: String(first[0]), target: String(first[1]), fields: HeaderFields(fields))
        let isMalformed = fields.contains { $0.name.hasSuffix(" ") }
        guard fault == .upgradesAnything || (!isMalformed && request.faults.isEmpty && request.host != nil) else {
            output += Array("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".utf8)
            hasEnded = true
            return
        }
        let accept =
            fault == .wrongAccept ? "AAAAAAAAAAAAAAAAAAAAAAAAAAA=" : AcceptValue.expected(for: request.key ?? "")
        let response =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: \(accept)"
        output += Array((response + "\r\n\r\n").utf8)
        if fault == .answersTooEarly {
            output = ProbeFrames.frame(.pong, [], from: .server) + output
        }
        isOpen = true
    }

    // MARK: - Frames

    private mutating func receiveFrameByte(_ byte: UInt8) {
        frames.append(byte)
        let end = RawFrame.end(frames)
        if fault != .waitsForFrames || frames.count == end { judge() }
        guard !hasEnded, !isSilent, frames.count == end else { return }
        answer()
        frames = []
        consumed = 0
    }

    private mutating func judge() {
        let new = Array(frames[consumed...])
        consumed = frames.count
        do {
            try validator.consume(new.span)
        } catch {
            switch fault {
            case .ignores(error.rule):
                _ = validator.skipFrame()
                // The bytes after the offending field belong to the frame that is skipped.
                try? validator.consume(Array(new.dropFirst(new.count)).span)
            case .hangs(error.rule): isSilent = true
            case .cutsOff(error.rule): hasEnded = true
            case .dies(error.rule): (hasEnded, isDead) = (true, true)
            default: fail(fault == .otherCode(error.rule) ? .internalError : error.closeCode)
            }
        }
    }

    private mutating func fail(_ code: CloseCode) {
        output += ProbeFrames.frame(.close, Self.payload(of: code), from: .server)
        hasEnded = true
    }

    private static func payload(of code: CloseCode) -> [UInt8] {
        [UInt8(truncatingIfNeeded: code.rawValue >> 8), UInt8(truncatingIfNeeded: code.rawValue)]
    }

    private mutating func answer() {
        let payload = RawFrame.payload(frames)
        if fault == .refusesEmptyFrames, payload.isEmpty, frames[0] & 8 == 0 { return fail(.protocolError) }
        switch frames[0] & 0x0F {
        case 0x9 where fault != .ignoresPings:
            output += ProbeFrames.frame(
                .pong, fault == .answersPingsEmpty ? [] : payload, from: .server, isMasked: fault == .masksFrames)
        case 0x8 where fault != .ignoresCloses:
            let answer = fault == .complainsAboutCloses ? Self.payload(of: .protocolError) : Array(payload.prefix(2))
            output += ProbeFrames.frame(.close, answer, from: .server)
            if fault == .keepsTCP { isSilent = true } else { hasEnded = true }
        case 0x0...0x2: answer(payload, opcode: frames[0] & 0x0F == 1 ? .text : .binary, isFinal: frames[0] >= 0x80)
        default: break
        }
    }

    private mutating func answer(_ payload: [UInt8], opcode: Opcode, isFinal: Bool) {
        message = (message?.opcode ?? opcode, (message?.bytes ?? []) + payload)
        guard isFinal, let whole = message else { return }
        message = nil
        let bytes = fault == .breaksEcho ? whole.bytes.reversed() : whole.bytes
        output += ProbeFrames.frame(whole.opcode, bytes, from: .server)
    }
}
