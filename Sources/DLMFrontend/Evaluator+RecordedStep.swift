import DLMShapes
import DLMSyntax

// A training step, or the body of an `eval`, is recorded once and replayed for each batch. Whatever would
// happen while it is recorded, and not whenever it is replayed, is refused.
extension Evaluator {
  /// Walks both sides of a choice that each run of a recorded step makes anew.
  func choosingInStep<Result>(_ walk: () throws -> Result) rethrows -> Result {
    stepChoices += 1
    defer { stepChoices -= 1 }
    return try walk()
  }

  /// Refuses what has an effect beside its value, where numbers of the step would decide about it.
  func refuseInChoice(_ word: String, _ at: Diagnostic.Label) throws {
    if stepChoices > 0 { throw Failure(.happensInChoice(word, at)) }
  }

  /// Refuses what can only happen between two steps.
  func refuseInStep(_ word: String, _ at: Diagnostic.Label) throws {
    if walksStep { throw Failure(.happensOnce(word, at)) }
  }

  /// Refuses to ask for numbers that a step has only when it runs.
  func refuseOpenNumbers(_ value: Value, in word: String, _ at: Diagnostic.Label) throws {
    if walksStep, value.hasOpenNumbers { throw Failure(.numbersOfStep(word, at)) }
  }

  /// What `print` may write in a step: words that the text of the program determines, in a layer or a
  /// function that others use too.
  func checkPrint(_ value: Value, _ at: Diagnostic.Label, _ frame: Frame) throws {
    try refuseInChoice("print", at)
    guard walksStep else { return }
    try refuseOpenNumbers(value, in: "`print`", at)
    if frame.train != nil { throw Failure(.happensOnce("print", at)) }
  }

  /// Refuses to set in a step what is there before it: the next run of the step would find it as it was.
  func checkSets(_ name: String, _ at: Diagnostic.Label, _ frame: Frame) throws {
    guard walksStep, let home = frame.scope.home(of: name) else { return }
    if home === frame.module.globals || home === frame.train {
      throw Failure(.setsOutside(name, at))
    }
  }
}

extension Value {
  /// Whether some number in it is known to a run alone.
  fileprivate var hasOpenNumbers: Bool {
    switch self {
    case .tensor(let tensor): tensor.known == nil
    case .list(let items, _), .tuple(let items): items.contains(where: \.hasOpenNumbers)
    case .record(let fields): fields.contains(where: \.value.hasOpenNumbers)
    case .anyNumber(let one): one.hasOpenNumbers
    default: false
    }
  }
}
