import Testing
import WebSocketInspection
import WebSocketReports

/// The article about the rules matches the table.
@Suite struct RuleArticleTests {
    @Test func theArticleIsMadeFromTheTable() throws {
        let path = Page.catalogue(of: "WebSocketFrames") + "/Rules.md"
        #expect(
            try Page(path: path).text == RuleList.article(),
            "renew it: swift run wsframes rules --format docc > \(path)")
    }

    @Test func thePageAboutRowsIsMadeFromTheTable() throws {
        let path = Page.catalogue(of: "WebSocketFrames") + "/RowsOfJSONLines.md"
        #expect(
            try Page(path: path).text == JSONLinesSchema.article(),
            "renew it: swift run wsframes schema --format docc > \(path)")
    }
}
