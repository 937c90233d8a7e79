// The fence around C and C++: the only file here that contains `unsafe`.

import CRivals
import WebSocketFrames

/// A parser wrapped in a C function.
enum CRival: Rival {
    case wslay, beast, websocketpp

    var name: String {
        switch self {
        case .wslay: "wslay \(unsafe Versions.package("WSLAY") ?? Self.text(rival_wslay_version))"
        case .beast: "Boost.Beast \(unsafe Self.text(rival_beast_version).replacing("_", with: "."))"
        case .websocketpp: "WebSocket++ \(unsafe Self.text(rival_websocketpp_version))"
        }
    }

    private static func text(_ version: () -> UnsafePointer<CChar>?) -> String {
        // A string that C never frees and that ends with a zero byte.
        unsafe version().map { unsafe String(cString: $0) } ?? ""
    }

    var summary: String {
        switch self {
        case .wslay: "event API without buffering: UTF-8 judged, handed over in pieces, pings answered"
        case .beast: "`websocket::stream` over memory: UTF-8 judged, read into a buffer of 64 KiB, pings answered"
        case .websocketpp: "its processor: UTF-8 judged, each message gathered in a string"
        }
    }

    func prepare(_ input: Input, sums: Bool) -> () -> Answer {
        {
            // The task's pointer covers the whole array, and is only used during the call.
            let found = unsafe input.bytes.withUnsafeBufferPointer { buffer in
                let task = unsafe rival_task(
                    bytes: buffer.baseAddress, count: buffer.count, chunk: Input.chunk,
                    sent_by_client: input.sender == .client ? 1 : 0, deflate: input.agreesOnDeflate ? 1 : 0,
                    max_message: input.limits.message == .max ? 0 : input.limits.message, sums: sums ? 1 : 0)
                return switch self {
                case .wslay: unsafe rival_wslay(task)
                case .beast: unsafe rival_beast(task)
                case .websocketpp: unsafe rival_websocketpp(task)
                }
            }
            return Answer(
                payload: found.payload, sum: found.sum, messages: found.messages, isRejected: found.rejected != 0)
        }
    }
}

/// The nanoseconds that this thread has run.
var threadNanoseconds: UInt64 { rival_thread_nanoseconds() }
