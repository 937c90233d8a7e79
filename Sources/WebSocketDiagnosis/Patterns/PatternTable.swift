// The one table of patterns. Of two that fit equally well the first one wins, so specific ones come before general
// ones.

enum PatternTable {
    static let all: [Pattern] = foreign + framing + compression + payload
}

extension PatternTable {
    /// Other protocols on the upgraded connection.
    private static let foreign: [Pattern] = [
        Pattern(
            name: "http-response", title: "an HTTP response on the upgraded connection",
            signs: "\"HTTP/1.1\" and a status in place of a frame header.",
            suspect: .between,
            checks: [
                "See who wrote the response: look at its status, its headers and its body.",
                "Compare its time with the logs of the server and of every proxy.",
                "Check the timeouts of every proxy on the path, and that error handlers leave upgraded connections alone.",
            ], match: HTTPOnTheSocket.response),
        Pattern(
            name: "second-handshake", title: "a second handshake on the upgraded connection",
            signs: "A request line and \"Upgrade: websocket\" in place of a frame header.",
            suspect: .client,
            checks: [
                "Make sure that the client opens a new connection when it reconnects, and does not reuse the old one.",
                "Check that no proxy keeps the upgraded connection in a pool.",
            ], match: HTTPOnTheSocket.secondHandshake),
        Pattern(
            name: "http-request", title: "an HTTP request on the upgraded connection",
            signs: "A request line such as \"GET /health HTTP/1.1\" in place of a frame header.",
            suspect: .client,
            checks: [
                "Check that the upgraded connection is taken out of the pool of keep-alive connections.",
                "Look for what requests this path: a health check, or a request that was queued after the handshake.",
            ], match: HTTPOnTheSocket.request),
        Pattern(
            name: "http2-preface", title: "an HTTP/2 connection begins on the upgraded connection",
            signs: "\"PRI * HTTP/2.0\" in place of a frame header.",
            suspect: .between,
            checks: [
                "Check which protocol each proxy speaks to the server after it, and what ALPN agreed on.",
                "Make sure that the connection is not shared between an HTTP/2 pool and the upgrade.",
            ], match: HTTPOnTheSocket.http2),
        Pattern(
            name: "proxy-protocol", title: "a PROXY protocol header after the handshake",
            signs: "\"PROXY TCP4 ...\", or the 12-byte signature of version 2, in place of a frame header.",
            suspect: .between,
            checks: [
                "Look at the balancer's PROXY protocol setting (send-proxy, proxy_protocol): the header comes too late, "
                    + "or twice.",
                "Make sure that the server, or the proxy before it, expects the header, and at the connection's start.",
            ], match: TunnelWrappings.proxyProtocol),
        Pattern(
            name: "chunked-coding", title: "HTTP chunks around the frames",
            signs:
                "A hexadecimal size and a line break, then as many bytes that begin with a legal frame, then a line break; or "
                + "the last chunk alone, \"0\" and two line breaks.",
            suspect: .between,
            checks: [
                "Look for what adds Transfer-Encoding: chunked to the 101 response: a 101 has no body.",
                "If the server's framework writes the frames as a response body, write to the raw connection instead.",
            ], match: TunnelWrappings.chunked),
        Pattern(
            name: "tls-record", title: "TLS on a connection that is not encrypted, or no longer",
            signs: "A content type of 20 to 23, version 3.x and a length in place of a frame header.",
            suspect: .sender,
            checks: [
                "Compare the schemes, ws and wss, and the ports that client, proxies and server are set up with.",
                "Check that TLS ends at one place on the path, and not twice or never.",
            ], match: OtherProtocols.tls),
        Pattern(
            name: "gzip-stream", title: "gzip applied to the upgraded connection",
            signs: "1F 8B 08, the beginning of a gzip stream, in place of a frame header.",
            suspect: .between,
            checks: [
                "Switch response compression off for 101 responses, in the server's middleware and in every proxy.",
                "Compress messages with permessage-deflate instead, if that is what was wanted.",
            ], match: TunnelWrappings.gzip),
        Pattern(
            name: "hixie-76", title: "the framing of the draft of 2010 (hixie-76)",
            signs: "Text between a byte 00 and a byte FF; FF 00 closes.",
            suspect: .sender,
            checks: [
                "Update this side's library: it speaks a draft that RFC 6455 replaced in 2011.",
                "Look at the handshake: without Sec-WebSocket-Version: 13 a server must not accept it.",
            ], match: OtherProtocols.hixie),
        Pattern(
            name: "decoded-as-text", title: "frames that were handled as text on their way",
            signs: "Bytes above 7F have become EF BF BD, or two bytes each (C2 81 for 81).",
            suspect: .unknown,
            checks: [
                "If these bytes were saved or copied by hand, do it again in binary: the dump may be at fault.",
                "Look for code that reads from the socket into a string and writes the string.",
            ], match: OtherProtocols.decodedAsText),
        Pattern(
            name: "request-head-cut", title: "header lines where frames should begin",
            signs:
                "\"Name: value\" lines and an empty line at the start of the stream: an empty line too early had "
                + "ended the head of the handshake.",
            suspect: .sender,
            checks: [
                "Look for a header whose value ends in a line break, or a line break that is written twice.",
                "Print the handshake as it is sent: the first empty line must be its end.",
            ], match: HTTPOnTheSocket.headCut),
        Pattern(
            name: "other-protocol", title: "another protocol, without WebSocket frames around it",
            signs: "The bytes begin as SSH, MQTT, STOMP, AMQP, RFB (VNC), SIP, RESP (Redis) or the like does.",
            suspect: .sender,
            checks: [
                "Put the protocol into binary (or text) frames: the peer expects WebSocket.",
                "See whether a proxy such as websockify belongs in front of this server, and was left out.",
            ], match: OtherProtocols.other),
        Pattern(
            name: "unframed-html", title: "HTML without a frame around it",
            signs: "\"<html\" or \"<!DOCTYPE html\" in place of a frame header.",
            suspect: .between,
            checks: [
                "Read the page: it often names the program that wrote it.",
                "Look for an error handler that writes a page on connections that are upgraded.",
            ], match: UnframedText.html),
        Pattern(
            name: "unframed-json", title: "JSON without a frame around it",
            signs: "A JSON value in place of a frame header.",
            suspect: .sender,
            checks: [
                "Look for the code that writes this value: it must go through the WebSocket library, not to the socket.",
                "If a web framework answers here, make sure that it does not treat the upgraded request as open.",
            ], match: UnframedText.json),
        Pattern(
            name: UnframedText.name, title: "text without a frame around it",
            signs:
                "Readable text in place of a frame header; its first character reads as FIN = 0 with an RSV bit.",
            suspect: .unknown,
            checks: [
                "Find out who writes this text: logging, an error handler, another protocol.",
                "If it is the middle of a message, check that the frame before declares its length in bytes.",
            ], match: UnframedText.other),
    ]
}
