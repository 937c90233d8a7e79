import Testing
import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

/// A conversation and the notes that the audit must make.
struct AuditCase: CustomTestStringConvertible, Sendable {
    var name: String
    var script: String
    var kind: Ending.Kind
    var isRight: Bool?
    /// `server wrong-close-code`: the endpoint, and the name of the note.
    var notes: [String]
    /// Phrases that the notes or the ending must contain.
    var phrases: [String] = []
    var set: @Sendable (inout Script) -> Void = { _ in }

    init(
        _ name: String, _ script: String, _ kind: Ending.Kind, _ isRight: Bool?, _ notes: [String] = [],
        says phrases: [String] = [], set: @escaping @Sendable (inout Script) -> Void = { _ in }
    ) {
        self.name = name
        self.script = script
        self.kind = kind
        self.isRight = isRight
        self.notes = notes
        self.phrases = phrases
        self.set = set
    }

    var testDescription: String { name }

    func check() {
        var script = Script(script)
        set(&script)
        let (ending, notes) = script.run()
        #expect(notes.map { "\($0.endpoint?.name ?? "both") \($0.kind.name)" } == self.notes)
        #expect(ending.kind == kind)
        #expect(ending.isRight == isRight)
        let reported = ([ending.message] + notes.map(\.message)).joined(separator: "\n")
        for phrase in phrases { #expect(reported.contains(phrase), "\(phrase)\nin: \(reported)") }
    }
}

extension AuditCase {
    static func noTimes(_ script: inout Script) { script.hasTimes = false }
    static func middle(_ script: inout Script) { script.startsInTheMiddle = true }
    static func deflate(_ script: inout Script) { script.agreedDeflate = true }
    static func inflate(_ script: inout Script) { script.inflates = true }
    static func stops(_ script: inout Script) { script.continues = false }
    static func over(_ script: inout Script) { script.isOver = true }
}
