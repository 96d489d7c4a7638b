import DLMData
import DLMFormats
import DLMFrontend
import DLMGraph
import DLMOperators
import DLMShapes
import DLMTensor

/// The machine of a run: records graphs, runs them when a number is asked for, keeps the variables.
///
/// Plain code is recorded on one tape; each training step and each evaluation on a tape of its own, to
/// be planned once. First values of parameters are recorded together and run before anything reads
/// them.
final class GraphMachine: Machine {
  /// Longest tape of plain code before it is run even if nobody asks for a number.
  private static let longestTape = 2000
  /// Nodes of a turn of a loop, or of some turns, that are worth a run: their plan serves the next.
  private static let usefulTape = 100

  private(set) var backend: any Backend
  /// Told what steps take.
  var profile: RunProfile?
  /// Of first values, and of draws in plain code.
  var seed: UInt64
  private(set) var store: VariableStore
  let plain = Tape()
  /// The nodes of `plain` that stood there after its last run.
  private var settledCount = 0
  var current: Tape
  private var firstValues = Tape()
  private var plans: PlanCache
  /// Why a gradient that the program writes could not be recorded.
  private var failure: (any Error)?
  private var isDifferentiating = false

  /// The path of a file that the program names.
  var resolve: (String) -> String
  /// Asked whether the user wants plain code to end, from any thread.
  var isCancelled: (@Sendable () -> Bool)?

  init(
    backend: any Backend, seed: UInt64, store: VariableStore = VariableStore(),
    resolve: @escaping (String) -> String = { $0 }
  ) {
    self.resolve = resolve
    self.backend = backend
    self.seed = seed
    self.store = store
    current = plain
    plans = PlanCache(for: backend)
  }

  func apply(_ operation: Operator, to operands: [Handle], _ attributes: Attributes) throws
    -> Handle
  {
    if current === plain, !isDifferentiating,
      plain.graph.nodes.count > settledCount + Self.longestTape
    {
      try settle()
    }
    let nodes = try operands.map { try node($0) }
    do throws(InferenceFailure) {
      return current.handle(try current.graph.apply(operation, to: nodes, attributes))
    } catch {
      // The checker has applied the same rule to the same dims.
      throw MachineError("`\(operation.name)` cannot be applied here: \(error)")
    }
  }

  func constant(_ values: [Double], dims: [Int], _ elementType: ElementType) throws -> Handle {
    if dims.isEmpty, let value = values.first {
      return current.handle(current.graph.constant(value, [], elementType))
    }
    let tensor = try Tensor(values, shape: Shape(dims), elementType)
    return handle(of: Variable(path: "", tensor: tensor))
  }

  func read(_ handle: Handle) throws -> [Double] {
    if isRecordingRecurrence { throw NoRecurrence() }
    guard handle.recording === plain else {
      throw MachineError(
        "the value of a tensor is not known while a step is recorded",
        help: "a step is recorded once and replayed: print in `every`, choose with `select`")
    }
    guard !isDifferentiating else {
      throw MachineError("a gradient is made of operators: no number is known while it is recorded")
    }
    if plain.variable(NodeID(handle.place)) == nil { try settle() }
    try runFirstValues()
    guard let variable = plain.variable(NodeID(handle.place)) else {
      preconditionFailure("a tape that is settled knows the values of all handles")
    }
    return variable.tensor.values
  }

  func variable(
    _ path: String, dims: [Int], _ elementType: ElementType?, initial: () throws -> Handle
  ) throws -> Handle {
    if let known = store[path] {
      guard known.tensor.shape.dims == dims else {
        throw MachineError(
          "`\(path)` is \(known.tensor.shape) already and cannot become \(Shape(dims))")
      }
      return self.handle(of: known)
    }
    if let loaded = try store.load(path, Shape(dims), elementType) { return handle(of: loaded) }
    let outer = current
    current = firstValues
    defer { current = outer }
    let first = try node(try initial())
    let found = current.graph[first].elementType
    let made = try store.make(
      path, Shape(dims), elementType ?? (found.isFloatingPoint ? found : .f32))
    try current.graph.assign(first, to: made)
    current = outer
    return handle(of: made)
  }

  func assign(_ value: Handle, to path: String) throws {
    if isRecordingRecurrence { throw NoRecurrence() }
    guard let variable = store[path] else {
      preconditionFailure("only what is kept is assigned: \(path)")
    }
    // What an update has made is a constant for those after it: no gradient flows through an optimizer.
    let constant = try apply(.stopGradient, to: [value], [:])
    try current.graph.assign(try node(constant), to: variable)
  }

  var hasAnyTarget: Bool {
    get { plain.hasAnyTarget }
    set { plain.hasAnyTarget = newValue }
  }

  var line: Int {
    get { current.graph.line }
    set { current.graph.line = newValue }
  }

  var isRecordingStep: Bool { current.outermost !== plain || isDifferentiating }

  func endTurn() throws {
    if isCancelled?() ?? false { throw MachineError.stopped }
    if current === plain, !isDifferentiating,
      plain.graph.nodes.count > settledCount + Self.usefulTape
    {
      try settle()
    }
  }

  func gradient(of result: Handle, withRespectTo targets: [Handle], seed: Handle?) throws
    -> [Handle]
  {
    if isRecordingRecurrence { throw NoRecurrence() }
    let (result, targets) = (try node(result), try targets.map { try node($0) })
    let seed = try seed.map { try node($0) }
    // Gradients that the program writes are recorded on the tape while its graph is differentiated.
    var graph = Graph()
    swap(&graph, &current.graph)
    failure = nil
    isDifferentiating = true
    defer {
      swap(&graph, &current.graph)
      isDifferentiating = false
    }
    do throws(DifferentiationError) {
      let gradients = try graph.gradient(of: result, withRespectTo: targets, seed: seed)
      swap(&graph, &current.graph)
      defer { swap(&graph, &current.graph) }
      return gradients.map { current.handle($0) }
    } catch {
      if let failure { throw failure }
      throw MachineError("there is no gradient: \(error)")
    }
  }

  func value(
    _ value: Handle, of operands: [Handle], _ rule: @escaping (Handle) throws -> [Handle]
  ) throws -> Handle {
    if isRecordingRecurrence { throw NoRecurrence() }
    let operands = try operands.map { try node($0) }
    let rule = GradientRule { [unowned self] graph, dy, _ in
      swap(&graph, &current.graph)
      defer { swap(&graph, &current.graph) }
      do {
        return try rule(current.handle(dy)).map { try node($0) }
      } catch {
        failure = error
        throw error
      }
    }
    return current.handle(current.graph.value(try node(value), of: operands, rule))
  }
}

extension GraphMachine {
  var mark: Int { current.graph.nodes.count }

  func recompute(_ value: Handle, since mark: Int, stream: UInt64) throws -> Handle {
    if isRecordingRecurrence { throw NoRecurrence() }
    return current.handle(
      try current.graph.recomputed(try node(value), since: mark, stream: stream))
  }

  func picture(_ path: String, channels: Int) throws -> Handle {
    do throws(DataError) {
      let pixels = try PictureFile(resolve(path)).pixels(channels: channels)
      return handle(of: Variable(path: "", tensor: pixels))
    } catch {
      throw MachineError(error.message, help: error.fix)
    }
  }

  func load(_ path: String, into layer: String, names: [String: String]) throws {
    let contents: Safetensors.Contents
    do throws(SafetensorsError) {
      contents = try Safetensors.read(resolve(path))
    } catch {
      throw MachineError(error.message)
    }
    var tensors: [String: Tensor] = [:]
    for (name, tensor) in contents.tensors {
      if let own = names[name] { tensors["\(layer).\(own)"] = tensor }
    }
    store.provide(tensors)
  }

  /// A tensor of the program that lies in `variable`.
  ///
  /// It belongs to the graph around every recurrence: gradients are taken there.
  func handle(of variable: Variable) -> Handle {
    let tape = current.outermost
    return tape.handle(tape.graph.variable(variable))
  }

  /// Records what `body` walks as a step of its own.
  ///
  /// - Returns: the graph, whose assignments a run of it makes.
  func record(_ body: () throws -> Void) throws -> Graph {
    let outer = current
    try settle()
    current = Tape()
    defer { current = outer }
    try body()
    return current.graph
  }

  /// Computes with `backend` from here on.
  func use(_ backend: any Backend) {
    self.backend = backend
    plans = PlanCache(for: backend)
  }

  /// Forgets what is kept at `paths`: it gets first values again when something asks for it.
  func forget(_ paths: some Sequence<String>) { paths.forEach { store.remove($0) } }

  /// Keeps what `other` keeps from here on.
  func exchange(_ other: VariableStore) { store = other }

  /// Replaces the numbers of what is kept; what is not kept yet takes them as its first values.
  func restore(_ tensors: [String: Tensor]) throws {
    store.provide(tensors)
    for (path, tensor) in tensors {
      guard let variable = store[path], variable.tensor.shape == tensor.shape else { continue }
      variable.tensor = try tensor.copied()
    }
  }

  /// What is being recorded.
  var recorded: Graph { current.graph }

  var currentTape: AnyObject { current }

  /// A value of the program that is that of the node at `place`.
  func handle(at place: Int) -> Handle { current.handle(NodeID(place)) }

  /// Writes the value of `handle` to `variable` when the step that is being recorded has run.
  func assign(_ handle: Handle, to variable: Variable) throws {
    try current.graph.assign(try node(handle), to: variable)
  }

  func plan(_ graph: Graph) throws -> Plan {
    let plan = try Plan(graph, for: backend)
    plan.profile = profile
    try runFirstValues()
    return plan
  }

  /// Makes sure that values of plain code stay what they are when parameters change.
  func beginTraining() throws {
    try settle()
    try plain.detach { store[$0.path] === $0 }
  }

  /// What is kept, with all values that plain code has given it.
  func computed() throws -> VariableStore {
    try settle()
    return store
  }

  /// Runs what plain code has recorded so far.
  private func settle() throws {
    if isCancelled?() ?? false { throw MachineError.stopped }
    try runFirstValues()
    try plain.settle { graph in
      try reporting { try plans.run(graph, seed: seed, isCancelled: isCancelled) }
    }
    settledCount = plain.graph.nodes.count
  }

  private func runFirstValues() throws {
    guard !firstValues.graph.assignments.isEmpty else { return }
    let graph = firstValues.graph
    firstValues = Tape()
    try reporting { try Plan(graph, for: backend).run(seed: seed) }
  }

  /// The node of `handle` on the tape that is being recorded.
  func node(_ handle: Handle) throws -> NodeID { try node(handle, on: current) }

  private func node(_ handle: Handle, on tape: Tape) throws -> NodeID {
    if handle.recording === tape { return NodeID(handle.place) }
    if let body = tape as? BodyTape {
      return body.capture(try node(handle, on: body.around))
    }
    if handle.recording === plain {
      if plain.variable(NodeID(handle.place)) == nil { try settle() }
      if let variable = plain.variable(NodeID(handle.place)) {
        return tape.graph.variable(variable)
      }
    }
    // The first value of one variable may be that of another.
    if let other = handle.recording as? Tape, let variable = other.variable(NodeID(handle.place)) {
      return tape.graph.variable(variable)
    }
    throw MachineError(
      "a value of a training step does not outlive it",
      help: "keep it in the step, or `log` it there and read it in `every`")
  }
}

/// Runs `body`; what kernels found becomes a message.
func reporting<T>(_ body: () throws -> T) throws -> T {
  do {
    return try body()
  } catch let error as ExecutionError {
    switch error {
    case .indexOutOfRange(let index, let count, let position, let label):
      throw MachineError(
        "index \(index) is outside 0..<\(count) (at position \(position) of the indices of `\(label)`)"
      )
    case .singular(let position, let label):
      throw MachineError(
        "`\(label)`: matrix \(position) is singular, it has no inverse",
        help: "two of its rows or columns say the same; add a little to its diagonal")
    case .cancelled: throw MachineError.stopped
    case .notPositiveDefinite(let position, let label):
      throw MachineError(
        "`\(label)`: matrix \(position) is not positive definite",
        help: "all its eigenvalues must be above 0; add a little to its diagonal")
    }
  }
}
