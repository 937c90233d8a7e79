import FixtureCorpus
import Foundation
import Testing
import WebSocketDiagnosis
import WebSocketInspection
import WebSocketReports

/// The diagnosis of every violation in the recorded captures: the correct name, or none.
@Suite struct CaptureDiagnosisTests {
    @Test(arguments: ["endings", "proxies", "tcp", "violations"]) func everyViolationGetsItsName(folder: String) throws
    {
        let place = FixtureCorpus.folder + "/captures/" + folder
        var found: [String] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: place).sorted() {
            guard name.hasSuffix(".pcap") || name.hasSuffix(".pcapng"),
                let bytes = FileManager.default.contents(atPath: place + "/" + name)
            else { continue }
            for case .violation(let finding) in try JudgedCapture([UInt8](bytes)).findings {
                let diagnosis = finding.diagnosis.map { "\($0.name) \($0.certainty.rawValue) \($0.suspect.rawValue)" }
                found.append(folder + "/" + name + " " + (diagnosis ?? "none"))
            }
        }
        #expect(found == Self.expected.filter { $0.hasPrefix(folder + "/") })
    }

    /// Those without a name have a cause that the rule itself states, or that the bytes do not show.
    private static let expected = """
        endings/deflate-corrupt.pcap none
        proxies/haproxy.violation.pcap none
        proxies/haproxy.violation.pcap none
        proxies/nginx.deflate-stripped.pcap deflate-stripped likely between
        violations/chunked.pcap chunked-coding certain between
        violations/data-after-close.server.pcap none
        violations/invalid-close-code.1005.pcap none
        violations/invalid-close-code.999.pcap none
        violations/mask-key-missing.pcap mask-key-missing certain client
        violations/masked-server.pipe.pcap client-frame-echoed certain server
        violations/non-minimal.ipv6-nano.pcap none
        violations/reserved-bits.deflate-declined.pcap deflate-not-agreed certain client
        violations/reserved-bits.http-500.pcap http-response certain server
        violations/reserved-bits.second-upgrade.pcap http-request certain client
        violations/text-not-utf8.latin1.pcap latin-1-text likely server
        violations/text-not-utf8.surrogate.pcap lone-surrogate likely client
        violations/two-writers.pcap concurrent-writers certain client
        violations/unmasked.answered-1000.pcap none
        violations/unmasked.answered.pcap none
        violations/unmasked.unnoticed.pcap none
        """.split(separator: "\n").map(String.init)
}
