import DLMOperators
import DLMShapes
import DLMSyntax

/// What a loop goes through, an element for each turn.
struct Turns {
  var count: Int
  var element: (Int, inout Frame) throws -> Value
  /// The number of the first turn, where they are whole numbers in order.
  var first: Int?
  /// The elements, where they are there already.
  var items: [Value]?
  /// Stands for all turns where how many there are depends on the run.
  var open: Value?

  init(_ count: Int, _ element: @escaping (Int, inout Frame) throws -> Value) {
    self.count = count
    self.element = element
  }

  init(_ items: [Value]) {
    self.init(items.count) { index, _ in items[index] }
    self.items = items
  }

  init(from first: Int, to end: Int) {
    self.init(max(0, end - first)) { index, _ in .int(Dim(first + index)) }
    self.first = first
  }

  init(open: Value) {
    self.init(0) { _, _ in open }
    self.open = open
  }

  /// What stands for the turns behind number `index`.
  func anyOther(than index: Int, _ evaluator: Evaluator, _ frame: inout Frame) throws -> Value {
    first == nil ? try element(index + 1, &frame) : evaluator.anyWhole("turn")
  }
}

// Loops. A run walks every turn. A check walks as many as its effort allows, and one that stands for all
// where their number is open; what changes from turn to turn is left open then.
extension Evaluator {
  func walkFor(
    _ pattern: Pattern, _ sequence: ExpressionID, _ body: Block, _ frame: inout Frame,
    result: inout Value
  ) throws -> Bool {
    func turn(_ element: Value, _ frame: inout Frame) throws -> (value: Value, isOpen: Bool) {
      let outer = (frame.scope, frame.isInLoop)
      (frame.scope, frame.isInLoop) = (Scope(around: outer.0), true)
      defer { (frame.scope, frame.isInLoop) = outer }
      try define(pattern, element, isVariable: false, sequence, &frame)
      var value: Value = .none
      let isOpen = try walk(body, &frame, result: &value)
      return (value, isOpen)
    }
    let turns = try turns(of: sequence, &frame)
    for index in 0..<turns.count {
      let (value, isOpen) = try turn(try turns.element(index, &frame), &frame)
      guard isOpen else {
        result = value
        return false
      }
      try machine?.endTurn()
      // The first turn has shown the types of what the others set.
      if index == 0, try runNumbers(pattern, turns, body, &frame) { break }
      if index + 1 < turns.count, hasSeenEnough() {
        let other = try turns.anyOther(than: index, self, &frame)
        try walkOpen(body, sequence, &frame) { try turn(other, &$0) }
        break
      }
    }
    if let open = turns.open { try walkOpen(body, sequence, &frame) { try turn(open, &$0) } }
    result = .none
    return true
  }

  func walkWhile(
    _ condition: ExpressionID, _ body: Block, _ frame: inout Frame, result: inout Value
  ) throws -> Bool {
    func turn(_ frame: inout Frame) throws -> (value: Value, isOpen: Bool) {
      let outer = frame.isInLoop
      frame.isInLoop = true
      defer { frame.isInLoop = outer }
      var value: Value = .none
      let isOpen = try walkInner(body, &frame, result: &value)
      return (value, isOpen)
    }
    var holds = try self.condition(condition, &frame)
    var isFirst = true
    while holds == true {
      let (value, isOpen) = try turn(&frame)
      guard isOpen else {
        result = value
        return false
      }
      try machine?.endTurn()
      if isFirst, try runNumbers(while: condition, body, &frame) { break }
      isFirst = false
      holds = try self.condition(condition, &frame)
      if hasSeenEnough() { break }
    }
    if holds != false, machine == nil {
      if holds == nil, walksStep { throw Failure(.openLoopInStep(frame.label(condition))) }
      try walkOpen(body, condition, &frame) { frame in
        _ = try self.condition(condition, &frame)
        return try turn(&frame)
      }
    }
    result = .none
    return true
  }

  func walkRepeat(
    _ pattern: Pattern?, _ count: ExpressionID, _ body: Block, _ frame: inout Frame,
    result: inout Value
  ) throws -> Bool {
    // In a step, clauses read the numbers that the last turn has bound: `every 100 steps { log gp }`.
    let isStep = frame.train != nil && frame.depth == 0
    let known = isStep ? Set(frame.scope.own.keys) : []
    func turn(_ index: Int, _ element: Value, _ frame: inout Frame) throws -> (
      value: Value, isOpen: Bool
    ) {
      let outer = frame.scope
      frame.scope = Scope(around: outer)
      frame.turns.append(index + 1)
      defer {
        for (name, slot) in isStep ? frame.scope.own : [:] where !known.contains(name) {
          if case .tensor(let number) = slot.value, number.isScalar {
            outer.define(name, slot.value)
          }
        }
        frame.scope = outer
        frame.turns.removeLast()
      }
      if let pattern { try define(pattern, element, isVariable: false, count, &frame) }
      var value: Value = .none
      let isOpen = try walk(body, &frame, result: &value)
      return (value, isOpen)
    }
    let turns = try unrolled(count, pattern, &frame)
    for index in 0..<turns.count {
      let (value, isOpen) = try turn(index, try turns.element(index, &frame), &frame)
      guard isOpen else {
        result = value
        return false
      }
      try machine?.endTurn()
      if index == 0, try runNumbers(pattern, turns, body, &frame) { break }
      // The turns of a model are parts of it, to the last.
      if index + 1 < turns.count, frame.instance == nil, hasSeenEnough(isUnrolled: true) {
        let other = try turns.anyOther(than: index, self, &frame)
        try walkOpen(body, count, &frame) { try turn(index + 1, other, &$0) }
        break
      }
    }
    if let open = turns.open { try walkOpen(body, count, &frame) { try turn(0, open, &$0) } }
    result = .none
    return true
  }

  /// The turns of a `repeat`: a number of them, or elements, with their numbers in front where the
  /// pattern has a place for those: `repeat (i, n) in blocks`.
  private func unrolled(_ count: ExpressionID, _ pattern: Pattern?, _ frame: inout Frame) throws
    -> Turns
  {
    if pattern == nil, case .int(let dim) = try value(count, &frame) {
      guard let number = frame.facts.normal(dim).constant else {
        return Turns(open: try openTurn(count, frame))
      }
      return Turns(from: 0, to: number)
    }
    let all = try turns(of: count, &frame)
    guard case .tuple(let parts, _)? = pattern else { return all }
    if machine == nil, case .tuple(let items)? = all.items?.first ?? all.open,
      case .name(let second)? = parts.last, parts.count == 2, items.count == 2
    {
      warn(.turnInFront(parts[0].names[0], second.text, frame.label(pattern?.span ?? second.span)))
    }
    if let open = all.open { return Turns(open: .tuple([anyWhole("turn"), open])) }
    return Turns(all.count) { index, frame in
      .tuple([.int(Dim(index)), try all.element(index, &frame)])
    }
  }

  /// Walks a turn that stands for any number of them, none included: variables are left as what they
  /// are behind each of them.
  private func walkOpen(
    _ body: Block, _ count: ExpressionID, _ frame: inout Frame,
    _ turn: (inout Frame) throws -> (value: Value, isOpen: Bool)
  ) throws {
    let names = body.assignedNames(in: frame.tree)
    openChoices += 1
    hasOpenChoice = true
    defer { openChoices -= 1 }
    let symbols = openSymbols(count, frame)
    if !symbols.isEmpty, symbols.isSubset(of: staticSymbols) {
      _ = try turn(&frame)
      // Statics are known at each use, where the loop is unrolled: what follows it is looked at there.
      throw Failure(nil)
    }
    try joinTurns(names, count, &frame) { frame in
      guard let (value, isOpen) = try unlessFailing({ try turn(&frame) }) else { return false }
      if !isOpen { frame.returns?.pending.append((nil, value, count)) }
      return true
    }
  }

  /// Walks what happens any number of times, none included; what it sets is behind it what it may be
  /// after each of them.
  ///
  /// - Parameter turn: whether it is worth walking on.
  func joinTurns(
    _ names: [String], _ count: ExpressionID, _ frame: inout Frame,
    _ turn: (inout Frame) throws -> Bool
  ) throws {
    // What the first turn changes may be a mistake for the second.
    for _ in 0..<2 {
      let before = values(of: names, frame)
      guard try turn(&frame) else { return }
      var isSettled = true
      for ((name, old), (_, new)) in zip(before, values(of: names, frame)) {
        let junction = Junction.turns(name, count: frame.tree.text(count))
        let open = try joined(old, new, junction, at: count, facts: frame.facts, frame)
        isSettled = isSettled && old.isSame(as: open, frame.facts)
        _ = frame.scope.assign(name, open)
      }
      if isSettled || hasSeenEnough() { return }
    }
  }

  /// What a list, a range, the rows of a tensor or of data have for each turn.
  func turns(of id: ExpressionID, _ frame: inout Frame) throws -> Turns {
    switch try value(id, &frame) {
    case .list(let items, _), .tuple(let items):
      return Turns(items)
    case .anyNumber(let one): return Turns(open: one)
    case .range(let low, let high):
      guard let first = frame.facts.normal(low).constant,
        let end = frame.facts.normal(high).constant
      else { return Turns(open: try openTurn(id, frame)) }
      return Turns(from: first, to: end)
    case .tensor(let tensor) where !tensor.isScalar:
      guard let count = frame.facts.normal(tensor.type.dims[0]).constant else {
        let row = try element(tensor, along: 0, at: 0, id, &frame)
        return Turns(open: .tensor(row))
      }
      // Where nobody asks for gradients, the elements of a vector are numbers.
      if !tracksNumbers, machine?.isRecordingStep == false, tensor.type.dims.count == 1,
        let numbers = plainNumbers(tensor)
      {
        return Turns(numbers.map { .number($0) })
      }
      return Turns(count) { index, frame in
        .tensor(try self.element(tensor, along: 0, at: Dim(index), id, &frame))
      }
    case .split(let split): return try rows(of: split, id)
    case .dataset: return try rows(of: try split(id, &frame), id)
    case .failed: throw Failure(nil)
    case let other: throw Failure(.cannotLoop(other.sort, frame.label(id)))
    }
  }

  /// While checking, one turn stands for all of a loop whose count is open.
  private func openTurn(_ id: ExpressionID, _ frame: Frame) throws -> Value {
    guard machine == nil else {
      throw Failure(.openCount(frame.tree.text(id), frame.label(id)))
    }
    return anyWhole("turn")
  }

  /// A whole number of which nothing is known.
  func anyWhole(_ name: String) -> Value { .int(Dim(symbols.symbol(name, isLength: false))) }

  /// The symbols that the number of turns depends on.
  private func openSymbols(_ id: ExpressionID, _ frame: Frame) -> Set<Symbol> {
    var copy = frame
    switch try? value(id, &copy) {
    case .int(let dim)?: return frame.facts.normal(dim).symbols
    case .range(let low, let high)?:
      return frame.facts.normal(low).symbols.union(frame.facts.normal(high).symbols)
    default: return []
    }
  }

  /// Rows of data, each a tuple of its fields.
  private func rows(of split: DataSplit, _ id: ExpressionID) throws -> Turns {
    let fields = split.dataset.fields
    func tuple(_ parts: [Value]) -> Value { parts.count == 1 ? parts[0] : .tuple(parts) }
    guard let machine else {
      let row = tuple(fields.map { .tensor(TensorValue($0.type)) })
      return Turns(split.rows) { _, _ in row }
    }
    let columns = try machine.rows(of: split)
    return Turns(split.rows) { row, frame in
      tuple(
        try zip(fields, columns).map { field, handle -> Value in
          let kind = (field.unmapped ?? field.type).kind
          let all = try self.mapped(
            TensorValue(TensorType(kind, handle.dims.map { Dim($0) }), handle: handle),
            field, &frame)
          return .tensor(try self.element(all, along: 0, at: Dim(row), id, &frame))
        })
    }
  }
}

extension Value {
  /// Whether a turn that finds `other` finds all that one has found that began with this.
  fileprivate func isSame(as other: Value, _ facts: Facts) -> Bool {
    switch (self, other) {
    case (.int(let a), .int(let b)): facts.decide(.equal(a, b)) == .proved
    case (.bool(let a), .bool(let b)): a == b
    case (.string(let a), .string(let b)): a == b
    case (.tensor(let a), .tensor(let b)): a.type == b.type && a.known == b.known
    case (.list(let a, _), .list(let b, _)), (.tuple(let a), .tuple(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.isSame(as: $1, facts) }
    case (.record(let a), .record(let b)):
      zip(a, b).allSatisfy { $0.value.isSame(as: $1.value, facts) }
    case (.anyNumber(let a), .anyNumber(let b)): a.isSame(as: b, facts)
    case (.int, _), (.bool, _), (.list, _), (.tensor, _), (.anyNumber, _): false
    default: true
    }
  }
}

extension Block {
  /// Variables that its statements set.
  func assignedNames(in tree: Tree) -> [String] {
    statements.flatMap { statement -> [String] in
      switch statement.kind {
      case .assign(let place, _, _): tree.placeNames(place)
      case .ifElse(let choice):
        choice.then.assignedNames(in: tree) + (choice.otherwise?.assignedNames(in: tree) ?? [])
      case .forIn(_, _, let body), .repeatLoop(_, _, let body), .whileLoop(_, let body),
        .when(_, _, let body):
        body.assignedNames(in: tree)
      case .scan(let scan): scan.body.assignedNames(in: tree)
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
    case .field(let base, _), .bracket(let base, _): placeNames(base)
    default: []
    }
  }
}
