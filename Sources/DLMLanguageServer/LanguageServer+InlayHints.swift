import DLMFrontend
import DLMShapes
import DLMSyntax

// In the margin of the text: the type after every stage of a pipe and every name that is bound, and how
// many parameters each layer has.
extension LanguageServer {
  func inlayHints(_ params: JSON) throws(ResponseError) -> JSON {
    let document = try document(params)
    let analysis = try analysis(of: document)
    let range = try span(params["range"], in: analysis.text)
    return .array(
      hints(of: analysis).filter { range.start <= $0.offset && $0.offset <= range.end }.map {
        hint in
        .members([
          "position": position(hint.offset, in: analysis.text),
          "label": .string(hint.label),
          "kind": hint.isType ? 1 : nil,
          "paddingLeft": hint.isType ? nil : true,
          "data": [
            "uri": .string(document.uri), "version": .integer(document.version),
            "offset": .integer(hint.offset),
          ],
        ])
      })
  }

  /// A hint with the way by which its shape came about.
  func resolveInlayHint(_ params: JSON) throws(ResponseError) -> JSON {
    guard case .object(var members) = params, let data = params["data"],
      let uri = data["uri"]?.string, let document = documents[uri],
      document.version == data["version"]?.int, let offset = data["offset"]?.int
    else { return params }
    let analysis = try analysis(of: document)
    guard let hint = hints(of: analysis).first(where: { $0.offset == offset }),
      case .tensor(let tensor)? = hint.value, let origin = tensor.origin
    else { return params }
    members.append(
      (
        "tooltip",
        ["kind": "markdown", "value": .string("```\n" + origin.table.joined(separator: "\n") + "\n```")]
      ))
    return .object(members)
  }

  struct Hint {
    var offset: Int
    var label: String
    /// Whether it is the type of the name before it.
    var isType = false
    var value: Value?
  }

  /// All hints of a text, in order.
  func hints(of analysis: Analysis) -> [Hint] {
    let (tree, recording) = (analysis.tree, analysis.recording)
    var hints: [Hint] = []
    for (id, seen) in recording.stages {
      guard let text = seen.text else { continue }
      let parameters = recording.made[id].flatMap { $0.parameterText }.map { " · \($0)" } ?? ""
      hints.append(Hint(offset: tree.span(id).end, label: text + parameters, value: seen.value))
    }
    // Layers that a call makes without a pipe: `LayerNorm()(x)`.
    let bound = Set(analysis.names.definitions.compactMap(\.value))
    for (id, instances) in recording.made where recording.stages[id] == nil && !bound.contains(id) {
      guard let text = instances.parameterText else { continue }
      hints.append(Hint(offset: tree.span(id).end, label: text))
    }
    for definition in analysis.names.definitions {
      switch definition.kind {
      case .variable:
        guard let seen = recording.bindings[definition.name.span], let text = seen.text else {
          continue
        }
        hints.append(
          Hint(
            offset: definition.name.span.end, label: ": \(text)", isType: true, value: seen.value))
      case .layer:
        guard let text = recording.instances[definition.name.text]?.parameterText,
          case .layer(let layer)? = tree.declaration(at: definition.extent)?.kind
        else { continue }
        // Behind the brace that opens the body.
        hints.append(Hint(offset: layer.body.span.start + 1, label: text))
      default: break
      }
    }
    return hints.sorted { ($0.offset, $0.label) < ($1.offset, $1.label) }
  }
}

extension Recording.Sighting {
  /// The type as it is shown; `nil` where there is nothing to say.
  var text: String? {
    if let type { return "\(type)" }
    return isAlwaysSame ? value.typeText : value.typeText?.plainType
  }
}

extension Value {
  /// What a person would call the type of a value that is no tensor.
  var typeText: String? {
    switch self {
    case .none, .failed, .axes: nil
    case .int(let dim): dim.constant.map { "int = \($0)" } ?? "int = \(dim)"
    case .bool: "bool"
    case .string: "string"
    case .tensor(let tensor): tensor.type.plain
    case .list(let items, _): items.first?.typeText.map { "[\($0.plainType)]" } ?? "list"
    case .tuple(let items): "(\(items.map { $0.typeText?.plainType ?? "_" }.joined(separator: ", ")))"
    case .record(let fields):
      "(\(fields.map { "\($0.name): \($0.value.typeText?.plainType ?? "_")" }.joined(separator: ", ")))"
    case .range: "range"
    case .function, .recomputed, .objective, .builtin: "fn"
    case .constructor(let constructor): constructor.name
    case .instance(let instance):
      [instance].parameterText.map { "\(instance.declaration.name.text) · \($0)" }
        ?? instance.declaration.name.text
    case .optimizer(let optimizer): optimizer.declaration.name.text
    case .schedule: "schedule"
    case .dataset(let dataset): "data, \(dataset.rowText)"
    case .split(let split): "data, \(split.rows.grouped) rows"
    case .maker: "maker of tensors"
    case .along(let tensor, let axis): "\(tensor.type) along \(axis)"
    case .picture: "picture"
    }
  }
}

extension String {
  /// The type without the value: `int` of `int = 3`.
  fileprivate var plainType: String {
    firstIndex(of: "=").map { String(self[..<$0].dropLast()) } ?? self
  }
}

extension TensorType {
  /// A number alone is `real`, not `real[]`.
  var plain: String { dims.isEmpty ? "\(kind)" : "\(self)" }
}

extension Dataset {
  var rowText: String {
    counts.map { $0.split.isEmpty ? $0.rows.grouped : "\($0.split) \($0.rows.grouped)" }
      .joined(separator: ", ") + " rows"
  }
}

extension [Instance] {
  /// How many numbers a layer trains: `21 840 params`; from the fewest to the most where they differ.
  var parameterText: String? {
    let counts = map { $0.parameters.reduce(0) { $0 + $1.type.dims.reduce(1, *) } }
    guard let first = counts.first, counts.contains(where: { $0 != 0 }) else { return nil }
    let numbers = counts.compactMap(\.constant)
    if numbers.count == counts.count, let least = numbers.min(), let most = numbers.max(),
      least != most
    {
      return "\(least.grouped) to \(most.grouped) params"
    }
    let texts = Set(counts.map { $0.constant?.grouped ?? "\($0)" })
    return texts.count == 1 ? "\(first.constant?.grouped ?? "\(first)") params" : nil
  }
}

extension Int {
  /// In groups of three digits: `21 840`.
  var grouped: String {
    let digits = String(magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += " " }
      text.append(digit)
    }
    return (self < 0 ? "-" : "") + text
  }
}
