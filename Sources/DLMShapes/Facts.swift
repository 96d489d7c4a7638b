/// A statement about dims.
package enum Relation: Hashable, Sendable {
  case equal(Dim, Dim)
  case notEqual(Dim, Dim)
  /// The first is as large as the second, or larger.
  case atLeast(Dim, Dim)
  /// The first is a multiple of `by`.
  case divides(Dim, by: Dim)
}

extension Relation: CustomStringConvertible {
  package var description: String {
    switch self {
    case .equal(let a, let b): "\(a) == \(b)"
    case .notEqual(let a, let b): "\(a) != \(b)"
    case .atLeast(let a, let b): "\(a) ≥ \(b)"
    case .divides(let a, let b): "\(b) divides \(a)"
    }
  }
}

extension Relation {
  package var dims: [Dim] {
    switch self {
    case .equal(let a, let b), .notEqual(let a, let b), .atLeast(let a, let b),
      .divides(let a, let b):
      [a, b]
    }
  }

  package func mapDims(_ change: (Dim) -> Dim) -> Relation {
    switch self {
    case .equal(let a, let b): .equal(change(a), change(b))
    case .notEqual(let a, let b): .notEqual(change(a), change(b))
    case .atLeast(let a, let b): .atLeast(change(a), change(b))
    case .divides(let a, let b): .divides(change(a), by: change(b))
    }
  }

  /// The symbol that must be at least so much for this to hold, and how much, if that is all that it
  /// says: `⌊(H - 4) / 2⌋ ≥ 5` is `H ≥ 14`.
  package var lowerBound: (symbol: Symbol, least: Int)? {
    if case .atLeast(let a, let b) = self { Self.lowerBound(ofZero: a - b, depth: 16) } else { nil }
  }

  /// What `difference ≥ 0` says of a symbol: `⌊p / q⌋ ≥ n` exactly if `p ≥ n·q`, for whole n and positive q.
  private static func lowerBound(ofZero difference: Dim, depth: Int) -> (
    symbol: Symbol, least: Int
  )? {
    guard depth > 0, let terms = difference.polynomial?.terms else { return nil }
    let parts = terms.filter { $0.key.degree > 0 }
    guard parts.count == 1, let part = parts.first, part.value > 0, part.key.degree == 1 else {
      return nil
    }
    let constant = terms[Monomial()] ?? 0
    let least = Dim(-constant).ceilDivided(by: Dim(part.value))
    guard let atom = part.key.powers.first?.key else { return nil }
    switch atom {
    case .symbol(let symbol):
      guard let number = least.constant else { return nil }
      return (symbol, number)
    case .floor(let p, let q):
      guard let divisor = q.constant, divisor > 0 else { return nil }
      return lowerBound(ofZero: p - least * q, depth: depth - 1)
    case .minimum, .maximum: return nil
    }
  }
}

/// What is known about a relation: there is no fourth answer, and none that switches checking off.
package enum Verdict: Hashable, Sendable {
  case proved, refuted
  /// It depends on symbols: a requirement of the layer, discharged at each use.
  case deferred
}

/// What may be taken for granted about dims: from `where`, from the branch taken, from the data.
///
/// A symbol that is a length is at least 1 unless a fact says more.
package struct Facts: Sendable {
  private var values: [Symbol: Dim] = [:]
  private var lowerBounds: [Symbol: Int] = [:]
  private var upperBounds: [Symbol: Int] = [:]
  private var divisions: [(dividend: Dim, divisor: Dim)] = []
  private var assumed: Set<Relation> = []

  package init() {}

  /// Takes `relation` for granted from now on.
  package mutating func assume(_ relation: Relation) {
    switch relation {
    case .equal(let a, let b):
      let (x, y) = (normal(a), normal(b))
      // The usual case, a new symbol for a dim that was there before it.
      if case .symbol(let symbol) = x.form, y.symbols(allSatisfy: { $0.id < symbol.id }) {
        return bind(symbol, to: y)
      }
      assumeZero(normal(x - y))
    case .notEqual: break
    case .atLeast(let a, let b): assumeAtLeastZero(normal(a - b))
    case .divides(let a, let b): divisions.append((a, b))
    }
    assumed.insert(relation)
  }

  /// Whether `relation` holds: for all lengths that the facts allow, for none, or it depends.
  package func decide(_ relation: Relation) -> Verdict {
    switch relation {
    case .equal(let a, let b):
      if a == b, !a.isOverflow { return .proved }
      let (x, y) = (normal(a), normal(b))
      if x == y, !x.isOverflow { return .proved }
      return isAssumed(relation) ? .proved : decideZero(normal(x - y))
    case _ where isAssumed(relation): return .proved
    case .notEqual(let a, let b): return decideZero(normal(a - b)).negated
    case .atLeast(let a, let b):
      if let x = a.constant, let y = b.constant { return x >= y ? .proved : .refuted }
      let range = bounds(normal(a - b))
      if let low = range.low, low >= 0 { return .proved }
      if let high = range.high, high < 0 { return .refuted }
      return .deferred
    case .divides(let a, let b): return decideZero(normal(normal(a).modulo(normal(b))))
    }
  }

  /// Takes down that the program says two dims to be one, which is known already.
  package mutating func state(_ relation: Relation) {
    guard case .equal(let a, let b) = relation, a.constant == nil || b.constant == nil else {
      return
    }
    assumed.insert(relation)
  }

  /// Whether the program says this itself, in these words.
  package func isAssumed(_ relation: Relation) -> Bool {
    !assumed.isEmpty && assumed.contains(relation)
  }

  /// `dim` with the equalities and divisions that are known put in.
  package func normal(_ dim: Dim) -> Dim {
    if dim.constant != nil { return dim }
    let dim = dim.substituting(values)
    // Divisions only concern products with floors.
    guard case .polynomial = dim.form else { return dim }
    return divisions.reduce(dim) { rewriting($0, with: $1) }
  }
}

extension Verdict {
  fileprivate var negated: Verdict {
    switch self {
    case .proved: .refuted
    case .refuted: .proved
    case .deferred: .deferred
    }
  }
}

extension Facts {
  /// `divisor · ⌊dividend / divisor⌋` is `dividend` where the one divides the other.
  private func rewriting(_ dim: Dim, with fact: (dividend: Dim, divisor: Dim)) -> Dim {
    guard let polynomial = dim.polynomial, let divisor = fact.divisor.polynomial,
      divisor.terms.count == 1, let single = divisor.terms.first,
      let floor = fact.dividend.floorDivided(by: fact.divisor).polynomial?.soleAtom
    else { return dim }
    let factor = single.value
    let pattern = single.key.multiplied(by: Monomial(powers: Combination(floor, 1)))
    return polynomial.terms.reduce(Dim(0)) { sum, term in
      guard factor != -1 || term.value != .min, term.value % factor == 0,
        let rest = term.key.divided(by: pattern)
      else {
        return sum + Dim(Polynomial(term.key, times: term.value))
      }
      return sum + fact.dividend * Dim(Polynomial(rest, times: term.value / factor))
    }
  }

  /// Solves `difference == 0` for a symbol that occurs once, alone, with coefficient 1 or -1.
  private mutating func assumeZero(_ difference: Dim) {
    guard let polynomial = difference.polynomial else { return }
    for symbol in difference.symbols.sorted(by: { $0.id > $1.id }) {
      let alone = Monomial(powers: Combination(.symbol(symbol), 1))
      guard let factor = polynomial.terms[alone], factor.magnitude == 1 else { continue }
      let rest = difference - Dim(factor) * Dim(symbol)
      guard !rest.symbols.contains(symbol) else { continue }
      let value = Dim(-factor) * rest
      bind(symbol, to: value)
      return
    }
  }

  /// Puts `value` in place of `symbol` everywhere.
  private mutating func bind(_ symbol: Symbol, to value: Dim) {
    for (other, dim) in values where dim.mentions(symbol) {
      values[other] = dim.substituting([symbol: value])
    }
    values[symbol] = value
  }

  /// Reads a bound of one symbol off `difference >= 0`.
  private mutating func assumeAtLeastZero(_ difference: Dim) {
    guard let terms = difference.polynomial?.terms,
      let part = terms.first(where: { $0.key.degree > 0 }),
      terms.count == (terms[Monomial()] == nil ? 1 : 2),
      part.key.degree == 1, case .symbol(let symbol)? = part.key.powers.first?.key
    else { return }
    let factor = part.value
    let number = Dim(terms[Monomial()] ?? 0)
    if factor > 0, let bound = (0 - number).ceilDivided(by: Dim(factor)).constant {
      lowerBounds[symbol] = max(leastKnown(of: symbol) ?? bound, bound)
    } else if let bound = number.floorDivided(by: Dim(-1) * Dim(factor)).constant {
      upperBounds[symbol] = min(upperBounds[symbol] ?? .max, bound)
    }
  }

  private func decideZero(_ difference: Dim) -> Verdict {
    if let value = difference.constant { return value == 0 ? .proved : .refuted }
    let range = bounds(difference)
    if let low = range.low, low > 0 { return .refuted }
    if let high = range.high, high < 0 { return .refuted }
    if range.low == 0, range.high == 0 { return .proved }
    return .deferred
  }

  private typealias Range = (low: Int?, high: Int?)

  /// Bounds of a dim, read off its terms; where that leaves one open, with `q·⌊p/q⌋` as `p - r` for
  /// some `r` in `0..<q`.
  ///
  /// - Parameter depth: in how many floors the second way is tried, each of which doubles the work.
  private func bounds(_ dim: Dim, depth: Int = 6) -> Range {
    let plain = termBounds(dim, depth)
    guard plain.low == nil || plain.high == nil, depth > 0, let (whole, slack) = withoutFloors(dim)
    else { return plain }
    let range = termBounds(whole, depth)
    return (
      plain.low ?? Self.sum(range.low, slack.low), plain.high ?? Self.sum(range.high, slack.high)
    )
  }

  /// `dim` with its floors of whole multiples taken out, and between what the rest lies that they drop.
  private func withoutFloors(_ dim: Dim) -> (whole: Dim, slack: (low: Int, high: Int))? {
    guard let polynomial = dim.polynomial else { return nil }
    var whole = dim
    var slack = (low: 0, high: 0)
    var found = false
    for term in polynomial.terms {
      let (monomial, factor) = (term.key, term.value)
      guard monomial.degree == 1, case .floor(let p, let q)? = monomial.powers.first?.key,
        let divisor = q.constant, divisor > 0, factor % divisor == 0, factor.magnitude < 1 << 31
      else { continue }
      let times = factor / divisor
      whole = whole - Dim(Polynomial(monomial, times: factor)) + Dim(times) * p
      // times·q·⌊p/q⌋ = times·(p - r)
      if times > 0 {
        slack.low -= times * (divisor - 1)
      } else {
        slack.high -= times * (divisor - 1)
      }
      found = true
    }
    return found ? (whole, slack) : nil
  }

  private func termBounds(_ dim: Dim, _ depth: Int) -> Range {
    if let value = dim.constant { return (value, value) }
    guard let polynomial = dim.polynomial else { return (nil, nil) }
    return polynomial.terms.reduce((low: 0, high: 0) as Range) { sum, term in
      let product = bounds(term.key, depth)
      let low = term.value > 0 ? product.low : product.high
      let high = term.value > 0 ? product.high : product.low
      return (
        Self.sum(sum.low, Self.product(low, term.value)),
        Self.sum(sum.high, Self.product(high, term.value))
      )
    }
  }

  /// Only monomials of atoms that are not negative get bounds.
  private func bounds(_ monomial: Monomial, _ depth: Int) -> Range {
    var range: Range = (1, 1)
    for power in monomial.powers {
      let one = bounds(power.key, depth)
      guard let low = one.low, low >= 0 else { return (nil, nil) }
      for _ in 0..<power.value {
        range = (Self.product(range.low, low), one.high.flatMap { Self.product(range.high, $0) })
      }
    }
    return range
  }

  private func leastKnown(of symbol: Symbol) -> Int? {
    lowerBounds[symbol] ?? (symbol.isLength ? 1 : nil)
  }

  private func bounds(_ atom: Atom, _ depth: Int) -> Range {
    switch atom {
    case .symbol(let symbol): return (leastKnown(of: symbol), upperBounds[symbol])
    case .floor(let p, let q):
      guard let divisor = q.constant, divisor > 0 else { return (nil, nil) }
      let range = bounds(p, depth: depth - 1)
      return (
        range.low.flatMap { Dim($0).floorDivided(by: q).constant },
        range.high.flatMap { Dim($0).floorDivided(by: q).constant }
      )
    case .minimum(let a, let b):
      let (x, y) = (bounds(a, depth: depth - 1), bounds(b, depth: depth - 1))
      let highs = [x.high, y.high].compactMap { $0 }
      return (x.low.flatMap { low in y.low.map { min(low, $0) } }, highs.min())
    case .maximum(let a, let b):
      let (x, y) = (bounds(a, depth: depth - 1), bounds(b, depth: depth - 1))
      let lows = [x.low, y.low].compactMap { $0 }
      return (lows.max(), x.high.flatMap { high in y.high.map { max(high, $0) } })
    }
  }

  private static func sum(_ a: Int?, _ b: Int?) -> Int? {
    guard let a, let b else { return nil }
    let (value, overflow) = a.addingReportingOverflow(b)
    return overflow ? nil : value
  }

  private static func product(_ a: Int?, _ b: Int?) -> Int? {
    guard let a, let b else { return nil }
    let (value, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? nil : value
  }
}
