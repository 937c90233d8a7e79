// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let frames: Target.Dependency = .product(name: "WebSocketFrames", package: "websocket-frames")

func nio(_ product: String) -> Target.Dependency { .product(name: product, package: "swift-nio") }

let package = Package(
    name: "embedding",
    platforms: [.macOS("10.15")],
    dependencies: [
        .package(name: "websocket-frames", path: "../.."),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        // What a user of SwiftNIO copies: the parser in place of NIO's decoder.
        .target(
            name: "NIOWebSocketFrames",
            dependencies: [frames, nio("NIOCore"), nio("NIOHTTP1"), nio("NIOWebSocket")],
            swiftSettings: strict
        ),

        // The command line that the three servers share.
        .target(name: "ServerOptions", swiftSettings: strict),

        // A NIO server that starts and listens, whatever happens after the upgrade.
        .target(
            name: "NIOListener",
            dependencies: ["ServerOptions", nio("NIOCore"), nio("NIOHTTP1"), nio("NIOPosix")],
            swiftSettings: strict
        ),

        .executableTarget(
            name: "echo-server",
            dependencies: [
                frames, "NIOListener", "NIOWebSocketFrames", "ServerOptions", nio("NIOCore"), nio("NIOHTTP1"),
            ],
            swiftSettings: strict
        ),

        // The same server as it is without us, to be compared.
        .executableTarget(
            name: "echo-server-nio-decoder",
            dependencies: ["NIOListener", "ServerOptions", nio("NIOCore"), nio("NIOHTTP1"), nio("NIOWebSocket")],
            swiftSettings: strict
        ),

        // No package but ours: poll(2), and the API.
        .executableTarget(name: "poll-server", dependencies: [frames, "ServerOptions"], swiftSettings: strict),
    ]
)
