import WebSocketFrames

/// What a reader hands over, one entry per event, and its state after each piece.
struct EventLog: Equatable {
    enum Entry: Equatable {
        /// A slice and its bytes.
        case data(Slice, [UInt8])
        case control(ControlFrame)
        /// The state at the end of a piece, or of the stream.
        case standing(Standing)
        case violation(Violation)
    }

    /// A slice, positioned in its piece.
    struct Slice: Equatable {
        var header: EncodedFrameHeader
        var range: Range<Int>
        var payloadOffset: UInt64
        var messageOpcode: Opcode
        var beginsMessage: Bool
        var beginsFrame: Bool
        var endsFrame: Bool
        var endsMessage: Bool

        /// - Parameter start: where in the piece the reader began to read.
        init(_ slice: DataSlice, from start: Int) {
            header = slice.header
            range = (start + slice.range.lowerBound)..<(start + slice.range.upperBound)
            payloadOffset = slice.payloadOffset
            messageOpcode = slice.messageOpcode
            beginsMessage = slice.beginsMessage
            beginsFrame = slice.beginsFrame
            endsFrame = slice.endsFrame
            endsMessage = slice.endsMessage
        }
    }

    /// The state of a reader.
    struct Standing: Equatable {
        var state: StreamState
        var violation: Violation?
        var position: UInt64
        var frames: UInt64
        var messages: UInt64
        var isClosed: Bool
        var controlFrame: ControlFrame
        /// The bytes of the piece, as the reader left them.
        var bytes: [UInt8]
    }

    /// How a piece is read.
    enum Way {
        /// Event by event.
        case next
        /// All at once.
        case read
        /// One or two events, then the rest at once.
        case nextThenRead
        /// Alternating from piece to piece.
        case inTurn
    }

    private(set) var entries: [Entry] = []

    /// Reads `stream` in pieces that end at `cuts` and at the end. The last piece is read once more after a violation.
    init(_ stream: [UInt8], cuts: [Int], _ way: Way, with reader: FrameReader) {
        var reader = reader
        var start = 0
        for (number, end) in (cuts + [stream.count]).enumerated() {
            var piece = Array(stream[start..<end])
            start = end
            let isWhole = read(&piece, way, number: number, with: &reader)
            if !isWhole {
                // The violation is reported again, even for an empty piece, and no byte changes any more.
                var nothing: [UInt8] = []
                _ = read(&nothing, way, number: number, with: &reader)
                _ = read(&piece, way, number: number, with: &reader)
                return
            }
        }
    }

    /// - Returns: false if the stream is broken.
    private mutating func read(_ piece: inout [UInt8], _ way: Way, number: Int, with reader: inout FrameReader) -> Bool
    {
        defer {
            let standing = Standing(
                state: reader.state, violation: reader.violation, position: reader.position, frames: reader.frameCount,
                messages: reader.messageCount, isClosed: reader.isClosed, controlFrame: reader.controlFrame,
                bytes: piece)
            entries.append(.standing(standing))
        }
        do throws(Violation) {
            switch way {
            case .next: try readOneByOne(&piece, most: .max, with: &reader)
            case .read: try readAll(&piece, from: 0, with: &reader)
            case .nextThenRead:
                let index = try readOneByOne(&piece, most: 1 + number % 2, with: &reader)
                try readAll(&piece, from: index, with: &reader)
            case .inTurn where number % 2 == 0: try readOneByOne(&piece, most: .max, with: &reader)
            case .inTurn: try readAll(&piece, from: 0, with: &reader)
            }
            return true
        } catch {
            entries.append(.violation(error))
            return false
        }
    }

    @discardableResult
    private mutating func readOneByOne(
        _ piece: inout [UInt8], most: Int, with reader: inout FrameReader
    ) throws(Violation) -> Int {
        var bytes = piece.mutableSpan
        var index = 0
        var count = 0
        while count < most, let event = try reader.next(in: &bytes, from: &index) {
            count += 1
            switch event {
            case .data(let slice):
                let payload = bytes.span.extracting(slice.range)
                entries.append(.data(Slice(slice, from: 0), Self.copy(payload)))
            case .control: entries.append(.control(reader.controlFrame))
            }
        }
        return index
    }

    private mutating func readAll(
        _ piece: inout [UInt8], from start: Int, with reader: inout FrameReader
    ) throws(Violation) {
        var rest = Array(piece[start...])
        defer { piece.replaceSubrange(start..., with: rest) }
        var bytes = rest.mutableSpan
        try reader.read(&bytes) { slice, payload in
            entries.append(.data(Slice(slice, from: start), Self.copy(payload)))
        } control: { frame in
            entries.append(.control(frame))
        }
    }

    private static func copy(_ bytes: Span<UInt8>) -> [UInt8] {
        bytes.indices.map { bytes[$0] }
    }
}
