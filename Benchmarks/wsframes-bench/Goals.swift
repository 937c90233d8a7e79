import BenchmarkWorkloads

/// What is measured beside a workload, and the share of it that the parser is meant to reach on a quiet machine.
struct Goal {
    let limit: Limit
    /// Speed over the limit's speed, the whole stream at once; nil if nothing is asked.
    let ratio: Double?

    /// How much longer a read size may take than the whole stream at once: reads of 64 KiB a tenth, of 1,460 bytes
    /// three tenths.
    static func allowedCost(ofChunk chunk: Int) -> Double? {
        switch chunk {
        case 65_536: 0.10
        case 1_460: 0.30
        default: nil
        }
    }

    /// The goal for a workload at an API.
    ///
    /// The limit is the least that has to be done: to jump over frames when their payload is short or of no interest,
    /// to load the bytes of long text, to XOR what has to be unmasked; and to copy, for streams of all kinds.
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
