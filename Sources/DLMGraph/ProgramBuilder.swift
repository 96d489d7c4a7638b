import CDLMKernels
import DLMTensor

/// Collects the element-wise terms of one unit into a program, and the memory that it reads.
struct ProgramBuilder {
  private let fusion: Fusion
  private let domain: ElementType
  private(set) var inputs: [Call.Operand] = []
  /// Registers of steps are numbered behind all inputs when the program is made.
  private var steps: [Step] = []
  private var known: [Key: Register] = [:]

  private enum Register: Hashable {
    case input(Int)
    case step(Int)
  }

  private enum Step {
    case constant(Double)
    case apply(ScalarFunction, [Register])
  }

  /// A term as it is seen through views.
  private struct Key: Hashable {
    var term: Int
    var views: [Int]
  }

  private var registers: [Register] = []

  init(_ fusion: Fusion, domain: ElementType) {
    self.fusion = fusion
    self.domain = domain
  }

  /// The value of a unit that is computed here, though it has memory itself.
  mutating func value(ofUnit unit: Int) -> Int { number(computed(unit, through: [])) }

  /// The value of a term that a unit reads or contains.
  mutating func value(of term: Int, through views: [Int]) -> Int {
    number(register(term, through: views))
  }

  /// An operand as an input.
  mutating func read(_ operand: Call.Operand) -> Int { number(input(operand)) }

  /// The program that gives these values.
  ///
  /// - Parameter dims: of the loop, if the program may read nothing but must still have them.
  func program(outputs: [Int], dims: [Int]? = nil) -> ScalarProgram {
    let count = max(inputs.count, dims == nil ? 0 : 1)
    func final(_ register: Register) -> Int {
      switch register {
      case .input(let index): index
      case .step(let index): count + index
      }
    }
    return ScalarProgram(
      domain: domain, inputCount: count,
      steps: steps.map { step in
        switch step {
        case .constant(let value): .constant(value)
        case .apply(let function, let operands): .apply(function, operands.map(final))
        }
      },
      outputs: outputs.map { final(registers[$0]) })
  }

  private mutating func number(_ register: Register) -> Int {
    registers.append(register)
    return registers.count - 1
  }

  private mutating func input(_ operand: Call.Operand) -> Register {
    if let index = inputs.firstIndex(of: operand) { return .input(index) }
    inputs.append(operand)
    return .input(inputs.count - 1)
  }

  /// `views` are the terms that stand between `term` and the loop, the innermost last.
  private mutating func register(_ term: Int, through views: [Int]) -> Register {
    let key = Key(term: term, views: views)
    if let register = known[key] { return register }
    let register: Register
    switch fusion.roles[term] {
    case .view: register = self.register(fusion.terms[term].operands[0], through: views + [term])
    case .constant: register = add(.constant(fusion.terms.constant(term) ?? 0))
    case .inlined: register = computed(term, through: views)
    case .variable, .kernel, .root, .dead:
      var access = Access(dense: fusion.terms[term].dims)
      for view in views.reversed() {
        guard let seen = access.viewed(by: fusion.terms[view]) else {
          preconditionFailure("fusion stores what strides cannot show")
        }
        access = seen
      }
      register = input(Call.Operand(term: term, access: access))
    }
    known[key] = register
    return register
  }

  private mutating func computed(_ term: Int, through views: [Int]) -> Register {
    let node = fusion.terms[term]
    switch node.action {
    case .map(let function):
      let operands = node.operands.map { register($0, through: views) }
      return add(.apply(function, operands))
    case .cast:
      let operand = register(node.operands[0], through: views)
      let from = fusion.terms[node.operands[0]].elementType
      if node.elementType == .bool, from != .bool {
        return add(.apply(.not_equal, [operand, add(.constant(0))]))
      }
      return operand
    case .copy: return register(node.operands[0], through: views)
    default:
      // A view that is stored: what it shows.
      return register(node.operands[0], through: views + [term])
    }
  }

  private mutating func add(_ step: Step) -> Register {
    steps.append(step)
    return .step(steps.count - 1)
  }

  /// The inputs, or where there are none a number's worth of them, so that a loop has its dims.
  func inputs(orZeroOf dims: [Int]) -> [Call.Operand] {
    if !inputs.isEmpty { return inputs }
    return [Call.Operand(term: Call.nothing, access: Access(dense: dims))]
  }
}
