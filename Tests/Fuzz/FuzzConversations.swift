@testable import WebSocketCaptures
@testable import WebSocketInspection
@testable import WebSocketReports
@testable import wsframes

/// libFuzzer's harness for everything after the capture file: packets, TCP, handshakes, frames, diagnosis, audit and
/// reports. Nothing traps, cuts change nothing, and every stream is reported once.
///
///     byte 0    0x01 the rest is a recipe of segments, else a file; 0x02 it is an export; 0x04 every violation is reported;
///               0x08 every frame is shown; 0x10 permessage-deflate is on, 0x20 off; 0x40 a port is named
///     byte 1…2  the seed of the cuts
///     rest      the file, or the recipe
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzConversations(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    // libFuzzer gives the address of `size` bytes, and takes them back when this returns; the array is a copy.
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: size))
    guard bytes.count >= 3, let options = options(of: bytes[0]) else { return 0 }
    var random = SplitMix64(seed: UInt64(bytes[1]) << 8 | UInt64(bytes[2]))
    let isRecipe = bytes[0] & 0x01 != 0
    let file = isRecipe ? CaptureRecipe.capture(bytes[3...]) : Array(bytes[3...])
    let isExport = !isRecipe && bytes[0] & 0x02 != 0

    let whole = Reported(file, [0..<file.count], options, isExport: isExport)
    var ways = [random.pieces(of: file.count, atMost: 30)]
    if file.count <= 1_024 { ways.append(file.indices.map { $0..<($0 + 1) }) }
    for pieces in ways {
        check(
            Reported(file, pieces, options, isExport: isExport) == whole, "what is reported depends on the cuts", pieces
        )
    }
    return 0
}

private func options(of how: UInt8) -> InspectionSettings? {
    var words: [String] = []
    if how & 0x04 != 0 { words.append("--all") }
    if how & 0x10 != 0 { words.append("--deflate") } else if how & 0x20 != 0 { words.append("--no-deflate") }
    if how & 0x40 != 0 { words += ["--websocket-port", "8080"] }
    guard let command = CommandTable.command(named: "validate"),
        let parsed = try? ParsedArguments(words.map { FilePath($0) }, of: command),
        var options = try? InspectionSettings(parsed)
    else { return nil }
    options.showsFrames = how & 0x08 != 0
    return options
}

/// The report of a capture, as text and as rows.
struct Reported: Equatable {
    var text = ""
    var rows = ""
    var fault: String?

    init(_ file: [UInt8], _ pieces: [Range<Int>], _ options: InspectionSettings, isExport: Bool) {
        var settings = options
        settings.input = isExport ? .auto : .pcap
        var inspector = Inspector(settings, source: "capture")
        var findings: [Finding] = []
        for piece in pieces { try? inspector.feed(file.span.extracting(piece)) { findings.append($0) } }
        inspector.finish { findings.append($0) }
        for case .error(let error) in findings { fault = error.message }
        checkOrder(of: findings)
        text = Self.render(findings, by: TextReport(usesColor: false, width: 100))
        rows = Self.render(findings, by: JSONLinesReport())
    }

    private static func render(_ findings: [Finding], by report: some Report) -> String {
        var report = report
        return findings.map { report.text(for: $0) }.joined() + report.closing(Totals())
    }

    /// The findings of a conversation are together, and end with both streams, if it has any.
    private func checkOrder(of findings: [Finding]) {
        var streams: [Int] = []
        var turn = -1
        for finding in findings {
            switch finding {
            case .conversation(let opened): turn = opened.origin.connection ?? -1
            case .stream(let summary):
                check(summary.origin.connection == turn, "a stream is reported at another conversation's turn", [])
                streams.append(turn)
            case .violation(let found): check(found.origin.connection == turn, "a violation is out of turn", [])
            default: break
            }
        }
        let counts = Dictionary(grouping: streams) { $0 }.values.map(\.count)
        check(counts.allSatisfy { $0 == 2 }, "a conversation has not two streams", [])
    }
}

/// Ends the run unless the condition is true, which the fuzzer reports.
func check(_ isRight: Bool, _ what: String, _ pieces: [Range<Int>]) {
    if !isRight { fatalError("\(what); cut at \(pieces.map(\.upperBound))") }
}
