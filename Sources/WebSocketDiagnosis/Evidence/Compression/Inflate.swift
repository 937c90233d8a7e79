internal import PerMessageDeflate
internal import WebSocketFrames

/// The result of inflating.
enum Inflated {
    /// The input ended where it may end.
    case whole([UInt8])
    /// The input, or the space for output, ended earlier, and everything up to there was valid.
    case begun([UInt8])
    /// It is not DEFLATE.
    case broken
}

/// Checks for raw DEFLATE (RFC 1951), with a limit on the output: enough to see whether it is meaningful.
enum Inflate {
    /// The most bytes of output.
    static let maximumOutput = 16_384

    /// Returns whether the limit ended this output: a match of up to 258 bytes that would have exceeded it was not
    /// copied.
    static func isAtLimit(_ output: [UInt8]) -> Bool { output.count > maximumOutput - 258 }

    /// Inflates a message's payload as RFC 7692 §7.2.2 says, or, as some senders mean it, as a complete DEFLATE
    /// stream.
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

    /// Inflates raw DEFLATE that may be followed by other bytes after its final block.
    ///
    /// - Parameter atEnd: whether nothing may follow.
    static func raw(_ bytes: ArraySlice<UInt8>, atEnd: Bool = false) -> Inflated {
        let stream = DeflateStream(bytes)
        guard stream.fault == nil || stream.fault == .tooBig else { return .broken }
        return stream.hasEnded && (!atEnd || stream.rest.isEmpty) ? .whole(stream.output) : .begun(stream.output)
    }
}

/// The output of raw DEFLATE up to its final block (RFC 1951 §3.2.3).
struct DeflateStream {
    /// The beginning of the output.
    private(set) var output: [UInt8] = []
    /// The Adler-32 checksum of all output (RFC 1950 §8.2).
    private(set) var checksum = Adler32()
    /// Whether the final block has ended.
    private(set) var hasEnded = false
    /// The bytes after the final block.
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
