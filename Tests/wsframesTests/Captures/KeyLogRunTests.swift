import FixtureCorpus
import Foundation
import Testing

/// `--keylog` as people use it: several files, of any kind, and the wrong ones.
@Suite struct KeyLogRunTests {
    private static func file(_ name: String) -> String { CaptureCorpus.folder + "/tls/" + name }
    private static let capture = file("openssl.suites-13.pcap")

    private static func keyLog() throws -> String {
        try String(contentsOfFile: file("openssl.suites-13.keys"), encoding: .utf8)
    }

    private func rows(_ options: [String], environment: [String: String] = [:], status: Int32 = 0) throws -> [Row] {
        let outcome = try Command.run(
            ["validate", "--format", "jsonl"] + options + [Self.capture], environment: environment)
        #expect(outcome.status == status && outcome.errors.isEmpty, "\(outcome.errors)")
        return try outcome.rows()
    }

    private var expected: [[String: String]] {
        get throws { try rows(["--keylog", Self.file("openssl.suites-13.keys")]).map(\.withoutSource) }
    }

    @Test func secretsMayBeInSeveralFilesOfAnyForm() throws {
        let folder = try TemporaryFolder()
        var parts = ["# of the one\r\n\r\n", "ECH_SECRET \(String(repeating: "0", count: 64)) 00\n  \n"]
        for (index, line) in try Self.keyLog().lines.enumerated() {
            parts[index % 2] += index % 2 == 0 ? line + "\r\n" : line.uppercased() + "\n"
        }
        let options = try parts.enumerated().flatMap { ["--keylog", try folder.write("\($0).keys", text: $1)] }
        #expect(try rows(options).streams.count == 10)
        #expect(try rows(options).map(\.withoutSource) == expected)
    }

    @Test func theEnvironmentIsLookedAtWhenAsked() throws {
        let environment = ["SSLKEYLOGFILE": Self.file("openssl.suites-13.keys")]
        #expect(try rows(["--keylog", "env"], environment: environment).map(\.withoutSource) == expected)
        #expect(try rows([], environment: environment, status: 4).notices.contains("tls"))
        let outcome = try Command.run(["validate", "--keylog", "env", Self.capture])
        #expect(outcome.status == 2 && outcome.errors.contains("SSLKEYLOGFILE"))
    }

    @Test func withoutSecretsOneCommandIsAdvised() throws {
        let message = try message(of: [], Self.capture)
        #expect(message.hasPrefix("5 TLS connections cannot be read: 127.0.0.1:"))
        #expect(message.components(separatedBy: "(server name tls.example)").count == 6)
        #expect(message.components(separatedBy: ", all for one reason: no key log has its secrets").count == 2)
        #expect(message.hasSuffix("wsframes validate --keylog keys.log \(Self.capture)"))
    }

    @Test func secretsOfOthersAreSaidToBe() throws {
        let other = try message(of: ["--keylog", Self.file("openssl.retry.keys")], Self.capture)
        #expect(other.contains("5 TLS connections") && other.contains("no key log has its secrets"))
        let folder = try TemporaryFolder()
        let wrong = try Self.keyLog().lines.map { line in
            line.hasPrefix("#") ? line : line.dropLast(8) + "00000000"
        }
        let keys = try folder.write("wrong.keys", text: wrong.joined(separator: "\n"))
        let message = try message(of: ["--keylog", keys], Self.capture)
        #expect(message.contains(", all for one reason: the secret in the key log does not open its first record"))
    }

    @Test func failedHandshakesAreSaidToBe() throws {
        let options = ["--keylog", Self.file("openssl.failed.keys")]
        let message = try message(of: options, Self.file("openssl.failed.pcap"))
        #expect(message.contains("the server sent the TLS alert handshake_failure"))
        #expect(message.components(separatedBy: "the client sent the TLS alert unknown_ca").count == 2)
        #expect(!message.contains("--keylog") && !message.contains("key log"))
    }

    /// What follows a renegotiation is not decrypted, and nothing is guessed.
    @Test func renegotiationEndsTheReading() throws {
        let name = Self.file("openssl.renegotiated")
        let rows = try Command.run(["validate", "--format", "jsonl", "--keylog", name + ".keys", name + ".pcap"]).rows()
        #expect(rows.notices.filter { $0 == "not-decrypted" }.count == 2)
        #expect(rows.streams.map { $0.number("frames") } == [2, 2])
        #expect(rows.of("notice").allSatisfy { $0["message"]?.contains("renegotiated") == true })
    }

    private func message(of options: [String], _ capture: String) throws -> String {
        let outcome = try Command.run(["validate", "--format", "jsonl"] + options + [capture])
        #expect(outcome.status == 4)
        let row = try outcome.rows().of("notice").first { $0["notice"] == "tls" }
        return try #require(row?["message"])
    }

    // MARK: Damage

    /// A capture with one packet changed: the client's last one with a record of frames.
    private func changed(_ change: (inout [UInt8], Range<Int>) -> Void) throws -> [UInt8] {
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.file("openssl.key-update.pcap"))))
        var packets: [Range<Int>] = []
        var at = 24
        while at + 16 <= bytes.count {
            let count = (0..<4).reduce(0) { $0 | Int(bytes[at + 8 + $1]) << (8 * $1) }
            packets.append(at..<(at + 16 + count))
            at += 16 + count
        }
        // Ethernet, IP and TCP with timestamps take 66 bytes; port 8443 is the server's.
        let sealed = packets.filter { packet in
            let start = packet.lowerBound + 16
            return packet.count > 16 + 66 + 40 && bytes[start + 66] == 23 && bytes[start + 36] == 0x20
                && bytes[start + 37] == 0xFB
        }
        change(&bytes, try #require(sealed.last))
        return bytes
    }

    private func judged(_ bytes: [UInt8]) throws -> [Row] {
        let options = ["validate", "--format", "jsonl", "--keylog", Self.file("openssl.key-update.keys"), "-"]
        return try Command.run(options, stdin: .bytes(bytes)).rows()
    }

    @Test func aDamagedRecordIsAGapWithItsReason() throws {
        let rows = try judged(changed { bytes, packet in bytes[packet.upperBound - 1] ^= 1 })
        let notice = try #require(rows.of("notice").first { $0["notice"] == "not-decrypted" })
        #expect(notice["message"]?.contains("a TLS record does not open: it is damaged") == true)
        #expect(notice.number("packet") != nil)
        #expect(rows.streams.compactMap { $0.number("frames") }.min() ?? 9 < 7)
        #expect(rows.violations.isEmpty)
    }

    @Test func aLostRecordIsAGap() throws {
        let rows = try judged(changed { bytes, packet in bytes.removeSubrange(packet) })
        #expect(rows.notices.contains("missing-bytes") && rows.violations.isEmpty)
        #expect(rows.streams.compactMap { $0.number("frames") }.min() ?? 9 < 7)
    }

    // MARK: Live

    /// The key log grows while the capture arrives: the first conversation has been reported by the time the second one's
    /// secrets are written.
    @Test func aLiveCaptureReadsSecretsAsTheyAreWritten() throws {
        let folder = try TemporaryFolder()
        let clear = CaptureCorpus.folder + "/violations/reserved-bits.http-500.pcap"
        let outcome = try Command.shell(
            """
            : > live.keys; : > found
            { cat "$1"
              for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30
              do grep -q reserved-bits found && break; sleep 1; done
              cat "$2" > live.keys; tail -c +25 "$3"
            } | "$wsframes" validate --format jsonl --keylog live.keys - > found
            echo $?; cat found
            """, [clear, Self.file("openssl.retry.keys"), Self.file("openssl.retry.pcap")], in: folder)
        #expect(outcome.lines.first == "1")
        let rows = outcome.lines.dropFirst().compactMap { Row($0) }
        #expect(rows.streams.count == 4 && rows.violations.count == 1)
        #expect(rows.streams.suffix(2).allSatisfy { $0["state"] == "complete" && $0.number("frames") == 3 })
    }
}
