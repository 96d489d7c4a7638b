import DLMData
import DLMFrontend
import DLMSyntax
import DLMTensor

// A step in which an operator meets an index beyond its range.
extension Training {
  /// Runs a step; an index beyond its range is told where the program uses the field that holds it.
  func run(_ step: RecordedStep, on batch: Batch) throws {
    do {
      try step.run(on: batch, seed: seed, counter: UInt64(position.step))
    } catch {
      if let diagnostic = outOfRange(error, batch) { throw Failure(diagnostic) }
      try reporting { throw error }
    }
  }

  private func outOfRange(_ error: ExecutionError, _ batch: Batch) -> Diagnostic? {
    guard case .indexOutOfRange(let index, let count, let place, let operation) = error else {
      return nil
    }
    for (field, tensor) in zip(dataset.fields, batch.tensors) {
      let width = max(1, field.rowShape.count)
      guard !tensor.elementType.isFloatingPoint, place < batch.rowCount * width,
        tensor[place] == Double(index), let use = use(of: field.name)
      else { continue }
      let row = "`\(field.name)` is \(index) in row \(place / width) of this batch"
      var diagnostic = Diagnostic.runFails(
        "\(row), outside 0..<\(count) of `\(operation)`", help: nil, frame.label(use))
      diagnostic.notes = [.init("in step \(position.step), epoch \(position.epoch)")]
      return diagnostic
    }
    return nil
  }

  /// Where an objective of the training reads a field; otherwise where its block does first.
  private func use(of field: String) -> ExpressionID? {
    let tree = frame.tree
    let objectives = tree.minimizes(in: declaration).map(\.objective)
    return objectives.lazy.compactMap { tree.use(of: field, in: $0) }.first
      ?? tree.expressionIDs.first { id in
        guard case .name(field) = tree[id] else { return false }
        return tree.span(id).start > declaration.name.span.start
      }
  }
}

extension Tree {
  /// The first place in an expression that reads `name`.
  fileprivate func use(of name: String, in id: ExpressionID) -> ExpressionID? {
    if case .name(name) = self[id] { return id }
    return children(of: id).lazy.compactMap { use(of: name, in: $0) }.first
  }
}
