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

    /// Creates a ping; nil if `data` has more than 125 bytes (§5.5.2).
    ///
    /// - Parameter data: what the pong is to return; nothing by default.
    public static func ping(_ data: some Sequence<UInt8> = EmptyCollection<UInt8>()) -> ControlFrame? {
        ControlPayload(data).map { ControlFrame(opcode: .ping, payload: $0) }
    }

    /// Creates an unsolicited pong; nil if `data` has more than 125 bytes (§5.5.3).
    ///
    /// - Parameter data: the payload; nothing by default.
    public static func pong(_ data: some Sequence<UInt8> = EmptyCollection<UInt8>()) -> ControlFrame? {
        ControlPayload(data).map { ControlFrame(opcode: .pong, payload: $0) }
    }

    /// Creates the pong that answers a ping: it has the same data (§5.5.3).
    ///
    /// - Parameter ping: the ping that was received.
    public static func pong(answering ping: ControlFrame) -> ControlFrame {
        ControlFrame(opcode: .pong, payload: ping.payload)
    }

    /// A Close without a code (§5.5.1).
    public static var close: ControlFrame {
        ControlFrame(opcode: .close, payload: ControlPayload())
    }

    /// Creates a Close with a code and an optional reason (§5.5.1).
    ///
    /// - Parameters:
    ///   - code: the status code. The result is nil if it must not be sent (``CloseCode/isAllowedOnWire``).
    ///   - reason: a text for logs. It is truncated to 123 bytes of UTF-8, never inside a character.
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

    /// Creates a Close whose reason is the name of a rule or a limit, at most 123 bytes long, without creating a
    /// String.
    static func closing(_ code: CloseCode, _ reason: StaticString = "") -> ControlFrame? {
        guard code.isAllowedOnWire else { return nil }
        var payload = ControlPayload()
        payload.append(UInt8(truncatingIfNeeded: code.rawValue >> 8))
        payload.append(UInt8(truncatingIfNeeded: code.rawValue))
        Kernels.forEachByte(of: reason) { payload.append($0) }
        return ControlFrame(opcode: .close, payload: payload)
    }

    /// The code of a Close; nil if it has none, and for pings and pongs (§5.5.1). In a frame from a reader it is
    /// always one that may be sent.
    public var closeCode: CloseCode? {
        guard opcode == .close, payload.count >= 2 else { return nil }
        return CloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
    }

    /// The reason of a Close, at most 123 bytes of UTF-8; empty if it has none, and for pings and pongs (§5.5.1).
    ///
    /// The peer wrote it: escape it before it reaches a log or a terminal.
    public var closeReason: String {
        guard opcode == .close else { return "" }
        return String(decoding: payload.dropFirst(2), as: UTF8.self)
    }
}
