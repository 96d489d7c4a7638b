import DLMShapes
import DLMSyntax

/// A text with what a check has found in it: what an editor or a prompt knows when it is asked about a
/// place of it. The text may be broken anywhere.
package struct CheckedText {
  package let tree: Tree
  package let names: NameTable
  package let recording: Recording
  /// At the end of the text.
  package let frame: Frame

  package init(_ tree: Tree, _ names: NameTable, _ recording: Recording, _ frame: Frame) {
    self.tree = tree
    self.names = names
    self.recording = recording
    self.frame = frame
  }

  package var file: SourceFile { tree.file }

  /// What a name stands for at a place: as the text binds it there, or else as it is known at the end, of
  /// the text itself, of files that it uses, of the prelude.
  package func value(of name: String, at offset: Int) -> Value? {
    if let index = names.visible(at: offset)[name],
      let seen = recording.bindings[names.definitions[index].name.span]
    {
      return seen.value
    }
    return frame.scope[name]?.value
  }

  /// The largest expression that ends at a place and has a value: what a `|>` or a point stands behind.
  package func expression(endingAt offset: Int) -> ExpressionID? {
    tree.expressionIDs.filter { id in
      guard tree.span(id).end == offset, isClosed(tree.span(id)) else { return false }
      if case .pipe = tree[id] { return false }
      return recording.stages[id] != nil || recording[id] != nil
    }
    .min { tree.span($0).start < tree.span($1).start }
  }

  /// Whether no bracket is open at the end of a span.
  private func isClosed(_ span: Span) -> Bool {
    var depth = 0
    for byte in file.bytes[span.start..<span.end] {
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      default: break
      }
    }
    return depth == 0
  }

  /// What stands in front of a point: the value of the expression that ends there or, where the text
  /// around cannot be read, of a chain of names such as `net.conv1`.
  ///
  /// - Parameter filled: gives a layer that nothing has been through its parts.
  package func value(endingAt offset: Int, _ filled: (Instance) -> Instance) -> Value? {
    if let id = expression(endingAt: offset),
      let value = (recording.stages[id] ?? recording[id])?.value.filled(filled)
    {
      return value
    }
    var tokens = Lexer.tokens(of: file).filter { $0.span.end <= offset && $0.kind != .endOfFile }
    guard tokens.last?.span.end == offset else { return nil }
    var path: [String] = []
    while let token = tokens.popLast(), token.kind == .name || token.kind == .capitalName {
      path.insert(file.string(token.span), at: 0)
      guard let point = tokens.last, file.string(point.span) == "." else { break }
      tokens.removeLast()
    }
    guard let first = path.first, var value = value(of: first, at: offset)?.filled(filled) else {
      return nil
    }
    for name in path.dropFirst() {
      guard let inner = value.parts.first(where: { $0.name == name })?.value else { return nil }
      value = inner
    }
    return value
  }

  /// Columns of the data that the training or the stages around a place are of.
  package func fields(around offset: Int) -> [Dataset.Field] {
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

extension Value {
  /// With the parts of a layer; `nil` for what is unknown.
  fileprivate func filled(_ filled: (Instance) -> Instance) -> Value? {
    switch self {
    case .instance(let instance): .instance(filled(instance))
    case .failed: nil
    default: self
    }
  }

  /// What can stand behind a point: parts of a layer, fields of a record, parts of data.
  package var parts: [(name: String, value: Value?)] {
    switch self {
    case .record(let fields): fields.map { ($0.name, $0.value) }
    case .instance(let instance):
      instance.parts.map { name in
        if let child = instance.child(named: name) { return (name, .instance(child)) }
        let kept = instance.kept.first { $0.name == name }
        return (name, kept.map { .tensor(TensorValue($0.type)) })
      }
    case .dataset(let data): data.parts
    case .tensor(let tensor) where tensor.type.dims.count > 1: [("T", nil)]
    default: []
    }
  }
}

extension Dataset {
  /// Splits, what `eval` has found, and the number of words.
  fileprivate var parts: [(name: String, value: Value?)] {
    var parts: [(name: String, value: Value?)] = []
    for (split, rows) in counts where !split.isEmpty {
      parts.append((split, .split(DataSplit(dataset: self, name: split, rows: rows))))
    }
    for (name, value) in metrics { parts.append((name, value)) }
    if let vocabulary { parts.append(("vocab", .int(vocabulary))) }
    return parts
  }
}
