import FixtureCorpus
import Testing

/// The fixtures, the validator and the naive judge are three readings of the RFC: no two of them may differ.
@Suite struct NaiveFixtureTests {
    @Test func theNaiveJudgeAgreesWithEveryFixture() throws {
        for fixture in try FixtureCorpus.loadAll() {
            let judge = NaiveJudge(
                stream: fixture.bytes,
                reported: fixture.sender,
                extensions: fixture.extensions,
                limits: fixture.limits
            )
            #expect(
                judge.judge().expectation == fixture.expectation,
                "\(fixture.path): Naive/NaiveJudge.swift reads the RFC otherwise; one of the two is wrong")
        }
    }
}
