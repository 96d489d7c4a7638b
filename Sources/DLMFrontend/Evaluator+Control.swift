import DLMOperators
import DLMShapes
import DLMSyntax

// Choices and loops. What the text or a run decides is walked one way; what stays open while checking is
// walked both ways.
extension Evaluator {
  /// Most turns of a loop that a check walks; a run walks them all.
  private static let checkedTurns = 64

  /// The truth value at `id`; `nil` while checking, where a run decides it.
  package func condition(_ id: ExpressionID, _ frame: inout Frame) throws -> Bool? {
    switch try value(id, &frame) {
    case .bool(let known):
      if known == nil, machine != nil { throw Failure(.undecided(frame.label(id))) }
      return known
    case .tensor(let tensor) where tensor.isScalar && tensor.type.kind == .bool:
      return try read(tensor).map { $0[0] != 0 }
    case let other: throw Failure(.notACondition(other.sort, frame.label(id)))
    }
  }

  func choose(
    _ condition: ExpressionID, _ id: ExpressionID, _ frame: inout Frame,
    _ then: (inout Frame) throws -> Value, _ otherwise: (inout Frame) throws -> Value
  ) throws -> Value {
    if let machine, machine.isRecordingStep,
      case .tensor(let open) = try value(condition, &frame), open.known == nil
    {
      return try selected(open, id, try then(&frame), try otherwise(&frame), &frame)
    }
    switch try self.condition(condition, &frame) {
    case true?: return try then(&frame)
    case false?: return try otherwise(&frame)
    case nil:
      var inside = frame
      for fact in frame.tree.dimConditions(condition) {
        for relation in (try? fact.relations(with: frame.dims)) ?? [] {
          inside.facts.assume(relation)
        }
      }
      let a = try then(&inside)
      let b = try otherwise(&frame)
      return try joined(a, b, at: id, frame, inside.facts)
    }
  }

  /// A choice that each run of a recorded step makes anew: both sides are computed.
  private func selected(
    _ condition: TensorValue, _ id: ExpressionID, _ then: Value, _ otherwise: Value,
    _ frame: inout Frame
  ) throws -> Value {
    let a = try tensor(from: then, id, frame)
    let b = try tensor(from: otherwise, id, frame)
    let (x, y) = try promoted(a, b, at: id, &frame)
    return .tensor(try apply(operator: "select", [condition, x, y], at: id, &frame))
  }

  /// The value of a choice that is open: both sides must have one type.
  ///
  /// - Parameter facts: those of the first branch, in which its condition holds.
  private func joined(
    _ a: Value, _ b: Value, at id: ExpressionID, _ frame: Frame, _ facts: Facts
  ) throws -> Value {
    switch (a, b) {
    case (.tensor(var x), .tensor(let y)):
      let fits =
        x.type.dims.count == y.type.dims.count
        && zip(x.type.dims, y.type.dims).allSatisfy {
          facts.decide(.equal($0, $1)) != .refuted
        }
      // What holds in both branches is said in the words of the second, which takes nothing for granted.
      if fits {
        for axis in x.type.dims.indices
        where facts.decide(.equal(x.type.dims[axis], y.type.dims[axis])) == .proved {
          x.type.dims[axis] = y.type.dims[axis]
        }
        x.reach = .join(x.reach, y.reach)
      }
      guard fits else { throw Failure(.branchesDiffer(x.type, y.type, frame.label(id))) }
      if x.type.kind != y.type.kind { x.type.kind = .real }
      x.known = nil
      return .tensor(x)
    case (.int(let x), .int(let y)) where x != y:
      return .int(Dim(symbols.symbol("choice")))
    case (.bool(let x), .bool(let y)): return .bool(x == y ? x : nil)
    default: return a
    }
  }

  func ifElse(_ choice: If, _ id: ExpressionID, _ frame: inout Frame) throws -> Value {
    var isOpen = true
    return try ifElse(choice, id, &frame, isOpen: &isOpen)
  }

  /// `isOpen` becomes false if the branch taken ended with a `return`.
  func ifElse(_ choice: If, _ id: ExpressionID, _ frame: inout Frame, isOpen: inout Bool) throws
    -> Value
  {
    let outside = frame.scope
    defer { frame.scope = outside }
    if let subject = choice.subject {
      let known = try value(subject, &frame)
      frame.scope = Scope(around: outside)
      frame.scope.define(If.subjectName, known)
    }
    if let name = choice.binding {
      let bound = try value(choice.condition, &frame)
      if case .none = bound {
        return try block(choice.otherwise, &frame, isOpen: &isOpen)
      }
      let outer = frame.scope
      frame.scope = Scope(around: outer)
      defer { frame.scope = outer }
      frame.scope.define(name.text, bound)
      return try block(choice.then, &frame, isOpen: &isOpen)
    }
    // Where both sides are walked, what follows is reached unless both of them returned.
    var ends: [Bool] = []
    let result = try choose(choice.condition, id, &frame) { frame in
      var open = true
      defer { ends.append(open) }
      return try self.block(choice.then, &frame, isOpen: &open)
    } _: { frame in
      var open = true
      defer { ends.append(open) }
      return try self.block(choice.otherwise, &frame, isOpen: &open)
    }
    isOpen = ends.contains(true)
    return result
  }

  /// The value of a block; names that kept tensors have are those of the body around it.
  private func block(_ block: Block?, _ frame: inout Frame, isOpen: inout Bool) throws -> Value {
    var result: Value = .none
    guard let block else { return result }
    isOpen = try walkInner(block, &frame, result: &result)
    return result
  }

  func walkFor(
    _ pattern: Pattern, _ sequence: ExpressionID, _ body: Block, _ frame: inout Frame,
    result: inout Value
  ) throws -> Bool {
    let items = try elements(of: sequence, &frame)
    let open = openSymbols(sequence, frame)
    let before = open.isEmpty ? [] : types(setIn: body, frame)
    for item in items {
      let outer = frame.scope
      frame.scope = Scope(around: outer)
      defer { frame.scope = outer }
      try define(pattern, item, isVariable: false, sequence, &frame)
      guard try walk(body, &frame, result: &result) else { return false }
      try machine?.endTurn()
    }
    try checkKeeps(before, open, at: sequence, frame)
    result = .none
    return true
  }

  func walkWhile(
    _ condition: ExpressionID, _ body: Block, _ frame: inout Frame, result: inout Value
  ) throws -> Bool {
    var turns = 0
    while let holds = try self.condition(condition, &frame), holds {
      guard try walkInner(body, &frame, result: &result) else { return false }
      try machine?.endTurn()
      turns += 1
      if machine == nil, turns >= Evaluator.checkedTurns { break }
    }
    if turns == 0, machine == nil {
      // Open: the body is walked once for its mistakes.
      guard try walkInner(body, &frame, result: &result) else { return false }
    }
    result = .none
    return true
  }

  func walkRepeat(
    _ pattern: Pattern?, _ count: ExpressionID, _ body: Block, _ frame: inout Frame,
    result: inout Value
  ) throws -> Bool {
    var items: [Value]
    if pattern == nil, case .int(let dim) = try value(count, &frame) {
      if let number = frame.facts.normal(dim).constant {
        items = (0..<max(0, number)).map { .int(Dim($0)) }
      } else {
        items = [try openTurn(count, frame)]
      }
    } else {
      items = try elements(of: count, &frame)
      if case .tuple? = pattern {
        // `repeat (i, n) in blocks`: the number of the turn comes with the element.
        items = items.enumerated().map { .tuple([.int(Dim($0)), $1]) }
      }
    }
    let open = openSymbols(count, frame)
    let before = open.isEmpty ? [] : types(setIn: body, frame)
    // In a step, clauses read the numbers that the last turn has bound: `every 100 steps { log gp }`.
    let isStep = frame.train != nil && frame.depth == 0
    let known = isStep ? Set(frame.scope.own.keys) : []
    for (turn, item) in items.enumerated() {
      let outer = frame.scope
      frame.scope = Scope(around: outer)
      frame.turns.append(turn + 1)
      defer {
        if isStep {
          for (name, slot) in frame.scope.own where !known.contains(name) {
            if case .tensor(let number) = slot.value, number.isScalar {
              outer.define(name, slot.value)
            }
          }
        }
        frame.scope = outer
        frame.turns.removeLast()
      }
      if let pattern { try define(pattern, item, isVariable: false, count, &frame) }
      guard try walk(body, &frame, result: &result) else { return false }
      try machine?.endTurn()
    }
    try checkKeeps(before, open, at: count, frame)
    result = .none
    return true
  }

  /// What a loop goes through; while checking, only as many as tell its mistakes.
  func elements(of id: ExpressionID, _ frame: inout Frame) throws -> [Value] {
    switch try value(id, &frame) {
    case .list(let items, _), .tuple(let items): return items
    case .range(let low, let high):
      guard let first = frame.facts.normal(low).constant,
        let end = frame.facts.normal(high).constant
      else { return [try openTurn(id, frame)] }
      let last = machine == nil ? min(end, first + Evaluator.checkedTurns) : end
      return first < last ? (first..<last).map { .int(Dim($0)) } : []
    case .tensor(let tensor) where !tensor.isScalar: return try rows(of: tensor, id, &frame)
    case .split(let split): return try rows(of: split, id, &frame)
    case .dataset: return try rows(of: try split(id, &frame), id, &frame)
    case .failed: throw Failure(nil)
    case let other: throw Failure(.cannotLoop(other.sort, frame.label(id)))
    }
  }

  /// While checking, one turn stands for all of a loop whose count is open.
  private func openTurn(_ id: ExpressionID, _ frame: Frame) throws -> Value {
    guard machine == nil else {
      throw Failure(.openCount(frame.tree.text(id), frame.label(id)))
    }
    return .int(Dim(symbols.symbol("turn")))
  }

  /// The symbols that the number of turns depends on.
  private func openSymbols(_ id: ExpressionID, _ frame: Frame) -> Set<Symbol> {
    guard machine == nil else { return [] }
    var copy = frame
    switch try? value(id, &copy) {
    case .int(let dim)?: return frame.facts.normal(dim).symbols
    case .range(let low, let high)?:
      return frame.facts.normal(low).symbols.union(frame.facts.normal(high).symbols)
    default: return []
    }
  }

  /// The types of the variables that a body sets.
  private func types(setIn body: Block, _ frame: Frame) -> [(name: String, type: TensorType)] {
    body.assignedNames(in: frame.tree).compactMap { name in
      guard case .tensor(let tensor)? = frame.scope[name]?.value else { return nil }
      return (name, tensor.type)
    }
  }

  /// With an open count a turn must leave every variable as it found it.
  private func checkKeeps(
    _ before: [(name: String, type: TensorType)], _ open: Set<Symbol>, at id: ExpressionID,
    _ frame: Frame
  ) throws {
    // A static is known at each use, where the loop is unrolled: what follows it is looked at there.
    if !open.isEmpty, open.isSubset(of: staticSymbols) { throw Failure(nil) }
    for (name, type) in before {
      guard case .tensor(let tensor)? = frame.scope[name]?.value else { continue }
      let isSame =
        type.dims.count == tensor.type.dims.count
        && zip(type.dims, tensor.type.dims).allSatisfy {
          frame.facts.decide(.equal($0, $1)) == .proved
        }
      // What a function that nothing calls leaves open is known at each use.
      if !isSame, alone == .function { throw Failure(nil) }
      if !isSame {
        throw Failure(.changesInLoop(name, type, tensor.type, frame.tree.text(id), frame.label(id)))
      }
    }
  }

  /// The places along the first axis; while checking, one stands for all.
  private func rows(of tensor: TensorValue, _ id: ExpressionID, _ frame: inout Frame) throws
    -> [Value]
  {
    guard machine != nil, let count = frame.facts.normal(tensor.type.dims[0]).constant else {
      return [.tensor(try element(tensor, along: 0, at: 0, id, &frame))]
    }
    return try (0..<count).map {
      .tensor(try element(tensor, along: 0, at: Dim($0), id, &frame))
    }
  }

  /// Rows of data, each a tuple of its fields.
  private func rows(of split: DataSplit, _ id: ExpressionID, _ frame: inout Frame) throws -> [Value]
  {
    let fields = split.dataset.fields
    guard let machine else {
      let row = fields.map { Value.tensor(TensorValue($0.type)) }
      return [row.count == 1 ? row[0] : .tuple(row)]
    }
    let columns = try machine.rows(of: split)
    return try (0..<split.rows).map { row in
      let parts = try zip(fields, columns).map { field, handle -> Value in
        let all = try mapped(
          TensorValue(
            TensorType(
              (field.unmapped ?? field.type).kind, handle.dims.map { Dim($0) }), handle: handle),
          field, &frame)
        return .tensor(try element(all, along: 0, at: Dim(row), id, &frame))
      }
      return parts.count == 1 ? parts[0] : .tuple(parts)
    }
  }
}

extension Block {
  /// Variables that its statements set.
  fileprivate func assignedNames(in tree: Tree) -> [String] {
    statements.flatMap { statement -> [String] in
      switch statement.kind {
      case .assign(let place, _, _): tree.placeNames(place)
      case .ifElse(let choice):
        choice.then.assignedNames(in: tree) + (choice.otherwise?.assignedNames(in: tree) ?? [])
      case .forIn(_, _, let body), .repeatLoop(_, _, let body), .whileLoop(_, let body):
        body.assignedNames(in: tree)
      default: []
      }
    }
  }
}

extension Tree {
  fileprivate func placeNames(_ id: ExpressionID) -> [String] {
    switch self[id] {
    case .name(let name): [name]
    case .tuple(let parts): parts.flatMap { placeNames($0) }
    case .bracket(let base, _): placeNames(base)
    default: []
    }
  }
}
