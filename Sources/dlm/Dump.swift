import ArgumentParser
import DLMSyntax

/// `dlm dump tree mnist.dlm`
struct Dump: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print what passes between two steps of the way from text to kernel.")

  enum Stage: String, ExpressibleByArgument, CaseIterable {
    case tokens, tree
  }

  @ArgumentParser.Argument(help: "What to print.")
  var stage: Stage

  @ArgumentParser.Argument(help: "The program.", completion: .file(extensions: ["dlm"]))
  var file: String

  func run() throws {
    let program = try Program(reading: file)
    switch stage {
    case .tokens: break
    case .tree: break
    }
  }
}
