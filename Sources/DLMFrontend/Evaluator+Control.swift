import DLMOperators
import DLMShapes
import DLMSyntax

// Choices. What the text or a run decides is walked one way; what stays open while checking, or while a
// step is recorded, is walked both ways.
extension Evaluator {
  /// The truth value at `id`; `nil` while checking, where a run decides it.
  package func condition(_ id: ExpressionID, _ frame: inout Frame) throws -> Bool? {
    try truth(of: try value(id, &frame), at: id, frame)
  }

  func truth(of value: Value, at id: ExpressionID, _ frame: Frame) throws -> Bool? {
    switch value {
    case .bool(let known):
      precondition(
        known != nil || machine == nil, "a run knows every truth value that is no tensor")
      return known
    case .tensor(let tensor) where tensor.isTruth:
      return try read(tensor).map { $0[0] != 0 }
    case let other:
      if case .chain(let first, let rest) = frame.tree[id], rest.count == 1,
        rest[0].operation == .equal
      {
        let nearly = "\(frame.tree.text(first)) ~= \(frame.tree.text(rest[0].operand))"
        throw Failure(.notACondition(other.sort, frame.label(id), nearly: nearly))
      }
      throw Failure(.notACondition(other.sort, frame.label(id)))
    }
  }

  /// One side of a choice: its value, and whether the walk goes on behind it, not after a `return`.
  typealias Branch = (inout Frame) throws -> (value: Value, isOpen: Bool)

  /// The side that `condition` chooses; both where only a run decides, with what they set merged.
  func choose(
    _ condition: ExpressionID, setting names: [String] = [], at id: ExpressionID,
    _ frame: inout Frame, _ then: Branch, _ otherwise: Branch
  ) throws -> (value: Value, isOpen: Bool) {
    let given = try value(condition, &frame)
    if machine?.isRecordingStep ?? walksStep, case .tensor(let open) = given, open.known == nil,
      open.isTruth
    {
      return try choosingInStep {
        try both(
          names, when: machine == nil ? nil : open, facts: [], at: id, &frame, then, otherwise)
      }
    }
    switch try truth(of: given, at: condition, frame) {
    case true?:
      for fact in relations(condition, frame) { frame.facts.state(fact) }
      return try then(&frame)
    case false?: return try otherwise(&frame)
    case nil:
      let facts = relations(condition, frame)
      return try both(names, when: nil, facts: facts, at: id, &frame, then, otherwise)
    }
  }

  /// What a condition says of dims.
  private func relations(_ condition: ExpressionID, _ frame: Frame) -> [Relation] {
    frame.tree.dimConditions(condition).flatMap { (try? $0.relations(with: frame.dims)) ?? [] }
  }

  func ifElse(_ choice: If, _ id: ExpressionID, _ frame: inout Frame) throws -> (
    value: Value, isOpen: Bool
  ) {
    let outside = frame.scope
    defer { frame.scope = outside }
    if let subject = choice.subject {
      let known = try value(subject, &frame)
      frame.scope = Scope(around: outside)
      frame.scope.define(If.subjectName, known)
    }
    if let name = choice.binding {
      let bound = try value(choice.condition, &frame)
      if case .none = bound { return try block(choice.otherwise, &frame) }
      let outer = frame.scope
      frame.scope = Scope(around: outer)
      defer { frame.scope = outer }
      frame.scope.define(name.text, bound)
      return try block(choice.then, &frame)
    }
    let names = [choice.then, choice.otherwise].compactMap { $0 }
      .flatMap { $0.assignedNames(in: frame.tree) }
    return try choose(choice.condition, setting: names, at: id, &frame) {
      try self.block(choice.then, &$0)
    } _: {
      try self.block(choice.otherwise, &$0)
    }
  }

  /// Whether a value is what a case of `match` writes: part by part where that is a tuple, in which `_`
  /// is anything.
  func fits(_ value: Value, _ pattern: ExpressionID, _ frame: inout Frame) throws -> Value {
    switch frame.tree[pattern] {
    case .hole: return .bool(true)
    case .tuple(let patterns):
      guard let parts = value.elements, parts.count == patterns.count else {
        throw Failure(.otherCase(value, parts: patterns.count, frame.label(pattern)))
      }
      return try zip(parts, patterns).reduce(.bool(true)) { known, part in
        if case .bool(false?) = known { return known }
        let fits = try fits(part.0, part.1, &frame)
        return try combine(known, .and, fits, at: pattern, &frame)
      }
    case .range(let low, let high, let includesEnd):
      let isAbove = try combine(
        value, .greaterEqual, try self.value(low, &frame), at: pattern, &frame)
      let isBelow = try combine(
        value, includesEnd ? .lessEqual : .less, try self.value(high, &frame), at: pattern, &frame)
      return try combine(isAbove, .and, isBelow, at: pattern, &frame)
    default: return try combine(value, .equal, try self.value(pattern, &frame), at: pattern, &frame)
    }
  }

  /// The value of a block; names that kept tensors have are those of the body around it.
  private func block(_ block: Block?, _ frame: inout Frame) throws -> (value: Value, isOpen: Bool) {
    var result: Value = .none
    guard let block else { return (result, true) }
    let isOpen = try walkInner(block, &frame, result: &result)
    return (result, isOpen)
  }
}

extension TensorValue {
  /// Whether it is one truth value.
  fileprivate var isTruth: Bool { isScalar && type.kind == .bool }
}
