import DLMShapes
import DLMTensor

/// What an operator is told beside its operands.
package enum Attribute: Hashable, Sendable {
  /// A number that may be symbolic while checking.
  case dim(Dim)
  case dims([Dim])
  /// Positions of axes, counted from the front; an `axis` is one of them.
  case axes([Int])
  case real(Double)
  case bool(Bool)
  case window(Window)
  case elementType(ElementType)
  case stream(UInt64)
}

/// Attributes by name: few enough that looking through them is faster than hashing.
package struct Attributes: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  package struct Entry: Hashable, Sendable {
    package let name: String
    package var value: Attribute
  }

  /// In the order of their names.
  package private(set) var entries: [Entry] = []

  package init(dictionaryLiteral elements: (String, Attribute)...) {
    for (name, value) in elements { self[name] = value }
  }

  package subscript(name: String) -> Attribute? {
    get { entries.first { $0.name == name }?.value }
    set {
      let place = entries.firstIndex { $0.name >= name } ?? entries.endIndex
      let isThere = place < entries.endIndex && entries[place].name == name
      switch (isThere, newValue) {
      case (true, let value?): entries[place].value = value
      case (true, nil): entries.remove(at: place)
      case (false, let value?): entries.insert(Entry(name: name, value: value), at: place)
      case (false, nil): break
      }
    }
  }
}

/// What a recorded operator was told. `Graph.apply` has checked that each attribute of the
/// signature is there, of its type, and has no symbol left; asking for another is a mistake in this
/// program.
extension Attributes {
  package func int(_ name: String) -> Int {
    guard case .dim(let dim)? = self[name], let value = dim.constant else { missing(name) }
    return value
  }

  package func dims(_ name: String) -> [Int] {
    guard case .dims(let dims)? = self[name] else { missing(name) }
    return dims.map { dim in
      guard let value = dim.constant else { missing(name) }
      return value
    }
  }

  package func axes(_ name: String = "axes") -> [Int] {
    guard case .axes(let axes)? = self[name] else { missing(name) }
    return axes
  }

  package func axis(_ name: String = "axis") -> Int {
    guard case .axes(let axes)? = self[name], axes.count == 1 else { missing(name) }
    return axes[0]
  }

  package func real(_ name: String) -> Double {
    guard case .real(let value)? = self[name] else { missing(name) }
    return value
  }

  package func bool(_ name: String) -> Bool {
    guard case .bool(let value)? = self[name] else { missing(name) }
    return value
  }

  package func window(_ name: String = "window") -> Window {
    guard case .window(let window)? = self[name] else { missing(name) }
    return window
  }

  package func elementType(_ name: String = "type") -> ElementType {
    guard case .elementType(let type)? = self[name] else { missing(name) }
    return type
  }

  package func stream(_ name: String = "stream") -> UInt64 {
    guard case .stream(let stream)? = self[name] else { missing(name) }
    return stream
  }

  private func missing(_ name: String) -> Never {
    preconditionFailure("a recorded operator has no attribute `\(name)` of this type")
  }
}

/// Why an operator cannot be applied: data for a diagnostic, worded by the frontend.
package enum InferenceFailure: Error, Hashable {
  /// So many operands were given where the signature has `expected`.
  case operandCount(found: Int, expected: Int)
  /// Axis `axis` of operand `operand` is `found` where `expected` is needed.
  case axisMismatch(operand: Int, axis: Int, found: Dim, expected: Dim)
  /// `expected` axes, or at least so many where `isMinimum`.
  case rankMismatch(operand: Int, found: Int, expected: Int, isMinimum: Bool)
  /// A relation between dims that must hold and does not, in the words of the operator.
  case requirement(String, Relation)
  case kindMismatch(operand: Int, found: Kind, expected: String)
  case elementMismatch(operand: Int, found: ElementType, expected: ElementType)
  case attribute(name: String, reason: String)
  /// A reshape that would neither split nor merge neighbours: axes `from` of the operand would
  /// become axes `to` of the result.
  case interleaves(from: Range<Int>, to: Range<Int>)
}
