import ArgumentParser
import DLMFrontend
import DLMInterpreter
import DLMShapes
import DLMSyntax

/// `dlm cost mnist.dlm`
struct CostCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cost",
    abstract: "Parameters, multiply-adds and training memory of each layer, as formulas.",
    discussion:
      "Symbols are those of the layer's input; memory is an upper bound, planning needs less.")

  @ArgumentParser.Argument(help: "The program.", completion: .file(extensions: ["dlm"]))
  var file: String

  func run() throws {
    let program = try Program(reading: file)
    let parsed = Parser.parse(program.file)
    guard report(parsed.diagnostics) else { throw ExitStatus.failure.code }
    let evaluator = Evaluator(
      prelude: Prelude(), provider: FileDataProvider(folder: program.folder))
    let costs = withLargeStack { evaluator.costs(of: parsed.tree) }
    guard report(evaluator.diagnostics) else { throw ExitStatus.failure.code }
    for layer in costs {
      Terminal.out("\(layer.name): \(layer.type)\n")
      Terminal.out("  parameters       \(layer.cost.parameters)\n")
      Terminal.out("  multiply-adds    \(layer.cost.multiplyAdds)\n")
      Terminal.out("  training memory  at most \(layer.cost.trainingBytes) bytes\n")
      if !layer.requirements.isEmpty {
        let needs = layer.requirements.map { "\($0)" }.joined(separator: ", ")
        Terminal.out("  requires         \(needs)\n")
      }
    }
  }
}
