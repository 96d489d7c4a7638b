import DLMShapes

/// What one element of a tensor is in memory: declared where types are, since a type says it.
package typealias ElementType = DLMShapes.ElementType

extension ElementType {
  /// `value` as an element of this type holds it.
  package func rounded(_ value: Double) -> Double {
    switch self {
    case .f32: return Double(Float(value))
    case .f64: return value
    case .bool: return value != 0 ? 1 : 0
    case .i32, .i64, .u8, .f16, .bf16:
      var bytes: Int64 = 0
      return withUnsafeMutableBytes(of: &bytes) { raw in
        guard let base = raw.baseAddress else { return value }
        store(value, to: base, at: 0)
        return load(base, at: 0)
      }
    }
  }
}
