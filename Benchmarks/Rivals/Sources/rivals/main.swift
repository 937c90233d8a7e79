import Foundation
import RivalWorkloads

func say(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
}

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.isEmpty || arguments == ["--quick"] else {
    say("rivals: takes no argument but --quick; the report goes to standard output")
    exit(2)
}
let isQuick = arguments == ["--quick"]
let rivals: [any Rival] = [
    Ours(), NIORival(doesFullJob: false), NIORival(doesFullJob: true), CRival.wslay, CRival.beast,
    CRival.websocketpp,
]
do {
    say("feeding the fixtures to each")
    let coverage = try Coverage(rivals)
    let race = Race(rivals: rivals, divisor: isQuick ? 100 : 1, rounds: isQuick ? 3 : 7)
    var results: [Race.Result] = []
    // Not `corpus`: its streams end with a Close, and some were sent with permessage-deflate, which Beast would
    // inflate; nor `deflate-chat`, whose payloads were never deflated. Parsers that inflate have a race of their own,
    // `deflate-rivals`. Nor workloads that must be read frame by frame, or that are written: the others get pieces of
    // one size.
    let left: [WorkloadKind] = [.corpus, .deflateChat]
    let kinds = WorkloadKind.allCases.filter { !left.contains($0) && !$0.isInflated }
    for kind in kinds where !kind.saysWhatReadsBring && !kind.isWritten {
        say(kind.rawValue)
        results += try race.run(kind)
    }
    print(Report(rivals: rivals, results: results, coverage: coverage).markdown)
} catch {
    say("rivals: \(error)")
    exit(1)
}
