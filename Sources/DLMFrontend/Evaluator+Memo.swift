import DLMOperators
import DLMShapes
import DLMSyntax

/// What every call of the prelude with one key gives, in numbered lengths: its result, what its layer
/// keeps, and what it needs.
struct CallSummary {
  struct Result {
    var type: TensorType
    var known: Double?
    /// What its dims are computed of.
    var derivation: Derivation?
    /// Names of the arguments that it depends on.
    var arguments: [String]
    /// Whether it depends on parameters of its layer.
    var reachesLayer: Bool
  }

  var results: [Result]
  /// Whether they are a tuple, not one tensor.
  var isTuple: Bool
  var kept: [Instance.Kept]
  var requirements: [(relation: Relation, owner: String)]
}

/// What calls of the prelude give, as far as checks have met them.
package final class CallMemory {
  /// `nil` for a call that has to be walked each time. What was met again lately stays.
  private var summaries: [CallKey: CallSummary?] = [:]
  /// Those met before: they are forgotten if they are not met again.
  private var older: [CallKey: CallSummary?] = [:]
  private var lengths: [ObjectIdentifier: [Bool]] = [:]
  /// More are not worth the room: the calls of a program whose numbers change with every keystroke.
  private static let limit = 4096

  package init() {}

  subscript(key: CallKey) -> CallSummary?? {
    get {
      if let known = summaries[key] { return known }
      guard let known = older[key] else { return nil }
      self[key] = .some(known)
      return known
    }
    set {
      if summaries.count >= Self.limit { forgetUnused() }
      summaries[key] = newValue
    }
  }

  /// Forgets what has not been met since the last time that it was told so.
  package func forgetUnused() { (older, summaries) = (summaries, [:]) }

  /// Which of the parameters of a declaration are lengths, found once.
  func lengths(_ declaration: AnyObject, _ find: () -> [Bool]) -> [Bool] {
    let id = ObjectIdentifier(declaration)
    if let known = lengths[id] { return known }
    let found = find()
    lengths[id] = found
    return found
  }
}

/// A layer or a function of the prelude, as far as the memory of its calls goes.
struct Remembered {
  var declaration: AnyObject
  var module: Module
  var parameters: [Parameter]
  var result: TypeNode?
  var conditions: [Condition]

  /// Which whole numbers stand in types or in conditions on dims: those are lengths. Sizes of windows may
  /// be lists, and must be known.
  fileprivate var lengths: [Bool] {
    var names: Set<String> = []
    for type in parameters.compactMap(\.type) + [result].compactMap({ $0 }) {
      names.formUnion(module.tree.names(in: type))
    }
    for condition in conditions {
      guard let dims = module.tree.dimCondition(condition.expression) else { continue }
      names.formUnion(dims.left.names.union(dims.right.names))
    }
    return parameters.map { names.contains($0.name.text) && $0.type?.isWhole ?? false }
  }
}

extension Evaluator {
  /// Walks the body of a call: of this instance of the layer with these arguments.
  typealias BodyWalk = (Evaluator, Instance?, BoundArguments, inout Frame) throws -> (Value, Entry)

  /// The key of a call whose result only depends on its arguments; `nil` for any other.
  func key(
    _ callee: Remembered, _ instance: Instance?, _ bound: BoundArguments, _ frame: Frame
  ) -> CallKey? {
    // A cost is that of the operators inside.
    guard machine == nil, cost == nil, callee.module.isPrelude else { return nil }
    let lengths = memory.lengths(callee.declaration) { callee.lengths }
    var key = CallKey(callee.declaration, isTraining: frame.isTraining)
    var first: TensorValue?
    for (parameter, isLength) in zip(callee.parameters, lengths) {
      let name = parameter.name.text
      let given = bound[name]
      var value = given?.value ?? instance?.statics[name]
      if first == nil, case .tensor(let tensor)? = value { first = tensor }
      if let given, parameter.isAxes {
        // They are named in the words of the caller.
        var outer = frame
        guard let first, let axes = try? axes(given, or: nil, of: first, frame, &outer) else {
          return nil
        }
        value = .axes(axes)
      }
      guard key.add(value, isLength: isLength, frame.facts) else { return nil }
    }
    return key
  }

  /// The result of a call, as every call with the same key gives it if that is known to be the same.
  func remembering(
    _ key: CallKey?, _ callee: Remembered, _ instance: Instance?, _ bound: BoundArguments,
    at id: ExpressionID, _ frame: inout Frame, _ walk: BodyWalk
  ) throws -> Value {
    guard let key else { return try walk(self, instance, bound, &frame).0 }
    let summary: CallSummary?
    if let known = memory[key] {
      summary = known
    } else {
      summary = summarized(key, callee, instance, bound, at: id, frame, walk)
      memory[key] = .some(summary)
    }
    if let summary, let result = recalled(summary, key, instance, bound, at: id, frame) {
      return result
    }
    return try walk(self, instance, bound, &frame).0
  }

  /// Walks a call with symbols for its lengths; `nil` where they decide which way the walk goes, where it
  /// says something, makes layers or fails.
  private func summarized(
    _ key: CallKey, _ callee: Remembered, _ instance: Instance?, _ bound: BoundArguments,
    at id: ExpressionID, _ frame: Frame, _ walk: BodyWalk
  ) -> CallSummary? {
    let checker = checker()
    checker.memory = memory
    var outer = frame
    outer.facts = Facts()
    outer.instance = nil
    outer.site = frame.label(id)
    var statics: [String: Value] = [:]
    var arguments = BoundArguments()
    for (parameter, value) in zip(callee.parameters, key.values) {
      let name = parameter.name.text
      guard let value else { continue }
      if var given = bound[name] {
        given.value = value
        arguments[name] = given
      } else {
        statics[name] = value
      }
    }
    let own = instance.map {
      Instance(
        $0.declaration, module: $0.module, path: $0.path, number: 0, statics: statics, written: [:])
    }
    let marks = Marks(&arguments)
    guard let (value, entry) = try? walk(checker, own, arguments, &outer),
      !checker.hasOpenChoice, checker.diagnostics.isEmpty, checker.penalties.isEmpty,
      checker.instanceCount == 0, own?.kept.allSatisfy({ $0.type.isNumbered }) ?? true,
      checker.requirements.allSatisfy({ $0.relation.isNumbered })
    else { return nil }
    let (isTuple, parts) =
      if case .tuple(let parts) = value { (true, parts) } else { (false, [value]) }
    let declared: [TypeNode?] =
      if case .tuple(let types, _)? = callee.result { types } else {
        parts.map { _ in callee.result }
      }
    var results: [CallSummary.Result] = []
    for (part, type) in zip(parts, declared) {
      guard case .tensor(let tensor) = part, tensor.type.isNumbered,
        !tensor.isWritten || key.lengths.isEmpty
      else { return nil }
      let reached = tensor.reach?.layers ?? []
      results.append(
        CallSummary.Result(
          type: tensor.type, known: tensor.isWritten ? tensor.known : nil,
          derivation: entry.derivation(of: type, in: callee.module.tree),
          arguments: marks.names(reached), reachesLayer: reached.contains(0)))
    }
    return CallSummary(
      results: results, isTuple: isTuple, kept: own?.kept ?? [],
      requirements: checker.requirements.map { ($0.relation, $0.owner) })
  }

  /// What a call with these lengths gives; `nil` where it has to be walked, for what is to be said of it.
  private func recalled(
    _ summary: CallSummary, _ key: CallKey, _ instance: Instance?, _ bound: BoundArguments,
    at id: ExpressionID, _ frame: Frame
  ) -> Value? {
    var required: [Requirement] = []
    for (relation, owner) in summary.requirements {
      let relation = relation.with(key.lengths).normal(frame.facts)
      switch frame.facts.decide(relation) {
      case .proved: break
      case .refuted: return nil
      case .deferred:
        // Two lengths of the program that must be one.
        if case .equal = relation { return nil }
        required.append(Requirement(relation: relation, owner: owner, place: frame.label(id)))
      }
    }
    let kept = summary.kept.map { one in
      let type = one.type.with(key.lengths)
      return Instance.Kept(
        name: one.name, type: type.of(type.dims.map { frame.facts.normal($0) }),
        isTrained: one.isTrained)
    }
    guard kept.allSatisfy({ canKeep($0, instance, frame.facts) }) else { return nil }
    required.forEach(note)
    for one in kept { instance?.keep(one.name, one.type, isTrained: one.isTrained) }
    let results = summary.results.map {
      Value.tensor(recalled($0, key.lengths, instance, bound, at: id, frame))
    }
    return summary.isTuple ? .tuple(results) : results[0]
  }

  private func recalled(
    _ result: CallSummary.Result, _ lengths: [Dim], _ instance: Instance?, _ bound: BoundArguments,
    at id: ExpressionID, _ frame: Frame
  ) -> TensorValue {
    var tensor = TensorValue(result.type.with(lengths), known: result.known)
    if result.reachesLayer, let instance { tensor.reach = Reach(layer: instance.number) }
    for name in result.arguments { tensor.reach = .join(tensor.reach, bound[name]?.value.reach) }
    if tensor.type.kind.saysMore {
      let same = bound.given.compactMap { given -> Diagnostic.Label? in
        if case .tensor(let one) = given.value, one.type.kind == tensor.type.kind {
          one.kindPlace
        } else {
          nil
        }
      }
      tensor.kindPlace = same.first ?? (frame.site == nil ? frame.label(id) : nil)
    }
    let before = bound.given.min { $0.span.start < $1.span.start }?.value.origin
    if frame.site != nil || before?.type.dims == tensor.type.dims {
      tensor.origin = before
    } else {
      let (derivation, facts) = (result.derivation, frame.facts)
      tensor.origin = Origin(
        frame.tree.text(id), tensor.type,
        arithmetic: derivation?.with(lengths).text(facts) ?? "",
        span: frame.tree.span(id), before: before)
    }
    return tensor
  }

  /// Whether a layer may keep this: no parameter has the rows of a batch, and a second call keeps the same.
  private func canKeep(_ one: Instance.Kept, _ instance: Instance?, _ facts: Facts) -> Bool {
    if let known = instance?.kept.first(where: { $0.name == one.name }), known.type != one.type {
      return false
    }
    if let instance, !fitsFile("\(instance.path).\(one.name)", one.type, facts) { return false }
    return !one.isTrained || batchSymbols.isEmpty
      || one.type.dims.allSatisfy { $0.symbols { !batchSymbols.contains($0) } }
  }
}

/// Arguments marked so that a result tells which of them it depends on.
private struct Marks {
  private let names: [String]

  init(_ arguments: inout BoundArguments) {
    names = arguments.names.sorted()
    for (number, name) in names.enumerated() {
      guard case .tensor(var tensor)? = arguments[name]?.value else { continue }
      tensor.reach = Reach(layer: -1 - number)
      arguments[name]?.value = .tensor(tensor)
    }
  }

  /// The arguments among what a result depends on.
  func names(_ reached: Set<Int>) -> [String] {
    names.enumerated().filter { reached.contains(-1 - $0.offset) }.map(\.element)
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

extension TypeNode {
  /// `int`
  fileprivate var isWhole: Bool {
    if case .tensor(let kind, _, let dims, _) = self {
      kind.text == "int" && dims.isEmpty
    } else {
      false
    }
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
