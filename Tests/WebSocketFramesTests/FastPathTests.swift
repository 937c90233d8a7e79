import FrameKernels
import Testing

@testable import WebSocketFrames

/// Which frames a kernel is asked about, and accepts. The machine judges what a kernel refuses, so no verdict would reveal a
/// kernel that is never used.
@Suite struct FastPathTests {
    /// Whether this processor has kernels.
    private static let hasKernels: Bool = {
        let frame: [UInt8] = [0x81, 0x06] + Array("hello!".utf8)
        return unsafe wsk_validate_frame(frame, frame.count, UInt64(WSK_TEXT) << 2, .max, 0).size > 0
    }()

    private func machine(
        _ sender: Endpoint = .server, _ extensions: AgreedExtensions = .none, limits: Limits = .none,
        inflates: Bool = false, after frames: [[UInt8]] = []
    ) -> FrameMachine {
        var machine = FrameMachine(sender: sender, extensions: extensions, limits: limits, inflates: inflates)
        for frame in frames {
            var index = 0
            while index < frame.count {
                let isJudged = (try? machine.judgeHeader(frame.span, &index)) != nil
                #expect(isJudged)
                let isPayloadJudged = (try? machine.judgePayload(frame.span, &index)) != nil
                #expect(isPayloadJudged)
            }
        }
        return machine
    }

    /// The kind of each opcode, with and without RSV1.
    private func kinds(_ machine: FrameMachine) -> [UInt8: UInt64] {
        var kinds: [UInt8: UInt64] = [:]
        for opcode in UInt8(0)..<32 where machine.fastPathKinds >> (opcode * 2) & 3 != 0 {
            kinds[opcode] = machine.fastPathKinds >> (opcode * 2) & 3
        }
        return kinds
    }

    @Test func theKindsOfPayloads() {
        let plain: [UInt8: UInt64] = [
            1: UInt64(WSK_TEXT), 2: UInt64(WSK_OPAQUE), 9: UInt64(WSK_OPAQUE), 10: UInt64(WSK_OPAQUE),
        ]
        let compressed = plain.merging([17: UInt64(WSK_OPAQUE_TEXT), 18: UInt64(WSK_OPAQUE)]) { $1 }
        let agreed = AgreedExtensions.permessageDeflate
        let used: [[UInt8]] = [[0xC1, 0x01, 0x00]]
        #expect(kinds(machine()) == plain)
        #expect(kinds(machine(.server, agreed)) == plain)
        #expect(kinds(machine(.server, agreed, after: used)) == compressed)
        #expect(kinds(machine(.server, agreed, inflates: true, after: used)) == plain)
    }

    @Test(.enabled(if: hasKernels), arguments: Endpoint.allCases) func whatAKernelAccepts(_ sender: Endpoint) {
        let key: [UInt8]? = sender == .client ? [1, 2, 3, 4] : nil
        func frame(_ byte0: UInt8, _ count: Int = 5) -> [UInt8] {
            ConversationMaker.frame(byte0, [UInt8](repeating: 0x61, count: count), key: key)
        }
        func count(_ frame: [UInt8], _ machine: FrameMachine) -> [Int] {
            var (validating, unmasking) = (machine, machine)
            // A kernel is asked only when at least eight bytes are left.
            var bytes = frame + frame + frame + frame
            let judged = bytes
            var span = bytes.mutableSpan
            return [
                validating.validateSingleFrame(judged.span, from: 0).count,
                unmasking.unmaskSingleFrame(&span, from: 0).count,
            ]
        }
        func expectAccepted(_ frame: [UInt8], _ machine: FrameMachine, _ what: Comment) {
            #expect(count(frame, machine) == [frame.count, frame.count], what)
        }
        for byte0 in [0x81, 0x82, 0x89, 0x8A, 0x01, 0x02] as [UInt8] {
            expectAccepted(frame(byte0), machine(sender), "\(byte0)")
        }
        // Inside a message: continuations and control frames.
        for first in [0x01, 0x02] as [UInt8] {
            let open = machine(sender, after: [frame(first)])
            for byte0 in [0x00, 0x80, 0x89, 0x8A] as [UInt8] { expectAccepted(frame(byte0), open, "\(byte0)") }
            #expect(count(frame(0x81), open) == [0, 0])
        }
        // At the limit, and one byte above it.
        let limits = Limits(frame: 8, message: 10)
        expectAccepted(frame(0x82, 8), machine(sender, limits: limits), "the longest frame")
        #expect(count(frame(0x82, 9), machine(sender, limits: limits)) == [0, 0])
        let full = machine(sender, limits: limits, after: [frame(0x02, 8), frame(0x00, 2)])
        expectAccepted(frame(0x80, 0), full, "nothing more in the longest message")
        #expect(count(frame(0x80, 1), full) == [0, 0])
        // Frames with RSV1 take the fast path once the machine has judged one of them.
        let used = machine(sender, .permessageDeflate, after: [frame(0xC2)])
        for byte0 in [0xC1, 0xC2, 0x81, 0x89] as [UInt8] { expectAccepted(frame(byte0), used, "\(byte0)") }
        #expect(count(frame(0xC2), machine(sender, .permessageDeflate)) == [0, 0])
        #expect(count(frame(0x88, 2), machine(sender)) == [0, 0])
    }

    /// Payload that continues beyond the bytes at hand takes the fast path; its last byte is left to the machine.
    @Test(.enabled(if: hasKernels), arguments: Endpoint.allCases, [0x81, 0x82] as [UInt8])
    func payloadOverSeveralPieces(_ sender: Endpoint, byte0: UInt8) {
        let key: [UInt8]? = sender == .client ? [1, 2, 3, 4] : nil
        let whole = ConversationMaker.frame(byte0, [UInt8](repeating: 0x61, count: 100), key: key)
        let start = whole.count - 100
        var open = machine(sender)
        var index = 0
        let isJudged = (try? open.judgeHeader(whole.span, &index)) == true
        #expect(isJudged && index == start)
        for (count, continues) in [(1, true), (99, true), (100, false)] {
            var (validating, unmasking) = (open, open)
            #expect(validating.validateFastPathPayload(whole.span.extracting(start..<(start + count))) == continues)
            var bytes = Array(whole[start..<(start + count)])
            var span = bytes.mutableSpan
            let isUnmasked = unmasking.unmaskFastPathPayload(&span)
            #expect(isUnmasked == continues)
            #expect(!continues || bytes.allSatisfy { $0 == 0x61 })
        }
    }
}
