import ArgumentParser
import CDLMKernels

/// `dlm`: one subcommand a file.
@main struct DLMCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dlm",
    abstract: "A language for neural networks: checks, runs and trains .dlm programs.",
    version: "0.1.0",
    subcommands: named.map { $0.command },
    defaultSubcommand: Run.self)

  private static let named: [(name: String, command: any ParsableCommand.Type)] = [
    ("run", Run.self), ("check", Check.self), ("fix", Fix.self), ("fmt", Format.self),
    ("explain", Explain.self), ("cost", CostCommand.self), ("test", Test.self),
    ("dump", Dump.self), ("bench", Bench.self), ("repl", ReplCommand.self),
    ("lsp", LanguageServerCommand.self), ("replay", Replay.self),
  ]

  /// What the arguments ask for: with none at all a prompt, and with a file alone to run it.
  ///
  /// A subcommand that is named is parsed by itself if it can be: to look at the options of all takes
  /// longer than to check a page. All that goes wrong is told by the whole.
  private static func command(_ arguments: [String]) throws -> any ParsableCommand {
    let arguments = arguments.isEmpty || arguments == ["--json"] ? ["repl"] + arguments : arguments
    if let one = named.first(where: { $0.name == arguments[0] }),
      let command = try? one.command.parseAsRoot(Array(arguments.dropFirst()))
    {
      return command
    }
    return try parseAsRoot(arguments)
  }

  static func main() {
    dlm_grow_memory_in_large_steps()
    do {
      var command = try command(Array(CommandLine.arguments.dropFirst()))
      try command.run()
    } catch let error as UsageError {
      Terminal.error("error: \(error.message)\n")
      exit(withError: ExitStatus.usage.code)
    } catch  where error is ExitCode || exitCode(for: error) != .failure {
      exit(withError: error)
    } catch {
      Terminal.error("internal error: \(error)\n")
      exit(withError: ExitStatus.internalError.code)
    }
  }
}
