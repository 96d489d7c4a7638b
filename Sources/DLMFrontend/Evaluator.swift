import DLMOperators
import DLMShapes
import DLMSyntax
import DLMTensor

/// Why the walk of a statement ended: a diagnostic, or `nil` where one has been written already.
package struct Failure: Error {
  package var diagnostic: Diagnostic?
  /// Whether the program says so itself: what is around it may never come to it.
  var isOwn = false

  package init(_ diagnostic: Diagnostic?) { self.diagnostic = diagnostic }

  init(_ diagnostic: Diagnostic, isOwn: Bool) {
    self.diagnostic = diagnostic
    self.isOwn = isOwn
  }

  /// What a walk has met, told at `place`; `nil` for an error that is no fault of the program.
  package init?(from error: any Error, _ place: Diagnostic.Label) {
    switch error {
    case let failure as Failure: self = failure
    case let error as MachineError:
      self.init(.runFails(error.message, help: error.help, place))
    case let error as SizeError:
      self.init(
        .runFails(
          "there is no memory for \(error.elementType)\(error.shape)",
          help:
            "it is \(error.shape.dims.count == 1 ? "one length" : "the product of its lengths") that counts: make the largest smaller",
          code: .outOfMemory, place))
    case let problem as DataProblem: self.init(.dataProblem(problem, place))
    default: return nil
    }
  }
}

/// What a frontend is told about data without knowing files.
package protocol DataProvider: AnyObject {
  /// The data set that a `data` declaration asks for, from its headers where they say enough.
  ///
  /// - Throws: `DataProblem`.
  func dataset(_ request: DataRequest, symbols: (String) -> Symbol) throws -> Dataset

  /// Deals the rows of a data set that has no parts out to some, drawn with `seed`.
  func split(_ dataset: Dataset, into parts: [(name: String, share: Double)], seed: UInt64)

  /// Runs of `length` ids of a text, a row each, with the runs one place later: `here` and `next`.
  func windows(
    of split: DataSplit, length: Int, stride: Int, symbols: (String) -> Symbol
  ) throws -> DataSplit

  /// Names and shapes of the tensors in a file of weights.
  ///
  /// - Throws: `DataProblem`.
  func weights(_ path: String) throws -> [(name: String, dims: [Int])]

  /// Height and width of a picture in a file.
  ///
  /// - Throws: `DataProblem`.
  func picture(_ path: String) throws -> (height: Int, width: Int)

  /// The file that `use` names, relative to the program.
  ///
  /// - Throws: `DataProblem` where there is no such file, or it is no text.
  func program(_ path: String) throws -> SourceFile

  /// A data set of rows that the program text gives.
  func dataset(_ name: String, rows: [(name: String, values: [Double], type: TensorType)]) throws
    -> Dataset
}

/// `idx("data/mnist", classes: 10)`, `npy(x: "x.npy")`: what a `data` declaration asks for.
package struct DataRequest {
  /// Of the data set.
  package var name: String
  /// `idx`, `csv`, `npy`, `text`.
  package var kind: String
  /// The first argument.
  package var path: String?
  /// Arguments with a name that are strings.
  package var strings: [(name: String, text: String)] = []
  package var classes: Int?

  package init(name: String, kind: String) {
    self.name = name
    self.kind = kind
  }
}

/// Where a layer without a name is made.
struct UnnamedPlace: Hashable {
  var module: ObjectIdentifier
  var constructor: ExpressionID
  var turns: [Int]
}

/// What is wrong with data or with a file, for a message at the place that names them.
package struct DataProblem: Error {
  package var message: String
  package var help: String?
  /// Whether nothing is wrong but that there is no such file.
  package var isMissing: Bool

  package init(_ message: String, help: String? = nil, isMissing: Bool = false) {
    self.message = message
    self.help = help
    self.isMissing = isMissing
  }
}

/// Runs `train` blocks; without one they are only checked.
package protocol Trainer: AnyObject {
  func train(_ declaration: TrainDeclaration, with evaluator: Evaluator, in frame: inout Frame)
    throws

  /// Records the update of a `minimize` in the step that is being recorded.
  func minimize(_ minimize: Minimize, with evaluator: Evaluator, in frame: inout Frame) throws

  /// Ends the training that runs, as after its last step.
  func halt()

  /// Runs one combination of a sweep: the whole program anew, of its trainings the one that is named.
  func run(_ run: SweepRun, of tree: Tree) throws

  /// All combinations of a sweep have run.
  func endSweep()

  /// Runs what `eval` logs over all rows of a split.
  func evaluate(
    _ split: DataSplit, _ body: Block, with evaluator: Evaluator, in frame: inout Frame) throws
}

/// Walks a program on shapes, and with a machine on tensors too: the checker is the interpreter
/// without a machine.
package final class Evaluator {
  /// Swapped only between the check and the run of what is entered at a prompt.
  package internal(set) var machine: (any Machine)?
  package let provider: any DataProvider
  package weak var trainer: (any Trainer)?
  /// Told how each `test` of a run ended; without it tests are only checked.
  package var testEnded: ((_ name: String, _ diagnostic: Diagnostic?) -> Void)?
  /// What the check of the item that is walked has taken so far.
  var effort = Effort()
  /// Told the number of each item of the file before it is walked.
  package var itemBegins: (Int) -> Void = { _ in }
  /// Files that are being read by `use`, the outermost first.
  var using: [String] = []
  /// Told what the places of the file stand for.
  package var recording: Recording?
  /// Told of each layer that is entered, with its frame: what its dims are.
  package var entered: ((Instance, Frame) -> Void)?
  /// Writes what `plot`, `save` and `graph` give; a check has none.
  package var writer: ((Output, String) throws -> Void)?
  /// What `print` writes.
  package var output: (String) -> Void = { _ in }
  package internal(set) var diagnostics: [Diagnostic] = []
  /// Terms that `penalize` adds to the objective that is being evaluated.
  package var penalties: [Penalty] = []
  /// What `emit` has given in the `scan` that is being walked.
  var emitted: [TensorValue] = []
  var isInScan = false
  /// What `log` has named since it was last asked for.
  package var logged: [Logged] = []
  /// Trained tensors that were read, with their handles: what gradients are taken of.
  package var parameters: [String: Handle] = [:]
  /// Parameters that stand elsewhere while an objective is looked at for an optimizer.
  var substituted: [String: Handle] = [:]
  /// Values that replace those of the program: `--set name=value`.
  package var overrides: [String: String] = [:]
  /// Those of them that a binding has taken.
  package internal(set) var usedOverrides: Set<String> = []
  var symbols = SymbolSupply()
  /// Statics of layers that are walked on symbols: each use knows their values.
  var staticSymbols: Set<Symbol> = []
  /// While checking, whether this is what a training records once and replays.
  var walksStep = false
  /// Choices and loops around, in the walk of which something may not happen in a run.
  var openChoices = 0
  /// Those of them that each run of a recorded step makes anew, by its numbers.
  var stepChoices = 0
  /// Whether something has been met that only a use, or a run, decides.
  var hasOpenChoice = false
  /// Rows of batches: no parameter has them.
  var batchSymbols: Set<Symbol> = []
  /// Layers that no binding names and no layer holds, and how many of each kind there are.
  var unnamedLayers: [UnnamedPlace: Instance] = [:]
  var unnamedCounts: [String: Int] = [:]
  /// Layers that no other holds, with where they are made.
  var outerLayers: [(layer: Instance, place: Diagnostic.Label)] = []
  /// Whether a file that is used could not be: unknown names may be its, and are told when it is mended.
  var lacksNames = false
  /// How many layers have been made.
  var instanceCount = 0
  /// A check makes no more of them.
  static let mostLayers = 10_000
  /// How many draws each layer has made in the step being walked.
  var drawCounts: [String: Int] = [:]
  /// The time that a clause of a training is walked.
  var drawTurn = ""
  /// Layers that some call has been through; the others are checked on their own.
  var appliedLayers: Set<String> = []
  /// What calls of the prelude have given; whoever checks often hands it from one check to the next.
  package var memory = CallMemory()
  /// Functions, optimizers and schedules that something has called.
  var calledFunctions: Set<String> = []
  /// Rows of a batch of the training or the evaluation that is checked, where that is known.
  var batchRows: Int?
  /// Whether something in this training has been said to hold for batches of that size alone.
  var hasForcedBatch = false
  /// Layers that a `minimize` names and its objective does not depend on.
  var blamed: Set<Int> = []
  /// What the updates of a training are called, with the objective of each.
  var updateNames: [String: ExpressionID] = [:]
  /// What the step of the training that is checked binds and nothing behind it knows.
  var goneNames: [String: Value] = [:]
  /// What has had to be taken for granted of symbols, in the order in which it was met.
  package internal(set) var requirements: [Requirement] = []
  /// Paths of what `minimize` leaves as it is.
  package var frozen: Set<String> = []
  /// Parts of layers that the program names, to be looked for when everything has been walked.
  var named: [(path: String, place: Diagnostic.Label)] = []
  /// What each `minimize` of the program trains.
  var trained: [Trained] = []
  /// What the walk costs, where somebody wants to know.
  var cost: Cost?
  /// What is walked on symbols, with nobody calling it; `nil` where a call or the file is walked.
  var alone: Alone?
  /// Whether a walk alone has met an input that says too little.
  var skippedAlone = false
  /// Whether a walk is only for what layers keep, whatever the sizes of their inputs.
  var asksForParts = false
  /// Whether numbers that are bound get a place in the graph, so that gradients reach them.
  var tracksNumbers = true
  /// The names that the program asks for gradients in; `nil` where it may be any value.
  var gradientNames: Set<String>?
  /// Layers whose weights come from files.
  var loaded: Set<String> = []
  /// While checking, what those files have for parts of layers, by path.
  var fileWeights: [String: FileWeight] = [:]
  /// What a check has seen the program save, by path.
  var savedFiles: [String: [(name: String, path: String, type: TensorType)]] = [:]
  /// In a walk for one run of a sweep: what it is to train, with which values.
  package var sweepRun: SweepRun?
  /// Names of the sweep that a binding has taken.
  var usedSweepNames: Set<String> = []
  /// Where checkpoints of the runs that were checked go.
  var sweptPaths: Set<String> = []
  /// Where checkpoints would go.
  var checkpointPaths: [(path: String, place: Diagnostic.Label)] = []
  package let prelude: Prelude
  /// Scopes of this check that may be held by what they define.
  private var heldScopes = HeldScopes()
  /// More mistakes in one file are not worth telling.
  private static let mostDiagnostics = 100

  package init(
    prelude: Prelude, provider: any DataProvider, machine: (any Machine)? = nil,
    overrides: [String: String] = [:]
  ) {
    self.prelude = prelude
    self.provider = provider
    self.machine = machine
    self.overrides = overrides
  }

  /// Walks a whole file; what is wrong is in `diagnostics` afterwards.
  ///
  /// A statement that fails ends there and the next one is walked, so that one mistake does not hide
  /// another; what it would have defined is not asked about again. In a run the first error ends all.
  ///
  /// - Returns: the frame at the end of the file, for whoever goes on from it.
  @discardableResult package func walk(_ tree: Tree) throws -> Frame {
    let module = Module(tree, isPrelude: false, around: prelude.scope)
    var frame = Frame(module: module, scope: module.globals, facts: Facts())
    module.declareAll()
    note(held: module.globals)
    tracksNumbers = Self.tracksNumbers(of: tree)
    gradientNames = tracksNumbers ? tree.gradientNames : []
    machine?.hasAnyTarget = gradientNames == nil
    recording?.begin(module)
    for (index, item) in tree.items.enumerated() {
      itemBegins(index)
      do {
        if case .statement(let statement) = item, sweepRun != nil, !statement.isSetting { continue }
        _ = try walk(item, &frame)
      } catch {
        guard let failure = Failure(from: error, frame.label(item.span)) else { throw error }
        report(failure)
        if machine != nil || diagnostics.count >= Self.mostDiagnostics { break }
        item.definedNames.forEach { frame.scope.define($0, .failed) }
      }
    }
    if machine == nil {
      if sweepRun == nil {
        checkUnused(tree)
        checkWords(tree)
      }
      checkNeverCalled(in: module, frame)
      checkNamedParts(frame)
      reportUntrained(frame)
      dropConsequences(in: tree)
      diagnostics = Self.inOrder(diagnostics)
    }
    return frame
  }

  /// File by file as they were met, each in the order of its text.
  static func inOrder(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    var paths: [String] = []
    for path in diagnostics.map(\.primary.file.path) where !paths.contains(path) {
      paths.append(path)
    }
    return paths.flatMap { path in
      diagnostics.filter { $0.primary.file.path == path }.enumerated()
        .sorted {
          ($0.element.primary.span.start, $0.offset) < ($1.element.primary.span.start, $1.offset)
        }
        .map(\.element)
    }
  }

  /// Walks a whole file without a machine.
  @discardableResult package func check(_ tree: Tree) -> Frame {
    do {
      return try walk(tree)
    } catch {
      preconditionFailure("a walk without a machine throws only failures: \(error)")
    }
  }

  /// An evaluator for a check inside this one, on the same symbols.
  func checker() -> Evaluator {
    let checker = Evaluator(prelude: prelude, provider: provider)
    checker.symbols = symbols
    checker.heldScopes = heldScopes
    return checker
  }

  /// Notes a scope that may be held by what it defines. A run ends with its process.
  func note(held scope: Scope) {
    if machine == nil { heldScopes.scopes.append(scope) }
  }

  /// Forgets what its scopes define. For whoever checks again and again: as long as scopes hold values
  /// and values scopes, nothing of a check is freed.
  package func forgetScopes() { heldScopes.forget() }

  package func report(_ failure: Failure) {
    guard let diagnostic = failure.diagnostic else { return }
    // One root cause once: the same message at the same place says nothing new.
    let isKnown = diagnostics.contains {
      $0.message == diagnostic.message
        && ($0.primary.span == diagnostic.primary.span
          || (diagnostic.code == "N001"
            || diagnostic.code == "T009" && diagnostic.message.hasPrefix("`"))
            && $0.primary.file.path == diagnostic.primary.file.path)
    }
    if !isKnown { diagnostics.append(diagnostic) }
  }

  package func warn(_ diagnostic: Diagnostic) { report(Failure(diagnostic)) }

  /// Walks a declaration or a statement at the top of a file; the value of an expression.
  func walk(_ item: Item, _ frame: inout Frame) throws -> Value {
    var result: Value = .none
    effort = Effort()
    switch item {
    case .declaration(let declaration): try walk(declaration, &frame)
    case .statement(let statement): try walk(statement, &frame, result: &result)
    }
    return result
  }

  private func walk(_ declaration: Declaration, _ frame: inout Frame) throws {
    switch declaration.kind {
    case .layer, .function, .optimizer, .schedule: break
    case .data(let name, let expression): try walkData(name, expression, &frame)
    case .dim(let dims): try bindDims(dims, &frame)
    case .train(let train) where sweepRun.map { $0.training != train.name.text } ?? false: break
    case .train(let train):
      if let trainer {
        try trainer.train(train, with: self, in: &frame)
      } else {
        try check(train, &frame)
      }
    case .use(let path):
      do {
        try use(path, &frame)
      } catch {
        lacksNames = true
        throw error
      }
    case .test(let name, let body): try test(name, body, &frame)
    case .sweep where sweepRun != nil: break
    case .sweep(let axes, let body): try sweep(axes, body, &frame)
    }
  }

  /// Layers, functions, optimizers and schedules that nothing in the file calls are walked on symbols,
  /// so that their mistakes are found.
  private func checkNeverCalled(in module: Module, _ frame: Frame) {
    // From the last: those further down use those above.
    for case .declaration(let declaration) in module.tree.items.reversed() {
      do {
        var frame = frame
        effort = Effort()
        switch declaration.kind {
        case .layer(let layer) where !appliedLayers.contains(layer.name.text):
          try checkAlone(layer, &frame)
        case .function(let function) where !calledFunctions.contains(function.name.text):
          try checkAlone(function, frame)
        case .optimizer(let optimizer) where !calledFunctions.contains(optimizer.name.text):
          try checkAlone(optimizer, frame)
        case .schedule(let schedule) where !calledFunctions.contains(schedule.name.text):
          try checkAlone(schedule, frame)
        default: break
        }
      } catch let failure as Failure {
        if !failure.isOwn { report(failure) }
      } catch {
        preconditionFailure("a walk without a machine throws only failures: \(error)")
      }
    }
  }
}

extension Evaluator {
  /// Takes away warnings of unused names in declarations that have an error: one cause is told once.
  private func dropConsequences(in tree: Tree) {
    let errors = diagnostics.filter { $0.severity == .error }.map(\.primary)
    let spans = tree.items.compactMap { item -> Span? in
      if case .declaration(let declaration) = item { declaration.span } else { nil }
    }
    let hiding = diagnostics.filter { $0.code == "W042" }.map(\.primary.span)
    let losses = diagnostics.filter { $0.code == "T001" }.map(\.primary.span)
    // What a layer computes and drops is why its parts do not count.
    let dropsPart = diagnostics.contains { diagnostic in
      ["W041", "W042"].contains(diagnostic.code) && diagnostic.primary.file.path == tree.file.path
        && tree.layerSpans.contains { $0.contains(diagnostic.primary.span) }
    }
    diagnostics.removeAll { diagnostic in
      if diagnostic.code == "T015", dropsPart { return true }
      if diagnostic.code == "S013",
        spans.contains(where: { span in
          span.contains(diagnostic.primary.span) && losses.contains { span.contains($0) }
        })
      {
        return true
      }
      if diagnostic.code == "W041", hiding.contains(diagnostic.primary.span) { return true }
      guard diagnostic.code == "W041", diagnostic.primary.file.path == tree.file.path,
        let around = spans.first(where: { $0.contains(diagnostic.primary.span) })
      else { return false }
      return errors.contains { $0.file.path == tree.file.path && around.contains($0.span) }
    }
  }
}

extension Tree {
  /// Where its layers are declared.
  fileprivate var layerSpans: [Span] {
    items.compactMap { item in
      guard case .declaration(let declaration) = item, case .layer = declaration.kind else {
        return nil
      }
      return declaration.span
    }
  }
}

extension Span {
  fileprivate func contains(_ other: Span) -> Bool { start <= other.start && other.end <= end }
}

extension Module {
  /// Defines what may be used before the line that declares it: layers, functions, optimizers.
  func declareAll() {
    for case .declaration(let declaration) in tree.items {
      switch declaration.kind {
      case .layer(let layer):
        globals.define(
          layer.name.text, .constructor(Constructor(declared: .layer(layer), module: self)))
      case .optimizer(let optimizer):
        globals.define(
          optimizer.name.text,
          .constructor(Constructor(declared: .optimizer(optimizer), module: self)))
      case .function(let function):
        globals.define(
          function.name.text,
          .function(FunctionValue(declaration: function, module: self, enclosing: nil)))
      case .schedule(let schedule):
        globals.define(schedule.name.text, .schedule(schedule, self))
      case .use, .data, .dim, .train, .test, .sweep: break
      }
    }
  }
}

extension Item {
  /// Names that are known after it, even if it failed.
  package var definedNames: [String] {
    switch self {
    case .declaration(let declaration):
      switch declaration.kind {
      case .data(let name, _): [name.text]
      case .dim(let dims): dims.map(\.name.text)
      default: []
      }
    case .statement(let statement):
      if case .bind(let bindings, _) = statement.kind {
        bindings.flatMap(\.pattern.names)
      } else {
        []
      }
    }
  }
}

extension Pattern {
  var names: [String] {
    switch self {
    case .name(let name): [name.text]
    case .tuple(let parts, _): parts.flatMap(\.names)
    }
  }
}
