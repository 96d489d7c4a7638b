import DLMOperators
import DLMShapes
import DLMSyntax

// `freeze net.stem`, `unfreeze net.stem`, `halt`, `run training(width: 64)`; parts of layers by name.
extension Evaluator {
  func command(
    _ word: Name, _ parts: [ExpressionID], _ statement: Statement, _ frame: inout Frame
  ) throws {
    switch word.text {
    case "freeze", "unfreeze":
      for part in parts {
        let path = try path(of: part, &frame)
        frozen.remove(path)
        if word.text == "freeze" { frozen.insert(path) }
      }
    case "halt":
      guard frame.train != nil else {
        throw Failure(.onlyInTrain("halt", frame.label(statement.span)))
      }
      trainer?.halt()
    default: try run(parts, statement, &frame)
    }
  }

  /// The path of a layer, of one inside it, or of a parameter: `net.stem.conv1.w`.
  private func path(of id: ExpressionID, _ frame: inout Frame) throws -> String {
    switch frame.tree[id] {
    case .name:
      guard case .instance(let instance) = try value(id, &frame) else { break }
      return instance.path
    case .field(let base, let name):
      let path = "\(try path(of: base, &frame)).\(name.text)"
      // What is inside a layer is known once something has been through it: the end of the check.
      named.append((path, frame.label(name.span)))
      return path
    default: break
    }
    throw Failure(.notAPart(frame.tree.text(id), frame.label(id)))
  }

  /// `net.conv1`, `net.linear1.w`: a layer inside, or what a layer keeps.
  func part(_ name: Name, of instance: Instance, _ frame: Frame) throws -> Value {
    if let child = instance.child(named: name.text) { return .instance(child) }
    if let kept = instance.kept.first(where: { $0.name == name.text }) {
      var tensor = TensorValue(kept.type)
      let dims = kept.type.dims.compactMap { frame.facts.normal($0).constant }
      if let own = substituted["\(instance.path).\(name.text)"] {
        tensor.handle = own
      } else if let machine, dims.count == kept.type.dims.count {
        tensor.handle = try machine.variable("\(instance.path).\(name.text)", dims: dims, nil) {
          preconditionFailure("what a layer keeps has a first value")
        }
        if kept.isTrained { parameters["\(instance.path).\(name.text)"] = tensor.handle }
      }
      return .tensor(tensor)
    }
    throw Failure(
      .noSuchPart(
        name.text, of: instance.path, nearest(to: name.text, among: instance.parts),
        frame.label(name.span)))
  }

  /// Reports parts that were named and that no layer has.
  func checkNamedParts(_ frame: Frame) {
    let instances = frame.scope.own.values.compactMap { slot -> Instance? in
      if case .instance(let instance) = slot.value { instance } else { nil }
    }
    for (path, place) in named {
      guard let root = instances.first(where: { path.hasPrefix("\($0.path).") }) else { continue }
      let known = root.all.flatMap { one in
        [one.path] + one.kept.map { "\(one.path).\($0.name)" }
      }
      // A layer that nothing has been through has not told its parts.
      guard known.count > 1, !known.contains(path) else { continue }
      let owner = path.lastIndex(of: ".").map { String(path[..<$0]) } ?? path
      let parts = known.filter { $0.hasPrefix("\(owner).") }
        .compactMap { $0.dropFirst(owner.count + 1).split(separator: ".").first.map(String.init) }
      let name = String(path.dropFirst(owner.count + 1))
      report(
        Failure(.noSuchPart(name, of: owner, nearest(to: name, among: parts), place)))
    }
  }

  /// Whether the parameter at `path` is frozen, itself or with a layer around it.
  package func isFrozen(_ path: String) -> Bool {
    frozen.contains { path == $0 || path.hasPrefix("\($0).") }
  }
}

extension OptimizerValue {
  /// The numbers for the parameter at `path`.
  func statics(for path: String) -> [String: Value] {
    var result = statics
    for (name, exception) in exceptions
    where exception.patterns.contains(where: { path.matches($0.text) }) {
      result[name] = exception.value
    }
    return result
  }
}

extension String {
  /// Whether `pattern` names the end of this path, `bias`; or a part around it, `stem.*`.
  func matches(_ pattern: String) -> Bool {
    let own = split(separator: ".").map(String.init)
    let wanted = pattern.split(separator: ".").map(String.init)
    guard wanted.count <= own.count else { return false }
    let last = own.count - wanted.count
    return ((wanted.last == "*" ? 0 : last)...last).contains { start in
      zip(own[start...], wanted).allSatisfy { $1 == "*" || $0.isCalled($1) }
    }
  }
}
