import CDLMKernels
import DLMTensor

// Sums are linear: what is the same along the axes leaves them, so that gradients of normalisations
// need fewer passes. Sums may round otherwise than before. Not for halves, whose sums could overflow.
extension Terms {
  /// The sum over `axes` of an element-wise `function`, as a function of simpler sums.
  mutating func linearSum(of function: ScalarFunction, _ axes: [Int], _ term: Term) -> Int? {
    guard term.elementType == .f32 || term.elementType == .f64 else { return nil }
    let source = self[term.operands[0]]
    let operands = source.operands
    guard operands.allSatisfy({ self[$0].elementType == term.elementType }) else { return nil }
    switch function {
    case .negate: return map(.negate, [sum(axes, of: operands[0], like: term)], like: term)
    case .multiply:
      for (factor, other) in [(operands[1], operands[0]), (operands[0], operands[1])] {
        if let outside = sameAlong(axes, factor, term) {
          return map(.multiply, [sum(axes, of: other, like: term), outside], like: term)
        }
        if let x = operand(ofNegate: factor) {
          let product = map(.multiply, [x, other], like: source)
          return map(.negate, [sum(axes, of: product, like: term)], like: term)
        }
      }
      return nil
    case .divide:
      guard let divisor = sameAlong(axes, operands[1], term) else { return nil }
      return map(.divide, [sum(axes, of: operands[0], like: term), divisor], like: term)
    case .subtract:
      // Differences from the mean add up to 0; to NaN, where the mean is none.
      for (x, other) in [(operands[0], operands[1]), (operands[1], operands[0])] {
        if let mean = sameAlong(axes, other, term), isMean(mean, of: x, axes) {
          return map(.multiply, [mean, constant(0, like: term)], like: term)
        }
      }
      return nil
    default: return nil
    }
  }

  private mutating func sum(_ axes: [Int], of operand: Int, like term: Term) -> Int {
    make(Term(.reduce(.sum, axes), [operand], term.dims, term.elementType))
  }

  /// What `index` is at any place along `axes`, if it is the same at all of them.
  private mutating func sameAlong(_ axes: [Int], _ index: Int, _ term: Term) -> Int? {
    switch self[index].action {
    case .constant(let value): return constant(value, like: term)
    case .broadcast(let places):
      guard !places.contains(where: axes.contains) else { return nil }
      let moved = places.map { place in place - axes.filter { $0 < place }.count }
      return make(
        Term(.broadcast(moved), self[index].operands, term.dims, term.elementType))
    default: return nil
    }
  }

  /// Whether `mean` is the sum of `x` over `axes` divided by the number of elements.
  private func isMean(_ mean: Int, of x: Int, _ axes: [Int]) -> Bool {
    let quotient = self[mean]
    guard quotient.operands.count == 2, let value = constant(quotient.operands[1]),
      self[quotient.operands[0]].action == .reduce(.sum, axes),
      self[quotient.operands[0]].operands == [x]
    else { return false }
    let count = Double(axes.reduce(1) { $0 * self[x].dims[$1] })
    switch quotient.action {
    case .map(.multiply): return value == quotient.elementType.rounded(1 / count)
    case .map(.divide): return value == count
    default: return false
    }
  }
}
