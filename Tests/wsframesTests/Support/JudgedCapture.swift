import Testing
import WebSocketInspection
import WebSocketReports

@testable import wsframes

/// A capture judged as by the command line, but without a process.
struct JudgedCapture {
    let findings: [Finding]
    /// The findings as rows; frames, conversations and endings have none.
    let rows: [Row]
    /// Why the capture could not be read to its end.
    let fault: String?

    /// - Parameter pieces: how many bytes arrive at a time.
    init(
        _ bytes: [UInt8], _ options: String..., isExport: Bool = false, showsFrames: Bool = false,
        gathersMessages: Bool = false, pieces: Int = 1 << 17
    ) throws {
        let command = try #require(CommandTable.command(named: "validate"))
        var settings = try InspectionSettings(ParsedArguments(options.map { FilePath($0) }, of: command))
        settings.showsFrames = showsFrames
        settings.gathersMessages = gathersMessages
        settings.input = isExport ? .auto : .pcap
        var inspector = Inspector(settings, source: "capture")
        var findings: [Finding] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + pieces)
            try? inspector.feed(bytes[start..<end].span) { findings.append($0) }
            start = end
        }
        inspector.finish { findings.append($0) }
        var fault: String?
        findings.removeAll { finding in
            guard case .error(let error) = finding else { return false }
            fault = error.message
            return true
        }
        self.findings = findings
        self.fault = fault
        rows = try Self.lines(of: findings, by: JSONLinesReport()).map { try #require(Row($0)) }
    }

    private static func lines(of findings: [Finding], by report: some Report) -> [String] {
        var report = report
        return findings.flatMap { report.text(for: $0).lines }
    }

    /// The findings of a direction as rows, including frames, or messages instead of them.
    func rowsWithFrames(_ sender: String, messages: ShownMessages = .no) -> [Row] {
        var report = JSONLinesReport(showsFrames: true, messages: messages)
        return findings.flatMap { report.text(for: $0).lines }.compactMap { Row($0) }.filter { $0["sender"] == sender }
    }

    /// The rows of a direction.
    func rows(_ connection: UInt64, _ sender: String) -> [Row] {
        rows.filter { $0.number("connection") == connection && $0["sender"] == sender }
    }

    func stream(_ connection: UInt64, _ sender: String) -> Row? { rows(connection, sender).streams.first }

    /// The names of the notices about a conversation, or about the whole file.
    func notices(_ connection: UInt64?) -> [String] {
        rows.filter { $0.number("connection") == connection }.notices
    }
}
