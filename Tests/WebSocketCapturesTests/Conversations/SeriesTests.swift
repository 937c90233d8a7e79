import FixtureCorpus
import Testing
import WebSocketCaptures
import WebSocketFrames

/// One capture, split into several files as `tcpdump -C` does, and read as one.
@Suite("A series of captures")
struct SeriesTests {
    private struct Found: Equatable {
        var events: [ConversationEvent] = []
        var bytes: [UInt8] = []
        var faults = 0
    }

    /// The capture's file header, and its packets.
    private static func parts(_ path: String) throws -> (header: [UInt8], packets: [[UInt8]]) {
        let file = try CaptureCorpus.load(path).bytes
        var packets: [[UInt8]] = []
        var start = 24
        while start < file.count {
            let count = Int(file[start + 8]) | Int(file[start + 9]) << 8 | Int(file[start + 10]) << 16
            packets.append(Array(file[start..<start + 16 + count]))
            start += 16 + count
        }
        return (Array(file[..<24]), packets)
    }

    /// Reads the files in pieces of `count` bytes, whichever of them is asked for.
    private static func read(_ files: [[UInt8]], pieces count: Int = 1 << 16) -> Found {
        let times = files.compactMap { file -> CaptureTime? in
            guard case .packet(let time) = CaptureBeginning(of: file.span, isWhole: true) else { return nil }
            return time
        }
        var conversations = CapturedConversations(series: times, options: ConversationOptions())
        var offsets = files.map { _ in 0 }
        var found = Found()
        func visit(_ number: Int, _ event: ConversationEvent, _ bytes: Span<UInt8>) {
            found.events.append(event)
            for index in bytes.indices { found.bytes.append(bytes[index]) }
        }
        while let file = conversations.nextFile {
            let piece = files[file][offsets[file]...].prefix(count)
            offsets[file] += piece.count
            do throws(CaptureError) {
                if piece.isEmpty { try conversations.endFile(visit) } else { try conversations.read(piece.span, visit) }
            } catch {
                found.faults += 1
            }
        }
        try? conversations.finish(visit)
        return found
    }

    @Test(
        "is read like a single file, wherever it was split",
        arguments: ["plain/websockets--node-ws.echo.pcap", "plain/two-at-once.pcap"])
    func cut(path: String) throws {
        let (header, packets) = try Self.parts(path)
        let whole = Self.read([header + packets.joined()])
        #expect(whole.events.count > 5 && whole.faults == 0)
        for first in stride(from: 1, to: packets.count - 1, by: 3) {
            for second in [first + 1, (first + packets.count) / 2] where second < packets.count {
                let files = [packets[..<first], packets[first..<second], packets[second...]]
                #expect(Self.read(files.map { header + $0.joined() }) == whole)
            }
        }
    }

    @Test("files that overlap in time are merged by it", arguments: ["plain/two-at-once.pcap"])
    func overlap(path: String) throws {
        let (header, packets) = try Self.parts(path)
        let whole = Self.read([header + packets.joined()])
        for step in 2...4 {
            // As several machines would have captured it, each a part of the packets.
            let files = (0..<step).map { first in
                header + stride(from: first, to: packets.count, by: step).map { packets[$0] }.joined()
            }
            for count in [1 << 16, 100, 1] { #expect(Self.read(files, pieces: count) == whole) }
        }
    }

    @Test("a file that is damaged ends there, after its packets before that, and the others are read to their ends")
    func damaged() throws {
        let (header, packets) = try Self.parts("plain/two-at-once.pcap")
        let whole = Self.read([header + packets.joined()])
        let even = stride(from: 0, to: packets.count, by: 2).map { packets[$0] }.joined()
        let odd = stride(from: 1, to: packets.count, by: 2).map { packets[$0] }.joined()
        let tail = [UInt8](repeating: 0xFF, count: 40)
        for count in [1 << 16, 7] {
            let found = Self.read([header + even + tail, header + odd], pieces: count)
            #expect(found.faults == 1)
            #expect(found.events == whole.events && found.bytes == whole.bytes)
        }
    }

    @Test("a file given twice changes nothing, and a truncated file affects no other")
    func doubled() throws {
        let (header, packets) = try Self.parts("plain/websockets--node-ws.echo.pcap")
        let whole = Self.read([header + packets.joined()])
        let doubled = Self.read([header + packets.joined(), header + packets.joined()])
        #expect(doubled.bytes == whole.bytes)
        let half = packets.count / 2
        let cut = Self.read([(header + packets[..<half].joined() + [1, 2, 3]), header + packets[half...].joined()])
        #expect(cut.faults == 1)
    }

    @Test("the beginning of a file shows when its first packet was captured")
    func order() throws {
        let (header, packets) = try Self.parts("plain/websockets--node-ws.echo.pcap")
        func beginning(_ file: [UInt8], isWhole: Bool = true) -> CaptureBeginning {
            CaptureBeginning(of: file.span, isWhole: isWhole)
        }
        guard case .packet(let first) = beginning(header + packets[0]),
            case .packet(let later) = beginning(header + packets[9])
        else {
            Issue.record("two captures have no first packet")
            return
        }
        #expect(first < later)
        #expect(beginning(header) == .noPacket && beginning(header, isWhole: false) == .undated)
        #expect(beginning(header + packets[0].dropLast(3)) == .undated)
        #expect(beginning(Array(header.dropLast())) == .undated)
        #expect(beginning([]) == .noCapture && beginning(Array("GET / HTTP/1.1".utf8)) == .noCapture)
    }
}
