import DLMOperators
import DLMShapes
import DLMSyntax

// Gradients that say nothing.
extension Evaluator {
  /// Refuses the gradient of a number in a name of the program that it does not depend on.
  func checkDepends(
    _ number: TensorValue, on target: TensorValue, _ call: Call, _ id: ExpressionID, _ frame: Frame
  ) throws {
    guard machine == nil, frame.site == nil, let mark = target.mark,
      !(number.reach?.layers.contains(mark) ?? false)
    else { return }
    let text = call.arguments.first.map { frame.tree.text($0.value) } ?? "this"
    throw Failure(.gradientOfConstant(text, frame.tree.text(id), frame.label(id)))
  }

  /// Marks what a name is bound to, so that a gradient in it is known to be one; what has a name already
  /// is the same by another. Tuples and records may be taken apart later, by different names.
  func marked(_ value: Value, _ frame: Frame) -> Value {
    guard machine == nil, frame.instance == nil, !frame.module.isPrelude else { return value }
    switch value {
    case .tensor(var tensor) where tensor.mark == nil:
      instanceCount += 1
      tensor.mark = instanceCount
      tensor.reach = .join(tensor.reach, Reach(layer: instanceCount))
      return .tensor(tensor)
    case .tuple(let parts): return .tuple(parts.map { marked($0, frame) })
    case .record(let fields): return .record(fields.map { ($0.name, marked($0.value, frame)) })
    default: return value
    }
  }
}

// In which values of plain code gradients may be asked for: the way from those alone is kept.
extension Evaluator {
  /// Notes that a value is bound to a name that the program asks for gradients in. What the prelude binds
  /// may be one too.
  func noteTarget(_ value: Value, named name: String, _ frame: Frame) {
    guard machine != nil, let names = gradientNames, frame.module.isPrelude || names.contains(name)
    else { return }
    value.forEachHandle { $0.isTarget = true }
  }
}

extension Value {
  fileprivate func forEachHandle(_ visit: (Handle) -> Void) {
    switch self {
    case .tensor(let tensor): tensor.handle.map(visit)
    case .list(let items, let tensor):
      tensor?.handle.map(visit)
      items.forEach { $0.forEachHandle(visit) }
    case .tuple(let items): items.forEach { $0.forEachHandle(visit) }
    case .record(let fields): fields.forEach { $0.value.forEachHandle(visit) }
    default: break
    }
  }
}

// `fn f(x: real[...S]) { ... } grad (g) { ... }`: a gradient that the program writes.
extension Evaluator {
  /// What the body gave, with the gradient that the function writes in place of that of its operators.
  ///
  /// The body of `grad` sees the parameters and, by its own name, the gradient of the result; it gives
  /// one gradient for each parameter that is real, as a tuple where there are several. Where calls give
  /// some of them as plain numbers, it may leave these out.
  func withGradient(_ result: Value, of function: FunctionDeclaration, _ frame: Frame) throws
    -> Value
  {
    guard let gradient = function.gradient else { return result }
    guard case .tensor(var tensor) = result, gradient.names.count == 1 else {
      throw Failure(
        .gradientNames(
          function.name.text, frame.label(gradient.names.last?.span ?? function.name.span)))
    }
    let inputs = function.parameters.compactMap {
      parameter -> (name: String, tensor: TensorValue)? in
      guard case .tensor(let input)? = frame.scope[parameter.name.text]?.value,
        input.type.kind.isReal, machine == nil || input.handle != nil
      else { return nil }
      return (parameter.name.text, input)
    }
    let rule = { (dy: TensorValue) -> [TensorValue] in
      var inner = frame.inner()
      inner.scope.define(gradient.names[0].text, .tensor(dy))
      return try self.written(gradient.body, of: function, for: inputs, &inner)
    }
    guard let machine else {
      // A gradient is made of operators, as a step is: its numbers choose between values.
      _ = try recorded {
        try rule(TensorValue(TensorType(.real, tensor.type.dims, tensor.type.realElement)))
      }
      tensor.reach = inputs.reduce(nil) { .join($0, $1.tensor.reach) }
      return .tensor(tensor)
    }
    let type = tensor.type
    tensor.handle = try machine.value(
      try handle(of: tensor, frame), of: inputs.compactMap(\.tensor.handle)
    ) { dy in
      try rule(TensorValue(TensorType(.real, type.dims), handle: dy)).map {
        try self.handle(of: $0, frame)
      }
    }
    return .tensor(tensor)
  }

  /// The gradients that the body of `grad` gives, one for each of `inputs`, of its shape.
  private func written(
    _ body: Block, of function: FunctionDeclaration,
    for inputs: [(name: String, tensor: TensorValue)], _ frame: inout Frame
  ) throws -> [TensorValue] {
    let result = try run(body, &frame)
    let values = inputs.count == 1 ? [result] : result.elements ?? [result]
    let tensors = inputs.filter { !$0.tensor.isScalar }
    let inputs = machine == nil && values.count == tensors.count ? tensors : inputs
    let place = body.statements.last?.span ?? body.span
    guard values.count == inputs.count else {
      throw Failure(
        .gradientCount(
          function.name.text, found: values.count, inputs.map(\.name), frame.label(place)))
    }
    return try zip(values, inputs).map { value, input in
      guard case .tensor(let tensor) = value, tensor.type.kind.isReal,
        isLike(tensor.type.dims, input.tensor.type.dims, frame)
      else {
        throw Failure(
          .gradientShape(
            function.name.text, value.sort, of: input.name, input.tensor.type, frame.label(place)))
      }
      return tensor
    }
  }

  private func isLike(_ a: [Dim], _ b: [Dim], _ frame: Frame) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { frame.facts.decide(.equal($0, $1)) != .refuted }
  }
}
