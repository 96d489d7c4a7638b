/// A seeded generator, so that a failure comes again.
///
/// - Source: Steele, Lea and Flood 2014, https://doi.org/10.1145/2660193.2660195.
package struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  package init(state: UInt64) { self.state = state }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number in `0..<count`.
  package mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }
}
