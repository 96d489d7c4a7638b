import DLMOperators
import DLMShapes
import DLMSyntax

// One case of the tree each; what is longer than a line is a function of its own.
extension Evaluator {
  /// What expression `id` stands for.
  package func value(_ id: ExpressionID, _ frame: inout Frame) throws -> Value {
    guard let recording else { return try evaluated(id, &frame) }
    let value = try evaluated(id, &frame)
    recording.note(value, at: id, frame)
    return value
  }

  private func evaluated(_ id: ExpressionID, _ frame: inout Frame) throws -> Value {
    switch frame.tree[id] {
    case .integer(let value): return .int(Dim(value))
    case .real(let value): return .number(value)
    case .string(let parts):
      return .string(try text(parts, &frame).map { try bounded($0, at: id, frame) })
    case .name(let name): return try named(name, id, frame)
    case .list(let items):
      return try bounded(.list(try items.map { try value($0, &frame) }), at: id, frame)
    case .tuple(let items):
      return try bounded(.tuple(try items.map { try value($0, &frame) }), at: id, frame)
    case .record(let fields):
      for (index, field) in fields.enumerated()
      where fields[..<index].contains(where: { $0.name.text == field.name.text }) {
        throw Failure(
          .givenTwice(field.name.text, of: "the record", frame.label(field.name.span)))
      }
      let parts: [(name: String, value: Value)] = try fields.map {
        ($0.name.text, try value($0.value, &frame))
      }
      return try bounded(.record(parts), at: id, frame)
    case .call(let callee, let arguments):
      return try call(callee, arguments, piped: nil, id, &frame)
    case .bracket(let base, let items):
      return try bounded(
        axesOf: try bracket(base, items, piped: nil, id, &frame), at: id, frame)
    case .field(let base, let name): return try field(base, name, &frame)
    case .unary(let operation, let operand): return try unary(operation, operand, id, &frame)
    case .chain(let first, let rest): return try chain(first, rest, id, &frame)
    case .conditional(let condition, let a, let b):
      return try choose(condition, at: id, &frame) {
        (try self.value(a, &$0), true)
      } _: {
        (try self.value(b, &$0), true)
      }.value
    case .ifElse(let choice): return try ifElse(choice, id, &frame).value
    case .pipe(let stages): return try pipe(stages, &frame)
    case .function(let parameters, let result, let body):
      note(held: frame.scope)
      return .function(FunctionValue(written: parameters, result, body, in: frame))
    case .range(let low, let high, let includesEnd):
      let end = try int(high, &frame)
      return .range(try int(low, &frame), includesEnd ? end + 1 : end)
    case .like(let maker, let model): return try like(maker, model, &frame)
    case .along(let vector, let axis):
      let tensor = try tensor(vector, &frame)
      guard let axis = try int(axis, &frame).constant else { return .tensor(tensor) }
      return .along(tensor, axis: axis)
    case .fixed(let operand): return try fixed(operand, &frame)
    case .allBut, .rearrangement, .group, .rest, .pack, .hole:
      throw Failure(.notAValue(frame.tree.text(id), frame.label(id)))
    case .invalid: throw Failure(nil)
    }
  }

  /// The value of a name: a variable, a dim, something declared, an operator.
  private func named(_ name: String, _ id: ExpressionID, _ frame: Frame) throws -> Value {
    switch name {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "none": return .none
    case "pi": return .number(.pi)
    case "inf": return .number(.infinity)
    case "training": return .bool(frame.isTraining)
    default: break
    }
    if let value = frame.scope.value(of: name) {
      if case .failed = value { throw Failure(nil) }
      // A symbol of the types around hides a layer of its name, but where that is called.
      if case .constructor = value, case .dim(let dim)? = frame.dims[name] { return .int(dim) }
      return value
    }
    switch frame.dims[name] {
    case .dim(let dim)?: return .int(dim)
    case .pack(let dims)?: return .list(dims.map { .int($0) })
    case nil: break
    }
    if let maker = Maker.named[name] { return .maker(maker) }
    if let data = dataWithField(name, frame) {
      throw Failure(.fieldOutsideBatch(name, of: data, frame.label(id)))
    }
    if frame.train != nil, let gone = goneNames[name] {
      throw Failure(.goneWithStep(name, gone.sort, frame.label(id)))
    }
    if Builtin.all[name] != nil || Operator.named(name)?.isCallable ?? false {
      return .builtin(name)
    }
    if lacksNames { throw Failure(nil) }
    let updates = name == "loss" && frame.train != nil ? updateNames.keys.sorted() : []
    if updates.count > 1 { throw Failure(.severalLosses(updates, frame.label(id))) }
    let near =
      updates.first.map { "\($0).loss" } ?? metric(name, frame)
      ?? nearest(to: name, among: visibleNames(frame))
    var diagnostic = Diagnostic.unknownName(name, near, frame.label(id))
    // A function that nothing is given to is hardly what was meant.
    if let near, isFunction(near, frame), !frame.tree.isCalled(id) { diagnostic.fixes = [] }
    throw Failure(diagnostic)
  }

  /// `test.acc` for `acc`, which is logged there.
  private func metric(_ name: String, _ frame: Frame) -> String? {
    guard let names = frame.train?.names else { return nil }
    let part = names.sorted().first { part in
      guard case .record(let fields)? = frame.scope[part]?.value else { return false }
      return fields.contains { $0.name == name }
    }
    return part.map { "\($0).\(name)" }
  }

  private func isFunction(_ name: String, _ frame: Frame) -> Bool {
    if let value = frame.scope.value(of: name) {
      if case .function = value { return true }
      return false
    }
    return Builtin.all[name] != nil || Operator.named(name)?.isCallable ?? false
  }

  /// A data set of a `train` block whose rows would have such a field.
  private func dataWithField(_ field: String, _ frame: Frame) -> String? {
    guard frame.train != nil else { return nil }
    return frame.scope.names.sorted().first { name in
      guard case .dataset(let dataset)? = frame.scope[name]?.value else { return false }
      return dataset.fields.contains { $0.name == field }
    }
  }

  func visibleNames(_ frame: Frame) -> [String] {
    Array(frame.scope.names) + frame.dims.names + Builtin.names + Maker.named.keys
  }

  /// Each stage gets what the one before it gave.
  private func pipe(_ stages: [ExpressionID], _ frame: inout Frame) throws -> Value {
    var current = try value(stages[0], &frame)
    var place = stages[0]
    for stage in stages.dropFirst() {
      let piped = Piped(value: current, place: place)
      switch frame.tree[stage] {
      case .call(let callee, let arguments):
        current = try call(callee, arguments, piped: piped, stage, &frame)
      case .bracket(let base, let items):
        current = try bracket(base, items, piped: piped, stage, &frame)
      default:
        current = try call(stage, [], piped: piped, stage, &frame)
      }
      recording?.note(stage: current, at: stage, frame)
      place = stage
    }
    if machine == nil, frame.site == nil, let (name, last) = frame.tree.doubled(in: stages[0]) {
      let end = frame.tree.span(place).end
      warn(.pipesSum(name, last, end: end, frame.label(stages[0])))
    }
    return current
  }

  /// The text of a string with the values in its braces.
  package func text(_ parts: [StringPart], _ frame: inout Frame) throws -> String? {
    var text = ""
    for part in parts {
      switch part {
      case .text(let piece): text += piece
      case .value(let id, let digits):
        let value = try value(id, &frame).normal(frame.facts)
        try refuseOpenNumbers(value, in: "a string", frame.label(id))
        guard let piece = try printed(value, digits: digits) else { return nil }
        text += piece
      }
    }
    return text
  }
}

extension Tree {
  /// A name that is added to itself without brackets, `x + x`: what that is piped into was meant for the
  /// second alone.
  fileprivate func doubled(in id: ExpressionID) -> (name: String, last: Span)? {
    guard case .chain(let first, let rest) = self[id], let last = rest.last, last.operation == .add,
      case .name(let name) = self[last.operand],
      ([first] + rest.dropLast().map(\.operand)).contains(where: {
        if case .name(name) = self[$0] { true } else { false }
      })
    else { return nil }
    let behind = file.bytes[span(id).end...].first { !" \n".utf8.contains($0) }
    return behind == UInt8(ascii: "|") ? (name, span(last.operand)) : nil
  }

  /// Whether a name stands in front of arguments, or behind `|>`.
  fileprivate func isCalled(_ id: ExpressionID) -> Bool {
    let (span, bytes) = (span(id), file.bytes)
    if span.end < bytes.count, bytes[span.end] == UInt8(ascii: "(") { return true }
    let before = bytes[..<span.start].reversed().drop {
      $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n")
    }
    return before.starts(with: [UInt8(ascii: ">"), UInt8(ascii: "|")])
  }
}

/// What a pipe hands to its next stage, and where it was written.
struct Piped {
  var value: Value
  var place: ExpressionID
}

extension Value {
  /// Whole numbers as the facts know them.
  package func normal(_ facts: Facts) -> Value {
    switch self {
    case .int(let dim): .int(facts.normal(dim))
    case .list(let items, let tensor): .list(items.map { $0.normal(facts) }, tensor: tensor)
    default: self
    }
  }
}

extension FunctionValue {
  /// A function written as a value in `frame`.
  fileprivate init(
    written parameters: [Parameter], _ result: TypeNode?, _ body: Block, in frame: Frame
  ) {
    self.init(
      declaration: FunctionDeclaration(
        name: Name(text: "fn", span: body.span), isLoss: false, parameters: parameters,
        result: result, conditions: [], body: body, gradient: nil),
      module: frame.module, enclosing: frame.scope, dims: frame.dims)
  }
}

extension Maker {
  static let named: [String: Maker] = [
    "zeros": .fill(0), "ones": .fill(1), "uniform": .draw(operation: "uniform", isFixed: false),
    "normal": .draw(operation: "normal", isFixed: false),
  ]
}
