import DLMFrontend
import DLMSyntax

// What a call takes, while it is written: found in the tokens, for the text is seldom whole then.
extension LanguageServer {
  func signatureHelp(_ params: JSON) throws(ResponseError) -> JSON {
    let document = try document(params)
    let offset = try offset(params, in: document.text)
    let file = document.text.file
    guard let call = OpenCall(at: offset, in: file) else { return .null }
    let analysis = try analysis(of: document)
    guard let signature = signature(of: call, analysis) else { return .null }
    let active = call.label.flatMap { label in
      signature.parameters.firstIndex { $0.name == label }
    }
    return [
      "signatures": [
        .members([
          "label": .string(signature.label),
          "documentation": signature.documentation.isEmpty
            ? nil : ["kind": "markdown", "value": .string(signature.documentation)],
          "parameters": .array(signature.parameters.map { ["label": .string($0.text)] }),
        ])
      ],
      "activeSignature": 0,
      "activeParameter": .integer(active ?? min(call.position, max(0, signature.parameters.count))),
    ]
  }

  struct CallSignature {
    var label: String
    var parameters: [(name: String, text: String)]
    var documentation: String
  }

  func signature(of call: OpenCall, _ analysis: Analysis) -> CallSignature? {
    let source = IndexedSource(analysis)
    if let target = target(ofNameAt: call.callee, in: source, analysis), let index = target.definition {
      let definition = target.source.names.definitions[index]
      if let declaration = target.source.tree.declaration(at: definition.extent),
        declaration.name?.span == definition.name.span
      {
        return CallSignature(declaration, in: target.source.tree, isSecondGroup: call.isSecondGroup)
      }
    }
    if case .instance(let instance)? = value(ofName: call.callee, analysis) {
      let tree = instance.module.tree
      return tree.declaration(named: instance.declaration.name.text).flatMap {
        CallSignature($0, in: tree, isSecondGroup: true)
      }
    }
    let name = analysis.text.file.string(call.callee)
    return BuiltinPage.named(name).map { page in
      CallSignature(
        label: page.signature, parameters: page.parameters.map { ($0.name, $0.text) },
        documentation: page.summary)
    }
  }

  /// What a name stands for, read or bound.
  private func value(ofName span: Span, _ analysis: Analysis) -> Value? {
    if let seen = analysis.sighting(of: span) { return seen.value }
    guard
      let index = analysis.names.definition(of: span)
        ?? analysis.names.visible(at: span.start)[analysis.text.file.string(span)]
    else { return nil }
    return analysis.recording.bindings[analysis.names.definitions[index].name.span]?.value
  }
}

extension LanguageServer.CallSignature {
  /// Statics of what is made, or inputs of what is applied.
  init?(_ declaration: Declaration, in tree: Tree, isSecondGroup: Bool) {
    let parameters: [Parameter]
    switch declaration.kind {
    case .layer(let layer):
      // `Net(x)` is not written: without statics the first brackets are empty.
      parameters = isSecondGroup ? layer.inputs : layer.statics
    case .function(let function): parameters = function.parameters
    case .optimizer(let optimizer): parameters = optimizer.statics
    case .schedule(let schedule): parameters = schedule.statics
    case .use, .data, .dim, .train, .test, .sweep: return nil
    }
    self.parameters = parameters.map { ($0.name.text, tree.text($0)) }
    label = "\(declaration.name?.text ?? "")(\(self.parameters.map(\.text).joined(separator: ", ")))"
    documentation = declaration.documentation
  }
}

extension Tree {
  /// A parameter as it is written.
  func text(_ parameter: Parameter) -> String {
    var end = parameter.name.span.end
    if let type = parameter.type { end = max(end, type.span.end) }
    if let standard = parameter.standard { end = max(end, span(standard).end) }
    return file.string(Span(parameter.name.span.start, end))
  }
}

/// The innermost call whose brackets are open at a place.
struct OpenCall {
  /// The name that is called.
  var callee: Span
  /// How many arguments stand before the place.
  var position: Int
  /// In front of the argument at the place.
  var label: String?
  /// Whether it is the second pair of brackets: `Conv(3)(x)`.
  var isSecondGroup = false

  init?(at offset: Int, in file: SourceFile) {
    let tokens = Lexer.tokens(of: file).filter { $0.span.start < offset && $0.kind != .endOfFile }
    var open: [(index: Int, commas: Int, lastComma: Int)] = []
    for (index, token) in tokens.enumerated() where token.kind == .symbol {
      // A bracket that the place is in front of, or inside of, does not count yet.
      guard token.span.end <= offset else { continue }
      switch file.string(token.span) {
      case "(", "[", "{": open.append((index, 0, index))
      case ")", "]", "}": if !open.isEmpty { open.removeLast() }
      case ",":
        if !open.isEmpty {
          open[open.count - 1].commas += 1
          open[open.count - 1].lastComma = index
        }
      default: break
      }
    }
    guard let innermost = open.last(where: { file.string(tokens[$0.index].span) != "[" }),
      file.string(tokens[innermost.index].span) == "(", innermost.index > 0
    else { return nil }
    position = innermost.commas
    let rest = tokens[(innermost.lastComma + 1)...]
    if rest.count > 1, rest[rest.startIndex].kind == .name,
      file.string(rest[rest.startIndex + 1].span) == ":"
    {
      label = file.string(rest[rest.startIndex].span)
    }
    guard let callee = Self.callee(before: innermost.index, tokens, file) else { return nil }
    (self.callee, isSecondGroup) = callee
  }

  /// The name in front of a bracket, or in front of the brackets in front of it.
  private static func callee(before index: Int, _ tokens: [Token], _ file: SourceFile) -> (
    Span, Bool
  )? {
    var last = index - 1
    if tokens[last].kind == .name || tokens[last].kind == .capitalName {
      return (tokens[last].span, false)
    }
    guard file.string(tokens[last].span) == ")" else { return nil }
    var depth = 0
    while last >= 0 {
      let text = file.string(tokens[last].span)
      if text == ")" { depth += 1 }
      if text == "(" {
        depth -= 1
        if depth == 0 { break }
      }
      last -= 1
    }
    guard last > 0, tokens[last - 1].kind == .capitalName else { return nil }
    return (tokens[last - 1].span, true)
  }
}
