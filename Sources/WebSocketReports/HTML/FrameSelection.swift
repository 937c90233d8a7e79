import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// An item of the time line and the table of a conversation, in order of time.
enum TimeLineItem {
    case frame(FrameFinding)
    /// A violation, by its index among those that are shown.
    case violation(Int)
    /// This many frames are left out here.
    case leftOut(UInt64)
}

/// Selects which frames to show of a conversation that may have any number: the first ones, those around each
/// violation, and the last ones.
struct FrameSelection {
    /// The number of frames to select.
    struct Quota {
        /// At the start of the conversation.
        let first: Int
        /// On each side of a violation, and at the end.
        let around: Int

        /// At most 2,000 frames: 1,500, 20 around all violations together, and 10 at the end.
        static let wide = Quota(first: 1_500, around: 10)
        /// At most 710 of the wide ones, for the time line, which should be readable at a glance.
        static let drawn = Quota(first: 300, around: 10)
        /// At most 92, for pages that already contain a lot.
        static let narrow = Quota(first: 10, around: 2)
    }

    private let quota: Quota
    private var items: [TimeLineItem] = []
    private var pickedCount = 0
    /// The last frames that were not selected: a violation, or the end, may still follow.
    private var waiting: [FrameFinding] = []
    private var leftOut: UInt64 = 0
    /// The number of frames after a violation that are still to be selected.
    private var owed = 0

    init(_ quota: Quota) {
        self.quota = quota
    }

    mutating func add(_ frame: FrameFinding) {
        if pickedCount < quota.first || owed > 0 {
            owed = max(owed - 1, 0)
            pick(frame)
        } else {
            waiting.append(frame)
            if waiting.count > quota.around {
                waiting.removeFirst()
                leftOut &+= 1
            }
        }
    }

    mutating func addViolation(_ index: Int) {
        takeWaiting()
        reportLeftOut()
        items.append(.violation(index))
        owed = quota.around
    }

    private mutating func addLeftOut(_ count: UInt64) {
        leftOut &+= count &+ UInt64(waiting.count)
        waiting = []
        owed = 0
    }

    /// The number of frames in ``finished()``.
    var frameCount: Int { pickedCount + waiting.count }

    /// Returns what was selected, with the last frames.
    func finished() -> [TimeLineItem] {
        var copy = self
        copy.takeWaiting()
        copy.reportLeftOut()
        return copy.items
    }

    /// Returns a smaller selection from the selected frames.
    func narrowed(to quota: Quota) -> FrameSelection {
        finished().reduce(into: FrameSelection(quota)) { selection, item in
            switch item {
            case .frame(let frame): selection.add(frame)
            case .violation(let index): selection.addViolation(index)
            case .leftOut(let count): selection.addLeftOut(count)
            }
        }
    }

    private mutating func takeWaiting() {
        for frame in waiting { pick(frame) }
        waiting = []
    }

    private mutating func reportLeftOut() {
        if leftOut > 0 { items.append(.leftOut(leftOut)) }
        leftOut = 0
    }

    private mutating func pick(_ frame: FrameFinding) {
        reportLeftOut()
        items.append(.frame(frame))
        pickedCount += 1
    }
}
