/// A document of elements, in HTML or XML, that nothing from an input can break out of.
///
/// Only a `StaticString`, a literal in this code, is written as it is. Every `String`, wherever it comes from, goes
/// through ``escaped(_:)``. Elements are closed by the function that opens them, so the document is well-formed.
struct Markup {
    /// The document so far.
    private(set) var source = ""

    /// An attribute: a name that is a literal, and an arbitrary value.
    struct Attribute {
        fileprivate let name: StaticString
        fileprivate let value: String

        init(_ name: StaticString, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Writes a literal as it is: a document's first line, a style sheet, a line feed between elements.
    mutating func literal(_ text: StaticString) {
        source += text.description
    }

    /// Writes text.
    mutating func text(_ text: String) {
        source += Self.escaped(text)
    }

    /// Writes text of several lines, keeping its line feeds.
    mutating func lines(_ text: String) {
        var isFirst = true
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if !isFirst { source += "\n" }
            isFirst = false
            self.text(String(line))
        }
    }

    /// Appends a document that was built separately.
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

    /// Writes an element that contains only text.
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
    /// Returns text that a reader gets back by undoing the escapes, and that is neither markup nor the end of an
    /// attribute.
    ///
    /// Before that, what is not plainly visible is escaped (``Escaping/visible(_:)``): control characters are not
    /// allowed in XML 1.0 at all, and others could reorder the page around them.
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

    /// Returns whether a byte of UTF-8 is a character that stands for itself.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x22, 0x26, 0x27, 0x3C, 0x3E: false
        default: (0x20...0x7E).contains(byte)
        }
    }
}
