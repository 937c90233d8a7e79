import BenchmarkWorkloads

/// The limit that a workload is compared with, and the share of it that the parser is meant to reach on a quiet
/// machine.
struct Goal {
    let limit: Limit
    /// The parser's speed relative to the limit's, for the whole stream at once; nil if there is no goal.
    let ratio: Double?

    /// Returns how much longer a read size may take than the whole stream at once: a tenth for reads of 64 KiB, three
    /// tenths for 1,460 bytes.
    static func allowedCost(ofChunk chunk: Int) -> Double? {
        switch chunk {
        case 65_536: 0.10
        case 1_460: 0.30
        default: nil
        }
    }

    /// Creates the goal for a workload and an API.
    ///
    /// The limit is the least that has to be done: jumping over frames whose payload is short or of no interest,
    /// loading the bytes of long text, XORing what has to be unmasked; and copying, for streams of all kinds.
    init(_ workload: WorkloadKind, _ api: API) {
        switch (workload, api) {
        case (.tinyText, .validate): self.init(limit: .hop, ratio: 0.75)
        case (.tinyText, .read): self.init(limit: .hop, ratio: 0.5)
        case (.fixedText, .validate): self.init(limit: .hop, ratio: 0.6)
        case (.fixedText, .read): self.init(limit: .hop, ratio: 0.4)
        case (.tinyServer, .validate): self.init(limit: .hop, ratio: 0.95)
        case (.tinyServer, .read): self.init(limit: .hop, ratio: 0.75)
        case (.mediumBinary, .validate): self.init(limit: .hop, ratio: 0.95)
        case (.mediumBinary, .read): self.init(limit: .xor, ratio: 0.95)
        case (.largeASCII, .validate): self.init(limit: .load, ratio: 0.95)
        case (.largeASCII, .read): self.init(limit: .xor, ratio: 0.9)
        case (.largeUTF8, .validate): self.init(limit: .load, ratio: 0.75)
        case (.largeUTF8, .read): self.init(limit: .xor, ratio: 0.75)
        case (.chat, .validate): self.init(limit: .copy, ratio: 1.5)
        case (.chat, .read): self.init(limit: .copy, ratio: 1.0)
        case (.corpus, _), (.deflateChat, _), (.inflateChat, _), (.inflateLarge, _): self.init(limit: .copy, ratio: nil)
        case (_, .write): self.init(limit: .copy, ratio: nil)
        case (_, .validate), (.tinyText, _), (.fixedText, _), (.tinyServer, _): self.init(limit: .hop, ratio: nil)
        case (.chat, _): self.init(limit: .copy, ratio: nil)
        default: self.init(limit: .xor, ratio: nil)
        }
    }

    private init(limit: Limit, ratio: Double?) {
        self.limit = limit
        self.ratio = ratio
    }
}
