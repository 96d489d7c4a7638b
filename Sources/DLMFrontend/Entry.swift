import DLMOperators
import DLMShapes
import DLMSyntax

/// The way into a layer or a function and out again.
///
/// Inside, the dims of the inputs go by the names of the declaration: symbols of the body whose values
/// are the dims of the arguments. Outside, they are what they were.
struct Entry {
  let evaluator: Evaluator
  let outer: Frame
  let place: ExpressionID
  let name: String
  /// What the symbols of the body stand for outside.
  private var meaning: [Symbol: Dim] = [:]
  /// Bindings as they were outside, for derivations.
  private var bindings: DimBindings = [:]
  private var origin: Origin?

  init(evaluator: Evaluator, outer: Frame, place: ExpressionID, name: String) {
    self.evaluator = evaluator
    self.outer = outer
    self.place = place
    self.name = name
  }

  /// Defines `parameters` in `inner` as the arguments that are bound to them.
  mutating func enter(
    _ parameters: [Parameter], _ bound: BoundArguments, _ inner: inout Frame
  ) throws {
    var operands: [(parameter: Parameter, tensor: TensorValue, place: ExpressionID)] = []
    for parameter in parameters {
      let name = parameter.name.text
      let given = bound[name]
      if parameter.isAxes {
        if let value = given?.value, case .axes = value {
          inner.scope.define(name, value)
          continue
        }
        let axes = try evaluator.axes(
          given, or: parameter.standard, of: operands.first?.tensor, outer, &inner)
        inner.scope.define(name, .axes(axes))
        continue
      }
      guard let given else {
        if case .optional? = parameter.type {
          inner.scope.define(name, .none)
        } else if let standard = parameter.standard {
          let value = try evaluator.value(standard, &inner)
          inner.scope.define(name, value)
          if parameter.type?.isTensor == false, let dims = value.asDims { inner.dims[name] = dims }
        } else {
          throw Failure(.missingArgument(name, of: self.name, outer.label(place)))
        }
        continue
      }
      if case .none = given.value, case .optional? = parameter.type {
        inner.scope.define(name, .none)
        continue
      }
      guard let type = parameter.type, type.isTensor else {
        var outer = outer
        let value = try parameter.type.map {
          try evaluator.conforming(given, to: $0, name, of: self.name, &outer)
        }
        inner.scope.define(name, value ?? given.value)
        evaluator.noteTarget(value ?? given.value, named: name, inner)
        if let dims = (value ?? given.value).asDims { inner.dims[name] = dims }
        continue
      }
      var outer = outer
      var tensor = try evaluator.tensor(
        from: given.value, as: type.element, given.place, &outer)
      // Whole numbers of the text are real ones where those are wanted.
      if type.wantsReals, tensor.type.kind == .int, given.value.isOfNumbers {
        tensor = try evaluator.real(tensor, at: given.place, &outer)
      }
      operands.append((parameter, tensor, given.place))
    }
    try match(operands, &inner)
  }

  private mutating func match(
    _ operands: [(parameter: Parameter, tensor: TensorValue, place: ExpressionID)],
    _ inner: inout Frame
  ) throws {
    // A number goes with a tensor of any shape.
    let numbers = try operands.filter { operand in
      guard operands.count > 1, operand.tensor.isScalar, let type = operand.parameter.type,
        case .tensor(.kind(let kind), let dims) = try inner.tree.pattern(type.withoutOption)
      else { return false }
      return kind.isReal && dims.count == 1
        && operand.tensor.type.kind != .bool
    }
    for (parameter, tensor, place) in numbers {
      inner.scope.define(
        parameter.name.text, .tensor(try evaluator.real(tensor, at: place, &inner)))
    }
    let operands = operands.filter { operand in
      !numbers.contains { $0.parameter.name == operand.parameter.name }
    }
    let patterns = try operands.map { operand in
      try operand.parameter.type.map { try inner.tree.pattern($0.withoutOption) }
        ?? .tensor(.any, [.rest])
    }
    let signature = Signature(
      operands: zip(operands, patterns).map {
        Signature.Operand(name: $0.parameter.name.text, type: $1)
      })
    let types = zip(operands, patterns).map { operand, pattern in
      // A number of the text is real or whole as the declaration wants it.
      operand.tensor.isScalar && operand.tensor.known != nil
        ? pattern.scalarType ?? operand.tensor.type : operand.tensor.type
    }
    let match: Match
    do throws(InferenceFailure) {
      match = try Match(signature, types, [:], inner.facts, bindings: inner.dims)
    } catch {
      throw Failure(refusal(of: operands, numbers.map(\.place), error, inner))
    }
    for relation in match.deferred {
      if outer.site == nil, case .equal(let a, let b) = relation {
        let second = operands.last { operand in
          !operand.tensor.type.dims.filter { $0 == a || $0 == b }.isEmpty
        }
        evaluator.noteCoincidence(a, b, at: outer.label(second?.place ?? place), outer)
      }
      evaluator.require(relation, at: outer.label(place), &inner)
    }
    bindings = match.bindings
    if evaluator.machine == nil, inner.module.isPrelude, !outer.module.isPrelude,
      let place = operands.first?.place, match.bindings.swaps("B", "T")
    {
      evaluator.warn(.axesSwapped(self.name, operands[0].tensor.type, outer.label(place)))
    }
    for name in match.bindings.names where inner.dims[name] == nil {
      if let binding = match.bindings[name] { inner.dims[name] = alias(name, binding, &inner) }
    }
    for ((parameter, tensor, _), pattern) in zip(operands, patterns) {
      var local = tensor
      local.type.dims = renamed(tensor.type.dims, pattern, inner)
      local.last = nil
      if inner.site == nil {
        let source = tensor.origin?.source ?? ""
        local.origin = Origin(
          parameter.name.text, local.type, arithmetic: source, span: parameter.name.span)
      }
      evaluator.recording?.note(.tensor(local), boundTo: parameter.name, inner)
      evaluator.noteTarget(.tensor(local), named: parameter.name.text, inner)
      inner.scope.define(parameter.name.text, .tensor(local))
    }
  }

  /// What to say of arguments that the declaration does not take.
  ///
  /// - Parameter numbers: where the arguments are that go with any shape.
  private func refusal(
    of operands: [(parameter: Parameter, tensor: TensorValue, place: ExpressionID)],
    _ numbers: [ExpressionID], _ error: InferenceFailure, _ inner: Frame
  ) -> Diagnostic {
    let index = error.operand ?? 0
    let operand = operands.indices.contains(index) ? operands[index] : nil
    let call = RefusedCall(
      name: name, declared: operand?.parameter.type.map { inner.tree.file.string($0.span) } ?? "",
      parameter: operand?.parameter.name.text ?? "",
      text: operand.map { outer.tree.text($0.place) } ?? "",
      found: operand?.tensor, callee: outer.site == nil ? outer.tree.callee(of: place) : nil,
      others: operands.enumerated().filter { $0.offset != index }.map {
        (outer.tree.text($0.element.place), $0.element.tensor, outer.tree.span($0.element.place))
      },
      rest: (operands.map(\.place) + numbers).filter { $0 != operand?.place }
        .map { (outer.tree.text($0), outer.tree.span($0)) }.sorted {
          $0.span.start < $1.span.start
        },
      takesLabels: operands.contains { $0.parameter.takesLabels },
      at: outer.label(operand?.place ?? place))
    return .refused(call, error, inner.facts)
  }

  /// A symbol of the body for each dim that a name stands for.
  private mutating func alias(_ name: String, _ binding: DimBinding, _ inner: inout Frame)
    -> DimBinding
  {
    func local(_ dim: Dim) -> Dim {
      let symbol = evaluator.symbols.symbol(name)
      inner.facts.assume(.equal(Dim(symbol), dim))
      meaning[symbol] = dim
      return Dim(symbol)
    }
    switch binding {
    case .dim(let dim): return .dim(local(dim))
    case .pack(let dims): return .pack(dims.map(local))
    }
  }

  /// `dims` under the names of the pattern that they were matched with.
  private func renamed(_ dims: [Dim], _ pattern: TypePattern, _ inner: Frame) -> [Dim] {
    guard case .tensor(_, let entries) = pattern else { return dims }
    var result: [Dim] = []
    let singles = entries.filter {
      if case .single = $0 { true } else if case .wildcard = $0 { true } else { false }
    }
    for entry in entries {
      switch entry {
      case .single(.name(let name)):
        if case .dim(let dim)? = inner.dims[name] { result.append(dim) }
      case .single(.integer(let value)): result.append(Dim(value))
      case .pack(.name(let name)): result += inner.dims[name]?.dims ?? []
      case .single, .wildcard:
        if result.count < dims.count { result.append(dims[result.count]) }
      case .pack, .rest:
        result += dims[result.count..<min(dims.count, result.count + dims.count - singles.count)]
      }
    }
    return result.count == dims.count ? result : dims
  }

  /// The result of the body, checked against its declared type, in the names outside.
  func leave(
    with result: Value, _ declared: TypeNode?, _ inner: Frame, labelled frame: Frame
  ) throws -> Value {
    let result =
      try declared.map {
        try evaluator.formed(result, $0, of: name, at: inner.body?.result, inner)
      } ?? result
    guard case .tensor(var tensor) = result else {
      if case .tuple(let parts) = result {
        let types: [TypeNode?] =
          if case .tuple(let nodes, _)? = declared { nodes } else { parts.map { _ in nil } }
        return .tuple(
          try zip(parts, types).map { try leave(with: $0, $1, inner, labelled: frame) })
      }
      // Symbols of the body mean nothing outside it.
      if case .int(let dim) = result {
        return .int(dim.substituting(inner.declared).substituting(meaning))
      }
      return result
    }
    var pattern: TypePattern?
    if let declared, declared.isTensor {
      let promised = try inner.tree.pattern(declared.withoutOption)
      try evaluator.checkResult(
        &tensor, promised, declared, of: name, at: inner.body?.result, inner)
      pattern = promised
    }
    func outside(_ dim: Dim) -> Dim { dim.substituting(inner.declared).substituting(meaning) }
    tensor.type.dims = tensor.type.dims.map(outside)
    if case .index(let count) = tensor.type.kind { tensor.type.kind = .index(outside(count)) }
    if frame.site == nil, tensor.kindPlace == nil, tensor.type.kind.saysMore {
      tensor.kindPlace = frame.label(place)
    }
    // A head behind a layer that ends in a sum may be trained by itself.
    if case .linear? = tensor.last?.sort { tensor.last = nil }
    if frame.site == nil {
      let before = inner.site == nil ? nil : tensor.origin
      if let before, before.type.dims == tensor.type.dims {
        tensor.origin = before
      } else {
        let (derivation, facts) = (pattern.flatMap { Derivation($0, bindings) }, outer.facts)
        tensor.origin = Origin(
          frame.tree.text(place), tensor.type, arithmetic: derivation?.text(facts) ?? "",
          span: frame.tree.span(place), before: before)
      }
    }
    return .tensor(tensor)
  }

  /// What the dims of a result of this type are computed of; `nil` where nothing is.
  func derivation(of declared: TypeNode?, in tree: Tree) -> Derivation? {
    guard let declared, declared.isTensor, let pattern = try? tree.pattern(declared.withoutOption)
    else { return nil }
    return Derivation(pattern, bindings)
  }
}

extension Evaluator {
  /// Holds a result against the type that `name` declares, and gives it that type's kind.
  func checkResult(
    _ tensor: inout TensorValue, _ pattern: TypePattern, _ declared: TypeNode, of name: String,
    at place: Span?, _ inner: Frame
  ) throws {
    guard case .tensor(let kind, let dims) = pattern else { return }
    if dims.isEmpty, tensor.isScalar, kind.element == nil || tensor.isWritten { return }
    for case .single(let expression) in dims {
      for name in expression.names where inner.dims[name] == nil {
        throw Failure(.unknownDim(.unknownName(name), inner.label(declared.span)))
      }
    }
    if dims.count == tensor.type.dims.count {
      for ((axis, entry), dim) in zip(dims.enumerated(), tensor.type.dims) {
        guard case .single(.name(let symbol)) = entry, case .dim(let wanted)? = inner.dims[symbol]
        else {
          continue
        }
        let isOther =
          wanted.soleSymbol.map { $0.name == "B" && inner.facts.normal(dim).soleSymbol ?? $0 != $0 }
          ?? false
        if machine == nil, inner.facts.decide(.equal(wanted, dim)) == .deferred,
          isOther || forcesBatch(.equal(wanted, dim), inner)
        {
          let diagnostic = Diagnostic.wrongResult(
            name, inner.tree.file.string(declared.span), tensor,
            .axisMismatch(operand: 0, axis: axis, found: dim, expected: wanted),
            inner.label(place ?? declared.span), inner.label(declared.span, "declared here"))
          throw isOther ? Failure(diagnostic) : forced(diagnostic)
        }
        noteCoincidence(wanted, dim, at: inner.label(place ?? declared.span), inner)
        // Axes go by the names that the declaration gives them.
        if inner.facts.decide(.equal(wanted, dim)) == .proved { tensor.type.dims[axis] = wanted }
      }
    }
    let signature = Signature(operands: [Signature.Operand(name: "result", type: pattern)])
    var type = tensor.type
    if case .kind(let wanted) = kind, wanted == .prob || wanted == .logprob, type.kind == .real,
      endsInLayer(inner)
    {
      throw Failure(
        .scoresPromised(
          name, inner.tree.file.string(declared.span), tensor, wanted,
          inner.label(place ?? declared.span), inner.label(declared.span, "declared here")))
    }
    // A declaration may say more of a real number than its arithmetic does.
    if case .kind(let wanted) = kind, wanted.isReal, type.kind == .real { type.kind = wanted }
    do throws(InferenceFailure) {
      let match = try Match(signature, [type], [:], inner.facts, bindings: inner.dims)
      // Which number of rows a batch needs for it is held against those of the training.
      for relation in match.deferred
      where !relation.normal(inner.facts).symbols.isDisjoint(with: batchSymbols) {
        note(
          Requirement(
            relation: relation.normal(inner.facts), owner: name,
            place: inner.label(place ?? declared.span)))
      }
    } catch {
      var diagnostic = Diagnostic.wrongResult(
        name, inner.tree.file.string(declared.span), tensor, error,
        inner.label(place ?? declared.span), inner.label(declared.span, "declared here"))
      if case .scan(let scan)? = inner.body?.statements.last?.kind, !scan.body.emits {
        diagnostic.help =
          "the body of `scan` has no `emit`: so it gives what is carried last, and nothing of each place"
      }
      throw Failure(diagnostic)
    }
    tensor.type.kind = type.kind
    // A declared `real` forgets nothing: probabilities stay what they are.
    if case .kind(let wanted) = kind, wanted == .real, !tensor.type.kind.isReal {
      tensor.type.kind = .real
    }
  }
}

extension Evaluator {
  /// Whether a body of the program ends in a layer of the prelude, whose numbers are of any size.
  private func endsInLayer(_ inner: Frame) -> Bool {
    guard !inner.module.isPrelude, let body = inner.body,
      case .expression(let id)? = body.statements.last?.kind
    else { return false }
    return isOfLayer(id, body, inner)
  }

  /// Whether the numbers of an expression are those of a layer of the prelude, in whatever order.
  private func isOfLayer(_ id: ExpressionID, _ body: Block, _ inner: Frame) -> Bool {
    switch inner.tree[id] {
    case .pipe(let stages):
      let last = stages.last { !inner.tree.onlyMoves($0) }
      return last.map { isLayer($0, inner) || ($0 == stages.first && isOfLayer($0, body, inner)) }
        ?? false
    case .call(_, let arguments) where inner.tree.onlyMoves(id):
      return arguments.first.map { isOfLayer($0.value, body, inner) } ?? false
    case .call(let callee, _): return isLayer(callee, inner)
    case .bracket(let base, _): return isOfLayer(base, body, inner)
    case .name(let name):
      let bound = body.statements.compactMap { statement -> ExpressionID? in
        guard case .bind(let bindings, isVariable: false) = statement.kind else { return nil }
        return bindings.last { $0.pattern.names == [name] }?.value
      }
      return bound.count == 1 && inner.tree[bound[0]].isPipe
        && isOfLayer(bound[0], body, inner)
    default: return false
    }
  }

  /// Whether an expression makes or names a layer of the prelude: `Linear(3)`, or `last` after `let last = Linear(3)`.
  private func isLayer(_ id: ExpressionID, _ inner: Frame) -> Bool {
    let callee = if case .call(let callee, _) = inner.tree[id] { callee } else { id }
    guard case .name(let name) = inner.tree[callee] else { return false }
    switch inner.scope[name]?.value {
    case .constructor(let constructor)?: return constructor.module.isPrelude
    case .instance(let instance)?: return instance.module.isPrelude
    default: return false
    }
  }
}

extension Tree {
  /// Whether a stage or a call moves numbers and changes none of them.
  fileprivate func onlyMoves(_ id: ExpressionID) -> Bool {
    switch self[id] {
    case .name(let name): Self.moves.contains(name)
    case .bracket(let base, _), .call(let base, _):
      if case .name(let name) = self[base] { Self.moves.contains(name) } else { false }
    default: false
    }
  }

  private static let moves: Set<String> = [
    "reshape", "flatten", "squeeze", "rearrange", "last", "roll", "flip",
  ]
}

extension Expression {
  fileprivate var isPipe: Bool { if case .pipe = self { true } else { false } }
}

extension Block {
  /// Whether one of its statements is `emit`.
  fileprivate var emits: Bool {
    statements.contains { statement in
      switch statement.kind {
      case .emit: true
      case .ifElse(let choice): choice.then.emits || choice.otherwise?.emits ?? false
      case .forIn(_, _, let body), .repeatLoop(_, _, let body), .whileLoop(_, let body): body.emits
      default: false
      }
    }
  }
}

extension Parameter {
  fileprivate var takesLabels: Bool {
    if case .tensor(let kind, _, _, _)? = type?.withoutOption {
      kind.text == "index"
    } else {
      false
    }
  }
}

extension DimBindings {
  /// Whether what is called `a` here is called `b` outside, and the other way round.
  fileprivate func swaps(_ a: String, _ b: String) -> Bool {
    guard case .dim(let x)? = self[a], case .dim(let y)? = self[b] else { return false }
    return x.soleSymbol?.name == b && y.soleSymbol?.name == a
  }
}

extension Origin {
  /// Where the first stage comes from.
  fileprivate var source: String { chain.first?.arithmetic ?? "" }
}

extension TypeNode {
  var withoutOption: TypeNode {
    if case .optional(let inner, _) = self { inner } else { self }
  }

  /// Whether values of it are tensors: everything but plain `int`, `bool`, `string` and functions.
  var isTensor: Bool {
    guard case .tensor(let kind, let argument, let dims, _) = withoutOption else { return false }
    if !dims.isEmpty || argument != nil { return true }
    return ["real", "logit", "prob", "logprob"].contains(kind.text) || element != nil
  }

  /// Whether it is a real number, not many.
  var isOneNumber: Bool {
    if case .tensor(_, nil, let dims, _) = self { dims.isEmpty && wantsReals } else { false }
  }

  var isTuple: Bool {
    if case .tuple = withoutOption { true } else { false }
  }

  /// Whether it is of real numbers.
  var wantsReals: Bool {
    guard case .tensor(let kind, _, _, _) = withoutOption else { return false }
    return ["real", "logit", "prob", "logprob"].contains(kind.text) || element != nil
  }

  /// What the elements of reals are, where the type says it.
  var element: ElementType? {
    guard case .tensor(let kind, _, _, _) = withoutOption,
      let type = ElementType(named: kind.text), type.isFloatingPoint
    else { return nil }
    return type
  }
}

extension TypePattern {
  /// The type, if it has no dims.
  fileprivate var scalarType: TensorType? {
    guard case .tensor(.kind(let kind), let dims) = self, dims.isEmpty else { return nil }
    return TensorType(kind, [])
  }
}

extension InferenceFailure {
  /// Which operand it is about.
  var operand: Int? {
    switch self {
    case .axisMismatch(let operand, _, _, _), .rankMismatch(let operand, _, _, _),
      .kindMismatch(let operand, _, _), .elementMismatch(let operand, _, _):
      operand
    case .operandCount, .requirement, .attribute, .interleaves: nil
    }
  }
}
