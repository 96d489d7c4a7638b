import DLMOperators
import DLMShapes
import DLMSyntax

/// A call of the prelude while checking, by all that its result depends on.
///
/// Symbols are numbered in the order in which they occur, so that `relu` of `real[B, 50]` is one call
/// whichever `B` it is of.
struct CallKey: Hashable {
  private enum Argument: Hashable {
    case int(Dim)
    case bool(Bool)
    case number(Double)
    case string(String)
    case tensor(TensorType, Double?)
    case list([Argument])
    case absent
  }

  private let module: ObjectIdentifier
  private let name: String
  private let isTraining: Bool
  private var arguments: [Argument] = []
  /// The name of each symbol, which messages show, and what is known of it.
  private var symbolNames: [String] = []
  private var symbolValues: [Dim?] = []
  /// The symbols by number.
  private(set) var symbols: [Symbol] = []
  private var numbers: [Symbol: Symbol] = [:]

  init(_ module: Module, _ name: String, isTraining: Bool) {
    self.module = ObjectIdentifier(module)
    self.name = name
    self.isTraining = isTraining
  }

  static func == (a: CallKey, b: CallKey) -> Bool {
    a.module == b.module && a.name == b.name && a.isTraining == b.isTraining
      && a.arguments == b.arguments && a.symbolNames == b.symbolNames
      && a.symbolValues == b.symbolValues
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(module)
    hasher.combine(name)
    hasher.combine(arguments)
  }

  /// Adds an argument, or that it is missing; false where the result depends on more than its value.
  mutating func add(_ value: Value?, _ facts: Facts) -> Bool {
    guard let value else {
      arguments.append(.absent)
      return true
    }
    guard let argument = argument(value, facts) else { return false }
    arguments.append(argument)
    return true
  }

  private mutating func argument(_ value: Value, _ facts: Facts) -> Argument? {
    switch value {
    case .int(let dim): return numbered(dim, facts).map(Argument.int)
    case .bool(let known?): return .bool(known)
    case .string(let text?): return .string(text)
    case .tensor(let tensor):
      if tensor.isScalar, let known = tensor.known, tensor.type.kind == .real {
        return .number(known)
      }
      var dims: [Dim] = []
      for dim in tensor.type.dims {
        guard let dim = numbered(dim, facts) else { return nil }
        dims.append(dim)
      }
      var kind = tensor.type.kind
      if case .index(let count) = kind {
        guard let count = numbered(count, facts) else { return nil }
        kind = .index(count)
      }
      return .tensor(TensorType(kind, dims), tensor.known)
    case .list(let items, _), .tuple(let items):
      var arguments: [Argument] = []
      for item in items {
        guard let argument = argument(item, facts) else { return nil }
        arguments.append(argument)
      }
      return .list(arguments)
    default: return nil
    }
  }

  /// `dim` over numbered symbols; `nil` where more is known of one than a value.
  private mutating func numbered(_ dim: Dim, _ facts: Facts) -> Dim? {
    if dim.constant != nil { return dim }
    // Ids are handed out in order, so the order of the numbers is that of the program.
    for symbol in dim.symbols.sorted(by: { $0.id < $1.id }) where numbers[symbol] == nil {
      let value = facts.normal(Dim(symbol))
      guard value.constant != nil || facts.isFree(symbol) else { return nil }
      numbers[symbol] = Symbol(numbered: symbols.count)
      symbols.append(symbol)
      symbolNames.append(symbol.name)
      symbolValues.append(value.constant.map { Dim($0) })
    }
    return dim.renaming(numbers)
  }

  /// `type` over numbered symbols; `nil` where it has others.
  func numbered(_ type: TensorType) -> TensorType? {
    let known = Set(symbols)
    var result = type
    for axis in type.dims.indices {
      guard type.dims[axis].symbols.isSubset(of: known) else { return nil }
      result.dims[axis] = type.dims[axis].renaming(numbers)
    }
    if case .index(let count) = type.kind {
      guard count.symbols.isSubset(of: known) else { return nil }
      result.kind = .index(count.renaming(numbers))
    }
    return result
  }

  /// A numbered type over the symbols of this call.
  func restored(_ type: TensorType) -> TensorType {
    guard !symbols.isEmpty else { return type }
    var own: [Symbol: Symbol] = [:]
    for (position, symbol) in symbols.enumerated() { own[Symbol(numbered: position)] = symbol }
    var result = type
    result.dims = type.dims.map { $0.renaming(own) }
    if case .index(let count) = type.kind { result.kind = .index(count.renaming(own)) }
    return result
  }
}

/// What a call of the prelude gave: its result, and what its layer keeps.
struct CallSummary {
  var result: TensorType
  var known: Double?
  var arithmetic: String
  var kept: [Instance.Kept]
}

extension Evaluator {
  /// The key of a call whose result only depends on its arguments; `nil` for any other.
  func key(
    _ name: String, _ module: Module, _ parameters: [Parameter], _ bound: [String: Value],
    _ frame: Frame
  ) -> CallKey? {
    guard machine == nil, module.isPrelude else { return nil }
    var key = CallKey(module, name, isTraining: frame.isTraining)
    for parameter in parameters {
      let value = bound[parameter.name.text]
      // Axes are named in the words of the caller.
      if value != nil, parameter.isAxes { return nil }
      guard key.add(value, frame.facts) else { return nil }
    }
    return key
  }

  /// The result of `body`, taken from an earlier call with the same key if there was one.
  func remembering(
    _ key: CallKey?, _ instance: Instance?, _ given: [Given], at id: ExpressionID,
    _ frame: inout Frame, _ body: (inout Frame) throws -> Value
  ) throws -> Value {
    guard let key else { return try body(&frame) }
    if let summary = summaries[key] {
      for kept in summary.kept {
        instance?.keep(kept.name, key.restored(kept.type), isTrained: kept.isTrained)
      }
      var tensor = TensorValue(key.restored(summary.result), known: summary.known)
      let before = given.lazy.compactMap(\.value.origin).first
      if frame.site != nil || before?.type.dims == tensor.type.dims {
        tensor.origin = before
      } else {
        tensor.origin = Origin(
          frame.tree.text(id), tensor.type, arithmetic: summary.arithmetic,
          span: frame.tree.span(id), before: before)
      }
      return .tensor(tensor)
    }
    let owner = instance ?? frame.instance
    let before = (owner?.childCount, penalties.count, diagnostics.count, requirements.count)
    let result = try body(&frame)
    let after = (owner?.childCount, penalties.count, diagnostics.count, requirements.count)
    guard before == after, case .tensor(let tensor) = result, let type = key.numbered(tensor.type)
    else { return result }
    var kept: [Instance.Kept] = []
    for one in instance?.kept ?? [] {
      guard let type = key.numbered(one.type) else { return result }
      kept.append(Instance.Kept(name: one.name, type: type, isTrained: one.isTrained))
    }
    // Inside the prelude no stage is told, so what its arithmetic would say is not known here.
    guard frame.site == nil else { return result }
    summaries[key] = CallSummary(
      result: type, known: tensor.known, arithmetic: tensor.origin?.arithmetic ?? "", kept: kept)
    return result
  }
}

extension Value {
  fileprivate var origin: Origin? {
    if case .tensor(let tensor) = self { tensor.origin } else { nil }
  }
}

extension Parameter {
  /// Whether it takes axes, `over: axes`.
  var isAxes: Bool {
    if case .tensor(let kind, _, let dims, _)? = type { kind.text == "axes" && dims.isEmpty } else { false }
  }
}
