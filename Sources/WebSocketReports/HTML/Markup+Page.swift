import WebSocketFrames
import WebSocketInspection

/// A place on the page that links can point to. There are no other links.
enum Anchor {
    case conversation(Int)
    /// The row of a frame, by its sender and its index in the stream.
    case frame(conversation: Int, Endpoint?, UInt64)
    case violation(conversation: Int, Int)
    /// A violation's flag on the time line.
    case flag(conversation: Int, Int)

    var id: String {
        switch self {
        case .conversation(let number): "c\(number)"
        case .frame(let conversation, let sender, let index):
            "c\(conversation)\(sender == .server ? "s" : "c")\(index)"
        case .violation(let conversation, let index): "c\(conversation)v\(index)"
        case .flag(let conversation, let index): "c\(conversation)f\(index)"
        }
    }
}

// The attributes on the page: none contains an address or a script, or any style but a width and a position.
extension Markup.Attribute {
    static func kind(_ name: StaticString) -> Self { Self("class", name.description) }

    static func kinds(_ names: [StaticString]) -> Self {
        Self("class", names.map(\.description).joined(separator: " "))
    }

    static func id(_ anchor: Anchor) -> Self { Self("id", anchor.id) }

    static func link(_ anchor: Anchor) -> Self { Self("href", "#" + anchor.id) }

    /// A text that is shown while the pointer rests on the element.
    static func hover(_ text: String) -> Self { Self("title", text) }

    static func width(pixels: Int) -> Self { Self("style", "width:\(pixels)px") }

    /// A position and a width inside the containing element, in thousandths of its width.
    static func span(_ start: UInt64, _ width: UInt64) -> Self {
        let percent = { (thousandths: UInt64) in "\(thousandths / 10).\(thousandths % 10)%" }
        return Self("style", "left:" + percent(start) + (width > 0 ? ";width:" + percent(width) : ""))
    }

    /// The coordinates of a drawing, which fills the available space.
    static func view(width: Int, height: Int) -> Self { Self("viewBox", "0 0 \(width) \(height)") }
    static let stretched = Self("preserveAspectRatio", "none")

    /// The strokes of a drawing.
    static func path(_ strokes: String) -> Self { Self("d", strokes) }

    static func columns(_ count: Int) -> Self { Self("colspan", String(count)) }

    /// Marks a `details` element as initially open.
    static let isOpen = Self("open", "")

    /// Hides a part of the page from screen readers, since a table below says the same.
    static let decoration = Self("aria-hidden", "true")

    /// Lets the element be clicked, but not reached with the tab key.
    static let passedOver = Self("tabindex", "-1")

    /// Lets a part that scrolls by itself be reached with the keyboard.
    static let reachable = Self("tabindex", "0")
}

extension Markup {
    /// Nothing may be loaded, run or sent, whatever the page contains. (Styles are in the page itself.)
    private static let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

    /// Returns a whole, self-contained page.
    static func page(title: String, body: (inout Markup) -> Void) -> String {
        var page = Markup()
        page.literal("<!DOCTYPE html>\n")
        page.element("html", Attribute("lang", "en")) { html in
            html.literal("\n")
            html.element("head") { head in
                head.literal("\n<meta charset=\"utf-8\" />\n")
                head.empty("meta", Attribute("http-equiv", "Content-Security-Policy"), Attribute("content", policy))
                head.literal(
                    """

                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="color-scheme" content="light dark" />
                    <meta name="referrer" content="no-referrer" />

                    """)
                head.element("title", text: title)
                head.literal("\n<style>")
                head.literal(StyleSheet.text)
                head.literal("</style>\n")
            }
            html.literal("\n")
            html.element("body") { body(&$0) }
            html.literal("\n")
        }
        page.literal("\n")
        return page.source
    }

    /// Writes text that a peer or the user chose. It may be in any script, and does not affect the direction of the
    /// text around it.
    mutating func captured(_ text: String) {
        element("bdi", text: text)
    }

    /// Writes a term and its description, in a `dl`.
    mutating func fact(_ term: String, _ content: (inout Markup) -> Void) {
        element("div") { part in
            part.element("dt", text: term)
            part.element("dd", content: content)
        }
        literal("\n")
    }

    mutating func list(_ items: [String]) {
        element("ul") { list in
            for item in items { list.element("li", text: item) }
        }
        literal("\n")
    }

    /// Writes something wide that scrolls by itself in a narrow window, instead of the whole page.
    mutating func scrolling(_ label: String, _ content: (inout Markup) -> Void) {
        element("div", .kind("wide"), .reachable, Attribute("role", "region"), Attribute("aria-label", label)) {
            $0.literal("\n")
            content(&$0)
        }
        literal("\n")
    }
}
