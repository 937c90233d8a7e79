import WebSocketDiagnosis

/// The wording of a diagnosis: the same in every report for people.
enum DiagnosisText {
    /// Returns how sure it is.
    static func certainty(_ certainty: Diagnosis.Certainty) -> String {
        switch certainty {
        case .certain: "certain"
        case .likely: "likely"
        case .possible: "possible"
        }
    }

    /// Returns `Certain: http-response: The 82 bytes … begin with an HTTP response`: how sure, what, and its first
    /// sentence.
    static func clause(_ diagnosis: Diagnosis) -> String {
        let message = Escaping.visible(diagnosis.message)
        let sentence = message.ranges(of: ". ").first.map { String(message[..<$0.lowerBound]) } ?? message
        let end = sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
        let word = certainty(diagnosis.certainty)
        return "\(word.prefix(1).uppercased() + word.dropFirst()): \(Escaping.visible(diagnosis.name)): \(end)"
    }

    /// Returns where to look first.
    static func suspect(_ suspect: Diagnosis.Suspect) -> String {
        switch suspect {
        case .client: "look at the client first"
        case .server: "look at the server first"
        case .between: "look first at what is between the two"
        case .unknown: "the bytes do not show whose fault it is"
        }
    }
}
