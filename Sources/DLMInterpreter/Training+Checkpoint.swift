import DLMData
import DLMFormats
import DLMFrontend

// Checkpoints of a training.
extension Training {
  func save(_ loader: BatchLoader) throws {
    guard var folder = checkpoints else { return }
    var score: CheckpointFolder.Score?
    if let id = clauses.checkpoint?.metric,
      let value = try evaluator.read(evaluator.tensor(id, &frame))?.first
    {
      let isLoss = lossMetrics.contains(frame.tree.text(id))
      score = CheckpointFolder.Score(value: value, lessIsBetter: isLoss)
    }
    try writing { try folder.save(state(loader), score) }
    checkpoints = folder
    session.send(.saved(path: folder.lastPath))
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

  private func state(_ loader: BatchLoader) -> Checkpointed {
    var state = Checkpointed(
      training: declaration.name.text, step: position.step, cursor: loader.cursor, seed: seed,
      tensors: machine.store.tensors)
    (state.stalls, state.rates, state.frozen) = (stalls, rates, evaluator.frozen)
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
