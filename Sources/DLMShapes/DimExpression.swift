/// A dim as it is written in a type: `(S + 2*pad - k) div stride + 1`.
///
/// Names stand for one dim or, if bound to a pack, for one dim an axis; arithmetic on packs is
/// element-wise and repeats single dims.
package indirect enum DimExpression: Hashable, Sendable {
  package enum Operation: String, Hashable, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    /// `/`: exact, so the divisor is required to divide.
    case divide = "/"
    case floorDivide = "div"
    case modulo = "%"
    case minimum = "min"
    case maximum = "max"
    /// With a whole number that is known and not negative above.
    case power = "^"
  }

  case integer(Int)
  case name(String)
  case apply(Operation, DimExpression, DimExpression)
  /// `prod(S)`: the product of a pack, 1 if it is empty.
  case product(DimExpression)
}

/// What a name in a type stands for.
package enum DimBinding: Hashable, Sendable {
  case dim(Dim)
  case pack([Dim])

  package func map(_ change: (Dim) -> Dim) -> DimBinding {
    switch self {
    case .dim(let dim): .dim(change(dim))
    case .pack(let dims): .pack(dims.map(change))
    }
  }
}

/// Why a dim expression has no value.
package enum DimExpressionError: Error, Hashable {
  case unknownName(String)
  /// Element-wise arithmetic on packs of different lengths.
  case packLengths(Int, Int)
  /// A power whose exponent is not known, or is below 0.
  case openExponent(Dim)
}

extension DimExpression {
  /// The value with `bindings` put in, and what exact divisions require of it.
  package func evaluated(with bindings: DimBindings) throws(DimExpressionError)
    -> (value: DimBinding, requirements: [Relation])
  {
    switch self {
    case .integer(let value): return (.dim(Dim(value)), [])
    case .name(let name):
      guard let binding = bindings[name] else { throw .unknownName(name) }
      return (binding, [])
    case .product(let operand):
      let (value, requirements) = try operand.evaluated(with: bindings)
      return (.dim(value.dims.reduce(1, *)), requirements)
    case .apply(let operation, let a, let b):
      let (x, first) = try a.evaluated(with: bindings)
      let (y, second) = try b.evaluated(with: bindings)
      if case .dim(let p) = x, case .dim(let q) = y, operation.isTotal {
        return (.dim(operation.result(p, q)), first + second)
      }
      let pairs = try x.zipped(with: y)
      let required = operation == .divide ? pairs.map { Relation.divides($0, by: $1) } : []
      if operation == .power, let open = pairs.first(where: { ($0.1.constant ?? -1) < 0 }) {
        throw .openExponent(open.1)
      }
      let values = pairs.map { operation.result($0, $1) }
      let isPack = x.isPack || y.isPack
      return (isPack ? .pack(values) : .dim(values[0]), first + second + required)
    }
  }

  /// The arithmetic for element `axis` of a pack as it was computed: names replaced by their values and
  /// operations that change nothing left out, so `(S + 2*pad - k) div stride + 1` reads `28 - 5 + 1`.
  package func derivation(with bindings: DimBindings, axis: Int = 0) -> String {
    simplified(with: bindings, axis: axis).text
  }

  private func simplified(with bindings: DimBindings, axis: Int) -> Derivation {
    switch self {
    case .integer(let value): return Derivation(number: value)
    case .name(let name):
      guard let dims = bindings[name]?.dims, let dim = dims.count == 1 ? dims.first : dims[at: axis]
      else { return Derivation(text: name, precedence: .atom, value: nil) }
      return Derivation(text: dim.description, precedence: .of(dim), value: dim.constant)
    case .product(let operand):
      guard case .name(let name) = operand, let dims = bindings[name]?.dims, !dims.isEmpty else {
        return Derivation(text: "prod(\(operand))", precedence: .atom, value: nil)
      }
      let factors = dims.map { Derivation.Precedence.of($0) == .atom ? "\($0)" : "(\($0))" }
      return Derivation(
        text: factors.joined(separator: " * "), precedence: dims.count == 1 ? .atom : .product,
        value: dims.reduce(1, *).constant)
    case .apply(
      .add, .apply(.floorDivide, .apply(.subtract, let length, let window), let stride),
      .integer(1))
    where window.simplified(with: bindings, axis: axis).text
      == stride.simplified(with: bindings, axis: axis).text:
      // Windows side by side: (s - k) div k + 1 is s div k.
      return DimExpression.Operation.floorDivide.derivation(
        length.simplified(with: bindings, axis: axis), stride.simplified(with: bindings, axis: axis)
      )
    case .apply(let operation, let a, let b):
      return operation.derivation(
        a.simplified(with: bindings, axis: axis), b.simplified(with: bindings, axis: axis))
    }
  }
}

extension DimBinding {
  package var dims: [Dim] {
    switch self {
    case .dim(let dim): [dim]
    case .pack(let dims): dims
    }
  }

  fileprivate var isPack: Bool {
    if case .pack = self { true } else { false }
  }

  fileprivate func zipped(with other: DimBinding) throws(DimExpressionError) -> [(Dim, Dim)] {
    switch (self, other) {
    case (.dim(let a), .dim(let b)): return [(a, b)]
    case (.dim(let a), .pack(let b)): return b.map { (a, $0) }
    case (.pack(let a), .dim(let b)): return a.map { ($0, b) }
    case (.pack(let a), .pack(let b)):
      guard a.count == b.count else { throw .packLengths(a.count, b.count) }
      return Array(zip(a, b))
    }
  }
}

extension DimExpression.Operation {
  /// Whether it has a result for all dims and requires nothing of them.
  fileprivate var isTotal: Bool { self != .divide && self != .power }

  fileprivate func result(_ a: Dim, _ b: Dim) -> Dim {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide, .floorDivide: a.floorDivided(by: b)
    case .modulo: a.modulo(b)
    case .minimum: .min(a, b)
    case .maximum: .max(a, b)
    case .power: a.power(b.constant ?? 0)
    }
  }

  fileprivate func derivation(_ a: Derivation, _ b: Derivation) -> Derivation {
    switch (self, a.value, b.value) {
    case (.add, _, 0), (.subtract, _, 0), (.multiply, _, 1), (.divide, _, 1), (.floorDivide, _, 1):
      return a
    case (.add, 0, _), (.multiply, 1, _): return b
    case (.multiply, 0, _), (.multiply, _, 0): return Derivation(number: 0)
    default: break
    }
    let value = a.value.flatMap { x in b.value.flatMap { result(Dim(x), Dim($0)).constant } }
    switch self {
    case .minimum, .maximum:
      return Derivation(text: "\(rawValue)(\(a.text), \(b.text))", precedence: .atom, value: value)
    case .add, .subtract:
      let right = self == .subtract ? b.wrapped(unless: .product) : b.text
      return Derivation(
        text: "\(a.text) \(rawValue) \(right)", precedence: .sum, value: value)
    case .power:
      return Derivation(
        text: "\(a.wrapped(unless: .atom))^\(b.wrapped(unless: .atom))", precedence: .product,
        value: value)
    case .multiply, .divide, .floorDivide, .modulo:
      let left = a.wrapped(unless: self == .multiply ? .product : .atom)
      return Derivation(
        text: "\(left) \(rawValue) \(b.wrapped(unless: .atom))", precedence: .product, value: value)
    }
  }
}

extension DimExpression: CustomStringConvertible {
  package var description: String { simplified(with: [:], axis: 0).text }
}

/// Arithmetic on its way to a reader.
private struct Derivation {
  /// How tightly the outermost operation binds.
  enum Precedence: Int, Comparable {
    case sum, product, atom

    static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

    static func of(_ dim: Dim) -> Precedence {
      dim.description.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } ? .atom : .sum
    }
  }

  let text: String
  let precedence: Precedence
  let value: Int?

  init(text: String, precedence: Precedence, value: Int?) {
    self.text = text
    self.precedence = precedence
    self.value = value
  }

  init(number: Int) {
    self.init(text: "\(number)", precedence: number < 0 ? .sum : .atom, value: number)
  }

  func wrapped(unless enough: Precedence) -> String { precedence >= enough ? text : "(\(text))" }
}

extension Array {
  fileprivate subscript(at index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
