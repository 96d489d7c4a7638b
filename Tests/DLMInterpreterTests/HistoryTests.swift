import DLMCPU
import DLMSyntax
import Testing

@testable import DLMInterpreter

/// What plain code keeps of the way by which its values came about.
@Suite struct HistoryTests {
  /// How many nodes the tape has when a program has run.
  private func kept(_ text: String) throws -> Int {
    let session = try Session(
      folder: "", options: RunOptions(), backend: CPUBackend(threads: 1), control: { .goOn },
      confirm: { _ in true }, send: { _ in })
    let parsed = Parser.parse(SourceFile(path: "test.dlm", text: text))
    let diagnostics = try session.run(parsed.tree)
    #expect(parsed.diagnostics.isEmpty && diagnostics.isEmpty)
    return try #require(session.machine).plain.graph.nodes.count
  }

  private func descent(_ turns: Int) -> String {
    """
    let x = [[0.0, 0.5], [0.25, 1.0], [1.0, 0.0]], y = [0.0, 1.0, 1.0]
    var w = zeros[2], total = 0.0
    for turn in 0..<\(turns) {
        let loss = mean((sigmoid(x @ w) - y)^2)
        w -= 0.5 * grad(loss, wrt: w)
        total += loss
    }
    print sum(w), total
    """
  }

  @Test func `a loop keeps nothing of turns to which no gradient can lead`() throws {
    #expect(try kept(descent(400)) == kept(descent(100)))
  }

  @Test func `the way to what a gradient is asked for in is kept, however long it is`() throws {
    let outcome = try run(
      """
      let w = 1.001
      var h = 1.0
      for turn in 0..<400 {
          h = w * h
          if turn % 100 == 0 { print h > 0 }
      }
      print grad(h, wrt: w)
      fn slope(p: real, q: real) -> real { grad(p, wrt: q) }
      print slope(h, w)
      """)
    #expect(outcome.errors == "")
    let slopes = outcome.printed.suffix(2).compactMap { Double($0) }
    // 400 * 1.001^399
    #expect(slopes.count == 2 && slopes.allSatisfy { abs($0 - 596.015) < 0.1 })
  }
}
