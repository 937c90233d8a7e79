public import WebSocketFrames

/// Runs one WebSocket connection over any transport of bytes, after its handshake.
///
/// ```swift
/// try await withWebSocket(role: .server, limits: limits, inbound: chunks, send: send) { inbound, outbound in
///     for try await message in inbound { try await outbound.write(message) }
/// }
/// ```
///
/// When `body` returns, the connection is closed with 1000, unless it is already closed, and the peer's Close is
/// awaited: cancel the task if that must not take too long. If `body` throws, the connection is closed with 1011,
/// since this end has failed. The caller then shuts down the transport's writing half.
///
/// - Parameters:
///   - role: which endpoint this is.
///   - agreement: what the handshake agreed on; nothing by default.
///   - limits: how much this endpoint accepts: a message is kept in memory until it is complete.
///   - counts: how many frames it accepts; no limit by default.
///   - inbound: the bytes that arrive, in chunks of any size.
///   - send: passes bytes to the transport, and returns when it can accept more. It is never called before its
///     previous call has returned.
///   - body: uses the connection.
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
        // After a violation its Close has already been sent, and after a Close nothing is sent.
        try? await link.conclude(error)
        throw error
    }
    try await link.conclude(nil)
    // What still arrives before the peer's Close is discarded, and how that ends is no longer an error.
    while (try? await source.next()) != nil {}
    return result
}
