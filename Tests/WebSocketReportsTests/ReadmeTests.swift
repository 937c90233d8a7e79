import Foundation
import Testing
import WebSocketInspection
import WebSocketReports

/// The README says of the rules what the table says.
@Suite struct ReadmeTests {
    @Test func theRulesAreThoseOfTheTable() throws {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
        #expect(
            readme.contains(RuleList.markdown()), "renew the table with: swift run wsframes rules --format markdown")
    }
}
