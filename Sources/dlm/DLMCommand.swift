import ArgumentParser
import CDLMKernels

/// `dlm`: one subcommand a file.
@main struct DLMCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dlm",
    abstract: "A language for neural networks: checks, runs and trains .dlm programs.",
    version: "0.1.0",
    subcommands: [
      Run.self, Check.self, Fix.self, Format.self, Explain.self, CostCommand.self, Test.self,
      Dump.self, Bench.self, ReplCommand.self, LanguageServerCommand.self,
    ],
    defaultSubcommand: Run.self)

  static func main() {
    dlm_grow_memory_in_large_steps()
    do {
      // Alone it is a prompt; with a file it runs that.
      var command = try parseAsRoot(CommandLine.arguments.count == 1 ? ["repl"] : nil)
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
