import PerMessageDeflate

/// libFuzzer's harness for compressed messages: the inflater agrees with the slow one in every byte and every fault, however
/// the message is cut; and what was compressed inflates to the same bytes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDeflate(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    // libFuzzer gives the address of `size` bytes, and takes them back when this returns; the array is a copy.
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: size))
    guard let input = DeflateInput(bytes) else { return 0 }
    var random = input.random
    if input.isText {
        checkBackAndForth(input.messages, input.context, &random)
    } else {
        checkAgainstSlow(input.messages, input.context, limit: input.limit, &random)
    }
    return 0
}

private func checkAgainstSlow(
    _ messages: [[UInt8]], _ context: DeflateContext, limit: UInt64, _ random: inout SplitMix64
) {
    var slow = SlowInflater(context, limit: limit)
    var whole = MessageInflater(context, messageLimit: limit)
    var inPieces = whole
    for message in messages {
        let expected = slow.inflate(message)
        let pieces = random.pieces(of: message.count, atMost: 12)
        check(verdict(of: message, [0..<message.count], &whole) == expected, "the slow inflater sees something else")
        check(
            verdict(of: message, pieces, &inPieces) == expected, "the slow inflater sees something else than the pieces"
        )
        if context.takesOver, expected.fault != nil { return }
    }
}

private func checkBackAndForth(_ messages: [[UInt8]], _ context: DeflateContext, _ random: inout SplitMix64) {
    var deflater = MessageDeflater(context)
    var inflater = MessageInflater(context)
    for message in messages {
        var compressed: [UInt8] = []
        for piece in random.pieces(of: message.count, atMost: 5) {
            deflater.compress(message.span.extracting(piece), endsMessage: false) { append($0, &compressed) }
        }
        deflater.compress(Span()) { append($0, &compressed) }
        let pieces = random.pieces(of: compressed.count, atMost: 12)
        check(verdict(of: compressed, pieces, &inflater) == Verdict(bytes: message), "it inflates to something else")
        // As if the message were sent uncompressed after all.
        if random.oneIn(4) { deflater.forget() }
    }
}

private func verdict(of message: [UInt8], _ pieces: [Range<Int>], _ inflater: inout MessageInflater) -> Verdict {
    var bytes: [UInt8] = []
    var fault: InflateFault?
    do throws(InflateFault) {
        for piece in pieces {
            try inflater.inflate(message.span.extracting(piece)) { inflated in
                append(inflated, &bytes)
                return nil
            }
        }
    } catch {
        fault = error
    }
    do throws(InflateFault) { try inflater.endMessage() } catch { fault = fault ?? error }
    return Verdict(
        bytes: bytes,
        fault: fault.map {
            Verdict.Fault(reason: $0.reason, offset: $0.offset, messageOffset: $0.messageOffset)
        })
}

private func append(_ piece: Span<UInt8>, _ bytes: inout [UInt8]) {
    for index in piece.indices { bytes.append(piece[index]) }
}
