import Foundation
import ProbedPeers
import Testing
import WebSocketFrames

@testable import wsframes

/// `wsframes relay`: every byte is passed on unchanged, and is judged.
@Suite struct RelayTests {
    private let folder: TemporaryFolder
    private let server: LoopbackServer
    private let port: UInt16

    init() throws {
        folder = try TemporaryFolder()
        server = try LoopbackServer(.none)
        let endpoints = try SocketEndpoint.resolve("127.0.0.1", port: 0, forListening: true)
        port = try #require(try Socket.listening(at: endpoints, named: "the test").port)
    }

    /// Runs the command while a client sends `bytes` through it.
    ///
    /// - Returns: the outcome of the command, and what the client received.
    private func relay(_ bytes: [UInt8], _ arguments: String...) async throws -> (
        outcome: Command.Outcome, answer: [UInt8]
    ) {
        let client = RawClient(port: port, bytes: bytes)
        Thread.detachNewThread { client.run() }
        let outcome = try await Command.waiting(
            ["relay", "--once", "--listen", "127.0.0.1:\(port)", server.url] + arguments)
        return (outcome, client.answer)
    }

    private static let request = Array((Bytes.request + "\r\n").utf8)

    @Test func aLegalConversationPasses() async throws {
        let (outcome, answer) = try await relay(
            Self.request + Bytes.clientHello + Bytes.binary(20_000, masked: true) + Bytes.close(1000, masked: true))
        #expect(outcome.status == 0, "\(outcome.stdout)\(outcome.errors)")
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.stdout.contains("“Hello”") && outcome.stdout.contains("20000 masked"), "\(outcome.stdout)")
        // What the server in memory answers to the same bytes, without a relay.
        var direct = MemoryServer(.none)
        let expected = direct.receive(
            Self.request + Bytes.clientHello + Bytes.binary(20_000, masked: true) + Bytes.close(1000, masked: true))
        #expect(answer == expected)
    }

    @Test func aViolationPassesAndIsReported() async throws {
        let bytes = Self.request + Bytes.clientHello + Bytes.text("bare", masked: false)
        let file = folder.path + "/relayed.pcapng"
        let (outcome, answer) = try await relay(bytes, "--format", "jsonl", "--write", file)
        #expect(outcome.status == 1, "\(outcome.stdout)")
        var direct = MemoryServer(.none)
        let expected = direct.receive(bytes)
        #expect(answer == expected)
        let found = try outcome.rows().violations
        #expect(found.count == 1 && found.first?["rule"] == "unmasked-client-frame")
        // The capture that was written gives the same verdict.
        let judged = try Command.run(["validate", "--format", "jsonl", file])
        #expect(judged.status == 1)
        #expect(try judged.rows().violations.map { $0.number("offset") } == found.map { $0.number("offset") })
        #expect(
            try judged.rows().streams.map { $0.number("bytes") } == outcome.rows().streams.map { $0.number("bytes") })
    }

    @Test func whatIsNoWebSocketPassesToo() async throws {
        let (outcome, answer) = try await relay(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
        #expect(outcome.status == 4 || outcome.status == 0, "\(outcome.stdout)")
        #expect(String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 400 "))
    }

    @Test func aServerThatIsNotThere() async throws {
        let outcome = try await Command.waiting(["relay", "--listen", "127.0.0.1:0", "ws://127.0.0.1:\(port)/"])
        #expect(outcome.status == 3 && outcome.errorLines.count == 1, "\(outcome.errors)")
    }

    @Test(arguments: [
        ["relay"], ["relay", "ws://x/"], ["relay", "--listen", ":1"], ["relay", "--listen", "x", "ws://x/"],
    ])
    func wrongUsage(_ arguments: [String]) throws {
        let outcome = try Command.run(arguments)
        #expect(outcome.status == 2 && outcome.errorLines.count == 1, "\(outcome.errors)")
    }

    /// The checksum and the fields of a packet, checked by hand (RFC 791, RFC 9293).
    @Test func aPacketIsOne() {
        var packets = RelayedPackets(
            client: NetworkAddress(bytes: [192, 0, 2, 1], port: 4660),
            server: NetworkAddress(bytes: [192, 0, 2, 2], port: 80))
        let block = packets.data([0xAA], fromClient: true, at: 0x1_0000_0002)
        #expect(block.count % 4 == 0 && Array(block[0..<4]) == [6, 0, 0, 0] && block[4] == UInt8(block.count))
        #expect(Array(block[12..<20]) == [1, 0, 0, 0, 2, 0, 0, 0], "time, high half first")
        let packet = Array(block[28..<69])
        #expect(Array(packet[0..<4]) == [0x45, 0, 0, 41])
        #expect(Array(packet[12..<20]) == [192, 0, 2, 1, 192, 0, 2, 2])
        #expect(Array(packet[20..<24]) == [0x12, 0x34, 0, 80] && packet[33] == 0x10 && packet[40] == 0xAA)
        var sum = stride(from: 0, to: 20, by: 2).reduce(0) { $0 + Int(packet[$1]) << 8 + Int(packet[$1 + 1]) }
        sum = sum & 0xFFFF + sum >> 16
        #expect(sum == 0xFFFF)
        let next = packets.data([0xBB], fromClient: true, at: 0)
        #expect(Array(next[52..<56]) == [0, 0, 0, 2], "the sequence number after one byte")
    }
}

/// Connects until somebody listens, sends its bytes, and reads until the end.
final class RawClient: @unchecked Sendable {
    private let port: UInt16
    private let bytes: [UInt8]
    private let ended = DispatchSemaphore(value: 0)
    private var received: [UInt8] = []

    init(port: UInt16, bytes: [UInt8]) {
        self.port = port
        self.bytes = bytes
    }

    /// Everything received, once the connection has ended.
    var answer: [UInt8] {
        ended.wait()
        return received
    }

    func run() {
        defer { ended.signal() }
        for _ in 0..<6_000 {
            guard let endpoint = try? SocketEndpoint.resolve("127.0.0.1", port: port).first,
                let socket = try? Socket.connecting(to: endpoint)
            else { return }
            let ready = Socket.wait(for: [(socket, true)], seconds: 10)[0]
            if ready.canWrite, socket.finishConnecting() == nil { return talk(socket) }
            Socket.pause(seconds: 0.02)
        }
    }

    private func talk(_ socket: Socket) {
        var unsent = bytes[...]
        while true {
            let ready = Socket.wait(for: [(socket, !unsent.isEmpty)], seconds: 1)[0]
            if ready.canWrite, !unsent.isEmpty {
                guard let count = socket.send(unsent) else { return }
                unsent = unsent.dropFirst(count)
            }
            guard ready.canRead else { continue }
            switch socket.receive() {
            case .bytes(let bytes): received += bytes
            case .end, .reset: return
            case .nothing: break
            }
        }
    }
}
