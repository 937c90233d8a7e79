import FixtureCorpus
import Foundation
import ProbedPeers
import Testing
import WebSocketFrames

@testable import wsframes

/// `wsframes probe --through`: the command is both endpoints, with a proxy of the test between them.
///
/// A time-out only decides when something counts as silent that is silent for ever.
@Suite struct ThroughTests {
    private func probe(_ proxy: LoopbackProxy, _ arguments: String...) async throws -> Command.Outcome {
        try await Command.waiting(proxy.arguments + ["--cases", FixtureCorpus.folder] + arguments, with: proxy)
    }

    @Test func aTransparentProxyIsClean() async throws {
        let outcome = try await probe(
            LoopbackProxy(.transparent), "--timeout", "60", "--only", "5.5.1", "--only", "5.4", "--only", "probe/")
        #expect(outcome.status == 0, "\(outcome.stdout)")
        #expect(outcome.errorLines.count == 1 && outcome.errors.contains("must pass on to it"))
        #expect(outcome.lines.last?.contains("changes nothing in ") == true, "\(outcome.stdout)")
        #expect(!outcome.stdout.contains("late") && !outcome.stdout.contains("differs"))
    }

    @Test(arguments: [
        (MemoryProxy.Manner.dropsMessages, "alters: message-dropped", "probe/sizes/binary-125"),
        (.doublesMessages, "alters: message-added", "probe/sizes/binary-125"),
        (.splitsMessages, "alters: message-split", "rfc6455-5.6-data-frames/accept.text-ascii"),
        // Already the ping after the first handshake is wrong.
        (.masksWrongly, "alters: ping-changed", "probe/sizes/binary-65536"),
        (.mergesMessages, "alters: messages-merged", "probe/fragments/two-messages-in-one-segment"),
        (.fragments, "differs: frames-differ", "probe/sizes/binary-65535"),
        (.answersPings, "differs: pings-answered", "probe/pings/ten-in-a-row"),
        (.dropsPings, "alters: ping-dropped", "probe/pings/empty"),
        (.changesCloseCodes, "alters: close-changed", "probe/closing/echoes-1000"),
        (.cuts, "alters: connection-cut", "probe/sizes/binary-1"),
        (.keepsEnds, "alters: end-kept", "probe/ends/client-resets"),
        (.delays, "differs: delayed", "probe/sizes/binary-1"),
        (.repairsMasks, "lax: unmasked-client-frame", "reject.unmasked-client-frame.text"),
    ]) func whatAProxyDoesIsFound(_ manner: MemoryProxy.Manner, _ title: String, _ only: String) async throws {
        let outcome = try await probe(LoopbackProxy(manner), "--timeout", "5", "--only", only)
        #expect(outcome.status == (title.hasPrefix("differs") ? 0 : 1), "\(outcome.stdout)")
        let kinds = ["dies: ", "hangs: ", "alters: ", "lax: ", "refuses: ", "other code: ", "cut off: ", "differs: "]
        let titles = outcome.lines.filter { line in kinds.contains { line.hasPrefix($0) } }
        #expect(titles.count == 1 && titles.first?.hasPrefix(title) == true, "\(outcome.stdout)")
        #expect(outcome.stdout.contains("  again   wsframes probe --through ws://127.0.0.1:"))
    }

    @Test func theEvidenceIsWhatValidateJudges() async throws {
        let folder = try TemporaryFolder()
        let only = "rfc6455-5.1-masking/reject.unmasked-client-frame.text"
        let outcome = try await probe(
            LoopbackProxy(.repairsMasks), "--timeout", "5", "--only", only, "--evidence", folder.path, "--format",
            "jsonl")
        #expect(outcome.status == 1)
        let row = try #require(try outcome.rows().first)
        #expect(row["result"] == "lax" && row["sender"] == "client" && row["sent"] != row["received"])
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        let stem = only.split(separator: "/").joined(separator: ".")
        #expect(
            files == ["client.received", "client.sent", "server.received", "server.sent"].map { "\(stem).\($0).hex" })
        func status(_ name: String) throws -> Int32 {
            try Command.run(["validate", folder.path + "/\(stem).client.\(name).hex"]).status
        }
        #expect(try status("sent") == 1 && status("received") == 0)
    }

    @Test func everyFormatSaysIt() async throws {
        let proxy = try LoopbackProxy(.answersPings)
        for format in ["text", "jsonl", "junit", "html"] {
            let outcome = try await probe(proxy, "--timeout", "5", "--only", "probe/pings/empty", "--format", format)
            #expect(outcome.status == 0, "\(outcome.stdout)")
            #expect(format == "junit" || outcome.stdout.contains("pings-answered"), "\(format): \(outcome.stdout)")
        }
    }

    @Test func aProxyThatLeadsElsewhere() async throws {
        let server = try LoopbackServer(.none)
        let outcome = try await Command.waiting(
            [
                "probe", "--through", server.url, "--listen", "127.0.0.1:0", "--cases", FixtureCorpus.folder,
                "--timeout",
                "1",
            ], with: server)
        #expect(outcome.status == 1 && outcome.stdout.contains("no request came out of the proxy"), "\(outcome.stdout)")
        #expect(outcome.stdout.contains("1 of 1 case"))
    }

    @Test(arguments: [
        ["probe", "--through", "ws://h/"], ["probe", "--through", "ws://h/", "--listen", ":1", "ws://h/"],
        ["probe", "--through", "h", "--listen", ":1"],
    ]) func wrongUsage(_ arguments: [String]) async throws {
        let outcome = try await Command.waiting(arguments)
        #expect(outcome.status == 2 && outcome.errorLines.count == 1, "\(outcome.errors)")
    }
}
