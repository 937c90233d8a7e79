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

    private static func read(_ files: [[UInt8]]) -> Found {
        var conversations = CapturedConversations(options: ConversationOptions())
        var found = Found()
        func visit(_ number: Int, _ event: ConversationEvent, _ bytes: Span<UInt8>) {
            found.events.append(event)
            for index in bytes.indices { found.bytes.append(bytes[index]) }
        }
        for (index, file) in files.enumerated() {
            do throws(CaptureError) {
                if index > 0 { try conversations.beginNextFile() }
                try conversations.read(file.span, visit)
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

    @Test("the order follows the time of the first packet")
    func order() throws {
        let (header, packets) = try Self.parts("plain/websockets--node-ws.echo.pcap")
        func time(_ file: [UInt8]) -> CaptureTime? { CapturedConversations.firstTime(of: file.span) }
        let first = try #require(time(header + packets[0]))
        let later = try #require(time(header + packets[9]))
        #expect(first < later)
        #expect(time(header) == nil)
    }
}
