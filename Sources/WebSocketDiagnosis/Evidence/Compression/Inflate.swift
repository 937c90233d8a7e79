internal import PerMessageDeflate
internal import WebSocketFrames

/// What came of inflating.
enum Inflated {
    /// The input ended where it may end.
    case whole([UInt8])
    /// The input, or the room for the output, ended earlier, and everything up to there was right.
    case begun([UInt8])
    /// It is no DEFLATE.
    case broken
}

/// Whether bytes are raw DEFLATE (RFC 1951), with no output beyond a limit: enough to see that it is sensible.
enum Inflate {
    /// No more output than this many bytes is made.
    static let maximumOutput = 16_384

    /// Whether the limit ended this output: a match of up to 258 bytes that would have gone beyond it was not made.
    static func isAtLimit(_ output: [UInt8]) -> Bool { output.count > maximumOutput - 258 }

    /// Inflates a message's payload, as RFC 7692 §7.2.2 says, or as a sender means it that ends a DEFLATE stream with it.
    static func message(_ payload: [UInt8], isWhole: Bool) -> Inflated {
        var output: [UInt8] = []
        var inflater = MessageInflater(DeflateContext(), messageLimit: UInt64(maximumOutput))
        do throws(InflateFault) {
            try inflater.inflate(payload.span) { piece in
                output.append(piece)
                return nil
            }
            guard isWhole else { return .begun(output) }
            try inflater.endMessage()
            return .whole(output)
        } catch {
            switch error.reason {
            case .unfinished: return raw(payload[...], atEnd: true)
            case .tooBig: return .begun(output)
            default: return .broken
            }
        }
    }

    /// Inflates raw DEFLATE with whatever follows its final block.
    ///
    /// - Parameter atEnd: nothing may follow.
    static func raw(_ bytes: ArraySlice<UInt8>, atEnd: Bool = false) -> Inflated {
        let stream = DeflateStream(bytes)
        guard stream.fault == nil || stream.fault == .tooBig else { return .broken }
        return stream.hasEnded && (!atEnd || stream.rest.isEmpty) ? .whole(stream.output) : .begun(stream.output)
    }
}

/// What raw DEFLATE inflates to, up to its final block (RFC 1951 §3.2.3).
struct DeflateStream {
    /// The beginning of what it inflates to.
    private(set) var output: [UInt8] = []
    /// Adler-32 of all of it (RFC 1950 §8.2).
    private(set) var checksum = Adler32()
    /// The final block has ended.
    private(set) var hasEnded = false
    /// What stands after the final block.
    private(set) var rest: ArraySlice<UInt8> = []
    /// Why it does not inflate.
    private(set) var fault: InflateFault.Reason?

    init(_ bytes: ArraySlice<UInt8>) {
        var inflater = MessageInflater(DeflateContext(), messageLimit: UInt64(Inflate.maximumOutput))
        inflater.endsWithFinalBlock = true
        var output: [UInt8] = []
        var checksum = Adler32()
        do throws(InflateFault) {
            try inflater.inflate(bytes.span) { piece in
                output.append(piece)
                checksum.add(piece)
                return nil
            }
        } catch { fault = error.reason }
        self.output = output
        self.checksum = checksum
        hasEnded = inflater.hasEnded
        guard hasEnded else { return }
        let unused = inflater.takeUnusedBytes().count
        rest = bytes.dropFirst(Int(clamping: inflater.compressedCount) - unused)
    }
}

/// Adler-32 (RFC 1950 §8.2).
struct Adler32 {
    private var low: UInt32 = 1
    private var high: UInt32 = 0

    mutating func add(_ bytes: Span<UInt8>) {
        for index in bytes.indices {
            low = (low &+ UInt32(bytes[index])) % 65_521
            high = (high &+ low) % 65_521
        }
    }

    var value: UInt32 { high << 16 | low }
}
