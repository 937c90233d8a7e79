import WebSocketCaptures
import WebSocketFrames

/// The phrases that the audit's sentences share.
enum AuditWords {
    /// An endpoint that has been silent for so long, in nanoseconds, may have met an idle timeout. (The shortest that
    /// proxies use are about that.)
    static let idleTime: UInt64 = 10_000_000_000

    /// ` in packet 118`, or nothing where the packet is not known.
    static func inPacket(_ place: Place?) -> String {
        place?.packetPosition.map { " in packet \($0.packet)" } ?? ""
    }

    /// `, packet 118`, or nothing.
    static func packet(_ place: Place?) -> String {
        place?.packetPosition.map { ", packet \($0.packet)" } ?? ""
    }

    /// `1002 (protocol error)`, or `without a code`.
    static func code(_ code: CloseCode?) -> String {
        // An endpoint may well have sent a code that is never to be sent.
        code.map { "\($0.rawValue) (\($0.name.replacing(" (never sent)", with: "")))" } ?? "without a code"
    }

    /// `with 1002 (protocol error)`, or `without a code`.
    static func with(_ code: CloseCode?) -> String {
        code == nil ? Self.code(code) : "with " + Self.code(code)
    }

    /// `ended the TCP connection in packet 118`.
    static func ended(_ end: TCPEnd) -> String {
        end.words + inPacket(end.place)
    }

    /// ` It gave the reason "…".`, or nothing. What is not a letter, a number or printable ASCII is replaced.
    static func reason(_ close: SeenClose?) -> String {
        guard let close, !close.reason.isEmpty else { return "" }
        var text = ""
        for scalar in String(decoding: close.reason, as: UTF8.self).unicodeScalars {
            let isPlain = (0x20...0x7E).contains(scalar.value) && scalar != "\"" && scalar != "\\"
            text.unicodeScalars.append(isPlain || Wording.isLetterOrNumber(scalar) ? scalar : "\u{FFFD}")
        }
        return " It gave the reason \"\(text)\"."
    }

    /// Whole seconds, as `42 s`; nil for less than one, and where the time is not known.
    static func duration(_ nanoseconds: UInt64?) -> String? {
        guard let nanoseconds, nanoseconds >= 1_000_000_000 else { return nil }
        return "\(nanoseconds / 1_000_000_000) s"
    }
}
