import PerMessageDeflate

/// The reference: RFC 1951 §3.2 and RFC 7692 §7.2.2 bit by bit, from the text of the RFCs and not from the code.
struct SlowInflater {
    let context: DeflateContext
    var limit = UInt64.max
    /// Whether there were messages before the first one that were not seen.
    var missesEarlier = false
    /// What all messages so far inflated to.
    private var history: [UInt8] = []
    private var failed: Verdict.Fault?
    /// For each byte of the last message's output, the compressed byte with which it was known.
    private(set) var places: [UInt64] = []

    init(_ context: DeflateContext, limit: UInt64 = .max) {
        self.context = context
        self.limit = limit
    }

    /// Inflates a whole message.
    mutating func inflate(_ message: [UInt8]) -> Verdict {
        if let failed { return Verdict(bytes: [], fault: failed) }
        var reading = SlowMessage(
            bits: SlowBits(bytes: message), history: context.takesOver ? history : [], window: context.windowSize,
            limit: limit, missesEarlier: missesEarlier)
        let fault = reading.run()
        history += reading.output
        places = reading.places
        if context.takesOver { failed = fault }
        return Verdict(bytes: reading.output, fault: fault)
    }
}

/// The result of a message.
struct Verdict: Equatable {
    struct Fault: Equatable {
        var reason: InflateFault.Reason
        var offset: UInt64
        var messageOffset: UInt64
    }
    var bytes: [UInt8]
    var fault: Fault? = nil
}

/// The bits of a message, in the order of RFC 1951 §3.1.1.
struct SlowBits {
    struct End: Error {}
    let bytes: [UInt8]
    var position = 0

    mutating func bit() throws -> Int {
        guard position < bytes.count * 8 else { throw End() }
        defer { position += 1 }
        return Int(bytes[position / 8] >> UInt8(position % 8)) & 1
    }

    /// A number, lowest bit first.
    mutating func number(_ width: Int) throws -> Int {
        var value = 0
        for place in 0..<width { value |= try bit() << place }
        return value
    }

    mutating func skipToByte() { position = (position + 7) / 8 * 8 }
}

private struct SlowMessage {
    struct Broken: Error { let reason: InflateFault.Reason }

    var bits: SlowBits
    let history: [UInt8]
    let window: Int
    let limit: UInt64
    let missesEarlier: Bool
    var output: [UInt8] = []
    var places: [UInt64] = []
    var isAtStoredLength = false

    mutating func run() -> Verdict.Fault? {
        do {
            while true {
                let isFinal = try bits.bit() == 1
                switch try bits.number(2) {
                case 0: try stored()
                case 1: try symbols(SlowCode.fixedLiterals, SlowCode.fixedDistances)
                case 2: try dynamic()
                default: throw Broken(reason: .reservedBlockType)
                }
                if isFinal { bits.skipToByte() }
            }
        } catch let broken as Broken {
            return fault(broken.reason, at: (bits.position - 1) / 8)
        } catch {
            if isAtStoredLength { return nil }
            return fault(bits.bytes.isEmpty ? .emptyPayload : .unfinished, at: bits.bytes.count)
        }
    }

    private func fault(_ reason: InflateFault.Reason, at offset: Int) -> Verdict.Fault {
        Verdict.Fault(reason: reason, offset: UInt64(offset), messageOffset: UInt64(output.count))
    }

    private mutating func stored() throws {
        bits.skipToByte()
        isAtStoredLength = true
        var length = [try bits.number(8)]
        isAtStoredLength = false
        length.append(try bits.number(8))
        for byte in length {
            guard try bits.number(8) == 0xFF - byte else { throw Broken(reason: .storedLengthMismatch) }
        }
        let count = length[0] + length[1] * 256
        try checkRoom(count)
        for _ in 0..<count { append(UInt8(try bits.number(8))) }
    }

    private mutating func dynamic() throws {
        let literalCount = try bits.number(5) + 257
        guard literalCount <= 286 else { throw Broken(reason: .tooManyCodes) }
        let distanceCount = try bits.number(5) + 1
        guard distanceCount <= 30 else { throw Broken(reason: .tooManyCodes) }
        let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
        var lengths = [Int](repeating: 0, count: 19)
        for symbol in order.prefix(try bits.number(4) + 4) {
            lengths[symbol] = try bits.number(3)
            guard room(lengths) >= 0 else { throw Broken(reason: .oversubscribedCode) }
        }
        guard room(lengths) == 0 else { throw Broken(reason: .incompleteCode) }
        let code = SlowCode(lengths)

        var all: [Int] = []
        while all.count < literalCount + distanceCount {
            let symbol = try self.symbol(code)
            var run = [symbol]
            if symbol >= 16 {
                guard symbol > 16 || !all.isEmpty else { throw Broken(reason: .invalidRepeat) }
                let times = try symbol == 18 ? 11 + bits.number(7) : 3 + bits.number(symbol == 16 ? 2 : 3)
                run = [Int](repeating: symbol == 16 ? all[all.count - 1] : 0, count: times)
                guard all.count + times <= literalCount + distanceCount else { throw Broken(reason: .invalidRepeat) }
            }
            for length in run {
                all.append(length)
                try judge(all, literalCount, distanceCount)
            }
        }
        try symbols(SlowCode(Array(all.prefix(literalCount))), SlowCode(Array(all.dropFirst(literalCount))))
    }

    /// Judges code lengths, the last of which is new.
    private func judge(_ all: [Int], _ literalCount: Int, _ distanceCount: Int) throws {
        if all.count == 257, all[256] == 0 { throw Broken(reason: .noEndOfBlock) }
        let isLiteral = all.count <= literalCount
        let lengths = isLiteral ? all : Array(all.dropFirst(literalCount))
        guard room(lengths) >= 0 else { throw Broken(reason: .oversubscribedCode) }
        guard lengths.count == (isLiteral ? literalCount : distanceCount) else { return }
        let used = lengths.filter { $0 > 0 }
        guard room(lengths) == 0 || used == [1] || !isLiteral && used.isEmpty else {
            throw Broken(reason: .incompleteCode)
        }
    }

    /// How much of the code space is unused, in 2¹⁵ths; negative if there are too many symbols.
    private func room(_ lengths: [Int]) -> Int {
        lengths.reduce(1 << 15) { $1 == 0 ? $0 : $0 - (1 << 15) >> $1 }
    }

    private mutating func symbols(_ literals: SlowCode, _ distances: SlowCode) throws {
        while true {
            let symbol = try self.symbol(literals)
            switch symbol {
            case 0..<256:
                try checkRoom(1)
                append(UInt8(symbol))
            case 256: return
            case 257...285:
                let (least, extra) = SlowCode.lengths[symbol - 257]
                let length = try least + bits.number(extra)
                try checkRoom(length)
                try match(length, distances)
            default: throw Broken(reason: .invalidSymbol)
            }
        }
    }

    private mutating func match(_ length: Int, _ distances: SlowCode) throws {
        let symbol = try self.symbol(distances)
        guard symbol < 30 else { throw Broken(reason: .invalidSymbol) }
        let (least, extra) = SlowCode.distances[symbol]
        let distance = try least + bits.number(extra)
        guard distance <= window else { throw Broken(reason: .distanceBeyondWindow) }
        guard distance <= history.count + output.count else {
            throw Broken(reason: missesEarlier ? .needsEarlierMessage : .distanceBeyondOutput)
        }
        for _ in 0..<length {
            let from = output.count - distance
            append(from >= 0 ? output[from] : history[history.count + from])
        }
    }

    private mutating func symbol(_ code: SlowCode) throws -> Int {
        var prefix: SlowCode.Bits = 1
        while true {
            prefix = try prefix << 1 | bits.bit()
            if let symbol = code.symbols[prefix] { return symbol }
            guard code.prefixes.contains(prefix) else { throw Broken(reason: .invalidSymbol) }
        }
    }

    private mutating func append(_ byte: UInt8) {
        output.append(byte)
        places.append(UInt64((bits.position - 1) / 8))
    }

    private func checkRoom(_ count: Int) throws {
        guard UInt64(output.count + count) <= limit else { throw Broken(reason: .tooBig) }
    }
}
