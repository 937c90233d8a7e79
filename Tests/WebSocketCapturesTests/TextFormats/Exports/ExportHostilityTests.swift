import SeededRandom
import Testing
import WebSocketCaptures

@Suite("Hostile exports")
struct ExportHostilityTests {
    @Test("every prefix of every sample", arguments: ExportSample.all)
    func prefixes(sample: ExportSample) {
        let text = Array(sample.text.utf8)
        let whole = Exported([text[...]])
        var reader = ExportReader()
        var streams: [TCPPeer: [UInt8]] = [:]
        for count in 0..<text.count {
            // The reader is a value: a copy ends here, and the original reads on.
            var ending = reader
            var ended = streams
            _ = try? ending.finish { ended.add($0, $1) }
            // Too few characters of a row are not enough to recognise it.
            for side in TCPPeer.allCases where count >= 16 {
                #expect(isStart(ended[side] ?? [], of: whole.stream(side)), "\(count) bytes")
            }
            #expect(throws: Never.self) {
                try reader.read(text.span.extracting(count...count)) { streams.add($0, $1) }
            }
            _ = InputDetector.kind(of: text.span.extracting(0..<count), isWhole: count % 2 == 0)
        }
    }

    /// Whether what was read is a prefix of the bytes; the start of a note about missing bytes still reads as bytes.
    private func isStart(_ bytes: [UInt8], of whole: [UInt8]) -> Bool {
        let note = Array("[11 byt".utf8)
        return (0...note.count).contains { length in
            let rest = bytes.dropLast(length)
            return whole.starts(with: rest) && note.starts(with: bytes.suffix(length))
        }
    }

    @Test("damaged samples never trap, and read the same in any pieces", arguments: ExportSample.all)
    func damage(sample: ExportSample) {
        var numbers = SplitMix64(seed: UInt64(sample.text.utf8.count))
        for _ in 0..<Sample.rounds(150, debug: 50) {
            var text = Array(sample.text.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                let index = Int.random(in: 0..<text.count, using: &numbers)
                switch Int.random(in: 0..<4, using: &numbers) {
                case 0: text[index] = UInt8.random(in: 0...255, using: &numbers)
                case 1: text.remove(at: index)
                case 2: text.insert(contentsOf: text[index...].prefix(20), at: index)
                default: text[index] = "\t\n =:0f}{/*".utf8.randomElement(using: &numbers) ?? 0
                }
            }
            let pieces = cut(text, using: &numbers)
            #expect(Exported(pieces) == Exported([text[...]]), "\(text)")
            _ = InputDetector.kind(of: text.span, isWhole: true)
        }
    }

    @Test("random pieces of exports")
    func random() {
        var numbers = SplitMix64(seed: 5)
        let alphabets: [[String]] = [
            [
                "==========\n", "Follow: tcp,raw\n", "Follow: tcp,hex\n", "Node 0: ", "Node 1: ", "[::1]:80", "\n",
                "\t", "81",
            ],
            [
                "00000000  81 05", "00000002  81", "\n", "\t", "    ", "  ", "5b 31 20 62 79 74 65", "Filter: ",
                "==========",
            ],
            [
                "peers:\n", "packets:\n", "  - ", "peer: 0\n", "packet: 7\n", "data: !!binary |\n", "gQVI\n", "gQ==\n",
                "#",
            ],
            [
                "peer0_0: !!binary |\n", "peer1_1:", "# Packet 5\n", "  gQVI\n", "g", "\n", "timestamp: 1.5\n",
                "host: ::\n",
            ],
            [
                "char peer0_0[] = {", "char peer1_1[] = { ", "/* Packet 8 */", "0x81", ", ", "};\n", "/", "*", "0", "x",
                "\n",
            ],
        ]
        for round in 0..<Sample.rounds(1_000, debug: 300) {
            let alphabet = alphabets[round % alphabets.count]
            var text: [UInt8] = []
            for _ in 0..<Int.random(in: 0...40, using: &numbers) {
                text += Array((alphabet.randomElement(using: &numbers) ?? "").utf8)
            }
            #expect(Exported(cut(text, using: &numbers)) == Exported([text[...]]), "\(text)")
            _ = InputDetector.kind(of: text.span, isWhole: true)
        }
    }

    private func cut(_ text: [UInt8], using numbers: inout SplitMix64) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        while start < text.count {
            let end = min(text.count, start + Int.random(in: 0...9, using: &numbers))
            pieces.append(text[start..<end])
            start = end
        }
        return pieces
    }

    @Test("a row of megabytes comes in pieces of 65,536 bytes, however it is cut")
    func longRow() {
        let text = Array(("\t" + String(repeating: "8105", count: 400_000) + "\n8105\n").utf8)
        for size in [text.count, 65_536, 4_099] {
            let pieces = stride(from: 0, to: text.count, by: size).map { text[$0..<min($0 + size, text.count)] }
            let exported = Exported(pieces)
            let counts = exported.entries.map(\.bytes.count)
            #expect(counts == [0] + Array(repeating: 65_536, count: 12) + [13_568, 2, 0])
            #expect(exported.stream(.second).count == 800_000)
        }
    }

    @Test("endless lines, words and declarations are refused")
    func endless() {
        let piece = Array(repeating: UInt8(ascii: "x"), count: 10_000)
        let starts = [
            "==========\nFollow: tcp,raw\n": 7, "==========\nFollow: tcp,hex\nNode 1: \n": 7, "peers:\n": 7,
            "char peer0_0[] ": 1, "char peer0_0[] = {": 1, "8105\n\t81\n": 7,
        ]
        for (start, most) in starts {
            var reader = ExportReader()
            var count = 0
            #expect(throws: TextError.self) {
                try reader.read(Array(start.utf8).span) { _, _ in }
                while count < 100 {
                    try reader.read(piece.span) { _, _ in }
                    count += 1
                }
            }
            #expect(count < most, "\(start)")
        }
    }

    @Test("numbers that are too large")
    func numbers() {
        let yaml = Exported.everyWay(
            """
            packets:
              - packet: 18446744073709551615
                peer: 1
                timestamp: 18446744073.709551615
                data: !!binary |
                  gQ==
              - packet: 2
                peer: 1
                timestamp: 18446744073.709551616
                data: !!binary |
                  BQ==

            """)
        #expect(yaml.error == nil)
        #expect(
            yaml.entries.dropFirst().map(\.event) == [
                .bytes(.second, PacketPosition(packet: .max, time: CaptureTime(nanoseconds: .max))),
                .bytes(.second, PacketPosition(packet: 2, time: nil)), .closed,
            ])
        let over = Exported.everyWay("packets:\n  - packet: 18446744073709551616\n")
        #expect(over.error?.message.contains("a packet's number") == true)
        let array = Exported.everyWay("char peer0_99999999999999999999[] = {0x81};")
        #expect(array.error?.message.contains("something else") == true)
        let comment = Exported.everyWay("char peer0_0[] = { /* Packet 99999999999999999999 */ 0x81};")
        #expect(comment.entries.dropFirst().first?.event == .bytes(.first, nil))
        let wrapped = Exported.everyWay("FFFFFFFF  81  .\n    00000000  05\n00000000  05  .\n")
        #expect(wrapped.error == nil)
        #expect(wrapped.stream(.first) == [0x81, 0x05])
    }
}

extension [TCPPeer: [UInt8]] {
    fileprivate mutating func add(_ event: ExportEvent, _ bytes: Span<UInt8>) {
        guard case .bytes(let side, _) = event else { return }
        for index in bytes.indices { self[side, default: []].append(bytes[index]) }
    }
}
