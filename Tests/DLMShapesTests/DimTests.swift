import Testing

@testable import DLMShapes

/// A repeatable source of numbers.
struct Numbers {
  var state: UInt64

  mutating func next(_ range: ClosedRange<Int>) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return range.lowerBound + Int(state >> 33) % range.count
  }
}

@Suite struct DimTests {
  static let h = Symbol(id: 0, name: "H")
  static let w = Symbol(id: 1, name: "W")
  static let d = Symbol(id: 2, name: "D")
  static let symbols = [h, w, d]
  let h = Dim(DimTests.h)
  let w = Dim(DimTests.w)
  let d = Dim(DimTests.d)

  /// An expression as a dim, and the same computed on numbers; `nil` where it divides by zero.
  struct Sample {
    var dim: Dim
    var value: @Sendable ([Symbol: Int]) -> Int?
  }

  static func sample(depth: Int, _ numbers: inout Numbers) -> Sample {
    if depth == 0 || numbers.next(0...4) == 0 {
      if numbers.next(0...1) == 0 {
        let value = numbers.next(-6...9)
        return Sample(dim: Dim(value)) { _ in value }
      }
      let symbol = symbols[numbers.next(0...2)]
      return Sample(dim: Dim(symbol)) { $0[symbol] }
    }
    let a = sample(depth: depth - 1, &numbers)
    let b = sample(depth: depth - 1, &numbers)
    switch numbers.next(0...5) {
    case 0: return combined(a, b, a.dim + b.dim, +)
    case 1: return combined(a, b, a.dim - b.dim, -)
    case 2: return combined(a, b, a.dim * b.dim, *)
    case 3: return combined(a, b, .max(a.dim, b.dim), max)
    case 4: return combined(a, b, .min(a.dim, b.dim), min)
    default:
      let divisor = numbers.next(1...5)
      return Sample(dim: a.dim.floorDivided(by: Dim(divisor))) {
        a.value($0).map { Int((Double($0) / Double(divisor)).rounded(.down)) }
      }
    }
  }

  static func combined(
    _ a: Sample, _ b: Sample, _ dim: Dim, _ function: @escaping @Sendable (Int, Int) -> Int
  ) -> Sample {
    Sample(dim: dim) { point in
      guard let x = a.value(point), let y = b.value(point) else { return nil }
      return function(x, y)
    }
  }

  static func points(_ numbers: inout Numbers) -> [[Symbol: Int]] {
    (0..<8).map { _ in
      Dictionary(uniqueKeysWithValues: symbols.map { ($0, numbers.next(1...40)) })
    }
  }

  @Test(arguments: 0..<400)
  func `normal form agrees with arithmetic on numbers`(_ seed: Int) {
    var numbers = Numbers(state: UInt64(seed))
    let sample = Self.sample(depth: 4, &numbers)
    for point in Self.points(&numbers) {
      #expect(sample.dim.substituting(point.mapValues { Dim($0) }).constant == sample.value(point))
    }
  }

  @Test(arguments: 0..<400)
  func `a verdict is never contradicted by numbers`(_ seed: Int) {
    var numbers = Numbers(state: UInt64(1000 + seed))
    let a = Self.sample(depth: 3, &numbers)
    let b = Self.sample(depth: 2, &numbers)
    let equal = Facts().decide(.equal(a.dim, b.dim))
    let atLeast = Facts().decide(.atLeast(a.dim, b.dim))
    for point in Self.points(&numbers) {
      guard let x = a.value(point), let y = b.value(point) else { continue }
      if equal != .deferred { #expect((x == y) == (equal == .proved), "\(a.dim) == \(b.dim)") }
      if atLeast != .deferred { #expect((x >= y) == (atLeast == .proved), "\(a.dim) >= \(b.dim)") }
    }
  }

  @Test func `dims print as they would be written`() {
    #expect((h - 4).description == "H - 4")
    #expect((2 * h * w).description == "2*H*W")
    #expect((h - 5).floorDivided(by: 2).description == "((H + 1) div 2) - 3")
    #expect((20 * h.floorDivided(by: 2)).description == "20*(H div 2)")
    #expect((4 - h).description == "-H + 4")
  }

  @Test func `floors of what divides disappear`() {
    #expect((4 * h + 3).floorDivided(by: 4) == h)
    #expect(h.floorDivided(by: 2).floorDivided(by: 3) == h.floorDivided(by: 6))
    #expect((h * d).floorDivided(by: d) == h)
    #expect(Dim(-7).floorDivided(by: 2) == -4)
    #expect(Dim(7).ceilDivided(by: 2) == 4)
  }

  @Test func `arithmetic beyond Int overflows without a trap`() {
    let large = Dim(Int.max)
    #expect((large + 1).isOverflow)
    #expect((large * h * large).isOverflow)
    #expect(Dim(10).power(40).isOverflow)
    #expect(Dim(Int.min).floorDivided(by: -1).isOverflow)
    #expect(h.floorDivided(by: 0).isOverflow)
  }

  @Test func `a product with too many terms gives up instead of hanging`() {
    var supply = SymbolSupply()
    let sum = (0..<40).reduce(Dim(1)) { sum, index in sum + Dim(supply.symbol("s\(index)")) }
    #expect(sum.power(6).isOverflow)
  }

  @Test func `high powers and floors in floors give up instead of hanging`() {
    #expect(h.power(1_000_000_000).isOverflow)
    #expect(h.power(64).power(1_000_000).isOverflow)
    var nested = h
    for turn in 1..<60 {
      let (half, third) = (nested + Dim(turn), nested + Dim(turn + 1))
      nested = half.floorDivided(by: 2) * third.floorDivided(by: 3)
    }
    #expect(nested.isOverflow)
    #expect(Facts().decide(.atLeast(nested, 1)) == .deferred)
  }

  @Test func `bounds of many floors are found in time`() {
    var nested = h
    for turn in 1..<40 { nested = (nested + Dim(turn)).floorDivided(by: Dim(3)) * 2 + h }
    #expect(Facts().decide(.atLeast(nested, 1)) == .proved)
  }
}

@Suite struct FactsTests {
  let h = Dim(DimTests.h)
  let w = Dim(DimTests.w)
  let d = Dim(DimTests.d)

  @Test func `both sides of a residual block are equally large`() {
    let main = (h + 2 - 3).floorDivided(by: 2) + 1
    let skip = (h - 1).floorDivided(by: 2) + 1
    #expect(Facts().decide(.equal(main, skip)) == .proved)
  }

  @Test func `heads times the width of a head is the width, where heads divide it`() {
    let split = w * d.floorDivided(by: w)
    #expect(Facts().decide(.equal(split, d)) == .deferred)
    var facts = Facts()
    facts.assume(.divides(d, by: w))
    #expect(facts.decide(.equal(split, d)) == .proved)
    #expect(facts.decide(.divides(d, by: w)) == .proved)
  }

  @Test func `down by two and up by two needs an even size`() {
    let up = 2 * h.floorDivided(by: 2)
    #expect(Facts().decide(.equal(up, h)) == .deferred)
    var facts = Facts()
    facts.assume(.divides(h, by: 2))
    #expect(facts.decide(.equal(up, h)) == .proved)
  }

  @Test func `an equality is used wherever its symbol occurs`() {
    var facts = Facts()
    facts.assume(.equal(h, w + 1))
    #expect(facts.decide(.equal(2 * h, 2 * w + 2)) == .proved)
    #expect(facts.decide(.equal(h, w)) == .refuted)
  }

  @Test func `bounds decide what must be large enough`() {
    #expect(Facts().decide(.atLeast(h, 1)) == .proved)
    #expect(Facts().decide(.atLeast(h, 5)) == .deferred)
    #expect(Facts().decide(.equal(h, 0)) == .refuted)
    var facts = Facts()
    facts.assume(.atLeast(h, 16))
    #expect(facts.decide(.atLeast((h - 4).floorDivided(by: 2), 6)) == .proved)
    #expect(facts.decide(.equal(h, 12)) == .refuted)
    facts.assume(.atLeast(20, h))
    #expect(facts.decide(.atLeast(19, h)) == .deferred)
    #expect(facts.decide(.atLeast(20, h)) == .proved)
  }
}
