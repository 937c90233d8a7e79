import FixtureCorpus
import ProbedPeers
import Testing
import WebSocketFrames

@testable import wsframes

/// `wsframes probe wss://…`, if the system has libssl: a strict server stays strict, and a certificate must be trusted.
@Suite(.enabled(if: TLSLibrary.shared != nil, "the system has no libssl of OpenSSL")) struct SecureProbeTests {
    private let folder: TemporaryFolder
    private let server: LoopbackServer
    private let front: TLSFront
    private var url: String { "wss://127.0.0.1:\(front.port)/" }

    init() throws {
        folder = try TemporaryFolder()
        server = try LoopbackServer(.none)
        front = try #require(
            try TLSFront(
                before: server.port, certificate: folder.write("certificate.pem", text: Self.certificate + "\n"),
                key: folder.write("key.pem", text: Self.key + "\n")))
    }

    private func probe(_ arguments: String..., trusts: Bool) async throws -> Command.Outcome {
        try await Command.waiting(
            ["probe", url, "--cases", FixtureCorpus.folder, "--timeout", "30"] + arguments,
            environment: trusts ? ["SSL_CERT_FILE": folder.path("certificate.pem")] : [:])
    }

    @Test func aStrictServerIsStrictOverTLS() async throws {
        let outcome = try await probe("--only", "5.5.1", "--only", "probe/pings", "--only", "probe/sizes", trusts: true)
        #expect(outcome.status == 0, "\(outcome.stdout)\(outcome.errors)")
        #expect(outcome.lines.last?.hasPrefix("\(url): strict in ") == true, "\(outcome.stdout)")
    }

    @Test func aCertificateThatNobodyTrusts() async throws {
        let outcome = try await probe("--only", "probe/pings", trusts: false)
        #expect(outcome.status == 3 && outcome.stdout == "")
        #expect(
            outcome.errorLines.count == 1 && outcome.errors.contains("certificate is not trusted"), "\(outcome.errors)")
    }

    @Test func insecureAcceptsAnUntrustedCertificate() async throws {
        let outcome = try await probe("--only", "probe/pings", "--insecure", trusts: false)
        #expect(outcome.status == 0, "\(outcome.stdout)\(outcome.errors)")
    }

    /// Made for this test alone, valid until 2126: `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes
    /// -days 36500 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1` of OpenSSL 3.0.19. The key protects
    /// nothing.
    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBmzCCAUGgAwIBAgIUIrWXaLKGR+S4+AAXJy9Z0EQqrc8wCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyOTE1MTIzOVoYDzIxMjYxMTA1
        MTUxMjM5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAAQAujhUG4ZPm3iJnv9X4h0d70qoo/RquvSia1wUmwQwkyUqmYGws6GU
        SnTj25GsZjSh5eIrLId8khKTJnqySQfRo28wbTAdBgNVHQ4EFgQU2UUhl2UApAxe
        P3UnBwX72Tdw+SMwHwYDVR0jBBgwFoAU2UUhl2UApAxeP3UnBwX72Tdw+SMwDwYD
        VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
        zj0EAwIDSAAwRQIgKaeXq5Maf8WMMS6RYH3UzfFOLyRxkgU0cTdqDk5BLnICIQDW
        JVUsF/auqsLN5A+lvjMbmtArsT8GJhpXpu6sbyDQqQ==
        -----END CERTIFICATE-----
        """
    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgzBDdiX8sARzYFhJ4
        HKY+yY7t48rPysxhU8UfFZhKfsKhRANCAAQAujhUG4ZPm3iJnv9X4h0d70qoo/Rq
        uvSia1wUmwQwkyUqmYGws6GUSnTj25GsZjSh5eIrLId8khKTJnqySQfR
        -----END PRIVATE KEY-----
        """
}
