import DLMCPU
import DLMGraph
import DLMOperators
import DLMTensor
import DLMTestSupport
import Testing

extension Case: CustomTestStringConvertible {
  package var testDescription: String { name }
}

/// Backends whose plans must say what the naive evaluation says: the reference, and each instruction
/// set with one thread and with two.
enum Backends {
  static let all: [any Backend] = [ReferenceBackend()] + processors

  static let processors: [any Backend] = CPUBackend.testedKernels.flatMap { isa in
    [1, 2].compactMap { try? CPUBackend(testing: isa, threads: $0) }
  }
}

/// Seed and step of every run in these tests.
enum Run {
  static let seed: UInt64 = 7
  static let counter: UInt64 = 3
}

/// What a run leaves behind: the outputs, then the assigned variables.
struct Outcome {
  var names: [String]
  var tensors: [Tensor]

  /// What `graph` means.
  init(naively graph: Graph, counter: UInt64 = Run.counter) throws {
    let assigned = graph.assignments
    names = graph.outputs.indices.map { "output \($0)" } + assigned.map(\.variable.path)
    tensors = try graph.evaluateNaively(
      graph.outputs + assigned.map(\.value), seed: Run.seed, counter: counter)
  }

  /// What a plan makes of it at its second run, for which its arena is not as new; the variables are as they
  /// were afterwards.
  init(of graph: Graph, on backend: any Backend) throws {
    let plan = try Plan(graph, for: backend)
    let before = try plan.variables.map { try $0.tensor.copy() }
    defer { for (variable, tensor) in zip(plan.variables, before) { variable.tensor = tensor } }
    // Runs write to copies, so that a plan that took pointers too early would be found out.
    for _ in 1...2 {
      for (variable, tensor) in zip(plan.variables, before) {
        variable.tensor = try tensor.copy()
      }
      try plan.run(seed: Run.seed, counter: Run.counter)
    }
    names = graph.outputs.indices.map { "output \($0)" } + graph.assignments.map(\.variable.path)
    tensors = plan.outputs + graph.assignments.map(\.variable.tensor)
  }

  var bits: [[UInt8]] { tensors.map(\.bits) }
}

extension Tensor {
  func copy() throws -> Tensor { try Tensor(values, shape: shape, elementType) }

  var bits: [UInt8] {
    Array(UnsafeRawBufferPointer(start: storage.pointer, count: storage.byteCount))
  }
}

/// Expects plans of `graph` to give what its definition gives on every backend.
///
/// - Parameters:
///   - tolerance: of each element, relative to the largest of its tensor or 1. Single precision
///     keeps 6e-8, and sums of a few dozen elements lose some of that.
func expectAgreement(
  _ graph: Graph, within tolerance: Double = 1e-5, on backends: [any Backend] = Backends.all,
  _ note: String = "", sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let expected = try Outcome(naively: graph)
  var bits: [String: [[UInt8]]] = [:]
  for backend in backends {
    let found = try Outcome(of: graph, on: backend)
    for (index, name) in expected.names.enumerated() {
      let difference = difference(expected.tensors[index], found.tensors[index])
      #expect(
        difference.size <= tolerance,
        "\(note) \(name) on \(backend.name) at \(difference.place): \(difference.text)",
        sourceLocation: sourceLocation)
    }
    // `cpu (avx2, 1 threads)` and its sibling with two must agree to the last bit.
    let family = String(backend.name.prefix { $0 != "," })
    if let other = bits[family] {
      #expect(
        other == found.bits, "\(note) threads change \(backend.name)",
        sourceLocation: sourceLocation)
    }
    bits[family] = found.bits
  }
}

/// The largest difference of two tensors relative to the largest finite element, and where it is.
func difference(_ a: Tensor, _ b: Tensor) -> (size: Double, place: Int, text: String) {
  guard a.shape == b.shape, a.elementType == b.elementType else {
    return (.infinity, -1, "\(b.shape) \(b.elementType), not \(a.shape) \(a.elementType)")
  }
  let scale = max(1, a.values.lazy.filter(\.isFinite).map(abs).max() ?? 0)
  var worst = (size: 0.0, place: -1, text: "")
  for index in 0..<a.count {
    let (x, y) = (a[index], b[index])
    if x == y || (x.isNaN && y.isNaN) { continue }
    let size = (x - y).isFinite ? abs(x - y) / scale : .infinity
    if size > worst.size { worst = (size, index, "\(y), not \(x)") }
  }
  return worst
}

extension Graph {
  mutating func apply(_ name: String, _ operands: [NodeID], _ attributes: Attributes = [:]) throws
    -> NodeID
  {
    try apply(#require(Operator.named(name)), to: operands, attributes)
  }

  /// The sum of `node` times weights that differ: a scalar that every element counts in.
  mutating func weighted(_ node: NodeID) throws -> NodeID {
    var numbers = Numbers(seed: 3)
    let shape = self[node].shape
    let weights = try Sample.Operand.uniform(shape, in: 0.5...1.5)
      .drawn(from: &numbers, reals: self[node].elementType)
    let factor = variable(Variable(path: "weights", tensor: weights))
    let product = try apply("multiply", [node, factor])
    return try apply("sum", [product], ["axes": .axes(Array(0..<shape.rank))])
  }
}
