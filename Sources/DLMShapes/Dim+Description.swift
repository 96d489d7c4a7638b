extension Dim: CustomStringConvertible {
  /// As it would be written in a type: `20 * ((H - 4) div 2)`, `B`, `4*n`.
  package var description: String {
    switch form {
    case .constant(let value): "\(value)"
    case .symbol(let symbol): symbol.name
    case .polynomial(let polynomial): polynomial.description
    case .overflow: "(too large)"
    }
  }

  /// The same with the factors of its terms in other words: `51 kB·B + 0.26 MB`.
  package func text(times sign: String, _ factor: (Int) -> String) -> String {
    polynomial?.text(times: sign) { factor($0) } ?? description
  }

  /// In brackets if it is a sum, so that it can be an operand of any operator.
  fileprivate var operand: String {
    guard case .polynomial(let polynomial) = form else {
      return (constant ?? 0) < 0 ? "(\(description))" : description
    }
    return polynomial.soleAtom.map { atom in
      if case .floor = atom { "(\(atom))" } else { "\(atom)" }
    } ?? "(\(polynomial))"
  }
}

extension Atom: CustomStringConvertible {
  var description: String {
    switch self {
    case .symbol(let symbol): symbol.name
    case .floor(let p, let q): "\(p.operand) div \(q.operand)"
    case .minimum(let a, let b): "min(\(a), \(b))"
    case .maximum(let a, let b): "max(\(a), \(b))"
    }
  }
}

extension Polynomial: CustomStringConvertible {
  var description: String { text(times: "*") { $0 == 1 ? nil : "\($0)" } }

  /// Terms of high degree first, then by name; a leading minus only if there is no positive term.
  ///
  /// - Parameter factor: the words for the size of a factor; `nil` where it goes without saying.
  func text(times sign: String, _ factor: (Int) -> String?) -> String {
    let ordered = terms.map { (text: $0.key.description, degree: $0.key.degree, factor: $0.value) }
      .sorted {
        ($0.factor < 0 ? 1 : 0, -$0.degree, $0.text) < ($1.factor < 0 ? 1 : 0, -$1.degree, $1.text)
      }
    // The number stands last, whatever its sign.
    let parts = ordered.filter { $0.degree > 0 } + ordered.filter { $0.degree == 0 }
    guard !parts.isEmpty else { return factor(0) ?? "0" }
    var text = ""
    for (index, part) in parts.enumerated() {
      let size = factor(Int(clamping: part.factor.magnitude))
      let body =
        part.degree == 0
        ? size ?? "1" : size.map { "\($0)\(sign)\(part.text)" } ?? part.text
      text += index == 0 ? (part.factor < 0 ? "-" : "") : part.factor < 0 ? " - " : " + "
      text += body
    }
    return text
  }
}

extension Monomial: CustomStringConvertible {
  var description: String {
    powers.map { power in
      var text = "\(power.key)"
      if case .floor = power.key { text = "(\(text))" }
      return power.value == 1 ? text : "\(text)^\(power.value)"
    }
    .sorted().joined(separator: "*")
  }
}
