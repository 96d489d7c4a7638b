import CDLMKernels
import DLMTensor

/// One pass over a tile: a function, or several that follow each other where nothing else reads what lies
/// between, since a pass that only multiplies waits for memory. Fusing leaves every bit as it is but that
/// `a * b + c` rounds once where the processor can.
struct FusibleOperation {
  enum Operator: Equatable {
    case function(ScalarFunction)
    case fused(dlm_fused)
  }

  enum Register: Hashable {
    case input(Int)
    case constant(Int)
    case operation(Int)
  }

  private(set) var op: Operator
  var sources: [Register]
  private let isReadOnce: Bool

  init(_ function: ScalarFunction, _ sources: [Register], _ isReadOnce: Bool) {
    op = .function(function)
    self.sources = sources
    self.isReadOnce = isReadOnce
  }

  /// Place in the table of operations.
  var number: Int {
    switch op {
    case .function(let function): Int(function.rawValue)
    case .fused(let fused): Int(fused.rawValue)
    }
  }

  /// This operation together with those of `earlier` ones that it alone reads.
  func fused(_ earlier: [FusibleOperation]) -> FusibleOperation {
    let found: (op: dlm_fused, sources: [Register])? =
      switch op {
      case .function(.add): sum(earlier)
      case .function(.subtract): difference(earlier)
      case .function(.multiply): product(earlier)
      case .function(.select): choice(earlier)
      default: nil
      }
    guard let found else { return self }
    var result = self
    (result.op, result.sources) = (.fused(found.op), found.sources)
    return result
  }

  /// What a source is, if it is read here only.
  private func inner(_ source: Register, _ earlier: [FusibleOperation]) -> FusibleOperation? {
    guard case .operation(let index) = source, earlier[index].isReadOnce else { return nil }
    return earlier[index]
  }

  private func sum(_ earlier: [FusibleOperation]) -> (dlm_fused, [Register])? {
    for side in [0, 1] {
      guard let term = inner(sources[side], earlier) else { continue }
      let other = sources[1 - side]
      switch term.op {
      case .function(.multiply):
        if let second = inner(other, earlier), second.op == .function(.multiply) {
          return (dlm_fused_multiply_add_products, term.sources + second.sources)
        }
        for factor in [0, 1] {
          if let root = inner(term.sources[factor], earlier), root.op == .function(.sqrt) {
            return (
              dlm_fused_sqrt_multiply_add, [root.sources[0], term.sources[1 - factor], other]
            )
          }
        }
        return (dlm_fused_multiply_add, term.sources + [other])
      case .fused(dlm_fused_multiply_twice):
        return (dlm_fused_multiply_twice_add, term.sources + [other])
      case .fused(dlm_fused_subtract_multiply):
        return (dlm_fused_subtract_multiply_add, term.sources + [other])
      default: continue
      }
    }
    for side in [0, 1] {
      if let term = inner(sources[side], earlier), term.op == .function(.add) {
        return (dlm_fused_add_twice, term.sources + [sources[1 - side]])
      }
    }
    return nil
  }

  private func difference(_ earlier: [FusibleOperation]) -> (dlm_fused, [Register])? {
    guard let term = inner(sources[1], earlier) else { return nil }
    switch term.op {
    case .function(.multiply):
      if let first = inner(sources[0], earlier), first.op == .function(.multiply) {
        return (dlm_fused_multiply_subtract_products, term.sources + first.sources)
      }
      return (dlm_fused_multiply_subtract, term.sources + [sources[0]])
    case .function(.divide):
      return (dlm_fused_divide_subtract, term.sources + [sources[0]])
    case .fused(dlm_fused_multiply_twice):
      return (dlm_fused_multiply_twice_subtract, term.sources + [sources[0]])
    case .fused(dlm_fused_subtract_multiply):
      return (dlm_fused_subtract_multiply_subtract, term.sources + [sources[0]])
    default: return nil
    }
  }

  private func product(_ earlier: [FusibleOperation]) -> (dlm_fused, [Register])? {
    for side in [0, 1] {
      guard let factor = inner(sources[side], earlier) else { continue }
      let other = sources[1 - side]
      switch factor.op {
      case .function(.multiply): return (dlm_fused_multiply_twice, factor.sources + [other])
      case .function(.subtract): return (dlm_fused_subtract_multiply, factor.sources + [other])
      default: continue
      }
    }
    return nil
  }

  private func choice(_ earlier: [FusibleOperation]) -> (dlm_fused, [Register])? {
    guard let condition = inner(sources[0], earlier), condition.op == .function(.less) else {
      return nil
    }
    return (dlm_fused_less_select, condition.sources + sources.dropFirst())
  }

  /// Nanoseconds an element takes on one thread, roughly.
  var cost: Double {
    switch op {
    case .fused(dlm_fused_sqrt_multiply_add), .fused(dlm_fused_divide_subtract): 0.15
    case .fused: 0.05
    case .function(let function):
      switch function {
      case .exp, .log, .sin, .cos, .tanh, .sigmoid, .erf: 0.4
      case .sqrt, .divide: 0.15
      case .expm1, .log1p: 0.8
      case .power, .modulo, .erf_inverse, .lgamma, .atan2: 20
      case .polygamma: 60
      default: 0.05
      }
    }
  }
}
