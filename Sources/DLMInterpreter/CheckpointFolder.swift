import DLMData
import DLMFormats
import DLMTensor

/// What a run needs to go on: all it keeps, and where it stands.
struct Checkpointed {
  var training: String
  /// Steps done.
  var step: Int
  /// The batch that comes next.
  var cursor: BatchCursor
  var seed: UInt64
  var tensors: [String: Tensor]
  /// What `stalls` clauses remember.
  var stalls: [Int: Stall] = [:]
  /// Rates that clauses have set.
  var rates: [String: [String: Double]] = [:]
  /// By how much clauses have multiplied what schedules give.
  var factors: [String: [String: Double]] = [:]
  /// Scores of the best checkpoints so far, best first.
  var best: [Double] = []
  /// Paths of what is frozen.
  var frozen: Set<String> = []
  /// What `eval` has found last, and of what less is better.
  var metrics: [RunEvent.Metric] = []
  var lossMetrics: Set<String> = []
  /// What the program says of the training.
  var settings: [String: String] = [:]
  /// Where it was read.
  var path: String?
  /// Whether a `stop` has ended the training.
  var isFinished = false
  /// Whether it ends with the values of the best checkpoint.
  var wantsBest = false

  var contents: Safetensors.Contents {
    Safetensors.Contents(
      tensors: tensors,
      metadata: [
        "dlm.training": training, "dlm.step": "\(step)", "dlm.epoch": "\(cursor.epoch)",
        "dlm.position": "\(cursor.position)", "dlm.seed": "\(seed)",
      ].merging(counters) { first, _ in first })
  }

  /// Numbers as their bits, so that they come back the same.
  private var counters: [String: String] {
    var all: [String: String] = [:]
    if !best.isEmpty { all["dlm.best"] = best.map { "\($0.bitPattern)" }.joined(separator: " ") }
    if !frozen.isEmpty { all["dlm.frozen"] = frozen.sorted().joined(separator: " ") }
    for metric in metrics { all["dlm.metric.\(metric.name)"] = "\(metric.value.bitPattern)" }
    if !lossMetrics.isEmpty { all["dlm.losses"] = lossMetrics.sorted().joined(separator: " ") }
    if isFinished { all["dlm.finished"] = wantsBest ? "best" : "last" }
    for (name, text) in settings { all["dlm.setting.\(name)"] = text }
    for (number, stall) in stalls {
      all["dlm.stall.\(number)"] = "\(stall.best.bitPattern) \(stall.count)"
    }
    for (name, changed) in rates {
      for (rate, value) in changed { all["dlm.rate.\(name).\(rate)"] = "\(value.bitPattern)" }
    }
    for (name, changed) in factors {
      for (rate, value) in changed { all["dlm.factor.\(name).\(rate)"] = "\(value.bitPattern)" }
    }
    return all
  }

  private mutating func readCounters(_ metadata: [String: String]) {
    for (key, text) in metadata.sorted(by: { $0.key < $1.key }) {
      let path = key.split(separator: ".").map(String.init)
      let numbers = text.split(separator: " ").compactMap { UInt64($0) }
      if key == "dlm.best" {
        best = numbers.map { Double(bitPattern: $0) }
      } else if key == "dlm.frozen" {
        frozen = Set(text.split(separator: " ").map(String.init))
      } else if key == "dlm.losses" {
        lossMetrics = Set(text.split(separator: " ").map(String.init))
      } else if key == "dlm.finished" {
        (isFinished, wantsBest) = (true, text == "best")
      } else if path.count > 2, path[1] == "setting" {
        settings[path[2...].joined(separator: ".")] = text
      } else if path.count > 2, path[1] == "metric", numbers.count == 1 {
        let name = path[2...].joined(separator: ".")
        metrics.append(RunEvent.Metric(name: name, value: Double(bitPattern: numbers[0])))
      } else if path.count == 3, path[1] == "stall", let number = Int(path[2]), numbers.count == 2 {
        stalls[number] = Stall(
          best: Double(bitPattern: numbers[0]), count: Int(clamping: numbers[1]))
      } else if path.count == 4, path[1] == "rate", numbers.count == 1 {
        rates[path[2], default: [:]][path[3]] = Double(bitPattern: numbers[0])
      } else if path.count == 4, path[1] == "factor", numbers.count == 1 {
        factors[path[2], default: [:]][path[3]] = Double(bitPattern: numbers[0])
      }
    }
  }

  /// - Throws: `SafetensorsError`; `NotACheckpoint` where the file is not a checkpoint of dlm.
  init(reading path: String) throws {
    let contents = try Safetensors.read(path)
    func number(_ name: String) throws -> Int {
      guard let text = contents.metadata["dlm.\(name)"], let number = Int(text) else {
        throw NotACheckpoint(path: path, missing: name)
      }
      return number
    }
    guard let training = contents.metadata["dlm.training"],
      let seed = contents.metadata["dlm.seed"].flatMap(UInt64.init)
    else { throw NotACheckpoint(path: path, missing: "training") }
    self.init(
      training: training, step: try number("step"),
      cursor: BatchCursor(epoch: try number("epoch"), position: try number("position")),
      seed: seed, tensors: contents.tensors)
    readCounters(contents.metadata)
    self.path = path
  }

  init(
    training: String, step: Int, cursor: BatchCursor, seed: UInt64, tensors: [String: Tensor]
  ) {
    self.training = training
    self.step = step
    self.cursor = cursor
    self.seed = seed
    self.tensors = tensors
  }
}

/// A safetensors file that does not say where a training stands.
package struct NotACheckpoint: Error {
  package var path: String
  package var missing: String
}

/// Where a training leaves its checkpoints: `last.safetensors`, `best.safetensors`.
///
/// With more than one of a sort the others are numbered, the newest or best without a number:
/// `last-1` is the one before `last`.
struct CheckpointFolder {
  let path: String
  let keepsBest: Int
  let keepsLast: Int
  /// Scores of the best so far, best first.
  private var best: [Double] = []

  struct Score {
    var value: Double
    var lessIsBetter: Bool
  }

  /// - Parameter best: scores of those that an earlier part of the run has left.
  init(_ path: String, keepsBest: Int, keepsLast: Int, best: [Double] = []) {
    self.path = path
    self.best = best
    self.keepsBest = keepsBest
    self.keepsLast = keepsLast
  }

  /// The checkpoint of a sort in the folder at `path`, `last` where there is none; `path` itself if it
  /// is no folder.
  static func file(_ sort: String, at path: String) -> String {
    guard FileSystem.isFolder(path) else { return path }
    let file = "\(path)/\(sort).safetensors"
    return FileSystem.exists(file) ? file : "\(path)/last.safetensors"
  }

  var lastPath: String { file("last", 0) }

  /// Writes `state` as the last, and among the best where its score says so.
  ///
  /// - Throws: `SafetensorsError`; what was there before is then still there.
  mutating func save(_ state: Checkpointed, _ score: Score?) throws {
    try FileSystem.createFolder(path)
    let rank = score.flatMap { enter($0) }
    var state = state
    state.best = best
    try shift("last", from: 0, count: keepsLast)
    try Safetensors.write(state.contents, to: lastPath)
    guard let rank else { return }
    try shift("best", from: rank, count: keepsBest)
    try Safetensors.write(state.contents, to: file("best", rank))
  }

  /// The rank of `score` among the best, where it now stands; `nil` if it is none of them.
  private mutating func enter(_ score: Score) -> Int? {
    guard !score.value.isNaN else { return nil }
    // An equal score does not replace an earlier one.
    let rank =
      best.firstIndex { score.lessIsBetter ? score.value < $0 : score.value > $0 } ?? best.count
    guard rank < keepsBest else { return nil }
    best.insert(score.value, at: rank)
    best = Array(best.prefix(keepsBest))
    return rank
  }

  private func file(_ sort: String, _ rank: Int) -> String {
    "\(path)/\(sort)\(rank == 0 ? "" : "-\(rank)").safetensors"
  }

  /// Makes room at `rank`: each file from there on becomes the next, the last of `count` is replaced.
  ///
  /// The file at `rank` keeps its name too, until the new one takes it: a run that is killed in between
  /// leaves it.
  private func shift(_ sort: String, from rank: Int, count: Int) throws {
    for number in stride(from: count - 1, to: rank, by: -1) {
      let (old, new) = (file(sort, number - 1), file(sort, number))
      if number - 1 == rank {
        try FileSystem.linkFile(old, to: new)
      } else {
        try FileSystem.moveFile(old, to: new)
      }
    }
  }
}
