import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

extension StreamInspector {
    /// Reports what is doubtful about the stream at its end but breaks no rule.
    ///
    /// - Parameter closeIsEcho: whether its Close only echoes the code of its peer's.
    func notices(
        _ summary: StreamSummary, aboutCapture isCapture: Bool, closeIsEcho: Bool = false, _ visit: (Finding) -> Void
    ) {
        let origin = summary.origin
        if let notice = assumption(aboutCapture: isCapture) { visit(.notice(NoticeFinding(origin: origin, notice))) }
        if !closeIsEcho, let closeCode, let sender = origin.sender, !closeCode.fits(sender) {
            let message =
                "The \(sender.name) closes with \(closeCode.rawValue) (\(closeCode.name)), which by its meaning only a "
                + "\(sender.peer.name) has a reason to send."
            visit(.notice(NoticeFinding(origin: origin, Notice(.unusualCloseCode, about: nil, message))))
        }
        if let key = keys.constantKey {
            let count = CountedText.grouped(keys.count)
            let message = "All \(count) masked frames that were looked at have the key \(key.hexDigits)."
            visit(.notice(NoticeFinding(origin: origin, Notice(.constantMaskingKey, about: nil, message))))
        }
        if let drift = compressionReview?.drift {
            let message = "The compressed messages of this stream inflate to something that was hardly meant."
            visit(
                .notice(NoticeFinding(origin: origin, Notice(.windowDoubtful, about: nil, message), diagnosis: drift)))
        }
        if summary.state == .incompleteFrame, let length = implausibleLength {
            let message =
                "The stream ends inside frame \(CountedText.grouped(summary.frames)), which declares "
                + "\(CountedText.count(length, "byte")): hardly anybody means to send so much."
            visit(
                .notice(
                    NoticeFinding(
                        origin: origin, Notice(.implausibleLength, about: nil, message),
                        diagnosis: diagnosisOfUnfinishedFrame)))
        } else if summary.state == .incompleteFrame, let diagnosis = diagnosisOfUnfinishedFrame {
            let message =
                "The stream ends inside frame \(CountedText.grouped(summary.frames)), whose header was probably not meant "
                + "the way it reads."
            visit(
                .notice(
                    NoticeFinding(
                        origin: origin, Notice(.suspiciousFrame, about: nil, message), diagnosis: diagnosis)))
        }
    }
}

extension StreamInspector {
    /// Whether the stream ends inside a frame whose header was hardly meant as it is.
    var isUnfinishedFrameDoubtful: Bool {
        unfinishedFrame != nil && (implausibleLength != nil || diagnosisOfUnfinishedFrame != nil)
    }

    /// The declared length of the frame that never ended, if that is implausible: 1 TiB or more.
    private var implausibleLength: UInt64? {
        guard let header = unfinishedFrame?.record.header, header.isComplete, header.payloadLength >= 1 << 40 else {
            return nil
        }
        return header.payloadLength
    }
}

extension MaskingKey {
    /// The four bytes in hex, in the order in which they are in the frame.
    fileprivate var hexDigits: String {
        (0..<4).map { String(self[$0] >> 4, radix: 16) + String(self[$0] & 0xF, radix: 16) }.joined()
    }
}

extension CloseCode {
    /// Returns whether the code has a meaning in a Close of that endpoint.
    fileprivate func fits(_ endpoint: Endpoint) -> Bool {
        switch sender {
        case .either: true
        case .client: endpoint == .client
        case .server: endpoint == .server
        case .nobody: false
        }
    }
}
