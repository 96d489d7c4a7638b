import DLMShapes
import DLMTensor

/// A signature laid over operands and attributes: what its names stand for, and what is still open.
package struct Match {
  package let facts: Facts
  package let operands: [TensorType]
  /// With the standard values of those that were not given.
  package private(set) var attributes: Attributes
  package private(set) var bindings: DimBindings = [:]
  /// What must hold and depends on symbols.
  package private(set) var deferred: [Relation] = []
  /// What `number` and `any` stand for.
  private var joined: Kind?
  private var pending: [Pending] = []

  /// Lays `signature` over `operands` and `attributes`; what `bindings` already say stands.
  ///
  /// - Throws: `InferenceFailure` for the first thing that does not fit.
  package init(
    _ signature: Signature, _ operands: [TensorType], _ attributes: Attributes, _ facts: Facts,
    bindings: DimBindings = [:]
  ) throws(InferenceFailure) {
    self.facts = facts
    self.operands = operands
    self.attributes = attributes
    self.bindings = bindings
    try checkCount(signature)
    try bindAttributes(signature)
    for (index, operand) in operands.enumerated() {
      let pattern = signature.operands[min(index, signature.operands.count - 1)]
      try match(pattern.type, operand, index)
    }
    for declaration in signature.attributes {
      guard case .dims(let pattern) = declaration.type,
        case .dims(let dims)? = self.attributes[declaration.name]
      else { continue }
      try match(pattern, dims, .attribute(declaration.name))
    }
    for check in pending { try resolve(check) }
    for condition in signature.conditions {
      let relations: [Relation]
      do throws(DimExpressionError) {
        relations = try condition.relations(with: self.bindings)
      } catch {
        throw error.failure
      }
      for relation in relations {
        try require(relation, or: .requirement(condition.text, relation))
      }
    }
  }

  /// The type that `pattern` stands for now.
  package mutating func type(_ pattern: TypePattern) throws(InferenceFailure) -> TensorType {
    guard case .tensor(let kind, let entries) = pattern else {
      throw .attribute(name: "result", reason: "is not a tensor")
    }
    var dims: [Dim] = []
    for entry in entries {
      switch entry {
      case .single(let expression), .pack(let expression): dims += try value(expression).dims
      case .rest, .wildcard: throw .attribute(name: "result", reason: "has no dims")
      }
    }
    return TensorType(try result(kind), dims)
  }

  /// What elements of `kind` that are made of the operands are: attribute `type`, where there is one;
  /// else of reals what they become together, and `i64` where there is one among whole numbers.
  func element(of kind: Kind, readsIndices: Bool) -> ElementType {
    if case .elementType(let type)? = attributes["type"] { return type }
    let types = (readsIndices ? operands.prefix(1) : operands[...]).map(\.element)
    switch kind {
    case .real, .logit, .prob, .logprob: return ElementType.promoted(types)
    case .int: return types.contains(.i64) ? .i64 : .i32
    case .index, .u8, .bool: return kind.element
    }
  }

  /// Holds `relation` for granted, puts it off, or throws `failure` where it is refuted.
  package mutating func require(
    _ relation: Relation, or failure: @autoclosure () -> InferenceFailure
  ) throws(InferenceFailure) {
    switch facts.decide(relation) {
    case .proved: break
    case .refuted: throw failure()
    case .deferred: if !deferred.contains(relation) { deferred.append(relation) }
    }
  }

  /// The kind that the operands typed `any` or `number` have in common.
  package var commonKind: Kind { joined ?? operands.first?.kind ?? .real }
}

extension Match {
  private enum Place {
    case operand(Int)
    case attribute(String)

    func mismatch(_ axis: Int, found: Dim, expected: Dim) -> InferenceFailure {
      switch self {
      case .operand(let operand):
        .axisMismatch(operand: operand, axis: axis, found: found, expected: expected)
      case .attribute(let name):
        .attribute(name: name, reason: "has \(found) at \(axis), where \(expected) is needed")
      }
    }
  }

  /// Dims whose pattern may use names that a later operand binds.
  private struct Pending {
    var expression: DimExpression
    var found: [Dim]
    var isPack: Bool
    var place: Place
    /// Position of the first of `found` among the axes.
    var axis: Int

    init(
      _ expression: DimExpression, _ found: [Dim], isPack: Bool, _ place: Place, axis: Int
    ) {
      self.expression = expression
      self.found = found
      self.isPack = isPack
      self.place = place
      self.axis = axis
    }
  }

  private func checkCount(_ signature: Signature) throws(InferenceFailure) {
    let expected = signature.operands.count
    let fits = signature.isVariadic ? operands.count >= expected : operands.count == expected
    guard fits else { throw .operandCount(found: operands.count, expected: expected) }
  }

  private mutating func bindAttributes(_ signature: Signature) throws(InferenceFailure) {
    for entry in attributes.entries
    where !signature.attributes.contains(where: { $0.name == entry.name }) {
      throw .attribute(name: entry.name, reason: "is not one of this operator's")
    }
    for declaration in signature.attributes {
      let name = declaration.name
      guard let given = attributes[name] ?? declaration.standard else {
        throw .attribute(name: name, reason: "is missing")
      }
      guard let value = declaration.type.accept(given, rank: operands.first?.dims.count ?? 0)
      else { throw .attribute(name: name, reason: "is not \(declaration.type.summary)") }
      if attributes[name] != value { attributes[name] = value }
      switch value {
      case .dim(let dim): bindings[name] = .dim(dim)
      case .window(let window): try bind(window, named: name)
      case .dims, .axes, .real, .bool, .elementType, .stream: break
      }
    }
  }

  private mutating func bind(_ window: Window, named name: String) throws(InferenceFailure) {
    let parts = [
      "size": window.size, "stride": window.stride, "low": window.low, "high": window.high,
      "dilation": window.dilation,
    ]
    for (part, values) in parts {
      let least = part == "low" || part == "high" ? 0 : 1
      guard values.count == window.size.count, values.allSatisfy({ $0 >= least }) else {
        throw .attribute(name: name, reason: "needs a \(part) of at least \(least) for every axis")
      }
      bindings[part] = .pack(values.map { Dim($0) })
    }
  }

  private mutating func match(_ pattern: TypePattern, _ type: TensorType, _ operand: Int)
    throws(InferenceFailure)
  {
    guard case .tensor(let kind, let dims) = pattern else {
      throw .kindMismatch(operand: operand, found: type.kind, expected: "a tuple")
    }
    try match(kind, type.kind, operand)
    try match(dims, type.dims, .operand(operand))
  }

  private mutating func match(_ pattern: [DimPattern], _ dims: [Dim], _ place: Place)
    throws(InferenceFailure)
  {
    let singles = pattern.reduce(0) { $1.isPack ? $0 : $0 + 1 }
    let hasPack = singles < pattern.count
    guard hasPack ? dims.count >= singles : dims.count == singles else {
      throw rankFailure(place, found: dims.count, expected: singles, isMinimum: hasPack)
    }
    var axis = 0
    for entry in pattern {
      let count = entry.isPack ? dims.count - singles : 1
      switch entry {
      case .single(let expression), .pack(let expression):
        let found = entry.isPack ? Array(dims[axis..<(axis + count)]) : [dims[axis]]
        if case .name(let name) = expression, let bound = bindings[name] {
          // The usual case, the same dims again.
          if bound.dims != found || found.contains(where: \.isOverflow) {
            pending.append(Pending(expression, found, isPack: entry.isPack, place, axis: axis))
          }
        } else if case .name(let name) = expression {
          bindings[name] = entry.isPack ? .pack(found) : .dim(found[0])
        } else {
          pending.append(Pending(expression, found, isPack: entry.isPack, place, axis: axis))
        }
      case .rest, .wildcard: break
      }
      axis += count
    }
  }

  private mutating func resolve(_ check: Pending) throws(InferenceFailure) {
    let expected: [Dim]
    switch try value(check.expression) {
    case .pack(let dims): expected = dims
    // Against a pack, a single dim stands for each of its axes.
    case .dim(let dim):
      expected = [Dim](repeating: dim, count: check.isPack ? check.found.count : 1)
    }
    guard expected.count == check.found.count else {
      let rest = check.axis
      throw rankFailure(
        check.place, found: rest + check.found.count, expected: rest + expected.count,
        isMinimum: false)
    }
    for (offset, (found, expected)) in zip(check.found, expected).enumerated() {
      try require(
        .equal(found, expected),
        or: check.place.mismatch(check.axis + offset, found: found, expected: expected))
    }
  }

  private func rankFailure(_ place: Place, found: Int, expected: Int, isMinimum: Bool)
    -> InferenceFailure
  {
    switch place {
    case .operand(let operand):
      .rankMismatch(operand: operand, found: found, expected: expected, isMinimum: isMinimum)
    case .attribute(let name):
      .attribute(
        name: name,
        reason: "has \(found) dims, where \(isMinimum ? "at least " : "")\(expected) are needed")
    }
  }

  private mutating func value(_ expression: DimExpression) throws(InferenceFailure) -> DimBinding {
    let evaluated: (value: DimBinding, requirements: [Relation])
    do throws(DimExpressionError) {
      evaluated = try expression.evaluated(with: bindings)
    } catch {
      throw error.failure
    }
    for relation in evaluated.requirements {
      try require(relation, or: .requirement(expression.description, relation))
    }
    return evaluated.value
  }
}

extension DimExpressionError {
  fileprivate var failure: InferenceFailure {
    switch self {
    case .unknownName(let name): .attribute(name: name, reason: "has no value")
    case .packLengths(let a, let b):
      .rankMismatch(operand: 0, found: a, expected: b, isMinimum: false)
    case .openExponent(let exponent):
      .attribute(name: "\(exponent)", reason: "is no exponent that is known")
    }
  }
}

extension Match {
  private mutating func match(_ pattern: KindPattern, _ kind: Kind, _ operand: Int)
    throws(InferenceFailure)
  {
    func refused() -> InferenceFailure {
      .kindMismatch(operand: operand, found: kind, expected: pattern.description)
    }
    switch pattern {
    case .kind(let wanted): guard kind.passes(as: wanted) else { throw refused() }
    case .element(let type):
      guard kind.passes(as: type.kind) else { throw refused() }
      guard operands[operand].element == type else {
        throw .elementMismatch(operand: operand, found: operands[operand].element, expected: type)
      }
    case .index(let expression):
      guard case .index(let count) = kind else { throw refused() }
      if case .name(let name) = expression, bindings[name] == nil {
        bindings[name] = .dim(count)
      } else {
        let facts = facts
        for expected in try value(expression).dims {
          try require(
            .equal(count, expected),
            or: .kindMismatch(
              operand: operand, found: .index(facts.normal(count)),
              expected: "index(\(facts.normal(expected)))"))
        }
      }
    case .number:
      guard kind.passes(as: .real) || kind.passes(as: .int) else { throw refused() }
      let dropped: Kind = kind.isReal ? .real : .int
      guard (joined ?? dropped) == dropped else { throw refused() }
      joined = dropped
    case .any: joined = try join(kind, operand)
    }
  }

  /// Equal kinds stay, different reals become `real`, an index among whole numbers `int`; indices
  /// into axes of different lengths do not mix.
  private mutating func join(_ kind: Kind, _ operand: Int) throws(InferenceFailure) -> Kind {
    guard let other = joined, other != kind else { return kind }
    let failure = InferenceFailure.kindMismatch(
      operand: operand, found: kind, expected: "\(other)")
    if case .index(let a) = kind, case .index(let b) = other {
      try require(.equal(a, b), or: failure)
      return other
    }
    if kind.isReal && other.isReal { return .real }
    guard kind.passes(as: .int) && other.passes(as: .int) else { throw failure }
    return .int
  }

  private mutating func result(_ pattern: KindPattern) throws(InferenceFailure) -> Kind {
    switch pattern {
    case .kind(let kind): return kind
    case .element(let type): return type.kind
    case .index(let expression): return .index(try value(expression).dims.first ?? .overflow)
    case .number, .any: return commonKind
    }
  }
}

extension AttributeType {
  /// `given` as this type, or `nil` where it is another; one number becomes one for each of `rank`
  /// axes.
  fileprivate func accept(_ given: Attribute, rank: Int) -> Attribute? {
    switch (self, given) {
    case (.int, .dim), (.real, .real), (.bool, .bool), (.type, .elementType), (.window, .window),
      (.stream, .stream), (.axes, .axes), (.dims, .dims):
      return given
    case (.axis, .axes(let axes)): return axes.count == 1 ? given : nil
    case (.dims, .dim(let dim)): return .dims([Dim](repeating: dim, count: rank))
    case (.real, .dim(let dim)): return dim.constant.map { .real(Double($0)) }
    default: return nil
    }
  }

  fileprivate var summary: String {
    switch self {
    case .int: "a whole number"
    case .real: "a real number"
    case .bool: "true or false"
    case .type: "an element type"
    case .window: "a window"
    case .stream: "a random stream"
    case .axis: "one axis"
    case .axes: "a list of axes"
    case .dims: "a list of dims"
    }
  }
}

extension Kind {
  /// Whether it may stand where `wanted` is asked for: every real kind is `real`, every index an
  /// `int`, and a `real` may be a `logit`.
  package func passes(as wanted: Kind) -> Bool {
    switch (self, wanted) {
    case (_, .real): isReal
    case (.real, .logit), (.index, .int): true
    default: self == wanted
    }
  }
}

extension KindPattern {
  /// Whether a `real` may stand where it is asked for.
  var takesReals: Bool {
    switch self {
    case .kind(let wanted): Kind.real.passes(as: wanted)
    case .number, .any: true
    case .element, .index: false
    }
  }
}

extension KindPattern: CustomStringConvertible {
  package var description: String {
    switch self {
    case .kind(let kind): "\(kind)"
    case .index(let count): "index(\(count))"
    case .element(let type): "\(type)"
    case .number: "real or int"
    case .any: "any kind"
    }
  }
}
