import DLMFrontend
import Testing

/// Wrong programs of the pages of `dlm explain` whose mistake only a run meets.
@Suite struct ExplainedRunTests {
  @Test(arguments: ["R001", "R002", "R003"])
  func `a run of the wrong program says so`(_ code: String) throws {
    let page = try #require(Explanation.all.first { $0.code == code })
    let outcome = try run(try #require(page.wrong))
    #expect(outcome.errors.contains("error[\(code)]"))
  }
}
