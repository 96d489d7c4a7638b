import DLMFrontend
import DLMSyntax

/// A text with its tree and its names.
struct IndexedSource {
  let text: IndexedText
  let tree: Tree
  let names: NameTable

  init(_ file: SourceFile) {
    text = IndexedText(file)
    tree = Parser.parse(file).tree
    names = NameTable(tree)
  }

  init(_ analysis: Analysis) {
    text = analysis.text
    tree = analysis.tree
    names = analysis.names
  }
}

/// A name where it is defined.
struct Target {
  var source: IndexedSource
  var span: Span
  /// Among the definitions of its file; none for the beginning of a file.
  var definition: Int?
}

// Files beside the one that is looked at: used by it, using it, or of the prelude.
extension LanguageServer {
  /// A program by its path, as it stands in the editor or else on disk.
  func source(_ path: String) -> IndexedSource? {
    if let document = documents.values.first(where: { $0.path == path }) {
      if let analysis = document.analysis { return IndexedSource(analysis) }
      return IndexedSource(document.text.file)
    }
    guard let text = host.text(of: path) else { return nil }
    if let known = sources[path], known.text.file.text == text { return known }
    if sources.count >= Self.mostSources { sources = [:] }
    let source = IndexedSource(SourceFile(path: path, text: text))
    sources[path] = source
    return source
  }

  /// Paths of the programs that are open or lie in the folders of the client.
  var programs: [String] {
    let found = folders.flatMap { host.programs(below: $0) }.prefix(Self.mostSources)
    return Array(Set(found).union(documents.values.map(\.path))).sorted()
  }

  /// Paths that a program uses, and those that they use.
  func used(by source: IndexedSource) -> [String] {
    var paths: [String] = []
    var waiting = [source]
    while let next = waiting.popLast() {
      let folder = DocumentURI.folder(of: source.text.file.path)
      for use in next.tree.uses {
        let path = DocumentURI.resolve(use.path, in: folder)
        guard !paths.contains(path), let found = self.source(path) else { continue }
        paths.append(path)
        waiting.append(found)
      }
    }
    return paths
  }

  /// Where what the name at `span` means is defined: in the file itself, a file that it uses, its data, or
  /// the prelude.
  func target(ofNameAt span: Span, in source: IndexedSource, _ analysis: Analysis?) -> Target? {
    if let index = source.names.definition(of: span) {
      return Target(source, index)
    }
    let name = source.text.file.string(span)
    if source.names.roles[span] == .label {
      return parameter(name, ofCalleeAt: span, in: source)
    }
    if let data = analysis?.data(ofFieldAt: span) { return Target(source, data) }
    // In a statement that cannot be read, a name is known by what can be seen there.
    if source.names.roles[span] == nil {
      return source.names.visible(at: span.start)[name].map { Target(source, $0) }
        ?? global(name, usedBy: source)
    }
    guard source.names.roles[span] == .open else { return nil }
    return global(name, usedBy: source)
  }

  /// What a name that the file does not define means in the files that it uses, or in the prelude.
  private func global(_ name: String, usedBy source: IndexedSource) -> Target? {
    for path in used(by: source) {
      if let other = self.source(path), let index = other.names.globals[name] {
        return Target(other, index)
      }
    }
    guard let entry = preludeIndex.entries[name],
      let prelude = preludeSource(entry.module.tree.file.fileName),
      let index = prelude.names.globals[name]
    else { return nil }
    return Target(prelude, index)
  }

  /// The parameter that a label names, of something that is declared in another file.
  private func parameter(_ name: String, ofCalleeAt label: Span, in source: IndexedSource)
    -> Target?
  {
    guard let callee = source.names.labels[label], case .name(let owner) = source.tree[callee],
      let target = global(owner, usedBy: source), let index = target.definition
    else { return nil }
    let member = target.source.names.members(of: index).first {
      target.source.names.definitions[$0].name.text == name
    }
    return member.map { Target(target.source, $0) }
  }

  func preludeSource(_ name: String) -> IndexedSource? {
    if let known = preludeSources[name] { return known }
    guard let module = preludeIndex.modules[name] else { return nil }
    let source = IndexedSource(module.tree.file)
    preludeSources[name] = source
    return source
  }

  /// Every place of what is defined at `target`, file by file.
  func places(of target: Target) -> [(source: IndexedSource, spans: [Span])] {
    guard let index = target.definition else { return [] }
    let path = target.source.text.file.path
    let definition = target.source.names.definitions[index]
    var all = [(source: target.source, spans: target.source.names.places(of: index))]
    guard target.source.names.globals[definition.name.text] == index else { return all }
    for program in programs where program != path {
      guard let other = source(program) else { continue }
      // Files of the prelude are used by all; others where they are named.
      let isUsed =
        preludeIndex.entries[definition.name.text]?.module.tree.file.path == path
        || used(by: other).contains(path)
      guard isUsed else { continue }
      let spans = other.names.roles.compactMap { span, role in
        role == .open && other.text.file.string(span) == definition.name.text ? span : nil
      }
      let here = spans.filter {
        self.target(ofNameAt: $0, in: other, nil)?.source.text.file.path == path
      }
      if !here.isEmpty { all.append((other, here.sorted { $0.start < $1.start })) }
    }
    return all
  }
}

extension Target {
  init(_ source: IndexedSource, _ definition: Int) {
    self.source = source
    self.definition = definition
    span = source.names.definitions[definition].name.span
  }
}

extension Analysis {
  /// The declaration of the data whose column a name is.
  func data(ofFieldAt span: Span) -> Int? {
    guard names.roles[span] == .open else { return nil }
    let name = text.file.string(span)
    if let index = names.definitions.indices.first(where: {
      names.definitions[$0].kind == .data && names.definitions[$0].extent.contains(span)
    }) {
      return field(named: name, around: span) == nil ? nil : index
    }
    // In a training the rows come from the data behind `on`.
    for case .declaration(let declaration) in tree.items where declaration.span.contains(span) {
      guard case .train(let train) = declaration.kind else { continue }
      for id in [train.source] + tree.children(of: train.source) {
        guard case .name = tree[id], let index = names.definition(of: tree.span(id)),
          case .dataset(let dataset)? = recording.bindings[names.definitions[index].name.span]?
            .value
        else { continue }
        return dataset.fields.contains { $0.name == name } ? index : nil
      }
    }
    return nil
  }
}
