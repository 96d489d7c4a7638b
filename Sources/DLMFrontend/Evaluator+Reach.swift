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
      let all = module.all.filter { $0.kept.contains(where: \.isTrained) }
      guard !all.contains(where: { reached.contains($0.number) }) else {
        if let idle = all.first(where: { !reached.contains($0.number) }) {
          warn(.takesNoPart(idle.path, in: module.path, frame.label(id)))
        }
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
    // Roots that nothing updates, each with the numbers of its layers.
    let idle = frame.rootLayers.compactMap { root -> (root: Instance, numbers: Set<Int>)? in
      let all = root.all.filter { $0.kept.contains(where: \.isTrained) }
      guard !all.contains(where: { updated.contains($0.number) || isFrozen("\($0.path).") }),
        !isFrozen(root.path), !loaded.contains(root.path)
      else { return nil }
      return (root, Set(all.map(\.number)))
    }.sorted { $0.root.path < $1.root.path }
    for one in trained {
      for (root, numbers) in idle
      where !numbers.isDisjoint(with: one.reached) && !blamed.contains(root.number) {
        let names = one.place.file.string(one.place.span)
        report(Failure(.neverUpdated(root.path, names, one.place)))
      }
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
