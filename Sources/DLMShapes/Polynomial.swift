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

  func mentions(_ isOne: (Symbol) -> Bool) -> Bool {
    switch self {
    case .symbol(let symbol): isOne(symbol)
    case .floor(let a, let b), .minimum(let a, let b), .maximum(let a, let b):
      !a.symbols { !isOne($0) } || !b.symbols { !isOne($0) }
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

  func substituting(_ value: (Symbol) -> Dim?) -> Dim {
    switch self {
    case .symbol(let symbol): value(symbol) ?? Dim(symbol)
    case .floor(let p, let q):
      p.substituting(value).floorDivided(by: q.substituting(value))
    case .minimum(let a, let b): .min(a.substituting(value), b.substituting(value))
    case .maximum(let a, let b): .max(a.substituting(value), b.substituting(value))
    }
  }
}

extension Atom: Comparable {
  /// Symbols first, in the order in which they were handed out; no meaning beyond that.
  static func < (a: Atom, b: Atom) -> Bool {
    switch (a, b) {
    case (.symbol(let x), .symbol(let y)): x.id < y.id
    case (.floor(let x, let p), .floor(let y, let q)),
      (.minimum(let x, let p), .minimum(let y, let q)),
      (.maximum(let x, let p), .maximum(let y, let q)):
      x == y ? p.precedes(q) : x.precedes(y)
    default: a.rank < b.rank
    }
  }

  private var rank: Int {
    switch self {
    case .symbol: 0
    case .floor: 1
    case .minimum: 2
    case .maximum: 3
    }
  }
}

/// A product of powers of atoms; the empty product is 1.
struct Monomial: Hashable, Sendable {
  var powers = Combination<Atom>()

  /// A higher degree is no size of a tensor: arithmetic gives up as if it had overflowed.
  static let degreeLimit = 64

  /// At most twice `degreeLimit`.
  var degree: Int { powers.reduce(0) { $0 + $1.value } }

  func multiplied(by other: Monomial) -> Monomial {
    if powers.isEmpty { return other }
    var product = self
    for power in other.powers { _ = product.powers.add(power.value, power.key) }
    return product
  }

  /// `self / other`, if every power of `other` is in `self`.
  func divided(by other: Monomial) -> Monomial? {
    var rest = self
    for power in other.powers {
      guard let have = powers[power.key], have >= power.value else { return nil }
      _ = rest.powers.add(-power.value, power.key)
    }
    return rest
  }
}

extension Monomial: Comparable {
  static func < (a: Monomial, b: Monomial) -> Bool { a.powers.precedes(b.powers) }
}

/// A sum of monomials with integer coefficients, none of them 0.
struct Polynomial: Hashable, Sendable {
  /// More terms than this and arithmetic gives up as if it had overflowed: time stays bounded.
  static let termLimit = 256
  /// The same of symbols and numbers, those inside floors among them.
  static let sizeLimit = 2048

  private(set) var terms: Combination<Monomial>

  init(_ value: Int) { terms = Combination(Monomial(), value) }

  init(_ atom: Atom) { terms = Combination(Monomial(powers: Combination(atom, 1)), 1) }

  init(_ monomial: Monomial, times factor: Int) { terms = Combination(monomial, factor) }

  var constant: Int? {
    if terms.isEmpty { return 0 }
    guard terms.count == 1, let term = terms.first, term.key.powers.isEmpty else { return nil }
    return term.value
  }

  var atoms: Set<Atom> {
    terms.reduce(into: []) { atoms, term in for power in term.key.powers { atoms.insert(power.key) }
    }
  }

  /// How many symbols and numbers it is written with, or a little more than `sizeLimit`.
  var size: Int {
    var size = 0
    for term in terms {
      size += 1
      for power in term.key.powers { size += power.key.size }
      if size > Self.sizeLimit { break }
    }
    return size
  }

  /// The atom, if the polynomial is nothing else.
  var soleAtom: Atom? {
    guard terms.count == 1, let term = terms.first, term.value == 1,
      term.key.powers.count == 1, let power = term.key.powers.first, power.value == 1
    else { return nil }
    return power.key
  }

  /// The sum, or `nil` where a coefficient overflows.
  func adding(_ other: Polynomial) -> Polynomial? {
    var sum = self
    for term in other.terms {
      guard sum.add(term.value, term.key) else { return nil }
    }
    return sum
  }

  /// The product, or `nil` where a coefficient overflows.
  func multiplied(by other: Polynomial) -> Polynomial? {
    var product = Polynomial(0)
    for a in terms {
      for b in other.terms {
        let (coefficient, overflow) = a.value.multipliedReportingOverflow(by: b.value)
        let monomial = a.key.multiplied(by: b.key)
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
    guard divisor.terms.count == 1, let single = divisor.terms.first else {
      for factor in [1, -1] where divisor.multiplied(by: Polynomial(factor)) == self {
        return (Polynomial(factor), Polynomial(0))
      }
      return (Polynomial(0), self)
    }
    let (by, q) = (single.key, single.value)
    var whole = Polynomial(0)
    var rest = Polynomial(0)
    for term in terms {
      let (monomial, coefficient) = (term.key, term.value)
      if let quotient = monomial.divided(by: by), q != -1 || coefficient != .min {
        var (count, remainder) = coefficient.quotientAndRemainder(dividingBy: q)
        if by.powers.isEmpty, q > 0, remainder < 0 {
          (count, remainder) = (count - 1, remainder + q)
        }
        _ = whole.add(count, quotient)
        _ = rest.add(remainder, monomial)
      } else {
        _ = rest.add(coefficient, monomial)
      }
    }
    return (whole, rest)
  }

  /// Whether a symbol that is one occurs, in floors too.
  func mentions(_ isOne: (Symbol) -> Bool) -> Bool {
    terms.contains { term in term.key.powers.contains { $0.key.mentions(isOne) } }
  }

  /// The value with every atom replaced by `value(atom)`.
  func evaluated(_ value: (Atom) -> Dim) -> Dim {
    terms.reduce(Dim(0)) { sum, term in
      term.key.powers.reduce(Dim(term.value)) { $0 * value($1.key).power($1.value) } + sum
    }
  }

  private mutating func add(_ coefficient: Int, _ monomial: Monomial) -> Bool {
    terms.add(coefficient, monomial) && terms.count <= Self.termLimit
  }
}
