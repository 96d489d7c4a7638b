import CDLMKernels
import DLMOperators
import DLMShapes
import DLMSyntax
import DLMTensor

// Operators on tensors: shapes always, numbers of the text where they are known, nodes in a run.
extension Evaluator {
  /// Applies a primitive; `place` is what a message points at.
  ///
  /// An operand of rank 0 of an element-wise operator goes with any shape; nothing else is repeated
  /// here.
  func apply(
    _ operation: Operator, _ operands: [TensorValue], _ attributes: Attributes = [:],
    at place: ExpressionID, _ frame: inout Frame
  ) throws -> TensorValue {
    let operands =
      try frame.precision.map { try rounded(operands, for: operation, $0, at: place, &frame) }
      ?? operands
    let company = operands.first { !$0.isWritten && $0.type.kind.isReal }?.type.element ?? .f32
    let types = types(of: operands, for: operation, beside: company)
    for case .dims(let dims) in attributes.entries.lazy.map({ $0.value }) {
      for dim in dims { _ = try bounded(dim, at: place, frame) }
    }
    let inference: Inference
    do throws(InferenceFailure) {
      inference = try operation.infer(types, attributes, frame.facts)
    } catch {
      throw Failure(
        .doesNotFit(operation, error, types, attributes, frame.facts, frame.label(place)))
    }
    for relation in inference.deferred {
      if operation.name == "reshape", forcesBatch(relation, frame),
        case .dims(let dims)? = attributes["dims"]
      {
        throw forced(.wrongElementCount(types[0], to: dims, frame.facts, frame.label(place)))
      }
      require(relation, at: frame.label(place), &frame)
    }
    try checkCount(of: inference.type, at: place, frame)
    var result = TensorValue(inference.type, origin: operands.first?.origin)
    if result.type.kind == .real, operation.keepsProbabilities(operands) {
      result.type.kind = .prob
    }
    if result.type.kind == .real, let weight = operation.mixed(operands) {
      // An average of probabilities is one.
      if abs(weight - 1) < 1e-6 {
        result.type.kind = .prob
      } else {
        result.last = LastCall(.mixture(weight: weight), frame.label(place))
      }
    }
    if cost != nil {
      let facts = frame.facts
      let normal = { (type: TensorType) in type.of(type.dims.map { facts.normal($0) }) }
      cost?.add(operation, operands.map { normal($0.type) }, normal(inference.type))
    }
    if machine == nil {
      result.reach = reach(of: operation, operands)
      if let first = operands.first, first.type.kind == result.type.kind {
        result.kindPlace = first.kindPlace
      }
    }
    if result.isScalar {
      result.known = fold(operation, operands, inference.attributes)
      result.isWritten = operation.lowering.folds && operands.allSatisfy(\.isWritten)
    }
    let isNumber = result.known != nil && operands.allSatisfy { $0.handle == nil }
    if let machine, !isNumber {
      let label = frame.label(place)
      machine.line = label.file.line(at: label.span.start) + 1
      let handle = try machine.apply(
        operation, to: try handles(of: operands, frame, beside: company),
        inference.attributes.concrete(frame.facts))
      assert(
        !result.type.kind.isReal || handle.elementType == result.type.element,
        "a check of `\(operation.name)` gives \(result.type.element), a run \(handle.elementType)")
      result.handle = handle
    }
    return result
  }

  /// What a result depends on: operands in which the operator has a gradient.
  private func reach(of operation: Operator, _ operands: [TensorValue]) -> Reach? {
    var result: Reach?
    for (position, operand) in operands.enumerated() where operand.reach != nil {
      if operation.hasGradient(ofOperandAt: position) {
        result = .join(result, operand.reach)
      }
    }
    return result
  }

  /// Applies an element-wise operator by its name to tensors of one shape and numbers.
  package func apply(
    elementwise name: String, _ operands: [TensorValue], at place: ExpressionID,
    _ frame: inout Frame
  ) throws -> TensorValue {
    try apply(operator: name, operands, at: place, &frame)
  }

  /// Applies a reduction by its name.
  package func apply(
    reduction name: String, _ operand: TensorValue, over axes: [Int], at place: ExpressionID,
    _ frame: inout Frame
  ) throws -> TensorValue {
    try apply(operator: name, [operand], ["axes": .axes(axes)], at: place, &frame)
  }

  /// Types of operands: in an element-wise operator numbers with the dims of the others, and always
  /// numbers of the text with the elements of `company`.
  private func types(
    of operands: [TensorValue], for operation: Operator, beside company: ElementType
  ) -> [TensorType] {
    let dims =
      operation.lowering.isElementwise ? operands.first { !$0.isScalar }?.type.dims : nil
    return operands.map { operand in
      var type = operand.type
      if let dims, operand.isScalar { type.dims = dims }
      if operand.isWritten, type.kind.isReal { type.element = company }
      return type
    }
  }

  /// The value of an element-wise function of numbers that the text determines.
  private func fold(_ operation: Operator, _ operands: [TensorValue], _ attributes: Attributes)
    -> Double?
  {
    let known = operands.compactMap(\.known)
    guard known.count == operands.count, !known.isEmpty else { return nil }
    switch operation.lowering {
    case .map(let function):
      let padded = known + [0, 0]
      return dlm_function_reference(function, padded[0], padded[1], padded[2])
    case .cast:
      guard case .elementType(let type)? = attributes["type"] else { return known[0] }
      return type.rounded(known[0])
    case .stopGradient: return known[0]
    default: return nil
    }
  }

  /// Handles of the operands of one operator: a number of the text is of the type of the tensors that
  /// it meets, so that `0.1 * x` is `f64` to the last digit where `x` is.
  private func handles(of operands: [TensorValue], _ frame: Frame, beside company: ElementType)
    throws -> [Handle]
  {
    try operands.map { operand in
      let handle = try handle(of: operand, frame, beside: company)
      guard operand.isWritten, operand.type.kind.isReal, handle.elementType != company, let machine
      else { return handle }
      return try machine.apply(.cast, to: [handle], ["type": .elementType(company)])
    }
  }

  /// Where a run has the tensor; a number of the text is put there, a real one as `company`.
  package func handle(of tensor: TensorValue, _ frame: Frame, beside company: ElementType = .f32)
    throws -> Handle
  {
    if let handle = tensor.handle { return handle }
    guard let machine, let known = tensor.known else {
      preconditionFailure("a tensor of a run has a handle or is a number")
    }
    let type: ElementType =
      tensor.type.kind.isReal ? company : tensor.type.kind == .bool ? .bool : .i32
    return try machine.constant([known], dims: [], type)
  }

  /// The numbers of a tensor in a run; `nil` while checking.
  package func read(_ tensor: TensorValue) throws -> [Double]? {
    if let known = tensor.known { return [known] }
    guard let machine, let handle = tensor.handle else { return nil }
    return try machine.read(handle)
  }

  /// `tensor` repeated to `dims` along axes that it lacks or that are 1 in it.
  func broadcast(
    _ tensor: TensorValue, to dims: [Dim], at place: ExpressionID, _ frame: inout Frame
  ) throws -> TensorValue {
    let own = tensor.type.dims
    let missing = dims.count - own.count
    let stretched = own.indices.filter { own[$0] == 1 && dims[missing + $0] != 1 }
    let repeated = Array(0..<missing) + stretched.map { $0 + missing }
    guard !repeated.isEmpty, !tensor.isScalar else { return tensor }
    var squeezed = tensor
    if !stretched.isEmpty {
      let kept = own.indices.filter { !stretched.contains($0) }.map { own[$0] }
      squeezed = try apply(.reshape, [tensor], ["dims": .dims(kept)], at: place, &frame)
    }
    return try apply(
      .broadcast, [squeezed], ["dims": .dims(dims), "axes": .axes(repeated)], at: place, &frame)
  }

  /// The dims that two tensors have together: equal ones stay, a 1 that is written goes with anything,
  /// leading ones may be missing in the shorter.
  func commonDims(
    _ a: TensorValue, _ b: TensorValue, at place: ExpressionID, _ frame: inout Frame
  ) throws -> [Dim] {
    if a.isScalar { return b.type.dims }
    if b.isScalar { return a.type.dims }
    let (x, y) = (a.type.dims, b.type.dims)
    let longer = x.count >= y.count ? x : y
    let shorter = x.count >= y.count ? y : x
    let missing = longer.count - shorter.count
    var dims = longer
    var batch: (Dim, Dim)?
    for (axis, dim) in shorter.enumerated() {
      let other = longer[missing + axis]
      if other == dim || dim == 1 { continue }
      noteCoincidence(other, dim, at: frame.label(place), frame)
      if other == 1 {
        dims[missing + axis] = dim
        continue
      }
      let relation = Relation.equal(other, dim)
      switch frame.facts.decide(relation) {
      case .proved: break
      case .refuted:
        throw Failure(.axesDiffer(a.type, b.type, longer[missing + axis], dim, frame.label(place)))
      case .deferred:
        if forcesBatch(relation, frame) {
          batch = batch ?? (other, dim)
        } else {
          require(relation, at: frame.label(place), &frame)
        }
      }
    }
    if let batch { throw forced(.axesDiffer(a.type, b.type, batch.0, batch.1, frame.label(place))) }
    // The prelude repeats a symbol where it means to: a mask of every place with every other. So does
    // who puts in an axis on both sides: `x[.., new] - x[new, ..]`.
    if frame.module.isPrelude { return dims }
    if case .opened? = a.last?.sort, case .opened? = b.last?.sort { return dims }
    let repeated = dims.first { dim in
      let count = dims.filter { $0 == dim }.count
      return dim.constant == nil && dim.symbols.isDisjoint(with: staticSymbols) && count > 1
        && x.filter { $0 == dim }.count < count
        && y.filter { $0 == dim }.count < count
    }
    if let repeated {
      throw Failure(
        .repeatsSymbol(TensorType(.real, dims), repeated, a.type, b.type, frame.label(place)))
    }
    return dims
  }
}

extension Operator {
  /// Whether it gives probabilities because its operands are some: those side by side, the opposite of
  /// one, or one that is kept away from 0 before its logarithm is taken.
  fileprivate func keepsProbabilities(_ operands: [TensorValue]) -> Bool {
    guard operands.contains(where: { $0.type.kind == .prob }) else { return false }
    let numbers = operands.filter { $0.type.kind != .prob }.map(\.known)
    switch name {
    case "concatenate", "stack": return numbers.isEmpty
    case "minimum", "maximum": return numbers.allSatisfy { (0...1).contains($0 ?? -1) }
    case "subtract": return operands[0].known == 1
    case "add": return numbers.count == 1 && (0...1e-3).contains(numbers[0] ?? -1)
    default: return false
    }
  }

  /// How much of probabilities it adds up, `1.5` for `p + q / 2`, if nothing else is in it.
  fileprivate func mixed(_ operands: [TensorValue]) -> Double? {
    guard operands.count == 2 else { return nil }
    let (a, b) = (operands[0], operands[1])
    switch name {
    case "add": return a.weight.flatMap { x in b.weight.map { x + $0 } }
    case "multiply":
      return a.weight.flatMap { x in b.known.map { x * $0 } }
        ?? b.weight.flatMap { x in a.known.map { x * $0 } }
    case "divide": return a.weight.flatMap { x in b.known.map { x / $0 } }
    default: return nil
    }
  }
}

extension TensorValue {
  /// How much of probabilities it is the sum of.
  fileprivate var weight: Double? {
    if type.kind == .prob { return 1 }
    return if case .mixture(let weight)? = last?.sort { weight } else { nil }
  }
}

extension Lowering {
  /// Whether a check computes it of numbers of the text.
  fileprivate var folds: Bool {
    switch self {
    case .map, .cast, .stopGradient: true
    default: false
    }
  }
}

extension Attributes {
  /// With every dim as the number that it is in a run.
  func concrete(_ facts: Facts) -> Attributes {
    var result = self
    for entry in entries {
      switch entry.value {
      case .dim(let dim): result[entry.name] = .dim(facts.normal(dim))
      case .dims(let dims): result[entry.name] = .dims(dims.map { facts.normal($0) })
      case .axes, .real, .bool, .window, .elementType, .stream: break
      }
    }
    return result
  }
}
