/// Texts of other programs without a stream that could be read, recognised by their first lines, by words that
/// nothing else has. A text that only looks similar is raw, since text in place of frames is a finding.
enum ForeignText {
    /// What to do instead.
    static let advice = "capture the packets instead, with tcpdump -w or Wireshark"

    /// What is reported for a text in no known form.
    static let unknown = """
        text in no form that is known to hold bytes: give hexadecimal digits, a dump or a capture; or, if an endpoint sent \
        this very text, say --input raw
        """

    /// Returns what a text is, and what to do; nil if it is none of them.
    static func refusal(of prefix: Span<UInt8>) -> String? {
        var start = prefix.has("\u{FEFF}") ? 3 : 0
        while start < prefix.count, prefix[start].isWhiteSpace { start += 1 }
        guard start < prefix.count else { return nil }
        let text = prefix.extracting(start...)
        switch text[0] {
        case ASCII.openBrace, ASCII.openBracket: return json(text)
        case ASCII.less: return xml(text)
        default: return lines(text)
        }
    }

    private static let print = "give the capture itself, or print the bytes with tshark -q -z follow,tcp,raw,N"

    // MARK: JSON

    private static func json(_ text: Span<UInt8>) -> String? {
        if hasFirstKey("log", in: text) {
            return """
                a HAR file: it holds messages (_webSocketMessages), already unmasked, inflated and put together, and no \
                frames that could be judged; \(advice)
                """
        }
        if hasFirstKey("constants", in: text),
            contains("\"events\"", text) || contains("\"logEventTypes\"", text)
                || contains("\"addressFamily\"", text) || contains("\"activeFieldTrialGroups\"", text)
        {
            return
                "a NetLog of Chrome: it records events, and its bytes are not in the order of a connection's; \(advice)"
        }
        if text.has("{\"index\":{\"_index\":\"packets-") || contains("\"_index\": \"packets-", text) {
            return "packets that TShark printed as JSON: fields of them, taken apart; \(print)"
        }
        if contains("\"actualPort\"", text), contains("\"keptAlive\"", text) {
            return "a session of Charles: it holds messages, and no frames that could be judged; \(advice)"
        }
        if contains("\"flow_id\"", text), contains("\"event_type\"", text) {
            return "a log of Suricata: it lists connections, without their bytes; \(advice)"
        }
        return nil
    }

    /// Returns whether it is an object, or a list of objects, with this first key.
    private static func hasFirstKey(_ key: String, in text: Span<UInt8>) -> Bool {
        var index = 0
        while index < text.count, text[index] == ASCII.openBrace || text[index].isWhiteSpace { index += 1 }
        return index > 0 && text.has("\"" + key + "\"", at: index)
    }

    // MARK: XML

    private static func xml(_ text: Span<UInt8>) -> String? {
        if contains("<pdml ", text) || contains("<psml ", text) {
            return "packets that TShark or Wireshark printed as XML: fields of them, taken apart; \(print)"
        }
        if contains("burpVersion", text), contains("<items ", text) || contains("<!DOCTYPE items ", text) {
            return "items of Burp Suite: they hold requests and responses, and no frames; \(advice)"
        }
        if contains("<charles-session", text) {
            return "a session of Charles: it holds messages, and no frames that could be judged; \(advice)"
        }
        return nil
    }

    // MARK: Lines

    private static func lines(_ text: Span<UInt8>) -> String? {
        let line = text.extracting(0..<text.firstIndex(of: ASCII.lineFeed))
        if isPacketList(line) || isDissection(line) {
            return "packets as Wireshark or TShark show them to people: not all of their bytes are there; \(print)"
        }
        if isTcpdump(line) {
            return "what tcpdump printed: lines for people; have it save the packets with tcpdump -w capture.pcap"
        }
        if text.has("interface: ") || text.has("input: "),
            ["\nfilter: ", "\nmatch: ", "\nT ", "\n#"].contains(where: { contains($0, text) })
        {
            return "what ngrep printed: what cannot be printed has become dots; have it save the packets with ngrep -O"
        }
        if isTcpflow(line) {
            return """
                what tcpflow -c printed: what cannot be printed has become dots; without -c, it writes each side's bytes \
                into a file of its own, and those can be judged
                """
        }
        if text.has("Connected (press CTRL+C to quit)") {
            return "what wscat showed: messages, and no frames; \(advice)"
        }
        if isKeyLog(text) {
            return "a key log of TLS: give it beside the capture, with --keylog"
        }
        if text.has("#separator \\x") {
            return "a log of Zeek: it lists connections, without their bytes; \(advice)"
        }
        return nil
    }

    /// `1   0.000000    127.0.0.1 → 127.0.0.1    TCP 54 …`: a number, a time, and an arrow between two addresses.
    private static func isPacketList(_ line: Span<UInt8>) -> Bool {
        var index = 0
        guard DecimalText.number(in: line, &index) != nil, index < line.count, line[index].isWhiteSpace else {
            return false
        }
        guard hasTime(line, &index) else { return false }
        return contains(" \u{2192} ", line) || contains("\t\u{2192}\t", line) || contains(" -> ", line)
    }

    /// Returns whether there is a time at `index`, and moves that after it: with six or nine digits after the point,
    /// possibly with a date before it.
    private static func hasTime(_ line: Span<UInt8>, _ index: inout Int) -> Bool {
        for _ in 0..<2 {
            while index < line.count, line[index].isWhiteSpace { index += 1 }
            var point = line.count
            while index < line.count, line[index].isDecimalDigit || ".:-".utf8.contains(line[index]) {
                if line[index] == UInt8(ascii: ".") { point = index }
                index += 1
            }
            if index - point == 7 || index - point == 10 { return true }
        }
        return false
    }

    /// Returns whether it is the headings of a list, or the first line of a packet's details.
    private static func isDissection(_ line: Span<UInt8>) -> Bool {
        if line.has("\"No.\",\"Time\",\"Source\"") { return true }
        if line.has("No. "), contains(" Time ", line), contains(" Source ", line) { return true }
        return line.has("Frame ") && (contains(" bytes on wire", line) || contains(" byte on wire", line))
    }

    /// `12:00:00.123456 IP 127.0.0.1.36382 > 127.0.0.1.8080: Flags [P.], …`, with a date or seconds, or without a
    /// time.
    private static func isTcpdump(_ line: Span<UInt8>) -> Bool {
        if line.has("reading from file ") { return contains(", link-type ", line) }
        if line.has("tcpdump: ") || line.has("listening on ") && contains(", link-type ", line) { return true }
        guard contains(" > ", line) else { return false }
        if line.has("IP ") || line.has("IP6 ") { return contains(": Flags [", line) }
        var index = 0
        guard hasTime(line, &index) else { return false }
        return contains(" IP ", line) || contains(" IP6 ", line) || contains(", ethertype ", line)
    }

    /// `127.000.000.001.36382-127.000.000.001.08080: …`
    private static func isTcpflow(_ line: Span<UInt8>) -> Bool {
        guard line.count > 44 else { return false }
        return "ddd.ddd.ddd.ddd.ddddd-ddd.ddd.ddd.ddd.ddddd: ".utf8.enumerated().allSatisfy { index, mark in
            mark == UInt8(ascii: "d") ? line[index].isDecimalDigit : line[index] == mark
        }
    }

    /// `CLIENT_RANDOM 64 digits 96 digits`, after a comment of OpenSSL's or another one.
    private static func isKeyLog(_ text: Span<UInt8>) -> Bool {
        KeyLog.Label.allCases.contains { label in
            text.has("\(label.name) ") || text.has("#") && contains("\n\(label.name) ", text)
        }
    }

    private static func contains(_ words: String, _ text: Span<UInt8>) -> Bool { text.contains(words) }
}
