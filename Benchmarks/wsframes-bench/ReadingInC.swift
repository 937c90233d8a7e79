// The C API as C calls it. The handler gets the address of a count, which lives as long as the call.

import BenchmarkWorkloads
import CWebSocketFrames
import CWebSocketFramesHeader
import WebSocketFrames

struct ReadingInC: Receiver {
    static let payload = HandedPayload.data
    private var reader = wsf_reader()

    init(_ stream: Workload.Stream) {
        var options = wsf_options()
        let endpoint: UInt8 = stream.sender == .client ? 0 : 1
        let began = unsafe wsf_options_init(&options, MemoryLayout<wsf_options>.size, endpoint)
        options.permessage_deflate = stream.extensions.includesPermessageDeflate
        options.max_frame = stream.limits.frame
        options.max_message = stream.limits.message
        let ready = unsafe wsf_reader_init(&reader, MemoryLayout<wsf_reader>.size, &options)
        precondition(began && ready, "the C API refuses the options")
    }

    @inline(__always)
    mutating func take(_ bytes: inout MutableSpan<UInt8>, into payloads: inout some PayloadTaker) throws(Violation) {
        var count: UInt64 = 0
        let result = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            unsafe withUnsafeMutablePointer(to: &count) { count in
                unsafe wsf_reader_read_all(
                    &reader, buffer.baseAddress, buffer.count,
                    { context, event, _ in
                        let event = unsafe event.pointee
                        if event.opcode < 8 {
                            unsafe context?.assumingMemoryBound(to: UInt64.self).pointee &+= UInt64(event.payload_count)
                        }
                    }, count, nil)
            }
        }
        precondition(result == WSF_NEED_MORE, "a violation where there is none")
        payloads.take(count: count)
    }

    var end: StreamEnd? {
        var status = wsf_status()
        var reader = reader
        unsafe wsf_reader_status(&reader, &status)
        guard let state = StreamState(rawValue: status.state) else { return nil }
        return StreamEnd(state: state, frames: status.frames, messages: status.messages, position: status.position)
    }
}
