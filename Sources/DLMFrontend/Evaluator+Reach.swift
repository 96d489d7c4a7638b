import DLMSyntax

/// What one `minimize` trains and what its objective depends on, while checking.
struct Trained {
  /// Layers behind `over`, with those inside.
  var modules: [Instance]
  /// Numbers of the layers that the objective depends on.
  var reached: Set<Int>
  /// The last name behind `over`.
  var place: Diagnostic.Label
}

// Objectives that do not depend on what they train, and parameters that nothing trains.
extension Evaluator {
  /// Refuses a `minimize` over a layer that its objective does not depend on.
  func checkReach(of objective: Objective, _ minimize: Minimize, _ frame: Frame) throws {
    let reached = objective.loss.reach?.layers ?? []
    for (module, id) in zip(objective.modules, minimize.modules) {
      guard !module.all.contains(where: { reached.contains($0.number) }) else {
        let idle = module.idleParts(reached)
        if !idle.isEmpty { warn(.takesNoPart(idle, in: module.path, frame.label(id))) }
        continue
      }
      blamed.formUnion(module.all.map(\.number))
      throw Failure(
        .noDependence(
          on: module.path, frame.tree.text(minimize.objective),
          isConstant: reached.isEmpty, frame.label(minimize.objective), frame.label(id)))
    }
    trained.append(
      Trained(
        modules: objective.modules.flatMap(\.all), reached: reached,
        place: frame.label(minimize.modules.last ?? minimize.objective)))
  }

  /// A `minimize` of which every parameter is frozen, also behind the clauses that might unfreeze some.
  func checkFrozen(_ one: Trained) throws {
    let parameters = one.modules.flatMap { module in
      module.kept.filter(\.isTrained).map { "\(module.path).\($0.name)" }
    }
    guard let first = one.modules.first, !parameters.isEmpty,
      parameters.allSatisfy({ isFrozen($0) })
    else { return }
    throw Failure(.allFrozen(first.path, one.place))
  }

  /// Tells of layers that an objective of the program depends on and no `minimize` updates.
  func reportUntrained(_ frame: Frame) {
    let updated = Set(trained.flatMap(\.modules).map(\.number))
    let roots = frame.rootLayers.sorted { $0.path < $1.path }
    let named = Set(roots.map(\.number))
    let nameless = outerLayers.filter { !named.contains($0.layer.number) }
    let layers = roots + nameless.map { $0.layer }
    // Which of them hold a layer with parameters: an objective is held against those that it reaches alone.
    var holders: [Int: [Int]] = [:]
    for (index, layer) in layers.enumerated() {
      for part in layer.trainedParts { holders[part.number, default: []].append(index) }
    }
    for one in trained {
      let names = one.place.file.string(one.place.span)
      let block = frame.tree.items.last { $0.span.start <= one.place.span.start }?.span.start ?? 0
      let reached = Set(one.reached.flatMap { holders[$0] ?? [] }).sorted()
      for index in reached where isIdle(layers[index], updated) {
        let path = layers[index].path
        report(
          Failure(
            index < roots.count
              ? .neverUpdated(path, names, block: block, one.place)
              : .neverLearns(path, names, nameless[index - roots.count].place, one.place)))
      }
    }
  }

  /// Whether nothing updates parameters of a layer, though nobody said so.
  private func isIdle(_ root: Instance, _ updated: Set<Int>) -> Bool {
    !blamed.contains(root.number) && !isFrozen(root.path) && !loaded.contains(root.path)
      && !root.trainedParts.contains { updated.contains($0.number) || isFrozen("\($0.path).") }
  }
}

extension Instance {
  /// This layer and those inside it, as far as they have parameters.
  fileprivate var trainedParts: [Instance] { all.filter { $0.kept.contains(where: \.isTrained) } }

  /// Layers inside and parameters that are not among what was `reached`: a layer of which nothing is, by
  /// its own name.
  fileprivate func idleParts(_ reached: Set<Int>) -> [String] {
    all.flatMap { layer -> [String] in
      let parameters = layer.kept.filter(\.isTrained)
      guard layer === self || reached.contains(layer.number) else {
        return parameters.isEmpty ? [] : [layer.path]
      }
      return parameters.filter { parameter in
        !reached.contains(parameter.number ?? layer.number)
      }.map { "\(layer.path).\($0.name)" }
    }
  }
}

extension Frame {
  /// Layers that names of the program stand for.
  var rootLayers: [Instance] {
    module.globals.own.values.compactMap { slot in
      if case .instance(let instance) = slot.value { instance } else { nil }
    }
  }
}
