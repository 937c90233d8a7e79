/// Limits that software and services are known to have by default. They are hints, never causes: nothing on the wire
/// says which software it is.
enum KnownLimits {
    /// A limit on the size of messages or frames, in bytes.
    struct Size: Sendable {
        let bytes: UInt64
        let isOfFrame: Bool
        /// Which software has it, and where that is documented.
        let source: String

        init(_ bytes: UInt64, ofFrame isOfFrame: Bool = false, _ source: String) {
            self.bytes = bytes
            self.isOfFrame = isOfFrame
            self.source = source
        }
    }

    static let sizes: [Size] = [
        Size(16_384, ofFrame: true, "SwiftNIO's maxFrameSize"),
        Size(32_768, ofFrame: true, "Amazon API Gateway's quotas"),
        Size(32_768, "coder/websocket's SetReadLimit for Go"),
        Size(65_536, ofFrame: true, "Netty's maxFramePayloadLength"),
        Size(65_536, "Jetty's maxTextMessageSize and maxBinaryMessageSize"),
        Size(131_072, "Amazon API Gateway's quotas"),
        Size(262_144, "Mojolicious' max_websocket_size"),
        Size(1_000_000, "Engine.IO's maxHttpBufferSize, so Socket.IO's"),
        Size(1_048_576, "max_size of Python's websockets"),
        Size(4_194_304, "aiohttp's max_msg_size"),
        Size(10_485_760, "Tornado's websocket_max_message_size"),
        Size(104_857_600, "maxPayload of ws for Node"),
    ]

    /// How long a connection may be silent before it is given up, in whole seconds.
    static let idle: [(seconds: UInt64, source: String)] = [
        (30, "Google Cloud's load balancers (backend service timeout)"),
        (55, "Heroku's router"),
        (60, "nginx (proxy_read_timeout), AWS's application and classic load balancers"),
        (100, "Cloudflare's proxy"),
        (230, "Azure App Service"),
        (240, "Azure's load balancer"),
        (350, "AWS's network load balancers and NAT gateways"),
        (600, "Amazon API Gateway, Google Cloud's firewalls"),
    ]

    /// Returns the default limits between a size that was accepted and one that was refused.
    static func sizes(taken: (size: UInt64, frame: UInt64)?, refused: UInt64, refusedFrame: UInt64) -> [Size] {
        sizes.filter { limit in
            let (low, high) = limit.isOfFrame ? (taken?.frame, refusedFrame) : (taken?.size, refused)
            return limit.bytes < high && limit.bytes >= low ?? 0
        }
    }

    /// Returns the software or service that gives up after this time, and its limit; nil if none is known.
    static func idle(after nanoseconds: UInt64) -> (seconds: UInt64, source: String)? {
        let tenths = nanoseconds / 100_000_000
        return idle.first { limit in tenths + 5 >= limit.seconds * 10 && tenths <= limit.seconds * 10 + 20 }
    }
}
