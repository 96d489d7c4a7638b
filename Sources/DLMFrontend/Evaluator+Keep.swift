import DLMOperators
import DLMShapes
import DLMSyntax
import DLMTensor

// Parameters, state, and tensors that are made of dims.
extension Evaluator {
  /// `param` and `state`: a tensor at the path of its layer, or of the parameter that an optimizer is at.
  func keep(_ declaration: ParamDeclaration, isTrained: Bool, _ frame: inout Frame) throws {
    let name = declaration.name.text
    if let condition = declaration.condition, case .bool(false?) = try value(condition, &frame) {
      frame.scope.define(name, .none)
      return
    }
    guard let owner = frame.statePath ?? frame.instance?.path else {
      throw Failure(.keptOutside(name, frame.label(declaration.name.span)))
    }
    if frame.statePath == nil, case .tensor? = frame.scope.ownValue(name), machine == nil {
      throw Failure(.keptTwice(name, frame.label(declaration.name.span)))
    }
    let path = "\(owner).\(name)"
    let (type, elementType) = try keptType(declaration, &frame)
    try checkKept(name, type, declaration, frame)
    try checkFile(path, type, frame, at: declaration.name.span)
    let isOwn = isTrained && machine == nil && !frame.module.isPrelude
    let ownNumber = frame.instance?.keep(
      name, TensorType(type.kind, type.dims.map { frame.facts.normal($0) }, type.element),
      isTrained: isTrained
    ) {
      if isOwn { instanceCount += 1 }
      return isOwn ? instanceCount : nil
    }
    if isTrained,
      let dim = type.dims.first(where: { dim in
        !frame.facts.normal(dim).symbols.isDisjoint(with: batchSymbols)
      })
    {
      throw Failure(
        frame.site == nil
          ? .dependsOnBatch(name, dim, frame.label(declaration.name.span))
          : .noFeatures(
            frame.instance?.declaration.name.text ?? "this layer",
            frame.label(declaration.name.span)))
    }
    var tensor = TensorValue(type)
    if isTrained, let instance = frame.instance {
      tensor.reach = .join(Reach(layer: instance.number), ownNumber.map { Reach(layer: $0) })
    }
    if let own = substituted[path] {
      tensor.handle = own
    } else if let machine {
      let dims = try type.dims.map { try number($0, of: name, declaration, frame) }
      var copy = frame
      tensor.handle = try machine.variable(path, dims: dims, elementType) {
        let first = try self.initial(declaration.initial, type, elementType, path, &copy)
        return try self.handle(of: first, copy, beside: elementType ?? .f32)
      }
      if isTrained { parameters[path] = tensor.handle }
    } else {
      // First values are made once: they are no cost of a step.
      let counted = cost
      cost = nil
      _ = try initial(declaration.initial, type, elementType, path, &frame)
      cost = counted
    }
    if let penalty = declaration.penalty { try penalize(penalty, tensor, name, &frame) }
    recording?.note(.tensor(tensor), boundTo: declaration.name, frame)
    frame.scope.define(name, .tensor(tensor), isVariable: !isTrained)
    if !isTrained { frame.states.append((name, path)) }
  }

  /// One layer has one set of weights: a second call cannot want others.
  private func checkKept(
    _ name: String, _ type: TensorType, _ declaration: ParamDeclaration, _ frame: Frame
  ) throws {
    guard let instance = frame.instance,
      let known = instance.kept.first(where: { $0.name == name }),
      !isSame(known.type.dims, type.dims, frame)
    else { return }
    let dims = type.dims.map { frame.facts.normal($0) }
    throw Failure(
      .keepsOther(
        "\(instance.path).\(name)", known.type, TensorType(type.kind, dims, type.element),
        frame.label(declaration.name.span)))
  }

  /// `penalize l2(1e-4)`: a function of what is kept, or a number.
  private func penalize(
    _ id: ExpressionID, _ tensor: TensorValue, _ name: String, _ frame: inout Frame
  ) throws {
    var term = try value(id, &frame)
    if case .function(let function) = term {
      let given = Given(
        label: nil, value: .tensor(tensor), place: id, span: frame.tree.span(id))
      term = try apply(function, [given], at: id, &frame)
    }
    let number = try self.tensor(from: term, id, frame)
    guard number.isScalar else { throw Failure(.penaltyNotScalar(number.type, frame.label(id))) }
    guard !number.isWritten else { throw Failure(.constantPenalty(name, frame.label(id))) }
    if frame.isTraining {
      penalties.append(
        Penalty(
          name: "\(name) penalty", value: number, owner: frame.instance?.path ?? "",
          isOfWeights: true))
    }
  }

  private func number(
    _ dim: Dim, of name: String, _ declaration: ParamDeclaration, _ frame: Frame
  ) throws -> Int {
    guard let value = frame.facts.normal(dim).constant else {
      throw Failure(.openShape(name, dim, frame.label(declaration.name.span)))
    }
    return value
  }

  /// The type of what is kept, and of its elements where that is said: `f64[3]`, but not `real[3]`.
  private func keptType(_ declaration: ParamDeclaration, _ frame: inout Frame) throws -> (
    TensorType, ElementType?
  ) {
    guard let node = declaration.type else {
      return (try tensor(declaration.initial, &frame).type, nil)
    }
    guard case .tensor(let pattern, let entries) = try frame.tree.pattern(node) else {
      throw Failure(.notATensorType(frame.label(node.span)))
    }
    let (kind, elementType): (Kind, ElementType?)
    switch pattern {
    case .kind(let known): (kind, elementType) = (known, known.isReal ? .f32 : nil)
    case .element(let element): (kind, elementType) = (element.kind, element)
    default: throw Failure(.notATensorType(frame.label(node.span)))
    }
    var dims: [Dim] = []
    for entry in entries {
      guard case .single(let expression) = entry.expression else {
        throw Failure(.notATensorType(frame.label(node.span)))
      }
      do throws(DimExpressionError) {
        dims += try expression.evaluated(with: frame.dims).value.dims
      } catch {
        throw Failure(.unknownDim(error, frame.label(node.span)))
      }
    }
    return (TensorType(kind, dims, elementType), elementType)
  }

  /// The first value of what is kept: `uniform(-r, r)` draws, a number fills, a tensor is taken.
  private func initial(
    _ id: ExpressionID, _ type: TensorType, _ elementType: ElementType?, _ path: String,
    _ frame: inout Frame
  ) throws -> TensorValue {
    if case .call(let callee, let arguments) = frame.tree[id],
      case .name(let name) = frame.tree[callee], name == "uniform" || name == "normal",
      arguments.count == 2
    {
      let a = try tensor(arguments[0].value, &frame)
      let b = try tensor(arguments[1].value, &frame)
      // A draw between numbers is of any shape.
      if machine == nil, a.isNumber, b.isNumber { return TensorValue(type) }
      let draw = try made(
        .draw(operation: name, isFixed: true), type.dims, stream: Self.stream(path), at: id, &frame)
      // Between two bounds, or around a mean with a deviation.
      let width = name == "uniform" ? try combine(b, .subtract, a, at: id, &frame) : b
      let scaled = try combine(draw, .multiply, width, at: id, &frame)
      return try combine(scaled, .add, a, at: id, &frame)
    }
    var first = try self.value(id, &frame)
    if case .maker(let maker) = first {
      return try made(maker, type.dims, stream: Self.stream(path), at: id, &frame)
    }
    if case .function(let function) = first {
      // An initializer: a function of a tensor like the one that is kept.
      let model = try made(.fill(0), type.dims, stream: 0, at: id, &frame)
      let given = Given(label: nil, value: .tensor(model), place: id, span: frame.tree.span(id))
      first = try apply(function, [given], at: id, &frame)
    }
    let value = try tensor(from: first, id, frame)
    if !value.isScalar, !isSame(value.type.dims, type.dims, frame) {
      throw Failure(.firstValue(value.type, of: type, frame.label(id)))
    }
    if value.isScalar, !type.dims.isEmpty {
      if machine == nil, value.isNumber { return TensorValue(type) }
      let elements = elementType ?? (value.type.kind.isReal ? nil : value.type.element)
      if let known = value.known, let elementType = elements {
        // To the last digit that the elements hold.
        return try apply(
          .constant, [],
          ["value": .real(known), "dims": .dims(type.dims), "type": .elementType(elementType)],
          at: id, &frame)
      }
      let zeros = try made(.fill(0), type.dims, stream: 0, at: id, &frame)
      return try combine(zeros, .add, value, at: id, &frame)
    }
    return value
  }

  private func isSame(_ a: [Dim], _ b: [Dim], _ frame: Frame) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { frame.facts.decide(.equal($0, $1)) != .refuted }
  }

  /// `normal[B, 128]`: a tensor of these dims.
  func made(
    _ maker: Maker, _ dims: [Dim], stream: UInt64? = nil, at id: ExpressionID,
    _ frame: inout Frame
  ) throws -> TensorValue {
    for dim in dims where frame.facts.decide(.atLeast(dim, 0)) == .refuted {
      throw Failure(.negativeLength(frame.facts.normal(dim), frame.label(id)))
    }
    switch maker {
    case .fill(let value):
      return try apply(
        .constant, [], ["value": .real(value), "dims": .dims(dims)], at: id, &frame)
    case .draw(let operation, let isFixed):
      let owner = frame.instance?.path ?? ""
      drawCounts[owner, default: 0] += 1
      let stream = stream ?? Self.stream("\(owner)#\(drawCounts[owner, default: 0])\(drawTurn)")
      return try apply(
        operator: operation, [],
        ["dims": .dims(dims), "stream": .stream(stream), "fixed": .bool(isFixed)], at: id, &frame)
    }
  }

  /// Lets draws begin anew, as those of a program do.
  package func beginDrawing() { drawCounts = [:] }

  /// The number of a random stream: every draw in a program has a path of its own, so adding a layer
  /// moves no other layer's numbers.
  /// - Source: FNV-1a, 64 bits, Fowler, Noll and Vo, draft-eastlake-fnv.
  static func stream(_ path: String) -> UInt64 {
    path.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  /// Brackets after a value: what is made of dims, or an index.
  func bracket(
    _ base: ExpressionID, _ items: [ExpressionID], piped: Piped?, _ id: ExpressionID,
    _ frame: inout Frame
  ) throws -> Value {
    if case .name("reshape") = frame.tree[base], let piped {
      let tensor = try tensor(from: piped.value, piped.place, frame)
      let dims = try dims(items, &frame)
      return .tensor(try apply(.reshape, [tensor], ["dims": .dims(dims)], at: id, &frame))
    }
    let value = try value(base, &frame)
    if case .maker(let maker) = value {
      return .tensor(try made(maker, try dims(items, &frame), at: id, &frame))
    }
    let takesPlace = items.count == 1 && !frame.tree.isNew(items[0])
    if case .anyNumber(let one) = value, takesPlace {
      _ = try int(items[0], &frame)
      return one
    }
    if let parts = value.elements, takesPlace,
      case .int(let dim) = try self.value(items[0], &frame).wholly,
      let index = frame.facts.normal(dim).constant
    {
      let position = index < 0 ? index + parts.count : index
      guard parts.indices.contains(position) else {
        throw Failure(.noElement(index, of: parts.count, frame.label(items[0])))
      }
      return try part(position, of: value, parts[position], id, &frame)
    }
    switch value {
    case .tensor where piped == nil, .list where piped == nil: break
    default: throw Failure(.cannotIndex(value.sort, frame.label(base)))
    }
    let tensor = try tensor(from: value, base, frame)
    return .tensor(try indexed(tensor, items, id, &frame))
  }

  /// An element of a list; of a list that is bound in a run, the place in its tensor, so that gradients
  /// reach it.
  private func part(
    _ position: Int, of list: Value, _ element: Value, _ id: ExpressionID, _ frame: inout Frame
  ) throws -> Value {
    guard case .list(_, let whole?) = list, whole.handle != nil else { return element }
    func tracked() throws -> TensorValue {
      try self.element(whole, along: 0, at: Dim(position), id, &frame)
    }
    switch element {
    case .tensor(let number):
      var tensor = try tracked()
      tensor.known = number.known
      return .tensor(tensor)
    case .list(let items, nil): return .list(items, tensor: try tracked())
    default: return element
    }
  }

  /// Whole numbers in brackets or a list as dims; `...S` puts in a pack.
  func dims(_ items: [ExpressionID], _ frame: inout Frame) throws -> [Dim] {
    var result: [Dim] = []
    for item in items {
      let id = if case .pack(let inner?) = frame.tree[item] { inner } else { item }
      if case .unary(.minus, let one) = frame.tree[id], case .integer(1) = frame.tree[one] {
        throw Failure(.noRest(frame.label(id)))
      }
      if let expression = try? frame.tree.dim(id),
        let evaluated = try? expression.evaluated(with: frame.dims)
      {
        evaluated.requirements.forEach { frame.facts.assume($0) }
        result += evaluated.value.dims
      } else if let binding = try value(id, &frame).asDims {
        result += binding.dims
      } else {
        throw Failure(.notADim(frame.tree.text(id), frame.label(id)))
      }
    }
    return result
  }

  /// `zeros like p`, `normal like image`.
  func like(_ maker: ExpressionID, _ model: ExpressionID, _ frame: inout Frame) throws -> Value {
    let tensor = try tensor(model, &frame)
    guard case .maker(let maker) = try value(maker, &frame) else {
      throw Failure(.notAMaker(frame.tree.text(maker), frame.label(maker)))
    }
    let result = try made(maker, tensor.type.dims, at: model, &frame)
    let type = tensor.type.element
    guard type.isFloatingPoint, type != .f32 else { return .tensor(result) }
    return .tensor(
      try apply(.cast, [result], ["type": .elementType(type)], at: model, &frame))
  }

  /// `fixed normal[64, 128]`: the same draw every time.
  func fixed(_ operand: ExpressionID, _ frame: inout Frame) throws -> Value {
    guard case .bracket(let base, let items) = frame.tree[operand],
      case .maker(.draw(let operation, _)) = try value(base, &frame)
    else { throw Failure(.notADraw(frame.tree.text(operand), frame.label(operand))) }
    let maker = Maker.draw(operation: operation, isFixed: true)
    return .tensor(try made(maker, try dims(items, &frame), at: operand, &frame))
  }
}

extension Value {
  /// A number of the text that is whole, as a whole number.
  var wholly: Value {
    if case .tensor(let tensor) = self, let known = tensor.known, let whole = Int(exactly: known) {
      return .int(Dim(whole))
    }
    return self
  }
}

extension DimPattern {
  /// The entry with its pack as one expression.
  fileprivate var expression: DimPattern? {
    switch self {
    case .single: self
    case .pack(let expression): .single(expression)
    case .rest, .wildcard: nil
    }
  }
}

extension TensorValue {
  /// Whether it is one number, with which arithmetic is possible.
  fileprivate var isNumber: Bool { isScalar && (type.kind.isReal || type.kind == .int) }
}
