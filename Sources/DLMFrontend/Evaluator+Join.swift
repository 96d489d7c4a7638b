import DLMOperators
import DLMShapes
import DLMSyntax

// What stands behind a choice or a loop that only a run decides: one value for every way through it.

/// What a body's `return`s gave in choices that a run decides, until its end is walked.
package final class Returns {
  /// `condition` is `nil` while checking: each of them may be the one.
  var pending: [(condition: TensorValue?, value: Value, place: ExpressionID)] = []
}

/// Where two values become one.
enum Junction {
  /// The value of a choice, or of a body with several `return`s.
  case branches
  /// A variable, behind a choice that sets it.
  case variable(String)
  /// A variable, behind a loop of any number of turns, written so.
  case turns(String, count: String)

  /// What a whole number that depends on the run is called in messages.
  var name: String {
    switch self {
    case .branches: "choice"
    case .variable(let name), .turns(let name, _): name
    }
  }

  var isLoop: Bool {
    if case .turns = self { true } else { false }
  }

  func differ(_ a: Value, _ b: Value, _ at: Diagnostic.Label) -> Diagnostic {
    switch self {
    case .branches: .branchesDiffer(a.sort, b.sort, at)
    case .variable(let name): .variableDiffers(name, a.sort, b.sort, at)
    case .turns(let name, let count): .changesInLoop(name, a.sort, b.sort, count, at)
    }
  }
}

extension Evaluator {
  /// A value that is `a` or `b`, as a run decides; both must be of one type.
  ///
  /// - Parameter facts: those of `a`, which what holds in both is said without.
  func joined(
    _ a: Value, _ b: Value, _ junction: Junction, at id: ExpressionID, facts: Facts,
    _ frame: Frame
  ) throws -> Value {
    func each(_ x: Value, _ y: Value) throws -> Value {
      try joined(x, y, junction, at: id, facts: facts, frame)
    }
    func whole(_ x: Dim, _ y: Dim) -> Dim {
      facts.decide(.equal(x, y)) == .proved
        ? y : Dim(symbols.symbol(junction.name, isLength: false))
    }
    switch (a, b) {
    case (.failed, _), (_, .failed): return .failed
    case (.none, _), (_, .none): return .none
    // A step that is recorded once has one number of turns, one shape: what differs is a tensor there.
    case (.int(let x), .int(let y)) where !walksStep || x == y: return .int(whole(x, y))
    case (.range(let low, let high), .range(let other, let end)):
      return .range(whole(low, other), whole(high, end))
    case (.bool(let x), .bool(let y)) where stepChoices == 0 || x == y:
      return .bool(x == y ? x : nil)
    case (.string(let x), .string(let y)):
      if x != y, stepChoices > 0 { throw Failure(.choosesString(frame.label(id))) }
      return .string(x == y ? x : nil)
    default: break
    }
    if let value = try a.merged(with: b, each) { return value }
    if let x = numbers(a, id, frame), let y = numbers(b, id, frame) {
      guard let type = joined(x, y, junction, facts, frame) else {
        throw refusal(.tensor(x), .tensor(y), junction, frame.label(id))
      }
      var result = x
      result.type = type
      result.known = x.known == y.known ? x.known : nil
      result.isWritten = x.isWritten && y.isWritten
      result.reach = .join(x.reach, y.reach)
      return .tensor(result)
    }
    if mayStretch(junction, frame), let xs = a.listed, let ys = b.listed,
      let first = (xs + ys).first
    {
      return .anyNumber(of: try (xs + ys).dropFirst().reduce(first, each))
    }
    guard a.isOpaque, b.isOpaque else { throw refusal(a, b, junction, frame.label(id)) }
    return b
  }

  /// Where a body is walked alone, each use knows which way its variables go.
  private func refusal(_ a: Value, _ b: Value, _ junction: Junction, _ at: Diagnostic.Label)
    -> Failure
  {
    if case .variable = junction, alone != nil { return Failure(nil) }
    if junction.isLoop, alone == .function { return Failure(nil) }
    return Failure(junction.differ(a, b, at))
  }

  /// Plain code may make its variables longer; a model has one shape.
  private func mayStretch(_ junction: Junction, _ frame: Frame) -> Bool {
    if case .branches = junction { return false }
    return frame.instance == nil && !walksStep && alone == nil
  }

  private func numbers(_ value: Value, _ id: ExpressionID, _ frame: Frame) -> TensorValue? {
    switch value {
    case .tensor, .int, .bool: try? tensor(from: value, id, frame)
    case .list where value.isOfNumbers: try? tensor(from: value, id, frame)
    default: nil
    }
  }

  /// The type of what is of the one or of the other; `nil` where there is none.
  private func joined(
    _ x: TensorValue, _ y: TensorValue, _ junction: Junction, _ facts: Facts, _ frame: Frame
  ) -> TensorType? {
    let (a, b) = (x.type, y.type)
    guard a.dims.count == b.dims.count else { return nil }
    let mayStretch = mayStretch(junction, frame)
    var type = a
    type.kind = joined(a.kind, b.kind)
    if a.kind.isReal, b.kind.isReal {
      if x.isWritten { type.element = b.element }
      guard x.isWritten || y.isWritten || a.element == b.element else { return nil }
    }
    for (axis, (x, y)) in zip(a.dims, b.dims).enumerated() {
      switch facts.decide(.equal(x, y)) {
      case .proved: type.dims[axis] = y
      case .deferred where !mayStretch && !junction.isLoop: break
      case .deferred, .refuted:
        guard mayStretch else { return nil }
        type.dims[axis] = Dim(symbols.symbol("N"))
      }
    }
    return type
  }

  private func joined(_ a: Kind, _ b: Kind) -> Kind {
    if a == b { return a }
    return a.isWhole && b.isWhole ? .int : .real
  }
}

extension Evaluator {
  /// What `names` stand for; those that nothing here defines are left out.
  func values(of names: [String], _ frame: Frame) -> [(name: String, value: Value)] {
    names.compactMap { name in frame.scope[name].map { (name, $0.value) } }
  }

  /// Walks both sides of a choice, each from where the choice stands, and merges what they leave behind.
  ///
  /// - Parameters:
  ///   - names: the variables that the sides set.
  ///   - open: the condition, in a step that is recorded.
  ///   - facts: what holds on the first side.
  func both(
    _ names: [String], when open: TensorValue?, facts: [Relation], at id: ExpressionID,
    _ frame: inout Frame, _ then: Branch, _ otherwise: Branch
  ) throws -> (value: Value, isOpen: Bool) {
    let before = values(of: names, frame)
    var inside = frame
    for fact in facts { inside.facts.assume(fact) }
    let not = try open.map { try apply(operator: "logical_not", [$0], at: id, &frame) }
    let a = try unlessFailing { try guarded(by: open, at: id, &inside, then) }
    let first = values(of: names, frame)
    for (name, value) in before { _ = frame.scope.assign(name, value) }
    guard let a else { return try guarded(by: not, at: id, &frame, otherwise) }
    guard let b = try unlessFailing({ try guarded(by: not, at: id, &frame, otherwise) }) else {
      for (name, value) in first { try store(value, in: name, frame) }
      return a
    }
    func merged(_ x: Value, _ y: Value, _ junction: Junction, _ frame: inout Frame) throws -> Value
    {
      if let open { return try selected(open, x, y, at: id, &frame) }
      return try joined(x, y, junction, at: id, facts: inside.facts, frame)
    }
    if a.isOpen {
      for ((name, x), (_, y)) in zip(first, values(of: names, frame)) {
        let value = b.isOpen ? try merged(x, y, .variable(name), &frame) : x
        try store(value, in: name, frame)
      }
    }
    if a.isOpen == b.isOpen { return (try merged(a.value, b.value, .branches, &frame), a.isOpen) }
    frame.returns?.pending.append(a.isOpen ? (not, b.value, id) : (open, a.value, id))
    return (a.isOpen ? a.value : b.value, true)
  }

  /// What a walk gives that a run may come to; `nil` where the program itself ends it with `fail`.
  func unlessFailing<Result>(_ walk: () throws -> Result) throws -> Result? {
    do {
      return try walk()
    } catch let failure as Failure where failure.isOwn && machine == nil {
      return nil
    }
  }

  /// Walks one side of a choice; what it returns on the way, it returns if `condition` holds.
  private func guarded(
    by condition: TensorValue?, at id: ExpressionID, _ frame: inout Frame, _ side: Branch
  ) throws -> (value: Value, isOpen: Bool) {
    let count = frame.returns?.pending.count ?? 0
    openChoices += 1
    hasOpenChoice = true
    defer { openChoices -= 1 }
    let result = try side(&frame)
    guard let condition, let returns = frame.returns else { return result }
    for index in count..<returns.pending.count {
      guard let inner = returns.pending[index].condition else { continue }
      returns.pending[index].condition = try apply(
        operator: "logical_and", [condition, inner], at: id, &frame)
    }
    return result
  }

  /// A choice that each run of a recorded step makes anew.
  func selected(
    _ condition: TensorValue, _ a: Value, _ b: Value, at id: ExpressionID, _ frame: inout Frame
  ) throws -> Value {
    switch (a, b) {
    case (.none, _), (_, .none): return .none
    case (.int(let x), .int(let y)) where x == y: return b
    case (.bool(let x?), .bool(let y?)) where x == y: return b
    case (.string(let x?), .string(let y?)) where x == y: return b
    default: break
    }
    let parts = try a.merged(with: b) { try selected(condition, $0, $1, at: id, &frame) }
    if let parts { return parts }
    let (x, y) = try promoted(
      try tensor(from: a, id, frame), try tensor(from: b, id, frame), at: id, &frame)
    if let number = x.known, x.isScalar, y.known == number { return .tensor(y) }
    return .tensor(try apply(operator: "select", [condition, x, y], at: id, &frame))
  }

  /// The value of a body that went to `last`, or to one of its `return`s.
  func result(_ last: Value, _ frame: inout Frame) throws -> Value {
    try (frame.returns?.pending ?? []).reversed().reduce(last) { later, returned in
      if let condition = returned.condition {
        return try selected(condition, returned.value, later, at: returned.place, &frame)
      }
      return try joined(
        returned.value, later, .branches, at: returned.place, facts: frame.facts, frame)
    }
  }
}

extension Kind {
  /// Whether its values are whole numbers.
  fileprivate var isWhole: Bool {
    switch self {
    case .int, .u8, .index: true
    case .real, .logit, .prob, .logprob, .bool: false
    }
  }
}

extension Value {
  /// Lists, tuples or records of one form, part by part; `nil` for others.
  fileprivate func merged(with other: Value, _ each: (Value, Value) throws -> Value) rethrows
    -> Value?
  {
    switch (self, other) {
    case (.list(let xs, nil), .list(let ys, nil)) where xs.count == ys.count:
      return .list(try zip(xs, ys).map(each))
    case (.tuple(let xs), .tuple(let ys)) where xs.count == ys.count:
      return .tuple(try zip(xs, ys).map(each))
    case (.record(let xs), .record(let ys)) where xs.map(\.name) == ys.map(\.name):
      return .record(try zip(xs, ys).map { ($0.name, try each($0.value, $1.value)) })
    default: return nil
    }
  }

  /// The elements of a list, one for all where there are any number.
  fileprivate var listed: [Value]? {
    switch self {
    case .list(let items, _): items
    case .anyNumber(let one): [one]
    default: nil
    }
  }

  /// Whether it has no numbers of which a choice could be between.
  fileprivate var isOpaque: Bool {
    switch self {
    case .int, .bool, .string, .tensor, .list, .tuple, .record, .range: false
    default: true
    }
  }
}
