// swift-tools-version: 6.2

import PackageDescription

// Servers of other Swift packages, for the field map.
let package = Package(
    name: "field",
    platforms: [.macOS("10.15")],
    dependencies: [.package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1")],
    targets: [.executableTarget(name: "echo-flyingfox", dependencies: ["FlyingFox"])]
)
