import DLMOperators

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
