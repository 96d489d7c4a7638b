/// The length of an axis: an integer polynomial over symbols and floors, in normal form.
///
/// Two dims are equal as values exactly if their normal forms are, so `==` is the first step of every
/// comparison; `Facts` does the others. Arithmetic that leaves the range of `Int` yields
/// `Dim.overflow`, which no further arithmetic leaves, and never traps.
package struct Dim: Hashable, Sendable {
  /// A run meets only constants, a check mostly those and single symbols: they allocate nothing.
  enum Form: Hashable, Sendable {
    case constant(Int)
    case symbol(Symbol)
    /// Anything else: never a constant or a symbol alone.
    case polynomial(Polynomial)
    case overflow
  }

  let form: Form

  init(form: Form) { self.form = form }

  package init(_ value: Int) { form = .constant(value) }

  package init(_ symbol: Symbol) { form = .symbol(symbol) }

  init(_ polynomial: Polynomial) {
    if let constant = polynomial.constant {
      form = .constant(constant)
    } else if case .symbol(let symbol)? = polynomial.soleAtom {
      form = .symbol(symbol)
    } else {
      form = polynomial.size <= Polynomial.sizeLimit ? .polynomial(polynomial) : .overflow
    }
  }

  /// What arithmetic beyond the range of `Int` yields.
  package static let overflow = Dim(form: .overflow)

  /// The value, if no symbol is left in it.
  package var constant: Int? {
    if case .constant(let value) = form { value } else { nil }
  }

  /// The symbol, if it is nothing else.
  package var soleSymbol: Symbol? {
    if case .symbol(let symbol) = form { symbol } else { nil }
  }

  package var isOverflow: Bool { form == .overflow }

  /// The dim as a polynomial; `nil` if it overflowed.
  var polynomial: Polynomial? {
    switch form {
    case .constant(let value): Polynomial(value)
    case .symbol(let symbol): Polynomial(.symbol(symbol))
    case .polynomial(let polynomial): polynomial
    case .overflow: nil
    }
  }
}

extension Dim {
  /// The order of atoms that are made of dims, which has no meaning beyond that.
  func precedes(_ other: Dim) -> Bool {
    switch (form, other.form) {
    case (.constant(let a), .constant(let b)): a < b
    case (.symbol(let a), .symbol(let b)): a.id < b.id
    case (.polynomial(let a), .polynomial(let b)): a.terms.precedes(b.terms)
    default: rank < other.rank
    }
  }

  private var rank: Int {
    switch form {
    case .constant: 0
    case .symbol: 1
    case .polynomial: 2
    case .overflow: 3
    }
  }
}

extension Dim: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: Int) { self.init(value) }
}

extension Dim {
  package static func + (a: Dim, b: Dim) -> Dim {
    if a == 0 { return b }
    if b == 0 { return a }
    return combine(a, b, { $0.addingReportingOverflow($1) }, { $0.adding($1) })
  }

  package static func - (a: Dim, b: Dim) -> Dim { b == 0 ? a : a + Dim(-1) * b }

  package static func * (a: Dim, b: Dim) -> Dim {
    if a == 1 { return b }
    if b == 1 { return a }
    return combine(a, b, { $0.multipliedReportingOverflow(by: $1) }, { $0.multiplied(by: $1) })
  }

  /// `self` to the power of `exponent`, which is not negative.
  package func power(_ exponent: Int) -> Dim {
    precondition(exponent >= 0, "a dim has no negative powers")
    if exponent == 1 { return self }
    var result = Dim(1)
    var square = self
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result = result * square }
      rest >>= 1
      if rest > 0 { square = square * square }
    }
    return result
  }

  /// The larger of two dims; kept open where that depends on symbols.
  package static func max(_ a: Dim, _ b: Dim) -> Dim { extremum(a, b, Swift.max, Atom.maximum) }

  /// The smaller of two dims; kept open where that depends on symbols.
  package static func min(_ a: Dim, _ b: Dim) -> Dim { extremum(a, b, Swift.min, Atom.minimum) }

  /// `⌈self / divisor⌉`.
  package func ceilDivided(by divisor: Dim) -> Dim {
    0 - (0 - self).floorDivided(by: divisor)
  }

  /// `self - divisor * ⌊self / divisor⌋`.
  package func modulo(_ divisor: Dim) -> Dim { self - divisor * floorDivided(by: divisor) }

  /// `⌊self / divisor⌋`; `overflow` for a divisor of zero.
  ///
  /// Terms that the divisor divides leave the floor, `⌊(q·a + r)/q⌋ = a + ⌊r/q⌋`, and floors of floors
  /// merge, `⌊⌊p/a⌋/b⌋ = ⌊p/(a·b)⌋`, where the divisors are positive numbers.
  package func floorDivided(by divisor: Dim) -> Dim {
    if divisor == 0 { return .overflow }
    if let a = constant, let b = divisor.constant {
      let (quotient, overflow) = a.dividedReportingOverflow(by: b)
      guard !overflow else { return .overflow }
      return Dim(quotient - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0))
    }
    guard let dividend = polynomial, let by = divisor.polynomial else { return .overflow }
    let (whole, rest) = dividend.split(by: by)
    let remainder = Dim(rest)
    let outside = Dim(whole)
    if remainder == 0 { return outside }
    if let r = remainder.constant, let b = divisor.constant {
      return outside + Dim(r).floorDivided(by: Dim(b))
    }
    if let b = divisor.constant, b > 0, case .floor(let p, let q)? = rest.soleAtom,
      let inner = q.constant, inner > 0
    {
      return outside + p.floorDivided(by: q * divisor)
    }
    return outside + Dim(Polynomial(.floor(remainder, divisor)))
  }

  /// The dim with every symbol of `values` replaced, in floors too.
  package func substituting(_ values: [Symbol: Dim]) -> Dim {
    values.isEmpty ? self : substituting { values[$0] }
  }

  /// The dim with every symbol replaced that has a value.
  func substituting(_ value: (Symbol) -> Dim?) -> Dim {
    switch form {
    case .constant, .overflow: self
    case .symbol(let symbol): value(symbol) ?? self
    case .polynomial(let polynomial): polynomial.evaluated { $0.substituting(value) }
    }
  }

  /// The dim with `lengths` in place of the symbols that are numbered.
  package func replacingNumbered(with lengths: [Dim]) -> Dim {
    substituting { $0.number.map { lengths[$0] } }
  }

  /// The symbols that occur, in floors too.
  package var symbols: Set<Symbol> {
    switch form {
    case .constant, .overflow: []
    case .symbol(let symbol): [symbol]
    case .polynomial(let polynomial):
      polynomial.atoms.reduce(into: []) { $0.formUnion($1.symbols) }
    }
  }

  /// Whether all its symbols are some, those in floors too.
  package func symbols(allSatisfy isOne: (Symbol) -> Bool) -> Bool {
    switch form {
    case .constant, .overflow: true
    case .symbol(let own): isOne(own)
    case .polynomial(let polynomial): !polynomial.mentions { !isOne($0) }
    }
  }

  /// Whether `symbol` occurs, in floors too.
  func mentions(_ symbol: Symbol) -> Bool {
    switch form {
    case .constant, .overflow: false
    case .symbol(let own): own == symbol
    case .polynomial(let polynomial): polynomial.mentions { $0 == symbol }
    }
  }

  private static func combine(
    _ a: Dim, _ b: Dim, _ numbers: (Int, Int) -> (partialValue: Int, overflow: Bool),
    _ polynomials: (Polynomial, Polynomial) -> Polynomial?
  ) -> Dim {
    if case .constant(let x) = a.form, case .constant(let y) = b.form {
      let (value, overflow) = numbers(x, y)
      return overflow ? .overflow : Dim(value)
    }
    guard let p = a.polynomial, let q = b.polynomial, let result = polynomials(p, q) else {
      return .overflow
    }
    return Dim(result)
  }

  private static func extremum(
    _ a: Dim, _ b: Dim, _ numbers: (Int, Int) -> Int, _ atom: (Dim, Dim) -> Atom
  ) -> Dim {
    if a.isOverflow || b.isOverflow { return .overflow }
    if a == b { return a }
    if let difference = (a - b).constant { return numbers(difference, 0) == difference ? a : b }
    return Dim(Polynomial(atom(a, b)))
  }
}
