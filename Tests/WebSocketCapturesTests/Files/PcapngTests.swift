import Testing
import WebSocketCaptures

@Suite("pcapng")
struct PcapngTests {
    private func file(bigEndian: Bool = false, _ body: (inout CaptureBytes) -> Void) -> CaptureBytes {
        var file = CaptureBytes(bigEndian: bigEndian)
        file.addSection()
        body(&file)
        return file
    }

    @Test("enhanced, obsolete and simple packet blocks of several interfaces", arguments: [false, true])
    func packets(bigEndian: Bool) {
        let read = ReadCapture(
            file(bigEndian: bigEndian) {
                $0.addInterface(link: 1, snapLength: 3)
                $0.addInterface(link: 276, resolution: 9)
                $0.addEnhanced(interface: 1, units: 5, [1, 2, 3, 4, 5], original: 90)
                $0.addEnhanced(units: 0x1_0000_0002, [6])
                $0.addOld(interface: 1, units: 7, [7, 8])
                $0.addSimple([9, 9, 9], original: 1000)
                $0.addSimple([9, 9], original: 2)
                $0.addEnhanced([])
            })
        #expect(read.error == nil)
        #expect(read.contents == [[1, 2, 3, 4, 5], [6], [7, 8], [9, 9, 9], [9, 9], []])
        #expect(read.numbers == [1, 2, 3, 4, 5, 6])
        #expect(read.links == [276, 1, 276, 1, 1, 1])
        #expect(read.times == [5, 0x1_0000_0002 * 1000, 7, nil, nil, 1_000_000_000])
        #expect(read.originalLengths == [90, 1, 2, 1000, 2, 0])
    }

    @Test("a section has its own byte order and interfaces, and its declared length is ignored")
    func sections() {
        let read = ReadCapture(CaptureSample.sections)
        #expect(read.error == nil)
        #expect(read.links == [113, 1])
        #expect(read.numbers == [1, 2])

        var first = file { $0.addInterface() }
        first.addSection()
        first.addEnhanced([1])
        #expect(ReadCapture(first).error?.message.contains("is of interface 0, and the section describes 0") == true)
    }

    @Test("irrelevant blocks are skipped, and secrets are reported")
    func passedOver() {
        let types: [UInt32] = [4, 5, 7, 8, 0x101, 0x204, 0x8000_0001, 0xFFFF_FFFF]
        let read = ReadCapture(
            file {
                $0.addInterface()
                for type in types {
                    $0.addEnhanced([1])
                    $0.addBlock(type) { $0.bytes += CaptureSample.packet(21) }
                    $0.addBlock(type) { _ in }
                }
                $0.addEnhanced([1])
            })
        #expect(read.error == nil)
        #expect(read.numbers == (1...UInt64(types.count + 1)).map { $0 })
        #expect(!read.holdsDecryptionSecrets)
        #expect(ReadCapture(file { $0.addBlock(0x0A) { $0.bytes += [1] } }).holdsDecryptionSecrets)
    }

    @Test("journal and custom blocks count as packets, as they do in Wireshark")
    func numbered() {
        let read = ReadCapture(
            file {
                $0.addInterface()
                for type in [UInt32(9), 0xBAD, 0x4000_0BAD] {
                    $0.addEnhanced([1])
                    $0.addBlock(type) { $0.add32(32473) }
                }
                $0.addEnhanced([1])
            })
        #expect(read.error == nil)
        #expect(read.numbers == [1, 3, 5, 7])
    }

    @Test("a block whose length does not include the padding")
    func uncountedPadding() {
        let read = ReadCapture(
            file {
                $0.addInterface()
                $0.addBlock(0x1234, length: 15) { $0.bytes += [1, 2, 3] }
                $0.addBlock(3, length: 17) { body in
                    body.add32(1)
                    body.bytes.append(5)
                }
            })
        #expect(read.error == nil)
        #expect(read.contents == [[5]])
    }

    @Test("wrong lengths end the file at their offset, after the packets before them")
    func lies() {
        for bigEndian in [false, true] {
            let start = file(bigEndian: bigEndian) {
                $0.addInterface(snapLength: 40)
                $0.addEnhanced([1])
            }
            let at = UInt64(start.bytes.count)
            func expect(_ offset: UInt64, _ part: String, _ body: (inout CaptureBytes) -> Void) {
                var broken = start
                body(&broken)
                let read = ReadCapture(broken)
                #expect(read.contents == [[1]])
                #expect(read.error?.offset == offset, "\(read.error?.message ?? "no error")")
                #expect(read.error?.message.contains(part) == true, "\(read.error?.message ?? "no error")")
                #expect(read.error?.message.contains("byte \(offset)") == true)
            }
            for length in [UInt32(0), 1, 11] {
                expect(at + 4, "a block has the length \(length)") { $0.addBlock(99, length: length) { _ in } }
                expect(at + 4, "packet 2 has the length \(length)") { $0.addBlock(6, length: length) { _ in } }
            }
            expect(at + 4, "the least is 32") {
                $0.addBlock(6, length: 31) { $0.bytes += Array(repeating: 0, count: 20) }
            }
            expect(at + 4, "the least is 28") { $0.addBlock(0x0A0D_0D0A, length: 24) { $0.add32(0x1A2B_3C4D) } }
            expect(at + 4, "the most is 16777216") { $0.addBlock(6, length: .max) { $0.bytes += [1] } }
            expect(at + 4, "the most is 16777216") { $0.addBlock(1, length: 16_777_217) { $0.bytes += [1] } }
            expect(at + 16, "ends inside a block of type 0x00000063") {
                $0.addBlock(99, length: .max) { $0.bytes += [1] }
            }
            expect(at + 16, "the two lengths of a block differ: 20 at its start, 99") {
                $0.addBlock(99, length: 20) { _ in }
                $0.bytes.removeLast(4)
                $0.add32(7)
                $0.add32(99)
                $0.add32(99)
            }
            expect(at + 20, "5 of its bytes were captured, and its block has room for 4") {
                $0.addBlock(2) { for value in [UInt32(0), 0, 0, 5, 5, 0] { $0.add32(value) } }
            }
            expect(at + 20, "4294967295 of its bytes") { $0.addEnhanced([1], captured: .max) }
            expect(at + 8, "40 of its bytes were captured, and its block has room for 36") {
                $0.addSimple(CaptureSample.packet(36), original: 50)
            }
            expect(at + 8, "is of interface 1, and the section describes 1") { $0.addEnhanced(interface: 1, [1]) }
            expect(at + 8, "is of interface 65535, and") { $0.addOld(interface: 65535, [1]) }
            expect(at + 8, "no byte-order magic") { $0.addBlock(0x0A0D_0D0A) { $0.add32(0x1A2B_3C4E) } }
            expect(at + 12, "version 2.0 of the pcapng format") { $0.addSection(major: 2) }
            expect(at + 20, "an option of interface 1 runs past") {
                $0.addBlock(1) {
                    $0.add64(0)
                    $0.addOption(77, [])
                    $0.add16(9)
                    $0.add16(1)
                }
            }
        }
    }

    @Test("a simple packet without an interface")
    func homeless() {
        let read = ReadCapture(file { $0.addSimple([1]) })
        #expect(read.error?.message == "packet 1, at byte 28, is of interface 0, and the section describes 0")
    }

    @Test("where a truncated file ends")
    func endings() {
        var file = file { $0.addInterface() }
        let start = file.bytes.count
        file.addEnhanced(CaptureSample.packet(50))
        func message(_ count: Int) -> String? { ReadCapture(Array(file.bytes[..<count])).error?.message }
        #expect(message(9) == "the capture ends inside the header of a section, at byte 9: 9 of 12 bytes are there")
        #expect(message(20) == "the capture ends inside the header of a section, at byte 20: 20 of 28 bytes are there")
        #expect(
            message(40)
                == "the capture ends inside the description of interface 0, at byte 40: 12 of 36 bytes are there")
        #expect(message(start) == nil)
        #expect(
            message(start + 5)
                == "the capture ends inside the header of a block, at byte \(start + 5): 5 of 8 bytes are there")
        #expect(
            message(start + 60)
                == "the capture ends inside the block of packet 1, at byte \(start + 60): 60 of 104 bytes are there")
        file = self.file { $0.addBlock(0x0A) { $0.bytes += CaptureSample.packet(20) } }
        for count in 8..<32 {
            #expect(
                message(28 + count)
                    == "the capture ends inside a block of type 0x0000000A, at byte \(28 + count): "
                    + "\(count) of 32 bytes are there")
        }
    }

    @Test("an irrelevant block of 4 GiB is skipped, whatever it holds")
    func hugeBlock() throws {
        var start = file { $0.addInterface() }
        start.add32(99)
        start.add32(.max - 3)
        var end = CaptureBytes(bigEndian: false)
        end.add32(.max - 3)
        end.addEnhanced([1])
        let piece = Array(repeating: UInt8(6), count: 1 << 20)
        var reader = CaptureReader()
        var numbers: [UInt64] = []
        try reader.read(start.bytes.span) { record, _ in numbers.append(record.packetPosition.packet) }
        for _ in 0..<4095 { try reader.read(piece.span) { record, _ in numbers.append(record.packetPosition.packet) } }
        let rest = Array(piece[..<((1 << 20) - 16)]) + end.bytes
        try reader.read(rest.span) { record, _ in numbers.append(record.packetPosition.packet) }
        try reader.finish()
        #expect(numbers == [1])
    }

    @Test("no file makes the reader remember interfaces without limit")
    func interfaces() {
        var block = CaptureBytes(bigEndian: false)
        block.addBlock(1) { $0.add64(1) }
        let start = file { _ in }.bytes
        let most = repeatElement(block.bytes, count: CaptureReader.maximumInterfaceCount).joined()
        #expect(ReadCapture(start + most).error == nil)
        let error = ReadCapture(start + most + block.bytes).error
        #expect(error?.message.contains("more than 65536 interfaces") == true)
    }
}
