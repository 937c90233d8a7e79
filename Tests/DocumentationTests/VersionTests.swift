import Testing

@testable import wsframes

/// `Help.version` is the version, and everything else that names it must agree.
@Suite struct VersionTests {
    private let numbers = Help.version.split(separator: " ").last?.split(separator: ".").compactMap { Int($0) } ?? []

    @Test func theCHeaderHasIt() throws {
        try #require(numbers.count == 3)
        let header = try Page(path: "Sources/CWebSocketFrames/include/websocket_frames.h").text
        let number = numbers[0] * 10_000 + numbers[1] * 100 + numbers[2]
        #expect(header.contains("#define WSF_VERSION \(number)\n"), "websocket_frames.h: WSF_VERSION must be \(number)")
    }

    @Test func theReadmeHasIt() throws {
        let version = numbers.map(String.init).joined(separator: ".")
        #expect(try Page(path: "README.md").text.contains("from: \"\(version)\""), "README.md: from: \"\(version)\"")
    }
}
