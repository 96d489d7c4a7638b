/// What one element of a tensor is in memory.
package enum ElementType: UInt8, Hashable, Sendable, CaseIterable {
  case f32, f64, i32, i64, u8
  /// One byte, 0 or 1.
  case bool
  /// Two bytes: stored so, computed in `f32`.
  case f16, bf16

  /// Bytes of one element.
  package var byteCount: Int {
    switch self {
    case .f32, .i32: 4
    case .f64, .i64: 8
    case .u8, .bool: 1
    case .f16, .bf16: 2
    }
  }

  package var isFloatingPoint: Bool { self == .f32 || self == .f64 || isHalf }

  /// Whether it is stored in two bytes and computed in `f32`.
  package var isHalf: Bool { self == .f16 || self == .bf16 }
}

extension ElementType: CustomStringConvertible {
  package var description: String {
    switch self {
    case .f32: "f32"
    case .f64: "f64"
    case .i32: "i32"
    case .i64: "i64"
    case .u8: "u8"
    case .bool: "bool"
    case .f16: "f16"
    case .bf16: "bf16"
    }
  }
}

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
