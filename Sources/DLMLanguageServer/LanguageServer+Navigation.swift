import DLMFrontend
import DLMSyntax

// From a name to where it is defined, and to everywhere that it is used.
extension LanguageServer {
  func definition(_ params: JSON) throws(ResponseError) -> JSON {
    let document = try document(params)
    let analysis = try analysis(of: document)
    let offset = try offset(params, in: analysis.text)
    let source = IndexedSource(analysis)
    if let file = analysis.tree.uses.first(where: {
      $0.span.start <= offset && offset <= $0.span.end
    }) {
      let path = DocumentURI.resolve(file.path, in: document.folder)
      guard let used = self.source(path) else { return .null }
      return location(Target(source: used, span: Span(0, 0)))
    }
    guard let span = analysis.names.name(at: offset),
      let target = target(ofNameAt: span, in: source, analysis)
    else { return .null }
    return location(target)
  }

  private func location(_ target: Target) -> JSON {
    [
      "uri": .string(uri(of: target.source.text.file)),
      "range": range(target.span, in: target.source.text),
    ]
  }

  func references(_ params: JSON) throws(ResponseError) -> JSON {
    guard let target = try target(params) else { return [] }
    let withDefinition = params["context"]?["includeDeclaration"]?.bool ?? true
    return .array(
      places(of: target).flatMap { source, spans in
        spans.filter { withDefinition || !isDefinition($0, of: target, in: source) }.map {
          ["uri": .string(uri(of: source.text.file)), "range": range($0, in: source.text)]
        }
      })
  }

  private func isDefinition(_ span: Span, of target: Target, in source: IndexedSource) -> Bool {
    span == target.span && source.text.file.path == target.source.text.file.path
  }

  /// What the name under the cursor means.
  func target(_ params: JSON) throws(ResponseError) -> Target? {
    let document = try document(params)
    let analysis = try analysis(of: document)
    guard let span = analysis.names.name(at: try offset(params, in: analysis.text)) else {
      return nil
    }
    return target(ofNameAt: span, in: IndexedSource(analysis), analysis)
  }

  /// The places of a name in the document itself; where it is set, as writing.
  func highlights(_ params: JSON) throws(ResponseError) -> JSON {
    let document = try document(params)
    let analysis = try analysis(of: document)
    guard let span = analysis.names.name(at: try offset(params, in: analysis.text)) else {
      return .null
    }
    let name = analysis.text.file.string(span)
    let places: [Span]
    if let index = analysis.names.definition(of: span) {
      places = analysis.names.places(of: index)
    } else {
      // Of the prelude, or of data: every name that is written so and means nothing of the file.
      places = analysis.names.roles.compactMap { place, role in
        role == analysis.names.roles[span] && analysis.text.file.string(place) == name
          ? place : nil
      }
      .sorted { $0.start < $1.start }
    }
    let written = analysis.tree.assignedNames
    return .array(
      places.map { place in
        var isWritten = written.contains(place)
        if case .definition? = analysis.names.roles[place] { isWritten = true }
        return [
          "range": range(place, in: analysis.text), "kind": .integer(isWritten ? 3 : 2),
        ]
      })
  }
}

extension Tree {
  /// Places of the names that assignments set.
  fileprivate var assignedNames: Set<Span> {
    var places: Set<Span> = []
    func add(_ id: ExpressionID) {
      switch self[id] {
      case .name: places.insert(span(id))
      case .tuple(let parts): parts.forEach(add)
      case .bracket(let base, _): add(base)
      case .field(_, let name): places.insert(name.span)
      default: break
      }
    }
    for statement in statements {
      if case .assign(let place, _, _) = statement.kind { add(place) }
    }
    return places
  }
}
