import PerMessageDeflate
import SeededRandom
import Testing
import WebSocketFrames

/// permessage-deflate is negotiated according to RFC 7692 §7.1, on both sides.
@Suite struct DeflateOfferTests {
    private func element(_ parameters: String) throws -> WebSocketExtension {
        try WebSocketExtension.list("permessage-deflate" + (parameters.isEmpty ? "" : "; " + parameters))[0]
    }

    @Test(
        arguments: [
            ("foo", .unknownParameter("foo")),
            (
                "server_no_context_takeover; server_no_context_takeover",
                .repeatedParameter("server_no_context_takeover")
            ),
            ("client_no_context_takeover=1", .unexpectedValue("client_no_context_takeover")),
            ("server_max_window_bits", .missingValue("server_max_window_bits")),
            ("server_max_window_bits=7", .invalidWindowBits("server_max_window_bits")),
            ("server_max_window_bits=99", .invalidWindowBits("server_max_window_bits")),
            ("client_max_window_bits=16", .invalidWindowBits("client_max_window_bits")),
            ("client_max_window_bits=08", .invalidWindowBits("client_max_window_bits")),
            ("server_max_window_bits=10; server_max_window_bits=11", .repeatedParameter("server_max_window_bits")),
        ] as [(String, DeflateFault)])
    func offersThatAreDeclined(parameters: String, fault: DeflateFault) throws {
        let element = try element(parameters)
        #expect(throws: fault) { try DeflateOffer(element) }
    }

    /// The server's answer, depending on what it wants.
    @Test(
        arguments: [
            ("", DeflateParameters.standard, ""),
            ("server_no_context_takeover", .standard, "server_no_context_takeover"),
            ("client_no_context_takeover", .standard, "client_no_context_takeover"),
            ("client_max_window_bits", .standard, ""),
            ("client_max_window_bits=10", .standard, "client_max_window_bits=10"),
            ("client_max_window_bits", DeflateParameters(clientMaxWindowBits: 9), "client_max_window_bits=9"),
            ("", DeflateParameters(clientMaxWindowBits: 9), nil),
            ("server_max_window_bits=\"12\"", .standard, "server_max_window_bits=12"),
            ("server_max_window_bits=15", .standard, "server_max_window_bits=15"),
            ("server_max_window_bits=12", DeflateParameters(serverMaxWindowBits: 10), "server_max_window_bits=10"),
            ("", DeflateParameters(serverMaxWindowBits: 8), "server_max_window_bits=8"),
            (
                "", DeflateParameters(clientNoContextTakeover: true, serverNoContextTakeover: true),
                "server_no_context_takeover; client_no_context_takeover"
            ),
        ] as [(String, DeflateParameters, String?)])
    func aServersAnswer(offered: String, wishes: DeflateParameters, answer: String?) throws {
        let offer = try DeflateOffer(element(offered))
        guard let answer else {
            #expect(offer.agreed(wishing: wishes) == nil)
            return
        }
        let agreed = try #require(offer.agreed(wishing: wishes))
        #expect(offer.answer(agreed) == (try element(answer)))
        // The client accepts the answer to its own offer, and derives the same agreement from it.
        #expect(try offer.parameters(answeredBy: offer.answer(agreed)) == agreed)
    }

    @Test(
        arguments: [
            (DeflateParameters.standard, "foo", .unknownParameter("foo")),
            (DeflateParameters(serverMaxWindowBits: 10), "", .beyondOffer("server_max_window_bits")),
            (
                DeflateParameters(serverMaxWindowBits: 10), "server_max_window_bits=11",
                .beyondOffer("server_max_window_bits")
            ),
            (DeflateParameters(serverNoContextTakeover: true), "", .beyondOffer("server_no_context_takeover")),
            (.standard, "client_max_window_bits", .missingValue("client_max_window_bits")),
        ] as [(DeflateParameters, String, DeflateFault)])
    func answersThatFail(wishes: DeflateParameters, answer: String, fault: DeflateFault) throws {
        let element = try element(answer)
        #expect(throws: fault) { try DeflateOffer(wishing: wishes).parameters(answeredBy: element) }
    }

    /// §7.1.2.2: the value in the offer is a promise of the client's, whatever the answer allows.
    @Test func theClientsWindowIsNeverLargerThanItOffered() throws {
        let offer = try DeflateOffer(element("client_max_window_bits=10"))
        for (answer, bits) in [("client_max_window_bits=15", 10), ("client_max_window_bits=9", 9)] {
            #expect(try offer.parameters(answeredBy: element(answer)).clientMaxWindowBits == bits)
        }
    }

    @Test func aWindowThatWasNotOfferedCannotBeBounded() throws {
        let offer = try DeflateOffer(element(""))
        let answer = try element("client_max_window_bits=15")
        #expect(throws: DeflateFault.unofferedParameter("client_max_window_bits")) {
            try offer.parameters(answeredBy: answer)
        }
    }

    /// Random lists of offers: the server accepts the first one that §7.1 allows, by a second reading of the text,
    /// and the client accepts the answer.
    @Test func randomOffers() throws {
        var random = SplitMix64(seed: 7692)
        let names = [
            "server_no_context_takeover", "client_no_context_takeover", "server_max_window_bits",
            "client_max_window_bits", "unknown",
        ]
        let values = ["", "", "=8", "=9", "=15", "=7", "=16", "=08", "=\"10\"", "=x", "=-9"]
        var (agreements, refusals) = (0, 0)
        for _ in 0..<4_000 {
            let offers = (0...random.below(3)).map { _ in
                (0..<random.below(4)).map { _ in (random.pick(names), random.pick(values)) }
            }
            let wishes = Self.wishes(random.below(256))
            let text = offers.map { offer in
                "permessage-deflate" + offer.map { "; \($0.0)\($0.1)" }.joined()
            }.joined(separator: ", ")
            let elements = try WebSocketExtension.list(text)
            let first = elements.indices.first { index in
                guard let offer = try? DeflateOffer(elements[index]) else { return false }
                return offer.agreed(wishing: wishes) != nil
            }
            #expect(first == offers.indices.first { Self.isAllowed(offers[$0], wishes) }, "\(text)")
            guard let first else {
                refusals += 1
                continue
            }
            agreements += 1
            let offer = try DeflateOffer(elements[first])
            let agreed = try #require(offer.agreed(wishing: wishes))
            #expect(try offer.parameters(answeredBy: offer.answer(agreed)) == agreed, "\(text)")
        }
        #expect(agreements > 500 && refusals > 500)
    }

    /// §7.1 read naively: known parameters only, each at most once, with permitted values.
    private static func isAllowed(_ offer: [(String, String)], _ wishes: DeflateParameters) -> Bool {
        let bits = (8...15).map { "=\($0)" } + ["=\"10\""]
        for (name, value) in offer {
            if offer.filter({ $0.0 == name }).count > 1 { return false }
            switch name {
            case "server_no_context_takeover", "client_no_context_takeover": if value != "" { return false }
            case "server_max_window_bits": if !bits.contains(value) { return false }
            case "client_max_window_bits": if value != "", !bits.contains(value) { return false }
            default: return false
            }
        }
        return wishes.clientMaxWindowBits == 15 || offer.contains { $0.0 == "client_max_window_bits" }
    }

    /// Whatever two endpoints want, they derive the same agreement, and neither gets more than it wanted.
    @Test func everyPairOfWishesAgrees() throws {
        for client in 0...255 {
            for server in stride(from: 0, through: 255, by: 7) {
                let (client, server) = (Self.wishes(client), Self.wishes(server))
                let offer = DeflateOffer(wishing: client)
                let heard = try DeflateOffer(offer.element)
                #expect(heard == offer)
                let agreed = try #require(heard.agreed(wishing: server))
                #expect(try offer.parameters(answeredBy: heard.answer(agreed)) == agreed)
                #expect(agreed.serverMaxWindowBits == min(client.serverMaxWindowBits, server.serverMaxWindowBits))
                #expect(agreed.clientMaxWindowBits == min(client.clientMaxWindowBits, server.clientMaxWindowBits))
                #expect(
                    agreed.serverNoContextTakeover == client.serverNoContextTakeover || server.serverNoContextTakeover)
            }
        }
    }

    private static func wishes(_ number: Int) -> DeflateParameters {
        DeflateParameters(
            clientMaxWindowBits: 8 + number % 8, serverMaxWindowBits: 8 + number / 8 % 8,
            clientNoContextTakeover: number & 64 != 0, serverNoContextTakeover: number & 128 != 0)
    }
}
