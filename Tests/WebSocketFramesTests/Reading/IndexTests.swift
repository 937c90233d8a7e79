import Testing
import WebSocketFrames

/// An index outside of `0...count` is a programming error: the program traps with a message before any byte is touched.
@Suite struct IndexTests {
    @Test func beforeTheBytesOfAReader() async throws {
        let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var reader = FrameReader(peer: .client)
            read(from: -1) { bytes, index in _ = try? reader.next(in: &bytes, from: &index) }
        }
        expectMessage(in: result.standardErrorContent)
    }

    @Test func afterTheBytesOfAReader() async throws {
        let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var reader = FrameReader(peer: .client)
            read(from: 12) { bytes, index in _ = try? reader.next(in: &bytes, from: &index) }
        }
        expectMessage(in: result.standardErrorContent)
    }

    /// The byte before an extracted span belongs to the caller, and must not be unmasked.
    @Test func beforeAPartOfASpan() async throws {
        let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var reader = FrameReader(peer: .client)
            read(from: 0) { bytes, _ in
                #if compiler(>=6.3)
                    var part = bytes._mutatingExtracting(1..<bytes.count)
                #else
                    var part = bytes.extracting(1..<bytes.count)
                #endif
                var index = -1
                _ = try? reader.next(in: &part, from: &index)
            }
        }
        expectMessage(in: result.standardErrorContent)
    }

    @Test(arguments: [-1, 12]) func ofAReaderOfMessages(index: Int) async throws {
        let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) { [index] in
            var reader = MessageReader(peer: .client, limit: 100)
            read(from: index) { bytes, index in _ = try? reader.next(in: &bytes, from: &index) }
        }
        expectMessage(in: result.standardErrorContent)
    }

    @Test func ofAConnection() async throws {
        let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var connection = Connection(role: .server)
            var replies: [UInt8] = []
            read(from: 12) { bytes, index in _ = connection.next(in: &bytes, from: &index, replies: &replies) }
        }
        expectMessage(in: result.standardErrorContent)
    }

    @Test func beforeTheBytesOfAConnection() async throws {
        let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var connection = Connection(role: .server)
            var replies: [UInt8] = []
            read(from: -1) { bytes, index in _ = connection.next(in: &bytes, from: &index, replies: &replies) }
        }
        expectMessage(in: result.standardErrorContent)
    }

    @Test(arguments: [-1, 12]) func ofAWriter(index: Int) async throws {
        let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) { [index] in
            var writer = FrameWriter(sender: .server)
            read(from: index) { bytes, index in try? writer.write(.whole(.text), Span(), into: &bytes, at: &index) }
        }
        expectMessage(in: result.standardErrorContent)
    }

    /// Both ends of the range are valid.
    @Test func bothEndsOfTheRangeAreValidIndices() throws {
        var reader = FrameReader(peer: .client)
        read(from: 11) { bytes, index in
            #expect(throws: Never.self) {
                let event = try reader.next(in: &bytes, from: &index)
                #expect(event == nil)
            }
        }
    }
}

/// Lends the 11 bytes of a masked "Hello", and an index.
private func read(from start: Int, _ body: (inout MutableSpan<UInt8>, inout Int) -> Void) {
    var stream: [UInt8] = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
    var bytes = stream.mutableSpan
    var index = start
    body(&bytes, &index)
}

/// An optimized build says it too.
private func expectMessage(in output: [UInt8]) {
    #expect(String(decoding: output, as: UTF8.self).contains("index outside of 0...bytes.count"))
}
