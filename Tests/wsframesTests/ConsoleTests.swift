import Testing

@testable import wsframes

@Suite struct ConsoleTests {
    private struct Nothing: ByteSource {
        let size: UInt64? = nil

        func read(into buffer: inout [UInt8], from start: Int) throws(SystemError) -> Int { 0 }

        func waitForBytes(seconds: Double) -> Bool { true }
    }

    @Test(arguments: [
        (true, false, false, 60), (true, true, false, 60), (false, true, true, 60), (false, true, false, 100),
        (false, false, true, 100), (false, false, false, 100),
    ])
    func aPagerHasTheWidthOfTheScreen(_ isTerminal: Bool, _ errors: Bool, _ isPipe: Bool, _ width: Int) throws {
        let console = { (columns: Int?) in
            Console(
                standardInput: Nothing(), output: { _ in }, errors: { _ in },
                isTerminal: isTerminal, errorsAreTerminal: errors, outputIsPipe: isPipe, terminalWidth: columns)
        }
        #expect(console(60).width == width)
        #expect(console(nil).width == 100)
        #expect(console(7).width == (width == 100 ? 100 : 40))
    }
}
