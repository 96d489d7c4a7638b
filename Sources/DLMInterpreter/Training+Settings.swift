import DLMFrontend
import DLMSyntax

// What the program says of a training, kept in its checkpoints: a run that goes on from one tells what has
// become of it since.
extension Training {
  /// Numbers and words of the clauses, by what a message calls them. How long to train is none of them:
  /// that is what changes when a run goes on.
  var settings: [String: String] {
    var all = optimizerSettings
    all["rows"] = "\(dataset.rowCount)"
    all["batch"] = "\(clauses.batchSize)"
    all["order of rows"] = clauses.isShuffled ? "shuffled" : "as they are"
    all["last batch"] = clauses.dropsLast ? "dropped" : "kept"
    all["accumulate"] = "\(clauses.accumulated)"
    all["seed"] = clauses.seed.map { "\($0)" } ?? "none"
    if let clip = clauses.clip { all["clip"] = "\(clip.what.text) \(frame.tree.text(clip.limit))" }
    return all
  }

  /// Keeps what a `minimize` says of its optimizer, before clauses have changed anything.
  func note(_ optimizer: OptimizerValue, of minimize: Minimize, as name: String) {
    let words = { [tree = frame.tree] (id: ExpressionID) in
      tree.text(id).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    optimizerSettings[name] = optimizer.declaration.name.text
    optimizerSettings["what \(name) minimizes"] = words(minimize.objective)
    for case (let rate, .tensor(let number)) in optimizer.statics {
      if let known = number.known {
        optimizerSettings["\(name).\(rate)"] = NumberText.of(known)
      } else {
        // A schedule is what the program says it is.
        optimizerSettings["\(name).\(rate)"] = words(minimize.optimizer)
      }
    }
  }

  /// Tells what differs from the program that has written the checkpoint, and ends the run where the user
  /// does not want to go on.
  func compare(with start: Checkpointed) throws {
    // The optimizers are known once a step has been recorded.
    _ = try recorded(StepKey(rows: min(clauses.batchSize, dataset.rowCount), updates: true))
    let (before, now) = (start.settings, settings)
    // Checkpoints of earlier versions say nothing.
    guard !before.isEmpty else { return }
    let names = Set(before.keys).union(now.keys).sorted()
    let differences = names.compactMap { name -> String? in
      let (old, new) = (before[name] ?? "nothing", now[name] ?? "nothing")
      return old == new ? nil : "\(name): \(old) in the checkpoint, \(new) in the program"
    }
    guard !differences.isEmpty, !session.goesOn(despite: differences) else { return }
    throw Failure(
      .runFails(
        "the program is not that of the checkpoint: \(differences.joined(separator: "; "))",
        help: "take back what has changed, or train anew", frame.label(declaration.name.span)))
  }
}
