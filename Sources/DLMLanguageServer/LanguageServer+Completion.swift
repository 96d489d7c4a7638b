import DLMFrontend
import DLMShapes
import DLMSyntax

/// What an entry of a list of completions is.
/// - Source: Language Server Protocol 3.17, CompletionItemKind
private enum CompletionKind: Int {
  case function = 3
  case field = 5
  case variable = 6
  case layer = 7
  case module = 9
  case property = 10
  case keyword = 14
  case file = 17
  case constant = 21
  case typeParameter = 25
}

private struct CompletionItem {
  var label: String
  var kind: CompletionKind
  /// The type, or the shape that results.
  var detail: String?
  var insert: String?
  var documentation = ""
  /// What comes first in the list: fits before may fit before does not fit.
  var rank = 2
}

// What could be written at a place, with the shape that results.
extension LanguageServer {
  func completion(_ params: JSON) throws(ResponseError) -> JSON {
    let document = try document(params)
    let analysis = try analysis(of: document)
    let offset = try offset(params, in: analysis.text)
    guard let place = CompletionPlace(at: offset, in: analysis.text.file) else {
      return ["isIncomplete": false, "items": []]
    }
    let items = items(at: place, document, analysis)
    let range = range(Span(place.start, offset), in: analysis.text)
    return [
      "isIncomplete": false,
      "items": .array(items.sorted { ($0.rank, $0.label) < ($1.rank, $1.label) }.map { json($0, range) }),
    ]
  }

  private func json(_ item: CompletionItem, _ range: JSON) -> JSON {
    .members([
      "label": .string(item.label), "kind": .integer(item.kind.rawValue),
      "detail": item.detail.map { .string($0) },
      "sortText": .string("\(item.rank)\(item.label)"),
      "documentation": item.documentation.isEmpty
        ? nil : ["kind": "markdown", "value": .string(item.documentation)],
      "textEdit": ["range": range, "newText": .string(item.insert ?? item.label)],
    ])
  }

  private func items(at place: CompletionPlace, _ document: Document, _ analysis: Analysis)
    -> [CompletionItem]
  {
    switch place.context {
    case .member: return members(before: place, analysis)
    case .stage:
      return stages(behind: place, document, analysis)
    case .axis:
      return axes(at: place, analysis)
    case .clause:
      return Words.clauses.map { CompletionItem(label: $0, kind: .keyword) }
    case .path(let written): return paths(written, document)
    case .type:
      return HoverPage.kinds.map { name, meaning in
        CompletionItem(label: name, kind: .typeParameter, detail: meaning)
      } + dims(at: place, analysis)
    case .expression:
      let labels = labels(at: place, analysis)
      return labels + names(at: place, analysis)
    case .statement:
      let words = (Words.statements + Words.declarations).map {
        CompletionItem(label: $0, kind: .keyword, rank: 3)
      }
      return words + names(at: place, analysis)
    }
  }

  // MARK: Names

  /// Names that can be seen, with their types, and those of the prelude.
  private func names(at place: CompletionPlace, _ analysis: Analysis) -> [CompletionItem] {
    var items = visible(at: place, analysis)
    let known = Set(items.map(\.label))
    items += analysis.fields(around: place.start).map { field in
      CompletionItem(label: field.name, kind: .field, detail: field.type.plain, rank: 1)
    }
    for (name, entry) in preludeIndex.entries where !known.contains(name) {
      items.append(item(name, entry.declaration, in: entry.module.tree))
    }
    for name in BuiltinPage.names where !known.contains(name) && preludeIndex.entries[name] == nil {
      guard let page = BuiltinPage.named(name) else { continue }
      items.append(
        CompletionItem(
          label: name, kind: .function, detail: page.signature, documentation: page.summary, rank: 3))
    }
    items += ["true", "false", "none", "pi", "inf"].map {
      CompletionItem(label: $0, kind: .constant, rank: 3)
    }
    return items
  }

  private func visible(at place: CompletionPlace, _ analysis: Analysis) -> [CompletionItem] {
    analysis.names.visible(at: place.start).map { name, index in
      let definition = analysis.names.definitions[index]
      let seen = analysis.recording.bindings[definition.name.span]
      var item = CompletionItem(label: name, kind: .variable, detail: seen?.text, rank: 1)
      switch definition.kind {
      case .layer, .optimizer: item.kind = .layer
      case .function, .loss, .schedule: item.kind = .function
      case .dim: item.kind = .typeParameter
      case .data: item.kind = .module
      default: break
      }
      if let declaration = analysis.tree.declaration(at: definition.extent), item.kind != .variable {
        item.detail = analysis.tree.head(of: declaration)
        item.documentation = declaration.documentation
      }
      return item
    }
  }

  private func item(_ name: String, _ declaration: Declaration, in tree: Tree) -> CompletionItem {
    let isCapital = name.first?.isUppercase ?? false
    return CompletionItem(
      label: name, kind: isCapital ? .layer : .function, detail: tree.head(of: declaration),
      documentation: declaration.documentation)
  }

  private func dims(at place: CompletionPlace, _ analysis: Analysis) -> [CompletionItem] {
    visible(at: place, analysis).filter { $0.kind == .typeParameter }
  }

  // MARK: Behind `|>`, `.` and `over:`

  /// What can be piped into, each with what it gives; what does not take the value comes last.
  private func stages(behind place: CompletionPlace, _ document: Document, _ analysis: Analysis)
    -> [CompletionItem]
  {
    var items = names(at: place, analysis).filter { $0.kind == .function || $0.kind == .layer || $0.rank == 1 }
    guard let before = analysis.expression(endingAt: place.before) else { return items }
    let results = results(of: items.map(\.label), behind: before, document)
    for index in items.indices {
      guard let type = results[items[index].label] else { continue }
      let head = items[index].detail.map { "\n" + $0 } ?? ""
      items[index].documentation = "```dlm\(head)\n```\n" + items[index].documentation
      items[index].detail = "-> \(type.plain)"
      items[index].rank = 0
      if items[index].kind == .layer { items[index].insert = "\(items[index].label)()" }
    }
    for index in items.indices where results[items[index].label] == nil {
      items[index].rank = items[index].kind == .layer ? 2 : 4
    }
    return items
  }

  /// Walks the document again to the place, and tries each function there.
  private func results(of names: [String], behind id: ExpressionID, _ document: Document)
    -> [String: TensorType]
  {
    let folder = document.folder
    let files = OpenFiles(host.provider(folder: folder), folder: folder) { [documents] path in
      documents.values.first { $0.path == path }?.text.file.text
    }
    let recording = Recording()
    recording.wanted = id
    let evaluator = Evaluator(prelude: prelude, provider: files)
    evaluator.recording = recording
    evaluator.memory = memory
    defer { evaluator.forgetScopes() }
    evaluator.check(Parser.parse(document.text.file).tree)
    guard let (value, frame) = recording.found else { return [:] }
    return evaluator.results(of: names, for: value, in: frame)
  }

  private func members(before place: CompletionPlace, _ analysis: Analysis) -> [CompletionItem] {
    guard let id = analysis.expression(endingAt: place.before) else { return [] }
    var value = (analysis.recording.stages[id] ?? analysis.recording[id])?.value
    if value == nil, let index = analysis.names.definition(of: analysis.tree.span(id)) {
      value = analysis.recording.bindings[analysis.names.definitions[index].name.span]?.value
    }
    switch value {
    case .tensor(let tensor)?:
      return tensor.type.dims.count < 2
        ? [] : [CompletionItem(label: "T", kind: .property, detail: "the last two axes swapped")]
    case .dataset(let dataset)?:
      let splits = dataset.counts.filter { !$0.split.isEmpty }.map {
        CompletionItem(label: $0.split, kind: .property, detail: "\($0.rows.grouped) rows")
      }
      let vocabulary = dataset.vocabulary.map { count in
        [CompletionItem(label: "vocab", kind: .property, detail: "\(count)")]
      }
      return splits + (vocabulary ?? [])
        + [CompletionItem(label: "windows", kind: .function, detail: "windows(T: int)", rank: 2)]
    case .record(let fields)?:
      return fields.map {
        CompletionItem(label: $0.name, kind: .property, detail: $0.value.typeText)
      }
    case .instance(let instance)?:
      return instance.parts.map { part in
        let kept = instance.kept.first { $0.name == part }
        let child = instance.child(named: part)
        return CompletionItem(
          label: part, kind: .property,
          detail: kept.map { $0.type.plain } ?? child?.declaration.name.text)
      }
    default: return []
    }
  }

  /// Axes by the symbols that the argument in front has, or by position.
  private func axes(at place: CompletionPlace, _ analysis: Analysis) -> [CompletionItem] {
    var items = dims(at: place, analysis)
    items.append(CompletionItem(label: "all but", kind: .keyword, insert: "all but "))
    items.append(CompletionItem(label: "-1", kind: .constant, detail: "the last axis"))
    return items
  }

  /// Labels of the call around, those that are not written yet.
  private func labels(at place: CompletionPlace, _ analysis: Analysis) -> [CompletionItem] {
    guard place.startsArgument, let call = OpenCall(at: place.start, in: analysis.text.file),
      let signature = signature(of: call, analysis)
    else { return [] }
    return signature.parameters.map { parameter in
      CompletionItem(
        label: "\(parameter.name):", kind: .property, detail: parameter.text,
        insert: "\(parameter.name): ", rank: 0)
    }
  }

  /// Files and folders that a path can go on with.
  private func paths(_ written: String, _ document: Document) -> [CompletionItem] {
    let folder = written.lastIndex(of: "/").map { String(written[..<$0]) } ?? ""
    return host.names(in: DocumentURI.resolve(folder, in: document.folder)).map {
      CompletionItem(label: $0, kind: .file)
    }
  }
}

extension Analysis {
  /// The largest expression that ends at a place: what a `|>` or a point stands behind.
  func expression(endingAt offset: Int) -> ExpressionID? {
    tree.expressionIDs.filter { id in
      guard tree.span(id).end == offset else { return false }
      if case .pipe = tree[id] { return false }
      return recording.stages[id] != nil || recording[id] != nil
        || names.definition(of: tree.span(id)) != nil
    }
    .min { tree.span($0).start < tree.span($1).start }
  }

  /// Columns of the data that the training or the stages around a place are of.
  func fields(around offset: Int) -> [Dataset.Field] {
    for case .declaration(let declaration) in tree.items
    where declaration.span.start <= offset && offset <= declaration.span.end {
      switch declaration.kind {
      case .data(let name, _):
        if case .dataset(let dataset)? = recording.bindings[name.span]?.value {
          return dataset.fields
        }
      case .train(let train):
        switch recording[train.source]?.value {
        case .split(let split)?: return split.dataset.fields
        case .dataset(let dataset)?: return dataset.fields
        default: break
        }
      default: break
      }
    }
    return []
  }
}
