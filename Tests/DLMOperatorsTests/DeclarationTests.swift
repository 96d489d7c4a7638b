import CDLMKernels
import DLMOperators
import DLMShapes
import DLMTensor
import Testing

@testable import DLMGraph

@Suite struct DeclarationTests {
  @Test func `every name is there once`() {
    let names = Operator.all.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test func `every scalar function but the identity is an operator`() {
    var names: [String] = []
    var raw: UInt32 = 0
    while let function = ScalarFunction(rawValue: raw), !function.name.isEmpty {
      names.append(function.name)
      raw += 1
    }
    #expect(names.count > 30)
    for name in names where name != "identity" {
      #expect(Operator.named(name)?.lowering.isElementwise == true, "\(name)")
    }
  }

  @Test(arguments: Operator.all)
  func `a declaration is complete`(_ op: Operator) {
    #expect(op.summary.first?.isUppercase == true)
    #expect(op.summary.last == "." && !op.summary.contains("\n"))
    #expect(op.example.hasPrefix("\(op.name)("))
    #expect(op.example.last == ")")
    #expect(!op.samples.isEmpty)
  }

  /// Gradients are tested on the samples: they must have edges.
  @Test(arguments: Operator.all.filter { !$0.signature.operands.isEmpty })
  func `samples have tensors without elements and axes of one place`(_ op: Operator) {
    let shapes = op.samples.flatMap { $0.operands.map(\.shape) }
    #expect(shapes.contains { $0.count == 0 }, "\(op.name)")
    #expect(shapes.contains { $0.dims.contains(1) }, "\(op.name)")
  }

  @Test(arguments: Operator.all)
  func `every name in a gradient resolves`(_ op: Operator) throws {
    let signature = op.signature
    let operands = signature.operands.map(\.name)
    var known = Set(operands + signature.attributes.map(\.name) + ["y", "dy"])
    if signature.isVariadic { known.insert("before") }
    let called = Set(Operator.all.map(\.name)).union(GradientEvaluation.functions)
    for (operand, formula) in op.gradients {
      #expect(operands.contains(operand))
      #expect(formula.names.read.isSubset(of: known), "\(op.name): \(formula.names.read)")
      #expect(formula.names.called.isSubset(of: called), "\(op.name): \(formula.names.called)")
    }
  }

  @Test func `gradients use differentiable operators only, so they can be differentiated again`() {
    let flat: Set = [
      // No slope almost everywhere, or results that are not reals.
      "sign", "floor", "select", "cast", "less", "equal", "logical_and",
    ]
    for op in Operator.all {
      for name in op.gradients.values.flatMap(\.names.called) {
        guard let callee = Operator.named(name), !flat.contains(name) else { continue }
        #expect(!callee.gradients.isEmpty, "\(op.name) calls \(name)")
      }
    }
  }
}
