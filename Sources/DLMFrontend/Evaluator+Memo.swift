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
    case number(Double?)
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
      if tensor.isWritten, tensor.type.kind == .real { return .number(tensor.known) }
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
      return .tensor(TensorType(kind, dims, tensor.type.element), tensor.known)
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
    if let dim = numbered(dim) { return dim }
    // Ids are handed out in order, so the order of the numbers is that of the program.
    for symbol in dim.symbols.sorted(by: { $0.id < $1.id }) where !symbols.contains(symbol) {
      let value = facts.normal(Dim(symbol))
      guard value.constant != nil || facts.isFree(symbol) else { return nil }
      symbols.append(symbol)
      symbolNames.append(symbol.name)
      symbolValues.append(value.constant.map { Dim($0) })
    }
    return numbered(dim)
  }

  /// `dim` over the symbols that have a number; `nil` where it has others.
  private func numbered(_ dim: Dim) -> Dim? {
    guard dim.symbols(allSatisfy: symbols.contains) else { return nil }
    return dim.renaming { Symbol(numbered: symbols.firstIndex(of: $0) ?? 0) }
  }

  /// `type` over numbered symbols; `nil` where it has others.
  func numbered(_ type: TensorType) -> TensorType? {
    var result = type
    for axis in type.dims.indices {
      guard let dim = numbered(type.dims[axis]) else { return nil }
      result.dims[axis] = dim
    }
    if case .index(let count) = type.kind {
      guard let count = numbered(count) else { return nil }
      result.kind = .index(count)
    }
    return result
  }

  /// A numbered type over the symbols of this call.
  func restored(_ type: TensorType) -> TensorType {
    guard !symbols.isEmpty else { return type }
    let own = { (symbol: Symbol) in symbol.number.map { symbols[$0] } ?? symbol }
    var result = type
    for axis in type.dims.indices { result.dims[axis] = type.dims[axis].renaming(own) }
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
  /// Names of the arguments that the result depends on.
  var arguments: [String]
  /// Whether it depends on parameters of its layer.
  var reachesLayer: Bool
}

/// What calls of the prelude have given while checking.
package final class CallMemory {
  /// More are not worth the room: the calls of a program whose widths change with every keystroke.
  private static let limit = 8192

  private var summaries: [CallKey: CallSummary] = [:]

  package init() {}

  subscript(key: CallKey) -> CallSummary? {
    get { summaries[key] }
    set {
      if summaries.count >= Self.limit { summaries = [:] }
      summaries[key] = newValue
    }
  }
}

extension Evaluator {
  /// The key of a call whose result only depends on its arguments; `nil` for any other.
  func key(
    _ name: String, _ module: Module, _ parameters: [[Parameter]],
    _ frame: Frame, _ argument: (String) -> Value?
  ) -> CallKey? {
    // A cost is that of the operators inside.
    guard machine == nil, cost == nil, module.isPrelude else { return nil }
    var key = CallKey(module, name, isTraining: frame.isTraining)
    for parameter in parameters.joined() {
      let value = argument(parameter.name.text)
      // Axes are named in the words of the caller.
      if value != nil, parameter.isAxes { return nil }
      guard key.add(value, frame.facts) else { return nil }
    }
    return key
  }

  /// The result of `body`, taken from an earlier call with the same key if there was one.
  func remembering(
    _ key: CallKey?, _ instance: Instance?, _ bound: [String: Given], at id: ExpressionID,
    _ frame: inout Frame, _ body: ([String: Given], inout Frame) throws -> Value
  ) throws -> Value {
    guard let key else { return try body(bound, &frame) }
    if let summary = memory[key], instance?.kept.isEmpty ?? true {
      return .tensor(recalled(summary, key, instance, bound, at: id, frame))
    }
    let owner = instance ?? frame.instance
    let before = (owner?.childCount, penalties.count, diagnostics.count, requiredCount)
    var marks = Marks(bound)
    let result = marks.unmarked(try body(marks.marked, &frame))
    let after = (owner?.childCount, penalties.count, diagnostics.count, requiredCount)
    // Inside the prelude no stage is told, so what its arithmetic would say is not known there.
    guard before == after, instance?.childCount ?? 0 == 0, frame.site == nil,
      case .tensor(let tensor) = result, let type = key.numbered(tensor.type)
    else { return result }
    var kept: [Instance.Kept] = []
    for one in instance?.kept ?? [] {
      guard let type = key.numbered(one.type) else { return result }
      kept.append(Instance.Kept(name: one.name, type: type, isTrained: one.isTrained))
    }
    memory[key] = CallSummary(
      result: type, known: tensor.isWritten ? tensor.known : nil, arithmetic: tensor.origin?.arithmetic ?? "", kept: kept,
      arguments: marks.reached,
      reachesLayer: tensor.reach?.layers.contains(instance?.number ?? 0) ?? false)
    return result
  }

  /// What an earlier call gave, for this one.
  private func recalled(
    _ summary: CallSummary, _ key: CallKey, _ instance: Instance?, _ bound: [String: Given],
    at id: ExpressionID, _ frame: Frame
  ) -> TensorValue {
    for kept in summary.kept {
      instance?.keep(kept.name, key.restored(kept.type), isTrained: kept.isTrained)
    }
    var tensor = TensorValue(key.restored(summary.result), known: summary.known)
    if summary.reachesLayer, let instance { tensor.reach = Reach(layer: instance.number) }
    for name in summary.arguments { tensor.reach = .join(tensor.reach, bound[name]?.value.reach) }
    if tensor.type.kind.saysMore {
      let same = bound.values.compactMap { given -> Diagnostic.Label? in
        if case .tensor(let one) = given.value, one.type.kind == tensor.type.kind {
          one.kindPlace
        } else {
          nil
        }
      }
      tensor.kindPlace = same.first ?? (frame.site == nil ? frame.label(id) : nil)
    }
    let before = bound.values.min { $0.span.start < $1.span.start }?.value.origin
    if frame.site != nil || before?.type.dims == tensor.type.dims {
      tensor.origin = before
    } else {
      tensor.origin = Origin(
        frame.tree.text(id), tensor.type, arithmetic: summary.arithmetic,
        span: frame.tree.span(id), before: before)
    }
    return tensor
  }
}

/// Arguments marked so that a result tells which of them it depends on.
private struct Marks {
  private let bound: [String: Given]
  private let names: [String]
  private(set) var marked: [String: Given]
  /// Names of the arguments that the result depends on.
  private(set) var reached: [String] = []

  init(_ bound: [String: Given]) {
    self.bound = bound
    marked = bound
    names = bound.keys.sorted()
    for (number, name) in names.enumerated() {
      guard case .tensor(var tensor)? = bound[name]?.value else { continue }
      tensor.reach = Reach(layer: -1 - number)
      marked[name]?.value = .tensor(tensor)
    }
  }

  /// `result` with what the arguments depend on in place of their marks.
  mutating func unmarked(_ result: Value) -> Value {
    switch result {
    case .tensor(var tensor):
      let layers = tensor.reach?.layers ?? []
      var reach: Reach?
      for layer in layers.sorted() {
        if layer >= 0 {
          reach = .join(reach, Reach(layer: layer))
        } else {
          // A function that was made in a call carries marks of that call: they say nothing here.
          guard names.indices.contains(-1 - layer) else { continue }
          let name = names[-1 - layer]
          if !reached.contains(name) { reached.append(name) }
          reach = .join(reach, bound[name]?.value.reach)
        }
      }
      tensor.reach = reach
      return .tensor(tensor)
    case .tuple(let parts): return .tuple(parts.map { unmarked($0) })
    default: return result
    }
  }
}

extension Value {
  fileprivate var origin: Origin? {
    if case .tensor(let tensor) = self { tensor.origin } else { nil }
  }

  fileprivate var reach: Reach? {
    if case .tensor(let tensor) = self { tensor.reach } else { nil }
  }
}

extension Parameter {
  /// Whether it takes axes, `over: axes`.
  var isAxes: Bool {
    if case .tensor(let kind, _, let dims, _)? = type {
      kind.text == "axes" && dims.isEmpty
    } else {
      false
    }
  }
}
