import Testing
import WebSocketCaptures

/// Sends segments between one or more pairs of ends through an assembler, and records the events.
struct SegmentBench {
    var assembler: TCPAssembler
    /// The number of the last packet.
    var packet: UInt64 = 0
    /// One line per event, as `0 first "abc" #3`.
    var log = EventLog()

    init(_ limits: AssemblyLimits = AssemblyLimits()) {
        assembler = TCPAssembler(limits: limits)
    }

    static let low = SocketAddress(address: .v4(0x0A00_0001), port: 50_000)
    static let high = SocketAddress(address: .v4(0x0A00_0002), port: 80)

    /// Sends a segment from `low` to `high`.
    mutating func up(
        _ sequence: UInt32, _ text: String = "", ack: UInt32? = nil, _ flags: TCPSegment.Flags = [],
        missing: UInt32 = 0, port: UInt16 = 50_000
    ) {
        let low = SocketAddress(address: Self.low.address, port: port)
        send(low, Self.high, sequence, Array(text.utf8), ack, flags, missing)
    }

    /// Sends a segment from `high` to `low`.
    mutating func down(
        _ sequence: UInt32, _ text: String = "", ack: UInt32? = nil, _ flags: TCPSegment.Flags = [],
        missing: UInt32 = 0, port: UInt16 = 50_000
    ) {
        let low = SocketAddress(address: Self.low.address, port: port)
        send(Self.high, low, sequence, Array(text.utf8), ack, flags, missing)
    }

    mutating func send(
        _ source: SocketAddress, _ destination: SocketAddress, _ sequence: UInt32, _ bytes: [UInt8], _ ack: UInt32?,
        _ flags: TCPSegment.Flags, _ missing: UInt32, scale: UInt8? = nil
    ) {
        let segment = TCPSegment(
            source: source, destination: destination, sequence: sequence, acknowledgment: ack ?? 0,
            flags: ack == nil ? flags : flags.union(.ack), windowScale: scale, payload: 0..<bytes.count,
            missing: missing)
        send(segment, bytes)
    }

    mutating func send(_ segment: TCPSegment, _ bytes: [UInt8]) {
        packet += 1
        assembler.add(segment, payload: bytes.span, at: PacketPosition(packet: packet, time: nil)) {
            log.note($0, $1, $2)
        }
        let ceiling = max(assembler.limits.heldInAll, 0)
        if !(0...ceiling).contains(assembler.heldBytes) { Issue.record("holds \(assembler.heldBytes)") }
    }

    /// A handshake: the first byte of `low` has number 1,001, that of `high` 2,001.
    mutating func connect(port: UInt16 = 50_000) {
        up(1000, .syn, port: port)
        down(2000, ack: 1001, .syn, port: port)
        up(1001, ack: 2001, port: port)
    }

    mutating func up(_ sequence: UInt32, _ flags: TCPSegment.Flags, port: UInt16 = 50_000) {
        up(sequence, "", flags, port: port)
    }

    mutating func down(_ sequence: UInt32, _ flags: TCPSegment.Flags, port: UInt16 = 50_000) {
        down(sequence, "", flags, port: port)
    }

    /// Empty segments, as many as an acknowledgment may be early.
    mutating func idle(_ count: Int = TCPAssembler.gapTolerance) {
        for _ in 0..<count { up(1001) }
    }

    mutating func finish() {
        assembler.finish { log.note($0, $1, $2) }
        log.expectAllClosed()
        #expect(assembler.heldBytes == 0)
    }

    /// The lines recorded since the last call.
    mutating func news() -> [String] {
        defer { log.lines = [] }
        return log.lines
    }
}
