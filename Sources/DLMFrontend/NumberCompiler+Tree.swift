import CDLMKernels
import DLMOperators
import DLMShapes
import DLMSyntax
import DLMTensor

// Statements and expressions, one case each.
extension NumberCompiler {
  mutating func add(_ block: Block) throws {
    try inner { compiler in
      for statement in block.statements { try compiler.add(statement) }
    }
  }

  private mutating func add(_ statement: Statement) throws {
    switch statement.kind {
    case .expression(let id): _ = try value(id)
    case .bind(let bindings, let isVariable):
      for binding in bindings { try bind(binding, isVariable) }
    case .assign(let place, let operation, let id): try assign(place, operation, id)
    case .ifElse(let choice): try add(choice)
    case .forIn(.name(let name), let sequence, let body): try loop(name.text, sequence, body)
    case .repeatLoop(.name(let name)?, let sequence, let body): try loop(name.text, sequence, body)
    case .repeatLoop(nil, let count, let body): try turns(count, body)
    case .whileLoop(let condition, let body): try loop(while: condition, body)
    case .expect(let id):
      let jump = jump(unless: try truth(id))
      let over = self.jump()
      land(jump)
      giveUp()
      land(over)
    default: throw NoProgram()
    }
  }

  private mutating func bind(_ binding: Binding, _ isVariable: Bool) throws {
    guard case .name(let name) = binding.pattern, binding.type == nil, binding.source == nil else {
      throw NoProgram()
    }
    let value = try value(binding.value)
    let place = local(value.sort, isVariable: isVariable)
    program.append(.init(.move, place.register, value.register))
    define(name.text, place)
  }

  private mutating func assign(
    _ place: ExpressionID, _ operation: BinaryOperator?, _ id: ExpressionID
  ) throws {
    switch around.tree[place] {
    case .name(let name):
      var new = try value(id)
      if let operation { new = try combine(try self.place(of: name), operation, new) }
      let target = try target(name)
      guard target.isVariable, target.sort == new.sort else { throw NoProgram() }
      move(new, to: target)
    case .tuple(let parts):
      guard case .tuple(let items) = around.tree[id], items.count == parts.count, operation == nil
      else {
        throw NoProgram()
      }
      // All values are those from before.
      let values = try items.map { item in
        let value = try value(item)
        return emit(.move, value.sort, value)
      }
      for (part, value) in zip(parts, values) {
        guard case .name(let name) = around.tree[part] else { throw NoProgram() }
        let target = try target(name)
        guard target.isVariable, target.sort == value.sort else { throw NoProgram() }
        program.append(.init(.move, target.register, value.register))
      }
    default: throw NoProgram()
    }
  }

  private mutating func add(_ choice: If) throws {
    guard choice.binding == nil, choice.subject == nil else { throw NoProgram() }
    let otherwise = jump(unless: try truth(choice.condition))
    try add(choice.then)
    guard let block = choice.otherwise else { return land(otherwise) }
    let end = jump()
    land(otherwise)
    try add(block)
    land(end)
  }

  /// `for i in 0..<n { }`, `for x in xs { }`
  mutating func loop(_ name: String, _ sequence: ExpressionID, _ body: Block) throws {
    switch around.tree[sequence] {
    case .range(let low, let high, let includesEnd):
      let first = try whole(low)
      let last = try whole(high)
      let end = includesEnd ? emit(.addWhole, .whole, last, constant(1, .whole)) : last
      try turns(from: first, to: end) { compiler, counter in
        compiler.define(name, counter)
        for statement in body.statements { try compiler.add(statement) }
      }
    case .name(let list):
      try loop(name, over: try self.list(list), body)
    default: throw NoProgram()
    }
  }

  /// The turns of a `for` over elements of a table.
  mutating func loop(
    _ name: String?, over table: (first: Int, count: Int, sort: Sort), _ body: Block
  ) throws {
    let (first, count, sort) = table
    try turns(from: constant(0, .whole), to: constant(Int64(count), .whole)) { compiler, counter in
      let element = compiler.element(of: first, count: count, at: counter, sort)
      if let name { compiler.define(name, element) }
      for statement in body.statements { try compiler.add(statement) }
    }
  }

  /// The turns of a `for` from `first` to before `end`.
  mutating func loop(_ name: String?, from first: Int, to end: Int, _ body: Block) throws {
    try turns(from: constant(Int64(first), .whole), to: constant(Int64(end), .whole)) {
      compiler, counter in
      if let name { compiler.define(name, counter) }
      for statement in body.statements { try compiler.add(statement) }
    }
  }

  /// `repeat n { }`
  private mutating func turns(_ count: ExpressionID, _ body: Block) throws {
    try turns(from: constant(0, .whole), to: try whole(count)) { compiler, _ in
      for statement in body.statements { try compiler.add(statement) }
    }
  }

  private mutating func turns(
    from first: Place, to end: Place, _ body: (inout NumberCompiler, Place) throws -> Void
  ) throws {
    let counter = local(.whole, isVariable: false)
    let limit = local(.whole, isVariable: false)
    program.append(.init(.move, counter.register, first.register))
    program.append(.init(.move, limit.register, end.register))
    let start = mark()
    let out = jump(unless: emit(.lessWhole, .truth, counter, limit))
    try inner { try body(&$0, counter) }
    program.append(
      .init(.addWhole, counter.register, counter.register, constant(1, .whole).register))
    jump(backTo: start)
    land(out)
  }

  mutating func loop(while condition: ExpressionID, _ body: Block) throws {
    let start = mark()
    let out = jump(unless: try truth(condition))
    try add(body)
    jump(backTo: start)
    land(out)
  }

  private mutating func truth(_ id: ExpressionID) throws -> Place { try value(id, of: .truth) }

  private mutating func whole(_ id: ExpressionID) throws -> Place { try value(id, of: .whole) }

  private mutating func value(_ id: ExpressionID, of sort: Sort) throws -> Place {
    let value = try value(id)
    guard value.sort == sort else { throw NoProgram() }
    return value
  }

  mutating func value(_ id: ExpressionID) throws -> Place {
    switch around.tree[id] {
    case .integer(let value): return constant(Int64(value), .whole)
    case .real(let value): return constant(value)
    case .name(let name):
      switch name {
      case "true": return constant(1, .truth)
      case "false": return constant(0, .truth)
      case "pi": return constant(.pi)
      case "inf": return constant(.infinity)
      case "none", "training": throw NoProgram()
      default: return try place(of: name)
      }
    case .unary(let operation, let operand):
      let value = try value(operand)
      switch (operation, value.sort) {
      case (.minus, .whole): return emit(.negateWhole, .whole, value)
      case (.minus, .real): return emit(.negate, .real, value)
      case (.not, .truth): return emit(.not, .truth, value)
      default: throw NoProgram()
      }
    case .chain(let first, let rest): return try chain(first, rest)
    case .conditional(let condition, let a, let b):
      return try choice(condition, { try $0.value(a) }, { try $0.value(b) })
    case .ifElse(let choice):
      guard choice.binding == nil, choice.subject == nil, let otherwise = choice.otherwise else {
        throw NoProgram()
      }
      return try self.choice(
        choice.condition, { try $0.value(of: choice.then) }, { try $0.value(of: otherwise) })
    case .call(let callee, let arguments):
      guard case .name(let name) = around.tree[callee], !isLocal(name) else { throw NoProgram() }
      return try call(name, arguments)
    case .bracket(let base, let items):
      guard case .name(let name) = around.tree[base], items.count == 1 else { throw NoProgram() }
      let index = try whole(items[0])
      let (first, count, sort) = try list(name)
      return element(of: first, count: count, at: index, sort)
    default: throw NoProgram()
    }
  }

  /// The value of the last expression of a block.
  mutating func value(of block: Block) throws -> Place {
    guard case .expression(let last)? = block.statements.last?.kind else { throw NoProgram() }
    var result: Place?
    try inner { compiler in
      for statement in block.statements.dropLast() { try compiler.add(statement) }
      result = try compiler.value(last)
    }
    guard let result else { throw NoProgram() }
    return result
  }

  private mutating func choice(
    _ condition: ExpressionID, _ then: (inout NumberCompiler) throws -> Place,
    _ otherwise: (inout NumberCompiler) throws -> Place
  ) throws -> Place {
    let other = jump(unless: try truth(condition))
    let a = try then(&self)
    let result = local(a.sort, isVariable: false)
    program.append(.init(.move, result.register, a.register))
    let end = jump()
    land(other)
    let b = try otherwise(&self)
    guard a.sort == b.sort else { throw NoProgram() }
    program.append(.init(.move, result.register, b.register))
    land(end)
    return result
  }

  private mutating func chain(
    _ first: ExpressionID, _ rest: [(operation: BinaryOperator, operand: ExpressionID)]
  ) throws -> Place {
    var current = try value(first)
    for (operation, operand) in rest {
      if operation == .power, case .integer(2) = around.tree[operand], current.sort == .real {
        current = emit(.multiply, .real, current, current)
      } else if operation == .and || operation == .or {
        current = try decided(current, operation, operand)
      } else if operation == .power, current.sort == .whole {
        guard case .integer(let exponent) = around.tree[operand], (0...8).contains(exponent) else {
          throw NoProgram()
        }
        let base = current
        current = constant(1, .whole)
        for _ in 0..<exponent { current = emit(.multiplyWhole, .whole, current, base) }
      } else {
        current = try combine(current, operation, try value(operand))
      }
    }
    return current
  }

  /// `a and b`, `a or b`: the second side is looked at only where the first leaves it open.
  private mutating func decided(_ a: Place, _ operation: BinaryOperator, _ operand: ExpressionID)
    throws
    -> Place
  {
    guard a.sort == .truth else { throw NoProgram() }
    let result = local(.truth, isVariable: false)
    program.append(.init(.move, result.register, a.register))
    let end = jump(unless: operation == .and ? a : emit(.not, .truth, a))
    let b = try truth(operand)
    program.append(.init(.move, result.register, b.register))
    land(end)
    return result
  }

  private mutating func combine(_ a: Place, _ operation: BinaryOperator, _ b: Place) throws -> Place
  {
    switch (a.sort, b.sort) {
    case (.whole, .whole):
      switch operation {
      case .add: return emit(.addWhole, .whole, a, b)
      case .subtract: return emit(.subtractWhole, .whole, a, b)
      case .multiply: return emit(.multiplyWhole, .whole, a, b)
      case .floorDivide: return emit(.divideWhole, .whole, a, b)
      case .modulo: return emit(.remainderWhole, .whole, a, b)
      case .less: return emit(.lessWhole, .truth, a, b)
      case .lessEqual: return emit(.lessEqualWhole, .truth, a, b)
      case .greater: return emit(.lessWhole, .truth, b, a)
      case .greaterEqual: return emit(.lessEqualWhole, .truth, b, a)
      case .equal: return emit(.equalWhole, .truth, a, b)
      case .notEqual: return emit(.not, .truth, emit(.equalWhole, .truth, a, b))
      case .divide: break
      case .power, .matmul, .nearly, .and, .or: throw NoProgram()
      }
    case (.truth, .truth):
      let same = emit(.equalWhole, .truth, a, b)
      switch operation {
      case .equal: return same
      case .notEqual: return emit(.not, .truth, same)
      default: throw NoProgram()
      }
    case (.truth, _), (_, .truth): throw NoProgram()
    default: break
    }
    let x = real(a)
    let y = real(b)
    switch operation {
    case .add: return emit(.add, .real, x, y)
    case .subtract: return emit(.subtract, .real, x, y)
    case .multiply: return emit(.multiply, .real, x, y)
    case .divide: return emit(.divide, .real, x, y)
    case .less: return emit(.less, .truth, x, y)
    case .lessEqual: return emit(.lessEqual, .truth, x, y)
    case .greater: return emit(.less, .truth, y, x)
    case .greaterEqual: return emit(.lessEqual, .truth, y, x)
    case .equal: return emit(.equal, .truth, x, y)
    case .notEqual: return emit(.not, .truth, emit(.equal, .truth, x, y))
    case .modulo: return emit(.function, .real, x, y, function: .modulo)
    case .power: return emit(.function, .real, x, y, function: .power)
    case .floorDivide:
      return emit(.function, .real, emit(.divide, .real, x, y), function: .floor)
    case .matmul, .nearly, .and, .or: throw NoProgram()
    }
  }

  mutating func real(_ place: Place) -> Place {
    place.sort == .real ? place : emit(.toReal, .real, place)
  }
}
