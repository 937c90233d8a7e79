import WebSocketCaptures
import WebSocketFrames

/// The times at which all frames of a conversation were captured, in steps of equal length.
///
/// However long a conversation lasts, no more than ``maximumSteps`` steps are kept: the length of a step is doubled when
/// the last one is exceeded.
struct TimeScale {
    static let maximumSteps = 512
    /// The number of silences that are kept: the longest ones.
    static let maximumSilences = 6

    /// What one endpoint sent during a step.
    struct Step: Equatable {
        var dataFrames: UInt64 = 0
        var controlFrames: UInt64 = 0
        /// The total payload length that data frames declared.
        var dataBytes: UInt64 = 0

        mutating func add(_ other: Step) {
            dataFrames &+= other.dataFrames
            controlFrames &+= other.controlFrames
            dataBytes = dataBytes.addingClamped(other.dataBytes)
        }
    }

    /// In nanoseconds since the beginning.
    private(set) var stepLength: UInt64 = 1_000
    private(set) var client: [Step] = []
    private(set) var server: [Step] = []
    /// The times at which rules were broken, in nanoseconds since the beginning.
    private(set) var faults: [UInt64] = []
    /// The longest times without a frame, in nanoseconds since the beginning, in order.
    private(set) var silences: [Range<UInt64>] = []
    /// The last known time, in nanoseconds since the beginning.
    private(set) var end: UInt64 = 0
    private var start: CaptureTime?
    private var lastFrame: UInt64 = 0

    /// - Parameter start: when the conversation was opened; nil if that was not captured: the first frame's time is
    ///   used then.
    init(start: CaptureTime?) {
        self.start = start
    }

    var hasFrames: Bool { !client.isEmpty || !server.isEmpty }

    mutating func add(_ header: EncodedFrameHeader, from sender: Endpoint?, at time: CaptureTime) {
        let moment = moment(of: time)
        addFrame(at: moment)
        var step = Step()
        if header.opcode.isControl {
            step.controlFrames = 1
        } else {
            step.dataFrames = 1
            step.dataBytes = header.payloadLength
        }
        while moment / stepLength >= UInt64(Self.maximumSteps) { lengthen() }
        let index = Int(moment / stepLength)
        if sender == .server { Self.add(step, to: &server, at: index) } else { Self.add(step, to: &client, at: index) }
    }

    mutating func addFault(at time: CaptureTime) {
        let moment = moment(of: time)
        addFrame(at: moment)
        faults.append(moment)
    }

    /// Ends the scale: the silence before `time` counts as well.
    mutating func finish(at time: CaptureTime) {
        addFrame(at: moment(of: time))
    }

    /// Returns the time since the beginning. Captures are not always in order: nothing is earlier than the beginning.
    private mutating func moment(of time: CaptureTime) -> UInt64 {
        let start = start ?? time
        self.start = start
        return time < start ? 0 : time.nanoseconds - start.nanoseconds
    }

    private mutating func addFrame(at moment: UInt64) {
        end = max(end, moment)
        guard moment > lastFrame else { return }
        silences.append(lastFrame..<moment)
        lastFrame = moment
        guard silences.count > Self.maximumSilences,
            let shortest = silences.indices.min(by: { silences[$0].length < silences[$1].length })
        else { return }
        silences.remove(at: shortest)
    }

    private mutating func lengthen() {
        // If a clock jumps by centuries, the frame is drawn at the largest representable time.
        stepLength = stepLength.addingClamped(stepLength)
        client = Self.joined(client)
        server = Self.joined(server)
    }

    private static func joined(_ steps: [Step]) -> [Step] {
        stride(from: 0, to: steps.count, by: 2).map { index in
            var step = steps[index]
            if index + 1 < steps.count { step.add(steps[index + 1]) }
            return step
        }
    }

    private static func add(_ step: Step, to steps: inout [Step], at index: Int) {
        while steps.count <= index { steps.append(Step()) }
        steps[index].add(step)
    }
}

extension Range<UInt64> {
    /// The duration, which an `Int`, and therefore `count`, might not hold.
    var length: UInt64 { upperBound - lowerBound }
}
