import Foundation
import WebSocketInspection
import WebSocketReports

var report = JSONLinesReport()
let hops = HopLedger()
for path in CommandLine.arguments.dropFirst() {
    let capture = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    var inspector = Inspector(source: path, hops: hops)
    try? inspector.feed(capture.span) { print(report.text(for: $0), terminator: "") }
    inspector.finish { print(report.text(for: $0), terminator: "") }
}
hops.finish { print(report.text(for: $0), terminator: "") }
