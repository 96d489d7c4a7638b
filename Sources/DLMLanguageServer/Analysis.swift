import DLMFrontend
import DLMShapes
import DLMSyntax

/// What the front end has found out about one text.
final class Analysis {
  let text: IndexedText
  /// With what the check has found in it.
  let checked: CheckedText
  /// Mistakes of form; while there are any, no others are told.
  let syntax: [Diagnostic]
  let diagnostics: [Diagnostic]
  /// Paths that `use` has read.
  let used: Set<String>
  /// Paths of programs, data and weights that the check has asked for.
  let read: Set<String>
  private let evaluator: Evaluator
  private var costs: [String: LayerCost?] = [:]

  var tree: Tree { checked.tree }
  var names: NameTable { checked.names }
  var recording: Recording { checked.recording }

  /// Checks `text`; `nil` where the check was abandoned.
  ///
  /// - Parameters:
  ///   - files: what the evaluator reads.
  ///   - isAbandoned: asked during the check.
  init?(
    _ text: IndexedText, _ evaluator: Evaluator, _ files: OpenFiles,
    isAbandoned: @escaping () -> Bool
  ) {
    self.text = text
    self.evaluator = evaluator
    let parsed = Parser.parse(text.file)
    syntax = parsed.diagnostics
    let recording = Recording()
    var wasAbandoned = false
    recording.isAbandoned = {
      wasAbandoned = wasAbandoned || isAbandoned()
      return wasAbandoned
    }
    evaluator.recording = recording
    // A stack of its own: what a deep walk has touched of it is given back.
    let frame = withLargeStack { evaluator.check(parsed.tree) }
    recording.isAbandoned = { false }
    checked = CheckedText(parsed.tree, NameTable(parsed.tree), recording, frame)
    (used, read) = (files.used, files.read)
    diagnostics = syntax.isEmpty ? evaluator.diagnostics : syntax
    if wasAbandoned { return nil }
  }

  deinit { evaluator.forgetScopes() }

  /// What a name stood for where it is read, or as the last member behind a point.
  func sighting(of name: Span) -> Recording.Sighting? {
    for id in tree.expressionIDs where tree.span(id).end == name.end {
      switch tree[id] {
      case .name where tree.span(id) == name: return recording[id]
      case .field(_, let field) where field.span == name: return recording[id]
      default: continue
      }
    }
    return nil
  }

  /// Names of the columns of all data.
  var columns: Set<String> {
    let names = recording.bindings.values.flatMap { seen -> [String] in
      guard case .dataset(let dataset) = seen.value else { return [] }
      return dataset.fields.map(\.name)
    }
    return Set(names)
  }

  /// The column that a name in a stage of data means.
  func field(named name: String, around place: Span) -> Dataset.Field? {
    for definition in names.definitions
    where definition.kind == .data && definition.extent.contains(place) {
      if case .dataset(let dataset)? = recording.bindings[definition.name.span]?.value {
        return dataset.fields.first { $0.name == name }
      }
    }
    return nil
  }

  /// Names of all columns.
  var fields: Set<String> {
    var fields: Set<String> = []
    for definition in names.definitions where definition.kind == .data {
      if case .dataset(let dataset)? = recording.bindings[definition.name.span]?.value {
        fields.formUnion(dataset.fields.map(\.name))
      }
    }
    return fields
  }

  /// Parameters, multiply-adds, memory and requirements of a layer that the file declares, or where that
  /// leaves too much open of the first that is made of it.
  func cost(ofLayer name: String) -> LayerCost? {
    if let known = costs[name] { return known }
    var cost: LayerCost?
    if syntax.isEmpty, case .layer(let layer)? = tree.declaration(named: name)?.kind {
      cost = withLargeStack { evaluator.costs(of: layer, in: checked.frame).first }
    }
    costs[name] = .some(cost)
    return cost
  }
}

/// Data as the host gives it, and other programs as they stand in the editor.
final class OpenFiles: DataProvider {
  private let host: any DataProvider
  private let folder: String
  /// The text of an open document.
  private let open: (String) -> String?
  private(set) var used: Set<String> = []
  /// Paths of programs, data and weights that were asked for.
  private(set) var read: Set<String> = []

  init(_ host: any DataProvider, folder: String, open: @escaping (String) -> String?) {
    self.host = host
    self.folder = folder
    self.open = open
  }

  func program(_ path: String) throws -> SourceFile {
    let whole = DocumentURI.resolve(path, in: folder)
    used.insert(whole)
    read.insert(whole)
    if let text = open(whole) { return SourceFile(path: whole, text: text) }
    return SourceFile(path: whole, text: try host.program(path).text)
  }

  func dataset(_ request: DataRequest, symbols: (String) -> Symbol) throws -> Dataset {
    for path in [request.path].compactMap({ $0 }) + request.strings.map(\.text) {
      read.insert(DocumentURI.resolve(path, in: folder))
    }
    return try host.dataset(request, symbols: symbols)
  }

  func split(_ dataset: Dataset, into parts: [(name: String, share: Double)], seed: UInt64) {
    host.split(dataset, into: parts, seed: seed)
  }

  func windows(
    of split: DataSplit, length: Int, stride: Int, symbols: (String) -> Symbol
  ) throws -> DataSplit {
    try host.windows(of: split, length: length, stride: stride, symbols: symbols)
  }

  func weights(_ path: String) throws -> [(name: String, dims: [Int])] {
    read.insert(DocumentURI.resolve(path, in: folder))
    return try host.weights(path)
  }

  func picture(_ path: String) throws -> (height: Int, width: Int) { try host.picture(path) }

  func dataset(_ name: String, rows: [(name: String, values: [Double], type: TensorType)]) throws
    -> Dataset
  {
    try host.dataset(name, rows: rows)
  }
}
