import DLMOperators
import DLMShapes
import DLMSyntax

/// A call of the prelude while checking, by all that its result depends on but the lengths in it.
///
/// Lengths are numbered in the order in which they occur, equal ones alike: `Linear(10)` of
/// `real[B, 50]` and `Linear(20)` of `real[64, 2*D]` are one call.
struct CallKey: Hashable {
  private enum Argument: Hashable {
    case none, absent
    case int(Dim)
    case bool(Bool)
    case number(Double?)
    case string(String)
    case axes([Int])
    case tensor(TensorType, Double?)
    case list([Argument])
    case tuple([Argument])
  }

  private let declaration: ObjectIdentifier
  private let isTraining: Bool
  private var arguments: [Argument] = []
  /// The lengths by number: what tells calls of one key apart.
  private(set) var lengths: [Dim] = []

  init(_ declaration: AnyObject, isTraining: Bool) {
    self.declaration = ObjectIdentifier(declaration)
    self.isTraining = isTraining
  }

  static func == (a: CallKey, b: CallKey) -> Bool {
    a.declaration == b.declaration && a.isTraining == b.isTraining && a.arguments == b.arguments
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(declaration)
    hasher.combine(isTraining)
    hasher.combine(arguments)
  }

  /// Adds an argument, or that it is missing; false where the result depends on more than its value.
  ///
  /// - Parameter isLength: whether a whole number is a length, and may be any.
  mutating func add(_ value: Value?, isLength: Bool, _ facts: Facts) -> Bool {
    guard let value else {
      arguments.append(.absent)
      return true
    }
    guard let argument = argument(value, isLength: isLength, facts) else { return false }
    arguments.append(argument)
    return true
  }

  private mutating func argument(_ value: Value, isLength: Bool, _ facts: Facts) -> Argument? {
    switch value {
    case .none: return Argument.none
    case .int(let dim):
      if isLength { return length(dim, facts).map(Argument.int) }
      return facts.normal(dim).constant.map { .int(Dim($0)) }
    case .bool(let known?): return .bool(known)
    case .string(let text?): return .string(text)
    case .axes(let axes): return .axes(axes)
    case .tensor(let tensor):
      if tensor.isWritten, tensor.type.kind == .real { return .number(tensor.known) }
      return type(tensor.type, facts).map { .tensor($0, tensor.known) }
    case .list(let items, _):
      return arguments(items, isLength: isLength, facts).map(Argument.list)
    case .tuple(let items):
      return arguments(items, isLength: isLength, facts).map(Argument.tuple)
    default: return nil
    }
  }

  private mutating func arguments(_ values: [Value], isLength: Bool, _ facts: Facts) -> [Argument]?
  {
    var arguments: [Argument] = []
    for value in values {
      guard let argument = argument(value, isLength: isLength, facts) else { return nil }
      arguments.append(argument)
    }
    return arguments
  }

  private mutating func type(_ type: TensorType, _ facts: Facts) -> TensorType? {
    var result = type
    for axis in type.dims.indices {
      guard let dim = length(type.dims[axis], facts) else { return nil }
      result.dims[axis] = dim
    }
    if case .index(let count) = type.kind {
      guard let count = length(count, facts) else { return nil }
      result.kind = .index(count)
    }
    return result
  }

  /// The number of a length; 1 is what it is. `nil` for what may be less.
  ///
  /// A symbol stays one, whatever is known of it: axes are named by it.
  private mutating func length(_ dim: Dim, _ facts: Facts) -> Dim? {
    if let constant = dim.constant, constant < 2 { return dim }
    if let number = lengths.firstIndex(of: dim) { return Dim(Symbol(numbered: number)) }
    if dim.constant == nil, let known = facts.normal(dim).constant, known < 1 { return nil }
    guard
      dim.constant != nil || dim.soleSymbol?.isLength ?? false
        || facts.decide(.atLeast(dim, 1)) == .proved
    else { return nil }
    lengths.append(dim)
    return Dim(Symbol(numbered: lengths.count - 1))
  }

  /// The arguments with numbered symbols for lengths, in their order; `nil` for those that are missing.
  var values: [Value?] { arguments.map(Self.value) }

  private static func value(_ argument: Argument) -> Value? {
    switch argument {
    case .absent: return nil
    case .none: return Value.none
    case .int(let dim): return .int(dim)
    case .bool(let known): return .bool(known)
    case .number(let known): return .tensor(TensorValue(written: .real, known))
    case .string(let text): return .string(text)
    case .axes(let axes): return .axes(axes)
    case .tensor(let type, let known):
      var tensor = TensorValue(type)
      tensor.known = known
      return .tensor(tensor)
    case .list(let items): return .list(items.compactMap(value))
    case .tuple(let items): return .tuple(items.compactMap(value))
    }
  }
}

extension TensorType {
  /// With the lengths of a call in place of their numbers.
  func with(_ lengths: [Dim]) -> TensorType {
    if lengths.isEmpty { return self }
    var result = self
    for axis in dims.indices { result.dims[axis] = dims[axis].replacingNumbered(with: lengths) }
    if case .index(let count) = kind {
      result.kind = .index(count.replacingNumbered(with: lengths))
    }
    return result
  }

  /// Whether all its lengths are made of numbered ones.
  var isNumbered: Bool {
    let kindIsNumbered = if case .index(let count) = kind { count.isNumbered } else { true }
    return kindIsNumbered && dims.allSatisfy(\.isNumbered)
  }
}

extension Dim {
  fileprivate var isNumbered: Bool { symbols { $0.number != nil } }
}

extension Relation {
  /// With the lengths of a call in place of their numbers.
  func with(_ lengths: [Dim]) -> Relation { mapDims { $0.replacingNumbered(with: lengths) } }

  var isNumbered: Bool { dims.allSatisfy(\.isNumbered) }
}
