import ArgumentParser

/// `dlm`: one subcommand a file.
@main struct DLMCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dlm",
    abstract: "A language for neural networks: checks, runs and trains .dlm programs.",
    version: "0.1.0",
    subcommands: [Run.self, Check.self, Dump.self, Bench.self],
    defaultSubcommand: Run.self)
}
