import DLMData
import DLMFrontend
import DLMSyntax
import DLMTensor

// What a training does when its loss is not a number.
extension Training {
  func halt() { isFinished = true }

  /// Copies what is kept, if a clause may want to go back to it.
  func keepForRecovery() throws {
    guard let body = clauses.onNaN, !body.halts else { return }
    recovery = try machine.store.tensors.mapValues { try $0.copied() }
  }

  /// Ends the run, or does what `on nan` says and goes on from the start of the epoch's values.
  func recover(on batch: Batch) throws {
    guard let body = clauses.onNaN, !body.halts else { throw Failure(try notANumber(batch)) }
    for (path, tensor) in recovery { try machine.store[path]?.tensor = tensor.copied() }
    try walk(body, isPerEpoch: false, nil)
  }

  private func notANumber(_ batch: Batch) throws -> Diagnostic {
    let isInfinite = results.first?.variable.tensor[0].isInfinite ?? false
    var diagnostic = Diagnostic.runFails(
      "the loss is \(isInfinite ? "infinite" : "not a number") after step \(position.step), in epoch \(position.epoch)",
      help: "a smaller rate, or `clip norm 1.0`, keeps steps from growing without bound",
      frame.label(declaration.name.span))
    var lines: [String] = []
    if let lastLoss { lines.append("the loss of the step before was \(NumberText.of(lastLoss))") }
    for (field, tensor) in zip(dataset.fields, batch.tensors) where tensor.elementType == .f32 {
      let width = max(1, field.rowShape.count)
      let values = tensor.values.prefix(batch.rowCount * width)
      guard let place = values.firstIndex(where: { !$0.isFinite }) else { continue }
      lines.append("`\(field.name)` has \(values[place]) in row \(place / width) of this batch")
      diagnostic.help = "drop or fill such rows before training"
    }
    if let origin = try origin(isInfinite: isInfinite) { tell(origin, in: &diagnostic, &lines) }
    if !lines.isEmpty { diagnostic.notes = [.init("what is known", lines: lines)] }
    return diagnostic
  }

  /// Names what went wrong first, at its place in the program.
  private func tell(_ origin: Origin, in diagnostic: inout Diagnostic, _ lines: inout [String]) {
    let indices = origin.place.map { "\($0)" }.joined(separator: ", ")
    let place = origin.place.isEmpty ? "" : " at [\(indices)]"
    let found = origin.place(in: frame.tree)
    let name = found?.name.map { " for `\($0)`" } ?? ""
    let words =
      "\(origin.words)\(place) is the first that gives no \(origin.isInfinite ? "finite " : "")number\(name)"
    lines.insert("in step \(origin.step) \(words)", at: 0)
    if !origin.isGradient, origin.operands.allSatisfy(\.isFinite), !origin.operands.isEmpty {
      diagnostic.help =
        origin.operation == "divide"
        ? "this divides by 0: leave such places out with `select`, or add a small number to the divisor"
        : "`clamp` keeps what `\(origin.operation)` gets where it has a value"
    }
    if origin.operands.contains(-.infinity) {
      diagnostic.help =
        "a row of which all is masked has no largest score: leave one place of each, or fill with -1e9"
    }
    guard let found else { return }
    let training = diagnostic.primary
    diagnostic.primary = frame.label(found.span)
    diagnostic.secondary = [training]
  }
}

extension Block {
  /// Whether a statement of it is `halt`.
  fileprivate var halts: Bool {
    statements.contains {
      if case .command(let word, _) = $0.kind { word.text == "halt" } else { false }
    }
  }
}
