/// A length that a program names but whose value is not known while checking: `B`, `H`.
///
/// Two symbols are the same only if their ids are; the name is for printing.
package struct Symbol: Hashable, Sendable {
  package let id: Int
  package let name: String
}

/// Hands out symbols with ids in order, so that a run of the checker is repeatable.
package struct SymbolSupply: Sendable {
  private var next = 0

  package init() {}

  /// A symbol unlike every other of this supply.
  package mutating func symbol(_ name: String) -> Symbol {
    defer { next += 1 }
    return Symbol(id: next, name: name)
  }
}
