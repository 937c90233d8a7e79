import Foundation
import RivalFixtures
import WebSocketFrames

/// The rules that a rival checks, as measured with the rejecting fixtures, and not according to its documentation.
struct Coverage {
    /// The number of a rule's fixtures that were refused.
    struct Share {
        var refused = 0
        var all = 0
    }

    /// By rule, then in the order of the rivals.
    private(set) var shares: [Rule: [Share]] = [:]
    /// Fixtures that end with the offending byte, whatever the rule: a parser that waits for more accepts them. By
    /// rival.
    private(set) var atOnce: [Share]
    /// Accepting fixtures that were refused, by rival.
    private(set) var wronglyRefused: [Share]

    init(_ rivals: [any Rival]) throws {
        let none = [Share](repeating: Share(), count: rivals.count)
        atOnce = none
        wronglyRefused = none
        for fixture in try Self.fixtures() {
            for (index, rival) in rivals.enumerated() {
                let isRefused = rival.prepare(Input(fixture), sums: false)().isRejected
                if let violation = fixture.expectation.violation {
                    if fixture.caseName.hasSuffix("and-nothing-more") {
                        atOnce[index].count(isRefused)
                    } else {
                        shares[violation.rule, default: none][index].count(isRefused)
                    }
                } else {
                    wronglyRefused[index].count(isRefused)
                }
            }
        }
    }

    /// Returns the rules for which the rival accepted most fixtures.
    func unchecked(by index: Int) -> [Rule] {
        Rule.allCases.filter { rule in
            shares[rule].map { $0[index].refused * 2 < $0[index].all } ?? false
        }
    }

    /// The corpus's own loader would look for the files next to the link through which its sources are built here.
    private static func fixtures() throws -> [Fixture] {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<5 { folder.deleteLastPathComponent() }
        folder.appendPathComponent("Fixtures")
        let paths = FileManager.default.subpaths(atPath: folder.path) ?? []
        return try paths.sorted().filter { path in
            path.hasSuffix(".hex") && (path.hasPrefix("rfc") || path.hasPrefix("recorded/"))
        }.map { path in
            let data = try Data(contentsOf: folder.appendingPathComponent(path))
            return try Fixture(path: path, file: [UInt8](data))
        }
    }
}

extension Coverage.Share {
    fileprivate mutating func count(_ isRefused: Bool) {
        all += 1
        if isRefused { refused += 1 }
    }
}
