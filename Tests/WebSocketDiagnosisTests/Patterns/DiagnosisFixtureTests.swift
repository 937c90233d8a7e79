import FixtureCorpus
import Testing
import WebSocketDiagnosis
import WebSocketFrames

/// Every fixture that states what happened gets that diagnosis from its bytes alone, and no other fixture gets a wrong one.
@Suite struct DiagnosisFixtureTests {
    let fixtures: [Fixture]

    init() throws {
        fixtures = try FixtureCorpus.loadAll()
    }

    /// The fixtures made for a pattern: examples and near misses.
    private var ofPatterns: [Fixture] { fixtures.filter { $0.section == "diagnosis" } }

    private func pattern(of fixture: Fixture) -> String {
        String(fixture.caseName.prefix { $0 != "." })
    }

    @Test func eachGetsItsDiagnosis() throws {
        for fixture in fixtures {
            guard let expected = fixture.diagnosis else { continue }
            let evidence = try #require(Evidence(fixture), "\(fixture.path)")
            let found = Diagnosis.of(evidence)
            #expect(found?.name == expected.name, "\(fixture.path): \(found?.message ?? "")")
            guard found?.name == expected.name else { continue }
            #expect(found?.certainty.rawValue == expected.certainty, "\(fixture.path)")
            #expect(found?.suspect.rawValue == expected.suspect, "\(fixture.path)")
        }
    }

    @Test func eachInTheFolderSaysWhatItExpects() {
        let names = Set(Diagnosis.patterns.map(\.name))
        #expect(ofPatterns.count > 150)
        for fixture in ofPatterns {
            #expect(fixture.diagnosis != nil, "\(fixture.path)")
            #expect(names.contains(pattern(of: fixture)), "\(fixture.path): names no pattern")
            if let name = fixture.diagnosis?.name { #expect(names.contains(name), "\(fixture.path)") }
        }
    }

    @Test(arguments: Diagnosis.patterns.map(\.name)) func everyPatternIsShownAndNearlyShown(name: String) {
        // These need the other direction: see `theOfferDeterminesTheSuspect`, `EchoTests`.
        if name == "deflate-stripped" || name == "client-frame-echoed" { return }
        let made = ofPatterns.filter { pattern(of: $0) == name }
        #expect(made.contains { $0.diagnosis?.name == name }, "no fixture shows it")
        #expect(made.contains { $0.diagnosis?.name != name }, "no fixture comes near without being it")
    }

    @Test func theOfferDeterminesTheSuspect() throws {
        var senders: Set<Endpoint> = []
        for fixture in ofPatterns where fixture.diagnosis?.name == "deflate-not-agreed" {
            let evidence = try #require(Evidence(fixture, offeredDeflate: true))
            let found = try #require(Diagnosis.of(evidence))
            senders.insert(try #require(fixture.sender))
            guard fixture.sender == .server else {
                // A client that saw the response compresses nevertheless.
                #expect(found.name == "deflate-not-agreed", "\(fixture.path)")
                #expect(found.suspect == .client)
                #expect(found.message.contains("offered"))
                continue
            }
            #expect(found.name == "deflate-stripped", "\(fixture.path)")
            #expect(found.suspect == .between)
            #expect(found.certainty == .likely)
        }
        #expect(senders == [.client, .server])
        for fixture in ofPatterns where pattern(of: fixture) == "deflate-not-agreed" && fixture.diagnosis?.name == nil {
            let evidence = try #require(Evidence(fixture, offeredDeflate: true))
            #expect(Diagnosis.of(evidence) == nil, "\(fixture.path)")
        }
    }

    @Test func theRestOfTheCorpusGetsNothingElse() {
        var found: [String: String] = [:]
        for fixture in fixtures where fixture.diagnosis == nil {
            guard let evidence = Evidence(fixture), let diagnosis = Diagnosis.of(evidence) else { continue }
            found[fixture.path] = diagnosis.name
        }
        for (path, name) in found where Self.elsewhere[path] == nil {
            Issue.record("\(path): \(name) was not expected")
        }
        for (path, name) in Self.elsewhere {
            #expect(found[path] == name, "\(path)")
        }
    }

    /// Diagnoses of fixtures that were made for another purpose, each checked by hand. All others are too small, or too
    /// artificial, to show anything beyond their rule.
    private static let elsewhere: [String: String] = {
        var names: [String: String] = [:]
        for line in list.split(separator: "\n") {
            let words = line.split(separator: " ")
            for path in words.dropFirst() { names[String(path) + ".hex"] = String(words[0]) }
        }
        return names
    }()

    private static let list = """
        concurrent-writers rfc6455-5.4-fragmentation/reject.interleaved-message.binary-in-binary
        concurrent-writers rfc6455-5.4-fragmentation/reject.interleaved-message.binary-in-text
        concurrent-writers rfc6455-5.4-fragmentation/reject.interleaved-message.client-text-in-text
        concurrent-writers rfc6455-5.4-fragmentation/reject.interleaved-message.server-text-in-text
        concurrent-writers rfc6455-5.4-fragmentation/reject.interleaved-message.text-in-binary
        deflate-empty-message rfc7692-7.2.2-decompression/reject.invalid-deflate.empty-fragments
        deflate-empty-message rfc7692-7.2.2-decompression/reject.invalid-deflate.empty-payload
        deflate-empty-message rfc7692-7.2.2-decompression/reject.invalid-deflate.empty-payload-from-client
        deflate-tail rfc7692-7.2.2-decompression/reject.invalid-deflate.final-block-and-no-more
        deflate-tail rfc7692-7.2.2-decompression/reject.invalid-deflate.tail-left-on
        deflate-window rfc7692-7.2.2-decompression/reject.invalid-deflate.plain-messages-are-not-in-the-window
        deflate-window rfc7692-7.2.2-decompression/reject.invalid-deflate.window-10-bits-and-one-byte
        deflate-window rfc7692-7.2.2-decompression/reject.invalid-deflate.window-12-bits-and-one-byte
        deflate-window rfc7692-7.2.2-decompression/reject.invalid-deflate.window-8-bits-and-one-byte
        deflate-window rfc7692-7.2.2-decompression/reject.invalid-deflate.window-8-bits-and-one-byte-from-client
        deflate-window rfc7692-7.2.2-decompression/reject.invalid-deflate.window-9-bits-and-one-byte
        deflate-window rfc7692-7.2.2-decompression/reject.invalid-deflate.window-9-bits-and-one-byte-from-client
        deflate-window rfc7692-7.2.2-decompression/reject.invalid-deflate.window-not-taken-over-from-client
        deflate-window rfc7692-7.2.2-decompression/reject.invalid-deflate.window-not-taken-over-from-server
        lone-surrogate rfc7692-7.2.2-decompression/reject.text-not-utf8.inflated-surrogate
        deflate-not-agreed rfc7692-6-rsv1/reject.reserved-bits.without-the-extension
        deflate-not-agreed rfc7692-7.2.3-examples/reject.reserved-bits.1-one-block-not-agreed
        http-request recorded/node-ws--python-websockets/reject.reserved-bits.http-request.client
        http-response recorded/chromium--node-ws/reject.reserved-bits.http-500.server
        http-response recorded/node-ws--node-ws/reject.misplaced-rsv1.http-502.server
        latin-1-text recorded/chromium--mojolicious/reject.text-not-utf8.latin1.server
        latin-1-text rfc6455-8.1-utf8/reject.text-not-utf8.latin-1
        little-endian-close-code rfc6455-7.4-close-codes/reject.invalid-close-code.59395-from-server
        lone-surrogate rfc6455-8.1-utf8/reject.text-not-utf8.border-ascii-128-ed-bf
        lone-surrogate rfc6455-8.1-utf8/reject.text-not-utf8.border-ascii-7-ed-a0
        lone-surrogate rfc6455-8.1-utf8/reject.text-not-utf8.border-multilingual-31-ed-bf
        lone-surrogate rfc6455-8.1-utf8/reject.text-not-utf8.border-multilingual-63-ed-a0
        lone-surrogate rfc6455-8.1-utf8/reject.text-not-utf8.surrogate-ed-a0-80
        lone-surrogate rfc6455-8.1-utf8/reject.text-not-utf8.surrogate-ed-af-bf
        lone-surrogate rfc6455-8.1-utf8/reject.text-not-utf8.surrogate-ed-b0-80
        lone-surrogate rfc6455-8.1-utf8/reject.text-not-utf8.surrogate-ed-bf-bf
        mask-key-missing recorded/autobahn--python-websockets/reject.text-not-utf8.mask-key-missing.client
        mask-not-applied rfc6455-5.3-masking-key/reject.text-not-utf8.masked-bytes-look-like-text
        masking-server recorded/node-ws--node-http/reject.masked-server-frame.socket-pipe.server
        masking-server rfc6455-5.1-masking/reject.masked-server-frame.second-frame
        masking-server rfc6455-5.1-masking/reject.masked-server-frame.second-frame-auto
        masking-server rfc6455-5.1-masking/reject.masked-server-frame.text
        masking-server rfc6455-5.7-examples/reject.masked-server-frame.masked-text-from-server
        surrogates-in-utf-8 rfc6455-5.5.1-close/reject.close-reason-not-utf8.byte-c0
        surrogates-in-utf-8 rfc6455-8.1-utf8/reject.text-not-utf8.overlong-2-c0-80
        surrogates-in-utf-8 rfc6455-8.1-utf8/reject.text-not-utf8.surrogate-pair
        text-cut-between-messages rfc6455-5.6-data-frames/reject.text-not-utf8.client-no-character-across-messages
        text-cut-between-messages rfc6455-5.6-data-frames/reject.text-not-utf8.server-no-character-across-messages
        unmasked-control-frames rfc6455-5.1-masking/reject.unmasked-client-frame.ping-between-fragments
        utf-16-text rfc6455-8.1-utf8/reject.text-not-utf8.utf-16
        """
}
