import WebSocketCaptures
import WebSocketFrames

/// One direction through a proxy: what an endpoint sent, on the hop on which it reached the proxy (the source), and
/// on the one on which it left (the destination).
struct HopDirection {
    let sender: Endpoint
    let source: HopTrace
    let destination: HopTrace
    let alignment: HopAlignment?
    /// Whether the times of both hops come from the same clock.
    let sharesClock: Bool

    /// If a capture ends sooner than this after a message, it need not contain what became of it.
    private static let timeAllowed: UInt64 = 10_000_000_000

    init(_ sender: Endpoint, front: HopTrace, back: HopTrace, sharesClock: Bool) {
        self.sender = sender
        self.sharesClock = sharesClock
        (source, destination) = sender == .client ? (front, back) : (back, front)
        let isComparable = Self.isKnown(source[sender]) == Self.isKnown(destination[sender])
        alignment = isComparable ? HopAlignment(source[sender].messages, destination[sender].messages) : nil
    }

    /// Whether the source is the client's hop.
    var sourceIsFront: Bool { sender == .client }
    var sent: [HopMessage] { source[sender].messages }
    var passed: [HopMessage] { destination[sender].messages }

    /// Returns whether the messages can be compared: ones that are opaque on one hop and inflated on the other
    /// cannot.
    private static func isKnown(_ stream: HopStream) -> Bool { !stream.messages.contains { $0.isOpaque } }

    /// The messages that are equal on both hops.
    var equal: [(sent: HopMessage, passed: HopMessage)] {
        guard let alignment else { return [] }
        let (sent, passed) = (sent, passed)
        return alignment.pieces.filter(\.isEqual).flatMap { piece in
            zip(piece.one, piece.other).map { (sent[$0], passed[$1]) }
        }
    }

    /// How long equal messages took through the proxy, in nanoseconds and in order; negative for one that left before
    /// it arrived. Empty if the times cannot be compared.
    var lags: [Int64] {
        equal.compactMap { pair in
            guard let came = pair.sent.time, let left = pair.passed.time else { return nil }
            return Int64(truncatingIfNeeded: left.nanoseconds &- came.nanoseconds)
        }
    }

    /// The pieces that certainly differ, because both hops are completely known there.
    var different: [HopAlignment.Piece] {
        guard let alignment else { return [] }
        return alignment.pieces.enumerated().compactMap { index, piece in
            guard !piece.isEqual else { return nil }
            guard index > 0 || (source.isSeenFromStart && destination.isSeenFromStart) else { return nil }
            let opaque = (sent[piece.one] + passed[piece.other]).contains { $0.isOpaque }
            guard !opaque else { return nil }
            return index + 1 < alignment.pieces.count ? piece : tail(piece)
        }
    }

    /// Returns as much of a difference at the end as is certain.
    private func tail(_ piece: HopAlignment.Piece) -> HopAlignment.Piece? {
        guard source[sender].stop == nil, destination[sender].stop == nil else { return nil }
        if piece.one.isEmpty { return source.isCutOff ? nil : piece }
        let count = sent[piece.one].prefix { mustHavePassed(at: $0.time) }.count
        guard piece.other.isEmpty else { return count == piece.one.count && !source.isCutOff ? piece : nil }
        guard count > 0 else { return nil }
        return HopAlignment.Piece(
            one: piece.one.prefix(count), other: piece.other, isEqual: false)
    }

    /// Returns whether something that reached the proxy at that time had time to leave it, and its receiver was still
    /// there.
    func mustHavePassed(at time: CaptureTime?) -> Bool {
        guard !source.isWhole || !destination.isWhole else { return true }
        guard !source[sender].ends.contains(where: { $0.kind == .reset }) else { return false }
        if destination.isCutOff {
            guard sharesClock, let time, let end = destination.captureEnd?.time else { return false }
            return destination.firstEnd == nil && time.nanoseconds &+ Self.timeAllowed <= end.nanoseconds
        }
        // It was the proxy that ended the hop on which it should have sent this.
        guard let first = destination.firstEnd, first.endpoint == sender else { return false }
        guard sharesClock else { return true }
        guard let time, let end = first.end.packetPosition?.time else { return false }
        return time < end
    }
}
