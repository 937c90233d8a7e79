import WebSocketFrames
import WebSocketInspection

/// The whole conversation on a line to scale, to make silence visible: the client's frames are above the line, the
/// server's below it, and the duration is written where neither sent anything for long.
struct ScaledTimeLine {
    /// The drawing's units from its left to its right edge.
    private static let width: UInt64 = 1_000
    private static let middle = 30
    private static let height = 60
    /// A silence is labelled if it takes at least one part in this many of the line, which leaves room for the label.
    private static let silenceShare: UInt64 = 6
    private static let maximumMarks: UInt64 = 5

    private let scale: TimeScale

    init(_ scale: TimeScale) {
        self.scale = scale
    }

    func write(to page: inout Markup) {
        guard scale.hasFrames, scale.end > 0 else { return }
        page.element("details", .kind("scaled")) { details in
            details.element("summary", text: "To scale")
            details.element("div", .kind("axis")) { axis in
                let silences = longSilences
                for silence in silences { band(silence, &axis) }
                axis.literal("\n")
                drawing(&axis)
                for silence in silences {
                    axis.element("span", .kind("silent"), .span(place(silence.lowerBound), share(silence))) {
                        $0.text("no frame for \(TimeText.short(silence.length))")
                    }
                }
                axis.literal("\n")
                for mark in marks {
                    axis.element("span", .kind("tick"), .span(place(mark), 0)) {
                        $0.text(mark == 0 ? "0" : TimeText.mark(mark))
                    }
                }
            }
            details.element(
                "p", .kind("key"),
                text: "All frames: the client’s above, the server’s below, the longer the more payload; short ones are "
                    + "control frames\(scale.faults.isEmpty ? "" : ", a line through both is a violation"). The whole is "
                    + "\(TimeText.short(scale.end)).")
        }
        page.literal("\n")
    }

    // MARK: - Places

    private func place(_ moment: UInt64) -> UInt64 {
        let (high, low) = moment.multipliedFullWidth(by: Self.width)
        return min(scale.end.dividingFullWidth((high, low)).quotient, Self.width)
    }

    private func share(_ silence: Range<UInt64>) -> UInt64 { place(silence.upperBound) - place(silence.lowerBound) }

    private var longSilences: [Range<UInt64>] {
        scale.silences.filter { $0.length >= scale.end / Self.silenceShare }
    }

    /// Round times, no more than fit on a phone.
    private var marks: [UInt64] {
        let step = TimeText.roundSpan(atLeast: scale.end / Self.maximumMarks + 1)
        // The last tenth has no room for the text of a mark.
        return (0...Self.maximumMarks).compactMap { index in
            let (mark, overflow) = step.multipliedReportingOverflow(by: index)
            return overflow || mark > scale.end - scale.end / 10 ? nil : mark
        }
    }

    // MARK: - Drawing

    private func band(_ silence: Range<UInt64>, _ page: inout Markup) {
        page.element("i", .kind("band"), .span(place(silence.lowerBound), share(silence)), .decoration, text: "")
    }

    private func drawing(_ page: inout Markup) {
        page.element(
            "svg", .kind("drawing"), .decoration, .view(width: Int(Self.width), height: Self.height), .stretched
        ) { drawing in
            drawing.element("path", .kind("base"), .path("M0 \(Self.middle)h\(Self.width)"), text: "")
            for (steps, direction) in [(scale.client, -1), (scale.server, 1)] {
                let strokes = { (height: (TimeScale.Step) -> Int) in self.strokes(steps, direction, height) }
                // Control frames last, or data would cover them.
                for (kind, path) in [
                    ("data", strokes(Self.dataHeight)), ("control", strokes { $0.controlFrames > 0 ? 7 : 0 }),
                ] as [(StaticString, String)] where !path.isEmpty {
                    drawing.element("path", .kind(kind), .path(path), text: "")
                }
            }
            let faults = scale.faults.map { "M\(place($0)) 0v\(Self.height)" }.joined()
            if !faults.isEmpty { drawing.element("path", .kind("broken"), .path(faults), text: "") }
        }
        page.literal("\n")
    }

    private func strokes(_ steps: [TimeScale.Step], _ direction: Int, _ height: (TimeScale.Step) -> Int) -> String {
        steps.enumerated().reduce(into: "") { path, item in
            let height = height(item.element)
            guard height > 0 else { return }
            let (moment, overflow) = UInt64(item.offset).multipliedReportingOverflow(by: scale.stepLength)
            path += "M\(place(overflow ? scale.end : moment)) \(Self.middle)v\(direction * height)"
        }
    }

    /// Returns the height of a bar, which grows with the logarithm of the length, as the boxes of the time line do.
    private static func dataHeight(_ step: TimeScale.Step) -> Int {
        step.dataFrames == 0 ? 0 : min(10 + (FrameBox.width(of: step.dataBytes) - 10) / 4, middle - 2)
    }
}
