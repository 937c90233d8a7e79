internal import PerMessageDeflate
internal import WebSocketFrames

/// zlib or gzip around what should be raw DEFLATE (RFC 1950, RFC 1952; RFC 7692 §7.2.1 allows neither).
enum ZlibWrapper {
    static func found(_ context: ViolationContext) -> Match? {
        guard let (message, messages) = context.compressedMessage, let wrapped = Wrapped(message.payload[...]) else {
            return nil
        }
        let what =
            "the payload of the compressed message at \(context.place(of: message)) begins with a header of "
            + "\(wrapped.format) (\(Wording.hex(message.payload.prefix(wrapped.headerCount), atMost: 4)))"
        if let proof = wrapped.proof(isText: message.isText) {
            var count = 0
            messages.visit { other in
                if other.isCompressed, Wrapped(other.payload[...])?.format == wrapped.format { count += 1 }
                return true
            }
            return Match(
                certainty: proof.isSure ? .certain : .likely,
                message: what + ", and after it the rest inflates"
                    + (message.isText && !proof.output.isEmpty ? " to \(Wording.quoted(proof.output))" : "")
                    + (proof.hasChecksum ? ", and its Adler-32 at the end is right" : "")
                    + (count > 1 ? "; \(count) messages begin that way" : "")
                    + ": permessage-deflate wants raw DEFLATE.")
        }
        // Only the first message of one zlib stream has the header.
        guard message.index == 0, let reading = oneStream(wrapped, context) else { return nil }
        let outcome = reading.outcome(of: messages, from: message.start)
        guard let certainty = outcome.certainty else { return nil }
        return Match(
            certainty: certainty,
            message: what + ", and without it all messages inflate, one after the other: permessage-deflate wants raw "
                + "DEFLATE.")
    }

    private static func oneStream(_ wrapped: Wrapped, _ context: ViolationContext) -> DeflateReading? {
        context.agreedReading.map { agreed in
            var reading = agreed
            reading.part = { message in
                guard message.isCompressed else { return .plain }
                return .compressed(
                    message.index == 0 ? message.payload.dropFirst(wrapped.headerCount) : message.payload[...])
            }
            return reading
        }
    }
}

/// Bytes that begin like zlib or gzip.
struct Wrapped {
    let format: String
    let headerCount: Int
    /// The bytes after the header.
    private let inside: ArraySlice<UInt8>

    init?(_ bytes: ArraySlice<UInt8>) {
        let head = Array(bytes.prefix(10))
        guard head.count >= 2 else { return nil }
        if head.count == 10, head.starts(with: [0x1F, 0x8B, 0x08]), head[3] == 0 {
            (format, headerCount) = ("gzip", 10)
        } else if head[0] & 0x0F == 8, head[0] >> 4 <= 7, head[1] & 0x20 == 0,
            (UInt16(head[0]) << 8 | UInt16(head[1])) % 31 == 0
        {
            (format, headerCount) = ("zlib", 2)
        } else {
            return nil
        }
        inside = bytes.dropFirst(headerCount)
    }

    /// Returns the output if the bytes after the header inflate.
    func proof(isText: Bool) -> (output: [UInt8], isSure: Bool, hasChecksum: Bool)? {
        let stream = DeflateStream(inside)
        guard stream.fault == nil || stream.fault == .tooBig, !stream.output.isEmpty else { return nil }
        let isClean = CleanText.holds(stream.output, isCut: true)
        let hasChecksum =
            format == "zlib" && stream.hasEnded && stream.rest.count >= 4
            && stream.rest.prefix(4).number() == UInt64(stream.checksum.value)
        // Without readable output or a checksum, the first two bytes may be a coincidence.
        guard hasChecksum || format == "gzip" || (isClean && stream.output.count >= 4) else {
            return isText || stream.output.count < 64 ? nil : (stream.output, false, false)
        }
        if isText, !isClean { return nil }
        return (stream.output, hasChecksum || format == "gzip" || stream.output.count >= 8, hasChecksum)
    }
}
