import WebSocketCaptures

/// The notices about a capture as a whole.
struct CaptureNotices {
    /// What it contains besides conversations.
    let survey: CaptureSurvey
    /// Whether it is a text that another program exported.
    let isExport: Bool
    /// The TLS connections that could not be decrypted.
    let sealed: SealedConnections
    /// The number of conversations; nil if the input could not be read to its end.
    let conversations: Int?

    var all: [Notice] {
        var notices: [Notice] = []
        func add(_ kind: NoticeKind, _ message: String) {
            notices.append(Notice(kind, about: nil, message))
        }
        if conversations == 0 { add(.noWebsocket, noConversation) }
        if survey.tls > 0 {
            add(.tls, sealed.message)
        }
        if survey.http2 > 0 {
            add(
                .http2,
                "\(count(survey.http2, "HTTP/2 connection", "HTTP/2 connections")) could not be read to the end: a frame "
                    + "or a header block is damaged, or too large.")
        }
        if survey.unfollowed > 0 {
            add(
                .http2,
                "\(count(survey.unfollowed, "WebSocket on a stream", "WebSockets on streams")) of HTTP/2 could not be "
                    + "followed, since no more than 1,024 on one connection are followed at a time.")
        }
        if !survey.possiblePorts.isEmpty {
            let ports = survey.possiblePorts.keys.sorted().map { "--websocket-port \($0)" }
            let connections = survey.possiblePorts.values.reduce(0, +)
            add(
                .possibleWebSocket,
                "\(count(connections, "connection", "connections")) that began before the capture may be WebSocket. If "
                    + "so, say it: \(ports.joined(separator: " ")).")
        }
        for layer in UnreadLayer.allCases {
            guard let number = survey.unread[layer] else { continue }
            add(
                .unreadLayer,
                "\(count(number, "packet is", "packets are")) in \(layer.rawValue), which is not read: what it carries is "
                    + "not looked into.")
        }
        if survey.fragments > 0 {
            add(
                .ipFragments,
                "\(count(survey.fragments, "fragment", "fragments")) of IP packets could not be put together: others are "
                    + "missing, or contradict them, so bytes may be missing.")
        }
        if survey.truncated > 0 {
            add(
                .cutHeaders,
                "\(count(survey.truncated, "packet was cut inside its", "packets were cut inside their")) headers by the snap "
                    + "length of the capture: capture again with a longer one, as with tcpdump -s 0.")
        }
        if survey.unknownLinks > 0, let link = survey.firstUnknownLink {
            add(
                .unknownLink,
                "\(count(survey.unknownLinks, "packet is", "packets are")) of a link layer that is not read "
                    + "(\(link)), and skipped.")
        }
        if survey.ceilingHits > 0 {
            add(
                .reorderCeiling,
                "More bytes arrived out of order than are kept (8 MiB for each direction, 64 MiB in all), "
                    + "\(count(survey.ceilingHits, "time", "times")); the directions concerned are not judged from there on."
            )
        }
        if survey.evictedConnections > 0 {
            add(
                .connectionCeiling,
                "\(count(survey.evictedConnections, "connection was", "connections were")) given up while open, since no "
                    + "more than 65,536 are followed at a time; the quietest are given up first.")
        }
        if survey.undecided > 0 {
            add(
                .undecidedCeiling,
                "\(count(survey.undecided, "connection was", "connections were")) decided early or given up, since no "
                    + "more than 64 MiB are held of connections of which it is not known yet whether they are WebSocket."
            )
        }
        return notices
    }

    private var noConversation: String {
        guard !isExport else { return "No WebSocket conversation was found in this export." }
        guard survey.connections > 0 else {
            return "No WebSocket conversation was found: the capture holds no TCP connection."
        }
        let among =
            survey.connections == 1
            ? "in the one TCP connection" : "among \(CountedText.count(survey.connections, "TCP connection"))"
        let reason =
            if survey.snapped > 0 {
                ": \(count(survey.snapped, "packet was", "packets were")) cut by the snap length, so that bytes are missing. "
                    + "Capture whole packets, as with tcpdump -s 0."
            } else if survey.begunBefore > 0 {
                ". If one began before the capture did, give its port: --websocket-port N."
            } else {
                "."
            }
        return "No WebSocket conversation was found \(among)\(reason)"
    }

    private func count(_ number: UInt64, _ one: String, _ many: String) -> String {
        CountedText.count(number, one, many)
    }
}
