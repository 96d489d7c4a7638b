import DLMShapes
import DLMSyntax

/// A program that is entered a piece at a time. A piece is checked whole before it runs, and takes
/// effect whole or not at all.
package final class InteractiveProgram {
  package let evaluator: Evaluator
  /// The frame at the top of what has been entered.
  package private(set) var frame: Frame
  /// Names that a training leaves for what is entered after it: `loss`, `test.acc`, `opt.lr`.
  package let results: Scope
  private let machine: any Machine
  private let trainer: any Trainer
  /// The statement that has bound each name, to make a layer anew when its declaration changes.
  private var bindings: [String: (tree: Tree, statement: Statement)] = [:]
  /// Layers that something has been through, by path.
  private var passages: [String: Passage] = [:]

  /// What a layer was entered with.
  package struct Passage {
    package var dims: DimBindings
    package var facts: Facts
    package var inputs: [(name: String, tensor: TensorValue)]
    package var instance: Instance
  }

  /// A piece that has run, item by item.
  package struct Entered {
    package var item: Item
    package var tree: Tree
    /// Of an expression.
    package var value: Value
  }

  package init(
    prelude: Prelude, provider: any DataProvider, machine: any Machine, trainer: any Trainer
  ) {
    evaluator = Evaluator(prelude: prelude, provider: provider, machine: machine)
    evaluator.trainer = trainer
    self.machine = machine
    self.trainer = trainer
    results = Scope(around: prelude.scope)
    let empty = Parser.parse(SourceFile(path: "", text: "")).tree
    let module = Module(empty, isPrelude: false, around: results)
    frame = Frame(module: module, scope: module.globals, facts: Facts())
    evaluator.entered = { [weak self] instance, frame in self?.note(instance, frame) }
  }

  /// What the names of the program stand for.
  package var names: [String: Scope.Slot] { frame.module.globals.own }

  /// The layer at `path` as something last went through it, or through the layer around it; where nothing
  /// has, on symbols for what is not known of its inputs.
  package func passage(_ path: String) -> Passage? {
    if let known = passages[path] { return known }
    guard case .instance(let root)? = names[String(path.prefix { $0 != "." })]?.value else {
      return nil
    }
    let around = passages[root.path]
    var outer = frame
    if let around { outer.facts = around.facts }
    var found: Passage?
    evaluator.look(into: root, with: around?.inputs.map(\.tensor), in: outer) { instance, frame in
      if instance.path == path { found = Self.passage(of: instance, frame) }
    }
    return found
  }

  /// Takes a piece in.
  ///
  /// - Returns: what it came to, and what is wrong with it; where an error is among the diagnostics, the
  ///   program is what it was.
  package func enter(_ tree: Tree) throws -> (entered: [Entered], diagnostics: [Diagnostic]) {
    var diagnostics = check(tree).diagnostics
    guard !diagnostics.contains(where: { $0.severity == .error }) else { return ([], diagnostics) }
    let before = moment
    do {
      return (try run(tree), diagnostics)
    } catch {
      let place = Diagnostic.Label(tree.file, tree.items.first?.span ?? Span(0, 0))
      goBack(to: before)
      guard let failure = Failure(from: error, place) else { throw error }
      if let diagnostic = failure.diagnostic { diagnostics.append(diagnostic) }
      return ([], diagnostics)
    }
  }

  /// Walks a piece on shapes alone; the program stays what it was.
  ///
  /// - Returns: the value of the last expression, with its type, and what was found.
  package func check(_ tree: Tree) -> (value: Value, frame: Frame, diagnostics: [Diagnostic]) {
    onShapes { piece in
      let last = walkOnShapes(tree, &piece)
      return (last, piece, Evaluator.inOrder(evaluator.diagnostics))
    }
  }

  /// A text that is being entered, as far as it can be read and checked.
  package func look(at tree: Tree) -> CheckedText {
    let recording = Recording()
    let frame = onShapes { piece in
      evaluator.recording = recording
      _ = walkOnShapes(tree, &piece)
      return piece
    }
    return CheckedText(tree, NameTable(tree), recording, frame)
  }

  /// What functions and layers make of the value of an expression of a text that is being entered.
  package func results(of names: [String], behind id: ExpressionID, in tree: Tree)
    -> [String: PipedResult]
  {
    let recording = Recording()
    recording.wanted = id
    return onShapes { piece in
      evaluator.recording = recording
      _ = walkOnShapes(tree, &piece)
      guard let (value, frame) = recording.found else { return [:] }
      return evaluator.results(of: names, for: value, in: frame)
    }
  }

  /// The value of the last item.
  private func walkOnShapes(_ tree: Tree, _ piece: inout Frame) -> Value {
    piece = self.piece(tree)
    evaluator.recording?.begin(piece.module)
    var last = Value.none
    for item in tree.items {
      do {
        last = try evaluator.walk(item, &piece)
        if case .declaration(let declaration) = item, case .layer(let layer) = declaration.kind {
          try evaluator.checkAlone(layer, &piece)
        }
      } catch let failure as Failure {
        evaluator.report(failure)
        item.definedNames.forEach { piece.scope.define($0, .failed) }
      } catch {
        preconditionFailure("a walk without a machine throws only failures: \(error)")
      }
    }
    return last
  }

  private func run(_ tree: Tree) throws -> [Entered] {
    evaluator.diagnostics = []
    var piece = piece(tree)
    let entered = try tree.items.map { item in
      Entered(item: item, tree: tree, value: try evaluator.walk(item, &piece))
    }
    frame = piece
    for case .statement(let statement) in tree.items {
      for name in Item.statement(statement).definedNames { bindings[name] = (tree, statement) }
    }
    return entered
  }

  /// The frame in which a new piece is walked.
  private func piece(_ tree: Tree) -> Frame {
    let module = Module(tree, after: frame.module)
    module.declareAll()
    var piece = frame
    piece.module = module
    return piece
  }

  /// Walks something without a machine, and forgets all that the walk has made.
  private func onShapes<T>(_ body: (inout Frame) -> T) -> T {
    let before = moment
    evaluator.diagnostics = []
    (evaluator.machine, evaluator.trainer) = (nil, nil)
    defer {
      (evaluator.machine, evaluator.trainer) = (machine, trainer)
      evaluator.recording = nil
      goBack(to: before)
    }
    var piece = frame
    return body(&piece)
  }

  private func note(_ instance: Instance, _ frame: Frame) {
    passages[instance.path] = Self.passage(of: instance, frame)
  }

  private static func passage(of instance: Instance, _ frame: Frame) -> Passage {
    let inputs = instance.declaration.inputs.compactMap { input -> (String, TensorValue)? in
      guard case .tensor(var tensor)? = frame.scope[input.name.text]?.value else { return nil }
      // A number that nobody asks for any more must not be kept alive.
      tensor.handle = nil
      return (input.name.text, tensor)
    }
    return Passage(dims: frame.dims, facts: frame.facts, inputs: inputs, instance: instance)
  }
}

// Going back.
extension InteractiveProgram {
  /// What the program is at one moment, but for the numbers of its parameters.
  package struct Moment {
    fileprivate var frame: Frame
    fileprivate var names: [String: Scope.Slot]
    fileprivate var results: [String: Scope.Slot]
    fileprivate var layers: [(instance: Instance, parts: Instance.Parts)]
    fileprivate var bindings: [String: (tree: Tree, statement: Statement)]
    fileprivate var notes: Evaluator.Notes
  }

  package var moment: Moment {
    let layers = frame.module.globals.own.values.flatMap { $0.value.layers }
    return Moment(
      frame: frame, names: names, results: results.own,
      layers: layers.flatMap(\.all).map { ($0, $0.madeSoFar) }, bindings: bindings,
      notes: evaluator.notes)
  }

  package func goBack(to moment: Moment) {
    frame = moment.frame
    frame.module.globals.replace(with: moment.names)
    results.replace(with: moment.results)
    for (instance, parts) in moment.layers { instance.madeSoFar = parts }
    bindings = moment.bindings
    evaluator.notes = moment.notes
  }
}

// Layers whose declaration has changed.
extension InteractiveProgram {
  /// Layers at the top of the program that are, or have inside them, one declared as `name`, in the
  /// order in which they were made.
  package func instances(of name: String) -> [Instance] {
    names.values.flatMap { $0.value.layers }
      .filter { $0.all.contains { $0.declaration.name.text == name && !$0.module.isPrelude } }
      .sorted { $0.number < $1.number }
  }

  /// Makes what `instances(of: name)` are bound to anew, from the statements that have bound them.
  ///
  /// - Returns: why some could not be made.
  package func remake(_ instances: [Instance]) -> [Diagnostic] {
    var problems: [Diagnostic] = []
    for instance in instances {
      let bound = names.first { $0.value.value.layers.contains { $0 === instance } }?.key
      guard let bound, let (tree, statement) = bindings[bound] else { continue }
      var piece = frame
      piece.module = Module(tree, after: frame.module)
      do {
        _ = try evaluator.walk(.statement(statement), &piece)
      } catch {
        let place = Diagnostic.Label(tree.file, statement.span)
        if let problem = Failure(from: error, place)?.diagnostic { problems.append(problem) }
      }
    }
    return problems
  }

  /// Checks everything that has been declared again.
  ///
  /// - Parameter trainings: those of the program, with the files that declare them.
  /// - Returns: what is wrong now, but for what `name` itself says.
  package func recheck(
    besides name: String, trainings: [(declaration: TrainDeclaration, module: Module)]
  ) -> [Diagnostic] {
    onShapes { piece in
      for (other, slot) in names.sorted(by: { $0.key < $1.key }) where other != name {
        guard case .constructor(let constructor) = slot.value, !constructor.module.isPrelude,
          case .layer(let layer) = constructor.declared
        else { continue }
        piece.module = constructor.module
        try? reporting { try evaluator.checkAlone(layer, &piece) }
      }
      for training in trainings {
        piece.module = training.module
        try? reporting { try evaluator.check(training.declaration, &piece) }
      }
      return evaluator.diagnostics.filter { $0.severity == .error }
    }
  }

  private func reporting(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let failure as Failure {
      evaluator.report(failure)
    }
  }

  /// What the layer trains and keeps, by path: as something has gone through it, or else as its
  /// declaration says, whose dims may then be symbols.
  package func kept(by instance: Instance) -> [(path: String, type: TensorType, isTrained: Bool)] {
    filled(instance).allKept
  }

  /// The layer with its parts; where nothing has been through it, as its declaration says them.
  package func filled(_ instance: Instance) -> Instance { evaluator.filled(instance, in: frame) }
}

extension Instance {
  /// Paths and types of all that it and the layers inside it keep.
  package var allKept: [(path: String, type: TensorType, isTrained: Bool)] {
    all.flatMap { one in
      one.kept.map { ("\(one.path).\($0.name)", $0.type, $0.isTrained) }
    }
  }
}

extension Value {
  /// Layers that it is or holds.
  fileprivate var layers: [Instance] {
    switch self {
    case .instance(let instance): [instance]
    case .list(let items, _), .tuple(let items): items.flatMap(\.layers)
    case .record(let fields): fields.flatMap(\.value.layers)
    default: []
    }
  }
}

extension Evaluator {
  /// What a walk leaves in an evaluator beside values and layers.
  struct Notes {
    fileprivate var frozen: Set<String>
    fileprivate var unnamedLayers: [UnnamedPlace: Instance]
    fileprivate var unnamedCounts: [String: Int]
    fileprivate var drawCounts: [String: Int]
    fileprivate var requirements: [Requirement]
    fileprivate var named: [(path: String, place: Diagnostic.Label)]
    fileprivate var trained: [Trained]
    fileprivate var checkpointPaths: [(path: String, place: Diagnostic.Label)]
  }

  /// Forgets layers that no name holds: the next ones are numbered from the start again.
  package func forgetUnnamedLayers() { (unnamedLayers, unnamedCounts) = ([:], [:]) }

  var notes: Notes {
    get {
      Notes(
        frozen: frozen, unnamedLayers: unnamedLayers, unnamedCounts: unnamedCounts,
        drawCounts: drawCounts, requirements: requirements, named: named, trained: trained,
        checkpointPaths: checkpointPaths)
    }
    set {
      (frozen, unnamedLayers, unnamedCounts) =
        (newValue.frozen, newValue.unnamedLayers, newValue.unnamedCounts)
      (drawCounts, requirements, named) =
        (newValue.drawCounts, newValue.requirements, newValue.named)
      (trained, checkpointPaths) = (newValue.trained, newValue.checkpointPaths)
    }
  }
}
