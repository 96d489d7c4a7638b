import DLMOperators
import DLMShapes
import DLMSyntax

// What could come next in a program, with the shape that it would give.
extension Evaluator {
  /// What functions and layers make of the value of an expression, where a check of `tree` comes to it.
  package func results(of names: [String], behind id: ExpressionID, in tree: Tree)
    -> [String: PipedResult]
  {
    let recording = Recording()
    recording.wanted = id
    self.recording = recording
    check(tree)
    defer { forgetScopes() }
    guard let (value, frame) = recording.found else { return [:] }
    return results(of: names, for: value, in: frame)
  }

  /// What functions and layers make of a value when it is piped into them: the type that results, for
  /// those that take it and need nothing else but whole numbers, which stand in the type by name.
  ///
  /// Each is tried; what is found wrong there is nobody's mistake and told to nobody. The evaluator is
  /// not to go on with a walk afterwards.
  func results(of names: some Sequence<String>, for piped: Value, in frame: Frame)
    -> [String: PipedResult]
  {
    var results: [String: PipedResult] = [:]
    guard let place = frame.tree.expressionIDs.first(where: { _ in true }) else { return [:] }
    recording = nil
    for name in names {
      var copy = frame
      let result = try? result(of: name, Piped(value: piped, place: place), &copy)
      guard case .tensor(let tensor)? = result else { continue }
      results[name] = PipedResult(
        type: tensor.type.of(tensor.type.dims.map { copy.facts.normal($0) }),
        isOpen: !open(frame.scope[name]?.value).isEmpty,
        assumed: open(frame.scope[name]?.value).filter(\.isWindow).map {
          "\($0.name.text): \(Self.usualWindow)"
        })
    }
    return results
  }

  private func result(of name: String, _ piped: Piped, _ frame: inout Frame) throws -> Value? {
    let given = Given(
      label: nil, value: piped.value, place: piped.place, span: frame.tree.span(piped.place))
    switch frame.scope[name]?.value {
    case .function(let function)?: return try apply(function, [given], at: piped.place, &frame)
    case .instance(let instance)?: return try apply(instance, [given], at: piped.place, &frame)
    case .constructor(let constructor)?:
      // A layer of its own, whatever the layer around keeps.
      frame.instance = nil
      guard case .layer = constructor.declared,
        case .instance(let made) = try make(
          constructor,
          open(.constructor(constructor)).map { name, isWindow in
            let number = isWindow ? Dim(Self.usualWindow) : Dim(symbols.symbol(name.text))
            staticSymbols.formUnion(number.symbols)
            return Given(
              label: name, value: .int(number), place: piped.place,
              span: frame.tree.span(piped.place))
          }, at: piped.place, name: "completion", &frame)
      else { return nil }
      return try apply(made, [given], at: piped.place, &frame)
    case nil:
      if let builtin = Builtin.all[name] {
        return try builtin(self, Call(name, [], piped, piped.place), &frame)
      }
      guard let operation = Operator.named(name) else { return nil }
      return try call(operation, [], piped, piped.place, &frame)
    default: return nil
    }
  }

  /// The size of a window that a layer is tried with: it must be a number.
  private static let usualWindow = 3

  /// Whole numbers that a layer needs to be made.
  private func open(_ value: Value?) -> [(name: Name, isWindow: Bool)] {
    guard case .constructor(let constructor)? = value, case .layer(let layer) = constructor.declared
    else { return [] }
    return layer.statics.compactMap { parameter in
      guard parameter.standard == nil, case .tensor(let kind, _, let dims, _)? = parameter.type,
        dims.isEmpty, kind.text == "int" || kind.text == "ints"
      else { return nil }
      return (parameter.name, kind.text == "ints")
    }
  }
}

/// What a function or a layer gives when a value is piped into it.
package struct PipedResult {
  package var type: TensorType
  /// Whether it has to be told whole numbers first; in the type they have their names.
  package var isOpen: Bool
  /// Numbers that it was tried with: `k: 3`.
  package var assumed: [String]
}
