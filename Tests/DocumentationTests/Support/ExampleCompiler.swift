import Foundation
import Testing

/// Compiles examples against the libraries as they were built for the tests.
struct ExampleCompiler {
    private let folder: TemporaryFolder
    private let compiler: URL
    private let options: [String]

    init() throws {
        folder = try TemporaryFolder()
        compiler = try #require(Toolchain.program("swiftc"), "the toolchain's swiftc was not found")
        let header = Page.root.appendingPathComponent("Sources/FrameKernels/include/FrameKernels.h").path
        let kernels = try folder.write("module.modulemap", "module FrameKernels { header \"\(header)\" export * }\n")
        let interface = try #require(
            BuiltProduct.url(of: "Modules/WebSocketFrames.swiftmodule", "WebSocketFrames.swiftmodule"),
            "the libraries were not found beside the tests")
        options = [
            "-swift-version", "6", "-package-name", "websocket_frames", "-Xcc", "-fmodule-map-file=\(kernels.path)",
            "-I", interface.deletingLastPathComponent().path,
        ]
    }

    /// The compiler's errors and warnings about a Swift file; empty if there are none.
    func complaints(about text: String) throws -> String {
        let file = try folder.write("Example.swift", text)
        let outcome = try Outcome.of(compiler, options + ["-typecheck", "-warnings-as-errors", file.path])
        return outcome.status == 0 ? outcome.output : outcome.output + outcome.errors
    }

    /// The source files of a library.
    static func sources(of library: String) throws -> [String] {
        let folder = "Sources/\(library)"
        let files = try FileManager.default.subpathsOfDirectory(atPath: Page.root.appendingPathComponent(folder).path)
        return files.filter { $0.hasSuffix(".swift") }.sorted().map { "\(folder)/\($0)" }
    }
}

extension CodeBlock {
    /// The code with a directive that makes the compiler's messages name the page and its lines.
    var located: String {
        "#sourceLocation(file: \"\(page)\", line: \(line))\n\(text)#sourceLocation()\n"
    }
}
