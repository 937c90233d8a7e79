import Foundation

/// A call of one of the package's programs, as a page shows it.
struct CommandUse {
    /// `wsframes` or `wsframes-bench`.
    let program: String
    let arguments: [String]
    /// The place where it is shown.
    let place: String
    /// Whether it is alone on its line, so that the text below is its output.
    var isWhole = true
    /// Whether it is a command to type, rather than part of a sentence.
    var isShownAlone = true

    /// The calls in one command line; `swift run`, pipes and comments are skipped.
    static func all(in command: String, at place: String) -> [CommandUse] {
        let stages = (command.components(separatedBy: " #").first ?? "").components(separatedBy: "|")
        return stages.compactMap { stage in
            let words = stage.split(separator: " ").map(String.init)
            guard let start = words.firstIndex(where: { ["wsframes", "wsframes-bench"].contains($0) }),
                start == 0 || words.starts(with: ["swift", "run"])
            else { return nil }
            return CommandUse(
                program: words[start], arguments: Array(words[(start + 1)...]), place: place,
                isWhole: stages.count == 1)
        }
    }

    /// The options, each with the word after it.
    var options: [(name: String, next: String?)] {
        arguments.indices.filter { arguments[$0].hasPrefix("--") }.map { index in
            (arguments[index], index + 1 < arguments.count ? arguments[index + 1] : nil)
        }
    }

    /// The arguments that print the help for this call.
    var help: [String] {
        let command = arguments.first.flatMap { $0.hasPrefix("-") || program != "wsframes" ? nil : $0 }
        return [command, "--help"].compactMap { $0 }
    }
}

extension CommandUse {
    /// The calls in a help text: lines that are indented, or begin with a shell prompt.
    static func all(inHelp text: String, of place: String) -> [CommandUse] {
        text.components(separatedBy: "\n").flatMap { line -> [CommandUse] in
            guard !line.hasPrefix("usage:"),
                let match = line.firstMatch(of: /^(?: {4,}|[A-Za-z ]+: +)(?:source <\()?(wsframes [^)]*)/)
            else {
                return []
            }
            return all(in: String(match.1), at: place)
        }
    }
}

extension Page {
    /// The calls in console blocks and in running text, each with the output below it; empty if the page shows no
    /// output.
    var commandUses: [(use: CommandUse, output: [String])] {
        var found: [(CommandUse, [String])] = []
        for block in codeBlocks where block.language == "console" {
            var output: [String] = []
            for (index, line) in block.lines.enumerated().reversed() {
                guard line.hasPrefix("$ ") else {
                    output.insert(line, at: 0)
                    continue
                }
                let uses = CommandUse.all(in: String(line.dropFirst(2)), at: "\(path):\(block.line + index)")
                found += uses.map { ($0, output) }
                output = []
            }
        }
        for span in codeSpans {
            found += CommandUse.all(in: span.text, at: "\(path):\(span.line)").map { use in
                var use = use
                use.isShownAlone = false
                return (use, [])
            }
        }
        return found
    }
}
