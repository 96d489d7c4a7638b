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
