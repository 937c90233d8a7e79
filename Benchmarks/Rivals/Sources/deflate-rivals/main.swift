import CDeflateRivals
import Foundation
import RivalRandom

// Messages of one kind and size, compressed with zlib's level 6 as a server would send them: each contestant inflates
// all of them, and compresses all of them at its fastest level, on one thread and timed by that thread's clock. The
// median of seven rounds.

/// The processor's model name.
let processor: String = {
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
    let model = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
    return model?.trimmingCharacters(in: .whitespaces) ?? "a processor that does not say its name"
}()

let isQuick = CommandLine.arguments.contains("--quick")
/// `--only 'json, 300 B'`: the rows that begin like this.
let only = CommandLine.arguments.firstIndex(of: "--only").map { CommandLine.arguments[$0 + 1] } ?? ""
let contestants: [any Contestant.Type] =
    [Ours.self, ZLib.self, LibDeflate.self] + (rival_zlib_ng_is_there() ? [ZLibNG.self] : [])
let sizes = [100, 300, 1_000, 10_000, 100_000, 1_000_000]
let total = isQuick ? 100_000 : 8_000_000

@MainActor func median(_ rounds: Int, _ work: () -> Void) -> Double {
    let times = (0..<rounds).map { _ in
        let start = rival_deflate_nanoseconds()
        work()
        return Double(rival_deflate_nanoseconds() - start)
    }
    return times.sorted()[rounds / 2]
}

func digits(_ value: Double) -> String {
    let whole = value >= 100
    let scaled = Int((value * (whole ? 1 : 100)).rounded())
    return whole ? "\(scaled)" : "\(scaled / 100).\(scaled % 100 < 10 ? "0" : "")\(scaled % 100)"
}

struct Cell {
    var inflating = "", deflating = "", ratio = ""
    var nanoseconds = 0.0, compressed = 0
}

@MainActor func measure(_ kind: MessageText, _ size: Int, takesOver: Bool) -> [Cell] {
    var random = SplitMix64(seed: UInt64(size))
    let messages = (0..<max(total / size, 1)).map { _ in kind.make(size, &random) }
    let bytes = Double(messages.count * size)
    var output = [UInt8](repeating: 0, count: size * 2 + 1_024)
    let sender = ZLib(takesOver: takesOver, level: 6)
    let sent = messages.map { message in
        let count = sender.deflate(message, &output)
        return Array(output[..<count])
    }
    return contestants.map { type in
        guard !takesOver || type.canTakeOver else { return Cell() }
        let inputs = sent.map { $0 + type.ending }
        let rounds = isQuick ? 1 : 7
        let inflating = median(rounds) {
            let contestant = type.init(takesOver: takesOver)
            for (index, input) in inputs.enumerated() {
                let count = contestant.inflate(input, &output)
                precondition(count == size && output[count - 1] == messages[index][size - 1], "\(type.name) is wrong")
            }
        }
        var compressed = 0
        let deflating = median(rounds) {
            compressed = 0
            let contestant = type.init(takesOver: takesOver)
            for message in messages { compressed += contestant.deflate(message, &output) }
        }
        let each = Double(messages.count)
        return Cell(
            inflating: "\(digits(bytes / inflating)), \(digits(inflating / each))",
            deflating: "\(digits(bytes / deflating)), \(digits(deflating / each))",
            ratio: digits(bytes / Double(compressed)), nanoseconds: deflating, compressed: compressed)
    }
}

var measured: [(kind: MessageText, size: Int, takesOver: Bool, cells: [Cell])] = []
for kind in MessageText.allCases {
    for size in sizes {
        for takesOver in [false, true] where "\(kind.rawValue), \(size) B".hasPrefix(only) {
            measured.append((kind, size, takesOver, measure(kind, size, takesOver: takesOver)))
        }
    }
}

print(
    """
    # Compressed messages beside others

    Made by `Benchmarks/Rivals/run` on \(processor); not edited. Messages as zlib compresses them with level 6, about
    \(total / 1_000_000) MB of each kind and size; compressed with level 1 of the others. Each on one thread and by its
    own time, the median of several runs: gigabytes a second of the text, and nanoseconds a message. Every message was
    checked. libdeflate knows whole messages alone, and takes nothing over.

    """)
let head = contestants.map { $0.name }.joined(separator: " | ")
let line = contestants.map { _ in "---:" }.joined(separator: "|")
for (title, path) in [
    ("Inflating", \Cell.inflating), ("Compressing", \Cell.deflating), ("Ratio of compressing", \Cell.ratio),
] as [(String, KeyPath<Cell, String> & Sendable)] {
    print("## \(title)\n\n| message | taken over | \(head) |\n|---|---|\(line)|")
    for (kind, size, takesOver, cells) in measured {
        let figures = cells.map { $0[keyPath: path] }.joined(separator: " | ")
        print("| \(kind.rawValue), \(size) B | \(takesOver ? "yes" : "no") | \(figures) |")
    }
    print("")
}

let lost = measured.filter { row in
    row.cells[0].nanoseconds > row.cells[1].nanoseconds && row.cells[0].compressed > row.cells[1].compressed
}
print("Slower than zlib's level 1 and larger as well: \(lost.count) of \(measured.count).")
