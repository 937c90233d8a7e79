// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

// The declarations of Apple's CryptoKit that SystemCryptography.swift uses, with their documented signatures and empty bodies,
// to check that the calls compile.

public import Foundation

public struct NoDigest: Sequence {
    public func makeIterator() -> Array<UInt8>.Iterator { [].makeIterator() }
}
public protocol HashFunction {
    associatedtype Digest: Sequence where Digest.Element == UInt8
    static func hash<D: DataProtocol>(data: D) -> Digest
}
public enum Insecure {
    public struct SHA1: HashFunction { public static func hash<D: DataProtocol>(data: D) -> NoDigest { NoDigest() } }
}
public struct SHA256: HashFunction { public static func hash<D: DataProtocol>(data: D) -> NoDigest { NoDigest() } }
public struct SHA384: HashFunction { public static func hash<D: DataProtocol>(data: D) -> NoDigest { NoDigest() } }
public struct SymmetricKey { public init<D: ContiguousBytes>(data: D) {} }
public struct HashedAuthenticationCode<H: HashFunction>: Sequence {
    public func makeIterator() -> Array<UInt8>.Iterator { [].makeIterator() }
}
public struct HMAC<H: HashFunction> {
    public static func authenticationCode<D: DataProtocol>(
        for data: D, using key: SymmetricKey
    ) -> HashedAuthenticationCode<H> { HashedAuthenticationCode() }
}
public enum AES {
    public enum GCM {
        public struct Nonce { public init<D: DataProtocol>(data: D) throws {} }
        public struct SealedBox {
            public init<C: DataProtocol, T: DataProtocol>(nonce: Nonce, ciphertext: C, tag: T) throws {}
        }
        public static func open<D: DataProtocol>(
            _ sealedBox: SealedBox, using key: SymmetricKey, authenticating authenticatedData: D
        ) throws -> Data { Data() }
    }
}
public enum ChaChaPoly {
    public struct Nonce { public init<D: DataProtocol>(data: D) throws {} }
    public struct SealedBox {
        public init<C: DataProtocol, T: DataProtocol>(nonce: Nonce, ciphertext: C, tag: T) throws {}
    }
    public static func open<D: DataProtocol>(
        _ sealedBox: SealedBox, using key: SymmetricKey, authenticating authenticatedData: D
    ) throws -> Data { Data() }
}
