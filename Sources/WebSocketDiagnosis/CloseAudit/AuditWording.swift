import WebSocketCaptures
import WebSocketFrames

/// The phrases that the audit's sentences share.
enum AuditWording {
    /// The number of nanoseconds of silence after which an endpoint may have run into an idle timeout. (The shortest
    /// ones that proxies use are about this long.)
    static let idleTime: UInt64 = 10_000_000_000

    /// Returns ` in packet 118`, or nothing if the packet is not known.
    static func inPacket(_ position: EventPosition?) -> String {
        position?.packetPosition.map { " in packet \($0.packet)" } ?? ""
    }

    /// Returns `, packet 118`, or nothing.
    static func packet(_ position: EventPosition?) -> String {
        position?.packetPosition.map { ", packet \($0.packet)" } ?? ""
    }

    /// Returns `1002 (protocol error)`, or `without a code`.
    static func code(_ code: CloseCode?) -> String {
        guard let code else { return "without a code" }
        // An endpoint may have sent a code that must never be sent.
        let remark = " (never sent)"
        let name = code.name.hasSuffix(remark) ? String(code.name.dropLast(remark.count)) : code.name
        return "\(code.rawValue) (\(name))"
    }

    /// Returns `with 1002 (protocol error)`, or `without a code`.
    static func with(_ code: CloseCode?) -> String {
        code == nil ? Self.code(code) : "with " + Self.code(code)
    }

    /// Returns `ended the TCP connection in packet 118`.
    static func ended(_ end: TCPEnd) -> String {
        end.words + inPacket(end.position)
    }

    /// Returns ` It gave the reason "…".`, or nothing. Anything but letters, numbers and printable ASCII is replaced.
    static func reason(_ close: SeenClose?) -> String {
        guard let close, !close.reason.isEmpty else { return "" }
        var text = ""
        for scalar in String(decoding: close.reason, as: UTF8.self).unicodeScalars {
            let isPlain = (0x20...0x7E).contains(scalar.value) && scalar != "\"" && scalar != "\\"
            text.unicodeScalars.append(isPlain || Wording.isLetterOrNumber(scalar) ? scalar : "\u{FFFD}")
        }
        return " It gave the reason \"\(text)\"."
    }

    /// Returns whole seconds, as `42 s`; nil for less than one, and if the time is not known.
    static func duration(_ nanoseconds: UInt64?) -> String? {
        guard let nanoseconds, nanoseconds >= 1_000_000_000 else { return nil }
        return "\(nanoseconds / 1_000_000_000) s"
    }
}
