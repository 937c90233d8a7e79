import BenchmarkWorkloads

/// The command given on the command line.
enum Command {
    case measure(MeasureOptions)
    case compare(old: String, new: String)
    case scale
    case list
    case help

    init(_ arguments: [String]) throws(UsageError) {
        var words = arguments[...]
        if words.contains("--help") || words.contains("-h") {
            self = .help
            return
        }
        switch words.first {
        case "compare":
            words.removeFirst()
            guard words.count == 2, let old = words.first, let new = words.last else {
                throw UsageError("compare takes two files: wsframes-bench compare OLD NEW")
            }
            self = .compare(old: old, new: new)
        case "scale":
            guard words.count == 1 else { throw UsageError("scale takes no argument") }
            self = .scale
        default:
            let options = try MeasureOptions(words)
            self = options.listsOnly ? .list : .measure(options)
        }
    }

    static let helpText = """
        Times the parser on made-up streams, beside what the machine can do at best with the same bytes.

          wsframes-bench [options] [WORKLOAD…]     all workloads unless some are named
          wsframes-bench compare OLD NEW           what moved between two files of --json, and whether it is noise
          wsframes-bench scale                     whether cost grows: with frames, sizes, connections, threads

          --json            one JSON object a line instead of the table
          --svg FILE        draw the whole-stream ratios into FILE as well
          --apis LIST      of validate,read,next,connection,c,write  (all)
          --chunks LIST     read sizes in bytes, 0 for the whole stream at once (0,65536,1460)
          --quick           a hundredth of each workload, three rounds: to see that it works, not how fast
          --list            name the workloads and what they are
          --help            this text

        WEBSOCKET_FRAMES_KERNELS=avx512, avx2, neon or none picks the kernels, if the processor has them.

        Exit status: 0, 1 when the parser gave a wrong answer, 2 wrong usage, 3 a file that cannot be used.

        """
}

/// What to measure, and how to report it.
struct MeasureOptions {
    private(set) var kinds: [WorkloadKind] = []
    private(set) var apis: [API] = []
    private(set) var chunks = [0, 65_536, 1_460]
    private(set) var printsJSON = false
    private(set) var svgPath: String?
    private(set) var effort = Effort.full
    fileprivate var listsOnly = false

    fileprivate init(_ words: ArraySlice<String>) throws(UsageError) {
        var words = words
        func value(of option: String) throws(UsageError) -> String {
            guard let value = words.popFirst() else { throw UsageError("\(option) needs a value") }
            return value
        }
        while let word = words.popFirst() {
            switch word {
            case "--json": printsJSON = true
            case "--list": listsOnly = true
            case "--quick": effort = .quick
            case "--svg": svgPath = try value(of: word)
            case "--apis": apis = try Self.apis(try value(of: word))
            case "--chunks": chunks = try Self.chunks(try value(of: word))
            case _ where word.hasPrefix("-"):
                throw UsageError("there is no option \(word): wsframes-bench --help lists them")
            default: kinds.append(try Self.kind(word))
            }
        }
        if kinds.isEmpty { kinds = WorkloadKind.allCases }
    }

    /// Returns the ways to feed a workload, in the order in which they are reported. Several read sizes are only used
    /// with `validate` and `read`, and for workloads that do not determine the contents of each read.
    func feedings(for kind: WorkloadKind) -> [Feeding] {
        let all = API.all(for: kind)
        return (apis.isEmpty ? all : all.filter(apis.contains)).flatMap { api in
            let isOneSize = kind.saysWhatReadsBring || !(api == .validate || api == .read)
            return (isOneSize ? [0] : chunks).map { Feeding(api: api, chunk: $0) }
        }
    }

    private static func kind(_ word: String) throws(UsageError) -> WorkloadKind {
        guard let kind = WorkloadKind(rawValue: word) else {
            let names = WorkloadKind.allCases.map(\.rawValue).joined(separator: " ")
            throw UsageError("there is no workload \(word): \(names)")
        }
        return kind
    }

    private static func apis(_ list: String) throws(UsageError) -> [API] {
        var apis: [API] = []
        for word in list.split(separator: ",", omittingEmptySubsequences: false) {
            guard let api = API(rawValue: String(word)) else {
                throw UsageError(
                    "--apis takes validate, read, next, connection, c, write with commas between, not \(list)")
            }
            apis.append(api)
        }
        return apis
    }

    private static func chunks(_ list: String) throws(UsageError) -> [Int] {
        var chunks: [Int] = []
        for word in list.split(separator: ",", omittingEmptySubsequences: false) {
            guard let chunk = Int(word), chunk >= 0 else {
                throw UsageError("--chunks takes numbers of bytes with commas between, as 0,65536,1460, not \(list)")
            }
            chunks.append(chunk)
        }
        return chunks
    }
}

/// A command line with something that does not exist.
struct UsageError: Error {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
