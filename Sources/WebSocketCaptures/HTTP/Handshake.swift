public import PerMessageDeflate
import WebSocketFrames

/// The HTTP handshake before a dump's stream (RFC 6455 §4): what it says about the frames after it.
public struct Handshake: Sendable, Hashable {
    /// Whether there is a client's request: the last one before the response that switched protocols.
    public internal(set) var hasRequest = false

    /// The method of that request and its target, with everything unprintable replaced.
    public internal(set) var method: String?
    /// See ``method``.
    public internal(set) var target: String?

    /// The status of the server's response, 101 if it agreed; nil if the dump has no response to the request.
    public internal(set) var status: Int?

    /// Its length in bytes, with everything before it: other requests and responses, and their bodies.
    public internal(set) var byteCount: UInt64 = 0

    /// Whether the request offers permessage-deflate.
    public internal(set) var offeredDeflate = false

    /// Whether the response agrees to permessage-deflate.
    public internal(set) var agreedDeflate = false

    /// The agreed parameters of permessage-deflate (RFC 7692 §7.1); nil if it was not agreed, or its parameters are
    /// not legal.
    public internal(set) var deflate: DeflateParameters?

    /// The names of the other extensions that the response agrees to, in order.
    public internal(set) var otherExtensions: [String] = []

    /// What is doubtful about it: the known heads are checked like those of a capture.
    public internal(set) var notices: [Notice] = []

    init() {}

    /// Creates the handshake from its two heads, as far as they are known.
    init(_ request: RequestHead?, _ response: ResponseHead?) {
        if let request {
            hasRequest = true
            method = request.method
            target = request.target
            offeredDeflate = request.extensions.contains(DeflateOffer.name)
        }
        if let response {
            status = response.status
            agreedDeflate = response.extensions.contains(DeflateOffer.name)
            deflate = response.agreedDeflate
            otherExtensions = response.extensions.filter { $0 != DeflateOffer.name }
        }
        notices = HandshakeCheck(request.map { ($0, nil) }, response.map { ($0, nil) }).notices
    }
}

extension ResponseHead {
    /// The parameters that it agrees to for permessage-deflate; nil if there are none, or they are not legal (RFC
    /// 7692 §7.1).
    var agreedDeflate: DeflateParameters? {
        deflateAnswers.first.flatMap { try? DeflateOffer.parameters(answered: $0) }
    }
}
