public import WebSocketFrames

/// Runs one WebSocket connection over any transport of bytes, after its handshake.
///
/// ```swift
/// try await withWebSocket(role: .server, limits: limits, inbound: chunks, send: send) { inbound, outbound in
///     for try await message in inbound { try await outbound.write(message) }
/// }
/// ```
///
/// When `body` returns, the connection is closed with 1000, unless it is already, and the peer's Close is waited for:
/// cancel the task where that must not take too long. When `body` throws, it is closed with 1011: this end has failed.
/// The transport's writing half is then the caller's to shut down.
///
/// - Parameters:
///   - role: who this endpoint is.
///   - agreement: what the handshake agreed on; nothing unless given.
///   - limits: how much this endpoint takes: a message is kept until it is whole.
///   - counts: how many frames it takes; no limit unless given.
///   - inbound: the bytes that arrive, in chunks of any size.
///   - send: hands bytes to the transport, and returns when that can take more. It is never called while a call of it
///     has not returned.
///   - body: what is done with the connection.
/// - Returns: what `body` returns.
/// - Throws: what `body` throws, or the transport while the connection is being closed.
public func withWebSocket<Chunks: AsyncSequence, Result>(
    role: Endpoint, agreement: HandshakeAgreement = HandshakeAgreement(), limits: Limits, counts: CountLimits = .none,
    inbound: Chunks, send: @escaping @Sendable ([UInt8]) async throws -> Void,
    body: (WebSocketInbound<Chunks>, WebSocketOutbound) async throws -> Result
) async throws -> Result where Chunks.Element: Collection<UInt8> & Sendable {
    let link = Link(
        MessageConnection(role: role, deflate: agreement.deflate, limits: limits, counts: counts), send)
    let source = Source(inbound, link)
    let result: Result
    do {
        result = try await body(WebSocketInbound(source: source), WebSocketOutbound(link: link))
    } catch {
        // After a violation its Close has been sent, and after a Close nothing is.
        try? await link.conclude(error)
        throw error
    }
    try await link.conclude(nil)
    // What still arrives before the peer's Close has nobody who wants it. How it ends is nobody's error any more.
    while (try? await source.next()) != nil {}
    return result
}
