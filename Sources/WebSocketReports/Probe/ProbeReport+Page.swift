import WebSocketProbe

extension ProbeReport {
    /// Returns one self-contained page for a browser, which neither loads nor runs anything.
    public func html() -> String {
        let isFine = results.allSatisfy(\.outcome.isFine)
        return Markup.page(title: "\(verdict) · \(target)") { page in
            page.element("header", .kind("top")) { header in
                header.element("p", .kind("label")) {
                    $0.text("WebSocket probe of ")
                    $0.captured(target)
                }
                header.element("h1", isFine ? nil : .kind("fault"), text: verdict)
                header.element("ul", .kind("figures")) { list in
                    for (name, count) in counts {
                        list.element("li") { item in
                            item.element("b", text: String(count))
                            item.text(" " + name)
                        }
                    }
                }
            }
            page.literal("\n")
            page.element("main") { main in
                for group in groups { write(group, to: &main) }
                main.element("h2", text: "Every section")
                main.scrolling("Results by section") { write(sections, to: &$0) }
                if !skipped.isEmpty { main.list(skipped.map { "\($0.count) skipped: \($0.reason)" }) }
            }
            page.literal("\n")
            page.element("footer") { footer in
                footer.element(
                    "p",
                    text:
                        "Made by wsframes probe. A server that is late closes only when more bytes have come than the rule "
                        + "needs, which RFC 6455 allows.")
            }
            page.literal("\n")
        }
    }

    private func write(_ group: Group, to page: inout Markup) {
        let result = group.first
        let (sentence, section) = Self.demand(of: result.probe)
        page.element("section", .kind("violation")) { part in
            part.element("h4") { title in
                title.element("span", .kind("fault"), text: group.outcome.name)
                title.text(" ")
                title.element("span", .kind("rule"), text: group.subject)
                if group.results.count > 1 {
                    title.element("span", .kind("place"), text: "  \(group.results.count) cases")
                }
            }
            part.element("p", .kind("sentence"), text: result.detail)
            part.element("blockquote") { quote in
                quote.text(sentence)
                quote.element("footer", text: section)
            }
            part.element("dl", .kind("facts")) { facts in
                facts.fact("asked") { $0.text(result.probe.title) }
                if !result.sent.isEmpty {
                    facts.fact("sent") { $0.element("code", text: Self.hex(result.sent, most: 128)) }
                }
                if !result.received.isEmpty {
                    facts.fact("got") { $0.element("code", text: Self.hex(result.received, most: 128)) }
                }
                facts.fact("again") { $0.element("code") { $0.captured(command(for: result)) } }
            }
            guard group.results.count > 1 else { return }
            part.element("details") { details in
                details.element("summary", text: "the other \(group.results.count - 1)")
                details.list(group.results.dropFirst().map { "\($0.probe.name): \($0.detail)" })
            }
        }
        page.literal("\n")
    }

    private func write(_ sections: [(name: String, counts: [String: Int])], to page: inout Markup) {
        let used = Self.columns.filter { column in sections.contains { $0.counts[column] != nil } }
        page.element("table") { table in
            table.element("thead") { head in
                head.element("tr") { row in
                    row.element("th", text: "section")
                    for column in used { row.element("th", .kind("n"), text: column) }
                }
            }
            table.element("tbody") { body in
                for section in sections {
                    body.literal("\n")
                    body.element("tr") { row in
                        row.element("td", text: section.name)
                        for column in used {
                            row.element("td", .kind("n"), text: section.counts[column].map(String.init) ?? "")
                        }
                    }
                }
            }
        }
    }
}
