package import WebSocketFrames

/// Searches for the next frame of a conversation in what an endpoint sent after missing bytes.
///
/// A candidate is believed on the same evidence as if the capture began inside the conversation (``BoundarySearch``).
package struct NextFrameSearch: Sendable {
    package enum Outcome: Sendable {
        /// More bytes may decide.
        case searching
        /// ``takePieces(_:)`` passes on the frame and what follows it.
        case found
        /// No frame clearly begins in the bytes that were read.
        case notFound
    }

    private var search: BoundarySearch
    private var held = HeldStream()
    /// The number of bytes that were read before the first held one.
    package private(set) var skippedCount: UInt64 = 0

    /// - Parameters:
    ///   - sender: the sender of the bytes.
    ///   - extensions: the extensions that were agreed.
    package init(sender: Endpoint, extensions: AgreedExtensions) {
        search = BoundarySearch(sender: sender, extensions: extensions)
    }

    /// The number of bytes that are held: at most ``HeldStream/ceiling``.
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
            } else if finish() == .found {
                held.appendRest(of: bytes, from: index, at: packetPosition)
                return .found
            } else {
                return .notFound
            }
        }
        return .searching
    }

    /// Ends the search: nothing more is waited for.
    package mutating func finish() -> Outcome {
        guard let boundary = boundaryInside ?? likelyBoundary else { return .notFound }
        skip(boundary)
        return .found
    }

    /// Passes on the held bytes, piece by piece as they arrived.
    package mutating func takePieces(_ body: (Span<UInt8>, PacketPosition?) -> Void) {
        while let piece = held.nextPiece {
            let count = piece.end - held.front
            body(held.bytes.span.extracting(held.front..<piece.end), piece.packetPosition)
            held.removeFirst(count)
        }
    }

    private mutating func read(pieceStart: Int) {
        // Passed as copies of the references, not of the arrays.
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
        held.removeFirst(count)
        skippedCount &+= UInt64(count)
    }
}
