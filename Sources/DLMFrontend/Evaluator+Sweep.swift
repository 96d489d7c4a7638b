import DLMShapes
import DLMSyntax

/// One combination of a sweep.
package struct SweepRun {
  package var training: String
  /// What the bindings of the program are to be, in the order of the `run`.
  package var values: [(name: String, value: Value, text: String)]

  /// `depth = 4, width = 64`
  package var title: String { values.map { "\($0.name) = \($0.text)" }.joined(separator: ", ") }
}

// `sweep depth in [2, 4], width in [64, 128] { run training(depth, width) }`
extension Evaluator {
  private static let mostCombinations = 1000

  /// Checks every combination before a run begins with the first.
  func sweep(
    _ axes: [(name: Name, values: ExpressionID)], _ body: Block, _ frame: inout Frame
  ) throws {
    var combinations: [[(name: String, value: Value)]] = [[]]
    for (name, id) in axes {
      let turns = try self.turns(of: id, &frame)
      let (count, overflows) = combinations.count.multipliedReportingOverflow(by: turns.count)
      guard !overflows, count <= Self.mostCombinations else {
        throw Failure(
          .sweepTooLarge(overflows ? .max : count, Self.mostCombinations, frame.label(id)))
      }
      let items = try (0..<turns.count).map { try turns.element($0, &frame) }
      combinations = combinations.flatMap { before in
        items.map { before + [(name.text, $0)] }
      }
    }
    for combination in combinations {
      var inner = frame.inner()
      inner.sweepValues = combination
      for (name, value) in combination { inner.scope.define(name, value) }
      var result: Value = .none
      _ = try walk(body, &inner, result: &result)
    }
    trainer?.endSweep()
  }

  /// `run training(depth, width: 2 * w)`: a name alone stands for the binding that is called so.
  func run(_ parts: [ExpressionID], _ statement: Statement, _ frame: inout Frame) throws {
    guard frame.sweepValues != nil else {
      throw Failure(.runOutsideSweep(frame.label(statement.span)))
    }
    for part in parts {
      let run = try sweepRun(part, &frame)
      if let trainer {
        try trainer.run(run, of: frame.tree)
      } else {
        try check(run, part, frame)
      }
    }
  }

  private func sweepRun(_ id: ExpressionID, _ frame: inout Frame) throws -> SweepRun {
    var callee = id
    var arguments: [Argument] = []
    if case .call(let function, let given) = frame.tree[id] {
      (callee, arguments) = (function, given)
    }
    let trainings = frame.tree.trainings
    guard case .name(let training) = frame.tree[callee], trainings.contains(training) else {
      let text = frame.tree.text(callee)
      throw Failure(
        .unknownTraining(text, nearest(to: text, among: trainings), frame.label(callee)))
    }
    let values = try arguments.map { argument in
      let value = try value(argument.value, &frame).normal(frame.facts)
      let name: String
      if let label = argument.label {
        name = label.text
      } else if case .name(let own) = frame.tree[argument.value] {
        name = own
      } else {
        throw Failure(
          .missingArgument(
            "a name for `\(frame.tree.text(argument.value))`", of: "`run`",
            frame.label(argument.value)))
      }
      let text = try printed(value, digits: nil) ?? frame.tree.text(argument.value)
      return (name: name, value: value, text: text)
    }
    return SweepRun(training: training, values: values)
  }

  /// Walks the program with the values of one run; what is wrong only then says for which values.
  private func check(_ run: SweepRun, _ id: ExpressionID, _ frame: Frame) throws {
    let inner = checker()
    inner.overrides = overrides
    inner.sweepRun = run
    inner.memory = memory
    inner.check(frame.tree)
    usedOverrides.formUnion(inner.usedOverrides)
    for var diagnostic in inner.diagnostics {
      diagnostic.notes.append(Diagnostic.Note("in the run with \(run.title)"))
      report(Failure(diagnostic))
    }
    if inner.diagnostics.contains(where: { $0.severity == .error }) { throw Failure(nil) }
    for (name, _, _) in run.values where !inner.usedSweepNames.contains(name) {
      let span = frame.tree.argument(name, of: id)
      let names = frame.module.globals.own.filter { $0.value.isSweepable }.keys
      throw Failure(
        .unknownName(
          name, nearest(to: name, among: Array(names) + frame.dims.names),
          frame.label(span)))
    }
    for (path, place) in inner.checkpointPaths {
      if sweptPaths.contains(path) {
        throw Failure(.sharedCheckpoints(path, run.values.map(\.name), place))
      }
      sweptPaths.insert(path)
    }
  }

  /// What a run of a sweep wants the binding `name` at the top of the program to be.
  func sweptValue(_ name: String, _ frame: Frame) -> Value? {
    guard frame.depth == 0, frame.instance == nil, !frame.module.isPrelude,
      let value = sweepRun?.values.first(where: { $0.name == name })?.value
    else { return nil }
    usedSweepNames.insert(name)
    return value
  }
}

extension Tree {
  /// Names of the `train` blocks.
  package var trainings: [String] {
    items.compactMap { item in
      guard case .declaration(let declaration) = item, case .train(let train) = declaration.kind
      else { return nil }
      return train.name.text
    }
  }

  /// Names of the trainings that a sweep of this file runs.
  package var sweptTrainings: Set<String> {
    var names: Set<String> = []
    for case .declaration(let declaration) in items {
      guard case .sweep(_, let body) = declaration.kind else { continue }
      for statement in body.statements {
        guard case .command(let word, let parts) = statement.kind, word.text == "run" else {
          continue
        }
        for part in parts {
          if case .call(let callee, _) = self[part] {
            names.insert(text(callee))
          } else {
            names.insert(text(part))
          }
        }
      }
    }
    return names
  }
}

extension Tree {
  /// Where `name` is among the arguments of a call: its label, or the name itself.
  fileprivate func argument(_ name: String, of call: ExpressionID) -> Span {
    guard case .call(_, let arguments) = self[call] else { return span(call) }
    let argument = arguments.first { $0.label?.text == name || text($0.value) == name }
    return argument.map { $0.label?.span ?? span($0.value) } ?? span(call)
  }
}

extension Scope.Slot {
  /// Whether it is a value that a sweep can replace.
  fileprivate var isSweepable: Bool {
    switch value {
    case .int, .bool, .string, .tensor, .list, .tuple: true
    default: false
    }
  }
}

extension Statement {
  /// Whether a run of a sweep needs it: what it binds or sets, not what it shows.
  var isSetting: Bool {
    switch kind {
    case .prints, .writes, .expect, .expression: false
    default: true
    }
  }
}
