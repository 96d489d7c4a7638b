import DLMFrontend
import DLMSyntax

// What an optimizer needs of its rates where the text does not say them: schedules give them, clauses set
// them.
extension Training {
  /// Refuses what schedules have given in this step, if an optimizer does not take it.
  func checkRates() throws {
    // A rate falls below 0 or it does not: what else there is to ask is asked only then.
    var isNegative = false
    for variable in scheduled where variable.tensor[0] < 0 { isNegative = true }
    guard isNegative else { return }
    for minimize in frame.tree.minimizes(in: declaration) {
      let name = minimize.name?.text ?? Minimize.usualName
      guard let optimizer = made[name] else { continue }
      var statics = optimizer.statics
      for rate in statics.keys {
        guard let found = results.first(where: { $0.name == "\(name).\(rate)" }) else { continue }
        statics[rate] = .number(found.variable.tensor[0])
      }
      try checkRates(of: optimizer, with: statics, at: minimize.optimizer)
    }
  }

  /// Refuses rates that an optimizer does not take, in its words.
  func checkRates(
    of optimizer: OptimizerValue, with statics: [String: Value], at place: ExpressionID
  ) throws {
    guard let unmet = try evaluator.unmet(optimizer, with: statics) else { return }
    throw Failure(
      .runFails(
        "in step \(position.step), epoch \(position.epoch): \(unmet)",
        help:
          "a schedule stays above 0, `maximum(0, ...)`; a clause makes a rate smaller by a factor: `*= 0.5`",
        frame.label(place)))
  }
}
