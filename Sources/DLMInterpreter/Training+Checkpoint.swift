import DLMData
import DLMFormats
import DLMFrontend
import DLMSyntax

// Checkpoints of a training.
extension Training {
  func save(_ loader: BatchLoader) throws {
    guard var folder = checkpoints else { return }
    var score: CheckpointFolder.Score?
    if let id = clauses.checkpoint?.metric, isFound(id),
      let value = try evaluator.read(evaluator.tensor(id, &frame))?.first
    {
      let isLoss = lossMetrics.contains(frame.tree.text(id))
      score = CheckpointFolder.Score(value: value, lessIsBetter: isLoss)
    }
    try writing { try folder.save(state(loader), score) }
    checkpoints = folder
    session.send(.saved(path: folder.lastPath))
  }

  /// Whether every number that a metric is made of has been found yet: the first evaluation may be to come.
  func isFound(_ id: ExpressionID) -> Bool {
    if case .field(let base, _) = frame.tree[id], case .name(let name) = frame.tree[base] {
      let text = frame.tree.text(id)
      let isKnown = (lastEvaluated.map(\.name) + results.map(\.name)).contains(text)
      switch frame.scope[name]?.value {
      case nil: return isKnown || frame.train?[name] != nil
      case .dataset?: return isKnown
      default: return true
      }
    }
    return frame.tree.children(of: id).allSatisfy { isFound($0) }
  }

  /// Takes over what `eval` had found where the run stopped.
  func takeUp(_ metrics: [RunEvent.Metric]) {
    var records: [String: [(name: String, value: Value)]] = [:]
    for metric in metrics {
      guard let point = metric.name.lastIndex(of: ".") else { continue }
      let field = String(metric.name[metric.name.index(after: point)...])
      records[String(metric.name[..<point]), default: []]
        .append((field, .number(metric.value)))
    }
    for (title, fields) in records {
      if case .dataset(let dataset)? = frame.scope[title]?.value {
        dataset.metrics = fields
      } else {
        frame.train?.define(title, .record(fields))
      }
    }
  }

  /// Takes back the values of the best checkpoint.
  func restoreBest() throws {
    guard let folder = checkpoints else { return }
    let best = try Checkpointed(reading: CheckpointFolder.file("best", at: folder.path))
    for (path, tensor) in best.tensors { try machine.store[path]?.tensor = tensor.copied() }
  }

  /// Saves for `--resume` and ends the run.
  func interrupt(_ loader: BatchLoader) throws -> Never {
    let name = declaration.name.text
    var folder =
      checkpoints
      ?? CheckpointFolder(session.resolve("runs/\(name)"), keepsBest: 0, keepsLast: 1)
    try writing { try folder.save(state(loader), nil) }
    throw Interruption(checkpoint: folder.lastPath, training: name, step: position.step)
  }

  func state(_ loader: BatchLoader) -> Checkpointed {
    var state = Checkpointed(
      training: declaration.name.text, step: position.step, cursor: loader.cursor, seed: seed,
      tensors: machine.store.tensors)
    (state.stalls, state.rates, state.frozen) = (stalls, rates, evaluator.frozen)
    (state.factors, state.settings) = (factors, settings)
    (state.metrics, state.lossMetrics) = (lastEvaluated, lossMetrics)
    (state.isFinished, state.wantsBest) = (isStopped, wantsBest)
    return state
  }

  /// Makes the folder of the checkpoints, so that a run which cannot save does not begin.
  func prepareCheckpoints() throws {
    guard let folder = checkpoints else { return }
    try writing { try FileSystem.createFolder(folder.path) }
  }

  private func writing(_ body: () throws -> Void) throws {
    let reason: String
    do {
      return try body()
    } catch let error as SafetensorsError {
      reason = error.message
    } catch let error as FileError {
      reason = "`\(error.path)`: \(error.reason)"
    }
    let place = clauses.checkpoint.map { frame.label($0.place) }
    throw Failure(
      .runFails(
        "the checkpoint cannot be written: \(reason)",
        help: "an earlier checkpoint is as it was; name a folder that can be written",
        code: .cannotSave,
        place ?? frame.label(declaration.name.span)))
  }
}

/// The user has stopped the run; what was reached is saved.
package struct Interruption: Error {
  package var checkpoint: String
  package var training: String
  package var step: Int
}
