import WebSocketDiagnosis

/// How a diagnosis is put into words: the same in every report for people.
enum DiagnosisText {
    /// How sure it is.
    static func certainty(_ certainty: Diagnosis.Certainty) -> String {
        switch certainty {
        case .certain: "certain"
        case .likely: "likely"
        case .possible: "possible"
        }
    }

    /// Where to look first.
    static func suspect(_ suspect: Diagnosis.Suspect) -> String {
        switch suspect {
        case .client: "look at the client first"
        case .server: "look at the server first"
        case .between: "look first at what stands between the two"
        case .unknown: "the bytes do not tell whose doing it is"
        }
    }
}
