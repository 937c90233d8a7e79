import FixtureCorpus
import Foundation
import SeededRandom
import Testing

/// Every row conforms to `wsframes schema`.
@Suite struct SchemaTests {
    private struct Shape {
        let properties: [String: [String: Any]]
        let required: Set<String>

        init?(_ row: Any) {
            guard let row = row as? [String: Any], let properties = row["properties"] as? [String: [String: Any]],
                let required = row["required"] as? [String]
            else { return nil }
            self.properties = properties
            self.required = Set(required)
        }

        /// What is wrong with the row, if anything.
        func fault(of row: [String: Any]) -> String? {
            if let missing = required.first(where: { row[$0] == nil }) { return "no \(missing)" }
            for (key, value) in row {
                guard let property = properties[key] else { return "unknown key \(key)" }
                if let words = (property["enum"] ?? property["examples"]) as? [String], !(value is NSNull) {
                    guard let word = value as? String, words.contains(word) else { return "\(key) is \(value)" }
                }
                guard let type = property["type"] else { continue }
                let types = (type as? [String]) ?? [type as? String ?? ""]
                guard types.contains(where: { Self.value(value, is: $0) }) else {
                    return "\(key) is not \(types): \(value)"
                }
                if let members = property["required"] as? [String], let object = value as? [String: Any] {
                    guard Set(members) == Set(object.keys) else { return "\(key) has \(object.keys.sorted())" }
                }
            }
            return nil
        }

        private static func value(_ value: Any, is type: String) -> Bool {
            switch type {
            case "null": value is NSNull
            case "string": value is String
            case "array": value is [Any]
            case "object": value is [String: Any]
            // `NSNumber` holds both; they differ in how they are printed.
            case "integer": value is NSNumber && !["true", "false"].contains("\(value)")
            case "boolean": value is Bool
            default: false
            }
        }
    }

    private static func shapes() throws -> [String: Shape] {
        let text = try Command.run(["schema"]).stdout
        let schema = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        var shapes: [String: Shape] = [:]
        for row in try #require(schema["oneOf"] as? [[String: Any]]) {
            let type = ((row["properties"] as? [String: [String: Any]])?["type"]?["const"]) as? String
            shapes[try #require(type)] = Shape(row)
        }
        return shapes
    }

    @Test(arguments: [["validate", "--all"], ["inspect"], ["inspect", "--messages"]])
    func everyRowHoldsToIt(_ command: [String]) throws {
        let shapes = try Self.shapes()
        #expect(shapes.count == 8)
        var seen: Set<String> = []
        let captures = ["endings", "links", "tcp", "violations"].map { "captures/" + $0 }
        for folder in Sample.cases(["captures"], debug: captures) + ["violations", "field", "recorded"] {
            let inputs = FixtureCorpus.folder + "/" + folder
            guard FileManager.default.fileExists(atPath: inputs) else { continue }
            let outcome = try Command.run(command + ["--format", "jsonl", inputs])
            for line in outcome.lines {
                let row = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                let type = try #require(row["type"] as? String)
                seen.insert(type)
                let shape = try #require(shapes[type], "no row of type \(type)")
                let fault = shape.fault(of: row)
                #expect(fault == nil, "\(fault ?? ""): \(line.prefix(300))")
                if fault != nil { return }
            }
        }
        let expected: Set<String> = ["violation", "notice", "error", "stream"]
        #expect(seen.isSuperset(of: expected))
        #expect(seen.contains("conversation") == (command[0] == "inspect"))
        #expect(seen.contains("message") == command.contains("--messages"))
    }

    @Test func aRowThatIsNotSoIsSeen() throws {
        let shape = try #require(try Self.shapes()["error"])
        #expect(shape.fault(of: ["type": "error", "source": "a", "message": "b"]) == nil)
        #expect(shape.fault(of: ["type": "error", "source": "a"]) == "no message")
        #expect(shape.fault(of: ["type": "error", "source": "a", "message": "b", "more": 1]) == "unknown key more")
        #expect(shape.fault(of: ["type": "error", "source": 1, "message": "b"]) != nil)
    }

    @Test func annotationsOfGitHubAreALineEach() throws {
        let outcome = try Command.run(["validate", "--format", "github", "-"], stdin: .bytes([0x83, 0]))
        #expect(
            outcome.lines == [
                "::error file=-,title=reserved-opcode::-, sender not known, frame 0: Opcode 0x3 is reserved for data frames that "
                    + "are not defined.",
                "1 stream judged, 1 violation",
            ])
    }
}
