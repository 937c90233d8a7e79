import Foundation
import Testing

/// Runs the commands in the README, the articles and the help texts, with files of the corpus under the names that the
/// examples use.
@Suite struct ExampleRunTests {
    /// These need a peer, or half an hour. The examples are still checked for their options, and the commands have tests of
    /// their own.
    private static let others = ["probe", "relay"]

    /// The files that the names in the examples stand for.
    private static let files = [
        "capture.pcap": "Fixtures/captures/violations/reserved-bits.http-500.pcap",
        "capture.pcapng": "Fixtures/captures/tls/websockets--websockets.secrets-inside.pcapng",
        "keys.log": "Fixtures/captures/tls/chromium--nginx.13.keys",
        "captures": "Fixtures/captures/endings",
        "client.bin": "Fixtures/rfc6455-5.3-masking-key/accept.zero-key.hex",
        "server.hex": "Fixtures/rfc7692-7.2.3-examples",
        "Fixtures": "Fixtures",
    ]

    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for (name, path) in Self.files {
            try FileManager.default.createSymbolicLink(
                at: folder.url.appendingPathComponent(name), withDestinationURL: Page.root.appendingPathComponent(path))
        }
        return folder
    }

    private static func program() throws -> URL {
        try #require(BuiltProduct.url(of: "wsframes"), "wsframes was not found beside the tests")
    }

    /// The status is a verdict, and there is no complaint about the example's files.
    private func run(_ use: CommandUse) throws {
        // The redirection does not matter.
        let arguments = Array(use.arguments.prefix { $0 != ">" })
        let folder = try folder()
        let outcome = try Outcome.of(
            Self.program(), arguments, in: folder.url, input: folder.url.appendingPathComponent("capture.pcap"))
        #expect(
            [0, 1].contains(outcome.status), "\(use.place): \(arguments): \(outcome.status), \(outcome.errors)")
        for line in outcome.errors.components(separatedBy: "\n") where !line.isEmpty {
            let isTold = ["the filters match nothing", "written", "held no capture"].contains { line.contains($0) }
            #expect(isTold, "\(use.place): \(arguments): \(line)")
        }
    }

    @Test func everyExampleOfThePagesRuns() throws {
        var count = 0
        for (use, _) in try Page.all().flatMap(\.commandUses)
        where use.isShownAlone && use.program == "wsframes" && !Self.others.contains(use.arguments.first ?? "") {
            try run(use)
            count += 1
        }
        #expect(count > 20)
    }

    @Test func everyExampleOfTheHelpsRuns() throws {
        let overview = try Outcome.of(Self.program(), ["--help"]).output
        let commands = overview.components(separatedBy: "\n").compactMap { line in
            line.firstMatch(of: #/^  ([a-z]+)  /#).map { String($0.1) }
        }
        var uses = CommandUse.all(inHelp: overview, of: "the overview")
        for command in commands {
            uses += CommandUse.all(
                inHelp: try Outcome.of(Self.program(), ["help", command]).output, of: "the help of \(command)")
        }
        uses += CommandUse.all(inHelp: try examplesOfTheManual(), of: "the manual")
        for use in uses where !Self.others.contains(use.arguments.first ?? "") { try run(use) }
        #expect(commands.count > 8 && uses.count > 10)
    }

    /// The last section of the manual, indented like a help text.
    private func examplesOfTheManual() throws -> String {
        let lines = try Outcome.of(Self.program(), ["manual"]).output.replacing("\\-", with: "-").components(
            separatedBy: "\n")
        let start = try #require(lines.firstIndex(of: ".SH EXAMPLES"))
        return lines[start...].filter { $0.hasPrefix("wsframes ") }.map { "    " + $0 }.joined(separator: "\n")
    }
}
