/// A length that a program names but whose value is not known while checking: `B`, `H`.
///
/// Two symbols are the same only if their ids are; the name is for printing.
package struct Symbol: Hashable, Sendable {
  package let id: Int
  package let name: String
  /// Whether it is at least 1, as lengths are; otherwise it is any whole number.
  package let isLength: Bool

  package init(id: Int, name: String, isLength: Bool = true) {
    self.id = id
    self.name = name
    self.isLength = isLength
  }

  package static func == (a: Symbol, b: Symbol) -> Bool { a.id == b.id }

  package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension Symbol {
  /// Its position in a form in which symbols are numbered; `nil` for one of a supply.
  package var number: Int? { id < 0 ? -1 - id : nil }

  /// The symbol at `position` of a form in which symbols are numbered: none of a supply's.
  package init(numbered position: Int) {
    id = -1 - position
    name = ""
    isLength = true
  }
}

/// Hands out symbols with ids in order, so that a run of the checker is repeatable.
package struct SymbolSupply: Sendable {
  private var next = 0

  package init() {}

  /// A symbol unlike every other of this supply.
  package mutating func symbol(_ name: String, isLength: Bool = true) -> Symbol {
    defer { next += 1 }
    return Symbol(id: next, name: name, isLength: isLength)
  }
}
