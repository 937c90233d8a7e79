import PerMessageDeflate
import Testing

@Suite("The parameters of permessage-deflate")
struct DeflateParametersTests {
    @Test("Every combination is kept as given")
    func everyCombination() {
        for client in 8...15 {
            for server in 8...15 {
                for flags in 0..<4 {
                    let parameters = DeflateParameters(
                        clientMaxWindowBits: client, serverMaxWindowBits: server,
                        clientNoContextTakeover: flags & 1 != 0, serverNoContextTakeover: flags & 2 != 0)
                    #expect(parameters.client == DeflateContext(windowBits: client, takesOver: flags & 1 == 0))
                    #expect(parameters.server == DeflateContext(windowBits: server, takesOver: flags & 2 == 0))
                }
            }
        }
    }

    @Test("Without parameters: 32 KiB, with takeover")
    func standard() {
        #expect(DeflateParameters.standard.client == DeflateContext(windowBits: 15, takesOver: true))
        #expect(DeflateParameters.standard.server.windowSize == 32768)
    }

    @Test(
        "An impossible number of bits is replaced by the nearest possible one",
        arguments: [(Int.min, 8), (7, 8), (16, 15), (.max, 15)])
    func clamped(given: Int, kept: Int) {
        #expect(DeflateParameters(clientMaxWindowBits: given).clientMaxWindowBits == kept)
        #expect(DeflateParameters(serverMaxWindowBits: given).serverMaxWindowBits == kept)
        #expect(DeflateContext(windowBits: given).windowBits == kept)
    }
}
