import WebSocketCaptures
import WebSocketFrames

/// What the user said about how to judge; nil if an input may say it itself.
struct JudgingOptions {
    enum Input: String {
        case auto, raw, hex, pcap
    }

    /// The sender that was named; nil for none, and for `auto`.
    let sender: Endpoint?
    /// `--sender` was given at all: then what a file says about it does not count.
    let senderIsSaid: Bool
    let deflate: Bool?
    let maxFrame: UInt64?
    let maxMessage: UInt64?
    let input: Input
    let goesOn: Bool
    let isStrict: Bool
    let conversations: ConversationOptions
    /// What opens TLS connections.
    let keys: TLSKeys
    /// `--keylog` was given.
    let hasKeyLog: Bool
    /// Every frame is reported, with the start of its payload.
    var showsFrames = false
    /// How much is kept of the bytes around a violation.
    var reach = SurroundingBytes.Reach.wide

    init(_ arguments: ParsedArguments) throws(UsageError) {
        if arguments.has("--deflate"), arguments.has("--no-deflate") {
            throw UsageError(message: "--deflate and --no-deflate exclude each other", hint: "leave out one of them")
        }
        sender = arguments.word("--sender").flatMap { word in Endpoint.allCases.first { $0.name == word } }
        senderIsSaid = arguments.has("--sender")
        deflate = arguments.has("--deflate") ? true : arguments.has("--no-deflate") ? false : nil
        maxFrame = arguments.number("--max-frame")
        maxMessage = arguments.number("--max-message")
        input = arguments.word("--input").flatMap(Input.init(rawValue:)) ?? .auto
        goesOn = arguments.has("--all")
        isStrict = arguments.has("--strict")
        var conversations = ConversationOptions()
        conversations.webSocketPorts = Set(arguments.numbers("--websocket-port").map { UInt16(clamping: $0) })
        self.conversations = conversations
        hasKeyLog = arguments.has("--keylog")
        keys = try KeyLogFiles.keys(arguments)
    }
}
