import FixtureCorpus
import Foundation
import Testing

/// Secrets of a key log are never printed, in any format or error.
@Suite struct SecretsTests {
    private static func file(_ name: String) -> String { CaptureCorpus.folder + "/tls/" + name }

    /// The beginning of every secret in a file, as digits and as bytes: a key log, or a capture that contains one.
    private func secrets(of path: String) throws -> [(digits: String, bytes: [UInt8])] {
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: Unicode.ASCII.self)
        let found = text.matches(of: /[A-Z]+_[A-Z0-9_]+ [0-9a-f]{64} ([0-9a-f]{64,96})/).map { String($0.1) }
        #expect(!found.isEmpty)
        return found.map { secret in
            let digits = Array(secret.utf8.prefix(16))
            let bytes = stride(from: 0, to: 16, by: 2).compactMap {
                UInt8(String(decoding: digits[$0..<($0 + 2)], as: UTF8.self), radix: 16)
            }
            return (String(decoding: digits, as: UTF8.self), bytes)
        }
    }

    private func check(_ arguments: [String], secrets: [(digits: String, bytes: [UInt8])]) throws {
        let outcome = try Command.run(arguments)
        let said = Data(outcome.output + Array(outcome.errors.utf8))
        let lower = Data(String(decoding: said, as: UTF8.self).lowercased().filter { !" :-\n".contains($0) }.utf8)
        for secret in secrets {
            let isSaid =
                lower.range(of: Data(secret.digits.utf8)) != nil || said.range(of: Data(secret.bytes)) != nil
                || said.range(of: Data(Data(secret.bytes).base64EncodedString().dropLast(2).utf8)) != nil
            #expect(!isSaid, "\(arguments)")
        }
    }

    @Test(arguments: [
        "openssl.suites-13.pcap", "openssl.blocks-12-mac-first.pcap", "openssl.key-update.pcap", "node.http2.pcap",
        "openssl.failed.pcap", "openssl.renegotiated.pcap", "websockets--websockets.secrets-inside.pcapng",
    ])
    func noFormatHasASecret(_ name: String) throws {
        let capture = Self.file(name)
        let isInside = name.hasSuffix("pcapng")
        let keys = isInside ? capture : capture.dropLast(4) + "keys"
        let options = isInside ? [] : ["--keylog", keys]
        let secrets = try secrets(of: keys)
        for format in ["text", "jsonl", "html", "junit"] {
            try check(["validate", "--full", "--format", format] + options + [capture], secrets: secrets)
        }
        try check(["inspect"] + options + [capture], secrets: secrets)
        try check(["inspect", "--format", "jsonl"] + options + [capture], secrets: secrets)
    }

    /// A key log given as a capture, damaged, or named in an argument.
    @Test func noErrorHasASecret() throws {
        let folder = try TemporaryFolder()
        let (capture, keys) = (Self.file("openssl.suites-13.pcap"), Self.file("openssl.suites-13.keys"))
        let secrets = try secrets(of: keys)
        let text = try String(contentsOfFile: keys, encoding: .utf8)
        let damaged = try [
            text.replacing(" ", with: "  "), text.replacing("\n", with: "0\n"), text.replacing("_", with: "-"),
            text.replacing("\n", with: ""), text.replacing("SECRET", with: "sECRET"),
        ].enumerated().map { try folder.write("\($0).keys", text: $1) }
        for format in ["text", "jsonl", "html", "junit"] {
            for keys in damaged {
                try check(["validate", "--format", format, "--keylog", keys, capture], secrets: secrets)
            }
            try check(["validate", "--format", format, keys], secrets: secrets)
        }
        try check(["inspect", keys], secrets: secrets)
        let refused = try Command.run(["validate", keys])
        #expect(refused.status == 3 && refused.errors.contains("--keylog"))
    }
}
