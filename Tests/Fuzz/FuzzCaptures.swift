@testable import WebSocketCaptures

/// libFuzzer's harness for the readers of users' files: nothing traps, and cuts change nothing.
///
///     byte 0…1  the seed of the cuts
///     rest      the text, or the dump with its handshake
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCaptures(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    // libFuzzer gives the address of `size` bytes, and takes them back when this returns; the array is a copy.
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: size))
    guard bytes.count >= 2 else { return 0 }
    var random = SplitMix64(seed: UInt64(bytes[0]) << 8 | UInt64(bytes[1]))
    let text = Array(bytes[2...])
    var ways = [text.indices.map { $0..<($0 + 1) }]
    for most in [3, 8, 40] { ways.append(random.pieces(of: text.count, atMost: most)) }

    let decoded = Decoded(text, [0..<text.count])
    let handshake = FoundHandshake(text, [0..<text.count])
    let exported = Exported(text, [0..<text.count])
    let inflated = Inflated(text, [0..<text.count])
    let packets = PacketRows(text, [0..<text.count])
    // A line of a dump may stand for megabytes; decoding those twice is enough.
    if decoded.bytes.count > 1 << 20 { ways.removeSubrange(1...) }
    for pieces in ways {
        check(Decoded(text, pieces) == decoded, "the hex text's bytes depend on the cuts", pieces)
        check(Exported(text, pieces) == exported, "the export's events depend on the cuts", pieces)
        check(Inflated(text, pieces) == inflated, "what gzip gives depends on the cuts", pieces)
        check(PacketRows(text, pieces) == packets, "what packets in rows give depends on the cuts", pieces)
        check(FoundHandshake(text, pieces) == handshake, "the handshake depends on the cuts", pieces)
    }
    _ = InputDetector.kind(of: text.span, isWhole: true)
    return 0
}

/// Ends the run unless the condition is true, which the fuzzer reports.
func check(_ isRight: Bool, _ what: String, _ pieces: [Range<Int>]) {
    if !isRight { fatalError("\(what); cut at \(pieces.map(\.upperBound))") }
}

/// The result of decoding a text.
struct Decoded: Equatable {
    var bytes: [UInt8] = []
    var error: TextError?
    var directives: Directives

    init(_ text: [UInt8], _ pieces: [Range<Int>]) {
        var decoder = HexDecoder()
        do throws(TextError) {
            for piece in pieces { try decoder.decode(text.span.extracting(piece), into: &bytes) }
            try decoder.finish(into: &bytes)
        } catch {
            self.error = error
        }
        directives = decoder.directives
    }
}

/// The result of reading an export.
struct Exported: Equatable {
    var events: [ExportEvent] = []
    var bytes: [UInt8] = []
    var error: TextError?

    init(_ text: [UInt8], _ pieces: [Range<Int>]) {
        var reader = ExportReader()
        var events: [ExportEvent] = []
        var bytes: [UInt8] = []
        func visit(_ event: ExportEvent, _ piece: Span<UInt8>) {
            events.append(event)
            for index in piece.indices { bytes.append(piece[index]) }
        }
        do throws(TextError) {
            for piece in pieces { try reader.read(text.span.extracting(piece), visit) }
            try reader.finish(visit)
        } catch {
            self.error = error
        }
        self.events = events
        self.bytes = bytes
    }
}

/// The result of inflating gzip.
struct Inflated: Equatable {
    var bytes: [UInt8] = []
    var error: CaptureError?

    init(_ file: [UInt8], _ pieces: [Range<Int>]) {
        var reader = GzipReader()
        do throws(CaptureError) {
            for piece in pieces {
                try reader.read(file.span.extracting(piece)) { for index in $0.indices { bytes.append($0[index]) } }
            }
            try reader.finish()
        } catch {
            self.error = error
        }
    }
}

/// The conversations of packets in a dump.
struct PacketRows: Equatable {
    var events: [ConversationEvent] = []
    var error: CaptureError?

    init(_ text: [UInt8], _ pieces: [Range<Int>]) {
        var reader = CapturedConversations(options: ConversationOptions(), isText: true)
        do throws(CaptureError) {
            for piece in pieces { try reader.read(text.span.extracting(piece)) { _, event, _ in events.append(event) } }
            try reader.finish { _, event, _ in events.append(event) }
        } catch {
            self.error = error
        }
    }
}

/// The handshake found, and the stream after it.
struct FoundHandshake: Equatable {
    var handshake: Handshake?
    var message: String?
    var stream: [UInt8] = []

    init(_ text: [UInt8], _ pieces: [Range<Int>]) {
        var reader = HandshakeReader()
        var hasEnded = false
        for piece in pieces where message == nil {
            if hasEnded {
                stream += text[piece]
                continue
            }
            switch reader.read(text.span.extracting(piece)) {
            case .needMore: break
            case .ended(let found, let consumed):
                handshake = found
                stream = reader.pending + text[piece].dropFirst(consumed)
                hasEnded = true
            case .broken(let text): message = text
            }
        }
        guard !hasEnded, message == nil else { return }
        switch reader.finish() {
        case .needMore: fatalError("the dump has ended, and more is needed")
        case .ended(let found, _):
            handshake = found
            stream = reader.pending
        case .broken(let text): message = text
        }
    }
}
