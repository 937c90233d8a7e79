@testable import WebSocketFrames

/// libFuzzer's harness for the validator alone, as fast as it can be: the verdict must not depend on where the stream is cut in
/// two.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzValidator(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    // libFuzzer gives the address of `size` bytes, and takes them back when this returns; the array is a copy.
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: size))
    // A recipe takes longer to follow than its frames to judge.
    guard var input = FuzzInput(bytes, withRecipes: false) else { return 0 }
    let stream = input.stream
    let validator = FrameValidator(sender: input.reported, extensions: input.extensions, limits: input.limits)
    let cut = input.random.below(stream.count + 1)
    let pieces = [0..<cut, cut..<stream.count]
    check(
        Verdict(validator, stream, pieces) == Verdict(validator, stream, [0..<stream.count]),
        "the verdict depends on the cut", pieces)
    return 0
}
