/// What the numbers of a tensor mean; what may be done with them follows from it.
///
/// `logit`, `prob` and `logprob` are reals, `index(K)` is an integer in `0..<K`.
package enum Kind: Hashable, Sendable {
  case real, logit, prob, logprob
  case int, u8
  case index(Dim)
  case bool

  /// Whether arithmetic on it is that of real numbers.
  package var isReal: Bool {
    switch self {
    case .real, .logit, .prob, .logprob: true
    case .int, .u8, .index, .bool: false
    }
  }
}

/// A kind, what the elements are, and the length of each axis, outermost first: `logprob[B, 10]`.
package struct TensorType: Hashable, Sendable {
  /// Another kind of the same numbers keeps what their elements are.
  package var kind: Kind {
    didSet { if !element.holds(kind) { element = kind.element } }
  }
  package var dims: [Dim]
  package var element: ElementType

  /// - Parameter element: what the elements are, if they are not as usual for `kind`.
  package init(_ kind: Kind, _ dims: [Dim], _ element: ElementType? = nil) {
    self.kind = kind
    self.dims = dims
    self.element = element ?? kind.element
  }

  /// The same kind and elements with other dims.
  package func of(_ dims: [Dim]) -> TensorType { TensorType(kind, dims, element) }

  /// What reals that are made of it are, such as gradients in it.
  package var realElement: ElementType { element.isFloatingPoint ? element : .f32 }

  /// The word before its dims: the kind, or for plain numbers that are not stored as usual what they
  /// are stored as, `f64`.
  package var word: String {
    element != kind.element && (kind == .real || kind == .int) ? "\(element)" : "\(kind)"
  }
}

extension Kind: CustomStringConvertible {
  package var description: String {
    switch self {
    case .real: "real"
    case .logit: "logit"
    case .prob: "prob"
    case .logprob: "logprob"
    case .int: "int"
    case .u8: "u8"
    case .index(let count): "index(\(count))"
    case .bool: "bool"
    }
  }
}

extension TensorType: CustomStringConvertible {
  package var description: String {
    "\(word)[\(dims.map(\.description).joined(separator: ", "))]"
  }
}
