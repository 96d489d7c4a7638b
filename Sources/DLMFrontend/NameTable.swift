import DLMSyntax

/// Which name of a file means what.
///
/// It is found in the tree alone: so it is known for bodies that no walk reaches, and in files with
/// mistakes.
package struct NameTable: Sendable {
  package enum Kind: Hashable, Sendable {
    case layer, function, loss, optimizer, schedule, data, training
    /// A `dim`, or a symbol that the type of an input binds.
    case dim
    case variable(isMutable: Bool)
    /// Of a layer, known while checking.
    case setting
    case input
    /// Trained, or kept from step to step.
    case parameter, state
    /// What `log ... as` and `penalize ... as` name.
    case metric
    /// What `minimize ... as` names.
    case update
  }

  package struct Definition: Sendable {
    package var name: Name
    package var kind: Kind
    /// The declaration or statement that it is part of.
    package var extent: Span
    /// The declaration whose body it belongs to, among `definitions`.
    package var owner: Int?
    /// The text in which it can be seen.
    package var scope: Span
    /// What a `let` or `var` binds it to.
    package var value: ExpressionID?
  }

  /// What a name is at its place.
  package enum Role: Hashable, Sendable {
    case definition(Int)
    case use(Int)
    /// Of the prelude, of another file, of a data set, or unknown.
    case open
    /// Behind a point.
    case field
    /// In front of the value of an argument.
    case label
    /// Of a type: `real`.
    case kind
    /// `true`, `pi`.
    case constant
  }

  package internal(set) var definitions: [Definition] = []
  /// Every name of the file but the words of the language, by its place.
  package internal(set) var roles: [Span: Role] = [:]
  /// Definitions at the top of the file.
  package internal(set) var globals: [String: Int] = [:]
  /// Labels of arguments, with what is called.
  package internal(set) var labels: [Span: ExpressionID] = [:]

  package init(_ tree: Tree) {
    var resolver = NameResolver(tree)
    resolver.resolve()
    self = resolver.table
  }

  init() {}

  /// The definition that the name at `span` is, or means.
  package func definition(of span: Span) -> Int? {
    switch roles[span] {
    case .definition(let index)?, .use(let index)?: index
    default: nil
    }
  }

  /// Places of a definition and of all that means it, in order.
  package func places(of definition: Int) -> [Span] {
    roles.compactMap { span, role in
      role == .definition(definition) || role == .use(definition) ? span : nil
    }
    .sorted { $0.start < $1.start }
  }

  /// The name that stands at `offset`, or ends there.
  package func name(at offset: Int) -> Span? {
    roles.keys.filter { $0.start <= offset && offset <= $0.end && $0.end > $0.start }
      .max { $0.start < $1.start }
  }

  /// Definitions that belong to the body of another.
  package func members(of owner: Int) -> [Int] {
    definitions.indices.filter { definitions[$0].owner == owner }
  }

  /// What can be seen at a place, by name; inner blocks hide outer ones.
  package func visible(at offset: Int) -> [String: Int] {
    var visible: [String: Int] = [:]
    for (index, definition) in definitions.enumerated()
    where definition.scope.start <= offset && offset <= definition.scope.end
      && definition.kind != .metric
    {
      let isGlobal = globals[definition.name.text] == index
      // In a block a name is known behind its definition.
      guard isGlobal || definition.name.span.start < offset else { continue }
      if let other = visible[definition.name.text] {
        let known = definitions[other]
        let isInner = definition.scope.start > known.scope.start
        let isLater = definition.scope == known.scope && definition.name.span.end <= offset
        guard isInner || isLater else { continue }
      }
      visible[definition.name.text] = index
    }
    return visible
  }
}
