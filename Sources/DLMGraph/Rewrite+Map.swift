import CDLMKernels
import DLMTensor

// Rules for element-wise terms. All keep every bit of a finite result except that the sign of a zero
// may change (`x + 0`) and that `x ^ 0.5` becomes the exactly rounded root.
extension Terms {
  mutating func simplifiedMap(_ function: ScalarFunction, _ term: Term) -> Int? {
    if let folded = folded(function, term) { return folded }
    if let sunk = sunkBelowBroadcasts(term) ?? sunkBelowPads(function, term) { return sunk }
    let operands = term.operands
    switch function {
    case .identity: return operands[0]
    case .negate: return simplifiedNegate(term)
    case .add: return simplifiedAdd(term)
    case .subtract: return simplifiedSubtract(term)
    case .multiply: return simplifiedMultiply(term)
    case .divide: return simplifiedDivide(term)
    case .power: return simplifiedPower(term)
    case .less: return simplifiedLess(term)
    case .less_equal: return simplifiedLessEqual(term)
    case .select:
      if let condition = constant(operands[0]) { return operands[condition != 0 ? 1 : 2] }
      return operands[1] == operands[2] ? operands[1] : nil
    case .equal, .not_equal, .logical_and, .logical_or: return ordered(function, term)
    case .minimum, .maximum: return operands[0] == operands[1] ? operands[0] : nil
    case .abs, .sign, .exp, .log, .sqrt, .sin, .cos, .tanh, .sigmoid, .erf, .erf_inverse, .expm1,
      .log1p, .lgamma, .floor, .ceil, .round, .round_bf16, .is_nan, .logical_not, .modulo, .atan2,
      .polygamma:
      return nil
    }
  }

  mutating func simplifiedCast(_ term: Term) -> Int? {
    let operand = self[term.operands[0]]
    if operand.elementType == term.elementType { return term.operands[0] }
    if case .constant(let value) = operand.action { return constant(value, like: term) }
    return sunkBelowBroadcasts(term)
  }

  /// A function of constants is a constant.
  private mutating func folded(_ function: ScalarFunction, _ term: Term) -> Int? {
    var values = [0.0, 0.0, 0.0]
    for (place, operand) in term.operands.enumerated() {
      guard let value = constant(operand) else { return nil }
      values[place] = value
    }
    let value = dlm_function_reference(function, values[0], values[1], values[2])
    return constant(value, like: term)
  }

  /// A function of broadcasts is the broadcast of the function, computed on fewer elements.
  private mutating func sunkBelowBroadcasts(_ term: Term) -> Int? {
    // The broadcast whose source has most elements; the other sources must fit along its axes.
    var widest: (source: Int, axes: [Int])?
    for operand in term.operands where constant(operand) == nil {
      guard case .broadcast(let axes) = self[operand].action else { return nil }
      let source = self[operand].operands[0]
      if let known = widest, self[known.source].count >= self[source].count { continue }
      widest = (source, axes)
    }
    guard let widest else { return nil }
    let dims = self[widest.source].dims
    var operands: [Int] = []
    for operand in term.operands {
      let type = self[operand].elementType
      if let value = constant(operand) {
        operands.append(add(Term(.constant(value), dims, type)))
        continue
      }
      guard case .broadcast(let axes) = self[operand].action else { return nil }
      let source = self[operand].operands[0]
      let places = axes.map { widest.axes.firstIndex(of: $0) }
      let inside = places.compactMap { $0 }
      guard inside.count == places.count,
        zip(inside, self[source].dims).allSatisfy({ dims[$0] == $1 })
      else { return nil }
      operands.append(make(Term(.broadcast(inside), [source], dims, type)))
    }
    let small = make(Term(term.action, operands, dims, term.elementType))
    return make(Term(.broadcast(widest.axes), [small], term.dims, term.elementType))
  }

  mutating func map(_ function: ScalarFunction, _ operands: [Int], like term: Term) -> Int {
    make(Term(.map(function), operands, term.dims, term.elementType))
  }

  func operand(ofNegate index: Int) -> Int? {
    self[index].action == .map(.negate) ? self[index].operands[0] : nil
  }

  /// Operands of a function that does not mind their order, in the order in which they were made.
  private mutating func ordered(_ function: ScalarFunction, _ term: Term) -> Int? {
    let (a, b) = (term.operands[0], term.operands[1])
    let isOrdered = constant(a) == nil && (constant(b) != nil || a <= b)
    return isOrdered ? nil : map(function, [b, a], like: term)
  }

  private mutating func simplifiedNegate(_ term: Term) -> Int? {
    let inner = self[term.operands[0]]
    switch inner.action {
    case .map(.negate): return inner.operands[0]
    case .map(.subtract): return map(.subtract, inner.operands.reversed(), like: term)
    case .map(.multiply), .map(.divide):
      // -(x * c) = x * -c, and the same for quotients.
      guard let value = constant(inner.operands[1]), case .map(let function) = inner.action else {
        return nil
      }
      return map(function, [inner.operands[0], constant(-value, like: term)], like: term)
    default: return nil
    }
  }

  private mutating func simplifiedAdd(_ term: Term) -> Int? {
    if let swapped = ordered(.add, term) { return swapped }
    let (a, b) = (term.operands[0], term.operands[1])
    if constant(b) == 0 { return a }
    if a == b { return map(.multiply, [a, constant(2, like: term)], like: term) }
    if let joined = sumOfPads(term) { return joined }
    if let x = operand(ofNegate: b) { return map(.subtract, [a, x], like: term) }
    if let x = operand(ofNegate: a) { return map(.subtract, [b, x], like: term) }
    return nil
  }

  private mutating func simplifiedSubtract(_ term: Term) -> Int? {
    let (a, b) = (term.operands[0], term.operands[1])
    if constant(b) == 0 { return a }
    if constant(a) == 0 { return map(.negate, [b], like: term) }
    if let x = operand(ofNegate: b) { return map(.add, [a, x], like: term) }
    return nil
  }

  private mutating func simplifiedMultiply(_ term: Term) -> Int? {
    if let swapped = ordered(.multiply, term) { return swapped }
    let (a, b) = (term.operands[0], term.operands[1])
    if let factor = constant(b) {
      if factor == 1 { return a }
      if factor == -1 { return map(.negate, [a], like: term) }
      // Not for reals: 0 * NaN and 0 * inf are NaN.
      if factor == 0, !term.elementType.isFloatingPoint { return b }
      if let x = operand(ofNegate: a) {
        return map(.multiply, [x, constant(-factor, like: term)], like: term)
      }
      return nil
    }
    if let x = operand(ofNegate: a), let y = operand(ofNegate: b) {
      return map(.multiply, [x, y], like: term)
    }
    return nil
  }

  private mutating func simplifiedDivide(_ term: Term) -> Int? {
    guard let divisor = constant(term.operands[1]) else { return nil }
    if divisor == 1 { return term.operands[0] }
    // The inverse of a power of two is exact, if it is a normal number of the element type.
    guard term.elementType.isFloatingPoint, divisor.isNormal, abs(divisor.significand) == 1,
      abs(divisor.exponent) <= term.elementType.largestExponent - 2
    else { return nil }
    return map(.multiply, [term.operands[0], constant(1 / divisor, like: term)], like: term)
  }

  private mutating func simplifiedPower(_ term: Term) -> Int? {
    let base = term.operands[0]
    switch constant(term.operands[1]) {
    case 1: return base
    case 2: return map(.multiply, [base, base], like: term)
    case 0.5: return map(.sqrt, [base], like: term)
    case -1: return map(.divide, [constant(1, like: term), base], like: term)
    default: return nil
    }
  }

  /// Draws from 0 to 1 are never below 0: who drops with probability 0 drops nothing, and nothing is drawn.
  private mutating func simplifiedLessEqual(_ term: Term) -> Int? {
    guard let low = constant(term.operands[0]), low <= 0,
      case .kernel(.random(.uniform, _, _)) = self[term.operands[1]].action
    else { return nil }
    return constant(1, like: term)
  }

  /// `c < x` holds exactly where `c < max(x, c)`: the slope of a ramp needs its result only, and its
  /// operand can be forgotten.
  private mutating func simplifiedLess(_ term: Term) -> Int? {
    let (low, x) = (term.operands[0], term.operands[1])
    guard constant(low) != nil, self[x].action != .map(.maximum),
      let ramp = number(of: Term(.map(.maximum), [x, low], self[x].dims, self[x].elementType))
    else { return nil }
    return map(.less, [low, ramp], like: term)
  }
}

extension ElementType {
  /// Of the powers of two that are normal numbers, and whose inverse is.
  fileprivate var largestExponent: Int {
    switch self {
    case .f64: 1023
    case .f32, .bf16: 127
    case .f16: 15
    case .i32, .i64, .u8, .bool: 0
    }
  }
}
