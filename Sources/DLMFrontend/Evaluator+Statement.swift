import DLMOperators
import DLMShapes
import DLMSyntax

// Statements, one case each.
extension Evaluator {
  /// Walks a block in a scope of its own; whether it went to its end (and not to a `return`).
  func walk(_ block: Block, _ frame: inout Frame, result: inout Value) throws -> Bool {
    for statement in block.statements {
      result = .none
      guard try walk(statement, &frame, result: &result) else { return false }
    }
    return true
  }

  /// A block whose names end with it; facts that it found stay.
  func walkInner(_ block: Block, _ frame: inout Frame, result: inout Value) throws -> Bool {
    let outer = frame.scope
    frame.scope = Scope(around: outer)
    defer { frame.scope = outer }
    return try walk(block, &frame, result: &result)
  }

  /// Walks one statement; `result` becomes its value if it is an expression. False after a `return`.
  @discardableResult package func walk(
    _ statement: Statement, _ frame: inout Frame, result: inout Value
  ) throws -> Bool {
    if let recording, recording.isAbandoned() { throw Failure(nil) }
    do {
      return try walkKind(of: statement, &frame, result: &result)
    } catch {
      throw Failure(from: error, frame.label(statement.span)) ?? error
    }
  }

  private func walkKind(of statement: Statement, _ frame: inout Frame, result: inout Value) throws
    -> Bool
  {
    if machine?.isRecordingRecurrence == true, !statement.kind.isRepeatable {
      throw NoRecurrence()
    }
    if machine == nil, !effort.spend() {
      throw Failure(.checkTakesTooLong(frame.label(statement.span)))
    }
    switch statement.kind {
    case .expression(let id): result = try value(id, &frame)
    case .bind(let bindings, let isVariable):
      for binding in bindings { try bind(binding, isVariable: isVariable, &frame) }
    case .assign(let place, let operation, let id):
      try assign(place, operation, id, &frame)
    case .dim(let dims): try bindDims(dims, &frame)
    case .ifElse(let choice):
      let isOpen: Bool
      (result, isOpen) = try ifElse(choice, choice.condition, &frame)
      return isOpen
    case .forIn(let pattern, let sequence, let body):
      return try walkFor(pattern, sequence, body, &frame, result: &result)
    case .whileLoop(let condition, let body):
      return try walkWhile(condition, body, &frame, result: &result)
    case .repeatLoop(let pattern, let count, let body):
      return try walkRepeat(pattern, count, body, &frame, result: &result)
    case .returns(let id):
      guard frame.returns != nil else {
        throw Failure(
          .outsideOf("return", "the body of a function or a layer", frame.label(statement.span)))
      }
      result = try id.map { try value($0, &frame) } ?? .none
      return false
    case .prints(let values):
      let pieces = try values.map { id in
        let value = try value(id, &frame).normal(frame.facts)
        try checkPrint(value, frame.label(id), frame)
        return try printed(value, digits: nil)
      }
      if machine != nil { output(pieces.map { $0 ?? "" }.joined(separator: " ")) }
    case .param(let declarations):
      for declaration in declarations { try keep(declaration, isTrained: true, &frame) }
    case .state(let declarations):
      for declaration in declarations { try keep(declaration, isTrained: false, &frame) }
    case .penalize(let id, let name):
      let term = try tensor(id, &frame)
      guard term.isScalar else { throw Failure(.penaltyNotScalar(term.type, frame.label(id))) }
      guard !term.isWritten else { throw Failure(.constantPenalty(nil, frame.label(id))) }
      guard frame.instance != nil || frame.depth > 0 else {
        throw Failure(
          .outsideOf("penalize", "the body of a layer or a function", frame.label(statement.span)))
      }
      if frame.isTraining {
        try refuseInChoice("penalize", frame.label(statement.span))
        penalties.append(
          Penalty(name: name?.text ?? "penalty", value: term, owner: frame.instance?.path ?? ""))
      }
    case .when(let condition, let facts, let body):
      if case .bool(let holds) = try value(condition, &frame), holds != false {
        let outer = frame
        try hold(facts, written: [:], at: condition, in: &frame, outer)
        _ = try walk(body, &frame, result: &result)
      }
    case .expect(let id): try expect(id, &frame)
    case .minimize, .update, .eval, .logs: try walkTraining(statement, &frame)
    case .scan(let scan): result = try self.scan(scan, &frame)
    case .emit(let id):
      guard isInScan else {
        throw Failure(.outsideOf("emit", "`scan`", frame.label(statement.span)))
      }
      try refuseInChoice("emit", frame.label(statement.span))
      let value = try tensor(id, &frame)
      if let first = emitted.first { try checkSame(first, value, "emit", at: id, frame) }
      emitted.append(value)
    case .command(let word, let parts):
      try refuseInStep(word.text, frame.label(statement.span))
      try command(word, parts, statement, &frame)
    case .writes(let word, let values, let target):
      try refuseInStep(word.text, frame.label(statement.span))
      try write(word, values, to: target, statement, &frame)
    }
    return true
  }

  private func bind(_ binding: Binding, isVariable: Bool, _ frame: inout Frame) throws {
    if case .name(let name) = binding.pattern { frame.boundName = name.text }
    defer { frame.boundName = nil }
    var bound = try value(binding.value, &frame)
    if case .name(let name) = binding.pattern, frame.module.isPrelude == false,
      let text = overrides[name.text]
    {
      usedOverrides.insert(name.text)
      bound = try overridden(name.text, text, bound, frame.label(binding.value))
    }
    if case .name(let name) = binding.pattern, let given = sweptValue(name.text, frame) {
      bound = given
    }
    if let source = binding.source {
      try load(source, rename: binding.rename, into: bound, binding.value, &frame)
    }
    if case .none = bound, case .ifElse(let choice) = frame.tree[binding.value],
      choice.subject != nil
    {
      throw Failure(
        .conditionFails(
          "no case of this `match` fits: `_ { ... }` is for what is left",
          frame.label(binding.value)))
    }
    if let type = binding.type { bound = try declared(bound, type, binding, &frame) }
    try define(binding.pattern, bound, isVariable: isVariable, binding.value, &frame)
  }

  /// A value as the type of its binding wants it: `let w: real[3] = ...`, `let n: int = 4`.
  private func declared(
    _ value: Value, _ type: TypeNode, _ binding: Binding, _ frame: inout Frame
  ) throws -> Value {
    let name = frame.tree.file.string(binding.pattern.span)
    guard type.isTensor, case .tensor = type.withoutOption else {
      let given = Given(
        label: nil, value: value, place: binding.value, span: frame.tree.span(binding.value))
      return try conforming(given, to: type, name, of: nil, &frame)
    }
    if case .none = value, case .optional = type { return value }
    let pattern = try frame.tree.pattern(type.withoutOption)
    guard case .tensor(let kind, let entries) = pattern else { return value }
    var tensor = try tensor(from: value, as: kind.element, binding.value, &frame)
    if case .kind(let wanted) = kind, wanted.isReal, !tensor.type.kind.isReal {
      tensor = try real(tensor, at: binding.value, &frame)
    }
    if entries.isEmpty, tensor.isScalar, kind.element == nil { return .tensor(tensor) }
    var found = tensor.type
    if case .kind(let wanted) = kind, wanted.isReal, found.kind == .real { found.kind = wanted }
    let signature = Signature(operands: [Signature.Operand(name: name, type: pattern)])
    do throws(InferenceFailure) {
      _ = try Match(signature, [found], [:], frame.facts, bindings: frame.dims)
    } catch {
      throw Failure(
        .boundOtherwise(
          name, frame.tree.file.string(type.span), tensor.type, error, frame.label(binding.value)))
    }
    tensor.type.kind = found.kind
    return .tensor(tensor)
  }

  /// Defines the names of a pattern; a number becomes something that `grad` can ask about.
  func define(
    _ pattern: Pattern, _ value: Value, isVariable: Bool, _ place: ExpressionID,
    _ frame: inout Frame
  ) throws {
    switch pattern {
    case .name(let name):
      recording?.note(value, boundTo: name, frame)
      if machine == nil, frame.site == nil, !frame.isAtTop, case .dim? = frame.dims[name.text],
        name.text.first?.isUppercase ?? false
      {
        warn(.hidesDim(name.text, frame.label(name.span)))
      }
      let bound = marked(try tracked(value, place, frame), frame)
      noteTarget(bound, named: name.text, frame)
      frame.scope.define(name.text, bound, isVariable: isVariable)
    case .tuple(let parts, let span):
      guard let values = value.elements, values.count == parts.count else {
        throw Failure(.cannotTakeApart(value.sort, into: parts.count, frame.label(span)))
      }
      for (part, value) in zip(parts, values) {
        try define(part, value, isVariable: isVariable, place, &frame)
      }
    }
  }

  /// In a run a bound real number, or list of them, gets a place in the graph, so that gradients
  /// reach it; where the program asks for none it stays a number.
  private func tracked(_ value: Value, _ place: ExpressionID, _ frame: Frame) throws -> Value {
    guard tracksNumbers, machine != nil, frame.instance == nil else { return value }
    switch value {
    case .tensor(var tensor) where tensor.handle == nil && tensor.known != nil:
      tensor.handle = try handle(of: tensor, frame)
      return .tensor(tensor)
    case .list(let items, nil) where value.isOfNumbers:
      return .list(items, tensor: try tensor(from: value, place, frame))
    default: return value
    }
  }

  func bindDims(_ dims: [(name: Name, value: ExpressionID)], _ frame: inout Frame) throws {
    for (name, id) in dims {
      let value: Dim
      let given = try overriddenDim(name.text, id, frame)
      if case .int(let given)? = sweptValue(name.text, frame) ?? given {
        value = given
      } else if let expression = try? frame.tree.dim(id),
        expression.names.allSatisfy({ frame.dims[$0] != nil }),
        case (.dim(let dim), let requirements)? = try? expression.evaluated(with: frame.dims)
      {
        for relation in requirements {
          switch frame.facts.decide(relation) {
          case .proved: break
          case .deferred: require(relation, at: frame.label(id), &frame)
          case .refuted:
            throw Failure(
              .doesNotDivide(frame.tree.text(id), relation.normal(frame.facts), frame.label(id)))
          }
        }
        value = dim
      } else {
        value = try int(id, &frame)
      }
      _ = try bounded(frame.facts.normal(value), at: id, frame)
      let symbol = symbols.symbol(name.text)
      frame.facts.assume(.equal(Dim(symbol), value))
      if case .dim? = frame.dims[name.text], !frame.isAtTop, machine == nil, frame.site == nil {
        warn(.hidesDim(name.text, frame.label(name.span)))
      }
      frame.dims[name.text] = .dim(Dim(symbol))
      if frame.isAtTop {
        frame.module.dims[name.text] = .dim(Dim(symbol))
        continue
      }
      frame.declared[symbol] = value.substituting(frame.declared)
    }
  }

  /// The length that `--set` gives in place of one of the program.
  private func overriddenDim(_ name: String, _ id: ExpressionID, _ frame: Frame) throws -> Value? {
    guard frame.isAtTop, !frame.module.isPrelude, let text = overrides[name] else { return nil }
    usedOverrides.insert(name)
    return try overridden(name, text, .int(0), frame.label(id))
  }

  private func assign(
    _ place: ExpressionID, _ operation: BinaryOperator?, _ id: ExpressionID, _ frame: inout Frame
  ) throws {
    var new = try value(id, &frame)
    if case .bracket(let base, let items) = frame.tree[place] {
      return try assign(new, operation, to: items, of: base, at: place, &frame)
    }
    if let operation {
      new = try combine(try value(place, &frame), operation, new, at: id, &frame)
    }
    try assign(place, new, &frame)
  }

  func assign(_ place: ExpressionID, _ new: Value, _ frame: inout Frame) throws {
    switch frame.tree[place] {
    case .name(let name):
      guard let slot = frame.scope[name] else {
        let near = nearest(to: name, among: frame.scope.names)
        frame.scope.define(name, .failed)
        throw Failure(.setsUnknown(name, near, frame.label(place)))
      }
      guard slot.isVariable else {
        let isBound = frame.tree.binds(name, asVariable: false) || frame.isGlobal(name)
        throw Failure(.notVariable(name, isBound: isBound, frame.label(place)))
      }
      try checkSets(name, frame.label(place), frame)
      if case .tensor(let old) = slot.value, case .tensor(let tensor) = new,
        frame.states.contains(where: { $0.name == name })
      {
        try checkSame(old, tensor, name, at: place, frame)
      }
      try store(marked(try tracked(new, place, frame), frame), in: name, frame)
    case .tuple(let parts):
      guard let values = new.elements, values.count == parts.count else {
        throw Failure(.cannotTakeApart(new.sort, into: parts.count, frame.label(place)))
      }
      for (part, value) in zip(parts, values) { try assign(part, value, &frame) }
    case .bracket(let base, let items):
      try assign(new, nil, to: items, of: base, at: place, &frame)
    case .field(let base, let field):
      guard case .name(let name) = frame.tree[base], let slot = frame.scope[name],
        case .record(var fields) = slot.value, slot.isVariable
      else { throw Failure(.notAPlace(frame.tree.text(place), frame.label(place))) }
      guard let index = fields.firstIndex(where: { $0.name == field.text }) else {
        throw Failure(
          .unknownField(
            field.text, of: name, nearest(to: field.text, among: fields.map(\.name)),
            frame.label(field.span)))
      }
      try checkSets(name, frame.label(place), frame)
      fields[index].value = new
      _ = frame.scope.assign(name, .record(fields))
    default: throw Failure(.notAPlace(frame.tree.text(place), frame.label(place)))
    }
  }

  /// Gives the variable `name` a value; what is kept from step to step takes it when the step ends.
  func store(_ value: Value, in name: String, _ frame: Frame) throws {
    _ = frame.scope.assign(name, value)
    noteTarget(value, named: name, frame)
    // An objective that is only looked at elsewhere leaves no traces.
    if let machine, substituted.isEmpty, case .tensor(let tensor) = value,
      let kept = frame.states.last(where: { $0.name == name })
    {
      try machine.assign(try handle(of: tensor, frame), to: kept.path)
    }
  }

  /// What is kept from step to step keeps its shape.
  private func checkSame(
    _ old: TensorValue, _ new: TensorValue, _ name: String, at place: ExpressionID, _ frame: Frame
  ) throws {
    let same =
      old.type.dims.count == new.type.dims.count
      && zip(old.type.dims, new.type.dims).allSatisfy {
        frame.facts.decide(.equal($0, $1)) != .refuted
      }
    if !same { throw Failure(.changesShape(name, old.type, new.type, frame.label(place))) }
  }
}

extension Value {
  /// Whether it is a list of numbers, known or not, or of such lists of one length: what stands for a
  /// tensor.
  var isOfNumbers: Bool {
    if case .list = self { numberDims != nil } else { false }
  }

  private var numberDims: [Int]? {
    switch self {
    case .int: return []
    case .tensor(let tensor): return tensor.isScalar && tensor.type.kind != .bool ? [] : nil
    case .list(let items, _):
      guard let first = items.first?.numberDims,
        items.allSatisfy({ $0.numberDims == first })
      else { return nil }
      return [items.count] + first
    default: return nil
    }
  }

  /// Whether numbers of a list have a name, by which a gradient may ask for them.
  var isBound: Bool {
    switch self {
    case .list(let items, _): items.contains(where: \.isBound)
    case .tensor(let tensor): tensor.handle != nil || tensor.mark != nil || tensor.reach != nil
    default: false
    }
  }

  /// The parts of a tuple or a list.
  var elements: [Value]? {
    switch self {
    case .tuple(let parts), .list(let parts, _): parts
    case .record(let fields): fields.map(\.value)
    default: nil
    }
  }
}

extension Tree {
  func text(_ statement: Statement) -> String { file.string(statement.span) }
}
