import Foundation
import Testing

/// `dlm replay` on the log that a prompt has left.
@Suite(.enabled(if: PseudoTerminal.hasReadline, "there is no libreadline.so.8"))
struct ReplayCommandTests {
  @Test func `a session is done again, and what has changed since is told`() throws {
    let project = try Project("1")
    let program = """
      data points = rows(x: [[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], y: [[1.0], [0.0], [2.0]])
      let net = Linear(1)
      train again on points {
          batch 1 shuffled
          epochs 3
          minimize mse(net(x), y) over net with SGD(lr: 0.1) as opt
      }
      """
    let terminal = try PseudoTerminal(["repl"], in: project.path)
    _ = try terminal.wait(for: "> ")
    try program.write(toFile: project.path + "/again.dlm", atomically: true, encoding: .utf8)
    for entry in [":use again.dlm", ":run again 2 steps", "opt.lr = 0.005", ":continue 4 steps"] {
      terminal.send(entry + "\r")
      _ = try terminal.wait(for: "\n> ")
    }
    terminal.send(":quit\r")
    #expect(try terminal.ending() == 0)
    let log = project.path + "/runs/again/session.log"
    // The program may have changed since: the log has it as it was.
    try "let a = 1\n".write(toFile: project.path + "/again.dlm", atomically: true, encoding: .utf8)
    let weights = project.path + "/w.safetensors"
    let same = try dlm("replay", log, "--save", weights)
    #expect(same.status == 0)
    #expect(same.output.contains("standing after step 6: every number is what it was"))
    #expect(FileManager.default.fileExists(atPath: weights))
    let text = try String(contentsOfFile: log, encoding: .utf8)
    try text.replacing("0.005", with: "0.5").write(toFile: log, atomically: true, encoding: .utf8)
    let other = try dlm("replay", log)
    #expect(other.status == 1)
    #expect(other.errors.contains("not those of the log"))
    #expect(try dlm("replay", project.program).status == 64)
  }
}
