package import WebSocketFrames

/// Looks for the next frame of a conversation among what an endpoint sent after bytes that are missing.
///
/// A place is believed by the same evidence as where a capture begins inside a conversation (``BoundarySearch``).
package struct NextFrameSearch: Sendable {
    package enum Outcome: Sendable {
        /// More bytes may tell.
        case goesOn
        /// ``takePieces(_:)`` gives the frame and what follows it.
        case found
        /// No frame clearly begins in what was read.
        case notFound
    }

    private var search: BoundarySearch
    private var held = HeldStream()
    /// Bytes that were read before the first that is held.
    package private(set) var skippedCount: UInt64 = 0

    /// - Parameters:
    ///   - sender: who sends the bytes.
    ///   - extensions: what was agreed on.
    package init(sender: Endpoint, extensions: AgreedExtensions) {
        search = BoundarySearch(sender: sender, extensions: extensions)
    }

    /// How many bytes are held: at most ``HeldStream/ceiling``.
    package var heldCount: Int { held.count }

    /// Reads the next bytes.
    package mutating func read(_ bytes: Span<UInt8>, at packetPosition: PacketPosition?) -> Outcome {
        var index = 0
        while index < bytes.count {
            let start = held.count
            index += held.append(bytes, from: index, at: packetPosition, order: 0)
            read(pieceStart: start)
            if let boundary = search.believed?.boundary {
                skip(boundary)
                held.appendRest(of: bytes, from: index, at: packetPosition)
                return .found
            }
            guard held.room == 0 else { continue }
            if let free = search.makeRoom(of: held.count) {
                skip(free)
            } else if end() == .found {
                held.appendRest(of: bytes, from: index, at: packetPosition)
                return .found
            } else {
                return .notFound
            }
        }
        return .goesOn
    }

    /// Nothing more is waited for.
    package mutating func end() -> Outcome {
        guard let boundary = boundaryInside ?? likelyBoundary else { return .notFound }
        skip(boundary)
        return .found
    }

    /// Hands over what is held, piece by piece as it came.
    package mutating func takePieces(_ body: (Span<UInt8>, PacketPosition?) -> Void) {
        while let piece = held.nextPiece {
            let count = piece.end - held.front
            body(held.bytes.span.extracting(held.front..<piece.end), piece.packetPosition)
            held.take(count)
        }
    }

    private mutating func read(pieceStart: Int) {
        // The arrays are lent to the call: they are not copied.
        let held = held
        search.read(held.bytes.span.extracting(held.front..<held.bytes.count), pieceStart: pieceStart)
    }

    private var boundaryInside: Int? {
        search.inside(held.bytes.span.extracting(held.front..<held.bytes.count))?.safeBoundary
    }

    private var likelyBoundary: Int? {
        search.likely.flatMap { $0.boundary ?? $0.firstBoundary ?? $0.start }
    }

    private mutating func skip(_ count: Int) {
        held.take(count)
        skippedCount &+= UInt64(count)
    }
}
