public import WebSocketFrames

/// What is known around a violation, or around a frame that never ended.
public struct Evidence: Sendable {
    /// What asks for an explanation.
    public enum Cause: Sendable {
        /// A rule was broken.
        case violation(Violation)
        /// The stream ended inside this frame.
        case unfinishedFrame(FrameRecord)
    }

    /// What asks for an explanation.
    public var cause: Cause
    /// Who sent the stream; nil where that is not known.
    public var sender: Endpoint?
    /// Bytes of the stream around the offending frame, as they arrived.
    public var bytes: [UInt8]
    /// The offset in the stream of the first of `bytes`.
    public var offset: UInt64
    /// The stream ends where `bytes` end.
    public var reachesEnd: Bool
    /// The last frame that was complete before the offending one; nil where there is none.
    public var lastGoodFrame: FrameRecord?
    /// What the handshake agreed on, or the user said.
    public var extensions: AgreedExtensions
    /// The request offered permessage-deflate.
    public var offeredDeflate: Bool

    /// Creates evidence.
    public init(
        cause: Cause, sender: Endpoint?, bytes: [UInt8], offset: UInt64, reachesEnd: Bool,
        lastGoodFrame: FrameRecord? = nil, extensions: AgreedExtensions = .none, offeredDeflate: Bool = false
    ) {
        self.cause = cause
        self.sender = sender
        self.bytes = bytes
        self.offset = offset
        self.reachesEnd = reachesEnd
        self.lastGoodFrame = lastGoodFrame
        self.extensions = extensions
        self.offeredDeflate = offeredDeflate
    }
}

/// What probably happened: a known pattern that the bytes show.
public struct Diagnosis: Sendable, Hashable {
    /// How sure it is.
    public enum Certainty: String, Sendable, Hashable, CaseIterable {
        /// Nothing else could plausibly have made these bytes.
        case certain
        /// It explains the bytes, and little else does.
        case likely
        /// It explains the bytes, as other things would.
        case possible
    }

    /// Where to look first.
    public enum Suspect: String, Sendable, Hashable, CaseIterable {
        /// The client's code.
        case client
        /// The server's code.
        case server
        /// What stands between the two: a proxy, a load balancer, a middlebox.
        case between
        /// The bytes do not tell.
        case unknown
    }

    /// The pattern's name: lower case and hyphens, as `http-response`.
    public var name: String
    /// How sure it is.
    public var certainty: Certainty
    /// Where to look first.
    public var suspect: Suspect
    /// What happened, with the values of this case: one or two sentences.
    public var message: String
    /// What to check next, one thing each.
    public var checks: [String]

    /// Creates a diagnosis.
    public init(name: String, certainty: Certainty, suspect: Suspect, message: String, checks: [String]) {
        self.name = name
        self.certainty = certainty
        self.suspect = suspect
        self.message = message
        self.checks = checks
    }

    /// Looks for a known pattern.
    ///
    /// - Returns: the best explanation; nil where nothing known fits. None is better than a wrong one.
    public static func of(_ evidence: Evidence) -> Diagnosis? { nil }
}
