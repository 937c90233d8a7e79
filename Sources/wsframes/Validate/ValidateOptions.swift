import WebSocketCaptures
import WebSocketFrames

/// What the user said about how to judge; nil where an input may say it itself.
struct ValidateOptions {
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

    init(_ arguments: ParsedArguments) throws(UsageError) {
        if arguments.has("--deflate"), arguments.has("--no-deflate") {
            throw UsageError(message: "--deflate and --no-deflate exclude each other", hint: "leave out one of them")
        }
        sender = arguments.word("--sender").flatMap { word in Endpoint.allCases.first { $0.name == word } }
        senderIsSaid = arguments.has("--sender")
        deflate = arguments.has("--deflate") ? true : arguments.has("--no-deflate") ? false : nil
        maxFrame = arguments.bytes("--max-frame")
        maxMessage = arguments.bytes("--max-message")
        input = arguments.word("--input").flatMap(Input.init(rawValue:)) ?? .auto
        goesOn = arguments.has("--all")
        isStrict = arguments.has("--strict")
    }
}

/// How one stream is judged: the options, then what the input says of itself, then the defaults.
struct StreamTerms {
    let validator: FrameValidator
    /// permessage-deflate is taken as agreed although only the request was seen.
    let deflateIsAssumed: Bool

    init(options: ValidateOptions, directives: Directives, handshake: Handshake?) {
        let said = directives.sender
        let saidSender: Endpoint? = said == .client ? .client : said == .server ? .server : nil
        let sender = options.senderIsSaid ? options.sender : said != nil ? saidSender : handshake?.sender

        let agreed = handshake?.agreedDeflate ?? false
        let offeredOnly = handshake.map { $0.status == nil && $0.offeredDeflate } ?? false
        let saidDeflate = options.deflate ?? (directives.deflate ? true : nil)
        deflateIsAssumed = saidDeflate == nil && offeredOnly
        let deflate = saidDeflate ?? (agreed || offeredOnly)

        validator = FrameValidator(
            sender: sender,
            extensions: deflate ? .permessageDeflate : .none,
            limits: Limits(
                frame: options.maxFrame ?? directives.maxFrame ?? .max,
                message: options.maxMessage ?? directives.maxMessage ?? .max))
    }
}

extension Handshake {
    /// Who sent a dump that begins with this: the request is the client's, the response the server's. Both together
    /// come from a transcript, and tell nothing.
    var sender: Endpoint? {
        if hasRequest { return status == nil ? .client : nil }
        return status == nil ? nil : .server
    }
}
