// The second half of the table: every other code that RFC 6455 or the registry names.
import WebSocketInspection

extension CloseCodeGuide {
    /// Returns the entry for a code in 1000…1010 other than 1002 (RFC 6455 §7.4.1).
    static func standard(_ code: UInt16) -> CloseCodeEntry {
        switch code {
        case 1000:
            CloseCodeEntry(
                means: "The purpose of the connection is fulfilled: a normal end.",
                fault: "Nobody.",
                appears: ["An application closes the connection, or answers its peer's Close."],
                remedies: ["Nothing. If it came too early, ask why the application of the sender closed."],
                confusions: ["Without a code in the Close an application sees 1005, which is a normal end as well."])
        case 1001:
            CloseCodeEntry(
                means: "The endpoint goes away: a server shuts down, or a browser leaves the page.",
                fault: "Nobody.",
                appears: [
                    "The page is closed or reloaded.",
                    "The server is stopped, or moves its connections "
                        + "elsewhere.",
                ],
                remedies: ["Connect again, with a pause that grows and is not the same for all clients."],
                confusions: ["1012 says that the service restarts and will be back."])
        case 1003:
            CloseCodeEntry(
                means: "The endpoint cannot take this kind of data: binary where it understands only text, say.",
                fault: "The peer, by the application's rules. Its frames are not in question.",
                appears: ["A binary message reaches an application that handles only text, or the other way round."],
                remedies: ["Send the kind of message that the endpoint's documentation asks for."],
                confusions: ["1007 is for text that is not UTF-8."])
        case 1004:
            CloseCodeEntry(
                means: "Nothing: the code is reserved, and a meaning might be defined some day.",
                fault: "The endpoint that sends it.",
                appears: ["Software took the number for one of its own."],
                remedies: ["Send 1000, or a code from 4000–4999."])
        case 1005:
            CloseCodeEntry(
                means: "There was a Close, and no code in it. The number is only used inside programs; it is "
                    + "never sent.",
                fault: "Nobody.",
                appears: ["The peer closed with an empty Close, as browsers do when no code is given to close()."],
                remedies: [
                    "Take it as a normal end.",
                    "When closing another connection in turn, send 1000 or an empty Close, not 1005.",
                ],
                confusions: ["1006 stands for no Close at all."])
        case 1006:
            CloseCodeEntry(
                means: """
                    The connection ended without a Close. The number is only used inside programs; it is never \
                    sent, so no endpoint chose it.
                    """,
                fault: "Not known: the code tells only that nothing was said.",
                appears: [
                    "A process died, a network was lost, or a proxy cut a connection that had been silent "
                        + "for too long.",
                    "The opening handshake failed: browsers report that as 1006 as well.",
                    "One endpoint found the other's frames broken and dropped the connection without a Close.",
                ],
                remedies: [
                    "Look at both ends' logs and the proxies' timeouts; a ping every 20 to 30 seconds "
                        + "keeps most of them open.",
                    "Record the bytes and see how the stream ends.",
                ],
                confusions: [
                    "1011 was really sent, by an endpoint that failed and could still say so.",
                    "1005 stands for a Close without a code.",
                ])
        case 1007:
            CloseCodeEntry(
                means: "The payload does not fit its type: most often a text message, or a close reason, that is "
                    + "not UTF-8.",
                fault: "The peer of the endpoint that sends it.",
                appears: [
                    "Binary data, or text in another encoding, is sent as text.",
                    "Text was cut inside a character.",
                    "A compressed message cannot be inflated; some libraries use 1007 for that.",
                ],
                remedies: ["Send binary data as binary. Encode text as UTF-8, and cut it between characters."],
                confusions: ["1003 is for a kind of data that is not taken at all; 1002 for frames that are broken."])
        case 1008:
            CloseCodeEntry(
                means: "A message breaks a policy of the endpoint, and no other code fits, or it does not want "
                    + "to say which.",
                fault: "The peer, by the rules of the endpoint that sends it. Its frames are not in question.",
                appears: [
                    "A login is missing or has expired, an origin is not allowed, or too many messages were sent.",
                    "The message cannot be parsed by the application.",
                ],
                remedies: ["Read the close reason, then the endpoint's documentation."],
                confusions: ["1002 is for the protocol's rules; 1008 is for the application's."])
        case 1009:
            CloseCodeEntry(
                means: "A message is too big for the endpoint to process.",
                fault: "The peer, measured by a limit that is the endpoint's own. Its frames are not in question.",
                appears: ["A frame, or a message with all its fragments, is over the receiver's limit."],
                remedies: ["Send less at once, or raise the limit at the endpoint that sent the code."],
                confusions: ["Exceeding a limit is not a failure: 1011 is wrong for it."])
        default:
            CloseCodeEntry(
                means: "The client needed an extension that the server did not agree to. The reason should list which.",
                fault: "Nobody in the protocol's sense: the two do not fit together.",
                appears: [
                    "After the handshake, when the response lacks the extension. A server refuses in the "
                        + "handshake instead."
                ],
                remedies: ["Turn the extension on at the server, or do without it at the client."],
                confusions: ["An extension that is used and was not agreed on is a protocol error: 1002."])
        }
    }

    /// Returns the entry for a code in 1012…1015: from the registry, and RFC 6455 for the last one.
    static func registered(_ code: UInt16) -> CloseCodeEntry {
        switch code {
        case 1012:
            CloseCodeEntry(
                means: "The service restarts.",
                fault: "Nobody.",
                appears: ["A server is updated or restarted on purpose."],
                remedies: ["Connect again after a random pause, so that not all clients come at once."],
                confusions: ["1001 is for an endpoint that leaves; 1011 for one that failed."])
        case 1013:
            CloseCodeEntry(
                means: "The service is overloaded: try again later.",
                fault: "Nobody; the server has too much to do.",
                appears: ["A server sheds load, or a client reads too slowly for what is sent to it."],
                remedies: ["Connect again after a pause that grows, perhaps to another address."],
                confusions: ["1008 is for a client that does too much by the server's rules."])
        case 1014:
            CloseCodeEntry(
                means: "The server is a gateway or a proxy, and the server after it gave an invalid answer, like "
                    + "502 in HTTP.",
                fault: "The server after the gateway, or the way to it.",
                appears: ["The server after is down, or does not speak WebSocket where the gateway asks it to."],
                remedies: ["Look at the gateway's log, then at the server after it."],
                confusions: ["1011 is for a failure of the server itself."])
        default:
            CloseCodeEntry(
                means: "The TLS handshake failed. The number is only used inside programs; it is never sent.",
                fault: "The settings of one side: most often the server's certificate.",
                appears: [
                    "The certificate has expired, is for another name, or is signed by nobody the client "
                        + "trusts."
                ],
                remedies: ["Open the same host with https:// or another TLS client, and read what it says."],
                confusions: ["Browsers report such a failure as 1006."])
        }
    }

    /// Returns the entry for 3000, 3003 or 3008, which are registered for general use.
    static func libraryCode(_ code: UInt16) -> CloseCodeEntry {
        switch code {
        case 3000:
            CloseCodeEntry(
                means: "The endpoint must be authorized first, like 401 in HTTP.",
                fault: "The peer, by the rules of the endpoint that sends it. Its frames are not in question.",
                appears: ["Credentials are missing, wrong, or expired."],
                remedies: ["Log in again, then connect again."],
                confusions: ["3003 says that the credentials are known and not enough."])
        case 3003:
            CloseCodeEntry(
                means: "The endpoint is authorized and still may not do this, like 403 in HTTP.",
                fault: "The peer, by the rules of the endpoint that sends it. Its frames are not in question.",
                appears: ["A user asks for something that is not theirs."],
                remedies: ["Ask for permission; connecting again does not help."],
                confusions: ["3000 is for credentials that are missing or wrong."])
        default:
            CloseCodeEntry(
                means: "The endpoint took too long to answer, like 408 in HTTP.",
                fault: "The peer, or the way to it: something was awaited and did not come in time.",
                appears: ["A message that the application waits for did not arrive."],
                remedies: ["See what kept the other side, and what the limit is."],
                confusions: ["Some libraries send 1011 when a keepalive ping is not answered."])
        }
    }
}
