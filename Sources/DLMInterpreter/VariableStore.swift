import DLMFrontend
import DLMGraph
import DLMSyntax
import DLMTensor

/// Everything that a run keeps, by path: parameters, running statistics, the state of optimizers.
struct VariableStore {
  private var variables: [String: Variable] = [:]
  /// Values of a checkpoint that wait for their variables.
  private var loaded: [String: Tensor]
  /// The file of a checkpoint, with what it has.
  private let checkpoint: (path: String, names: Set<String>)?
  /// Layers at the top of the program that the checkpoint has.
  private let loadedLayers: Set<Substring>

  init(from checkpoint: Checkpointed? = nil) {
    loaded = checkpoint?.tensors ?? [:]
    let names = Set(loaded.keys)
    self.checkpoint = checkpoint?.path.map { ($0, names) }
    // The state of optimizers lies below the training.
    let training = (checkpoint?.training ?? "")[...]
    loadedLayers = Set(loaded.keys.map { $0.prefix { $0 != "." } }).subtracting([training])
  }

  subscript(path: String) -> Variable? { variables[path] }

  /// Makes the variable at `path` with its value of the checkpoint; `nil` where that has none.
  ///
  /// - Parameter elementType: that the program declares.
  /// - Throws: `MachineError` where the checkpoint has another shape or lacks a part of a layer,
  ///   `SizeError`
  ///   without memory.
  mutating func load(_ path: String, _ shape: Shape, _ elementType: ElementType?) throws
    -> Variable?
  {
    guard let value = loaded[path] else {
      // The state of an optimizer may be new; a layer with a part of its weights would be neither.
      guard loadedLayers.contains(path.prefix { $0 != "." }) else { return nil }
      let near = nearest(to: path, among: loaded.keys).map { "; it has `\($0)`" } ?? ""
      throw MachineError(
        "the checkpoint has no `\(path)`\(near)",
        help: "take the checkpoint of this program, or train anew")
    }
    if value.shape != shape {
      let file = checkpoint.flatMap { $0.names.contains(path) ? "checkpoint `\($0.path)`" : nil }
      throw MachineError(
        "the \(file ?? "file") has `\(path)` as \(value.shape), but the program needs \(shape)",
        help: "take the checkpoint or the weights of this program, or train anew")
    }
    let wanted = elementType ?? (value.elementType.isFloatingPoint ? value.elementType : .f32)
    let variable = Variable(
      path: path,
      tensor: value.elementType == wanted
        ? try value.copied() : try Tensor(value.values, shape: shape, wanted))
    variables[path] = variable
    return variable
  }

  /// Makes the variable at `path`, of zeros.
  ///
  /// - Throws: `SizeError` without memory.
  mutating func make(_ path: String, _ shape: Shape, _ elementType: ElementType) throws -> Variable
  {
    let variable = Variable(path: path, tensor: try Tensor(zeros: shape, elementType))
    variables[path] = variable
    return variable
  }

  /// Values of a file for variables that are not made yet; what a checkpoint has stays.
  mutating func provide(_ tensors: [String: Tensor]) {
    loaded.merge(tensors) { checkpoint, _ in checkpoint }
  }

  /// What it was before anything was kept in it.
  var fresh: VariableStore {
    var store = self
    store.variables = [:]
    return store
  }

  /// What it was when it kept `tensors`.
  func restored(to tensors: [String: Tensor]) -> VariableStore {
    var store = fresh
    store.loaded = tensors
    return store
  }

  /// Forgets the variable at `path`, and the value that waits for it.
  mutating func remove(_ path: String) {
    variables[path] = nil
    loaded[path] = nil
  }

  /// Paths of everything that is kept.
  var paths: Set<String> { Set(variables.keys) }

  /// All values as they are now.
  var tensors: [String: Tensor] { variables.mapValues(\.tensor) }
}
