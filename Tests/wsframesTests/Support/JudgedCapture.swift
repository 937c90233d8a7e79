import Testing
import WebSocketReports

@testable import wsframes

/// A capture as the command line judges it, without a process.
struct JudgedCapture {
    let findings: [Finding]
    /// The findings as rows; frames, conversations and endings give none.
    let rows: [Row]
    /// Why it could not be read to its end.
    let fault: String?

    /// - Parameter pieces: how many bytes come at a time.
    init(
        _ bytes: [UInt8], _ options: String..., isExport: Bool = false, showsFrames: Bool = false,
        pieces: Int = 1 << 17
    ) throws {
        let command = try #require(CommandTable.command(named: "validate"))
        var parsed = try JudgingOptions(ParsedArguments(options.map { FilePath($0) }, of: command))
        parsed.showsFrames = showsFrames
        var judge = CaptureJudge(source: "capture", options: parsed, isExport: isExport)
        var findings: [Finding] = []
        var fault: String?
        do throws(InputFault) {
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + pieces)
                try judge.judge(bytes[start..<end].span)
                findings += judge.takeFindings()
                start = end
            }
            try judge.finish()
        } catch {
            fault = error.message
            judge.close()
        }
        findings += judge.takeFindings()
        self.findings = findings
        self.fault = fault
        rows = try Self.lines(of: findings, by: JSONLinesReport()).map { try #require(Row($0)) }
    }

    private static func lines(of findings: [Finding], by report: some Report) -> [String] {
        var report = report
        return findings.flatMap { report.text(for: $0).lines }
    }

    /// The rows of a direction.
    func rows(_ connection: UInt64, _ sender: String) -> [Row] {
        rows.filter { $0.number("connection") == connection && $0["sender"] == sender }
    }

    func stream(_ connection: UInt64, _ sender: String) -> Row? { rows(connection, sender).streams.first }

    /// The names of the notices about a conversation, or about the file.
    func notices(_ connection: UInt64?) -> [String] {
        rows.filter { $0.number("connection") == connection }.notices
    }
}
