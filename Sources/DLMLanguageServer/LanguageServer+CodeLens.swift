import DLMFrontend
import DLMSyntax

// Above what can be run: run, check, and how many parameters it has. Running is the client's: the server
// only names the command.
extension LanguageServer {
  /// Commands that the server carries out itself.
  static let commands = ["dlm.check", "dlm.cost"]

  func codeLenses(_ params: JSON) throws(ResponseError) -> JSON {
    let document = try document(params)
    let analysis = try analysis(of: document)
    let uri = JSON.string(document.uri)
    var lenses: [JSON] = []
    func add(_ span: Span, _ title: String, _ command: String, _ arguments: [JSON]) {
      lenses.append([
        "range": range(span, in: analysis.text),
        "command": [
          "title": .string(title), "command": .string(command), "arguments": .array(arguments),
        ],
      ])
    }
    for case .declaration(let declaration) in analysis.tree.items {
      switch declaration.kind {
      case .train(let train):
        add(train.name.span, "run", "dlm.run", [uri, .string(train.name.text)])
        add(train.name.span, "check", "dlm.check", [uri])
      case .layer(let layer):
        guard let text = analysis.recording.instances[layer.name.text]?.parameterText else {
          continue
        }
        add(layer.name.span, text, "dlm.cost", [uri, .string(layer.name.text)])
      case .test(let name, _):
        add(analysis.tree.span(name), "run test", "dlm.test", [uri])
      default: break
      }
    }
    return .array(lenses)
  }

  func execute(_ params: JSON) throws(ResponseError) -> JSON {
    let arguments = params["arguments"] ?? []
    guard let command = params["command"]?.string, Self.commands.contains(command) else {
      throw ResponseError(.invalidParams, "there is no such command")
    }
    guard let uri = arguments[0]?.string, let document = documents[uri] else {
      throw ResponseError(.invalidParams, "the command is for a document that is open")
    }
    let analysis = try analysis(of: document)
    let text: String
    if command == "dlm.check" {
      publish(document)
      let errors = analysis.diagnostics.filter { $0.severity == .error }.count
      text = errors == 0 ? "no mistakes found" : "\(errors) \(errors == 1 ? "error" : "errors")"
    } else {
      guard let layer = arguments[1]?.string, let cost = analysis.cost(ofLayer: layer) else {
        throw ResponseError(.requestFailed, "the cost of this layer is only known where it is used")
      }
      text = ([cost.name] + cost.lines).joined(separator: "\n")
    }
    notifyClient("window/showMessage", ["type": 3, "message": .string(text)])
    return .string(text)
  }
}

extension LayerCost {
  /// What it needs, has and costs, in words.
  var lines: [String] {
    var lines: [String] = []
    if !requirements.isEmpty {
      lines.append("requires " + requirements.map { "\($0)" }.joined(separator: ", "))
    }
    lines.append("parameters: \(cost.parameters.constant?.grouped ?? "\(cost.parameters)")")
    lines.append("multiply-adds: \(cost.multiplyAdds)")
    lines.append("training memory: at most \(cost.trainingBytes) bytes")
    return lines
  }
}
