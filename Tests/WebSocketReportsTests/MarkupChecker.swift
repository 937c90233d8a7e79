/// Parses a document as strictly as XML and keeps its contents, to test what reports write.
struct MarkupChecker {
    struct Element {
        let name: String
        let attributes: [String: String]
    }

    enum Fault: Error {
        case unclosed([String])
        case closes(String, open: String?)
        case bareCharacter(Character, near: String)
        case duplicate(String)
        case unreadable(String)
    }

    private(set) var elements: [Element] = []
    /// The text between all tags, unescaped.
    private(set) var text = ""
    private var rest: Substring
    private var open: [String] = []

    init(_ document: String) throws(Fault) {
        rest = document[...]
        for prolog in ["<!DOCTYPE html>\n", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"] where rest.hasPrefix(prolog)
        {
            rest.removeFirst(prolog.count)
        }
        for scalar in document.unicodeScalars where scalar != "\n" {
            guard scalar.properties.generalCategory != .control, scalar.properties.generalCategory != .format else {
                throw .unreadable("U+\(String(scalar.value, radix: 16))")
            }
        }
        while let character = rest.first {
            if character == "<" { try readTag() } else { text += try readText(until: "<") }
        }
        guard open.isEmpty else { throw .unclosed(open) }
    }

    /// All values of an attribute, in any element.
    func values(of attribute: String) -> [String] { elements.compactMap { $0.attributes[attribute] } }

    func count(_ name: String) -> Int { elements.filter { $0.name == name }.count }

    private mutating func readTag() throws(Fault) {
        rest.removeFirst()
        if rest.first == "/" {
            rest.removeFirst()
            let name = take { $0 != ">" }
            rest = rest.dropFirst()
            guard open.last == name else { throw .closes(name, open: open.last) }
            open.removeLast()
            return
        }
        let name = take { $0.isLetter || $0.isNumber || $0 == "-" }
        guard !name.isEmpty else { throw .unreadable(String(rest.prefix(40))) }
        var attributes: [String: String] = [:]
        while rest.first == " ", rest.dropFirst().first != "/" {
            rest.removeFirst()
            let attribute = take { $0.isLetter || $0 == "-" }
            guard !attribute.isEmpty, rest.hasPrefix("=\"") else { throw .unreadable(String(rest.prefix(40))) }
            rest.removeFirst(2)
            let value = try readText(until: "\"")
            rest = rest.dropFirst()
            guard attributes.updateValue(value, forKey: attribute) == nil else { throw .duplicate(attribute) }
        }
        if rest.hasPrefix(" />") {
            rest.removeFirst(3)
        } else {
            guard rest.first == ">" else { throw .unreadable(String(rest.prefix(40))) }
            rest.removeFirst()
            open.append(name)
        }
        elements.append(Element(name: name, attributes: attributes))
        // The text of a style sheet is taken verbatim up to the end tag.
        if name == "style" { _ = take { $0 != "<" } }
    }

    private mutating func readText(until end: Character) throws(Fault) -> String {
        var text = ""
        while true {
            text += take { !Self.isSpecial($0) }
            guard let character = rest.first, character != end else { break }
            guard character == "&" else { throw .bareCharacter(character, near: String(rest.prefix(40))) }
            rest.removeFirst()
            let entity = take { $0 != ";" }
            rest = rest.dropFirst()
            guard let meant = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "#39": "'"][entity] else {
                throw .unreadable("&\(entity);")
            }
            text += meant
        }
        return text
    }

    private static func isSpecial(_ character: Character) -> Bool {
        switch character {
        case "<", ">", "\"", "'", "&": true
        default: false
        }
    }

    private mutating func take(while isPart: (Character) -> Bool) -> String {
        let taken = rest.prefix(while: isPart)
        rest.removeFirst(taken.count)
        return String(taken)
    }
}
