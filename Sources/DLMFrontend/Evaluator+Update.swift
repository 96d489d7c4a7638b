import DLMShapes
import DLMSyntax

// `update`: parameters set by a function, without a gradient.
extension Evaluator {
  /// `update net with fn (w) { clamp(w, -1, 1) }` sets every parameter of a layer; `update mean from net
  /// with fn (m, w) { lerp(m, w, 0.01) }` everything that a layer keeps, from what another has there.
  ///
  /// What nothing has been through yet begins as a copy of the other.
  package func update(_ update: Update, _ frame: inout Frame) throws {
    let function = try value(update.function, &frame)
    guard case .function(let rule) = function else {
      throw Failure(
        .notCallable(
          function.sort, frame.tree.text(update.function), frame.label(update.function)))
    }
    let source = try update.source.map { try layer($0, &frame) }
    for id in update.modules {
      let target = try layer(id, &frame)
      trained.append(Trained(modules: target.all, reached: [], place: frame.label(id)))
      for one in (source ?? target).all {
        let rest = one.path.dropFirst((source ?? target).path.count)
        for kept in one.kept where kept.isTrained || source != nil {
          let path = "\(target.path)\(rest).\(kept.name)"
          if source == nil, isFrozen(path) { continue }
          let name = Name(text: kept.name, span: frame.tree.span(id))
          let other = try source == nil ? nil : part(name, of: one, frame)
          let own = try setting(path, like: kept, from: "\(one.path).\(kept.name)", frame)
          try set(path, own, by: rule, other, at: update.function, &frame)
        }
      }
    }
  }

  private func layer(_ id: ExpressionID, _ frame: inout Frame) throws -> Instance {
    let value = try value(id, &frame)
    guard case .instance(let instance) = value else {
      throw Failure(.notAModule(frame.tree.text(id), value, frame.label(id)))
    }
    return instance
  }

  /// What is kept at `path`; if nothing is yet, it begins as what is kept at `source`.
  private func setting(
    _ path: String, like kept: Instance.Kept, from source: String, _ frame: Frame
  ) throws -> TensorValue {
    var tensor = TensorValue(kept.type)
    let dims = kept.type.dims.compactMap { frame.facts.normal($0).constant }
    if let machine, dims.count == kept.type.dims.count {
      tensor.handle = try machine.variable(path, dims: dims, nil) {
        try machine.variable(source, dims: dims, nil) {
          preconditionFailure("what a layer keeps has a first value")
        }
      }
    }
    return tensor
  }

  private func set(
    _ path: String, _ own: TensorValue, by rule: FunctionValue, _ other: Value?,
    at id: ExpressionID, _ frame: inout Frame
  ) throws {
    let span = frame.tree.span(id)
    let given = [.tensor(own), other].compactMap { $0 }.map {
      Given(label: nil, value: $0, place: id, span: span)
    }
    let new = try tensor(from: try apply(rule, given, at: id, &frame), id, frame)
    guard new.type.dims == own.type.dims else {
      throw Failure(.changesShape(path, own.type, new.type, frame.label(id)))
    }
    if let machine { try machine.assign(try handle(of: new, frame), to: path) }
  }
}
