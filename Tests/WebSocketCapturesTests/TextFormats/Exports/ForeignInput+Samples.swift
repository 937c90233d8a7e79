// Where a version is named, this is what that program printed, cut to its first lines; the others are made after what is
// written of their formats.
extension ForeignInput {
    static let all = captures + compressed + exchanges + printed + follows

    private static let captures = [
        ForeignInput("snoop", bytes: Array("snoop\0\0\0\0\0\0\u{2}\0\0\0\u{4}".utf8), "snoop", "editcap -F pcapng"),
        ForeignInput("Network Monitor 2", bytes: Array("GMBU\0\u{2}\u{1}\0".utf8), "Network Monitor", "editcap"),
        ForeignInput("Network Monitor 1", bytes: Array("RTSS\u{1}\u{1}".utf8), "Network Monitor", "editcap"),
        ForeignInput("modified pcap", bytes: [0x34, 0xCD, 0xB2, 0xA1, 2, 0, 4, 0], "modified libpcap", "editcap"),
        ForeignInput("modified pcap, big-endian", bytes: [0xA1, 0xB2, 0xCD, 0x34, 0, 2, 0, 4], "modified", "editcap"),
        ForeignInput("Sniffer", "TRSNIFF data    \u{1A}", "Sniffer"),
        ForeignInput("iptrace", "iptrace 2.0\0", "iptrace"),
        ForeignInput("EtherPeek", "\u{7F}ver\0\0", "EtherPeek"),
    ]

    private static let compressed = [
        ForeignInput("gzip", bytes: [0x1F, 0x8B, 8, 0], "gzip -d"),
        ForeignInput("zstd", bytes: [0x28, 0xB5, 0x2F, 0xFD], "zstd -d"),
        ForeignInput("xz", bytes: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "xz -d"),
        ForeignInput("bzip2", "BZh91AY&SY", "bzip2 -d"),
        ForeignInput("lz4", bytes: [0x04, 0x22, 0x4D, 0x18, 0x64, 0x40], "lz4 -d"),
        ForeignInput("zip", bytes: [0x50, 0x4B, 3, 4, 20, 0], "zip archive", "SAZ"),
        ForeignInput("7z", bytes: [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "7z x"),
        ForeignInput("UTF-16", bytes: [0xFF, 0xFE, 0x38, 0, 0x31, 0], "iconv"),
    ]

    private static let exchanges = [
        ForeignInput(
            "HAR", "{\n  \"log\": {\n    \"version\": \"1.2\",\n", "HAR", "_webSocketMessages", "tcpdump -w"),
        ForeignInput(
            "Chrome's NetLog", "{\"constants\":{\"activeFieldTrialGroups\":[\"A:B\"],\"addressFamily\":{", "NetLog",
            "tcpdump -w"),
        // mitmdump 11.0.2 -w flows
        ForeignInput(
            "mitmproxy", "2105:9:websocket;286:13:timestamp_end;11:946681205.0^12:clos", "mitmproxy", "tcpdump -w"),
        ForeignInput("mitmproxy, a TCP flow", "1226:8:messages;71:30:4:true!5:hello,11:94668120", "mitmproxy"),
        ForeignInput(
            "Charles, JSON",
            "[{\"status\":\"COMPLETE\",\"method\":\"GET\",\"port\":443,\"actualPort\":443,\"keptAlive\":true,",
            "Charles"),
        ForeignInput(
            "Charles, XML",
            "<?xml version='1.0' encoding='UTF-8' ?>\n<?charles serialisation-version='2.0' ?>\n<charles-session>",
            "Charles"),
        ForeignInput("Charles, a session", bytes: [0xAC, 0xED, 0, 5, 0x73, 0x72], "Charles", "CHLS"),
        ForeignInput(
            "Burp Suite",
            "<?xml version=\"1.0\"?>\n<!DOCTYPE items [\n<!ELEMENT items (item*)>\n<!ATTLIST items burpVersion CDATA \"\">\n",
            "Burp"),
        ForeignInput("wscat", "Connected (press CTRL+C to quit)\n> hi\n< hi\n", "wscat"),
        ForeignInput("Zeek", "#separator \\x09\n#set_separator\t,\n", "Zeek"),
        ForeignInput(
            "Suricata", "{\"timestamp\":\"2023-11-14T22:13:20.1+0000\",\"flow_id\":1,\"event_type\":\"alert\"}",
            "Suricata"),
    ]

    private static let printed = [
        // TShark 4.0.17: -T json, -T ek, -T pdml, -T psml, -T text, -T tabs, -V
        ForeignInput(
            "tshark -T json", "[\n  {\n    \"_index\": \"packets-2023-11-14\",\n    \"_type\": \"doc\",\n", "JSON",
            "follow,tcp,raw"),
        ForeignInput("tshark -T ek", "{\"index\":{\"_index\":\"packets-2023-11-14\",\"_type\":\"doc\"}}\n", "JSON"),
        ForeignInput(
            "tshark -T pdml",
            """
            <?xml version="1.0" encoding="utf-8"?>
            <?xml-stylesheet type="text/xsl" href="pdml2html.xsl"?>
            <pdml version="0" creator="wireshark/4.0.17" time="Mon Nov 23 07:36:30 2026" capture_file="a.pcap">

            """, "XML", "follow,tcp,raw"),
        ForeignInput(
            "tshark -T psml",
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<psml version=\"0\" creator=\"wireshark/4.0.17\">\n",
            "XML"),
        ForeignInput(
            "tshark", "    1   0.000000    127.0.0.1 → 127.0.0.1    TCP 54 36382 → 8080 [SYN] Seq=0 Win=64240 Len=0\n",
            "people", "follow,tcp,raw"),
        ForeignInput(
            "tshark -t ad", "    1 2023-11-14 22:13:20.124456    127.0.0.1 → 127.0.0.1    TCP 54 36382 → 8080 [SYN]\n",
            "people"),
        ForeignInput(
            "tshark -T tabs", "    1\t  0.000000\t   127.0.0.1\t→\t127.0.0.1   \tTCP\t54\t36382 → 8080 [SYN]\n",
            "people"),
        ForeignInput("tshark -V", "Frame 1: 54 bytes on wire (432 bits), 54 bytes captured (432 bits)\n", "people"),
        ForeignInput(
            "Wireshark, as plain text",
            "No.     Time           Source                Destination           Protocol Length Info\n",
            "people"),
        ForeignInput("Wireshark, as CSV", "\"No.\",\"Time\",\"Source\",\"Destination\",\"Protocol\"\n", "people"),
        // tcpdump 4.99.3: -n, -tttt, -tt -e, -t
        ForeignInput(
            "tcpdump",
            "22:13:20.124456 IP 127.0.0.1.36382 > 127.0.0.1.8080: Flags [S], seq 1000, win 64240, length 0\n",
            "tcpdump -w"),
        ForeignInput(
            "tcpdump -tttt -X",
            "2023-11-14 22:13:20.124456 IP 127.0.0.1.36382 > 127.0.0.1.8080: Flags [S]\n\t0x0000:  4500 0028 0001 0000\n",
            "tcpdump -w"),
        ForeignInput(
            "tcpdump -tt -e",
            "1700000000.124456 02:00:00:00:00:02 > 02:00:00:00:00:01, ethertype IPv4 (0x0800), length 54: a > b\n",
            "tcpdump -w"),
        ForeignInput("tcpdump -t", "IP 127.0.0.1.36382 > 127.0.0.1.8080: Flags [S], seq 1000\n", "tcpdump -w"),
        ForeignInput(
            "tcpdump with its errors",
            "reading from file a.pcap, link-type EN10MB (Ethernet), snapshot length 262144\n", "tcpdump -w"),
        // ngrep 1.47
        ForeignInput("ngrep", "input: a.pcap\nfilter: ((ip || ip6) || (vlan && (ip || ip6)))\n####\n", "ngrep -O"),
        // tcpflow 1.6.1
        ForeignInput(
            "tcpflow -c", "127.000.000.001.36382-127.000.000.001.08080: GET /c HTTP/1.1\n", "tcpflow", "without -c"),
    ]

    private static let follows = [
        follow("websocket,raw", "unmasked", "follow,tcp,raw"), follow("websocket,ascii", "unmasked"),
        follow("http,raw", "handshake", "follow,tcp,raw"), follow("http2,raw", "http2"), follow("quic,raw", "quic"),
        follow("udp,raw", "no TCP connection"), follow("tcp,ascii", "dots", "follow,tcp,raw"),
        follow("tls,ebcdic", "dots"),
        follow("tcp,utf-8", "dots"), follow("tcp", "dots"), follow("", "no TCP connection"),
    ]

    private static func follow(_ kind: String, _ words: String...) -> ForeignInput {
        let line = String(repeating: "=", count: 67)
        var input = ForeignInput("follow,\(kind)", "\n\(line)\nFollow: \(kind)\nFilter: tcp.stream eq 0\n")
        input = ForeignInput(input.program, bytes: input.bytes, words: words)
        return input
    }

    private init(_ program: String, bytes: [UInt8], words: [String]) {
        self.program = program
        self.bytes = bytes
        self.words = words
    }
}
