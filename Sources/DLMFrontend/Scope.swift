import DLMShapes
import DLMSyntax

/// A file of the program or of the prelude, with what it declares.
package final class Module {
  package let tree: Tree
  package let isPrelude: Bool
  /// Functions, constructors and, at the top of the program, its variables.
  package let globals: Scope
  /// Dims that the top of the file declares: known in every body.
  package internal(set) var dims: DimBindings = [:]

  package init(_ tree: Tree, isPrelude: Bool, around prelude: Scope?) {
    self.tree = tree
    self.isPrelude = isPrelude
    globals = Scope(around: prelude)
  }

  /// A piece of a program that is entered after others: it sees and changes what those have defined.
  package init(_ tree: Tree, after earlier: Module) {
    self.tree = tree
    isPrelude = false
    globals = earlier.globals
    dims = earlier.dims
  }
}

/// Names and what they stand for; a block sees those around it.
package final class Scope {
  package struct Slot {
    package var value: Value
    package var isVariable: Bool
  }

  private let outer: Scope?
  /// What the prelude declares, around everything.
  private let library: Library?
  private var values: [String: Value] = [:]
  /// Those that were defined with `var`.
  private var variables: Set<String> = []

  /// Whether nothing around it may be assigned from inside; a try is noted.
  private let isSealed: Bool
  private(set) var wasCrossed = false

  package init(around outer: Scope? = nil, isSealed: Bool = false) {
    self.outer = outer
    self.isSealed = isSealed
    library = nil
  }

  init(of library: Library) {
    outer = nil
    isSealed = false
    self.library = library
  }

  package func define(_ name: String, _ value: Value, isVariable: Bool = false) {
    values[name] = value
    if isVariable {
      variables.insert(name)
    } else if !variables.isEmpty {
      variables.remove(name)
    }
  }

  package subscript(name: String) -> Slot? {
    innermost({ $0.ownSlot(name) }) { library in
      library.value(of: name).map { Slot(value: $0, isVariable: false) }
    }
  }

  /// What `name` stands for.
  func value(of name: String) -> Value? {
    innermost({ $0.values[name] }) { $0.value(of: name) }
  }

  /// The scope that defines `name`.
  func home(of name: String) -> Scope? {
    innermost({ $0.values.keys.contains(name) ? $0 : nil }) { _ in nil }
  }

  /// Whether it or a scope around it defines `name`.
  func defines(_ name: String) -> Bool {
    innermost({ $0.values.keys.contains(name) ? true : nil }) { $0.declares(name) } ?? false
  }

  /// What is found in the innermost scope that has it, the library around all.
  private func innermost<Found>(
    _ find: (Scope) -> Found?, _ findInLibrary: (Library) -> Found?
  ) -> Found? {
    var scope = self
    while true {
      if let found = find(scope) { return found }
      guard let outer = scope.outer else { return scope.library.flatMap(findInLibrary) }
      scope = outer
    }
  }

  /// What this scope itself defines `name` as.
  func ownValue(_ name: String) -> Value? { values[name] }

  /// What this scope itself defines as `name`.
  func ownSlot(_ name: String) -> Slot? {
    values[name].map { Slot(value: $0, isVariable: variables.contains(name)) }
  }

  /// Replaces the value of `name` where it was defined; whether there is such a name.
  package func assign(_ name: String, _ value: Value) -> Bool {
    if let place = values.index(forKey: name) {
      values.values[place] = value
      return true
    }
    if isSealed, defines(name) {
      wasCrossed = true
      return true
    }
    return outer?.assign(name, value) ?? false
  }

  /// Every name that is visible here, for suggestions.
  package var names: Set<String> {
    Set(values.keys).union(outer?.names ?? []).union(library.map { Set($0.names) } ?? [])
  }

  /// What this scope itself defines.
  package var own: [String: Slot] {
    Dictionary(
      uniqueKeysWithValues: values.map { name, value in
        (name, Slot(value: value, isVariable: variables.contains(name)))
      })
  }

  /// Forgets what it defines, and defines `slots` instead.
  package func replace(with slots: [String: Slot]) {
    values = slots.mapValues(\.value)
    variables = Set(slots.filter(\.value.isVariable).keys)
  }
}

/// Scopes that may be held by what they define: a layer knows its file, a function what is around it.
final class HeldScopes {
  var scopes: [Scope] = []

  /// Empties them, so that nothing holds them.
  func forget() {
    for scope in scopes { scope.replace(with: [:]) }
    scopes = []
  }
}

/// A call of a function of the program.
package struct Caller {
  var function: String
  var call: ExpressionID
}

/// Where the walk stands: in which layer or function, with which dims and facts.
package struct Frame {
  package var module: Module
  package var scope: Scope
  /// Names of dims: symbols of the types around, whole-number statics, `dim`s.
  package var dims: DimBindings = [:]
  package var facts: Facts
  /// Symbols that `dim` declared in this body, with what they stand for: outside it they are that.
  var declared: [Symbol: Dim] = [:]
  package var instance: Instance?
  /// Turns of the `repeat`s around.
  package var turns: [Int] = []
  /// Whether a `for` or a `while` of this body is around: what is made there is one for all turns.
  var isInLoop = false
  /// The call of a function of the program whose body this is.
  var caller: Caller?
  package var isTraining = false
  /// How products round their operands.
  package var precision: Precision?
  /// The scope of the `train` block around.
  package var train: Scope?
  /// In the prelude, the place in the program that called it: errors are shown there.
  package var site: Diagnostic.Label?
  package var depth = 0
  /// Of the layer or function that is walked.
  var body: Block?

  /// Whether the top of the program has defined `name`, and nothing inside it has since.
  func isGlobal(_ name: String) -> Bool { scope.home(of: name) === module.globals }
  /// What it returns before its end where a run decides; `nil` outside bodies that return.
  var returns: Returns?
  /// The name that a constructor on the right of a binding takes for itself.
  var boundName: String?
  /// In the body of a `sweep`, the values of this turn.
  var sweepValues: [(name: String, value: Value)]?
  /// Names of this body that are kept from step to step, with their paths.
  package var states: [(name: String, path: String)] = []
  /// Where the state of an optimizer lies: `train.opt.net.conv1.w`.
  package var statePath: String?

  package var tree: Tree { module.tree }

  /// Whether the walk stands at the top of the file, in no body.
  var isAtTop: Bool { scope === module.globals }

  /// The place of `span` for a message.
  package func label(_ span: Span, _ words: String = "") -> Diagnostic.Label {
    if var site {
      site.text = words
      return site
    }
    return Diagnostic.Label(tree.file, span, words)
  }

  package func label(_ id: ExpressionID, _ words: String = "") -> Diagnostic.Label {
    label(tree.span(id), words)
  }

  /// A frame for a block inside this one.
  package func inner() -> Frame {
    var frame = self
    frame.scope = Scope(around: scope)
    return frame
  }
}
