import DLMShapes
import DLMSyntax

// `let net = Net() from "net.safetensors" rename torch`: weights of a file, compared while checking.
extension Evaluator {
  func load(
    _ source: ExpressionID, rename: Name?, into value: Value, _ place: ExpressionID,
    _ frame: inout Frame
  ) throws {
    guard case .instance(let instance) = value else {
      throw Failure(.notAPart(frame.tree.text(place), frame.label(place)))
    }
    guard case .string(let path?) = try self.value(source, &frame) else {
      throw Failure(.notAString(frame.tree.text(source), frame.label(source)))
    }
    let tensors: [(name: String, dims: [Dim])]
    do {
      // A file that the program writes itself is what it has written there.
      tensors =
        try savedFiles[path]?.map { ($0.name, $0.type.dims) }
        ?? provider.weights(path).map { ($0.name, $0.dims.map { Dim($0) }) }
    } catch let problem as DataProblem {
      let failure = Failure(.dataProblem(problem, frame.label(source)))
      // What the layer is, is known without its first weights.
      guard machine == nil, problem.isMissing else { throw failure }
      return report(failure)
    }
    var named: [String: (file: String, dims: [Dim])] = [:]
    for (name, dims) in tensors {
      named[try own(name, rename, frame)] = (name, dims)
    }
    loaded.insert(instance.path)
    let parts = try partsAlone(instance, &frame)
    for part in parts {
      let name = String(part.path.dropFirst(instance.path.count + 1))
      guard let found = named.removeValue(forKey: name) else {
        throw Failure(
          .notInFile(
            part.path, path, nearest(to: name, among: named.keys.sorted()), frame.label(source)))
      }
      let dims = part.type.dims.map { frame.facts.normal($0) }
      let fits =
        dims.count == found.dims.count
        && zip(dims, found.dims).allSatisfy { frame.facts.decide(.equal($0, $1)) != .refuted }
      guard fits else {
        throw Failure(
          .otherWeights(
            part.path, TensorType(part.type.kind, dims), found.dims, path, frame.label(source)))
      }
    }
    if !parts.isEmpty, let extra = named.values.map(\.file).sorted().first {
      warn(.unusedWeights(extra, named.count, path, frame.label(source)))
    }
    try machine?.load(path, into: instance.path) { try self.own($0, rename, frame) }
  }

  /// What the file calls `name`, in the words of the layers.
  private func own(_ name: String, _ rename: Name?, _ frame: Frame) throws -> String {
    guard let rename else { return name }
    guard case .function(let function)? = frame.scope[rename.text]?.value else {
      throw Failure(
        .unknownName(
          rename.text, nearest(to: rename.text, among: frame.scope.names),
          frame.label(rename.span)))
    }
    var copy = frame
    let place = function.declaration.body.statements.lazy.compactMap { statement in
      if case .expression(let id) = statement.kind { id } else { nil }
    }.first
    guard let place else { return name }
    copy.module = function.module
    let given = Given(
      label: nil, value: .string(name), place: place, span: function.module.tree.span(place))
    guard case .string(let own?) = try apply(function, [given], at: place, &copy) else {
      throw Failure(.notAString(rename.text, frame.label(rename.span)))
    }
    return own
  }

  /// What a layer keeps, found on a walk with symbols for its inputs; nothing where those do not tell.
  private func partsAlone(_ instance: Instance, _ frame: inout Frame) throws
    -> [(path: String, type: TensorType)]
  {
    let checker = checker()
    checker.asksForParts = true
    try checker.walkAlone(instance, &frame)
    symbols = checker.symbols
    let all = instance.all.flatMap { one in
      one.kept.map { ("\(one.path).\($0.name)", $0.type) }
    }
    return all
  }
}
