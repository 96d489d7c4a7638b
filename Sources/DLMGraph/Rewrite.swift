import DLMTensor

/// What a term does with its operands: an operator as the planner sees it, its attributes resolved.
enum Action: Hashable {
  case variable(Int)
  /// Every element is this number.
  case constant(Double)
  /// The operand, under a name of its own: what is written to two places.
  case copy
  case map(ScalarFunction)
  case cast

  /// Operand axis `i` lies along axis `axes[i]` of the result; the result repeats it along the others.
  case broadcast([Int])
  case reshape
  /// Axis `i` of the result is axis `axes[i]` of the operand.
  case transpose([Int])
  /// `y[i] = x[starts + i * steps]`; steps may be negative.
  case slice(starts: [Int], steps: [Int])
  /// The operand under another name: what is computed from it is not what is computed from the operand.
  case renewed(UInt64)

  /// `x[i]` goes to `low + i * steps`, all else is `value`.
  case pad(low: [Int], steps: [Int], value: Double)
  case concatenate(Int)

  /// Drops the axes, which ascend.
  case reduce(Reduction, [Int])
  case indexOf(Extremum, Int)
  case matmul
  /// A kernel without an epilogue whose operands and result are dense: windows, draws and counts.
  case kernel(Kernel)
  /// `gather`, `scatterAdd`, `pick` or `place` along an axis.
  case indexed(Kernel, axis: Int)
  /// A recurrence, which has no elements itself, and what it gives.
  case loop(Loop)
  case part(Int)
}

extension Action {
  /// Whether the result only looks at elements of the operand.
  var isView: Bool {
    switch self {
    case .broadcast, .reshape, .transpose, .slice, .renewed: true
    case .variable, .constant, .copy, .map, .cast, .pad, .concatenate, .reduce, .indexOf, .matmul,
      .kernel, .indexed, .loop, .part:
      false
    }
  }

  /// Whether an element of the result depends on the elements of the operands at the same place only.
  var isElementwise: Bool {
    switch self {
    case .copy, .map, .cast: true
    case .variable, .constant, .broadcast, .reshape, .transpose, .slice, .renewed, .pad,
      .concatenate, .reduce, .indexOf, .matmul, .kernel, .indexed, .loop, .part:
      false
    }
  }
}

/// One value of a plan while it is rewritten.
struct Term: Hashable {
  var action: Action
  var operands: [Int]
  var dims: [Int]
  var elementType: ElementType

  init(_ action: Action, _ operands: [Int], _ dims: [Int], _ elementType: ElementType) {
    self.action = action
    self.operands = operands
    self.dims = dims
    self.elementType = elementType
  }

  /// A term without operands.
  init(_ action: Action, _ dims: [Int], _ elementType: ElementType) {
    self.init(action, [], dims, elementType)
  }

  var count: Int { dims.reduce(1, *) }
}

/// Terms in an order in which operands come first; equal terms are one.
///
/// `make` simplifies before it adds, so that rules meet operands that are already simple.
struct Terms {
  private(set) var all: [Term] = []
  private var numbers: [Term: Int] = [:]
  /// For each term, the line of the program that it was first made for.
  private(set) var lines: [Int] = []
  /// The line that terms are made for.
  var line = 0

  subscript(index: Int) -> Term { all[index] }

  /// The number of `term` as it is.
  mutating func add(_ term: Term) -> Int {
    if let known = numbers[term] { return known }
    all.append(term)
    lines.append(line)
    numbers[term] = all.count - 1
    return all.count - 1
  }

  /// The number of `term`, if it is there.
  func number(of term: Term) -> Int? { numbers[term] }

  /// The number of a term equal to `term`, perhaps simpler.
  mutating func make(_ term: Term) -> Int {
    let simpler: Int? =
      switch term.action {
      case .map(let function): simplifiedMap(function, term)
      case .cast: simplifiedCast(term)
      case .broadcast(let axes): simplifiedBroadcast(axes, term)
      case .reshape: simplifiedReshape(term)
      case .transpose(let axes): simplifiedTranspose(axes, term)
      case .slice(let starts, let steps): simplifiedSlice(starts, steps, term)
      case .reduce(let reduction, let axes): simplifiedReduce(reduction, axes, term)
      case .indexed(let kernel, let axis): simplifiedIndexed(kernel, axis, term)
      case .concatenate(let axis): simplifiedConcatenate(axis, term)
      case .matmul: simplifiedMatmul(term)
      case .pad(let low, let steps, let value): simplifiedPad(low, steps, value, term)
      case .kernel(.routine(.triangle(let diagonal))): simplifiedTriangle(diagonal, term)
      case .kernel(let kernel): simplifiedWindow(kernel, term)
      case .variable, .constant, .copy, .renewed, .indexOf, .loop, .part: nil
      }
    return simpler ?? add(term)
  }

  mutating func constant(_ value: Double, like term: Term) -> Int {
    add(Term(.constant(term.elementType.rounded(value)), term.dims, term.elementType))
  }

  /// The number that every element of a term is.
  func constant(_ index: Int) -> Double? {
    if case .constant(let value) = all[index].action { value } else { nil }
  }

  /// Which variable a term of a call is; nil for others, and for terms that are not of these.
  func variable(_ index: Int) -> Int? {
    guard all.indices.contains(index), case .variable(let number) = all[index].action else {
      return nil
    }
    return number
  }
}
