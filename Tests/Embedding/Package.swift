// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let frames: Target.Dependency = .product(name: "WebSocketFrames", package: "websocket-frames")
let deflate: Target.Dependency = .product(name: "PerMessageDeflate", package: "websocket-frames")
let asyncFrames: Target.Dependency = .product(name: "WebSocketAsync", package: "websocket-frames")

func nio(_ product: String) -> Target.Dependency { .product(name: product, package: "swift-nio") }

let package = Package(
    name: "embedding",
    platforms: [.macOS("10.15")],
    products: [
        .library(name: "NIOWebSocketFrames", targets: ["NIOWebSocketFrames"])
    ],
    dependencies: [
        .package(name: "websocket-frames", path: "../.."),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        // For users of SwiftNIO: handshake and frames in place of NIO's.
        .target(
            name: "NIOWebSocketFrames",
            dependencies: [frames, asyncFrames, nio("NIOCore"), nio("NIOHTTP1")],
            swiftSettings: strict
        ),

        // The command line that the three servers share.
        .target(name: "ServerOptions", swiftSettings: strict),

        // A NIO server that starts and listens, whatever happens after the upgrade.
        .target(
            name: "NIOListener",
            dependencies: ["ServerOptions", nio("NIOCore"), nio("NIOPosix")],
            swiftSettings: strict
        ),

        .executableTarget(
            name: "echo-server",
            dependencies: [
                frames, deflate, "NIOListener", "NIOWebSocketFrames", "ServerOptions", nio("NIOCore"),
            ],
            swiftSettings: strict
        ),

        // The same server as it is without us, to be compared.
        .executableTarget(
            name: "echo-server-nio-decoder",
            dependencies: ["NIOListener", "ServerOptions", nio("NIOCore"), nio("NIOHTTP1"), nio("NIOWebSocket")],
            swiftSettings: strict
        ),

        // The same server as servers are written now: for try await message in …
        .executableTarget(
            name: "echo-server-async",
            dependencies: [
                frames, deflate, asyncFrames, "NIOWebSocketFrames", "ServerOptions", nio("NIOCore"), nio("NIOPosix"),
            ],
            swiftSettings: strict
        ),

        // What may be done inside an event, on a channel without a socket.
        .testTarget(
            name: "NIOWebSocketFramesTests",
            dependencies: ["NIOWebSocketFrames", frames, nio("NIOCore"), nio("NIOEmbedded"), nio("NIOHTTP1")],
            path: "Tests",
            swiftSettings: strict
        ),

        // No package but ours: poll(2), and the API.
        .executableTarget(
            name: "poll-server", dependencies: [frames, deflate, "ServerOptions"], swiftSettings: strict),
    ]
)
