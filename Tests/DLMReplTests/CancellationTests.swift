import Synchronization
import Testing

/// One operator that takes long and is given up.
@Suite struct CancellationTests {
  /// Presses Ctrl-C when it has been asked so often.
  private final class Finger: Sendable {
    private let count = Atomic<Int>(0)
    private let patience: Int

    init(after patience: Int) { self.patience = patience }

    var presses: Int { count.add(1, ordering: .relaxed).newValue > patience ? 1 : 0 }
  }

  @Test(arguments: [
    "eigenvalues(m)", "inverse(m)", "determinant(m)", "cholesky(m @ m.T)", "orthogonal(m)",
    "big @ big", "fourier(line)",
  ])
  func `the work of one operator is given up between its pieces`(_ expression: String) throws {
    let prompt = try Prompt()
    try prompt.enter("let m = normal[90, 90]\nlet m = m + m.T")
    try prompt.enter("let big = normal[1200, 1200]\nlet line = normal[2003]")
    let before = try prompt.enter("m[0, 0]")
    // As often as it is asked before, between and behind its operators, and a few times more.
    let finger = Finger(after: 8)
    prompt.interruptions = { finger.presses }
    #expect(try prompt.enter("let x = \(expression)").contains("stopped"))
    prompt.interruptions = { 0 }
    #expect(try prompt.enter("m[0, 0]") == before)
    #expect(try prompt.enter("x").contains("N001"))
  }

  @Test(arguments: [
    ("let z = inverse(zeros[2, 2])", "singular"),
    ("let z = normal[4000000, 4000000]", "there is no memory"),
  ])
  func `what cannot be computed is not tried again by what comes after it`(
    _ entry: String, _ reason: String
  ) throws {
    let prompt = try Prompt()
    try prompt.enter("let kept = 2.0")
    let before = try prompt.enter("kept + 1")
    #expect(try prompt.enter(entry).contains(reason))
    #expect(try prompt.enter("kept + 1") == before)
    #expect(try prompt.enter("z").contains("N001"))
  }
}
