import Testing
import WebSocketDiagnosis
import WebSocketFrames

/// A server that sends the client's own bytes back: both directions are compared.
@Suite struct EchoTests {
    private let frame = MadeFrame.bytes(0x81, Array("hello".utf8), key: [0x2D, 0x7B, 0x19, 0x23])

    private func diagnosis(server: [UInt8], client: [UInt8]?) throws -> Diagnosis? {
        var evidence = try #require(Evidence(stream: server, validator: FrameValidator(sender: .server)))
        evidence.peer = client.map { StreamBytes(bytes: $0, reachesEnd: true) }
        return Diagnosis.of(evidence)
    }

    @Test func theClientsOwnFrame() throws {
        let before = MadeFrame.bytes(0x89, [1, 2], key: [9, 8, 7, 6])
        let found = try #require(
            try diagnosis(server: MadeFrame.bytes(0x81, [0x41]) + frame, client: before + frame))
        #expect(found.name == "client-frame-echoed")
        #expect(found.certainty == .certain)
        #expect(found.suspect == .server)
        #expect(found.message.contains("offset 8 of its own stream"), "\(found.message)")
    }

    /// No echo is claimed if the client sent something else, or if it is unknown what it sent.
    @Test func anotherFrame() throws {
        let other = MadeFrame.bytes(0x81, Array("hello".utf8), key: [0x2D, 0x7B, 0x19, 0x24])
        for client in [other, [], nil] {
            let found = try diagnosis(server: MadeFrame.bytes(0x81, [0x41]) + frame, client: client)
            #expect(found?.name != "client-frame-echoed")
        }
    }
}
