// swift-tools-version: 6.2

import PackageDescription

// What a program that depends on the library needs in order to print everything that the command line finds.
let package = Package(
    name: "library-tests",
    platforms: [.macOS("10.15")],
    dependencies: [.package(name: "websocket-frames", path: "../..")],
    targets: [
        .executableTarget(
            name: "print-findings",
            dependencies: [
                .product(name: "WebSocketInspection", package: "websocket-frames"),
                .product(name: "WebSocketReports", package: "websocket-frames"),
            ]
        )
    ]
)
