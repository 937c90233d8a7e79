/// The order in which the lengths of the code-length code are written (RFC 1951 §3.2.7): the symbols 16, 17, 18, 0, 8, 7, 9,
/// 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15. From the fifth on they alternate above and below 8.
@inline(__always)
func codeLengthSymbol(_ index: Int) -> Int {
    if index < 4 { return index == 3 ? 0 : 16 &+ index }
    return index & 1 == 0 ? 6 &+ index >> 1 : 10 &- (index &+ 1) >> 1
}
