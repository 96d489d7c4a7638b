import DLMFrontend
import DLMShapes
import DLMSyntax

// What is known of the thing under the cursor.
extension LanguageServer {
  func hover(_ params: JSON) throws(ResponseError) -> JSON {
    let document = try document(params)
    let analysis = try analysis(of: document)
    let offset = try offset(params, in: analysis.text)
    guard let (span, page) = page(at: offset, analysis) else { return .null }
    return [
      "contents": client.takesMarkdown
        ? ["kind": "markdown", "value": .string(page.markdown)]
        : ["kind": "plaintext", "value": .string(page.plain)],
      "range": range(span, in: analysis.text),
    ]
  }

  private func page(at offset: Int, _ analysis: Analysis) -> (Span, HoverPage)? {
    if let span = analysis.names.name(at: offset), var page = page(ofName: span, analysis) {
      addStage(at: offset, calling: span, to: &page, analysis)
      return (span, page)
    }
    // Anything else that has a value: the smallest expression around.
    let tree = analysis.tree
    guard
      let id = tree.expressions(at: offset).first(where: {
        analysis.recording.stages[$0] != nil || analysis.recording[$0] != nil
      })
    else { return nil }
    guard let seen = analysis.recording.stages[id] ?? analysis.recording[id],
      let text = seen.text
    else { return nil }
    var page = HoverPage()
    page.code = [text]
    page.add(origin: seen.value)
    return (tree.span(id), page)
  }

  /// What the stage of a pipe that begins with this name gives here, and how that came about.
  private func addStage(
    at offset: Int, calling name: Span, to page: inout HoverPage, _ analysis: Analysis
  ) {
    let (tree, recording) = (analysis.tree, analysis.recording)
    guard
      let id = tree.expressions(at: offset).first(where: { recording.stages[$0] != nil }),
      tree.span(id).start == name.start, let seen = recording.stages[id], let text = seen.text
    else { return }
    let parameters = recording.made[id].flatMap { $0.parameterText }.map { ", \($0)" } ?? ""
    page.lines.insert("Here it gives `\(text)`\(parameters).", at: 0)
    page.add(origin: seen.value)
  }

  private func page(ofName span: Span, _ analysis: Analysis) -> HoverPage? {
    let name = analysis.text.file.string(span)
    switch analysis.names.roles[span] {
    case .definition(let index)?, .use(let index)?:
      return page(of: analysis.names.definitions[index], at: span, analysis)
    case .kind?: return HoverPage(kind: name)
    case .open?, .field?, .label?, .constant?, nil:
      return page(ofOpen: name, at: span, analysis)
    }
  }

  /// Something that the file defines.
  private func page(
    of definition: NameTable.Definition, at span: Span, _ analysis: Analysis
  ) -> HoverPage? {
    let (tree, recording) = (analysis.tree, analysis.recording)
    var page = HoverPage()
    switch definition.kind {
    case .layer, .function, .loss, .optimizer, .schedule, .data, .training:
      guard let declaration = tree.declaration(at: definition.extent) else { return nil }
      page = HoverPage(declaration, in: tree)
      if definition.kind == .layer { add(layer: definition.name.text, to: &page, analysis) }
      if definition.kind == .data, let seen = recording.bindings[definition.name.span],
        case .dataset(let dataset) = seen.value
      {
        page.add(dataset)
      }
    case .dim:
      let value = definition.value.map { " = \(tree.text($0))" } ?? ""
      page.code = ["dim \(definition.name.text)\(value)"]
      page.lines.append(
        definition.value == nil
          ? "The length of an axis of an input: bound by the argument." : "A length with a name.")
    case .variable, .input, .parameter, .state, .setting, .metric, .update:
      let seen = analysis.sighting(of: span) ?? recording.bindings[definition.name.span]
      let type = seen?.text ?? tree.writtenType(of: definition.name.span)
      page.code = ["\(definition.kind.word) \(definition.name.text)\(type.map { ": \($0)" } ?? "")"]
      if let value = seen?.value { page.add(origin: value) }
      if case .instance(let instance)? = seen?.value {
        page.documentation = instance.module.tree.documentation(of: instance.declaration.name.text)
      }
    }
    return page
  }

  /// Requirements, parameters and cost, on symbols for what the input leaves open.
  private func add(layer name: String, to page: inout HoverPage, _ analysis: Analysis) {
    if let cost = analysis.cost(ofLayer: name) {
      page.lines += cost.lines
    } else if let text = analysis.recording.instances[name]?.parameterText {
      page.lines.append(text)
    }
  }

  /// A name of the prelude, of another file, of data, or of the language itself.
  private func page(ofOpen name: String, at span: Span, _ analysis: Analysis) -> HoverPage? {
    if let seen = analysis.sighting(of: span) {
      switch seen.value {
      case .constructor, .function, .maker: break
      default:
        guard let text = seen.text else { break }
        var page = HoverPage()
        page.code = ["\(name): \(text)"]
        page.add(origin: seen.value)
        return page
      }
    }
    if let field = analysis.field(named: name, around: span) { return HoverPage(field) }
    if let entry = preludeIndex.entries[name] {
      return HoverPage(entry.declaration, in: entry.module.tree)
    }
    if let target = target(ofNameAt: span, in: IndexedSource(analysis), analysis),
      let index = target.definition,
      let declaration = target.source.tree.declaration(
        at: target.source.names.definitions[index].extent)
    {
      return HoverPage(declaration, in: target.source.tree)
    }
    return BuiltinPage.named(name).map { HoverPage($0) }
  }
}

extension Tree {
  /// Expressions around `offset`, the smallest first.
  func expressions(at offset: Int) -> [ExpressionID] {
    expressionIDs.filter { span($0).start <= offset && offset <= span($0).end }
      .sorted { span($0).end - span($0).start < span($1).end - span($1).start }
  }

  func documentation(of name: String) -> String { declaration(named: name)?.documentation ?? "" }

  /// The type that is written behind the name of an input, a static or something kept.
  func writtenType(of name: Span) -> String? {
    for case .declaration(let declaration) in items where declaration.span.contains(name) {
      let parameters: [Parameter] =
        switch declaration.kind {
        case .layer(let layer): layer.statics + layer.inputs
        case .function(let function): function.parameters
        case .optimizer(let optimizer): optimizer.statics
        case .schedule(let schedule): schedule.statics
        default: []
        }
      if let parameter = parameters.first(where: { $0.name.span == name }) {
        let standard = parameter.standard.map { " = \(text($0))" } ?? ""
        return parameter.type.map { file.string($0.span) + standard }
      }
    }
    return nil
  }
}

extension Span {
  func contains(_ other: Span) -> Bool { start <= other.start && other.end <= end }
}

extension NameTable.Kind {
  /// The word of the language that stands in front of such a name.
  var word: String {
    switch self {
    case .layer: "layer"
    case .function: "fn"
    case .loss: "loss"
    case .optimizer: "optimizer"
    case .schedule: "schedule"
    case .data: "data"
    case .training: "train"
    case .dim: "dim"
    case .variable(let isMutable): isMutable ? "var" : "let"
    case .setting: "static"
    case .input: "input"
    case .parameter: "param"
    case .state: "state"
    case .metric: "metric"
    case .update: "minimize as"
    }
  }
}
