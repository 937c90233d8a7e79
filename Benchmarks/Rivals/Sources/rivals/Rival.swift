import RivalFixtures
import RivalWorkloads
import WebSocketFrames

/// A stream as it is passed to a parser.
struct Input {
    let bytes: [UInt8]
    let sender: Endpoint
    let extensions: AgreedExtensions
    let limits: Limits

    /// The size of the pieces that every parser gets, as a server would from its socket.
    static let chunk = 65_536

    init(_ workload: Workload) {
        self.init(bytes: workload.bytes, sender: workload.streams[0].sender, extensions: .none, limits: .none)
    }

    init(_ fixture: Fixture) {
        let isMasked = fixture.bytes.count < 2 || fixture.bytes[1] & 0x80 != 0
        self.init(
            bytes: fixture.bytes, sender: fixture.sender ?? (isMasked ? .client : .server),
            extensions: fixture.extensions, limits: fixture.limits)
    }

    private init(bytes: [UInt8], sender: Endpoint, extensions: AgreedExtensions, limits: Limits) {
        self.bytes = bytes
        self.sender = sender
        self.extensions = extensions
        self.limits = limits
    }

    var agreesOnDeflate: Bool { extensions == .permessageDeflate }
}

/// The result of a parser.
struct Answer {
    /// The number of payload bytes that were handed over, control frames included.
    var payload: UInt64 = 0
    /// The sum of those bytes, if that was asked for.
    var sum: UInt64 = 0
    /// The number of messages that ended.
    var messages: UInt64 = 0
    /// Whether the parser refused the stream.
    var isRejected = false
}

/// A parser in the race.
protocol Rival {
    var name: String { get }
    /// What it is and does, in one line.
    var summary: String { get }
    /// Whether it hands over unmasked payloads, so that their sum can be checked.
    var unmasks: Bool { get }

    /// Prepares one run over the stream. Only the closure is timed.
    ///
    /// - Parameter sums: whether to add up the payload's bytes too.
    func prepare(_ input: Input, sums: Bool) -> () -> Answer
}

extension Rival {
    var unmasks: Bool { true }
}

/// A parser whose result differs from what is in a workload.
struct WrongAnswer: Error, CustomStringConvertible {
    let description: String
}

extension Rival {
    /// Runs it once and adds everything up.
    func check(_ workload: Workload) throws(WrongAnswer) {
        let answer = prepare(Input(workload), sums: true)()
        let account = workload.account
        let isRight =
            !answer.isRejected && answer.messages == account.messages && answer.payload == account.payload.count
            && (!unmasks || answer.sum == account.payload.sum)
        guard isRight else {
            throw WrongAnswer(description: "\(name), \(workload.name): \(answer) instead of \(account)")
        }
    }
}
