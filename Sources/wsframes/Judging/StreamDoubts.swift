import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketReports

extension StreamJudge {
    /// What is doubtful about the stream at its end without breaking a rule.
    ///
    /// - Parameter deflate: what was assumed about permessage-deflate, where that mattered.
    func notices(summary: StreamSummary, deflate: String?) -> [NoticeFinding] {
        var notices: [NoticeFinding] = []
        func add(_ kind: NoticeKind, _ message: String, _ diagnosis: Diagnosis? = nil) {
            notices.append(
                NoticeFinding(
                    origin: summary.origin, Notice(kind, about: nil, message), diagnosis: diagnosis))
        }
        if let deflate { add(.deflateAssumed, deflate) }
        if let closeCode, let sender = summary.origin.sender, !Self.fits(closeCode, sender) {
            add(
                .unusualCloseCode,
                "The \(sender.name) closes with \(closeCode.rawValue) (\(closeCode.name)), which by its meaning only a "
                    + "\(sender.peer.name) has a reason to send.")
        }
        if summary.state == .incompleteFrame, let diagnosis = diagnosisOfUnfinishedFrame {
            add(
                .suspiciousFrame,
                "The stream ends inside frame \(summary.frames), whose header explains itself otherwise than as it stands.",
                diagnosis)
        }
        return notices
    }

    private static func fits(_ code: CloseCode, _ sender: Endpoint) -> Bool {
        switch code.sender {
        case .either: true
        case .client: sender == .client
        case .server: sender == .server
        case .nobody: false
        }
    }
}
