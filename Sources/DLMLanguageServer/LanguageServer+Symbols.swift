import DLMFrontend
import DLMSyntax

/// What an outline calls a thing.
/// - Source: Language Server Protocol 3.17, SymbolKind
private enum SymbolKind: Int {
  case namespace = 3
  case layer = 5
  case field = 8
  case function = 12
  case variable = 13
  case constant = 14
  case data = 18
  case object = 19
  case optimizer = 23
  case event = 24
  case dim = 26
}

// Outlines of files, and names of the whole workspace.
extension LanguageServer {
  func documentSymbols(_ params: JSON) throws(ResponseError) -> JSON {
    let document = try document(params)
    let analysis = try analysis(of: document)
    let symbols = Self.symbols(of: IndexedSource(analysis))
    if client.takesSymbolTrees { return .array(symbols.map { json($0, in: analysis.text) }) }
    return .array(
      symbols.flatMap { [$0] + $0.children }.map {
        flat($0, document.uri, in: analysis.text, container: nil)
      })
  }

  func workspaceSymbols(_ params: JSON) throws(ResponseError) -> JSON {
    let query = (params["query"]?.string ?? "").lowercased()
    var found: [JSON] = []
    for path in programs {
      guard let source = source(path) else { continue }
      for symbol in Self.symbols(of: source) where symbol.name.lowercased().hasLetters(of: query) {
        found.append(
          flat(
            symbol, uri(of: source.text.file), in: source.text, container: source.text.file.fileName
          ))
      }
    }
    return .array(found)
  }

  private struct Symbol {
    var name: String
    var detail: String?
    var kind: SymbolKind
    var extent: Span
    var selection: Span
    var children: [Symbol] = []
  }

  private static func symbols(of source: IndexedSource) -> [Symbol] {
    var symbols: [Symbol] = []
    for (index, definition) in source.names.definitions.enumerated()
    where definition.owner == nil && source.names.globals[definition.name.text] != nil
      && definition.scope == Span(0, source.text.file.bytes.count)
    {
      guard var symbol = symbol(definition, source) else { continue }
      symbol.children = source.names.members(of: index).compactMap { member in
        let part = source.names.definitions[member]
        return symbol.extent.contains(part.extent) ? self.symbol(part, source, isPart: true) : nil
      }
      symbols.append(symbol)
    }
    for case .declaration(let declaration) in source.tree.items {
      switch declaration.kind {
      case .test(let name, _):
        let span = source.tree.span(name)
        symbols.append(
          Symbol(
            name: "test \(source.tree.text(name))", kind: .event, extent: declaration.span,
            selection: span))
      case .sweep(let axes, _):
        guard let first = axes.first else { continue }
        symbols.append(
          Symbol(
            name: "sweep \(axes.map(\.name.text).joined(separator: ", "))", kind: .event,
            extent: declaration.span, selection: first.name.span))
      default: break
      }
    }
    return symbols.sorted { $0.selection.start < $1.selection.start }
  }

  /// - Parameter isPart: whether it stands inside another: inputs and what a type binds are told by the
  ///   head of that.
  private static func symbol(
    _ definition: NameTable.Definition, _ source: IndexedSource, isPart: Bool = false
  ) -> Symbol? {
    let kind: SymbolKind
    var detail: String?
    switch definition.kind {
    case .layer: kind = .layer
    case .function, .loss, .schedule: kind = .function
    case .optimizer: kind = .optimizer
    case .data: kind = .data
    case .training: kind = .event
    case .dim where definition.value != nil: kind = .dim
    case .variable(let isMutable): kind = isMutable ? .variable : .constant
    case .parameter, .state: kind = .field
    case .update: kind = .object
    case .dim, .setting, .input, .metric: return nil
    }
    if let declaration = source.tree.declaration(at: definition.extent), !isPart {
      let head = source.tree.head(of: declaration)
      detail = head.split(separator: "\n").first.map(String.init)
    }
    return Symbol(
      name: definition.name.text, detail: detail, kind: kind, extent: definition.extent,
      selection: definition.name.span)
  }

  private func json(_ symbol: Symbol, in text: IndexedText) -> JSON {
    .members([
      "name": .string(symbol.name), "detail": symbol.detail.map { .string($0) },
      "kind": .integer(symbol.kind.rawValue), "range": range(symbol.extent, in: text),
      "selectionRange": range(symbol.selection, in: text),
      "children": .array(symbol.children.map { json($0, in: text) }),
    ])
  }

  private func flat(_ symbol: Symbol, _ uri: String, in text: IndexedText, container: String?)
    -> JSON
  {
    .members([
      "name": .string(symbol.name), "kind": .integer(symbol.kind.rawValue),
      "location": ["uri": .string(uri), "range": range(symbol.selection, in: text)],
      "containerName": container.map { .string($0) },
    ])
  }
}

extension String {
  /// Whether all letters of `query` stand in it, in that order.
  fileprivate func hasLetters(of query: String) -> Bool {
    var rest = self[...]
    for letter in query {
      guard let place = rest.firstIndex(of: letter) else { return false }
      rest = rest[rest.index(after: place)...]
    }
    return true
  }
}
