import FixtureCorpus
import WebSocketFrames

/// Everything that a reader hands over of a stream, and its state at the end.
struct Handed: Equatable {
    struct Frame: Equatable {
        var byte0: UInt8
        var payload: [UInt8]
        var isWhole: Bool
    }

    /// In the order in which they ended; the last one may be incomplete.
    var frames: [Frame] = []
    var violation: Violation?
    var state = StreamState.complete
    var frameCount: UInt64 = 0
    var messageCount: UInt64 = 0
    var position: UInt64 = 0
    /// What was wrong with the way it was handed over, if anything.
    var complaint: String?
}

extension Handed {
    /// Reads `stream` in pieces that end at `cuts` and at the end.
    ///
    /// - Parameter stopping: leaves the loop after each event and comes back, as a busy caller does.
    init(_ stream: [UInt8], cuts: [Int] = [], for fixture: Fixture, stopping: Bool = false) {
        let sender = fixture.sender ?? (stream.count > 1 && stream[1] & 0x80 == 0 ? .server : .client)
        self.init(
            stream, cuts: cuts, sender: sender, extensions: fixture.extensions, limits: fixture.limits,
            stopping: stopping)
    }

    init(
        _ stream: [UInt8], cuts: [Int], sender: Endpoint, extensions: AgreedExtensions = .none, limits: Limits = .none,
        stopping: Bool = false
    ) {
        var reader = FrameReader(peer: sender, extensions: extensions, limits: limits)
        var start = 0
        for end in cuts + [stream.count] {
            var piece = Array(stream[start..<end])
            start = end
            guard read(&piece, with: &reader, stopping: stopping) else { break }
        }
        state = reader.state
        frameCount = reader.frameCount
        messageCount = reader.messageCount
        position = reader.position
    }

    /// - Returns: false if the stream is broken.
    private mutating func read(_ piece: inout [UInt8], with reader: inout FrameReader, stopping: Bool) -> Bool {
        let before = piece
        var index = 0
        do {
            while true {
                var bytes = piece.mutableSpan
                guard let event = try reader.next(in: &bytes, from: &index) else { break }
                switch event {
                case .control: addControl(reader.controlFrame, frames: reader.frameCount)
                case .data(let slice):
                    if slice.range.upperBound > index { complaint = "a slice goes beyond what was used up" }
                    add(slice, of: piece)
                }
                if stopping, index < piece.count {
                    // Bytes that are not consumed yet must be untouched.
                    if piece[index...] != before[index...] { complaint = "bytes after the event were changed" }
                }
            }
            if index != piece.count { complaint = "nil although bytes are left" }
        } catch {
            violation = error
            var again = [UInt8](repeating: 0x81, count: 300)
            var bytes = again.mutableSpan
            var at = 0
            do {
                _ = try reader.next(in: &bytes, from: &at)
                complaint = "the violation is forgotten"
            } catch {
                if error != violation { complaint = "another violation the second time" }
            }
            _ = again
            return false
        }
        return true
    }

    private mutating func add(_ slice: DataSlice, of piece: [UInt8]) {
        if slice.beginsFrame {
            if let last = frames.last, !last.isWhole { complaint = "a frame begins inside another" }
            frames.append(Frame(byte0: slice.header[0], payload: [], isWhole: false))
        }
        guard let last = frames.indices.last, !frames[last].isWhole else {
            complaint = "a slice of no frame"
            return
        }
        if slice.payloadOffset != UInt64(frames[last].payload.count) { complaint = "the payload's offset is wrong" }
        if slice.header[0] != frames[last].byte0 { complaint = "another header than the frame began with" }
        frames[last].payload += piece[slice.range]
        frames[last].isWhole = slice.endsFrame
        if slice.endsMessage != (slice.endsFrame && slice.header.isFinal) { complaint = "endsMessage is wrong" }
    }

    private mutating func addControl(_ frame: ControlFrame, frames count: UInt64) {
        if let last = frames.last, !last.isWhole { complaint = "a control frame inside another frame" }
        frames.append(Frame(byte0: 0x80 | frame.opcode.rawValue, payload: Array(frame.payload), isWhole: true))
    }
}

extension Handed {
    /// What a naive reader hands over up to the verdict: frame after frame, unmasked byte by byte.
    static func naively(_ stream: [UInt8], until whole: UInt64) -> [Frame] {
        var frames: [Frame] = []
        var index = 0
        while frames.count < whole {
            let frame = NaiveFrame(stream, at: index)
            frames.append(Frame(byte0: frame.byte0, payload: frame.payload, isWhole: true))
            index = frame.lengthEnd + (frame.key?.count ?? 0) + frame.payload.count
        }
        guard index < stream.count else { return frames }
        let last = NaiveFrame(stream, at: index)
        return frames + [Frame(byte0: last.byte0, payload: last.payload, isWhole: false)]
    }
}
