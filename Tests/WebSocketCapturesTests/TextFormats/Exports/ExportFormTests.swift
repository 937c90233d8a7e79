import Testing
import WebSocketCaptures

@Suite("Forms of exports")
struct ExportFormTests {
    private static let request = Array("GET / HTTP/1.1\r\n\r\n".utf8)
    private static let response = Array("HTTP/1.1 101 OK\r\n\r\n".utf8)
    private static let masked: [UInt8] = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]

    /// The records of the conversation with the gap, and their senders.
    private static let records: [(TCPPeer, [UInt8])] = [
        (.first, request), (.second, response), (.first, masked), (.second, [0x82, 0x12] + Array(0x41...0x52)),
    ]

    /// What a reader has to find.
    private static func entries(of sample: ExportSample) -> [Exported.Entry] {
        let packets: [UInt64] = [26, 28, 31, 33]
        func packetPosition(_ index: Int) -> PacketPosition? {
            switch sample.detail {
            case .nothing: nil
            case .numbers: PacketPosition(packet: packets[index], time: nil)
            case .times(let times):
                PacketPosition(
                    packet: packets[index], time: CaptureTime(nanoseconds: 1_700_000_000_000_000_000 + times[index]))
            }
        }
        let first = SocketAddress(address: .v6(high: 0, low: 1), port: 36383)
        let second = SocketAddress(address: .v6(high: 0x2001_0DB8_0000_0000, low: 7), port: 9001)
        let gapPacketPosition = packetPosition(0).map { _ in PacketPosition(packet: 32, time: nil) }
        var entries = records.enumerated().map { index, record in
            Exported.Entry(event: .bytes(record.0, packetPosition(index)), bytes: record.1)
        }
        entries.insert(Exported.Entry(event: .gap(.first, count: 11, gapPacketPosition), bytes: []), at: 2)
        let opened = ExportEvent.opened(
            first: sample.hasAddresses ? first : nil, second: sample.hasAddresses ? second : nil)
        entries.insert(Exported.Entry(event: opened, bytes: []), at: 0)
        entries.append(Exported.Entry(event: .closed, bytes: []))
        return entries
    }

    @Test("each is read, record by record, with its gap", arguments: ExportSample.all)
    func samples(sample: ExportSample) {
        let exported = Exported.everyWay(sample.text)
        #expect(exported.error == nil)
        #expect(Array(exported.entries.prefix(7)) == Self.entries(of: sample))
        #expect(InputDetector.kind(of: Array(sample.text.utf8).span, isWhole: true) == .export)
    }

    @Test("a second conversation follows", arguments: [ExportSample.raw, .hex, .yaml])
    func second(sample: ExportSample) {
        let all = Exported([Array(sample.text.utf8)[...]])
        var rest = all
        rest.entries.removeFirst(7)
        let address = IPAddress.v4(0x7F00_0001)
        #expect(
            rest.turns == [
                .opened(
                    first: SocketAddress(address: address, port: 36382),
                    second: SocketAddress(address: address, port: 8080)), .closed,
            ])
        #expect(
            rest.stream(.first)
                == Self.request + Self.masked
                + [0x8A, 0x80, 0x37, 0xFA, 0x21, 0x3D, 0x88, 0x82, 0x37, 0xFA, 0x21, 0x3D, 0x34, 0x12])
        #expect(
            rest.stream(.second)
                == Self.response + [0x81, 0x05] + Array("Hello".utf8) + [0x89, 0x00, 0x88, 0x02, 0x03, 0xE8])
        #expect(rest.entries.count == 10)
    }

    @Test("CRLF, warnings before the export, other statistics after it", arguments: ExportSample.all)
    func surroundings(sample: ExportSample) {
        let plain = Exported([Array(sample.text.utf8)[...]])
        let returns = sample.text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
        let warning = "\u{FEFF}Running as user \"root\" and group \"root\". This could be dangerous.\n\n"
        for text in [returns, warning + sample.text] {
            #expect(Exported.everyWay(text) == plain)
            #expect(InputDetector.kind(of: Array(text.utf8).span, isWhole: true) == .export)
        }
        guard sample.text.hasPrefix("\n===") else { return }
        #expect(Exported.everyWay(sample.text + "TCP Conversations\n8105\n") == plain)
    }

    @Test("TLS payloads: the nodes are swapped, and one is unknown")
    func decrypted() {
        // TShark 4.0.17: tshark -o tls.keylog_file:keys.log -r tls.pcap -q -z follow,tls,raw,0, with long rows shortened.
        let text = """

            ===================================================================
            Follow: tls,raw
            Filter: tcp.stream eq 0
            Node 0: 127.0.0.1:8443
            Node 1: :0
            \t474554202f6320
            485454502f312e312031303120
            \t818537fa213d7f9f4d5158
            810548656c6c6f
            8900
            ===================================================================

            """
        let exported = Exported.everyWay(text)
        let server = SocketAddress(address: .v4(0x7F00_0001), port: 8443)
        #expect(exported.error == nil)
        #expect(exported.turns == [.opened(first: server, second: nil), .closed])
        #expect(exported.stream(.second) == Array("GET /c ".utf8) + Self.masked)
        #expect(InputDetector.kind(of: Array(text.utf8).span, isWhole: true) == .export)
        let older = text.replacing("tls,raw", with: "ssl,raw")
        #expect(Exported([Array(older.utf8)[...]]) == exported)
    }

    @Test("a stream that was not found is a conversation without bytes")
    func empty() {
        let text = "\n==========\nFollow: tls,raw\nFilter: tcp.stream eq 0\nNode 0: :0\nNode 1: :0\n==========\n"
        let exported = Exported.everyWay(text)
        #expect(exported.error == nil)
        #expect(exported.entries.map(\.event) == [.opened(first: nil, second: nil), .closed])
    }

    @Test("addresses, and malformed ones")
    func addresses() {
        let v6: [(String, UInt64, UInt64)] = [
            ("::", 0, 0), ("1::", 1 << 48, 0), ("1:2:3:4:5:6:7:8", 0x1_0002_0003_0004, 0x5_0006_0007_0008),
            ("::ffff:1.2.3.4", 0, 0xFFFF_0102_0304), ("1:2:3:4:5:6:7::", 0x1_0002_0003_0004, 0x5_0006_0007_0000),
            ("FE80::aBcd", 0xFE80 << 48, 0xABCD),
        ]
        for (host, high, low) in v6 {
            for text in ["[\(host)]:65535", "\(host):65535"] {
                #expect(address(text) == SocketAddress(address: .v6(high: high, low: low), port: 65535), "\(text)")
            }
        }
        #expect(address("255.0.0.1:0") == SocketAddress(address: .v4(0xFF00_0001), port: 0))
        for text in [
            "", ":", ":0", "localhost:80", "1.2.3:80", "1.2.3.256:80", "1.2.3.4.5:80", "1.2.3.4:65536", "1.2.3.4:",
            "1.2.3.4", "[]:80", "[1]:80", "[1:2:3:4:5:6:7:8:9]:80", "[1::2::3]:80", "[:1]:80", "[1:]:80", "[:::]:80",
            "[12345::]:80", "[1:2:3:4:5:6:7:8::]:80", "[::1.2.3]:80", "[1:2:3:4:5:6:7:1.2.3.4]:80", "[::1%lo]:80",
            "1.2.3.99999999999999999999:80",
        ] {
            #expect(address(text) == nil, "\(text)")
        }
    }

    /// The address that a reader takes from a text, by way of a conversation's head.
    private func address(_ text: String) -> SocketAddress? {
        let exported = Exported([Array("Follow: tcp,raw\nNode 0: \(text)\nNode 1: \n=====================\n".utf8)[...]]
        )
        guard case .opened(let first, _) = exported.entries.first?.event else { return nil }
        return first
    }

    @Test("what resembles a gap but is not one")
    func noGap() {
        let texts = [
            "[11 bytes missing in capture file]!", "[ bytes missing in capture file]",
            "11 bytes missing in capture file]",
            "[11 bytes missing in capture file", "[99999999999999999999 bytes missing in capture file]",
            "[11 bytes missing in capture file]\0\0",
        ]
        for text in texts {
            let digits = text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            let exported = Exported.everyWay("8105\n\t\(digits)\n")
            #expect(exported.stream(.second) == Array(text.utf8))
        }
        // Older versions write no zero byte; a single byte has no plural.
        for text in ["[1 byte missing in capture file]", "[1 bytes missing in capture file]\0"] {
            let digits = text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            let exported = Exported.everyWay("8105\n\t\(digits)\n")
            #expect(exported.turns.contains(.gap(.second, count: 1, nil)))
        }
    }

    @Test("a gap after a full row of a dump")
    func gapAfterFullRow() {
        let exported = Exported.everyWay(
            """
            00000000  81 0e 41 41 41 41 41 41  41 41 41 41 41 41 41 41  ..AAAAAA AAAAAAAA
            00000010  5b 37 20 62 79 74 65 73  20 6d 69 73 73 69 6e 67  [7 bytes  missing
            00000020  20 69 6e 20 63 61 70 74  75 72 65 20 66 69 6c 65   in capt ure file
            00000030  5d 00                                             ].
            00000032  81 01 41                                          ..A

            """)
        #expect(exported.error == nil)
        #expect(exported.turns.contains(.gap(.first, count: 7, nil)))
        #expect(exported.entries.map(\.bytes.count) == [0, 16, 0, 3, 0])
    }
}
