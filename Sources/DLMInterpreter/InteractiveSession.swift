import DLMFormats
import DLMFrontend
import DLMGraph
import DLMShapes
import DLMSyntax
import DLMTensor

/// A program that is entered a piece at a time and run as it comes; trainings are started by name.
///
/// All numbers stay where they are between pieces: a training that is paused goes on bit for bit.
package final class InteractiveSession: TrainingHost {
  /// When a training is to pause of itself.
  package enum Limit: Hashable, Sendable {
    case none
    /// After so many steps more.
    case steps(Int)
    /// At the end of the epoch with this number.
    case epoch(Int)
  }

  private(set) var options = RunOptions()
  let send: (RunEvent) -> Void
  private let interruptions: @Sendable () -> Int
  package let program: InteractiveProgram
  private let machine: GraphMachine
  private let provider: FileDataProvider
  private let trainer: TrainingRegister
  /// The training that was started last, where it stands.
  private(set) var training: Training?
  package private(set) var isTrainingOver = true
  private var limit = Limit.none
  /// Where the training stood when it was last let go on, and where it stands.
  private var firstStep = 0
  private var stepsPerEpoch = 1
  private var position = RunEvent.Training.Position(epoch: 1, step: 0)
  /// The folder that paths of what is being entered are relative to.
  private var folder: String
  /// What `undo` goes back to, the latest last.
  private var history: [Past] = []
  /// Numbers that are kept for `undo`, at most.
  private static let longestHistory = 100
  private static let largestHistory = 1 << 28

  private struct Past {
    var moment: InteractiveProgram.Moment
    var trainings: [TrainingRegister.Declared]
    var training: Standing?
    /// What was kept, by path; no numbers where nothing has changed them.
    var tensors: [String: Tensor]?
    var paths: Set<String>
    /// Whether a piece of a program came after it, not a training or a load.
    var isBeforePiece: Bool
  }

  /// A training, and where it stood.
  private struct Standing {
    var training: Training
    var state: Checkpointed
    var position: RunEvent.Training.Position
    var lastLoss: Double?
    var isOver: Bool
  }

  /// - Parameters:
  ///   - folder: that paths are relative to.
  ///   - seed: of all draws, whatever a training says of its own.
  ///   - interruptions: how often the user has asked for an end since the last piece began; asked from
  ///     any thread. A training pauses after one, between steps; what is computed elsewhere, or does not
  ///     end within a training, is given up.
  ///   - send: told what is printed and how trainings go.
  package init(
    folder: String, backend: any Backend, seed: UInt64? = nil,
    interruptions: @escaping @Sendable () -> Int,
    send: @escaping (RunEvent) -> Void
  ) {
    self.folder = folder
    self.interruptions = interruptions
    let observer = Observer()
    self.send = { event in
      observer.session?.tell(event)
      send(event)
    }
    provider = FileDataProvider(folder: folder)
    machine = GraphMachine(backend: backend, seed: seed ?? 0)
    options.seed = seed
    trainer = TrainingRegister()
    program = InteractiveProgram(
      prelude: Prelude(), provider: provider, machine: machine, trainer: trainer)
    machine.resolve = { [unowned self] in resolve($0) }
    machine.isCancelled = { interruptions() > 0 }
    trainer.session = self
    observer.session = self
    let evaluator = program.evaluator
    evaluator.output = { send(.printed($0)) }
    evaluator.testEnded = { name, problem in
      send(.printed(problem.map { "\(name): \($0.message)" } ?? "\(name): holds"))
    }
    evaluator.writer = { [unowned self] output, path in
      try OutputWriter(machine: machine, evaluator: evaluator).write(output, to: resolve(path))
    }
  }

  /// The folder that paths are relative to now.
  var here: String { folder }

  package var control: () -> RunControl { { [unowned self] in mustPause ? .pause : .goOn } }

  /// A path as the session is to read it.
  package func resolved(_ path: String) -> String { resolve(path) }

  /// A prompt goes on from no checkpoint.
  func goesOn(despite differences: [String]) -> Bool { true }

  func resolve(_ path: String) -> String {
    path.hasPrefix("/") || folder.isEmpty ? path : "\(folder)/\(path)"
  }

  package var evaluator: Evaluator { program.evaluator }

  package var seed: UInt64 {
    get { machine.seed }
    set {
      machine.seed = newValue
      program.evaluator.beginDrawing()
      options.seed = newValue
    }
  }

  /// Computes with `backend` from here on.
  package func use(_ backend: any Backend) {
    machine.use(backend)
    training?.forgetRecorded()
  }

  /// Names of the trainings that have been declared.
  package var trainings: [String] { trainer.declared.map(\.declaration.name.text) }

  /// Of the last step of the training that stands.
  package var lastLoss: Double? { training?.lastLoss }

  /// Whole epochs that the training which stands has behind it.
  package var epochsDone: Int { position.step / max(1, stepsPerEpoch) }

  /// The training that stands, and how far it has come.
  package var standing: (name: String, position: RunEvent.Training.Position)? {
    training.map { ($0.declaration.name.text, position) }
  }
}

// Pieces of a program.
extension InteractiveSession {
  /// What a piece came to.
  package struct Reply {
    package var entered: [InteractiveProgram.Entered] = []
    package var diagnostics: [Diagnostic] = []
    /// Layers that were declared anew, in words.
    package var redefinitions: [String] = []
    /// Parameters of layers that no name holds, which are gone now.
    package var parametersNotKept: Int?
    /// Whether something is other than before, to which one can go back.
    package var hasEffect = true
  }

  /// Takes in a piece of a program.
  ///
  /// - Parameter folder: that its paths are relative to; `nil` for that of the session.
  package func enter(_ tree: Tree, folder: String? = nil) throws -> Reply {
    let outer = self.folder
    if let folder { self.folder = folder }
    provider.folder = self.folder
    defer { (self.folder, provider.folder) = (outer, outer) }
    remember(isBeforePiece: true)
    try training?.results(into: program.results)
    let known = Set(program.names.keys)
    let paths = machine.store.paths
    var reply = Reply()
    (reply.entered, reply.diagnostics) = try program.enter(tree)
    guard !reply.diagnostics.contains(where: { $0.severity == .error }) else {
      machine.forget(machine.store.paths.subtracting(paths))
      history.removeLast()
      return reply
    }
    do {
      try training?.adoptRates(from: program.results)
    } catch {
      _ = try undo()
      throw error
    }
    for item in tree.items {
      guard let name = item.layerName, known.contains(name) else { continue }
      let (words, problems) = try renew(name)
      reply.redefinitions.append(words)
      reply.diagnostics += problems
    }
    reply.parametersNotKept = try forgetUnnamed(since: paths)
    reply.hasEffect = machine.store.paths != paths || tree.items.contains(where: \.hasEffect)
    // Going back before what only showed something would show nothing.
    if !reply.hasEffect { history.removeLast() }
    return reply
  }

  /// Makes instances of a layer that has been declared anew; what keeps its path and its shape stays.
  private func renew(_ name: String) throws -> (words: String, problems: [Diagnostic]) {
    try keepNumbers()
    let instances = program.instances(of: name)
    var problems = program.remake(instances)
    var (kept, optimizers) = (0, 0)
    var changed: [String] = []
    var all = 0
    for instance in program.instances(of: name) {
      for (path, type, isTrained) in program.kept(by: instance) {
        guard let variable = machine.store[path] else { continue }
        if isTrained { all += 1 }
        let dims = type.dims.map { program.frame.facts.normal($0).constant }
        let isSame = zip(dims, variable.tensor.shape.dims).allSatisfy { $0 == nil || $0 == $1 }
        let states = machine.store.paths.filter { $0.contains(".\(path).") }
        if isSame, dims.count == variable.tensor.shape.dims.count {
          if isTrained { kept += 1 }
          optimizers += states.count
        } else {
          changed.append(String(path.dropFirst(instance.path.count + 1)))
          machine.forget(states.union([path]))
        }
      }
    }
    training?.forgetRecorded()
    problems += program.recheck(
      besides: name, trainings: trainer.declared.map { ($0.declaration, $0.module) })
    guard all > 0 else { return ("\(name) redefined", problems) }
    let new = changed.isEmpty ? "" : " (\(changed.joined(separator: ", ")) changed shape: new)"
    let states = optimizers > 0 ? "; optimizer state kept for the \(kept)" : ""
    return ("\(name) redefined: kept \(kept) of \(all) weights\(new)\(states)", problems)
  }

  /// Drops layers that were made in passing; how many parameters they had, `nil` without any.
  private func forgetUnnamed(since paths: Set<String>) throws -> Int? {
    let held = Set(
      program.names.values.compactMap { slot -> String? in
        if case .instance(let instance) = slot.value { instance.path } else { nil }
      })
    let passing = machine.store.paths.subtracting(paths).filter { path in
      !held.contains(String(path.prefix { $0 != "." }))
    }
    guard !passing.isEmpty else { return nil }
    let count = passing.reduce(0) { $0 + (machine.store[$1]?.tensor.shape.count ?? 0) }
    machine.forget(passing)
    program.evaluator.forgetUnnamedLayers()
    return count
  }
}

// Trainings.
extension InteractiveSession {
  /// Starts a training from its first step, and lets it go on until `limit`, its end, or the user.
  ///
  /// - Returns: what was wrong.
  package func train(_ name: String, until limit: Limit) throws -> [Diagnostic] {
    guard let declared = trainer.declared.first(where: { $0.declaration.name.text == name }) else {
      let near = nearest(to: name, among: trainings).map { "; did you mean `\($0)`?" } ?? ""
      throw MachineError("there is no training `\(name)`\(near)")
    }
    return try failing(at: declared) {
      folder = declared.folder
      var frame = program.frame
      frame.module = Module(declared.module.tree, after: frame.module)
      let training = try Training(
        declared.declaration, program.evaluator, machine, self, from: nil, in: &frame)
      try training.begin()
      self.training = training
      position = training.position
      isTrainingOver = false
      try goOn(until: limit)
    }
  }

  /// Lets the training that stands go on.
  package func goOn(_ limit: Limit) throws -> [Diagnostic] {
    guard let training, !isTrainingOver,
      let declared = trainer.declared.last(where: {
        $0.declaration.name.text == training.declaration.name.text
      })
    else {
      throw MachineError(
        training == nil ? "nothing has been trained yet" : "the training has come to its end",
        help: "`:run NAME` starts one")
    }
    if case .epoch(let epoch) = limit, epoch <= epochsDone {
      throw MachineError(
        "epoch \(epoch) is done already",
        help: ":continue until epoch \(epochsDone + 1)")
    }
    return try failing(at: declared) {
      folder = declared.folder
      try goOn(until: limit)
    }
  }

  private func goOn(until limit: Limit) throws {
    guard let training else { return }
    self.limit = limit
    firstStep = training.position.step
    // While it was made ready: there is something to go on with.
    if interruptions() > 0 || limit == .steps(0) { return }
    isTrainingOver = try training.goOn()
    try training.results(into: program.results)
  }

  /// Lets a training begin or go on, as something that can be undone if it comes to anything.
  private func failing(at declared: TrainingRegister.Declared, _ body: () throws -> Void) throws
    -> [Diagnostic]
  {
    remember()
    try keepNumbers()
    let (before, step) = (training, training?.position.step)
    let (outer, isCancelled) = (folder, machine.isCancelled)
    machine.isCancelled = { [interruptions] in interruptions() > 1 }
    defer { (folder, machine.isCancelled) = (outer, isCancelled) }
    do {
      try body()
      return []
    } catch {
      let place = Diagnostic.Label(declared.module.tree.file, declared.declaration.name.span)
      // What has changed nothing is nothing to go back before.
      if training === before, training?.position.step == step { history.removeLast() }
      guard let failure = Failure(from: error, place) else { throw error }
      return failure.diagnostic.map { [$0] } ?? []
    }
  }

  private var mustPause: Bool {
    if interruptions() > 0 { return true }
    switch limit {
    case .none: return false
    case .steps(let count): return position.step - firstStep >= count
    case .epoch(let epoch): return position.epoch >= epoch && position.step % stepsPerEpoch == 0
    }
  }

  /// Passes on what a training says, and notes where it stands.
  func tell(_ event: RunEvent) {
    switch event {
    case .began(let training): stepsPerEpoch = training.stepsPerEpoch
    case .stepped(let position, _): self.position = position
    default: break
    }
  }
}

// Going back, saving and loading.
extension InteractiveSession {
  /// Goes back to what was before the last piece, training or load that had an effect.
  ///
  /// - Returns: whether that was a piece of a program; `nil` where there is nothing to go back to.
  package func undo() throws -> Bool? {
    guard let past = history.popLast() else { return nil }
    program.goBack(to: past.moment)
    trainer.declared = past.trainings
    machine.forget(machine.store.paths.subtracting(past.paths))
    if let tensors = past.tensors {
      try machine.restore(tensors)
      try stand(again: past.training)
    } else if training !== past.training?.training {
      // There was no room to keep the numbers that it would go on from.
      (training, isTrainingOver) = (past.training?.training, true)
    } else if let rates = past.training?.state.rates {
      training?.rates = rates
    }
    training?.forgetRecorded()
    return past.isBeforePiece
  }

  /// Makes a training anew where it stood: the numbers have gone back, and so must its cursor.
  private func stand(again past: Standing?) throws {
    (training, isTrainingOver) = (past?.training, true)
    guard let past, !past.isOver,
      let declared = trainer.declared.last(where: {
        $0.declaration.name.text == past.state.training
      })
    else { return }
    let outer = folder
    folder = declared.folder
    defer { folder = outer }
    var frame = program.frame
    frame.module = Module(declared.module.tree, after: frame.module)
    let again = try Training(
      declared.declaration, program.evaluator, machine, self, from: past.state, in: &frame)
    try again.begin()
    again.lastLoss = past.lastLoss
    (again.optimizers, again.made) = (past.training.optimizers, past.training.made)
    (training, position, isTrainingOver) = (again, past.position, false)
  }

  private func remember(isBeforePiece: Bool = false) {
    let standing = training.flatMap { training in
      training.standing.map {
        Standing(
          training: training, state: $0, position: position, lastLoss: training.lastLoss,
          isOver: isTrainingOver)
      }
    }
    history.append(
      Past(
        moment: program.moment, trainings: trainer.declared, training: standing, tensors: nil,
        paths: machine.store.paths, isBeforePiece: isBeforePiece))
    if history.count > Self.longestHistory { history.removeFirst() }
  }

  /// Copies what is kept into the last entry of the history, where it is not too much.
  private func keepNumbers() throws {
    guard !history.isEmpty else { return }
    let tensors = machine.store.tensors
    let count = tensors.values.reduce(0) { $0 + $1.shape.count }
    guard count * 4 <= Self.largestHistory else { return }
    history[history.count - 1].tensors = try tensors.mapValues { try $0.copied() }
  }

  /// Writes all that is kept: weights, running statistics, the state of optimizers.
  package func save(to path: String) throws {
    let tensors = machine.store.tensors
    guard !tensors.isEmpty else {
      throw MachineError("nothing is kept yet: no layer has been used")
    }
    do throws(SafetensorsError) {
      try Safetensors.write(Safetensors.Contents(tensors: tensors), to: resolve(path))
    } catch {
      throw MachineError(error.message)
    }
  }

  /// Takes back what `save` has written; what is not made yet takes it as its first value.
  package func load(from path: String) throws -> Int {
    remember()
    try keepNumbers()
    let contents: Safetensors.Contents
    do throws(SafetensorsError) {
      contents = try Safetensors.read(resolve(path))
    } catch {
      history.removeLast()
      // The user knows the file by the name that was typed.
      throw MachineError(error.message.replacing(resolve(path), with: path))
    }
    for (name, tensor) in contents.tensors {
      if let known = machine.store[name], known.tensor.shape != tensor.shape {
        history.removeLast()
        throw MachineError(
          "the file has `\(name)` as \(tensor.shape), but here it is \(known.tensor.shape)")
      }
    }
    try machine.restore(contents.tensors)
    return contents.tensors.count
  }

  /// A number that another set of kept numbers would hardly give: paths, shapes and all bytes go into it.
  package var digest: UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ word: UInt64) {
      hash = (hash ^ word) &* 0x9e37_79b9_7f4a_7c15
      hash ^= hash >> 29
    }
    for (path, tensor) in machine.store.tensors.sorted(by: { $0.key < $1.key }) {
      for byte in path.utf8 { add(UInt64(byte)) }
      for dim in tensor.shape.dims { add(UInt64(dim)) }
      let bytes = UnsafeRawBufferPointer(
        start: tensor.storage.pointer, count: tensor.count * tensor.elementType.byteCount)
      for start in stride(from: 0, to: bytes.count - 7, by: 8) {
        add(bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
      }
      for byte in bytes.suffix(bytes.count % 8) { add(UInt64(byte)) }
    }
    return hash
  }

  /// The number of trained numbers in a layer, if its parts and their shapes are known.
  package func parameterCount(of instance: Instance) -> Int? {
    guard !program.filled(instance).parts.isEmpty else { return nil }
    let counts = program.kept(by: instance).filter(\.isTrained).map { kept in
      kept.type.dims.map { program.frame.facts.normal($0).constant }
        .reduce(Int?(1)) { all, dim in all.flatMap { all in dim.map { all * $0 } } }
    }
    return counts.reduce(Int?(0)) { all, count in all.flatMap { all in count.map { all + $0 } } }
  }
}

extension Item {
  /// The layer that it declares.
  fileprivate var layerName: String? {
    if case .declaration(let declaration) = self, case .layer(let layer) = declaration.kind {
      layer.name.text
    } else {
      nil
    }
  }
}

/// Lets the session that is being made be told of events.
private final class Observer {
  weak var session: InteractiveSession?
}

/// Notes `train` blocks instead of running them.
final class TrainingRegister: Trainer {
  struct Declared {
    var declaration: TrainDeclaration
    var module: Module
    var folder: String
  }

  weak var session: InteractiveSession?
  var declared: [Declared] = []

  func train(_ declaration: TrainDeclaration, with evaluator: Evaluator, in frame: inout Frame) {
    declared.removeAll { $0.declaration.name.text == declaration.name.text }
    declared.append(
      Declared(declaration: declaration, module: frame.module, folder: session?.here ?? ""))
  }

  func minimize(_ minimize: Minimize, with evaluator: Evaluator, in frame: inout Frame) throws {
    try session?.training?.minimize(minimize, in: &frame)
  }

  func halt() { session?.training?.halt() }

  func run(_ run: SweepRun, of tree: Tree) throws {
    throw MachineError("a sweep runs a whole program", help: "leave with `:quit`; `dlm run FILE`")
  }

  func endSweep() {}

  func evaluate(
    _ split: DataSplit, _ body: Block, with evaluator: Evaluator, in frame: inout Frame
  ) throws {
    try session?.training?.evaluate(split, body, in: &frame)
  }
}

extension Item {
  /// Whether it binds, changes or declares something; what it shows or writes is no effect on what follows.
  fileprivate var hasEffect: Bool {
    guard case .statement(let statement) = self else { return true }
    return switch statement.kind {
    case .expression, .prints, .writes, .expect: false
    default: true
    }
  }
}
