/// The documentation of the rows of JSON lines, for programs and for people.
public enum JSONLinesSchema {
    /// Returns a JSON Schema (draft 2020-12) for one row, with its newline.
    public static func schema() -> String {
        var object = JSONObject()
        object.add("$schema", "https://json-schema.org/draft/2020-12/schema")
        object.add("title", "A row of wsframes --format jsonl")
        object.add("oneOf", RowTable.all.map(row))
        return object.line
    }

    /// Returns the page about the rows, in Markdown.
    public static func article() -> String {
        var text = """
            # Rows of JSON lines

            What `wsframes validate --format jsonl` and `wsframes inspect --format jsonl` print: one object a line, UTF-8.

            ## Overview

            `type` says what a row is about. Keys may be added after those that are there, and are never renamed. The page is
            made by `wsframes schema --format docc`; `wsframes schema` prints the same as a JSON Schema.


            """
        for row in RowTable.all {
            text += "## \(row.type)\n\nA row of this type: \(row.meaning).\n\n| key | value | |\n|---|---|---|\n"
            for key in row.keys { text += "| `\(key.name)` | \(kind(of: key)) | \(key.meaning) |\n" }
            text += "\n"
        }
        while text.hasSuffix("\n\n") { text.removeLast() }
        return text
    }

    private static func row(_ table: RowTable) -> JSONObject {
        var properties = JSONObject()
        var type = JSONObject()
        type.add("const", table.type)
        properties.add("type", type)
        for key in table.keys { properties.add(key.name, schema(of: key)) }
        var object = JSONObject()
        object.add("description", table.meaning)
        object.add("type", "object")
        object.add("properties", properties)
        object.add("required", ["type"] + table.keys.filter { !$0.isOptional }.map(\.name))
        object.add("additionalProperties", false)
        return object
    }

    private static func schema(of key: RowTable.Key) -> JSONObject {
        var object = JSONObject()
        object.add("description", key.meaning)
        var type: String
        switch key.kind {
        case .string: type = "string"
        case .count: type = "integer"
        case .flag: type = "boolean"
        case .strings:
            type = "array"
            var items = JSONObject()
            items.add("type", "string")
            object.add("items", items)
        case .word(let words):
            type = "string"
            // If null is allowed, it is a value besides the words.
            if !key.mayBeNull { object.add("enum", words) } else { object.add("examples", words) }
        case .object: type = "object"
        case .objects: type = "array"
        case .diagnosis:
            type = "object"
            object.add("required", ["name", "certainty", "suspect", "message", "checks"])
        }
        if key.mayBeNull { object.add("type", [type, "null"]) } else { object.add("type", type) }
        return object
    }

    private static func kind(of key: RowTable.Key) -> String {
        let kind =
            switch key.kind {
            case .string: "text"
            case .count: "number"
            case .flag: "true or false"
            case .strings: "list of texts"
            case .word(let words) where words.count > 12: "a word"
            case .word(let words): words.map { "`\($0)`" }.joined(separator: ", ")
            case .diagnosis, .object: "object"
            case .objects: "list of objects"
            }
        return kind + (key.mayBeNull ? " or null" : "") + (key.isOptional ? "; not always there" : "")
    }
}
