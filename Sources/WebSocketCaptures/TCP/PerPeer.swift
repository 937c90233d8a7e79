/// A value for each side of a connection.
struct PerPeer<Value: Sendable>: Sendable {
    var first: Value
    var second: Value

    init(_ value: Value) {
        (first, second) = (value, value)
    }

    init(first: Value, second: Value) {
        (self.first, self.second) = (first, second)
    }

    subscript(side: TCPPeer) -> Value {
        _read {
            if side == .first { yield first } else { yield second }
        }
        _modify {
            if side == .first { yield &first } else { yield &second }
        }
    }
}
