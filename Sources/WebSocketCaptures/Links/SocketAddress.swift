/// An IP address: 4 bytes, or 16.
public enum IPAddress: Sendable, Hashable {
    /// IPv4, the first byte highest.
    case v4(UInt32)
    /// IPv6, the first byte highest.
    case v6(high: UInt64, low: UInt64)
}

/// An address and a TCP port.
public struct SocketAddress: Sendable, Hashable {
    /// The address.
    public var address: IPAddress
    /// The port.
    public var port: UInt16

    /// Creates an address.
    public init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }
}
