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
          "data": [.string(document.uri), .integer(document.version), .integer(hint.offset)],
        ])
      })
  }

  /// A hint with the way by which its shape came about.
  func resolveInlayHint(_ params: JSON) throws(ResponseError) -> JSON {
    guard case .object(var members) = params, case .array(let data)? = params["data"],
      data.count == 3, let uri = data[0].string, let document = documents[uri],
      document.version == data[1].int, let offset = data[2].int
    else { return params }
    let analysis = try analysis(of: document)
    guard let hint = hints(of: analysis).first(where: { $0.offset == offset }),
      case .tensor(let tensor)? = hint.sighting?.value, let origin = tensor.origin
    else { return params }
    members.append(
      (
        "tooltip",
        [
          "kind": "markdown",
          "value": .string("```\n" + origin.table.joined(separator: "\n") + "\n```"),
        ]
      ))
    return .object(members)
  }

  struct Hint {
    var offset: Int
    var label: String
    /// Whether it is the type of the name before it.
    var isType = false
    var sighting: Recording.Sighting?
  }

  /// All hints of a text, in order.
  func hints(of analysis: Analysis) -> [Hint] {
    let (tree, recording) = (analysis.tree, analysis.recording)
    var hints: [Hint] = []
    for (id, seen) in recording.stages {
      guard let text = seen.text else { continue }
      let parameters = recording.made[id].flatMap { $0.parameterText }.map { " · \($0)" } ?? ""
      hints.append(Hint(offset: tree.span(id).end, label: text + parameters, sighting: seen))
    }
    // Layers that a call makes without a pipe: `LayerNorm()(x)`.
    let bound = Set(analysis.names.definitions.compactMap { $0.value })
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
            offset: definition.name.span.end, label: ": \(text)", isType: true, sighting: seen))
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
