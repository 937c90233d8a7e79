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
        if let key = keys.constantKey {
            let digits = (0..<4).map { String(key[$0] >> 4, radix: 16) + String(key[$0] & 0xF, radix: 16) }.joined()
            add(
                .constantMaskingKey,
                "All of the \(keys.count) masked frames that were looked at have the key \(digits).")
        }
        if summary.state == .incompleteFrame, let length = implausibleLength {
            add(
                .implausibleLength,
                "The stream ends inside frame \(summary.frames), which declares \(length) bytes: so much was never meant.",
                diagnosisOfUnfinishedFrame)
        } else if summary.state == .incompleteFrame, let diagnosis = diagnosisOfUnfinishedFrame {
            add(
                .suspiciousFrame,
                "The stream ends inside frame \(summary.frames), whose header explains itself otherwise than as it stands.",
                diagnosis)
        }
        return notices
    }

    /// The declared length of the frame that never ended, if nobody can have meant it: 1 TiB and more.
    private var implausibleLength: UInt64? {
        guard let header = unfinishedFrame?.record.header, header.isComplete, header.payloadLength >= 1 << 40 else {
            return nil
        }
        return header.payloadLength
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
