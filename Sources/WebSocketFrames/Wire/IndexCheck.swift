/// Checks a caller's index into a buffer of `count` bytes.
///
/// An index outside would reach memory beyond a sub-span. Unlike `precondition` this says why in release builds too.
@inlinable @inline(__always)
func checkIndex(_ index: Int, upTo count: Int) {
    if index < 0 || index > count { failIndexCheck() }
}

@usableFromInline @inline(never)
func failIndexCheck() -> Never {
    #if hasFeature(Embedded)
        // Without a standard error to write to.
        preconditionFailure("index outside of 0...bytes.count")
    #else
        fatalError("index outside of 0...bytes.count")
    #endif
}
