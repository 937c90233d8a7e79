import WebSocketCaptures

/// The packets and the error that a reader found in a capture.
struct ReadCapture: Equatable {
    struct Packet: Equatable {
        var record: PacketRecord
        var bytes: [UInt8]
    }

    var packets: [Packet] = []
    var error: CaptureError?
    var holdsDecryptionSecrets = false

    /// Reads a file that arrives in pieces.
    init(_ pieces: [ArraySlice<UInt8>]) {
        var reader = CaptureReader()
        do throws(CaptureError) {
            for piece in pieces {
                try reader.read(Array(piece).span) { record, bytes in
                    packets.append(Packet(record: record, bytes: bytes.indices.map { bytes[$0] }))
                }
            }
            try reader.finish()
        } catch {
            self.error = error
        }
        holdsDecryptionSecrets = reader.holdsDecryptionSecrets
    }

    init(_ file: [UInt8]) {
        self.init([file[...]])
    }

    init(_ file: CaptureBytes) {
        self.init(file.bytes)
    }

    var numbers: [UInt64] { packets.map(\.record.packetPosition.packet) }
    var times: [UInt64?] { packets.map(\.record.packetPosition.time?.nanoseconds) }
    var contents: [[UInt8]] { packets.map(\.bytes) }
    var originalLengths: [UInt64] { packets.map(\.record.originalLength) }
    var links: [UInt16] { packets.map(\.record.link.rawValue) }
}
