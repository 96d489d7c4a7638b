import DLMOperators
import DLMShapes
import DLMSyntax
import DLMTensor

// Primitives called by their names: `cumsum(x, over: T)`, `lower(a, diagonal: -1)`.
extension Evaluator {
  func call(
    _ operation: Operator, _ arguments: [Argument], _ piped: Piped?, _ id: ExpressionID,
    _ frame: inout Frame
  ) throws -> Value {
    var operands = try piped.map { [try tensor(from: $0.value, $0.place, frame)] } ?? []
    var told: [String: ExpressionID] = [:]
    let declared = operation.signature.attributes.filter(\.type.isWritten)
    for argument in arguments {
      guard let label = argument.label else {
        operands.append(try tensor(argument.value, &frame))
        continue
      }
      let attribute = declared.first { $0.name == label.text || $0.type.option == label.text }
      guard let attribute else {
        let options = declared.map { $0.type.option ?? $0.name }
        throw Failure(
          .unknownOption(
            label.text, of: operation.name, nearest(to: label.text, among: options),
            frame.label(label.span)))
      }
      told[attribute.name] = argument.value
    }
    let expected = operation.signature.operands.count
    guard operands.count == expected, declared.count == operation.signature.attributes.count else {
      throw Failure(
        .wrongCount(operation.name, found: operands.count, expected: expected, frame.label(id)))
    }
    let kind = operands.first?.type.kind
    if let operand = operands.first {
      try checkKind(of: operand, for: operation, piped?.place ?? arguments[0].value, id, frame)
    }
    operands = try conforming(operands, to: operation, id, &frame)
    var attributes: Attributes = [:]
    for attribute in declared {
      // Where a call says what dims come out, axes are of those: `place(x, i, dims: [2, 3], over:
      // 1)`.
      let model =
        if case .dims(let dims)? = attributes["dims"] { TensorValue(TensorType(.real, dims)) } else
        { operands.first ?? TensorValue(number: 0) }
      attributes[attribute.name] = try value(
        of: attribute, told[attribute.name], model, operation, id, &frame)
    }
    var result = try apply(operation, operands, attributes, at: id, &frame)
    if operation.name == "log", kind == .prob { result.type.kind = .logprob }
    if operation.name == "exp", kind == .logprob { result.type.kind = .prob }
    if machine == nil, frame.site == nil {
      let isNew = result.type.kind != kind || result.kindPlace == nil
      if result.type.kind.saysMore, isNew { result.kindPlace = frame.label(id) }
      if operation.name == "log", kind == .real {
        result.last = LastCall(.logarithm, frame.label(id))
      }
    }
    return .tensor(result)
  }

  /// Refuses the logarithm of what is one, or a score, and `sigmoid` of what has gone through it or its
  /// like already; the prelude knows what it does.
  private func checkKind(
    of operand: TensorValue, for operation: Operator, _ place: ExpressionID, _ id: ExpressionID,
    _ frame: Frame
  ) throws {
    let kind = operand.type.kind
    let wanted =
      switch (operation.name, kind) {
      case ("log", .logprob), ("log", .logit): "prob"
      case ("sigmoid", .prob), ("sigmoid", .logprob): "logit"
      default: ""
      }
    guard !wanted.isEmpty, frame.site == nil else { return }
    let text = frame.tree.text(place)
    let call = RefusedCall(
      name: operation.name, declared: "", parameter: "x", text: text, found: operand,
      callee: frame.tree.callee(of: id), others: [], at: frame.label(place))
    var diagnostic = Diagnostic.refused(
      call, .kindMismatch(operand: 0, found: kind, expected: wanted), frame.facts)
    let whole = frame.tree.span(id)
    if operation.name == "log", kind == .logprob, whole.start < frame.tree.span(place).start {
      diagnostic.fixes = [Diagnostic.Fix("drop the `log`", [Diagnostic.Edit(whole, text)])]
    }
    throw Failure(diagnostic)
  }

  /// Operands as reals where the operator wants reals or one of them is; of an element-wise
  /// operator, with common dims.
  private func conforming(
    _ operands: [TensorValue], to operation: Operator, _ id: ExpressionID, _ frame: inout Frame
  ) throws -> [TensorValue] {
    var operands = operands
    let isElementwise = operation.lowering.isElementwise && operands.count > 1
    let isReal = isElementwise && operands.contains { $0.type.kind.isReal }
    for index in operands.indices where !operands[index].type.kind.isReal {
      let isWanted = operation.wantsReal(index) || (isReal && operands[index].type.kind != .bool)
      if isWanted { operands[index] = try real(operands[index], at: id, &frame) }
    }
    guard isElementwise else { return operands }
    var dims: [Dim] = []
    for operand in operands {
      dims = try commonDims(TensorValue(TensorType(.real, dims)), operand, at: id, &frame)
    }
    return try operands.map { try broadcast($0, to: dims, at: id, &frame) }
  }

  /// What a call says of an attribute; `nil` where it has a standard value.
  ///
  /// - Parameter model: the tensor whose axes it names.
  private func value(
    of attribute: Signature.AttributeDeclaration, _ given: ExpressionID?,
    _ model: TensorValue, _ operation: Operator, _ id: ExpressionID, _ frame: inout Frame
  ) throws -> Attribute? {
    switch (attribute.type, given) {
    case (.axis, nil): return .axes(try axes(.last, of: model, &frame))
    case (.axes, nil): return .axes(try axes(nil, of: model, &frame))
    case (_, nil) where attribute.standard != nil: return nil
    case (_, nil):
      throw Failure(.missingArgument(attribute.name, of: operation.name, frame.label(id)))
    case (.axis, let given?), (.axes, let given?):
      return .axes(try axes(.expression(given), of: model, &frame))
    case (.int, let given?): return .dim(try int(given, &frame))
    case (.bool, let given?): return .bool(try flag(.expression(given), &frame))
    case (.real, let given?):
      guard let known = try tensor(given, &frame).known else {
        throw Failure(.openCount(frame.tree.text(given), frame.label(given)))
      }
      return .real(known)
    case (.dims, let given?):
      guard case .list(let items) = frame.tree[given] else {
        throw Failure(.notADim(frame.tree.text(given), frame.label(given)))
      }
      return .dims(try dims(items, &frame))
    case (.type, _), (.window, _), (.stream, _): return nil
    }
  }
}

extension AttributeType {
  /// Whether a call can say it.
  fileprivate var isWritten: Bool {
    switch self {
    case .int, .real, .bool, .axis, .axes, .dims: true
    case .type, .window, .stream: false
    }
  }

  /// What a call names it by, if not by its own name.
  fileprivate var option: String? { self == .axis || self == .axes ? "over" : nil }
}

extension Operator {
  /// Whether a program can call it by its name.
  var isCallable: Bool {
    !signature.operands.isEmpty && signature.attributes.allSatisfy(\.type.isWritten)
  }

  fileprivate func wantsReal(_ position: Int) -> Bool {
    let operand = signature.operands[min(position, signature.operands.count - 1)]
    if case .tensor(.kind(.real), _) = operand.type { return true }
    return false
  }
}
