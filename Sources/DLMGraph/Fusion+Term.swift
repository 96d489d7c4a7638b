import CDLMKernels
import DLMTensor

extension Action {
  /// What it costs to compute an element again, where adding costs 1.
  var weight: Int {
    guard case .map(let function) = self else { return isElementwise ? 1 : 0 }
    switch function {
    case .exp, .log, .sin, .cos, .tanh, .sigmoid: return 6
    case .sqrt, .divide: return 2
    case .expm1, .log1p: return 10
    case .erf, .power, .modulo, .erf_inverse, .lgamma, .atan2, .polygamma: return 50
    case .identity, .negate, .abs, .sign, .floor, .ceil, .round, .round_bf16, .is_nan, .logical_not,
      .add,
      .subtract, .multiply, .minimum, .maximum, .less, .less_equal, .equal, .not_equal,
      .logical_and, .logical_or, .select:
      return 1
    }
  }

  /// Whether its kernel can run a program on its results.
  var takesEpilogue: Bool {
    switch self {
    case .matmul, .kernel(.convolve): true
    case .variable, .constant, .copy, .map, .cast, .broadcast, .reshape, .transpose, .slice,
      .renewed, .pad, .concatenate, .reduce, .indexOf, .kernel, .indexed, .loop, .part:
      false
    }
  }
}

extension ElementType {
  /// What sums and copies of such elements are computed in.
  var domain: ElementType {
    switch self {
    case .f32, .u8, .bool, .f16, .bf16: .f32
    case .f64: .f64
    case .i32, .i64: .i64
    }
  }
}

extension Terms {
  /// Whether term `index` becomes what it is only when it is stored: a whole number, a short one.
  func truncates(_ index: Int) -> Bool {
    let term = self[index]
    if term.elementType.isHalf { return true }
    guard term.action == .cast else { return false }
    switch term.elementType {
    case .f32, .f64, .bool, .f16, .bf16: return false
    case .u8: return true
    case .i32:
      return self[term.operands[0]].elementType.isFloatingPoint
        || self[term.operands[0]].elementType == .i64
    case .i64: return self[term.operands[0]].elementType.isFloatingPoint
    }
  }
}

extension Term {
  /// The mask of attention, if it has one.
  var maskOperand: Int? {
    switch action {
    case .kernel(.attention(let attention)), .kernel(.attentionGradient(let attention)):
      attention.hidden == nil ? nil : operands[3]
    default: nil
    }
  }

  /// Whether a reshape of `operand` does nothing to axes that are longer than 1.
  func onlyMovesUnits(of operand: Term) -> Bool {
    dims.filter { $0 != 1 } == operand.dims.filter { $0 != 1 }
  }

  /// The dims that kernels which find elements by index want of operands: `[P, V, Q]` and the like.
  func indexedDims(_ terms: Terms) -> [[Int]] {
    guard case .indexed(let kernel, let axis) = action else { return [] }
    let x = terms[operands[0]].dims
    let index = terms[operands[1]].dims
    switch kernel {
    case .gather: return [x.split(axis..<axis + 1), [index.reduce(1, *)]]
    case .scatterAdd:
      return [x.split(axis..<(axis + index.count)), [index.reduce(1, *)]]
    case .pick:
      let split = x.split(axis..<axis + 1)
      return [split, [split[0], split[2]]]
    case .place:
      let split = dims.split(axis..<axis + 1)
      return [[split[0], split[2]], [split[0], split[2]]]
    case .map, .reduce, .indexOf, .matmul, .attention, .attentionGradient, .convolve,
      .convolveInputGradient,
      .convolveWeightGradient, .maxPool, .maxPoolScatter, .maxPoolGather, .meanPool,
      .meanPoolGradient, .random, .iota, .routine, .loop:
      return []
    }
  }

  /// The dims that such a kernel wants of its result.
  func indexedResultDims(_ terms: Terms) -> [Int] {
    guard case .indexed(let kernel, let axis) = action else { return dims }
    let index = terms[operands[1]].dims
    switch kernel {
    case .gather: return dims.split(axis..<(axis + index.count))
    case .scatterAdd, .place: return dims.split(axis..<axis + 1)
    case .pick: return indexedDims(terms)[1]
    case .map, .reduce, .indexOf, .matmul, .attention, .attentionGradient, .convolve,
      .convolveInputGradient,
      .convolveWeightGradient, .maxPool, .maxPoolScatter, .maxPoolGather, .meanPool,
      .meanPoolGradient, .random, .iota, .routine, .loop:
      return dims
    }
  }
}

extension [Int] {
  /// Products of what comes before, in and after `axes`; `axes` may be empty.
  fileprivate func split(_ axes: Range<Int>) -> [Int] {
    [
      self[..<axes.lowerBound].reduce(1, *), self[axes].reduce(1, *),
      self[axes.upperBound...].reduce(1, *),
    ]
  }
}
