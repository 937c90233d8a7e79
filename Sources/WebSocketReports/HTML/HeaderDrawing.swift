import WebSocketFrames
import WebSocketInspection

/// The bits of a frame's header as a table, the offending ones marked.
struct HeaderDrawing {
    private let frame: UInt64
    private let groups: [[HeaderDiagram.Cell]]

    init(_ violation: Violation) {
        frame = violation.frame
        groups = HeaderDiagram(violation.header, broken: violation.rule).groups
    }

    func write(to page: inout Markup) {
        page.scrolling("Header of frame \(frame), bit by bit") { part in
            part.element("table", .kind("bits")) { table in
                table.element("caption", text: "Header of frame \(Numbers.grouped(frame))")
                table.element("thead") { head in
                    head.element("tr") { row in
                        for group in groups {
                            row.element(
                                "th", .columns(group.count), .kind("byte"), text: group.first?.caption ?? "")
                        }
                    }
                    head.element("tr") { row in
                        for cell in groups.joined() {
                            row.element("th", kind(of: cell), text: cell.title)
                        }
                    }
                }
                table.literal("\n")
                table.element("tbody") { body in
                    body.element("tr", .kind("values")) { row in
                        for cell in groups.joined() { row.element("td", kind(of: cell)) { value(of: cell, &$0) } }
                    }
                    body.element("tr") { row in
                        for cell in groups.joined() { row.element("td", kind(of: cell), text: cell.meaning) }
                    }
                }
            }
        }
    }

    private func kind(of cell: HeaderDiagram.Cell) -> Markup.Attribute? { cell.fault.isEmpty ? nil : .kind("bad") }

    private func value(of cell: HeaderDiagram.Cell, _ page: inout Markup) {
        page.text(String(cell.value.prefix(cell.fault.lowerBound)))
        if !cell.fault.isEmpty {
            page.element("mark", text: String(cell.value.dropFirst(cell.fault.lowerBound).prefix(cell.fault.count)))
        }
        page.text(String(cell.value.dropFirst(cell.fault.upperBound)))
    }
}
