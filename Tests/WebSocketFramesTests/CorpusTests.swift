import FixtureCorpus
import Testing
import WebSocketFrames

/// The corpus is complete.
@Suite struct CorpusTests {
    let fixtures: [Fixture]

    init() throws {
        fixtures = try FixtureCorpus.loadAll()
    }

    @Test func itIsThere() {
        #expect(fixtures.count >= 800)
        #expect(Set(fixtures.map(\.path)).count == fixtures.count)
        let sorted = fixtures.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        #expect(fixtures.map(\.path) == sorted.map(\.path))
    }

    @Test(arguments: Rule.allCases) func everyRuleIsBrokenBySomeFixture(rule: Rule) {
        #expect(
            fixtures.contains { $0.expectation.violation?.rule == rule },
            "\(rule.name) needs a fixture that breaks it: Fixtures/<section>/reject.\(rule.name).<case>.hex")
    }

    @Test(arguments: Rule.allCases)
    func everyRuleIsBrokenByBothEndpointsWhereItAppliesToBoth(rule: Rule) {
        let senders = Set(fixtures.filter { $0.expectation.violation?.rule == rule }.map(\.sender))
        if rule != .maskedServerFrame {
            #expect(senders.contains(.client), "\(rule.name) needs a fixture in which a client breaks it")
        }
        if rule != .unmaskedClientFrame {
            #expect(senders.contains(.server), "\(rule.name) needs a fixture in which a server breaks it")
        }
    }

    @Test(arguments: StreamState.allCases) func everyStateIsThere(state: StreamState) {
        let senders = Set(fixtures.filter { $0.expectation.state == state }.map(\.sender))
        #expect(senders.isSuperset(of: [.client, .server]))
    }

    @Test func someFixtureEndsInsideEachPartOfAFrame() {
        let ends = fixtures.filter { $0.expectation.state == .incompleteFrame }.map { fixture in
            FrameValidator(for: fixture).reading(fixture.bytes).header
        }
        #expect(ends.contains { $0.count == 1 }, "after byte 0")
        #expect(ends.contains { $0.count == 2 && !$0.isComplete }, "after byte 1")
        #expect(ends.contains { $0[1] & 0x7F == 126 && $0.count == 3 }, "inside a 16-bit length")
        #expect(ends.contains { $0[1] & 0x7F == 127 && (3...9).contains($0.count) }, "inside a 64-bit length")
        #expect(ends.contains { $0.isMasked && !$0.isComplete && $0.count > $0.expectedCount - 4 }, "inside a key")
        #expect(ends.contains { $0.isComplete }, "inside a payload")
    }

    @Test func sectionsAreNamedAfterTheRFC() {
        let section = /rfc(6455|7692)-[0-9]+(\.[0-9]+)*-[a-z0-9]+(-[a-z0-9]+)*/
        for fixture in fixtures where !fixture.isRecorded && fixture.section != "diagnosis" {
            #expect(fixture.section.wholeMatch(of: section) != nil, "\(fixture.path)")
        }
    }

    @Test func casesAreNamedInLowerCase() {
        let name = /[a-z0-9]+([-.][a-z0-9]+)*/
        for fixture in fixtures {
            #expect(fixture.caseName.wholeMatch(of: name) != nil, "\(fixture.path)")
        }
    }

    @Test func verdictsAreConsistent() {
        for fixture in fixtures {
            guard let fault = fixture.expectation.violation else { continue }
            #expect(fault.end <= UInt64(fixture.bytes.count), "\(fixture.path)")
            #expect(fault.frameOffset < fault.end, "\(fixture.path)")
            #expect(fault.frame == fixture.expectation.frames, "\(fixture.path)")
            let header = Int(fault.frameOffset)..<(Int(fault.frameOffset) + fault.headerHex.utf8.count / 2)
            #expect(fixture.bytes[header].map { $0 }.hex == fault.headerHex, "\(fixture.path)")
        }
    }
}

/// Recordings of real software.
@Suite struct RecordedCorpusTests {
    let fixtures: [Fixture]

    init() throws {
        fixtures = try FixtureCorpus.load().filter(\.isRecorded)
    }

    @Test func threeClientsAndThreeServersAtLeast() {
        var clients: Set<Substring> = []
        var servers: Set<Substring> = []
        for fixture in fixtures {
            let pair = fixture.section.dropFirst("recorded/".count).split(separator: "/")[0]
            guard let dashes = pair.firstRange(of: "--") else {
                Issue.record("\(fixture.path): the folder does not name a client and a server")
                continue
            }
            switch fixture.sender {
            case .client: clients.insert(pair[..<dashes.lowerBound])
            case .server: servers.insert(pair[dashes.upperBound...])
            case nil: break
            }
        }
        #expect(clients.count >= 3, "\(clients)")
        #expect(servers.count >= 3, "\(servers)")
    }

    @Test func everyOneHasItsHandshakeAndNamesItsSender() {
        for fixture in fixtures {
            let first = fixture.handshake.prefix { $0 != UInt8(ascii: " ") }
            switch fixture.sender {
            case .client: #expect(first.elementsEqual("GET".utf8), "\(fixture.path)")
            case .server: #expect(first.elementsEqual("HTTP/1.1".utf8), "\(fixture.path)")
            case nil: Issue.record("\(fixture.path): does not name its sender")
            }
            let suffix = fixture.caseName.split(separator: ".").last
            #expect(suffix.map(String.init) == fixture.sender?.name, "\(fixture.path)")
        }
    }

    @Test func bothDirectionsOfEachConversationAreThere() {
        // The two files of a conversation share their name up to the first full stop; one may add a limit after it.
        var senders: [String: Set<Endpoint?>] = [:]
        for fixture in fixtures {
            let name = fixture.caseName.prefix { $0 != "." }
            senders["\(fixture.section)/\(name)", default: []].insert(fixture.sender)
        }
        for (name, senders) in senders {
            #expect(senders == [.client, .server], "\(name): a direction is missing")
        }
    }

    @Test func deflateIsSaidWhereTheResponseAgreesToIt() {
        for fixture in fixtures where fixture.sender == .server {
            let lines = String(decoding: fixture.handshake, as: UTF8.self).lowercased().split(separator: "\r\n")
            let agreed = lines.contains {
                $0.hasPrefix("sec-websocket-extensions:") && $0.contains("permessage-deflate")
            }
            #expect(fixture.extensions.includesPermessageDeflate == agreed, "\(fixture.path)")
        }
    }
}
