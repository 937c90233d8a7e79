/// A whole control frame: Close, ping or pong (RFC 6455 §5.5).
public struct ControlFrame: Sendable, Hashable {
    /// `close`, `ping` or `pong`.
    public let opcode: Opcode
    /// Its payload, unmasked.
    public let payload: ControlPayload

    package init(opcode: Opcode, payload: ControlPayload) {
        self.opcode = opcode
        self.payload = payload
    }

    /// A ping; nil when `data` has more than 125 bytes (§5.5.2).
    ///
    /// - Parameter data: what the pong is to bring back; nothing unless given.
    public static func ping(_ data: some Sequence<UInt8> = EmptyCollection<UInt8>()) -> ControlFrame? {
        ControlPayload(data).map { ControlFrame(opcode: .ping, payload: $0) }
    }

    /// A pong nobody asked for; nil when `data` has more than 125 bytes (§5.5.3).
    ///
    /// - Parameter data: the payload; nothing unless given.
    public static func pong(_ data: some Sequence<UInt8> = EmptyCollection<UInt8>()) -> ControlFrame? {
        ControlPayload(data).map { ControlFrame(opcode: .pong, payload: $0) }
    }

    /// The pong that answers a ping: with the same data (§5.5.3).
    ///
    /// - Parameter ping: the ping that has arrived.
    public static func pong(answering ping: ControlFrame) -> ControlFrame {
        ControlFrame(opcode: .pong, payload: ping.payload)
    }

    /// A Close without a code (§5.5.1).
    public static var close: ControlFrame {
        ControlFrame(opcode: .close, payload: ControlPayload())
    }

    /// A Close with a code and perhaps a reason (§5.5.1).
    ///
    /// - Parameters:
    ///   - code: the status code. One that must not be sent (``CloseCode/isAllowedOnWire``) makes this nil.
    ///   - reason: a text for logs. What goes beyond 123 bytes of UTF-8 is left out, between two characters.
    public static func close(_ code: CloseCode, reason: String = "") -> ControlFrame? {
        guard code.isAllowedOnWire else { return nil }
        var payload = ControlPayload()
        payload.append(UInt8(truncatingIfNeeded: code.rawValue >> 8))
        payload.append(UInt8(truncatingIfNeeded: code.rawValue))
        for scalar in reason.unicodeScalars {
            let bytes = UTF8.encode(scalar)
            guard let bytes, payload.count + bytes.count <= ControlPayload.maximumCount else { break }
            for byte in bytes { payload.append(byte) }
        }
        return ControlFrame(opcode: .close, payload: payload)
    }

    /// The same with the name of a rule or a limit, of at most 123 bytes, as the reason: without a String made of it.
    static func closing(_ code: CloseCode, _ reason: StaticString = "") -> ControlFrame? {
        guard code.isAllowedOnWire else { return nil }
        var payload = ControlPayload()
        payload.append(UInt8(truncatingIfNeeded: code.rawValue >> 8))
        payload.append(UInt8(truncatingIfNeeded: code.rawValue))
        Kernels.forEachByte(of: reason) { payload.append($0) }
        return ControlFrame(opcode: .close, payload: payload)
    }

    /// The code of a Close; nil if it has none, and for pings and pongs (§5.5.1). Where a reader has handed the
    /// frame over, it is one that may be sent.
    public var closeCode: CloseCode? {
        guard opcode == .close, payload.count >= 2 else { return nil }
        return CloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
    }

    /// The reason of a Close, at most 123 bytes of UTF-8; empty where it has none, and for pings and pongs (§5.5.1).
    ///
    /// The peer has written it: escape it before it reaches a log or a terminal.
    public var closeReason: String {
        guard opcode == .close else { return "" }
        return String(decoding: payload.dropFirst(2), as: UTF8.self)
    }
}
