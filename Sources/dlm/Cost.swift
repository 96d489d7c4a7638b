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
      """
      Symbols are lengths of the layer's inputs, all of them taken as given, and statics without a
      standard value. Memory is an upper bound, planning needs less.
      """)

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
    for (layer, costs) in costs {
      if costs.isEmpty {
        Terminal.out(
          "\(layer.name.text)\n  known only where it is used: nothing here makes and calls one\n")
      }
      for cost in costs { Terminal.out(text(of: cost)) }
    }
  }

  private func text(of layer: LayerCost) -> String {
    var lines = [
      "\(layer.name): \(layer.type)",
      "  parameters       \(layer.cost.parameters)",
      "  multiply-adds    \(layer.cost.multiplyAdds)",
      "  training memory  at most \(layer.cost.trainingBytes) bytes",
    ]
    if !layer.requirements.isEmpty {
      let needs = layer.requirements.map { "\($0)" }.joined(separator: ", ")
      lines.append("  requires         \(needs)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
