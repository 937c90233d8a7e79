/// The HTTP handshake before a stream (RFC 6455 §4): what it says about the frames after it.
public struct Handshake: Sendable, Hashable {
    /// It begins with a client's request.
    public internal(set) var hasRequest = false

    /// The status of the server's response, 101 where it agreed; nil if the dump holds no response.
    public internal(set) var status: Int?

    /// How long it is, in bytes.
    public internal(set) var byteCount: UInt64 = 0

    /// The request offers permessage-deflate.
    public internal(set) var offeredDeflate = false

    /// The response agrees to permessage-deflate.
    public internal(set) var agreedDeflate = false

    /// The names of the other extensions that the response agrees to, in its order.
    public internal(set) var otherExtensions: [String] = []

    init() {}
}
