import ArgumentParser

/// `dlm bench cnn`, `dlm bench kernels`
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Time a step of a known model, or kernels against what the machine can do.",
    subcommands: [BenchModel.self, BenchKernels.self], defaultSubcommand: BenchModel.self)
}
