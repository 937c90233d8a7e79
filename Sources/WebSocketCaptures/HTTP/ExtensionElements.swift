import WebSocketFrames

/// The elements of a head's `Sec-WebSocket-Extensions`, with their parameters.
struct ExtensionElements {
    /// The elements for permessage-deflate, in order.
    private(set) var deflate: [WebSocketExtension] = []
    /// An element that cannot be parsed: nothing is known about that field's value.
    private(set) var fault: MalformedExtensions?

    init(in head: [UInt8]) {
        for value in HTTPHead.values(of: "sec-websocket-extensions", in: head) {
            do {
                let elements = try WebSocketExtension.list(String(decoding: value, as: UTF8.self))
                deflate += elements.lazy.filter { $0.name == DeflateOffer.name }
                    .prefix(Self.maximumCount - deflate.count)
            } catch {
                fault = fault ?? error
            }
        }
    }

    /// The most offers of permessage-deflate that are kept: nobody makes more than a few.
    private static let maximumCount = 16
}
