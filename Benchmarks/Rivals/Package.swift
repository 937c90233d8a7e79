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

func nio(_ product: String) -> Target.Dependency { .product(name: product, package: "swift-nio") }

// The parser beside others on the same bytes. A package of its own, so that users and developers of the parser do not get
// the rivals. `./run` installs what it needs and runs it.
let package = Package(
    name: "websocket-frames-rivals",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "websocket-frames", path: "../.."),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        // wslay, Boost.Beast and WebSocket++, each wrapped in one C function.
        .target(name: "CRivals", linkerSettings: [.linkedLibrary("wslay")]),

        // Links to the benchmark's own sources, to use the same bytes. Two packages of one graph may not have targets
        // of the same name: hence other names here, by which the sources find each other through an alias.
        .target(name: "RivalFixtures", dependencies: [frames], swiftSettings: strict),
        .target(name: "RivalRandom", swiftSettings: strict),
        .target(
            name: "RivalWorkloads",
            dependencies: ["RivalFixtures", "RivalRandom", frames, deflate],
            swiftSettings: strict + [
                .unsafeFlags([
                    "-module-alias", "FixtureCorpus=RivalFixtures", "-module-alias", "SeededRandom=RivalRandom",
                ])
            ]
        ),

        .executableTarget(
            name: "rivals",
            dependencies: [
                "CRivals", "RivalFixtures", "RivalWorkloads", frames, nio("NIOCore"), nio("NIOEmbedded"),
                nio("NIOWebSocket"),
            ],
            swiftSettings: strict
        ),

        // Inflating and compressing, beside zlib and libdeflate.
        .target(name: "CDeflateRivals", linkerSettings: [.linkedLibrary("z"), .linkedLibrary("deflate")]),
        .executableTarget(
            name: "deflate-rivals",
            dependencies: ["CDeflateRivals", "RivalRandom", deflate],
            swiftSettings: strict
        ),
    ],
    cxxLanguageStandard: .cxx17
)
