import FixtureCorpus
import Foundation
import Testing
import WebSocketCaptures
import WebSocketFrames

/// Text as people paste it: the samples under `Fixtures/pasted`, one for each form.
@Suite("Pasted text")
struct PastedTests {
    static let folder = URL(fileURLWithPath: FixtureCorpus.folder).appendingPathComponent("pasted")

    static func samples(_ subject: String) -> [String] {
        let names =
            (try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(subject).path)) ?? []
        return names.sorted().map { subject + "/" + $0 }
    }

    static func text(_ sample: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appendingPathComponent(sample)))
    }

    /// A text message, another text message, and a frame with a reserved opcode.
    static let stream: [UInt8] =
        [0x81, 0x05] + Array("hello".utf8) + [0x81, 0x0D] + Array("world {\"a\":1}".utf8) + [0x83, 0x02]
        + Array("hi".utf8)

    @Test("the bytes of one endpoint, in every form and in any pieces", arguments: samples("stream"))
    func stream(sample: String) throws {
        let text = try Self.text(sample)
        #expect(InputDetector.kind(of: text.span, isWhole: true) == .hex)
        let decoded = Decoded.everyWay(text)
        #expect(decoded.error == nil)
        #expect(decoded.bytes == Self.stream)
        let returned = Array(String(decoding: text, as: UTF8.self).replacing("\n", with: "\r\n").utf8)
        #expect(Decoded([returned[...]]).bytes == Self.stream)
    }

    @Test("truncated or damaged text never traps, and never yields more bytes", arguments: samples("stream"))
    func damaged(sample: String) throws {
        let text = try Self.text(sample)
        for count in text.indices {
            #expect(Decoded([text[..<count]]).bytes.count <= Self.stream.count)
            var damaged = text
            damaged[count] ^= UInt8(1 << (count % 7))
            _ = InputDetector.kind(of: damaged.span, isWhole: true)
            _ = Decoded([damaged[...]])
        }
    }

    @Test("there are samples")
    func isComplete() {
        #expect(Self.samples("stream").count >= 12)
        #expect(Self.samples("packets").count >= 6)
    }

    @Test("the packets of a dump are those of the capture", arguments: samples("packets"), [1, 7, 65_536])
    func packets(sample: String, pieces: Int) throws {
        let text = try Self.text(sample)
        let kind = InputDetector.kind(of: text.span.extracting(first: InputDetector.prefixCount), isWhole: true)
        #expect(kind == (sample.contains("fields") ? .export : .packetText))
        let run = CaptureRun(text, isExport: kind == .export, isText: kind == .packetText, pieces: pieces)
        #expect(run.fault == nil)
        let judged = JudgedConversation.all(of: run)
        #expect(judged?.count == 1)
        let fromClient = run.seen.count { if case .bytes(.client, _) = $0.event { true } else { false } }
        #expect(fromClient == 4)
        let byteCount: Int = run.seen.reduce(0) { $0 + $1.bytes.count }
        #expect(byteCount == 151 + 135)
    }

    @Test("ambiguous text is an error at its line")
    func refused() {
        let texts = [
            ("write(7, \"\\x81\\x00\", 2) = 2\nread(7, \"\\x81\\x00\", 2) = 2\n", "another direction"),
            ("write(7, \"\\x81\\x00\", 2) = 2\nwrite(8, \"\\x81\\x00\", 2) = 2\n", "another descriptor"),
            ("write(7, \"\\x81\\x02\"..., 4) = 4\n", "trace again"),
            ("[129, 5]\n[256]", "not a byte"), ("[129, 5]\nabc", "where a number"),
            ("<= Recv data, 32 bytes (0x20)\n0000: 81 00\n0010: 81 00\n", "a row is missing"),
        ]
        for (text, words) in texts {
            let decoded = Decoded.everyWay(text)
            #expect(decoded.error?.message.contains(words) == true, "\(text): \(String(describing: decoded.error))")
        }
    }

    @Test("fields are recognised by their separators", arguments: [",", ";", "\",\""])
    func separators(_ separator: String) throws {
        let tabs = try String(decoding: Self.text("packets/tshark-fields.txt"), as: UTF8.self)
        let lines = tabs.split(separator: "\n").map { line -> String in
            let row = line.split(separator: "\t", omittingEmptySubsequences: false).joined(separator: separator)
            return separator.count == 1 ? row : "\"\(row)\""
        }
        let text = Array((lines.joined(separator: "\n") + "\n").utf8)
        let prefix = text.span.extracting(first: InputDetector.prefixCount)
        #expect(InputDetector.kind(of: prefix, isWhole: true) == .export)
        let run = CaptureRun(text, isExport: true)
        #expect(run.fault == nil)
        #expect(run.seen.map { $0.event } == CaptureRun(Array(tabs.utf8), isExport: true).seen.map { $0.event })
    }

    @Test("a table with addresses in it is not an export")
    func table() {
        for row in ["10.0.0.1,GET,/index.html,200", "10.0.0.1,10.0.0.2,40000,443,tcp", "10.0.0.1;10.0.0.2;4000;8080"] {
            let kind = InputDetector.kind(of: Array("\(row)\n\(row)\n".utf8).span, isWhole: true)
            guard case .unsupported = kind else {
                Issue.record("\(row) is \(kind)")
                continue
            }
        }
    }

    @Test("fields without addresses are refused, and so are two connections in one list")
    func fields() {
        let bare = Array("tcp.payload\n810548656c6c6f\n".utf8)
        guard case .unsupported(let sentence) = InputDetector.kind(of: bare.span, isWhole: true) else {
            Issue.record("taken for another kind")
            return
        }
        #expect(sentence.contains("-e ip.src"))
        let two = "10.0.0.1\t1\t10.0.0.2\t80\t8100\n10.0.0.1\t2\t10.0.0.2\t80\t8100\n"
        #expect(CaptureRun(Array(two.utf8), isExport: true).fault?.contains("another connection") == true)
    }
}
