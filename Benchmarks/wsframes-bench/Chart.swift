import Foundation

/// The whole-stream ratios as bars in a self-contained SVG file: no script, no font, no link.
struct Chart {
    private let rows: [Row]
    private var parts: [String] = []

    /// Draws `rows`; those of other read sizes than the whole stream are left out.
    static func svg(_ rows: [Row]) -> String {
        var chart = Chart(rows: rows.filter { $0.chunk == 0 })
        return chart.draw()
    }

    private init(rows: [Row]) {
        self.rows = rows
    }

    // Positions and sizes, in pixels at the drawing's natural size.
    private let width = 880.0
    private let left = 128.0
    private let top = 92.0
    private let barHeight = 15.0
    private let gap = 16.0
    private let pixelsToLimit = 320.0

    private func x(_ ratio: Double) -> Double { left + min(ratio, 1.6) * pixelsToLimit }

    private mutating func draw() -> String {
        var y = top
        var previous: String?
        var bars: [String] = []
        for row in rows {
            if let previous, previous != row.workload { y += gap }
            if previous != row.workload {
                bars.append(text(row.workload, left - 12, y + 12, anchor: "end", bold: true))
            }
            bars += bar(row, at: y)
            y += barHeight + 3
            previous = row.workload
        }
        let bottom = y + 4
        parts = frame(height: bottom + 60)
        parts += scale(bottom: bottom)
        parts += bars
        let notes = [
            "Medians, the whole stream at once; a stroke is the goal. The limits: hop jumps from header to header, "
                + "load only loads every byte,",
            "xor loads, XORs and stores every byte, memcpy copies the stream.",
        ]
        for (index, note) in notes.enumerated() {
            parts.append(text(note, 16, bottom + 32 + Double(index) * 15, size: 11, fill: Color.faint))
        }
        parts.append("</svg>")
        return parts.joined(separator: "\n") + "\n"
    }

    private func frame(height: Double) -> [String] {
        let origin = rows.first.map { "\($0.processor) · \($0.compiler)" } ?? ""
        let size = "width=\"\(number(width))\" height=\"\(number(height))\""
        return [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) viewBox=\"0 0 \(number(width)) \(number(height))\" "
                + "font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif\" "
                + "role=\"img\" aria-label=\"Speed of each workload as a share of the machine's limit\">",
            "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
            text("Speed, as a share of what the machine can do with the same bytes", 16, 28, size: 16, bold: true),
            text(origin, 16, 48, size: 12, fill: Color.faint),
            rectangle(left + 428, 38, 11, 11, Color.of(.validate)),
            text("validate: only read", left + 444, 48),
            rectangle(left + 572, 38, 11, 11, Color.of(.read)),
            text("read: unmasked in place", left + 588, 48),
            text("a frame", left + 668, top - 14, size: 11, anchor: "end", fill: Color.faint),
        ]
    }

    private func scale(bottom: Double) -> [String] {
        [0, 0.25, 0.5, 0.75, 1, 1.5].flatMap { ratio -> [String] in
            let isLimit = ratio == 1
            let stroke = isLimit ? "stroke=\"\(Color.ink)\" stroke-width=\"1.2\"" : "stroke=\"#e3e6ea\""
            let place = number(x(ratio))
            return [
                "<line x1=\"\(place)\" y1=\"\(number(top - 8))\" x2=\"\(place)\" y2=\"\(number(bottom))\" \(stroke)/>",
                text(
                    isLimit ? "1.0 the limit" : ratio == 0 ? "0" : ratio.digits(2), x(ratio), top - 14, size: 11,
                    anchor: "middle", fill: isLimit ? Color.ink : Color.faint),
            ]
        }
    }

    private func bar(_ row: Row, at y: Double) -> [String] {
        let end = x(row.ratio)
        var parts = [rectangle(left, y, end - left, barHeight, Color.of(row.api))]
        if let goal = row.goal {
            let place = number(x(goal))
            let ends = "y1=\"\(number(y - 1))\" y2=\"\(number(y + barHeight + 1))\""
            let line = "<line x1=\"\(place)\" x2=\"\(place)\" \(ends) "
            parts.append(line + "stroke=\"#ffffff\" stroke-width=\"5\"/>")
            parts.append(line + "stroke=\"\(Color.ink)\" stroke-width=\"2.5\"/>")
        }
        let base = y + 12
        parts += [
            text("\(row.ratio.places(2)) of \(row.limit.rawValue)", left + 524, base, size: 11),
            text("\(row.nsPerFrame.digits(3)) ns", left + 668, base, size: 11, anchor: "end", fill: Color.faint),
            text(
                "\(row.gigabytesPerSecond.digits(3)) GB/s", width - 16, base, size: 11, anchor: "end",
                fill: Color.faint),
        ]
        return parts
    }

    private enum Color {
        static let ink = "#1f2933"
        static let faint = "#5f6b7a"

        static func of(_ api: API) -> String {
            api == .validate ? "#3f76bf" : "#e0913a"
        }
    }

    private func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ fill: String) -> String {
        "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" height=\"\(number(height))\" "
            + "fill=\"\(fill)\"/>"
    }

    private func text(
        _ text: String, _ x: Double, _ y: Double, size: Double = 12, anchor: String = "start", bold: Bool = false,
        fill: String = Color.ink
    ) -> String {
        let escaped = text.replacingOccurrences(of: "&", with: "&amp;")
            .replacingOccurrences(of: "<", with: "&lt;")
        return "<text x=\"\(number(x))\" y=\"\(number(y))\" font-size=\"\(number(size))\" text-anchor=\"\(anchor)\" "
            + (bold ? "font-weight=\"600\" " : "") + "fill=\"\(fill)\">\(escaped)</text>"
    }

    private func number(_ value: Double) -> String {
        value == value.rounded() ? value.places(0) : value.places(1)
    }
}
