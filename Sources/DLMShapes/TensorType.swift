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

/// A kind and the length of each axis, outermost first: `logprob[B, 10]`.
package struct TensorType: Hashable, Sendable {
  package var kind: Kind
  package var dims: [Dim]

  package init(_ kind: Kind, _ dims: [Dim]) {
    self.kind = kind
    self.dims = dims
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
    "\(kind)[\(dims.map(\.description).joined(separator: ", "))]"
  }
}
