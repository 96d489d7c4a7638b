/// What a polynomial is over: a symbol, or an operation that polynomials are not closed under.
indirect enum Atom: Hashable, Sendable {
  case symbol(Symbol)
  case floor(Dim, Dim)
  case minimum(Dim, Dim)
  case maximum(Dim, Dim)

  var symbols: Set<Symbol> {
    switch self {
    case .symbol(let symbol): [symbol]
    case .floor(let a, let b), .minimum(let a, let b), .maximum(let a, let b):
      a.symbols.union(b.symbols)
    }
  }

  /// How many symbols and numbers it is written with.
  var size: Int {
    switch self {
    case .symbol: 1
    case .floor(let a, let b), .minimum(let a, let b), .maximum(let a, let b):
      1 + (a.polynomial?.size ?? 1) + (b.polynomial?.size ?? 1)
    }
  }

  func renaming(_ names: [Symbol: Symbol]) -> Atom {
    switch self {
    case .symbol(let symbol): .symbol(names[symbol] ?? symbol)
    case .floor(let p, let q): .floor(p.renaming(names), q.renaming(names))
    case .minimum(let a, let b): .minimum(a.renaming(names), b.renaming(names))
    case .maximum(let a, let b): .maximum(a.renaming(names), b.renaming(names))
    }
  }

  func substituting(_ values: [Symbol: Dim]) -> Dim {
    switch self {
    case .symbol(let symbol): values[symbol] ?? Dim(symbol)
    case .floor(let p, let q):
      p.substituting(values).floorDivided(by: q.substituting(values))
    case .minimum(let a, let b): .min(a.substituting(values), b.substituting(values))
    case .maximum(let a, let b): .max(a.substituting(values), b.substituting(values))
    }
  }
}

/// A product of powers of atoms; the empty product is 1.
struct Monomial: Hashable, Sendable {
  var powers: [Atom: Int] = [:]

  /// A higher degree is no size of a tensor: arithmetic gives up as if it had overflowed.
  static let degreeLimit = 64

  /// At most twice `degreeLimit`.
  var degree: Int { powers.values.reduce(0, +) }

  func multiplied(by other: Monomial) -> Monomial {
    Monomial(powers: powers.merging(other.powers, uniquingKeysWith: +))
  }

  /// `self / other`, if every power of `other` is in `self`.
  func divided(by other: Monomial) -> Monomial? {
    var rest = powers
    for (atom, power) in other.powers {
      guard let have = rest[atom], have >= power else { return nil }
      rest[atom] = have == power ? nil : have - power
    }
    return Monomial(powers: rest)
  }
}

/// A sum of monomials with integer coefficients, none of them 0.
struct Polynomial: Hashable, Sendable {
  /// More terms than this and arithmetic gives up as if it had overflowed: time stays bounded.
  static let termLimit = 256
  /// The same of symbols and numbers, those inside floors among them.
  static let sizeLimit = 2048

  private(set) var terms: [Monomial: Int]

  init(_ value: Int) { terms = value == 0 ? [:] : [Monomial(): value] }

  init(_ atom: Atom) { terms = [Monomial(powers: [atom: 1]): 1] }

  init(_ monomial: Monomial, times factor: Int) { terms = factor == 0 ? [:] : [monomial: factor] }

  var constant: Int? {
    if terms.isEmpty { return 0 }
    return terms.count == 1 ? terms[Monomial()] : nil
  }

  var atoms: Set<Atom> { terms.keys.reduce(into: []) { $0.formUnion($1.powers.keys) } }

  /// How many symbols and numbers it is written with, or a little more than `sizeLimit`.
  var size: Int {
    var size = 0
    for monomial in terms.keys {
      size += 1
      for atom in monomial.powers.keys { size += atom.size }
      if size > Self.sizeLimit { break }
    }
    return size
  }

  /// The atom, if the polynomial is nothing else.
  var soleAtom: Atom? {
    guard terms.count == 1, let (monomial, coefficient) = terms.first, coefficient == 1,
      monomial.powers.count == 1, let (atom, power) = monomial.powers.first, power == 1
    else { return nil }
    return atom
  }

  /// The sum, or `nil` where a coefficient overflows.
  func adding(_ other: Polynomial) -> Polynomial? {
    var sum = self
    for (monomial, coefficient) in other.terms {
      guard sum.add(coefficient, monomial) else { return nil }
    }
    return sum
  }

  /// The product, or `nil` where a coefficient overflows.
  func multiplied(by other: Polynomial) -> Polynomial? {
    var product = Polynomial(0)
    for (a, x) in terms {
      for (b, y) in other.terms {
        let (coefficient, overflow) = x.multipliedReportingOverflow(by: y)
        let monomial = a.multiplied(by: b)
        guard !overflow, monomial.degree <= Monomial.degreeLimit,
          product.add(coefficient, monomial)
        else { return nil }
      }
    }
    return product
  }

  /// `(whole, rest)` with `self = whole * divisor + rest`: for a divisor of one term, every term that
  /// it divides goes to `whole`, a number by its floor; for another, a multiple of it as a whole.
  func split(by divisor: Polynomial) -> (whole: Polynomial, rest: Polynomial) {
    guard divisor.terms.count == 1, let (by, q) = divisor.terms.first else {
      for factor in [1, -1] {
        let scaled = divisor.terms.mapValues { $0.multipliedReportingOverflow(by: factor) }
        if !scaled.values.contains(where: \.overflow), scaled.mapValues(\.partialValue) == terms {
          return (Polynomial(factor), Polynomial(0))
        }
      }
      return (Polynomial(0), self)
    }
    var whole = Polynomial(0)
    var rest = Polynomial(0)
    for (monomial, coefficient) in terms {
      if let quotient = monomial.divided(by: by), q != -1 || coefficient != .min {
        let remainder = by.powers.isEmpty && q > 0 ? (coefficient % q + q) % q : coefficient % q
        _ = whole.add((coefficient - remainder) / q, quotient)
        _ = rest.add(remainder, monomial)
      } else {
        _ = rest.add(coefficient, monomial)
      }
    }
    return (whole, rest)
  }

  /// With other symbols in place of its own, no two of which become one.
  func renaming(_ names: [Symbol: Symbol]) -> Polynomial {
    var result = Polynomial(0)
    for (monomial, coefficient) in terms {
      var powers: [Atom: Int] = [:]
      for (atom, power) in monomial.powers { powers[atom.renaming(names)] = power }
      result.terms[Monomial(powers: powers)] = coefficient
    }
    return result
  }

  /// The value with every atom replaced by `value(atom)`.
  func evaluated(_ value: (Atom) -> Dim) -> Dim {
    terms.reduce(Dim(0)) { sum, term in
      term.key.powers.reduce(Dim(term.value)) { $0 * value($1.key).power($1.value) } + sum
    }
  }

  private mutating func add(_ coefficient: Int, _ monomial: Monomial) -> Bool {
    let (sum, overflow) = terms[monomial, default: 0].addingReportingOverflow(coefficient)
    terms[monomial] = sum == 0 ? nil : sum
    return !overflow && terms.count <= Self.termLimit
  }
}
