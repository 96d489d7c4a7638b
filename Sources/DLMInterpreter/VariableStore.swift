import DLMFrontend
import DLMGraph
import DLMTensor

/// Everything that a run keeps, by path: parameters, running statistics, the state of optimizers.
struct VariableStore {
  /// In the order in which they were first met.
  private(set) var paths: [String] = []
  private var variables: [String: Variable] = [:]
  /// Values of a checkpoint that wait for their variables.
  private(set) var loaded: [String: Tensor]

  init(loaded: [String: Tensor] = [:]) { self.loaded = loaded }

  subscript(path: String) -> Variable? { variables[path] }

  /// Makes the variable at `path`, with its value of the checkpoint if that has one.
  ///
  /// - Throws: `MachineError` where the checkpoint has another shape, `SizeError` without memory.
  mutating func make(_ path: String, _ shape: Shape) throws -> (Variable, isLoaded: Bool) {
    let value = loaded[path]
    if let value, value.shape != shape {
      throw MachineError(
        "the checkpoint has `\(path)` as \(value.shape), but the program needs \(shape)",
        help: "take the checkpoint of this program, or train anew")
    }
    let variable = Variable(path: path, tensor: try value?.copied() ?? Tensor(zeros: shape))
    variables[path] = variable
    paths.append(path)
    return (variable, value != nil)
  }

  /// All values as they are now.
  var tensors: [String: Tensor] { variables.mapValues(\.tensor) }
}
