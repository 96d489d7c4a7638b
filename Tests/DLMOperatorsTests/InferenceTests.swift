import DLMGraph
import DLMOperators
import DLMShapes
import DLMTensor
import DLMTestSupport
import Testing

@Suite struct InferenceTests {
  @Test(arguments: Case.all)
  func `the inferred shape is the one worked out by hand, and kernels fill it`(_ sample: Case)
    throws
  {
    let (graph, _, _, result) = try sample.recorded()
    #expect(graph[result].shape == sample.sample.gives)
    // A second run on other ground tells an element that was never written.
    let first = try graph.evaluateNaively([result], unwritten: 1)[0].values
    let second = try graph.evaluateNaively([result], unwritten: 0)[0].values
    #expect(zip(first, second).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
  }

  @Test(arguments: Case.all)
  func `with symbols for lengths, the rule says the same`(_ sample: Case) throws {
    let (graph, _, inputs, _) = try sample.recorded()
    var supply = SymbolSupply()
    var values: [Symbol: Dim] = [:]
    // A length of zero stays a number: symbols are at least 1.
    func symbolic(_ dim: Dim) -> Dim {
      guard dim != 0 else { return dim }
      let symbol = supply.symbol("s\(values.count)")
      values[symbol] = dim
      return Dim(symbol)
    }
    let concrete = inputs.map { input in
      TensorType(graph[input].elementType.kind, graph[input].shape.dims.map { Dim($0) })
    }
    let open = concrete.map { TensorType($0.kind, $0.dims.map(symbolic)) }
    var attributes = sample.sample.attributes
    for entry in attributes.entries {
      if case .dims(let dims) = entry.value {
        attributes[entry.name] = .dims(dims.map(symbolic))
      }
    }
    let expected = try sample.op.infer(concrete, sample.sample.attributes)
    let inference = try sample.op.infer(open, attributes)
    #expect(inference.type.dims.map { $0.substituting(values) } == expected.type.dims)
    // What was put off holds for the lengths that the symbols stand for.
    var facts = Facts()
    for (symbol, value) in values { facts.assume(.equal(Dim(symbol), value)) }
    for relation in inference.deferred {
      #expect(facts.decide(relation) == .proved, "\(sample.op.name): \(relation)")
    }
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    let op: String
    let operands: [TensorType]
    var attributes: Attributes = [:]
    let failure: InferenceFailure

    var testDescription: String { "\(op): \(failure)" }
  }

  static let window = Window(
    size: [3], stride: [1], low: [0], high: [0], dilation: [1])
  static func real(_ dims: Dim...) -> TensorType { TensorType(.real, dims) }

  static let refusals = [
    Refusal(
      op: "add", operands: [real(2, 3), real(2, 4)],
      failure: .axisMismatch(operand: 1, axis: 1, found: 4, expected: 3)),
    Refusal(
      op: "add", operands: [real(2, 3), real(3)],
      failure: .rankMismatch(operand: 1, found: 1, expected: 2, isMinimum: false)),
    Refusal(
      op: "add", operands: [real(2), TensorType(.int, [2])],
      failure: .kindMismatch(operand: 1, found: .int, expected: "real or int")),
    Refusal(
      op: "equal", operands: [TensorType(.index(9), [2]), TensorType(.index(10), [2])],
      failure: .kindMismatch(operand: 1, found: .index(10), expected: "index(9)")),
    Refusal(op: "exp", operands: [], failure: .operandCount(found: 0, expected: 1)),
    Refusal(
      op: "matmul", operands: [real(2, 3), real(4, 5)],
      failure: .axisMismatch(operand: 1, axis: 0, found: 4, expected: 3)),
    Refusal(
      op: "matmul", operands: [real(3), real(3, 5)],
      failure: .rankMismatch(operand: 0, found: 1, expected: 2, isMinimum: true)),
    Refusal(
      op: "reshape", operands: [real(2, 3)], attributes: ["dims": .dims([3, 2])],
      failure: .interleaves(from: 0..<2, to: 0..<2)),
    Refusal(
      op: "reshape", operands: [real(2, 3)], attributes: ["dims": .dims([7])],
      failure: .requirement("as many elements after as before", .equal(6, 7))),
    Refusal(
      op: "reshape", operands: [real(2, 3)],
      failure: .attribute(name: "dims", reason: "is missing")),
    Refusal(
      op: "sum", operands: [real(2, 3)], attributes: ["axes": .axes([2])],
      failure: .attribute(name: "axes", reason: "is not among the 2 axes")),
    Refusal(
      op: "sum", operands: [real(2, 3)], attributes: ["axes": .axes([0]), "axis": .axes([0])],
      failure: .attribute(name: "axis", reason: "is not one of this operator's")),
    Refusal(
      op: "transpose", operands: [real(2, 3)], attributes: ["axes": .axes([1, 1])],
      failure: .attribute(name: "axes", reason: "names an axis twice")),
    Refusal(
      op: "argmax", operands: [real(2, 0)], attributes: ["axis": .axes([1])],
      failure: .requirement("the axis has an element", .atLeast(0, 1))),
    Refusal(
      op: "slice", operands: [real(4)], attributes: ["starts": .dims([2]), "dims": .dims([3])],
      failure: .requirement("starts + (dims - 1) * steps < S", .atLeast(4, 5))),
    Refusal(
      op: "gather", operands: [real(5, 3), TensorType(.index(6), [2])],
      attributes: ["axis": .axes([0])],
      failure: .requirement("the axis is as long as the indices reach", .atLeast(5, 6))),
    Refusal(
      op: "pick", operands: [real(4, 3), TensorType(.int, [5])], attributes: ["axis": .axes([1])],
      failure: .axisMismatch(operand: 1, axis: 0, found: 5, expected: 4)),
    Refusal(
      op: "max_pool", operands: [real(1, 1, 2)], attributes: ["window": .window(window)],
      failure: .requirement(
        "S + low + high >= dilation * (size - 1) + 1", .atLeast(2, 3))),
    Refusal(
      op: "convolve", operands: [real(1, 4, 8), real(2, 3, 3)],
      attributes: ["window": .window(window), "groups": .dim(1)],
      failure: .requirement("C == I * groups", .equal(4, 3))),
    Refusal(
      op: "concatenate", operands: [real(2, 3), real(3, 3)], attributes: ["axis": .axes([1])],
      failure: .axisMismatch(operand: 1, axis: 0, found: 3, expected: 2)),
  ]

  @Test(arguments: refusals)
  func `what does not fit is refused with its reason`(_ refusal: Refusal) throws {
    let op = try #require(Operator.named(refusal.op))
    #expect(throws: refusal.failure) { try op.infer(refusal.operands, refusal.attributes) }
  }

  @Test func `a symbolic flatten is proved, a symbolic transpose by reshape refused`() throws {
    var supply = SymbolSupply()
    let (b, h, w) = (
      Dim(supply.symbol("B")), Dim(supply.symbol("H")), Dim(supply.symbol("W"))
    )
    let reshape = try #require(Operator.named("reshape"))
    let image = TensorType(.logit, [b, 10, h, w])
    let flat = try reshape.infer([image], ["dims": .dims([b, 10 * h * w])])
    #expect(flat.deferred.isEmpty)
    #expect(flat.type == TensorType(.logit, [b, 10 * h * w]))
    #expect(throws: InferenceFailure.interleaves(from: 2..<4, to: 2..<4)) {
      try reshape.infer([image], ["dims": .dims([b, 10, w, h])])
    }
  }

  @Test func `a convolution gives the formula and its requirement`() throws {
    var supply = SymbolSupply()
    let (b, h) = (Dim(supply.symbol("B")), Dim(supply.symbol("H")))
    let inference = try #require(Operator.named("convolve")).infer(
      [TensorType(.real, [b, 1, h]), TensorType(.real, [10, 1, 3])],
      ["window": .window(Self.window), "groups": .dim(1)])
    #expect(inference.type == TensorType(.real, [b, 10, h - 2]))
    #expect(inference.deferred == [.atLeast(h, 3)])
  }

  @Test func `kinds are kept by moves, dropped by arithmetic`() throws {
    func kind(_ name: String, _ kinds: [Kind], _ attributes: Attributes = [:]) throws -> Kind {
      try #require(Operator.named(name))
        .infer(kinds.map { TensorType($0, [4]) }, attributes).type.kind
    }
    #expect(try kind("reverse", [.logprob], ["axes": .axes([0])]) == .logprob)
    #expect(try kind("negate", [.logprob]) == .real)
    #expect(try kind("add", [.logit, .prob]) == .real)
    #expect(try kind("add", [.index(3), .int]) == .int)
    #expect(try kind("sigmoid", [.logit]) == .prob)
    #expect(try kind("less", [.prob, .real]) == .bool)
    #expect(try kind("argmax", [.logprob], ["axis": .axes([0])]) == .index(4))
  }
}
