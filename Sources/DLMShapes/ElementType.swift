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
  /// The kind of a tensor of which nothing but its element type is known.
  package var kind: Kind {
    switch self {
    case .f32, .f64, .f16, .bf16: .real
    case .i32, .i64: .int
    case .u8: .u8
    case .bool: .bool
    }
  }

  /// What reals of these types become together.
  package static func promoted(_ types: [ElementType]) -> ElementType {
    if types.contains(.f64) { return .f64 }
    if types.contains(.f32) { return .f32 }
    switch (types.contains(.f16), types.contains(.bf16)) {
    case (true, false): return .f16
    case (false, true): return .bf16
    case (true, true), (false, false): return .f32
    }
  }

  /// Whether numbers of `kind` are stored so.
  package func holds(_ kind: Kind) -> Bool {
    switch kind {
    case .real, .logit, .prob, .logprob: isFloatingPoint
    case .int, .index: self == .i32 || self == .i64
    case .u8: self == .u8
    case .bool: self == .bool
    }
  }
}

extension Kind {
  /// What its numbers are stored as where nothing says otherwise.
  package var element: ElementType {
    switch self {
    case .real, .logit, .prob, .logprob: .f32
    case .int, .index: .i32
    case .u8: .u8
    case .bool: .bool
    }
  }
}
