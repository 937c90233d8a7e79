import WebSocketFrames
import WebSocketInspection

/// The whole page: the verdict, the list of conversations, and then each one in full.
struct Page {
    private let contents: PageContents
    private let totals: Totals

    init(_ contents: PageContents, totals: Totals) {
        self.contents = contents
        self.totals = totals
    }

    var source: String {
        let names = contents.inputs.prefix(1).map { PageCeilings.clipped($0.source) }
        return Markup.page(title: ([verdict] + names).joined(separator: " · "), body: body)
    }

    private func body(_ page: inout Markup) {
        page.literal("\n")
        page.element("header", .kind("top")) { header in
            header.element("p", .kind("label"), text: "WebSocket frames")
            header.element("h1", isBroken ? .kind("fault") : nil, text: verdict)
            summary(&header)
        }
        page.literal("\n")
        page.element("main") { main in
            main.literal("\n")
            list(&main)
            hops(&main)
            inputs(&main)
        }
        page.literal("\n")
        page.element("footer") { footer in
            footer.element(
                "p",
                text: "Made by wsframes. Judged by RFC 6455 and RFC 7692. What cannot be seen in text from the capture "
                    + "is written out, as \\x00 or \\u{202E}. Times are UTC.")
        }
        page.literal("\n")
    }

    // MARK: - The verdict

    private var isBroken: Bool { totals.violations > 0 || totals.errors > 0 }

    private var verdict: String {
        if totals.violations > 0 { return Numbers.count(totals.violations, "violation") }
        if totals.errors > 0 { return Numbers.count(totals.errors, "input") + " not read" }
        if totals.streams == 0 { return "No WebSocket stream" }
        return totals.judgedStreams == 0 ? "Nothing was judged" : "No violation"
    }

    private func summary(_ page: inout Markup) {
        let figures: [(UInt64, String)] = [
            (totals.inputs, "input"), (contents.conversationCount, "conversation"), (totals.streams, "stream"),
            (totals.frames, "frame"), (totals.messages, "message"), (totals.bytes, "byte"),
            (totals.notices, "notice"), (totals.errors, "input"),
        ]
        page.element("ul", .kind("figures")) { list in
            for (index, figure) in figures.enumerated() {
                let isErrors = index == figures.count - 1
                if figure.0 == 0, figure.1 == "notice" || isErrors { continue }
                let noun = isErrors ? " not read" : ""
                list.element("li") { item in
                    item.element("b", text: Numbers.grouped(figure.0))
                    item.text(" " + Numbers.count(figure.0, figure.1).split(separator: " ").dropFirst().joined() + noun)
                }
            }
        }
        guard totals.violations > 0 else { return }
        page.element("p", .kind("lead")) { lead in
            let rules = Rule.allCases.compactMap { rule in
                contents.ruleCounts[rule].map { $0 == 1 ? rule.name : "\(rule.name) (\(Numbers.grouped($0)))" }
            }
            lead.text(rules.joined(separator: ", "))
            guard contents.conversationCount > 1 else { return }
            lead.text(
                " in \(Numbers.grouped(contents.brokenCount)) of "
                    + Numbers.count(contents.conversationCount, "conversation"))
        }
    }

    // MARK: - The list

    private func list(_ page: inout Markup) {
        let entries = contents.entries
        guard contents.conversationCount > 1 else { return }
        page.element("h2", text: "Conversations")
        page.literal("\n")
        let clean = entries.filter { $0.severity == .clean }
        let trouble = [ConversationRecord.Severity.broken, .doubtful].flatMap { severity in
            entries.filter { $0.severity == severity }
        }
        if !trouble.isEmpty { table("Conversations with findings", trouble, &page) }
        if trouble.isEmpty {
            table("Conversations", clean, &page)
        } else if !clean.isEmpty {
            page.element("details", .kind("clean")) { details in
                details.element(
                    "summary", text: "\(Numbers.count(UInt64(clean.count), "conversation")) in which nothing was found")
                table("Conversations in which nothing was found", clean, &details)
            }
        }
        let missing = contents.conversationCount - UInt64(entries.count)
        if missing > 0 {
            page.element("p", .kind("left"), text: "\(Numbers.count(missing, "conversation")) more not listed.")
        }
        page.literal("\n")
    }

    private func table(_ label: String, _ entries: [PageContents.Entry], _ page: inout Markup) {
        page.scrolling(label) { part in
            part.element("table", .kind("list")) { table in
                table.element("thead") { head in
                    head.element("tr") { row in
                        for column in ConversationRow.columns { row.element("th", text: column.description) }
                    }
                }
                table.literal("\n")
                table.element("tbody") { rows(entries, &$0) }
            }
        }
    }

    private func rows(_ entries: [PageContents.Entry], _ page: inout Markup) {
        var input: Int?
        for entry in entries {
            if entry.input != input, contents.inputs.count > 1, !entry.row.isDump {
                page.element("tr", .kind("input")) { row in
                    row.element("th", .columns(ConversationRow.columns.count)) {
                        $0.captured(sourceName(contents.inputs[entry.input].source))
                    }
                }
                page.literal("\n")
            }
            input = entry.input
            entry.row.write(to: &page, anchor: entry.detail == nil ? nil : .conversation(entry.number))
        }
    }

    // MARK: - Both hops of a proxy

    private func hops(_ page: inout Markup) {
        guard !contents.hops.isEmpty else { return }
        page.element("section", .kind("input")) { section in
            section.element("h2", text: "Both hops of a proxy")
            section.literal("\n")
            for finding in contents.hops {
                HopsView(finding, anchors: (contents.anchor(of: finding.front), contents.anchor(of: finding.back)))
                    .write(to: &section)
            }
            let more = contents.hopsCount - UInt64(contents.hops.count)
            if more > 0 {
                section.element("p", .kind("left"), text: "\(Numbers.count(more, "pair")) more not shown here.")
            }
        }
        page.literal("\n")
    }

    // MARK: - Each input

    private func inputs(_ page: inout Markup) {
        let details = Dictionary(grouping: contents.entries.filter { $0.detail != nil }, by: \.input)
        for (index, input) in contents.inputs.enumerated() {
            let conversations = details[index] ?? []
            guard !conversations.isEmpty || !input.errors.isEmpty || input.noticeCount > 0 else { continue }
            page.element("section", .kind("input")) { section in
                section.literal("\n")
                section.element("h2") { $0.captured(sourceName(input.source)) }
                section.literal("\n")
                for error in input.errors {
                    section.element("p", .kind("error")) { line in
                        line.element("strong", .kind("fault"), text: "✕ Error: ")
                        line.captured(error.message)
                    }
                }
                NoticeView.write(input.notices, count: input.noticeCount, start: nil, to: &section)
                // The worst comes first here, too.
                for severity in ConversationRecord.Severity.allCases.reversed() {
                    for conversation in conversations where conversation.severity == severity {
                        write(conversation, &section)
                    }
                }
            }
            page.literal("\n")
        }
        let folded = contents.entries.filter { $0.detail == nil }.count
        if folded > 0 {
            page.element(
                "p", .kind("left"), text: "\(Numbers.count(UInt64(folded), "conversation")) more only listed above.")
        }
    }

    /// Writes a conversation. One that is clean among others is initially closed.
    private func write(_ entry: PageContents.Entry, _ page: inout Markup) {
        guard let detail = entry.detail else { return }
        let isFolded = entry.severity == .clean && contents.conversationCount > 1
        page.element("article") { article in
            article.element("details", isFolded ? nil : .isOpen) { details in
                details.element("summary") { $0.append(detail.heading) }
                details.literal("\n")
                details.append(detail.body)
            }
        }
        page.literal("\n")
    }

    private func sourceName(_ source: String) -> String { PageCeilings.clipped(OriginText.source(source)) }
}
