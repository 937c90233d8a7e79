import Foundation
import Testing

/// The C code of the README and the articles compiles as shown.
@Suite struct CExampleTests {
    private static let compiler = ["clang", "cc", "gcc"].lazy.compactMap(Toolchain.program).first

    /// A block that includes the header is a file. Any other block is part of a function with the parameters `bytes` and
    /// `count`.
    @Test(.enabled(if: compiler != nil, "there is no C compiler")) func everyBlockCompiles() throws {
        let compiler = try #require(Self.compiler)
        let blocks = try Page.all().flatMap(\.codeBlocks).filter { $0.language == "c" && $0.source == nil }
        #expect(!blocks.isEmpty)
        let folder = try TemporaryFolder()
        for block in blocks {
            let code = "#line \(block.line) \"\(block.page)\"\n\(block.text)"
            let isFile = block.text.contains("#include")
            let file = try folder.write("example.c", isFile ? code : Self.wrapped(code))
            let outcome = try Outcome.of(
                compiler,
                ["-std=c11", "-Wall", "-Wextra", "-Wno-unused", "-Werror", "-fsyntax-only"]
                    + ["-ISources/CWebSocketFrames/include", file.path])
            #expect(outcome.status == 0, "\(block.place)\n\(outcome.errors)")
        }
    }

    private static func wrapped(_ code: String) -> String {
        """
        #include "websocket_frames.h"
        static void handle(const wsf_event *event, const uint8_t *payload) { (void)event, (void)payload; }
        static void close_with(uint16_t code, const char *reason) { (void)code; (void)reason; }
        void example(uint8_t *bytes, size_t count);
        void example(uint8_t *bytes, size_t count) {
        \(code)}

        """
    }
}
