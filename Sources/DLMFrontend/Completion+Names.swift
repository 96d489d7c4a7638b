import DLMShapes
import DLMSyntax

// Names that can be seen at a place.
extension Completion {
  /// Names of the text, of its data, of the prelude and of the language, with their types.
  static func names(at place: CompletionPlace, _ text: CheckedText) -> [Candidate] {
    var known: [String: Candidate] = [:]
    for field in text.fields(around: place.start) {
      known[field.name] = Candidate(field.name, .field, field.type.plain).ranked(.own)
    }
    for candidate in own(at: place.start, text) { known[candidate.name] = candidate }
    for name in text.frame.scope.names where known[name] == nil {
      guard let value = text.frame.scope[name]?.value else { continue }
      known[name] = candidate(name, value.normal(text.frame.facts))
    }
    for name in BuiltinPage.names where known[name] == nil {
      guard let page = BuiltinPage.named(name) else { continue }
      var candidate = Candidate(name, .function, page.signature).ranked(.language)
      candidate.documentation = page.summary
      known[name] = candidate
    }
    for name in ["true", "false", "none", "pi", "inf"] where known[name] == nil {
      known[name] = Candidate(name, .constant).ranked(.language)
    }
    return Array(known.values)
  }

  /// What the text around a place defines.
  private static func own(at offset: Int, _ text: CheckedText) -> [Candidate] {
    text.names.visible(at: offset).map { name, index in
      let definition = text.names.definitions[index]
      if definition.kind == .dim { return Candidate(name, .dim, "dim").ranked(.own) }
      guard let declaration = text.tree.declaration(at: definition.extent),
        declaration.kind.declaredName == name
      else {
        let seen = text.recording.bindings[definition.name.span]
        let isData = definition.kind == .data || definition.kind == .training
        return Candidate(name, isData ? .data : .variable, seen?.text ?? "").ranked(.own)
      }
      return candidate(declaration, in: text.tree).ranked(.own)
    }
  }

  /// A name with what it stands for where the text ends.
  private static func candidate(_ name: String, _ value: Value) -> Candidate {
    if let module = value.module, let declaration = module.tree.declaration(named: name) {
      return candidate(declaration, in: module.tree).ranked(module.isPrelude ? .known : .own)
    }
    let kind: Kind =
      switch value {
      case .dataset, .split: .data
      case .function: .function
      default: .variable
      }
    return Candidate(name, kind, value.typeText ?? "").ranked(.own)
  }

  private static func candidate(_ declaration: Declaration, in tree: Tree) -> Candidate {
    let kind: Kind =
      switch declaration.kind {
      case .layer: .layer
      case .optimizer: .optimizer
      case .schedule: .schedule
      case .function, .data, .use, .dim, .train, .test, .sweep: .function
      }
    var candidate = Candidate(
      declaration.kind.declaredName ?? "", kind, tree.head(of: declaration))
    candidate.documentation = declaration.documentation
    return candidate
  }

  /// Lengths with a name that can be seen.
  static func dims(at place: CompletionPlace, _ text: CheckedText) -> [Candidate] {
    let own = own(at: place.start, text).filter { $0.kind == .dim }
    let others = text.frame.dims.names.filter { name in !own.contains { $0.name == name } }
    return own + others.map { Candidate($0, .dim, "dim") }
  }

  /// Axes by the symbols of the types that can be seen, or by position.
  static func axes(at place: CompletionPlace, _ text: CheckedText) -> [Candidate] {
    var names = Set(dims(at: place, text).map(\.name))
    let own = text.names.visible(at: place.start).keys
    for name in Set(own).union(text.frame.module.globals.own.keys) {
      names.formUnion(text.value(of: name, at: place.start)?.axisNames ?? [])
    }
    var others = [Candidate("all but", .keyword), Candidate("-1", .constant, "the last axis")]
    others[0].insertion = "all but "
    return names.filter { $0.first?.isUppercase == true }.map { Candidate($0, .dim).ranked(.own) }
      + others
  }
}

extension Value {
  /// The file that declares it.
  package var module: Module? {
    switch self {
    case .function(let function): function.module
    case .constructor(let constructor): constructor.module
    case .instance(let instance): instance.module
    case .schedule(_, let module): module
    default: nil
    }
  }

  /// Symbols that its type has for axes.
  fileprivate var axisNames: [String] {
    switch self {
    case .tensor(let tensor): tensor.type.dims.flatMap { $0.symbols.map(\.name) }
    case .dataset(let data): data.fields.flatMap { Value.tensor(TensorValue($0.type)).axisNames }
    default: []
    }
  }
}
