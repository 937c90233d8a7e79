@testable import WebSocketFrames

/// libFuzzer's harness for both APIs: whatever the bytes, and however they are cut, both say the same of them.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFrames(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    // libFuzzer gives the address of `size` bytes, and takes them back when this returns; the array is a copy.
    guard var input = FuzzInput(unsafe Array(UnsafeBufferPointer(start: data, count: size))) else { return 0 }
    let stream = input.stream
    var ways = [[0..<stream.count], stream.indices.map { $0..<($0 + 1) }]
    if stream.count > 1500 { ways.removeLast() }
    for most in [3, 8, 40] { ways.append(input.random.pieces(of: stream.count, atMost: most)) }

    let validator = FrameValidator(sender: input.reported, extensions: input.extensions, limits: input.limits)
    let whole = Verdict(validator, stream, ways[0])
    for pieces in ways {
        check(Verdict(validator, stream, pieces) == whole, "the validator's verdict depends on the cuts", pieces)
        check(Verdict(frameByFrame: validator, stream, pieces) == whole, "frame by frame it is another", pieces)
    }

    let skipping = SkippingRun(validator, stream, ways[0])
    check(skipping.violations.first == whole.violation, "skipping changed the first violation", ways[0])
    check(
        skipping.end.violation == nil
            ? skipping.end.position == UInt64(stream.count) : skipping.violations.last?.rule == .lengthOverflow,
        "skipping did not come to the end", ways[0])
    for pieces in ways {
        check(SkippingRun(validator, stream, pieces) == skipping, "what is found after depends on the cuts", pieces)
    }

    // The reader always knows who sends.
    let peer = input.reported ?? .client
    let reported = FrameValidator(sender: peer, extensions: input.extensions, limits: input.limits)
    let reader = FrameReader(peer: peer, extensions: input.extensions, limits: input.limits)
    let verdict = Verdict(reported, stream, ways[0])
    let walk = NaiveWalk(stream, upTo: verdict)
    for pieces in ways {
        for allAtOnce in [false, true] {
            ReaderRun(reader, stream, pieces, walk, allAtOnce: allAtOnce).check(against: verdict)
        }
    }
    return 0
}

/// All violations of a stream, one after the other.
struct SkippingRun: Equatable {
    var violations: [Violation] = []
    var end: Verdict

    init(_ validator: FrameValidator, _ stream: [UInt8], _ pieces: [Range<Int>]) {
        var validator = validator
        var violations: [Violation] = []
        all: for piece in pieces {
            var start = piece.lowerBound
            while true {
                do {
                    try validator.consume(stream.span.extracting(start..<piece.upperBound))
                    break
                } catch {
                    violations.append(error)
                    guard validator.skipFrame() else { break all }
                    start = Int(validator.position)
                }
            }
        }
        self.violations = violations
        end = Verdict(validator)
    }
}
