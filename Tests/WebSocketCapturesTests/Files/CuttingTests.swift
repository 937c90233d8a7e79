import SeededRandom
import Testing
import WebSocketCaptures

@Suite("Captures in pieces, and damaged ones")
struct CuttingTests {
    @Test("the same in any pieces", arguments: CaptureSample.all)
    func cuts(file: [UInt8]) {
        let whole = ReadCapture(file)
        #expect(whole.error == nil)
        #expect(whole.packets.count >= 2)
        #expect(ReadCapture(file.indices.map { file[$0...$0] }) == whole)
        for cut in 0...file.count {
            #expect(ReadCapture([file[..<cut], file[cut...]]) == whole)
            #expect(
                ReadCapture([file[..<cut], [], file[cut..<min(cut + 9, file.count)], file[min(cut + 9, file.count)...]])
                    == whole)
        }
    }

    @Test("every prefix gives the packets that it contains, and reports where it ends", arguments: CaptureSample.all)
    func prefixes(file: [UInt8]) {
        let whole = ReadCapture(file)
        var ends = 0
        var packets = 0
        for count in 0..<file.count {
            let read = ReadCapture([file[..<count]])
            #expect(read == ReadCapture((0..<count).map { file[$0...$0] }))
            #expect(read.packets[...] == whole.packets[..<read.packets.count])
            #expect(read.packets.count >= packets)
            packets = read.packets.count
            if let error = read.error { #expect(error.offset == UInt64(count)) } else { ends += 1 }
        }
        // One place after each header and each packet or block, except the last.
        #expect(ends >= whole.packets.count)
    }

    @Test("a flipped bit changes nothing before it", arguments: CaptureSample.all)
    func flips(file: [UInt8]) {
        let ends = packetEnds(file)
        for index in file.indices {
            for mask in [UInt8(0x01), 0x80, 0xFF] {
                var damaged = file
                damaged[index] ^= mask
                check(damaged, from: index, ends, of: file)
            }
        }
    }

    @Test("random damage never traps, and changes nothing before it")
    func random() {
        var numbers = SplitMix64(seed: 4711)
        for round in 0..<Sample.rounds(600, debug: 200) {
            let file = CaptureSample.all[round % CaptureSample.all.count]
            let ends = packetEnds(file)
            var damaged = file
            var first = file.count
            for _ in 0..<Int.random(in: 1...6, using: &numbers) {
                let index = Int.random(in: 0..<file.count, using: &numbers)
                damaged[index] =
                    [0, 0xFF, 0x7F, UInt8.random(in: 0...255, using: &numbers)].randomElement(using: &numbers) ?? 0
                first = min(first, index)
            }
            check(damaged, from: first, ends, of: file)
        }
    }

    @Test("random blocks after a good start never trap")
    func noise() {
        var numbers = SplitMix64(seed: 815)
        let words: [UInt32] = [0, 1, 2, 3, 6, 9, 10, 12, 16, 20, 28, 32, 0x0A0D_0D0A, 0x1A2B_3C4D, 0x4D3C_2B1A, .max]
        for round in 0..<Sample.rounds(600, debug: 200) {
            var file = CaptureBytes(bigEndian: round % 2 == 0)
            if round % 3 == 0 { file.addFileHeader() } else { file.addSection() }
            if round % 4 == 0 { file.addInterface() }
            for _ in 0..<Int.random(in: 1...40, using: &numbers) {
                file.add32(words.randomElement(using: &numbers) ?? 0)
            }
            let read = ReadCapture(file)
            #expect(read == ReadCapture(file.bytes.indices.map { file.bytes[$0...$0] }))
        }
    }

    private func check(_ damaged: [UInt8], from index: Int, _ ends: [Int], of file: [UInt8]) {
        let read = ReadCapture(damaged)
        let safe = ends.filter { $0 <= index }.count
        #expect(read.packets.prefix(safe) == ReadCapture(file).packets.prefix(safe), "damaged at \(index)")
        #expect(read == ReadCapture(damaged.indices.map { damaged[$0...$0] }), "damaged at \(index)")
        if let error = read.error {
            #expect(error.offset <= UInt64(damaged.count))
            #expect(error.message.contains("byte \(error.offset)") || damaged.count < 4)
        }
    }

    /// After how many bytes of the file each packet is handed over.
    private func packetEnds(_ file: [UInt8]) -> [Int] {
        var reader = CaptureReader()
        var ends: [Int] = []
        for index in file.indices {
            try? reader.read([file[index]].span) { _, _ in ends.append(index + 1) }
        }
        return ends
    }
}
