// Converts the caller's opaque words to the APIs' values and back. Every access through one of the caller's state
// pointers is here.
//
// An API's value is plain data without references, so a copy of its bytes is a copy of it, and the C structs may be
// moved. It may need more alignment than words have: if the caller's words happen to have it, the value is used in
// place, otherwise it is copied out and back.

/// Stores a new value in the caller's words.
func store<Value: Sendable, Words>(_ value: Value, in words: UnsafeMutablePointer<Words>) {
    precondition(MemoryLayout<Value>.size <= MemoryLayout<Words>.size, "the header's struct is too small")
    // Safe: the header requires a pointer to a whole struct, and the value fits into it (checked above).
    unsafe UnsafeMutableRawPointer(words).storeBytes(of: value, as: Value.self)
}

/// Returns the value in the caller's words.
func load<Value: Sendable, Words>(_ type: Value.Type, from words: UnsafePointer<Words>) -> Value {
    // Safe: the header requires that init came first, and only `store` and `update` write to these words.
    unsafe UnsafeRawPointer(words).loadUnaligned(as: Value.self)
}

/// Lets `body` change the value in the caller's words.
@inline(__always)
func update<Value: Sendable, Words, Result>(
    _ type: Value.Type, in words: UnsafeMutablePointer<Words>, _ body: (inout Value) -> Result
) -> Result {
    // Safe, both: as in `load` and `store`, and in place only with the alignment that the value needs.
    if UInt(bitPattern: words) & UInt(bitPattern: MemoryLayout<Value>.alignment &- 1) == 0 {
        return unsafe body(&UnsafeMutableRawPointer(words).assumingMemoryBound(to: Value.self).pointee)
    }
    var value = unsafe load(type, from: UnsafePointer(words))
    defer { unsafe store(value, in: words) }
    return body(&value)
}

/// Sets an optional result of a call, unless the caller passed NULL.
@inline(__always)
func set<Value>(_ place: UnsafeMutablePointer<Value>?, _ value: @autoclosure () -> Value) {
    // Safe: the header requires NULL or room for one value.
    if let place = unsafe place { unsafe place.pointee = value() }
}
