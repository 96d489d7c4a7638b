import DLMOperators
import DLMShapes
import DLMSyntax
import DLMTensor

// Types and conditions of the tree as what `Match` lays over operands.
extension Tree {
  /// The pattern that a written type stands for.
  ///
  /// - Throws: `Failure` for a kind that does not exist, or a dim that is no arithmetic.
  func pattern(_ node: TypeNode) throws -> TypePattern {
    switch node {
    case .tuple(let types, _): return .tuple(try types.map { try pattern($0) })
    case .list(let element, _): return try pattern(element)
    case .optional(let type, _): return .optional(try pattern(type))
    case .tensor(let kind, let argument, let dims, _):
      let entries = try dims.map { try dimPattern($0) }
      if let second = entries.indices.filter({ entries[$0].isPack }).dropFirst().first {
        throw Failure(.severalPacks(Diagnostic.Label(file, span(dims[second]))))
      }
      return .tensor(try kindPattern(kind, argument), entries)
    }
  }

  private static let kinds: [String: Kind] = [
    "real": .real, "logit": .logit, "prob": .prob, "logprob": .logprob, "int": .int,
    "bool": .bool, "u8": .u8,
  ]

  private func kindPattern(_ name: Name, _ argument: ExpressionID?) throws -> KindPattern {
    if name.text == "index" {
      guard let argument else { return .kind(.int) }
      return .index(try dim(argument))
    }
    if name.text == "any" { return .any }
    if let kind = Self.kinds[name.text] { return .kind(kind) }
    if let element = ElementType(named: name.text) { return .element(element) }
    throw Failure(
      .unknownKind(name.text, nearestType(to: name.text), Diagnostic.Label(file, name.span)))
  }

  /// Words for what is no tensor, or any.
  private static let otherTypes = ["int", "ints", "string", "fn", "axes", "any", "index"]

  /// Whether a word stands for a type.
  static func isType(_ word: String) -> Bool {
    kinds[word] != nil || otherTypes.contains(word) || ElementType(named: word) != nil
  }

  func nearestType(to word: String) -> String? {
    nearest(to: word, among: Self.kinds.keys + Self.otherTypes)
  }

  private func dimPattern(_ id: ExpressionID) throws -> DimPattern {
    switch self[id] {
    case .pack(let inner?): .pack(try dim(inner))
    case .pack(nil): .rest
    case .hole: .wildcard
    default: .single(try dim(id))
    }
  }

  /// An expression as arithmetic on dims.
  func dim(_ id: ExpressionID) throws -> DimExpression {
    switch self[id] {
    case .integer(let value): return .integer(value)
    case .name(let name): return .name(name)
    case .unary(.minus, let operand): return .apply(.subtract, .integer(0), try dim(operand))
    case .chain(let first, let rest):
      return try rest.reduce(try dim(first)) { left, step in
        guard let operation = step.operation.onDims else { throw notADim(id) }
        return .apply(operation, left, try dim(step.operand))
      }
    case .call(let callee, let arguments):
      guard case .name(let name) = self[callee] else { throw notADim(id) }
      let operands = try arguments.map { try dim($0.value) }
      switch (name, operands.count) {
      case ("ceil", 1):
        guard case .chain(let a, let rest) = self[arguments[0].value], rest.count == 1,
          rest[0].operation == .divide
        else { throw notADim(id) }
        let (p, q) = (try dim(a), try dim(rest[0].operand))
        let sum = DimExpression.apply(.subtract, .apply(.add, p, q), .integer(1))
        return .apply(.floorDivide, sum, q)
      case ("prod", 1): return .product(operands[0])
      case ("min", 2): return .apply(.minimum, operands[0], operands[1])
      case ("max", 2): return .apply(.maximum, operands[0], operands[1])
      default: throw notADim(id)
      }
    default: throw notADim(id)
    }
  }

  private func notADim(_ id: ExpressionID) -> Failure {
    Failure(.notADim(text(id), Diagnostic.Label(file, span(id))))
  }

  /// The comparisons of dims that `and` joins.
  func dimConditions(_ id: ExpressionID) -> [DimCondition] {
    if let one = dimCondition(id) { return [one] }
    guard case .chain(let first, let rest) = self[id], rest.allSatisfy({ $0.operation == .and })
    else { return [] }
    return ([first] + rest.map(\.operand)).flatMap { dimConditions($0) }
  }

  /// A comparison of dims, `S + 2*pad >= k`; `nil` where it is about something else.
  func dimCondition(_ id: ExpressionID) -> DimCondition? {
    guard case .chain(let left, let rest) = self[id], rest.count == 1,
      let comparison = DimCondition.Comparison(rawValue: rest[0].operation.rawValue)
    else { return nil }
    if comparison == .equal, case .integer(0) = self[rest[0].operand],
      case .chain(let dividend, let steps) = self[left], steps.count == 1,
      steps[0].operation == .modulo, let a = try? dim(dividend), let b = try? dim(steps[0].operand)
    {
      return DimCondition(comparison: .divides, left: a, right: b, text: text(id))
    }
    guard let a = try? dim(left), let b = try? dim(rest[0].operand) else { return nil }
    return DimCondition(comparison: comparison, left: a, right: b, text: text(id))
  }
}

extension BinaryOperator {
  fileprivate var onDims: DimExpression.Operation? {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .floorDivide: .floorDivide
    case .modulo: .modulo
    case .power: .power
    case .or, .and, .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .nearly,
      .matmul:
      nil
    }
  }
}

extension DimExpression {
  /// Names that occur in it.
  var names: Set<String> {
    switch self {
    case .integer: []
    case .name(let name): [name]
    case .apply(_, let a, let b): a.names.union(b.names)
    case .product(let operand): operand.names
    }
  }
}

extension KindPattern {
  /// What the elements are, where the pattern says it: `f64`, but not `real`.
  var element: ElementType? {
    if case .element(let type) = self { type } else { nil }
  }
}

extension ElementType {
  /// `f64`, `i32`: what a type says of its elements.
  init?(named name: String) {
    guard let type = Self.allCases.first(where: { "\($0)" == name }) else { return nil }
    self = type
  }
}
