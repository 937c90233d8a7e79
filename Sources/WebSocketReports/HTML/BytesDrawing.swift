import WebSocketFrames
import WebSocketInspection

/// The bytes around a violation in rows, as hex editors show them, and their text.
struct BytesDrawing {
    private let violation: Violation
    private let window: ByteWindow
    private let offsets: Range<UInt64>
    private let preview: PayloadPreview?
    private let fault: Range<UInt64>
    private let header: Range<UInt64>

    private static let perRow: UInt64 = 16

    init(_ finding: ViolationFinding) {
        violation = finding.violation
        window = ByteWindow(finding.context, at: finding.contextOffset)
        offsets = window.offsets(around: violation.offset, before: 48, after: 40)
        preview = PayloadPreview(violation, window: window)
        fault = preview?.fault ?? violation.offset..<violation.offset.addingClamped(UInt64(violation.length))
        header = violation.frameOffset..<violation.frameOffset.addingClamped(UInt64(violation.header.count))
    }

    func write(to page: inout Markup) {
        if !offsets.isEmpty { rows(&page) }
        guard let preview else { return }
        let parts = preview.parts(width: 100)
        page.element("p", .kind("preview")) { line in
            line.element("span", .kind("label"), text: violation.header.isMasked ? "Unmasked: " : "As text: ")
            line.element("code") { code in
                code.element("bdi") { text in
                    text.text(parts.before)
                    if !parts.fault.isEmpty { text.element("mark", text: parts.fault) }
                    text.text(parts.after)
                }
            }
        }
        page.literal("\n")
    }

    private func rows(_ page: inout Markup) {
        page.scrolling("Bytes around offset \(violation.offset)") { part in
            part.element("pre", .kind("bytes")) { text in
                var row = offsets.lowerBound - offsets.lowerBound % Self.perRow
                while row < offsets.upperBound {
                    write(row, &text)
                    text.element("span", .kind("ascii")) { writeCharacters(of: row, &$0) }
                    let (next, overflow) = row.addingReportingOverflow(Self.perRow)
                    guard !overflow else { break }
                    row = next
                }
            }
        }
        page.element("p", .kind("key")) { key in
            key.element("mark", text: "marked")
            key.text(fault.isEmpty ? ": nothing, a byte is missing; " : ": at fault; ")
            key.element("u", text: "underlined")
            key.text(": the header of frame \(Numbers.grouped(violation.frame)), as far as it was judged")
        }
        page.literal("\n")
    }

    private func write(_ row: UInt64, _ page: inout Markup) {
        let digits = max(6, String(offsets.upperBound, radix: 16).count)
        page.element(
            "span", .kind("quiet"), text: Numbers.paddedHex(row, digits: digits, uppercase: false))
        for index in 0..<Self.perRow {
            page.text(index == 8 ? "   " : index == 0 ? "  " : " ")
            let offset = row &+ index
            guard let byte = shown(offset, in: row) else {
                page.text("  ")
                continue
            }
            write(Numbers.paddedHex(UInt64(byte), digits: 2, uppercase: false), at: offset, &page)
        }
    }

    /// Writes the characters of a row beside its bytes. In a narrow window they wrap to a line of their own, which
    /// the line feed ends as well.
    private func writeCharacters(of row: UInt64, _ page: inout Markup) {
        page.text("   ")
        for index in 0..<Self.perRow {
            let offset = row &+ index
            guard let byte = shown(offset, in: row) else {
                page.text(" ")
                continue
            }
            let text = (0x20...0x7E).contains(byte) ? String(Unicode.Scalar(byte)) : "."
            if fault.contains(offset) { page.element("mark", text: text) } else { page.text(text) }
        }
        page.literal("\n")
    }

    private func write(_ hex: String, at offset: UInt64, _ page: inout Markup) {
        if fault.contains(offset) {
            page.element("mark", text: hex)
        } else if header.contains(offset) {
            page.element("u", text: hex)
        } else {
            page.text(hex)
        }
    }

    private func shown(_ offset: UInt64, in row: UInt64) -> UInt8? {
        offset >= row && offsets.contains(offset) ? window[offset] : nil
    }
}
