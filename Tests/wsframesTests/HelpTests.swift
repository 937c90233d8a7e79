import Foundation
import Testing

@testable import wsframes

/// Help, the version, and shell completions.
@Suite struct HelpTests {
    private static let judging = [
        "--sender client|server|auto", "--deflate", "--no-deflate", "--max-frame N", "--max-message N",
        "--websocket-port N", "--input auto|raw|hex|pcap", "--all", "--join", "--strict", "--color auto|always|never",
        "--help",
        "--conversation N", "--host NAME", "--port N", "--path PATH", "--from TIME", "--to TIME", "--contains TEXT",
        "--only violations|notices|clean", "--scope all|shown", "--redact",
    ]

    private static let options = [
        "validate": judging + ["--format text|jsonl|html|junit|github", "--brief", "--full"],
        "inspect": judging + ["--format text|jsonl|html", "--messages", "--full", "--extract FOLDER"],
        "probe": [
            "--listen HOST:PORT", "--only NAME", "--list", "--header LINE", "--subprotocol NAME", "--timeout SECONDS",
            "--jobs N", "--max-message N", "--harsh", "--insecure", "--evidence FOLDER", "--cases FOLDER",
            "--format text|jsonl|html|junit", "--color auto|always|never", "--help",
        ],
        "relay": [
            "--listen HOST:PORT", "--write FILE", "--once", "--insecure", "--max-frame N", "--max-message N",
            "--strict",
            "--format text|jsonl", "--color auto|always|never", "--help",
        ],
        "explain": ["--list", "--names", "--color auto|always|never", "--help"],
        "rules": ["--format text|jsonl|markdown|docc", "--names", "--color auto|always|never", "--help"],
        "schema": ["--format json|docc", "--help"],
        "completions": ["--help"],
        "manual": ["--help"],
    ]

    private func output(_ arguments: String...) throws -> String {
        let outcome = try Command.run(arguments)
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        #expect(outcome.stdout.hasSuffix("\n"))
        return outcome.stdout
    }

    @Test func theOverviewListsEveryCommand() throws {
        let text = try output("--help")
        for command in Self.options.keys {
            #expect(text.lines.contains { $0.hasPrefix("  \(command) ") }, "\(command)")
        }
        #expect(try output("-h") == text)
        #expect(try output("help") == text)
    }

    @Test(arguments: options.keys.sorted()) func aCommandsHelpListsItsOptions(_ command: String) throws {
        let text = try output(command, "--help")
        #expect(text.hasPrefix("wsframes \(command): "))
        #expect(text.contains("usage: wsframes \(command) [OPTION…]"))
        for option in Self.options[command] ?? [] {
            let line = text.lines.first { $0.hasPrefix("  \(option) ") || $0 == "  \(option)" }
            #expect(line != nil, "\(option)")
        }
        #expect(try output(command, "-h") == text)
        // `--help` wins over everything else, and nothing is read.
        #expect(try output(command, "missing-file", "--help") == text)
    }

    @Test func noLineOfHelpIsTooWide() throws {
        for arguments in [["--help"]] + Self.options.keys.sorted().map({ [$0, "--help"] }) {
            for line in try Command.run(arguments).lines {
                #expect(line.count <= 100 && !line.hasSuffix(" "), "\(arguments): \(line)")
            }
        }
    }

    @Test(arguments: [40, 60, 80, 100]) func helpIsSetForTheWidthThereIs(_ width: Int) {
        for command in CommandTable.commands {
            let text = Help.text(of: command, width: width)
            let words = text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
            for option in command.options {
                #expect(text.lines.contains { $0.hasPrefix("  \(option.usage)") }, "\(command.name) \(option.usage)")
                #expect(words.contains(option.help), "\(command.name) \(option.usage)")
            }
            // Usage lines and columns are not wrapped.
            let prose = text.lines.filter { !$0.hasPrefix("  -") && !$0.contains("  ") && !$0.hasPrefix("usage") }
            for line in prose { #expect(line.count <= max(width, 60), "\(command.name): \(line)") }
        }
        #expect(Help.overview(width: width).lines.allSatisfy { $0.count <= max(width, 60) || $0.hasPrefix("usage") })
    }

    @Test func theHelpOfValidateListsTheStatuses() throws {
        #expect(try output("validate", "--help").contains("Exit status: 0 "))
    }

    @Test func theHelpOfValidateMentionsCaptures() throws {
        let text = try output("validate", "--help")
        for word in ["pcap or pcapng", "tshark", "both directions"] { #expect(text.contains(word), "\(word)") }
    }

    @Test func theVersionIsOneLine() throws {
        let text = try output("--version")
        #expect(text.lines.count == 1)
        #expect(text.wholeMatch(of: /wsframes [0-9]+\.[0-9]+\.[0-9]+\n/) != nil, "\(text)")
    }

    // MARK: - Completions

    @Test(arguments: ["bash", "zsh", "fish"]) func completionsKnowEveryOption(_ shell: String) throws {
        let script = try output("completions", shell)
        for (command, options) in Self.options {
            #expect(script.contains(command))
            for option in options {
                let name = String(option.prefix { $0 != " " })
                let written = shell == "fish" ? "-l " + name.dropFirst(2) : name
                #expect(script.contains(written), "\(command) \(option)")
            }
        }
        #expect(script.contains("client server auto"))
        // Arguments: names that the program knows, or files.
        #expect(script.contains("wsframes explain --names"))
        #expect(script.contains("bash zsh fish"))
        let files = ["bash": "compgen -f", "zsh": "_files", "fish": "-r -F"]
        #expect(script.contains(try #require(files[shell])))
    }

    private static func path(of shell: String) -> String? {
        ["/bin/", "/usr/bin/", "/usr/local/bin/", "/opt/homebrew/bin/"].map { $0 + shell }
            .first(where: FileManager.default.isExecutableFile)
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func theShellCanReadItsScript(_ shell: String) throws {
        guard let program = Self.path(of: shell) else { return }
        let folder = try TemporaryFolder()
        try folder.write("script", text: try output("completions", shell))
        let outcome = try Command.run(URL(fileURLWithPath: program), ["-n", "script"], in: folder)
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
    }

    /// What bash completes after some words, according to bash.
    @Test(
        arguments: [
            (["wsframes", "v"], ["validate"]),
            (
                ["wsframes", ""],
                [
                    "validate", "inspect", "probe", "relay", "explain", "rules", "schema", "completions", "manual",
                    "--help", "--version",
                ]
            ),
            (["wsframes", "validate", "--max"], ["--max-frame", "--max-message"]),
            (["wsframes", "validate", "--sender", ""], ["client", "server", "auto"]),
            (["wsframes", "completions", "f"], ["fish"]),
            (["wsframes", "explain", "reserved"], ["reserved-bits", "reserved-opcode"]),
            (["wsframes", "explain", "http-"], ["http-response", "http-request"]),
            (["wsframes", "explain", "no-"], ["no-websocket", "no-close", "no-close-notify"]),
            (["wsframes", "inspect", "--format", ""], ["text", "jsonl", "html"]),
            (["wsframes", "validate", "du"], ["dump.bin"]),
        ] as [([String], [String])])
    func bashOffersWhatFits(_ words: [String], _ offers: [String]) throws {
        guard let bash = Self.path(of: "bash") else { return }
        let folder = try TemporaryFolder()
        try folder.write("dump.bin", [])
        try folder.write("script", text: try output("completions", "bash"))
        let program = try #require(Executable.url)
        let question = """
            wsframes() { "\(program.path)" "$@"; }
            source ./script; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _wsframes
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let outcome = try Command.run(URL(fileURLWithPath: bash), ["-c", question, "bash"] + words, in: folder)
        #expect(outcome.lines == offers)
    }
}
