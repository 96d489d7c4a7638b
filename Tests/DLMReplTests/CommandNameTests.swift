import DLMRepl
import Testing

@Suite struct CommandNameTests {
  private static let beginnings = Set(
    Command.all.flatMap { command in
      command.name.indices.map { String(command.name[...$0]) }
    })

  @Test func `every command that a prompt should have is there`() {
    let wanted = [
      "help", "type", "shape", "why", "cost", "grad", "graph", "time", "vars", "use", "reload",
      "run",
      "continue", "undo", "save", "load", "plot", "doc", "doctor", "device", "threads", "seed",
      "history", "quit",
    ]
    #expect(Set(Command.all.map(\.name)) == Set(wanted))
  }

  @Test func `a beginning that no other command has is enough`() throws {
    let prompt = try Prompt()
    for beginning in Self.beginnings {
      let candidates = Command.all.filter { $0.name.hasPrefix(beginning) }.map(\.name)
      let exact = candidates.first { $0 == beginning } ?? (beginning == "t" ? "type" : nil)
      if let meant = exact ?? (candidates.count == 1 ? candidates[0] : nil) {
        #expect(try prompt.enter(":help :\(beginning)").hasPrefix(":\(meant)"))
      } else {
        #expect(try prompt.enter(":\(beginning)").contains("could be :\(candidates[0])"))
      }
    }
  }
}
