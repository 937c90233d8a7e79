import FixtureCorpus
import WebSocketFrames

extension Workload {
    /// The streams of all accepting fixtures, one after the other and repeated until there are `minimumBytes`.
    static func corpus(minimumBytes: Int) throws(FixtureError) -> Workload {
        let fixtures = try FixtureCorpus.load().filter { $0.expectation.state == .complete && !$0.bytes.isEmpty }
        var bytes: [UInt8] = []
        var streams: [Stream] = []
        var account = Account()
        bytes.reserveCapacity(minimumBytes + (1 << 20))
        repeat {
            for fixture in fixtures where bytes.count < minimumBytes {
                let start = bytes.count
                bytes.append(contentsOf: fixture.bytes)
                streams.append(
                    Stream(
                        start..<bytes.count,
                        sender: fixture.sender ?? (fixture.bytes[1] & 0x80 != 0 ? .client : .server),
                        extensions: fixture.extensions, limits: fixture.limits,
                        frames: fixture.expectation.frames, messages: fixture.expectation.messages))
                account.frames += fixture.expectation.frames
                account.messages += fixture.expectation.messages
                addPayload(of: fixture.bytes, to: &account)
            }
        } while bytes.count < minimumBytes && !fixtures.isEmpty
        return Workload(name: WorkloadKind.corpus.rawValue, bytes: bytes, streams: streams, account: account)
    }

    /// Unmasks the payloads of a stream that breaks no rule, byte by byte.
    private static func addPayload(of stream: [UInt8], to account: inout Account) {
        var at = 0
        while at < stream.count {
            let isControl = stream[at] & 0x08 != 0
            let byte1 = stream[at + 1]
            at += 2
            var length = Int(byte1 & 0x7F)
            if length >= 126 {
                let size = length == 126 ? 2 : 8
                length = stream[at..<(at + size)].reduce(0) { $0 << 8 | Int($1) }
                at += size
            }
            var key: [UInt8] = [0, 0, 0, 0]
            if byte1 & 0x80 != 0 {
                key = Array(stream[at..<(at + 4)])
                at += 4
            }
            for index in 0..<length { account.payload.add(stream[at + index] ^ key[index % 4]) }
            if isControl { account.controlPayloadCount += UInt64(length) }
            at += length
        }
    }
}
