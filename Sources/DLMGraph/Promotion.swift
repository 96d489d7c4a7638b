import DLMOperators
import DLMTensor

extension ElementType {
  /// What reals of these types become together.
  static func promoted(_ types: [ElementType]) -> ElementType {
    if types.contains(.f64) { return .f64 }
    if types.contains(.f32) { return .f32 }
    switch (types.contains(.f16), types.contains(.bf16)) {
    case (true, false): return .f16
    case (false, true): return .bf16
    case (true, true), (false, false): return .f32
    }
  }
}

extension Lowering {
  /// Whether its kernels read and write two-byte reals; the others work on `f32`.
  var storesHalf: Bool {
    switch self {
    case .map, .cast, .stopGradient, .broadcast, .reshape, .transpose, .slice, .reverse, .pad,
      .concatenate, .reduce, .indexOf, .gather, .pick, .place, .constant, .renewed:
      true
    case .routine(let family): family == .take || family == .triangle
    case .matmul, .convolve, .convolveInputGradient, .convolveWeightGradient, .maxPool,
      .maxPoolScatter, .maxPoolGather, .meanPool, .meanPoolGradient, .scatterAdd, .random, .iota:
      false
    }
  }
}
