import Testing
import WebSocketCaptures

@Suite("pcap")
struct PcapTests {
    @Test("the same packets in both byte orders and with both resolutions of time", arguments: [false, true])
    func packets(bigEndian: Bool) {
        for (magic, fraction) in [(UInt32(0xA1B2_C3D4), 1000), (0xA1B2_3C4D, UInt64(1))] {
            var file = CaptureBytes(bigEndian: bigEndian)
            file.addFileHeader(magic: magic, link: 113)
            file.addRecord(seconds: 1_700_000_000, fraction: 999_999, [1, 2, 3])
            file.addRecord(seconds: .max, fraction: .max, [], original: 70)
            file.addRecord([4], original: 0)
            let read = ReadCapture(file)
            #expect(read.error == nil)
            #expect(read.contents == [[1, 2, 3], [], [4]])
            #expect(read.numbers == [1, 2, 3])
            #expect(read.links == [113, 113, 113])
            #expect(read.originalLengths == [3, 70, 1])
            let latest = UInt64(UInt32.max) * 1_000_000_000 + UInt64(UInt32.max) * fraction
            #expect(read.times == [1_700_000_000_000_000_000 + 999_999 * fraction, latest, 1_000_000_000])
        }
    }

    @Test("the upper bits of the link type declare a check sequence, and are not part of the type")
    func checkSequence() {
        var file = CaptureBytes(bigEndian: false)
        file.addFileHeader(link: 0x2400_0001)
        file.addRecord([1])
        #expect(ReadCapture(file).links == [1])
    }

    @Test("a length above the ceiling is damage, reported with its offset")
    func tooLong() {
        var file = CaptureBytes(bigEndian: true)
        file.addFileHeader()
        file.addRecord([1, 2])
        let start = file.bytes.count
        for length in [UInt32(CaptureReader.maximumRecordLength) + 1, .max, 1 << 31] {
            var broken = file
            broken.addRecord([3], captured: length)
            let read = ReadCapture(broken)
            #expect(read.contents == [[1, 2]])
            #expect(read.error?.offset == UInt64(start + 8))
            #expect(
                read.error?.message
                    == "packet 2 says at byte \(start + 8) that \(length) of its bytes were captured, and the most is "
                    + "16777216")
        }
        file.addRecord([3], captured: UInt32(CaptureReader.maximumRecordLength))
        #expect(ReadCapture(file).error?.message.contains("ends inside packet 2") == true)

        file.bytes += Array(repeating: 0, count: CaptureReader.maximumRecordLength - 1)
        var reader = CaptureReader()
        var counts: [Int] = []
        #expect(throws: Never.self) {
            try reader.read(file.bytes.span) { counts.append($1.count) }
            try reader.finish()
        }
        #expect(counts == [2, CaptureReader.maximumRecordLength])
    }

    @Test("where a truncated file ends")
    func endings() {
        var file = CaptureBytes(bigEndian: false)
        #expect(ReadCapture(file).error?.message == "no packet capture: the file is empty")
        file.addFileHeader()
        #expect(ReadCapture(Array(file.bytes[..<3])).error?.message == "no packet capture: it ends at byte 3")
        #expect(
            ReadCapture(Array(file.bytes[..<10])).error?.message
                == "the capture ends inside its file header, at byte 10: 10 of 24 bytes are there")
        #expect(ReadCapture(file).error == nil)
        file.addRecord([1, 2, 3])
        #expect(
            ReadCapture(Array(file.bytes[..<31])).error?.message
                == "the capture ends inside the header of packet 1, at byte 31: 7 of 16 bytes are there")
        let error = ReadCapture(Array(file.bytes[..<41])).error
        #expect(error?.message == "the capture ends inside packet 1, at byte 41: 1 of 3 bytes are there")
        #expect(error?.offset == 41)
    }

    @Test("other files, variants and versions are refused")
    func refused() {
        let request = ReadCapture(Array("GET / HTTP/1.1\r\n".utf8)).error
        #expect(request?.message == "no packet capture: 0x47455420 at byte 0 is the magic number of none")
        for bigEndian in [false, true] {
            var variant = CaptureBytes(bigEndian: bigEndian)
            variant.addFileHeader(magic: 0xA1B2_CD34)
            #expect(ReadCapture(variant).error?.message.hasPrefix("a variant of pcap with the magic number 0x") == true)
            var version = CaptureBytes(bigEndian: bigEndian)
            version.addFileHeader(major: 3)
            version.addRecord([1])
            #expect(ReadCapture(version).packets.isEmpty)
            #expect(
                ReadCapture(version).error?.message
                    == "version 3.4 of the pcap format at byte 4: only 2.x is known")
        }
    }

    @Test("an error is final")
    func sticky() {
        var reader = CaptureReader()
        let file = CaptureSample.pcap(bigEndian: false)
        let first = #expect(throws: CaptureError.self) {
            try reader.read([0x47, 0x45, 0x54, 0x20].span) { _, _ in }
        }
        let second = #expect(throws: CaptureError.self) {
            try reader.read(file.span) { _, _ in Issue.record("a packet after an error") }
        }
        let third = #expect(throws: CaptureError.self) { try reader.finish() }
        #expect(first != nil && first == second && first == third)
    }
}
