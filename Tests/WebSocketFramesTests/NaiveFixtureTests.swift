import FixtureCorpus
import Testing

/// The fixtures, the validator and the naive judge are three readings of the RFC, and have to agree.
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
                "\(fixture.path): Naive/NaiveJudge.swift reads the RFC differently; one of the two is wrong")
        }
    }
}
