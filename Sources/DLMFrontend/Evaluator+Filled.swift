import DLMShapes
import DLMSyntax

// Layers looked into without a call of the program.
extension Evaluator {
  /// A layer that nothing has been through yet, as its declaration says it: walked on symbols for what a
  /// call would say. Any other as it is.
  package func filled(_ instance: Instance, in frame: Frame) -> Instance {
    guard instance.parts.isEmpty else { return instance }
    let model = instance.copy
    var frame = frame
    frame.module = instance.module
    // What can be known of a layer with a mistake is what stands before it.
    try? checker().walkAlone(model, &frame)
    return model
  }

  /// Walks a layer, and tells of each that is entered in it.
  ///
  /// - Parameter inputs: what goes into it; `nil` for symbols.
  func look(
    into instance: Instance, with inputs: [TensorValue]?, in frame: Frame,
    entered: @escaping (Instance, Frame) -> Void
  ) {
    let walker = checker()
    walker.entered = entered
    // What a memory of calls recalls is not entered; what costs is walked.
    walker.cost = Cost()
    var frame = frame
    frame.module = instance.module
    guard let inputs, let place = frame.tree.expressionIDs.first(where: { _ in true }) else {
      try? walker.walkAlone(instance.copy, &frame)
      return
    }
    let given = inputs.map {
      Given(label: nil, value: .tensor($0), place: place, span: frame.tree.span(place))
    }
    _ = try? walker.apply(instance.copy, given, at: place, &frame)
  }
}

extension Instance {
  /// The same layer before anything has been through it.
  var copy: Instance {
    Instance(
      declaration, module: module, path: path, number: number, statics: statics, written: written)
  }
}
