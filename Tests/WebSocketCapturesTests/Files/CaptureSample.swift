/// Small captures with every feature, for tests that truncate and corrupt them.
enum CaptureSample {
    static let all: [[UInt8]] =
        [pcap(bigEndian: false), pcap(bigEndian: true)] + [pcapng(false), pcapng(true), sections]

    static func pcap(bigEndian: Bool) -> [UInt8] {
        var file = CaptureBytes(bigEndian: bigEndian)
        file.addFileHeader(magic: bigEndian ? 0xA1B2_3C4D : 0xA1B2_C3D4)
        file.addRecord(seconds: 1_700_000_000, fraction: 123_456, packet(30))
        file.addRecord([])
        file.addRecord(packet(7), original: 1500)
        file.addRecord(packet(16))
        return file.bytes
    }

    /// Every block type that is read, and some that are skipped.
    static func pcapng(_ bigEndian: Bool) -> [UInt8] {
        var file = CaptureBytes(bigEndian: bigEndian)
        file.addSection(options: [0, 1, 0, 0])
        file.addInterface(snapLength: 20)
        file.addSimple(packet(20), original: 33)
        file.addInterface(link: 101, resolution: 9, offset: 5)
        file.addEnhanced(interface: 1, units: 1_700_000_000_123_456_789, packet(13))
        file.addBlock(0x0000_0005) { $0.bytes += packet(25) }
        file.addOld(interface: 1, packet(6))
        file.addBlock(0x0000_000A) { $0.bytes += packet(16) }
        file.addEnhanced(packet(0), original: 60)
        file.addBlock(0x8000_0001) { _ in }
        return file.bytes
    }

    /// Two sections with different byte orders.
    static let sections: [UInt8] = {
        var first = CaptureBytes(bigEndian: true)
        first.addSection(length: 3)
        first.addInterface(link: 113)
        first.addEnhanced(packet(8))
        var second = CaptureBytes(bigEndian: false)
        second.addSection()
        second.addInterface(link: 1)
        second.addEnhanced(packet(9))
        return first.bytes + second.bytes
    }()

    static func packet(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8($0 + 0x40) }
    }
}
