import Foundation
import WebSocketInspection
import WebSocketReports

for path in CommandLine.arguments.dropFirst() {
    let capture = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    var report = JSONLinesReport()
    var inspector = Inspector(source: path)
    try? inspector.feed(capture.span) { print(report.text(for: $0), terminator: "") }
    inspector.finish { print(report.text(for: $0), terminator: "") }
}
