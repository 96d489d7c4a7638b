import DLMOperators
import DLMShapes
import DLMSyntax

/// A body that is walked by itself, on symbols for everything that a call would say.
enum Alone { case layer, function }

// Functions, optimizers and schedules that nothing calls, walked with symbols for what a call would say.
extension Evaluator {
  func checkAlone(_ function: FunctionDeclaration, _ frame: Frame) throws {
    alone = .function
    defer { alone = nil }
    var inner = standing(in: frame.module, frame)
    for parameter in function.parameters {
      guard try defineAlone(parameter, &inner) else { return }
    }
    try checkNames(in: function.conditions, inner)
    inner.assume(function.conditions)
    inner.body = function.body
    let result = try run(function.body, &inner)
    try checkAlone(
      try withGradient(result, of: function, inner), function.result, of: function.name.text, inner)
  }

  func checkAlone(_ optimizer: OptimizerDeclaration, _ frame: Frame) throws {
    var inner = standing(in: frame.module, frame)
    for parameter in optimizer.statics {
      guard try defineAlone(parameter, &inner) else { return }
    }
    // What an objective gives as a function of all parameters is known where one is minimized.
    if optimizer.objective != nil { return }
    let parameter = TensorValue(TensorType(.real, [Dim(symbols.symbol("N"))]))
    inner.statePath = "alone"
    inner.scope.define(optimizer.parameter.text, .tensor(parameter), isVariable: true)
    inner.scope.define(optimizer.gradient.text, .tensor(parameter))
    inner.states.append((optimizer.parameter.text, "alone"))
    var result: Value = .none
    _ = try walk(optimizer.body, &inner, result: &result)
  }

  func checkAlone(_ schedule: ScheduleDeclaration, _ frame: Frame) throws {
    var inner = standing(in: frame.module, frame)
    for parameter in schedule.statics {
      guard try defineAlone(parameter, &inner) else { return }
    }
    inner.scope.define(schedule.clock.text, .tensor(.openNumber))
    inner.scope.define("steps", .int(Dim(symbols.symbol("steps"))))
    _ = try run(schedule.body, &inner)
  }

  /// A result of a body that nothing calls, held against its declared type.
  func checkAlone(_ result: Value, _ declared: TypeNode?, of name: String, _ inner: Frame) throws {
    guard let declared else { return }
    let place = inner.body?.result
    let result = try formed(result, declared, of: name, at: place, inner)
    if case .tuple(let parts) = result, case .tuple(let types, _) = declared {
      for (part, type) in zip(parts, types) { try checkAlone(part, type, of: name, inner) }
      return
    }
    guard case .tensor(var tensor) = result, declared.isTensor else { return }
    let pattern = try inner.tree.pattern(declared.withoutOption)
    try checkResult(&tensor, pattern, declared, of: name, at: place, inner)
  }

  /// A result that is of the sort that its type says: one value or as many, numbers in a list as a tensor.
  func formed(
    _ result: Value, _ declared: TypeNode, of name: String, at place: Span?, _ inner: Frame
  ) throws -> Value {
    var found: String
    switch (declared, result) {
    case (_, .failed): throw Failure(nil)
    case (.optional, .none), (.optional(.tuple, _), .tuple): return result
    case (_, .none): found = "nothing"
    case (.tuple(let types, _), .tuple(let parts)) where types.count == parts.count: return result
    case (_, .tuple(let parts)) where declared.isTensor || declared.isTuple:
      found = "\(parts.count) values"
    case (.tuple, .tensor(let tensor)): found = "one value, \(tensor.type)"
    default:
      if let value = try ofSort(result, declared.withoutOption, inner) { return value }
      found = result.sort
    }
    var diagnostic = Diagnostic.wrongForm(
      name, inner.tree.file.string(declared.span), found,
      inner.label(place ?? inner.body?.span ?? declared.span),
      inner.label(declared.span, "declared here"))
    switch result {
    case .instance, .constructor:
      diagnostic.help = "a layer gives something when it is applied: `x |> Linear(3)`"
    case .function, .builtin:
      diagnostic.help = "a function gives something when it is called: `f(x)`"
    default: break
    }
    throw Failure(diagnostic)
  }

  /// `nil` where a result that is no tuple is not of the sort that is declared.
  private func ofSort(_ result: Value, _ declared: TypeNode, _ inner: Frame) throws -> Value? {
    guard case .expression(let place)? = inner.body?.statements.last?.kind else { return result }
    var inner = inner
    guard declared.isTensor else {
      return try conforming(result, to: declared, place, &inner)
    }
    switch result {
    case .tensor: return result
    case .int, .bool:
      // One number: a declared length refuses it.
      if case .tensor(_, nil, let dims, _) = declared, dims.isEmpty { return result }
      return .tensor(try tensor(from: result, place, inner))
    case .list where result.isOfNumbers:
      let tensor = try tensor(from: result, place, inner)
      return .tensor(declared.wantsReals ? try real(tensor, at: place, &inner) : tensor)
    default: return nil
    }
  }

  /// Symbols and statics that conditions name must be known.
  func checkNames(in conditions: [Condition], _ inner: Frame) throws {
    for condition in conditions {
      guard let dims = inner.tree.dimCondition(condition.expression) else { continue }
      for name in dims.left.names.union(dims.right.names).sorted()
      where inner.dims[name] == nil && inner.scope[name] == nil
        && name.first?.isUppercase ?? false
      {
        let known = inner.dims.names.filter { $0.first?.isUppercase ?? false }.sorted()
        throw Failure(
          .unknownSymbol(
            name, known, inner.label(inner.tree.place(of: name, in: condition.expression))))
      }
    }
  }

  private func standing(in module: Module, _ frame: Frame) -> Frame {
    var inner = Frame(module: module, scope: Scope(around: module.globals), facts: frame.facts)
    inner.dims = module.dims
    inner.depth = 1
    return inner
  }

  /// Defines a parameter as something of its type; false where the type leaves open what that is.
  private func defineAlone(_ parameter: Parameter, _ inner: inout Frame) throws -> Bool {
    let name = parameter.name.text
    if let standard = parameter.standard, parameter.type?.isTensor != true {
      if parameter.isAxes { return false }
      let value = try value(standard, &inner)
      inner.scope.define(name, value)
      if let binding = value.asDims { inner.dims[name] = binding }
      return true
    }
    guard case .tensor(let kind, _, let entries, _)? = parameter.type else { return false }
    if entries.isEmpty, kind.text == "int" {
      let symbol = Dim(symbols.symbol(name))
      staticSymbols.formUnion(symbol.symbols)
      inner.scope.define(name, .int(symbol))
      inner.dims[name] = .dim(symbol)
      return true
    }
    if entries.isEmpty, kind.text == "bool" {
      inner.scope.define(name, .bool(nil))
      return true
    }
    guard let type = parameter.type, type.isTensor, case .tensor = type,
      let tensor = try alone(try inner.tree.pattern(type), &inner)
    else { return false }
    var named = tensor
    named.origin = Origin(
      name, tensor.type, arithmetic: "", span: parameter.name.span)
    inner.scope.define(name, .tensor(named))
    return true
  }

  /// A tensor of a type whose symbols stand for themselves; `nil` where it has any number of axes.
  private func alone(_ pattern: TypePattern, _ inner: inout Frame) throws -> TensorValue? {
    guard case .tensor(let kind, let entries) = pattern, var type = try number(of: kind, &inner)
    else {
      return nil
    }
    for entry in entries {
      guard case .single(let expression) = entry else { return nil }
      for name in expression.names where inner.dims[name] == nil {
        inner.dims[name] = .dim(Dim(symbols.symbol(name)))
      }
    }
    for case .single(let expression) in entries {
      guard case (.dim(let dim), _)? = try? expression.evaluated(with: inner.dims) else {
        return nil
      }
      type.dims.append(dim)
    }
    return TensorValue(type)
  }
}

extension Frame {
  /// Takes conditions on dims for granted.
  mutating func assume(_ conditions: [Condition]) {
    for condition in conditions {
      guard let dims = tree.dimCondition(condition.expression) else { continue }
      for relation in (try? dims.relations(with: self.dims)) ?? [] { facts.assume(relation) }
    }
  }
}

extension Tree {
  /// Where `name` stands in an expression of dims; the whole where it is not found.
  fileprivate func place(of name: String, in id: ExpressionID) -> ExpressionID {
    switch self[id] {
    case .name(name): id
    case .unary(_, let operand): place(of: name, in: operand)
    case .chain(let first, let rest):
      ([first] + rest.map(\.operand)).first { names(in: $0).contains(name) }
        .map { place(of: name, in: $0) } ?? id
    default: id
    }
  }
}
