import Foundation
import Testing

/// Programs of several files, and the tests in them.
@Suite struct ModuleTests {
  @Test func `what another file declares can be used`() throws {
    let project = try Project(
      """
      use "parts/layers.dlm"
      let double = Double()
      print double([[1.0, 2.0]]), width
      """)
    try project.add(
      "parts/layers.dlm",
      """
      dim width = 4
      layer Double(x: real[B, N]) -> real[B, N] { scaled(x, 2) }
      fn scaled(x: real[...S], by: real) -> real[...S] { x * by }
      print "not run"
      """)
    let ending = try dlm("run", project.program)
    #expect(ending.output == "[[2, 4]] 4\n", "\(ending.errors)")
  }

  @Test func `a mistake in another file is shown there`() throws {
    let project = try Project("use \"b.dlm\"\nprint wrong([[1.0]])")
    try project.add("b.dlm", "\nfn wrong(x: real[B, N]) -> real[B] { x }")
    let ending = try dlm("check", project.program)
    #expect(ending.status == 1)
    #expect(ending.errors.contains("b.dlm:2:"), "\(ending.errors)")
  }

  @Test func `files that use each other are told so`() throws {
    let project = try Project("use \"a.dlm\"")
    try project.add("a.dlm", "use \"b.dlm\"")
    try project.add("b.dlm", "use \"a.dlm\"")
    let ending = try dlm("check", project.program)
    #expect(ending.status == 1)
    #expect(ending.errors.contains("`a.dlm` uses `b.dlm` uses `a.dlm`"), "\(ending.errors)")
    try project.write("use \"missing.dlm\"")
    #expect(try dlm("check", project.program).errors.contains("cannot use `missing.dlm`"))
  }

  @Test func `tests run and tell what does not hold`() throws {
    let project = try Project(
      """
      test "probabilities sum to one" {
        let p = softmax([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]], over: 1)
        expect sum(p, over: 1) ~= ones[2]
      }
      test "two is three" { expect 2.0 ~= 3.0 }
      """)
    let ending = try dlm("test", project.program)
    #expect(ending.status == 1)
    #expect(ending.output.contains("passed  \(project.program): probabilities sum to one"))
    #expect(ending.output.contains("FAILED  \(project.program): two is three"))
    #expect(ending.output.contains("1 passed, 1 failed"))
    #expect(ending.errors.contains("2.0 ~= 3.0"))
    // A run passes over tests.
    #expect(try dlm("run", project.program).status == 0)
  }

  @Test func `lines that are written anew are not wrong`() throws {
    let project = try Project("print 1 + 1\n//> 3\n")
    #expect(try dlm("test", project.program).status == 1)
    let ending = try dlm("test", "--record", project.program)
    #expect(ending.status == 0)
    #expect(ending.output.contains("1 passed, 0 failed"))
    #expect(try String(contentsOfFile: project.program, encoding: .utf8) == "print 1 + 1\n//> 2\n")
    #expect(try dlm("test", project.program).status == 0)
  }
}

extension Project {
  /// Writes another file beside the program.
  fileprivate func add(_ name: String, _ text: String) throws {
    let file = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
  }
}
