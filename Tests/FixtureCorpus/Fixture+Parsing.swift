import PerMessageDeflate
import WebSocketFrames

extension Fixture {
    /// Parses a file strictly: what `FORMAT.md` does not allow is an error.
    ///
    /// - Parameters:
    ///   - path: the path relative to `Fixtures/`, which determines section and verdict.
    ///   - file: the contents of the file.
    public init(path: String, file: [UInt8]) throws(FixtureError) {
        let lines = try FixtureLines(path: path, file: file)
        let name = try FixtureName(path: path)
        var how = FixtureSettings(path: path, marker: "#:", settings: lines.how)
        var what = FixtureSettings(path: path, marker: "#=", settings: lines.what)

        self.path = path
        section = name.section
        caseName = name.caseName
        (handshake, bytes) = try Self.cut(lines.bytes, path: path)

        switch try how.take("sender") ?? "auto" {
        case "client": sender = .client
        case "server": sender = .server
        case "auto": sender = nil
        default: throw how.error("sender", "is neither client, server nor auto")
        }
        let parameters = try Self.deflateParameters(&how)
        switch try how.take("deflate") {
        case nil: extensions = parameters.map { .permessageDeflate($0) } ?? .none
        case "" where parameters == nil: extensions = .permessageDeflate
        default: throw how.error("deflate", "takes no value, and excludes extensions")
        }
        limits = Limits(
            frame: try how.takeNumber("max-frame") ?? .max,
            message: try how.takeNumber("max-message") ?? .max
        )
        try how.finish()

        expectation = try Expectation(&what)
        guard expectation.bytes == bytes.count else {
            throw what.error("bytes", "is \(expectation.bytes), and the stream has \(bytes.count)")
        }
        guard name.verdict == Self.verdict(expectation) else {
            throw what.error("state", "does not fit the file's name: \(Self.verdict(expectation)) is expected there")
        }
        diagnosis = try Self.diagnosis(&what)
        try what.finish()
    }

    private static func deflateParameters(_ how: inout FixtureSettings) throws(FixtureError) -> DeflateParameters? {
        guard let value = try how.take("extensions") else { return nil }
        guard let elements = try? WebSocketExtension.list(value), elements.count == 1,
            elements[0].name == DeflateOffer.name,
            let parameters = try? DeflateOffer.parameters(answered: elements[0])
        else { throw how.error("extensions", "is not what a response may agree to") }
        return parameters
    }

    private static func diagnosis(_ what: inout FixtureSettings) throws(FixtureError) -> ExpectedDiagnosis? {
        guard let name = try what.take("diagnosis") else { return nil }
        guard !name.isEmpty else { throw what.error("diagnosis", "names no pattern") }
        if name == "none" { return ExpectedDiagnosis(name: nil, suspect: nil, certainty: nil) }
        let suspect = try what.demand("suspect")
        guard ["client", "server", "between", "unknown"].contains(suspect) else {
            throw what.error("suspect", "is neither client, server, between nor unknown")
        }
        let certainty = try what.demand("certainty")
        guard ["certain", "likely", "possible"].contains(certainty) else {
            throw what.error("certainty", "is neither certain, likely nor possible")
        }
        return ExpectedDiagnosis(name: name, suspect: suspect, certainty: certainty)
    }

    private static func verdict(_ expectation: Expectation) -> String {
        switch expectation.state {
        case .complete: "accept"
        case .incompleteFrame, .incompleteMessage: expectation.state.name
        case .violation: "reject." + (expectation.violation?.rule.name ?? "")
        }
    }

    /// Separates the handshake, as `FORMAT.md` describes.
    private static func cut(_ all: [UInt8], path: String) throws(FixtureError) -> (handshake: [UInt8], stream: [UInt8])
    {
        guard all.starts(with: "GET ".utf8) || all.starts(with: "HTTP/1.1 ".utf8) else { return ([], all) }
        for end in all.indices.dropFirst(3) where all[end] == 0x0A && all[(end - 3)...end] == [0x0D, 0x0A, 0x0D, 0x0A] {
            return (Array(all[...end]), Array(all[(end + 1)...]))
        }
        throw FixtureError(path: path, line: 1, message: "the handshake has no end")
    }
}

/// The parts of a file's path.
private struct FixtureName {
    let section: String
    /// `accept`, `incomplete-frame`, `incomplete-message`, `reject.<rule>`.
    let verdict: String
    let caseName: String

    init(path: String) throws(FixtureError) {
        func error(_ message: String) -> FixtureError { FixtureError(path: path, line: 1, message: message) }
        let folders = path.split(separator: "/", omittingEmptySubsequences: false)
        guard let file = folders.last, folders.count > 1 else { throw error("is in no section") }
        section = folders.dropLast().joined(separator: "/")

        var parts = file.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.last == "hex" else { throw error("does not end in .hex") }
        parts.removeLast()
        let verdictParts = parts.first == "reject" ? 2 : 1
        verdict = parts.prefix(verdictParts).joined(separator: ".")
        caseName = parts.dropFirst(verdictParts).joined(separator: ".")
        guard parts.count > verdictParts, parts.allSatisfy({ !$0.isEmpty }) else {
            throw error("the name is not <verdict>.<case>.hex")
        }
        let allowed = "abcdefghijklmnopqrstuvwxyz0123456789-."
        guard caseName.allSatisfy(allowed.contains) else { throw error("the case has characters it should not") }
    }
}

extension Expectation {
    /// Takes the expected verdict out of the settings.
    init(_ what: inout FixtureSettings) throws(FixtureError) {
        let state = try what.demand("state")
        guard let state = StreamState.allCases.first(where: { $0.name == state }) else {
            throw what.error("state", "is not a state")
        }
        self.init(
            state: state,
            frames: try what.demandNumber("frames"),
            messages: try what.demandNumber("messages"),
            bytes: Int(clamping: try what.demandNumber("bytes")),
            closed: try what.demandFlag("closed"),
            violation: state == .violation ? try Self.fault(&what) : nil
        )
    }

    private static func fault(_ what: inout FixtureSettings) throws(FixtureError) -> Fault {
        let name = try what.demand("rule")
        guard let rule = Rule(name: name) else { throw what.error("rule", "is not a rule") }
        let header = try what.demand("header")
        guard (1...14).map({ $0 * 2 }).contains(header.utf8.count), header.utf8.allSatisfy(isLowerCaseHex) else {
            throw what.error("header", "is not a header in lower-case hex")
        }
        let code = try what.demandNumber("close-code")
        guard let code = UInt16(exactly: code) else { throw what.error("close-code", "is not a close code") }
        return Fault(
            rule: rule,
            offset: try what.demandNumber("offset"),
            length: Int(clamping: try what.demandNumber("length")),
            frame: try what.demandNumber("frame"),
            frameOffset: try what.demandNumber("frame-offset"),
            headerHex: header,
            closeCode: CloseCode(rawValue: code)
        )
    }

    private static func isLowerCaseHex(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
