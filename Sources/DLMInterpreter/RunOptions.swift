import DLMTensor

/// What the command line says about a run.
package struct RunOptions: Sendable {
  /// Replaces the `epochs` of every `train` block.
  package var epochs: Int?
  /// Replaces the `seed` of every `train` block, and seeds first values and draws.
  package var seed: UInt64?
  /// One batch of each loop, and nothing is written.
  package var isSmoke = false
  /// `--set name=value`: values for names bound at the top of the program.
  package var overrides: [String: String] = [:]
  /// A checkpoint that the variables start from.
  package var start: Start?

  /// Bytes that a step may need; what is free where nothing is said.
  package var memoryLimit: Int?

  /// How often a training keeps where it stands, so that a step that gives no number can be done again
  /// soon.
  package var longestReplay = Duration.seconds(10)

  /// Told what the kernels of each step take.
  package var profile: RunProfile?

  /// Whether `RunEvent.recorded` is sent.
  package var showsRecording = false

  package enum Start: Hashable, Sendable {
    /// Goes on with the training where the checkpoint was written.
    case resume(path: String)
    /// Trains nothing: the clauses with `eval` run once.
    case evaluate(path: String)
  }

  package init() {}
}

/// What is to be done after a step.
package enum RunControl: Sendable {
  case goOn
  /// Leave the training where it stands, to go on later.
  case pause
  /// End the training here, as after its last step.
  case finish
  /// Save and end the run.
  case interrupt
}

/// What happens in a run, for whoever shows it.
package enum RunEvent {
  case printed(String)
  case began(Training)
  /// A step is done; sent after each.
  case stepped(Training.Position, loss: Double)
  /// What an `every` logs: after steps, or after epochs.
  case logged(Training.Position, [Metric], isPerEpoch: Bool)
  /// `eval mnist.test { log ... }`; `split` is `test`.
  case evaluated(Training.Position, split: String, [Metric])
  case saved(path: String)
  /// What a step became on its way to kernels, in words.
  case recorded(Recording, String)
  case ended(Training, Training.Position)
  /// A run of a sweep begins: `depth = 4, width = 64`.
  case sweeps(String)
  /// What the runs of a sweep came to.
  case swept([SweepResult])

  package struct SweepResult {
    package var values: [(name: String, text: String)]
    package var metrics: [Metric]
  }

  package enum Recording: Hashable, Sendable {
    /// The objective.
    case graph
    /// With its gradients and updates.
    case gradient
    case plan
  }

  package struct Metric: Hashable, Sendable {
    package var name: String
    package var value: Double

    package init(name: String, value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// A `train` block that runs.
  package struct Training: Sendable {
    package var name: String
    package var epochs: Int
    package var stepsPerEpoch: Int
    package var rows: Int
    package var batchSize: Int

    package struct Position: Hashable, Sendable {
      /// From 1 on.
      package var epoch: Int
      /// Steps since the start of the training, from 1 on.
      package var step: Int
    }
  }
}
