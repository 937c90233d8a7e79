import WebSocketCaptures
import WebSocketFrames

/// How the stream of a one-way dump is judged: the options, then what the input says of itself, then the defaults.
struct StreamTerms {
    let validator: FrameValidator
    let extensions: AgreedExtensions
    /// permessage-deflate is taken as agreed although only the request was seen.
    let deflateIsAssumed: Bool

    init(options: JudgingOptions, directives: Directives, handshake: Handshake?) {
        let said = directives.sender
        let saidSender: Endpoint? = said == .client ? .client : said == .server ? .server : nil
        let sender = options.senderIsSaid ? options.sender : said != nil ? saidSender : handshake?.sender

        let agreed = handshake?.agreedDeflate ?? false
        let offeredOnly = handshake.map { $0.status == nil && $0.offeredDeflate } ?? false
        let saidDeflate = options.deflate ?? (directives.deflate ? true : nil)
        deflateIsAssumed = saidDeflate == nil && offeredOnly
        extensions = saidDeflate ?? (agreed || offeredOnly) ? .permessageDeflate : .none
        validator = FrameValidator(
            sender: sender, extensions: extensions,
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
