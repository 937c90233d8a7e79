// swift-tools-version: 6.2

import PackageDescription

/// Every target is held to the same: Swift 6, strict memory safety, public imports said aloud.
let strict: [SwiftSetting] = [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "websocket-frames",
    platforms: [.macOS("10.15"), .iOS(.v13), .tvOS(.v13), .watchOS(.v6), .visionOS(.v1)],
    products: [
        .library(name: "WebSocketFrames", targets: ["WebSocketFrames"]),
        .library(name: "PerMessageDeflate", targets: ["PerMessageDeflate"]),
        .library(name: "WebSocketAsync", targets: ["WebSocketAsync"]),
        .library(name: "WebSocketCaptures", targets: ["WebSocketCaptures"]),
        .library(name: "WebSocketDiagnosis", targets: ["WebSocketDiagnosis"]),
        .library(name: "WebSocketInspection", targets: ["WebSocketInspection"]),
        .library(name: "WebSocketReports", targets: ["WebSocketReports"]),
        .library(name: "WebSocketProbe", targets: ["WebSocketProbe"]),
        .executable(name: "wsframes", targets: ["wsframes"]),
        .library(name: "CWebSocketFrames", type: .static, targets: ["CWebSocketFrames"]),
    ],
    targets: [
        // The few functions that Swift cannot express: wide vectors, picked at run time.
        .target(name: "FrameKernels"),

        // Compressed messages: raw DEFLATE as RFC 7692 has it. Imports nothing.
        .target(name: "PerMessageDeflate", swiftSettings: strict),

        // The parser. Imports nothing but the kernels and the inflater, not even Foundation.
        .target(name: "WebSocketFrames", dependencies: ["FrameKernels", "PerMessageDeflate"], swiftSettings: strict),

        // Messages as an AsyncSequence, over any transport. No input or output of its own.
        .target(
            name: "WebSocketAsync", dependencies: ["WebSocketFrames", "PerMessageDeflate"], swiftSettings: strict),

        // The parser after a C header. The header is a target of its own, as the package manager wants it.
        .target(name: "CWebSocketFramesHeader", path: "Sources/CWebSocketFrames/include", publicHeadersPath: "."),
        .target(
            name: "CWebSocketFrames",
            dependencies: ["PerMessageDeflate", "WebSocketFrames", "CWebSocketFramesHeader"],
            exclude: ["include"],
            swiftSettings: strict
        ),

        // What people have on disk → the streams in it: packet captures, hex text, handshakes.
        .target(
            name: "WebSocketCaptures", dependencies: ["WebSocketFrames", "PerMessageDeflate"], swiftSettings: strict),

        // A violation and the bytes around it → what happened; both directions → whether they ended well.
        .target(
            name: "WebSocketDiagnosis", dependencies: ["PerMessageDeflate", "WebSocketFrames", "WebSocketCaptures"],
            swiftSettings: strict),

        // The bytes of an input → findings, in order. Opens no file.
        .target(
            name: "WebSocketInspection",
            dependencies: ["WebSocketFrames", "WebSocketCaptures", "WebSocketDiagnosis"],
            swiftSettings: strict
        ),

        // Cases for servers and clients, and what an answer to them means. No sockets.
        .target(
            name: "WebSocketProbe",
            dependencies: ["PerMessageDeflate", "WebSocketFrames", "WebSocketCaptures", "WebSocketDiagnosis"],
            swiftSettings: strict),

        // Findings → text for people, JSON lines for programs.
        .target(
            name: "WebSocketReports",
            dependencies: [
                "PerMessageDeflate", "WebSocketFrames", "WebSocketCaptures", "WebSocketDiagnosis",
                "WebSocketInspection",
                "WebSocketProbe",
            ],
            swiftSettings: strict
        ),

        // The command line: the only one that opens a file.
        .executableTarget(
            name: "wsframes",
            dependencies: [
                "WebSocketFrames", "WebSocketCaptures", "WebSocketDiagnosis", "WebSocketInspection", "WebSocketReports",
                "WebSocketProbe",
            ],
            swiftSettings: strict
        ),

        // How fast it is, beside what the machine can do at best with the same bytes.
        .target(name: "BenchmarkLimits", path: "Benchmarks/Limits"),
        .target(
            name: "BenchmarkWorkloads",
            dependencies: ["PerMessageDeflate", "WebSocketFrames", "FixtureCorpus", "SeededRandom"],
            path: "Benchmarks/Workloads",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "wsframes-bench",
            dependencies: [
                "WebSocketFrames", "CWebSocketFrames", "CWebSocketFramesHeader", "FixtureCorpus", "BenchmarkWorkloads",
                "BenchmarkLimits",
            ],
            path: "Benchmarks/wsframes-bench",
            swiftSettings: strict
        ),

        .target(
            name: "FixtureCorpus",
            dependencies: ["PerMessageDeflate", "WebSocketFrames"],
            path: "Tests/FixtureCorpus",
            swiftSettings: strict
        ),
        .target(
            name: "PlainCryptography",
            dependencies: ["WebSocketCaptures"],
            path: "Tests/PlainCryptography",
            swiftSettings: strict
        ),
        .target(
            name: "ProbedPeers",
            dependencies: ["WebSocketFrames", "WebSocketProbe"],
            path: "Tests/ProbedPeers",
            swiftSettings: strict
        ),
        .target(
            name: "SlowInflating", dependencies: ["PerMessageDeflate"], path: "Tests/SlowInflating",
            swiftSettings: strict),
        .target(name: "SeededRandom", path: "Tests/SeededRandom", swiftSettings: strict),
        .testTarget(name: "FrameKernelsTests", dependencies: ["FrameKernels", "SeededRandom"], swiftSettings: strict),
        .testTarget(
            name: "PerMessageDeflateTests", dependencies: ["PerMessageDeflate", "SlowInflating", "SeededRandom"],
            swiftSettings: strict),
        .testTarget(
            name: "WebSocketAsyncTests", dependencies: ["WebSocketAsync", "WebSocketFrames"], swiftSettings: strict),
        .testTarget(
            name: "WebSocketFramesTests",
            dependencies: [
                "FrameKernels", "WebSocketFrames", "PerMessageDeflate", "CWebSocketFrames", "CWebSocketFramesHeader",
                "FixtureCorpus", "SlowInflating", "SeededRandom",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "WebSocketCapturesTests",
            dependencies: [
                "WebSocketCaptures", "WebSocketFrames", "FixtureCorpus", "SeededRandom", "PlainCryptography",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "WebSocketDiagnosisTests",
            dependencies: [
                "WebSocketDiagnosis", "WebSocketCaptures", "WebSocketFrames", "PerMessageDeflate", "FixtureCorpus",
                "SeededRandom",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "WebSocketProbeTests",
            dependencies: [
                "WebSocketProbe", "WebSocketFrames", "PerMessageDeflate", "FixtureCorpus", "SeededRandom",
                "ProbedPeers",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "WebSocketReportsTests",
            dependencies: [
                "PerMessageDeflate", "WebSocketReports", "WebSocketInspection", "WebSocketDiagnosis",
                "WebSocketCaptures",
                "WebSocketFrames",
                "WebSocketProbe", "SeededRandom",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "wsframesTests",
            dependencies: [
                "wsframes", "WebSocketReports", "WebSocketInspection", "WebSocketDiagnosis", "WebSocketCaptures",
                "WebSocketFrames", "WebSocketProbe", "FixtureCorpus", "SeededRandom", "ProbedPeers",
            ],
            swiftSettings: strict
        ),
        // Holds the README and the articles to the code. `build-docc` is a script for the gate.
        .testTarget(
            name: "DocumentationTests",
            dependencies: ["WebSocketAsync", "WebSocketReports", "wsframes", "wsframes-bench"],
            exclude: ["build-docc"],
            swiftSettings: strict
        ),
    ]
)

// `EXHAUSTIVE=1 swift test -c release -Xswiftc -enable-testing`: the core and its tests alone, which try everything there.
if Context.environment["EXHAUSTIVE"] != nil {
    let core: Set = [
        "FrameKernels", "PerMessageDeflate", "WebSocketFrames", "CWebSocketFramesHeader", "CWebSocketFrames",
        "FixtureCorpus", "SlowInflating", "SeededRandom", "FrameKernelsTests", "PerMessageDeflateTests",
        "WebSocketFramesTests",
    ]
    package.products = []
    package.targets.removeAll { !core.contains($0.name) }
}
