import Testing
import WebSocketReports

/// The article about the rules says what the table says.
@Suite struct RuleArticleTests {
    @Test func theArticleIsMadeFromTheTable() throws {
        let page = try Page(path: "\(Page.catalogue)/Rules.md")
        #expect(
            page.text == RuleList.article(),
            "renew it: swift run wsframes rules --format docc > \(Page.catalogue)/Rules.md")
    }
}
