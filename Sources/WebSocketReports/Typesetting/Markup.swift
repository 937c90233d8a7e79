/// A document of elements, as HTML and XML have them, that nothing from an input can break out of.
///
/// What is written as it stands is a `StaticString`: a literal of this code. Every `String`, wherever it comes from, goes
/// through ``escaped(_:)``. Elements are closed by the function that opens them, so the document is well-formed.
struct Markup {
    /// The document so far.
    private(set) var source = ""

    /// A name that is a literal, and a value that may be anything.
    struct Attribute {
        fileprivate let name: StaticString
        fileprivate let value: String

        init(_ name: StaticString, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Writes a literal as it stands: a document's first line, a style sheet, a line feed between elements.
    mutating func literal(_ text: StaticString) {
        source += text.description
    }

    /// Writes text.
    mutating func text(_ text: String) {
        source += Self.escaped(text)
    }

    /// Writes text of several lines, whose line feeds stay.
    mutating func lines(_ text: String) {
        var isFirst = true
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if !isFirst { source += "\n" }
            isFirst = false
            self.text(String(line))
        }
    }

    /// Writes what was made apart.
    mutating func append(_ other: Markup) {
        source += other.source
    }

    /// Writes an element and what `content` puts into it. Attributes that are nil are left out.
    mutating func element(
        _ name: StaticString, _ attributes: Attribute?..., content: (inout Markup) -> Void
    ) {
        open(name, attributes)
        content(&self)
        close(name)
    }

    /// Writes an element with nothing in it but text.
    mutating func element(_ name: StaticString, _ attributes: Attribute?..., text: String) {
        open(name, attributes)
        self.text(text)
        close(name)
    }

    /// Writes an element that has no content, `<meta … />`.
    mutating func empty(_ name: StaticString, _ attributes: Attribute?...) {
        open(name, attributes, end: " />")
    }

    private mutating func open(_ name: StaticString, _ attributes: [Attribute?], end: StaticString = ">") {
        source += "<" + name.description
        for case let attribute? in attributes {
            source += " " + attribute.name.description + "=\"" + Self.escaped(attribute.value) + "\""
        }
        source += end.description
    }

    private mutating func close(_ name: StaticString) {
        source += "</" + name.description + ">"
    }
}

extension Markup {
    /// A text that is itself again once a reader has undone the escapes, and is neither markup nor an attribute's end.
    ///
    /// Before that, what is not plainly visible is written out (``Escaping/visible(_:)``): control characters may not
    /// stand in XML 1.0 at all, and others could reorder the page around them.
    static func escaped(_ text: String) -> String {
        guard !text.utf8.allSatisfy(isPlain) else { return text }
        var escaped = ""
        for scalar in Escaping.visible(text).unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// A byte of UTF-8 that is a character which stands for itself.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x22, 0x26, 0x27, 0x3C, 0x3E: false
        default: (0x20...0x7E).contains(byte)
        }
    }
}
