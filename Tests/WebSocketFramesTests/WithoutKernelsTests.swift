import Foundation
import Testing
import WebSocketFrames

/// Text and frames where no kernel can run: plain Swift judges what a kernel would have taken.
///
/// The kernels are chosen when a program is loaded, so each test is a program of its own.
@Suite(.serialized) struct WithoutKernelsTests {
    private func withoutKernels(_ program: () async -> Void) async {
        unsafe setenv("WEBSOCKET_FRAMES_KERNELS", "none", 1)
        await program()
        unsafe unsetenv("WEBSOCKET_FRAMES_KERNELS")
    }

    @Test func shortText() async {
        await withoutKernels {
            await #expect(processExitsWith: .success) {
                let tests = UTF8Tests()
                tests.everySequenceOfOneAndTwoBytes()
                tests.sequencesOfThreeBytes()
                tests.sequencesOfFourBytes()
                tests.sequencesWithTextAfter()
            }
        }
    }

    @Test func longText() async {
        await withoutKernels {
            await #expect(processExitsWith: .success) {
                let tests = UTF8Tests()
                for sequence in UTF8Tests.sequences { tests.everyPlaceAroundTheBorderOfABlock(sequence: sequence) }
                for characters in ["é", "界", "😀", "aé界😀"] { tests.oneBadByteAnywhere(characters: characters) }
            }
        }
    }

    @Test func everyScalarValue() async {
        await withoutKernels { await #expect(processExitsWith: .success) { UTF8Tests().everyScalarValue() } }
    }
}
