/// Comparison of printed lines, of which the last digits of numbers depend on the instruction set.
package enum PrintedText {
  /// What such a digit may change of a number, relative to it and at zero.
  private static let (relative, absolute) = (1e-3, 2e-5)

  package static func agree(_ a: [String], _ b: [String]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { agree($0, $1) }
  }

  private static func agree(_ a: String, _ b: String) -> Bool {
    if a == b { return true }
    let (x, y) = (pieces(a), pieces(b))
    return x.count == y.count
      && zip(x, y).allSatisfy { old, new in
        guard let old = Double(old), let new = Double(new) else { return old == new }
        return abs(old - new) <= absolute + relative * abs(new)
      }
  }

  /// Numbers and what stands between them; spaces do not count, since a longer number moves them.
  private static func pieces(_ line: String) -> [String] {
    var pieces: [String] = []
    var isNumber = false
    for character in line {
      let continues = character.isNumber || character == "." || character == "-" || character == "e"
      if character == " " {
        isNumber = false
      } else if continues, isNumber {
        pieces[pieces.count - 1].append(character)
      } else {
        pieces.append(String(character))
        isNumber = character.isNumber || character == "-"
      }
    }
    return pieces
  }
}
