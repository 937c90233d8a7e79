import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// What the time line and the table of a conversation show, in the order of time.
enum TimeLineItem {
    case frame(FrameFinding)
    /// A violation, by its index among those that are shown.
    case violation(Int)
    /// So many frames are left out here.
    case leftOut(UInt64)
}

/// Picks the frames to show of a conversation that may have any number: the first ones, those around each violation, and
/// the last ones.
struct FrameSelection {
    /// How many frames are picked.
    struct Breadth {
        /// At the start of the conversation.
        let first: Int
        /// On each side of a violation, and at the end.
        let around: Int

        /// At most 2,000 frames: 1,500, 20 on both sides of each violation together, and 10 at the end.
        static let wide = Breadth(first: 1_500, around: 10)
        /// At most 710, of the wide ones, for the time line: it shall be seen at a glance.
        static let drawn = Breadth(first: 300, around: 10)
        /// At most 92, for pages that hold much already.
        static let narrow = Breadth(first: 10, around: 2)
    }

    private let breadth: Breadth
    private var items: [TimeLineItem] = []
    private var pickedCount = 0
    /// The last frames that were not picked: a violation, or the end, may still come.
    private var waiting: [FrameFinding] = []
    private var leftOut: UInt64 = 0
    /// So many frames after a violation are still to be picked.
    private var owed = 0

    init(_ breadth: Breadth) {
        self.breadth = breadth
    }

    mutating func add(_ frame: FrameFinding) {
        if pickedCount < breadth.first || owed > 0 {
            owed = max(owed - 1, 0)
            pick(frame)
        } else {
            waiting.append(frame)
            if waiting.count > breadth.around {
                waiting.removeFirst()
                leftOut &+= 1
            }
        }
    }

    mutating func addViolation(_ index: Int) {
        takeWaiting()
        tellLeftOut()
        items.append(.violation(index))
        owed = breadth.around
    }

    private mutating func addLeftOut(_ count: UInt64) {
        leftOut &+= count &+ UInt64(waiting.count)
        waiting = []
        owed = 0
    }

    /// How many frames ``finished()`` holds.
    var frameCount: Int { pickedCount + waiting.count }

    /// What was picked, with the last frames.
    func finished() -> [TimeLineItem] {
        var copy = self
        copy.takeWaiting()
        copy.tellLeftOut()
        return copy.items
    }

    /// Picks again, from what was picked.
    func narrowed(to breadth: Breadth) -> FrameSelection {
        finished().reduce(into: FrameSelection(breadth)) { selection, item in
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

    private mutating func tellLeftOut() {
        if leftOut > 0 { items.append(.leftOut(leftOut)) }
        leftOut = 0
    }

    private mutating func pick(_ frame: FrameFinding) {
        tellLeftOut()
        items.append(.frame(frame))
        pickedCount += 1
    }
}
