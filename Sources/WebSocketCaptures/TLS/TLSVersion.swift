/// A version of TLS, by its number in a hello.
struct TLSVersion: Hashable, Sendable {
    let number: UInt16

    static let tls12 = TLSVersion(number: 0x0303)
    static let tls13 = TLSVersion(number: 0x0304)
}
