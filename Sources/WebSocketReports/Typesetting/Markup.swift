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
        // By bytes: a search for characters costs more than all else about a report.
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if !isFirst { source += "\n" }
            isFirst = false
            self.text(String(Substring(line)))
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
        return Escaping.rewritten(Escaping.visible(text), where: { reference(for: $0) != nil }) {
            $1 += reference(for: UInt8(truncatingIfNeeded: $0.value)) ?? ""
        }
    }

    /// Returns the character reference that stands for a byte of UTF-8; nil if the byte may stand for itself.
    private static func reference(for byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#39;"
        default: nil
        }
    }

    /// Returns whether a byte of UTF-8 is a visible character that may stand for itself.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x20...0x7E).contains(byte) && reference(for: byte) == nil
    }
}
