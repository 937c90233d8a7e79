"""What is measured for the page: the command, what it shows, and which of its output lines contain the figures."""
from dataclasses import dataclass

RELEASE = "EXHAUSTIVE=1 swift test -c release -Xswiftc -enable-testing --scratch-path .build-exhaustive"


@dataclass(frozen=True)
class Item:
    name: str
    title: str
    shows: str
    command: str
    # What is kept of a line: the groups of the match.
    figures: str


PASSED = r"^\W*Test (\w+)\([^)]*\)( with \d+ test cases?)? (passed|failed)"

ITEMS = [
    Item("transitions", "Every transition of the state machine, every close code",
         "Each test case of `theNaiveJudgeSaysTheSame` is a state of the stream, an agreement and a sender. In each, all 65,536 "
         "values of a frame's first two bytes, and a frame that goes on from them, are judged by the machine, whole and byte by "
         "byte, and by the naive judge, which was written from the RFC. "
         "[`Fixtures/exhaustive`](../../Fixtures/exhaustive) is the account for people, and is compared by every `swift test`.",
         f"{RELEASE} --filter TransitionTests", PASSED),
    Item("utf8", "Every beginning of UTF-8",
         "Every sequence of up to four bytes that begins as UTF-8 may, up to the first byte that does not fit: at every place of a "
         "block of 64 bytes through each kernel that the processor runs, and through the validator.",
         f"{RELEASE} --filter 'EverySequenceTests|UTF8Tests'", PASSED),
    Item("differential", "Every API on the same streams",
         "Made up and damaged from a fixed seed, in random pieces, with each set of kernels: `validate`, `consumeFrame`, `next`, "
         "`read`, messages, both ways of a connection, whole messages of a connection, and four calls of the C API find the same "
         "rule at the same place, count the same and hand over the same bytes as the naive judge.",
         "Tests/Differential/run 1000000", r"^(\w+: \d+ streams .*)$"),
    Item("ceilings", "Every ceiling reached, and ten times beyond it",
         "Inputs that take the most memory or time that they can, through a pipe into `wsframes`: MB read and printed, seconds of "
         "the processor, MB of both in a second of it, the peak memory in MiB, the exit status. The status is 1 where more is "
         "taken than [`Tests/Ceilings/table.py`](../Ceilings/table.py) allows (at least 5 MB/s), or the ceiling is not reported.",
         "swift build -c release --product wsframes && Tests/Ceilings/run", r"^(times .*|.+ (?:1|10) +[\d.]+ +[\d.]+ .*)$"),
    Item("exhaustive", "The tests of the core, with all that they can try", "Optimised, nothing sampled.", RELEASE,
         r"(Test run with \d+ tests in \d+ suites (?:passed|failed))"),
    Item("coverage-core", "Coverage of the core by its tests",
         "Lines and regions (branches, bodies of loops, closures) of the core in Swift that a test enters; the kernels in C are not "
         "counted. The status is 1 while a region that no test enters does not stand in "
         "[`Tests/Coverage/gaps`](../Coverage/gaps) with its reason.",
         "Tests/Coverage/run --core", r"^(\w+ +\d+ / \d+ .*%.*)$"),
    Item("coverage", "Coverage by all tests", "The same of every module, in a debug build.",
         "Tests/Coverage/run", r"^(\w+ +\d+ / \d+ .*%.*)$"),
    Item("mutation", "Mutation of the core",
         "The sources are changed in one small way after the other: does a test notice? Equivalent changes, which nothing can "
         "notice, stand in [`Tests/Mutation/equivalents`](../Mutation/equivalents) with the reason. The first line says how many were "
         "tried by `Tests/Mutation/run`, whose results stand in [`Tests/Mutation/record`](../Mutation/record); this command sums them up "
         "and lists the survivors. Each counts as it was found when it was last tried, which may be with older tests. The status is 1 "
         "while one survives. The gate tries twenty of the killed ones again with every commit.",
         "Tests/Mutation/run --tried", r"^(\w+: \d+ of \d+ killed.*|\d+ of \d+ mutants.*)$"),
    Item("kernels", "The kernels against plain C",
         "Random streams and faults between pages that nobody may touch, with each compiler, sanitizer and processor at hand.",
         "Tests/Fuzz/run-kernels 5000", r"^(--.*)$"),
    Item("fuzz", "Coverage-guided fuzzing",
         "libFuzzer and AddressSanitizer over every reader of bytes from outside; `Tests/Fuzz/README.md` says what each harness checks.",
         "Tests/Fuzz/run 30 && Tests/Fuzz/keep --sum", r"^(-- .*|Done \d+ runs.*|SUMMARY.*|\w+: [\d,]+ executions.*)$"),
    Item("sanitizers", "The tests under sanitizers",
         "AddressSanitizer over all tests of the core, its kernels in C and the C API; ThreadSanitizer over those of threads, of the "
         "probe and relay, which serve and connect on sockets, and of the async API.",
         "Tests/Sanitizers/run address && Tests/Sanitizers/run thread", r"(Test run with .*|SUMMARY.*)$"),
    Item("zlib", "The inflater against zlib", "Random and damaged compressed sessions: the same bytes, the same fault at the same message.",
         "Tests/Deflate/against-zlib 20000", r"^(\d+ sessions, .*)$"),
    Item("c-api", "The C API under valgrind and AddressSanitizer", "The corpus through C, C++, Go and Rust.",
         "Tests/CAPI/run", r"^(everything holds|FAILED.*|== (?!result).*)$"),
    Item("captures", "The captures' notes against an independent dissector",
         "Another reader of captures, in another language, finds what the notes say.",
         "Tests/Captures/verify.py", r"^(\d+ .*)$"),
]
