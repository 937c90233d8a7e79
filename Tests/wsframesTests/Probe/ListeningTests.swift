import FixtureCorpus
import Foundation
import Testing
import WebSocketFrames

@testable import wsframes

/// `wsframes probe --listen`: each client that connects is given a case.
@Suite struct ListeningTests {
    /// Runs the command with a client that connects until nobody listens any more.
    private func probe(_ client: TestClient, _ arguments: String...) async throws -> Command.Outcome {
        let endpoints = try SocketEndpoint.resolve("127.0.0.1", port: 0, forListening: true)
        let port = try #require(try Socket.listening(at: endpoints, named: "the test").port)
        let isStopped = StopFlag()
        Thread.detachNewThread { client.run(port: port, until: isStopped) }
        defer { isStopped.set() }
        return try await Command.waiting(
            ["probe", "--listen", "127.0.0.1:\(port)", "--cases", FixtureCorpus.folder] + arguments)
    }

    @Test func aStrictClientIsStrict() async throws {
        let outcome = try await probe(
            TestClient(), "--timeout", "30", "--only", "5.5.1", "--only", "5.2", "--only", "probe/clients")
        #expect(outcome.status == 0, "\(outcome.stdout)")
        #expect(outcome.errorLines.count == 1 && outcome.errors.contains("listening at 127.0.0.1:"))
        #expect(outcome.lines.last?.contains(": strict in ") == true, "\(outcome.stdout)")
    }

    @Test func aClientThatAnswersNoPing() async throws {
        let outcome = try await probe(TestClient(answersPings: false), "--timeout", "1", "--only", "probe/clients/ping")
        #expect(outcome.status == 1 && outcome.stdout.contains("hangs: clients"), "\(outcome.stdout)")
    }

    @Test func aClientWithoutAKeyIsFoundOut() async throws {
        let outcome = try await probe(TestClient(sendsKey: false), "--timeout", "1", "--only", "probe/clients/ping")
        #expect(outcome.status == 1 && outcome.stdout.contains("Sec-WebSocket-Key"), "\(outcome.stdout)")
    }
}

/// A client that connects repeatedly, built from the library's own parts.
struct TestClient {
    var answersPings = true
    var sendsKey = true

    func run(port: UInt16, until isStopped: StopFlag) {
        guard let endpoint = try? SocketEndpoint.resolve("127.0.0.1", port: port).first else { return }
        while !isStopped.isSet {
            guard let socket = try? Socket.connecting(to: endpoint) else { return }
            talk(socket, isStopped)
            Socket.pause(seconds: 0.005)
        }
    }

    private func talk(_ socket: Socket, _ isStopped: StopFlag) {
        let handshake = ClientHandshake()
        var head = "GET / HTTP/1.1\r\nHost: localhost\r\n"
        for field in handshake.fields.fields where sendsKey || field.name != "Sec-WebSocket-Key" {
            head += "\(field.name): \(field.value)\r\n"
        }
        var unsent = Array((head + "\r\n").utf8)[...]
        var response: [UInt8]? = []
        var connection = MessageConnection(role: .client, limits: Limits(message: 1 << 24))
        var hasEnded = false
        while !isStopped.isSet {
            let ready = Socket.wait(for: [(socket, !unsent.isEmpty)], seconds: 0.1)[0]
            if ready.canWrite {
                if socket.finishConnecting() != nil { return }
                while !unsent.isEmpty, let count = socket.send(unsent), count > 0 { unsent = unsent.dropFirst(count) }
            }
            // After its own Close the client ends the connection; after the server's, the server does so first.
            if hasEnded, unsent.isEmpty { return }
            guard ready.canRead else { continue }
            guard case .bytes(var bytes) = socket.receive() else { return }
            if let head = response {
                let all = head + bytes
                guard let end = all.indices.first(where: { $0 >= 3 && Array(all[($0 - 3)...$0]) == [13, 10, 13, 10] })
                else {
                    response = all
                    continue
                }
                bytes = Array(all[(end + 1)...])
                response = nil
            }
            var replies: [UInt8] = []
            var span = bytes.mutableSpan
            var index = 0
            while let event = connection.next(in: &span, from: &index, replies: &replies) {
                switch event {
                case .ping: if !answersPings { replies = [] }
                case .violation, .corrupt: hasEnded = true
                default: break
                }
            }
            unsent += replies
        }
    }
}
