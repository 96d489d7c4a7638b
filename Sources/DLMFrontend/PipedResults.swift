import DLMOperators
import DLMShapes
import DLMSyntax

// What could come next in a program, with the shape that it would give.
extension Evaluator {
  /// What functions and layers make of the value of an expression, where a check of `tree` comes to it.
  package func results(of names: [String], behind id: ExpressionID, in tree: Tree)
    -> [String: TensorType]
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
  /// those that take it and need nothing else.
  ///
  /// Each is tried; what is found wrong there is nobody's mistake and told to nobody. The evaluator is
  /// not to go on with a walk afterwards.
  func results(of names: some Sequence<String>, for piped: Value, in frame: Frame)
    -> [String: TensorType]
  {
    var results: [String: TensorType] = [:]
    guard let place = frame.tree.expressionIDs.first(where: { _ in true }) else { return [:] }
    recording = nil
    for name in names {
      var copy = frame
      let result = try? result(of: name, Piped(value: piped, place: place), &copy)
      guard case .tensor(let tensor)? = result else { continue }
      results[name] = tensor.type.of(tensor.type.dims.map { copy.facts.normal($0) })
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
          constructor, [], at: piped.place, name: "completion", &frame)
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
}
