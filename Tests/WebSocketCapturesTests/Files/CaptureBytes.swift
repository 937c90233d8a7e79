/// Writes capture files, in either byte order.
struct CaptureBytes {
    var bytes: [UInt8] = []
    let isBigEndian: Bool

    init(bigEndian: Bool) {
        isBigEndian = bigEndian
    }

    // MARK: Numbers

    mutating func add16(_ value: UInt16) {
        add(UInt64(value), 2)
    }

    mutating func add32(_ value: UInt32) {
        add(UInt64(value), 4)
    }

    mutating func add64(_ value: UInt64) {
        add(value, 8)
    }

    private mutating func add(_ value: UInt64, _ count: Int) {
        let littleEndian = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        bytes += isBigEndian ? littleEndian.reversed() : littleEndian
    }

    // MARK: pcap

    mutating func addFileHeader(magic: UInt32 = 0xA1B2_C3D4, link: UInt32 = 1, major: UInt16 = 2) {
        add32(magic)
        add16(major)
        add16(4)
        add64(0)
        add32(65535)
        add32(link)
    }

    mutating func addRecord(
        seconds: UInt32 = 1, fraction: UInt32 = 0, _ packet: [UInt8], captured: UInt32? = nil, original: UInt32? = nil
    ) {
        add32(seconds)
        add32(fraction)
        add32(captured ?? UInt32(packet.count))
        add32(original ?? UInt32(packet.count))
        bytes += packet
    }

    // MARK: pcapng

    /// A block with this body, padded, and with both lengths.
    mutating func addBlock(_ type: UInt32, length: UInt32? = nil, _ body: (inout CaptureBytes) -> Void) {
        var inner = CaptureBytes(bigEndian: isBigEndian)
        body(&inner)
        while inner.bytes.count % 4 != 0 { inner.bytes.append(0) }
        let length = length ?? UInt32(inner.bytes.count + 12)
        add32(type)
        add32(length)
        bytes += inner.bytes
        add32(length)
    }

    mutating func addSection(major: UInt16 = 1, length: UInt64 = .max, options: [UInt8] = []) {
        addBlock(0x0A0D_0D0A) {
            $0.add32(0x1A2B_3C4D)
            $0.add16(major)
            $0.add16(0)
            $0.add64(length)
            $0.bytes += options
        }
    }

    mutating func addInterface(
        link: UInt16 = 1, snapLength: UInt32 = 0, resolution: UInt8? = nil, offset: Int64? = nil
    ) {
        addBlock(1) {
            $0.add16(link)
            $0.add16(0)
            $0.add32(snapLength)
            $0.addOption(2, Array("eth0x".utf8))
            if let resolution { $0.addOption(9, [resolution]) }
            if let offset {
                $0.add16(14)
                $0.add16(8)
                $0.add64(UInt64(bitPattern: offset))
            }
            $0.addOption(0, [])
        }
    }

    mutating func addOption(_ code: UInt16, _ value: [UInt8]) {
        add16(code)
        add16(UInt16(value.count))
        bytes += value
        while bytes.count % 4 != 0 { bytes.append(0) }
    }

    mutating func addEnhanced(
        interface: UInt32 = 0, units: UInt64 = 1_000_000, _ packet: [UInt8], captured: UInt32? = nil,
        original: UInt32? = nil
    ) {
        addBlock(6) {
            $0.add32(interface)
            $0.add32(UInt32(units >> 32))
            $0.add32(UInt32(truncatingIfNeeded: units))
            $0.add32(captured ?? UInt32(packet.count))
            $0.add32(original ?? UInt32(packet.count))
            $0.bytes += packet
            while $0.bytes.count % 4 != 0 { $0.bytes.append(0) }
            $0.addOption(1, Array("a comment".utf8))
            $0.addOption(0, [])
        }
    }

    /// An obsolete Packet Block.
    mutating func addOld(interface: UInt16 = 0, units: UInt64 = 1_000_000, _ packet: [UInt8]) {
        addBlock(2) {
            $0.add16(interface)
            $0.add16(7)
            $0.add32(UInt32(units >> 32))
            $0.add32(UInt32(truncatingIfNeeded: units))
            $0.add32(UInt32(packet.count))
            $0.add32(UInt32(packet.count))
            $0.bytes += packet
        }
    }

    mutating func addSimple(_ packet: [UInt8], original: UInt32? = nil) {
        addBlock(3) {
            $0.add32(original ?? UInt32(packet.count))
            $0.bytes += packet
        }
    }
}
