import Testing
import WebSocketAsync
import WebSocketFrames

/// A connection over an AsyncSequence of chunks: messages, back-pressure, the closing handshake, cancellation.
@Suite struct WithWebSocketTests {
    private struct Failure: Error {}

    /// What a server hands over for a client's chunks.
    private func serve(
        _ chunks: [[UInt8]], to wire: Wire = Wire(), counts: CountLimits = .none,
        body: (WebSocketInbound<AsyncStream<[UInt8]>>, WebSocketOutbound) async throws -> Void
    ) async throws -> [UInt8] {
        let stream = AsyncStream { continuation in
            for chunk in chunks { continuation.yield(chunk) }
            continuation.finish()
        }
        try await withWebSocket(
            role: .server, limits: Limits(message: 1000), counts: counts, inbound: stream,
            send: { try await wire.send($0) }, body: body)
        return await wire.bytes
    }

    /// Records what was sent; a send can be made to wait, or to fail.
    private actor Wire {
        var bytes: [UInt8] = []
        var sends = 0
        private var isBusy = false
        private let failure: (any Error)?

        init(failing failure: (any Error)? = nil) { self.failure = failure }

        func send(_ more: [UInt8]) async throws {
            #expect(!isBusy, "two sends at once")
            isBusy = true
            for _ in 0..<5 { await Task.yield() }
            isBusy = false
            if let failure { throw failure }
            bytes += more
            sends += 1
        }
    }

    private func client(_ body: (inout FrameWriter, inout [UInt8]) throws -> Void) rethrows -> [UInt8] {
        var writer = FrameWriter(sender: .client)
        var bytes: [UInt8] = []
        try body(&writer, &bytes)
        return bytes
    }

    private func texts(_ texts: String...) throws -> [UInt8] {
        try client { writer, bytes in for text in texts { try writer.write(text: text, to: &bytes) } }
    }

    private let close: [UInt8] = [0x88, 0x80, 0, 0, 0, 0]

    @Test func anEcho() async throws {
        let bytes = try texts("a", "b") + close
        // However the stream is cut.
        for size in [1, 2, 5, 100] {
            let chunks = stride(from: 0, to: bytes.count, by: size).map {
                Array(bytes[$0..<min($0 + size, bytes.count)])
            }
            let sent = try await serve(chunks) { inbound, outbound in
                for try await message in inbound { try await outbound.write(message) }
                #expect(inbound.closeCode == .noStatusReceived)
                #expect(await outbound.state == .closed)
            }
            #expect(sent == [0x81, 1, 0x61, 0x81, 1, 0x62, 0x88, 0])
        }
    }

    @Test func aPingIsAnsweredBeforeTheNextMessageIsRead() async throws {
        let bytes = try client { writer, bytes in
            try writer.write(#require(.ping([7])), to: &bytes)
            try writer.write(text: "a", to: &bytes)
        }
        let wire = Wire()
        _ = try await serve([bytes + close], to: wire) { inbound, _ in
            for try await _ in inbound { #expect(await wire.bytes == [0x8A, 1, 7]) }
        }
    }

    @Test func leavingClosesAndWaitsForThePeer() async throws {
        let sent = try await serve([try texts("a", "b"), try texts("c"), close]) { inbound, outbound in
            for try await message in inbound {
                #expect(message.text == "a")
                break
            }
        }
        #expect(sent == [0x88, 2, 0x03, 0xE8])
    }

    @Test func readingContinuesAfterClosing() async throws {
        var read: [String] = []
        let sent = try await serve([try texts("a"), try texts("b"), close]) { inbound, outbound in
            for try await message in inbound {
                read.append(message.text)
                guard read.count == 1 else { continue }
                try await outbound.close(.goingAway)
                await #expect(throws: SendError.closed) { try await outbound.write("late") }
            }
        }
        #expect(read == ["a", "b"])
        #expect(sent == [0x88, 2, 0x03, 0xE9])
    }

    @Test func throwingIs1011() async throws {
        let wire = Wire()
        await #expect(throws: Failure.self) {
            _ = try await serve([try texts("a")], to: wire) { inbound, _ in
                for try await _ in inbound { throw Failure() }
            }
        }
        #expect(await wire.bytes == [0x88, 2, 0x03, 0xF3])
    }

    @Test func aViolationIsThePeers() async throws {
        let wire = Wire()
        await #expect(throws: Violation.self) {
            _ = try await serve([[0x83, 0x80]], to: wire) { inbound, _ in for try await _ in inbound {} }
        }
        #expect(await wire.bytes.prefix(4) == [0x88, 17, 0x03, 0xEA])
    }

    @Test func tooManyFramesAre1008() async throws {
        let ping: [UInt8] = [0x89, 0x80, 0, 0, 0, 0]
        await #expect(throws: WebSocketError.exceeded(.controlFrames)) {
            _ = try await serve([ping + ping], counts: CountLimits(controlFrames: 1)) { inbound, _ in
                for try await _ in inbound {}
            }
        }
    }

    @Test func anEndWithoutCloseIsThrown() async throws {
        await #expect(throws: WebSocketError.vanished) {
            _ = try await serve([try texts("a")]) { inbound, _ in for try await _ in inbound {} }
        }
    }

    @Test func manyTasksWriteWholeMessages() async throws {
        let wire = Wire()
        let sent = try await serve([close], to: wire) { _, outbound in
            try await withThrowingTaskGroup { group in
                for number in 0..<50 { group.addTask { try await outbound.write("message \(number)") } }
                try await group.waitForAll()
            }
        }
        var validator = FrameValidator(sender: .server)
        try validator.consume(sent.span)
        #expect(validator.messageCount == 50)
        #expect(validator.closeCode == .normalClosure)
        // What is written during a send goes out in a single one after it.
        #expect(await wire.sends < 50)
    }

    @Test func aTransportThatFailsIsThrownToAllWhoWrite() async throws {
        var failed = 0
        do {
            _ = try await serve([close], to: Wire(failing: Failure())) { _, outbound in
                failed = await withTaskGroup { group in
                    for _ in 0..<10 {
                        group.addTask {
                            do { try await outbound.write("a") } catch { return error is Failure }
                            return false
                        }
                    }
                    return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
            }
            Issue.record("nothing was thrown")
        } catch {
            #expect(error is Failure)
        }
        #expect(failed == 10)
    }

    /// Chunks are requested one at a time, and only once the earlier messages have been taken.
    @Test func whatIsNotReadIsNotAskedFor() async throws {
        let asked = Wire()
        let bytes = try texts("a", "b")
        let chunks = AsyncStream<[UInt8]> {
            try? await asked.send([1])
            return bytes
        }
        let task = Task {
            try await withWebSocket(role: .server, limits: Limits(message: 10), inbound: chunks, send: { _ in }) {
                inbound, _ in
                var iterator = inbound.makeAsyncIterator()
                for count in [1, 1, 2, 2, 3] {
                    let message = try await iterator.next()
                    #expect(message != nil)
                    #expect(await asked.sends == count)
                }
                // The sequence is endless, and nobody waits for its end.
                throw CancellationError()
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func cancellingEndsTheWait() async throws {
        let (chunks, continuation) = AsyncStream<[UInt8]>.makeStream()
        let task = Task {
            try await withWebSocket(role: .client, limits: Limits(message: 10), inbound: chunks, send: { _ in }) {
                inbound, _ in
                for try await _ in inbound {}
            }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        continuation.finish()
    }
}
