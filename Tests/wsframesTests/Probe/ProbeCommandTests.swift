import FixtureCorpus
import Foundation
import ProbedPeers
import SeededRandom
import Testing
import WebSocketFrames

@testable import wsframes

/// `wsframes probe` over real sockets: whatever a server does wrong is found, and nothing else is reported.
///
/// No test depends on how long anything takes: a time-out only decides when something counts as silent that is silent for
/// ever.
@Suite struct ProbeCommandTests {
    private func probe(_ server: LoopbackServer, _ arguments: String...) async throws -> Command.Outcome {
        try await Command.waiting(["probe", server.url, "--cases", FixtureCorpus.folder] + arguments, with: server)
    }

    @Test func aStrictServerIsStrict() async throws {
        let server = try LoopbackServer(.none)
        for _ in 0..<Sample.rounds(3, debug: 1) {
            let outcome = try await probe(
                server, "--timeout", "60", "--only", "5.5.1", "--only", "5.1", "--only", "probe/pings", "--only",
                "probe/handshake")
            #expect(outcome.status == 0, "\(outcome.stdout)")
            #expect(outcome.errors == "")
            #expect(outcome.lines.last?.hasPrefix("\(server.url): strict in ") == true)
            #expect(!outcome.stdout.contains("late"))
        }
    }

    /// One server for each kind of result, with a case that shows it, and one that does not.
    @Test(arguments: [
        (MemoryServer.Fault.ignores(.reservedOpcode), "lax: reserved-opcode", "reject.reserved-opcode."),
        (.otherCode(.nonMinimalLength), "other code: non-minimal-length", "reject.non-minimal-length.16-bit-1"),
        (.cutsOff(.fragmentedControl), "cut off: fragmented-control", "reject.fragmented-control."),
        (.refusesEmptyFrames, "refuses: fragments", "probe/fragments"),
        (.hangs(.invalidCloseCode), "hangs: invalid-close-code", "reject.invalid-close-code.1006-from-client"),
        (.upgradesAnything, "lax: handshake", "probe/handshake/"),
        (.keepsTCP, "hangs: closing", "probe/closing/echoes-1000"),
    ]) func aFaultIsFound(_ fault: MemoryServer.Fault, _ title: String, _ only: String) async throws {
        let server = try LoopbackServer(fault)
        let outcome = try await probe(server, "--timeout", "2", "--only", only, "--only", "probe/pings/125-bytes")
        #expect(outcome.status == 1)
        let kinds = ["dies: ", "hangs: ", "lax: ", "refuses: ", "other code: ", "cut off: "]
        let titles = outcome.lines.filter { line in kinds.contains { line.hasPrefix($0) } }
        #expect(titles.count == 1 && titles.first?.hasPrefix(title) == true, "\(outcome.stdout)")
        #expect(outcome.stdout.contains("  again   wsframes probe \(server.url) --cases "))
    }

    @Test func aServerThatDiesIsFound() async throws {
        let server = try LoopbackServer(.dies(.reservedOpcode))
        let name = "rfc6455-5.2-base-framing/reject.reserved-opcode.0x3"
        let outcome = try await probe(
            server, "--timeout", "2", "--jobs", "1", "--only", name, "--only", "probe/pings/empty")
        #expect(outcome.status == 1)
        #expect(!outcome.stdout.contains("strict in"), "\(outcome.stdout)")
    }

    // MARK: - What cannot be probed

    @Test func aPortThatNobodyListensAt() async throws {
        // A port that was free a moment ago, and that the system will not reuse so soon.
        let endpoints = try SocketEndpoint.resolve("127.0.0.1", port: 0, forListening: true)
        let port = try #require(try Socket.listening(at: endpoints, named: "the test").port)
        let outcome = try await Command.waiting(["probe", "ws://127.0.0.1:\(port)/", "--cases", FixtureCorpus.folder])
        #expect(outcome.status == 3 && outcome.stdout == "")
        #expect(outcome.errorLines.count == 1 && outcome.errors.contains("127.0.0.1:\(port): "), "\(outcome.errors)")
    }

    @Test(arguments: [
        (["probe"], "needs one URL"), (["probe", "http://x/"], "is not an address"),
        (["probe", "ws://:80/"], "is not an address"),
        (["probe", "ws://h:99999/"], "is not an address"), (["probe", "ws://a:b@h/"], "is not an address"),
        (["probe", "ws://h/", "ws://i/"], "needs one URL"), (["probe", "--listen", "127.0.0.1"], "is not an address"),
        (["probe", "--listen", ":0", "ws://h/"], "takes no URL"),
        (["probe", "ws://h/", "--jobs", "x"], "takes a number"),
        (["probe", "ws://h/", "--header", "x"], "is not a header field"),
        (["probe", "ws://h/", "--only", "no-such-case", "--cases", FixtureCorpus.folder], "no case has such a name"),
    ]) func wrongUsage(_ arguments: [String], _ words: String) async throws {
        let outcome = try await Command.waiting(arguments)
        #expect(outcome.status == 2)
        #expect(outcome.errorLines.count == 1 && outcome.errors.contains(words), "\(outcome.errors)")
        #expect(outcome.stdout == "")
    }

    @Test func aCorpusThatIsNotThere() async throws {
        let outcome = try await Command.waiting(["probe", "ws://127.0.0.1:1/", "--cases", "/no/such/folder"])
        #expect(outcome.status == 3 && outcome.errorLines.count == 1, "\(outcome.errors)")
    }

    @Test func plainHTTPIsNoTLS() async throws {
        let server = try LoopbackServer(.none)
        let outcome = try await Command.waiting(
            [
                "probe", "wss" + server.url.dropFirst(2), "--cases", FixtureCorpus.folder, "--timeout", "1",
            ], with: server)
        // Without libssl on the machine, the error says so.
        #expect(outcome.status == 3 && outcome.errors.contains("TLS"), "\(outcome.errors)")
        #expect(outcome.errorLines.count == 1)
    }

    // MARK: - Servers that misbehave

    @Test func whatIsNoWebSocketIsOneResult() async throws {
        for (fault, words) in [
            (MemoryServer.Fault.redirects, "302"), (.speaksAnother, "not HTTP"), (.endlessHead, "64 KiB"),
        ] {
            let outcome = try await probe(try LoopbackServer(fault), "--timeout", "5")
            #expect(outcome.status == 1 && outcome.stdout.contains(words), "\(outcome.stdout)")
            #expect(outcome.stdout.contains("1 of 1 case"))
        }
    }

    @Test func aServerThatSaysNothing() async throws {
        let outcome = try await probe(try LoopbackServer(.none, .silent), "--timeout", "1")
        #expect(outcome.status == 1 && outcome.stdout.contains("does not answer the handshake"), "\(outcome.stdout)")
    }

    @Test func aFloodIsBounded() async throws {
        let outcome = try await probe(
            try LoopbackServer(.none, .floods), "--timeout", "60", "--only", "probe/pings/empty")
        #expect(outcome.status == 1 && outcome.stdout.contains("more than 4 MiB"), "\(outcome.stdout)\(outcome.errors)")
    }

    // MARK: - Output

    @Test func theEvidenceIsWhatValidateJudges() async throws {
        let folder = try TemporaryFolder()
        let server = try LoopbackServer(.ignores(.reservedOpcode))
        let name = "rfc6455-5.2-base-framing/reject.reserved-opcode.0x3"
        let evidence = folder.path + "/found/here"
        let outcome = try await probe(server, "--timeout", "2", "--only", name, "--evidence", evidence)
        #expect(outcome.status == 1)
        let files = try FileManager.default.contentsOfDirectory(atPath: evidence).sorted()
        let stem = name.split(separator: "/").joined(separator: ".")
        #expect(files == ["\(stem).received.hex", "\(stem).sent.hex"])
        let judged = try Command.run(["validate", "--format", "jsonl", evidence])
        let rows = try judged.rows().filter { $0["type"] == "violation" }
        #expect(rows.count == 1 && rows.first?["rule"] == "reserved-opcode", "\(judged.stdout)")
    }

    @Test func programsGetWhatPeopleGet() async throws {
        let server = try LoopbackServer(.ignores(.reservedOpcode))
        let only = ["--timeout", "2", "--only", "reject.reserved-opcode.0x3", "--only", "probe/pings/empty"]
        func output(_ format: String) async throws -> Command.Outcome {
            let outcome = try await Command.waiting(
                ["probe", server.url, "--cases", FixtureCorpus.folder, "--format", format] + only, with: server)
            #expect(outcome.status == 1)
            return outcome
        }
        let rows = try await output("jsonl").rows()
        #expect(rows.first?["result"] == "lax" && rows.first?["rule"] == "reserved-opcode")
        #expect(rows.first?["section"] == "RFC 6455 §5.2" && rows.first?["sent"]?.hasPrefix("83") == true)
        #expect(rows.last?["type"] == "probe-summary" && rows.last?.number("strict") == 1)
        for format in ["junit", "html"] {
            let text = try await output(format).stdout
            #expect(text.contains("reserved-opcode") && text.contains("accepts it"), "\(format)")
        }
    }
}
