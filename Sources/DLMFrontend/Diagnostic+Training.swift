import DLMShapes
import DLMSyntax

// Data (codes D) and training (codes T).
extension Diagnostic {
  static func notData(_ text: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "D001", "`\(text)` is no data set", at: at,
      help: "write `idx(\"folder\", classes: 10)`, `csv(\"file\")`, `npy(x: \"file\")`, "
        + "`text(\"file\", by: char)` or `rows(x: [...], y: [...])`")
  }

  package static func dataProblem(_ problem: DataProblem, _ at: Label) -> Diagnostic {
    var diagnostic = Diagnostic(.error, "D002", problem.message, at: at, help: problem.help)
    diagnostic.isAboutMissingFile = problem.isMissing
    return diagnostic
  }

  static func notAFile(_ field: String, _ text: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "D002", "`\(field)` would be a field of `npy`, whose rows come from a file", at: at,
      help: field == "classes"
        ? "labels are made where they are used: `index(y, \(text))`"
        : "write a path, as in `\(field): \"\(field).npy\"`")
  }

  static func notAStage(_ text: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "D003", "`\(text)` is no stage of data", at: at,
      help:
        "write `normalize(field, mean: 0.5, std: 0.5)`, `scale(field, 1/255)`, `map(field, fn (x) { ... })`, "
        + "`split(train: 0.8, test: 0.2)`, `stack(x: [a, b])`, `windows(T: 64)` or `batch(32)`")
  }

  static func rescalesLabels(_ name: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "D005", "`\(name)` holds labels: arithmetic on them means nothing", at: at)
  }

  static func mapLosesRows(_ name: String, _ sort: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "D006", "`map` of `\(name)` must keep the batch as its first axis, but gives \(sort)",
      at: at)
  }

  static func isSplit(_ name: String, _ splits: [String], _ at: Label) -> Diagnostic {
    let names = splits.map { "`\($0)`" }.joined(separator: " and ")
    return Diagnostic(
      .error, "D007", "`\(name)` has the parts \(names) already", at: at)
  }

  static func sharesTooLarge(_ total: Double, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "D007",
      "the shares of a split lie above 0 and come to at most 1, but these come to "
        + NumberText.of(total), at: at, help: "write `split(train: 0.8, test: 0.2)`")
  }

  static func nothingToAugment(_ name: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "D013", "`\(name)` has no images [channels, height, width] to augment", at: at,
      help: "write `mnist.train |> augment { crop(28, pad: 2), flip(p: 0.5) }`")
  }

  static func noVocabulary(_ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "D014", "nothing says what the numbers of this layer stand for", at: at,
      help: "read a text with `data book = text(\"file\", by: char)`")
  }

  static func notInVocabulary(_ part: String, _ book: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "D014", "`\(part)` does not occur in `\(book)`", at: at,
      help: "begin with what the text has")
  }

  static func cannotWindow(_ name: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "D008", "`windows` cuts a text, which `\(name)` is not", at: at,
      help: "read one with `text(\"file\", by: char)`")
  }

  static func windowTooLong(_ length: Int, _ name: String, _ rows: Int, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "D009",
      "`\(name)` has \(rows) places: too few for one window of \(length) and the one after",
      at: at,
      help: rows > 1
        ? "take a window of at most \(rows - 1), or a longer text" : "take a longer text")
  }

  static func needsSplit(_ name: String, _ splits: [String], _ at: Label) -> Diagnostic {
    let names = splits.map { "`\(name).\($0)`" }.joined(separator: " or ")
    return Diagnostic(
      .error, "D004", "`\(name)` has several splits", at: at,
      help: "write \(names)")
  }

  static func objectiveNotScalar(
    _ type: TensorType, _ origin: Origin?, _ at: Label, in frame: Frame
  )
    -> Diagnostic
  {
    Diagnostic(
      .error, "T001", "`minimize` needs one number, but this is \(type)", at: at,
      help: "take its `mean` or its `sum`")
  }

  static func notAModule(_ text: String, _ value: Value, _ at: Label) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, "T002", "`\(text)` is \(value.sort), and no layer that could be trained", at: at)
    switch value {
    case .constructor:
      diagnostic.help =
        "make one with `let net = \(text)()`, use it in the objective, and write `over net`"
    case .function:
      diagnostic.help =
        "a function has no parameters: declare `layer \(text.prefix(1).uppercased() + text.dropFirst())(...)`, and `param`s in it"
    default: diagnostic.help = "make one with `let net = Net()` and write `over net`"
    }
    return diagnostic
  }

  /// A training that changes nothing.
  static func trainsNothing(_ at: Label) -> Diagnostic {
    Diagnostic(
      .warning, "T020", "nothing is trained here: there is no `minimize` and no `update`", at: at,
      help:
        "write `minimize loss(net(x), y) over net with SGD(lr: 0.1)`; to read rows only, `for (x, y) in data`"
    )
  }

  /// A clause that may stand once and stands twice.
  static func clauseTwice(_ word: String, line: Int, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "N034", "`\(word)` is said in line \(line) already", at: at,
      help: "drop one of the two")
  }

  static func noParameters(_ path: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T003", "the objective does not depend on `\(path)`", at: at,
      help: "use `\(path)` in the objective, or train what it uses")
  }

  static func noDependence(
    on path: String, _ objective: String, isConstant: Bool, _ at: Label, _ over: Label
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, "T003", "the objective does not depend on `\(path)`", at: over)
    diagnostic.secondary = [at]
    diagnostic.secondary[0].text = isConstant ? "no gradient passes through this" : ""
    diagnostic.help =
      isConstant
      ? "`argmax`, `accuracy`, comparisons, `sign`, `round` and `stop_gradient` pass none: minimize "
        + "a loss such as `cross_entropy`"
      : "use `\(path)` in the objective, or train what it uses"
    return diagnostic
  }

  /// - Parameter paths: of layers inside, and of parameters, at least one.
  static func takesNoPart(_ paths: [String], in module: String, _ at: Label) -> Diagnostic {
    let most = 3
    var names = paths.prefix(most).map { "`\($0)`" }
    if paths.count > most { names.append("\(paths.count - most) more") }
    let last = names.removeLast()
    let list = names.isEmpty ? last : names.joined(separator: ", ") + " and " + last
    let parts = paths.count == 1 ? "a part" : "parts"
    return Diagnostic(
      .note, "T015", "this objective does not depend on \(list), \(parts) of `\(module)`", at: at,
      help:
        "what they give is not used, or goes through what lets no gradient pass: a comparison, `argmax`, `int`, `index`"
    )
  }

  /// A layer that an objective makes itself, so that no `over` can name it.
  static func neverLearns(_ path: String, _ names: String, _ at: Label, _ over: Label) -> Diagnostic
  {
    var diagnostic = Diagnostic(
      .error, "T009", "this layer has parameters, but nothing can name it, so they never learn",
      at: at,
      help: "make it before the training, `let \(path) = \(at.file.string(at.span))`, and write "
        + "`over \(names), \(path)`; or write it into the body of a layer that is trained")
    diagnostic.secondary = [over]
    diagnostic.secondary[0].text = "trained is only this"
    return diagnostic
  }

  /// - Parameter block: where the training begins.
  static func neverUpdated(_ path: String, _ names: String, block: Int, _ at: Label) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, "T009", "`\(path)` has parameters that no `minimize` updates", at: at,
      help:
        "write `over \(names), \(path)`, or `freeze \(path)` before the block to keep it as it is")
    // Which of the two is meant only the author knows: a teacher is frozen, a head is trained.
    diagnostic.fixes = [
      Fix("add `\(path)`", [Edit(at.span, "\(names), \(path)")]),
      Fix("freeze `\(path)`", [Edit(Span(block, block), "freeze \(path)\n")]),
    ]
    return diagnostic
  }

  static func notAnOptimizer(_ text: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T004", "`\(text)` is no optimizer", at: at,
      help: "write `SGD(lr: 0.01)` or `Adam()`")
  }

  static func gradientOfTensor(_ type: TensorType, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T005", "`grad` needs one number to differentiate, but this is \(type)", at: at,
      help: "take its `sum`")
  }

  static func lossOfMany(_ name: String, _ type: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T001", "a `loss` gives one number, but `\(name)` is declared to give \(type)",
      at: at,
      help: "`-> real` and a `mean(...)` in its body; a function of any type is a `fn`")
  }

  static func gradientByWhole(_ target: String, _ type: TensorType, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T005", "`grad` differentiates by reals, but `\(target)` is \(type)", at: at,
      help: "write a point: `let \(target) = 3.0`")
  }

  static func gradientOfConstant(_ number: String, _ target: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T003", "`\(number)` does not depend on `\(target)`: its gradient is 0", at: at,
      help:
        "name what it was computed from; `stop_gradient` and comparisons let no gradient through")
  }

  /// Nothing that a `minimize` trains is left: it is frozen.
  static func allFrozen(_ path: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T003", "nothing of `\(path)` is left to train: it is frozen", at: at,
      help: "freeze a part of it, `freeze \(path).linear1`, or `unfreeze` it in a `when`")
  }

  /// A batch that is larger than all rows together, and is dropped.
  static func neverFull(_ rows: Int, _ size: Int, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T014",
      "\(rows) rows never fill a batch of \(size), and what is not full is dropped: no step would be made",
      at: at, help: "`batch \(rows)`, or leave `drop last` out")
  }

  /// Rows that a training sees are those that it is scored by.
  static func evaluatesOnTraining(_ name: String, _ others: [String], _ at: Label) -> Diagnostic {
    let names = others.map { "`\($0)`" }.joined(separator: " or ")
    let isHeldBack = [".test", ".valid"].contains { name.hasSuffix($0) }
    return Diagnostic(
      .warning, "D015",
      "`\(name)` is what this training learns from: its score says nothing of new rows",
      at: at,
      help: isHeldBack
        ? "train on \(names): `\(name)` is held back for the score" : "evaluate \(names)")
  }

  static func unknownTraining(_ name: String, _ near: String?, _ at: Label) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, "N032", "there is no `train \(name)` in this file", at: at,
      help: near.map { "did you mean `\($0)`?" })
    if let near { diagnostic.fixes = [Fix("write `\(near)`", [Edit(at.span, near)])] }
    return diagnostic
  }

  static func sharedCheckpoints(_ path: String, _ names: [String], _ at: Label) -> Diagnostic {
    let names = names.map { "{\($0)}" }.joined(separator: "-")
    return Diagnostic(
      .error, "T012", "every run of the sweep would write its checkpoints to `\(path)`", at: at,
      help: "put the values into the path: `\"\(path)/\(names)\"`")
  }

  /// Two trainings that write to one folder.
  static func sharedWith(_ path: String, _ other: Label, _ at: Label) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, "T012", "another training writes its checkpoints to `\(path)` too", at: at,
      help: "give each a folder of its own: a run that goes on would take one for the other")
    diagnostic.secondary = [Label(other.file, other.span, "the first")]
    return diagnostic
  }

  static func sweepTooLarge(_ count: Int, _ limit: Int, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T013", "this sweep has \(count) combinations; at most \(limit) can be checked",
      at: at, help: "sweep over fewer values, or in several files")
  }

  /// - Parameter forced: the only number of rows that a batch may have, if there is but one.
  static func lastBatch(
    _ requirement: Requirement, _ forced: Int?, rows: Int, size: Int, rest: Int, _ at: Label
  ) -> Diagnostic {
    if let forced {
      var diagnostic = holdsForRows(forced, requirement)
      diagnostic.severity = .error
      diagnostic.code = "T014"
      diagnostic.message += ", and the last one has \(rest): \(rows) rows % \(size) = \(rest)"
      diagnostic.secondary = [at]
      return diagnostic
    }
    var diagnostic = Diagnostic(
      .error, "T014",
      "\(requirement.owner) sees a batch of \(rest): \(rows) rows % \(size) = \(rest)", at: at,
      help: "write `batch \(size) drop last`, or another size")
    diagnostic.secondary = [requirement.place]
    diagnostic.secondary[0].text = "needs \(requirement.relation)"
    diagnostic.fixes = [
      Fix("add `drop last`", [Edit(Span(at.span.end, at.span.end), " drop last")])
    ]
    return diagnostic
  }

  /// A batch has another number of rows than the only one for which this holds.
  static func needsRows(_ requirement: Requirement, _ rows: Int, _ size: Int) -> Diagnostic {
    var diagnostic = holdsForRows(rows, requirement)
    diagnostic.severity = .error
    diagnostic.code = "T014"
    diagnostic.message += ", and here one has \(size)"
    return diagnostic
  }

  /// Something holds for one number of rows alone, whatever number the batches happen to have.
  static func holdsForRows(_ rows: Int, _ requirement: Requirement) -> Diagnostic {
    var place = requirement.place
    place.text = "needs \(requirement.relation)"
    return Diagnostic(
      .warning, "W040", "this holds only for batches of \(rows) row\(rows == 1 ? "" : "s")",
      at: place,
      help:
        "`B` is any number of rows: look for another axis that was meant, or write `B` in place of \(rows)"
    )
  }

  /// - Parameter isSaid: whether the training says how many rows a batch has.
  static func batchDoesNotFit(
    _ requirement: Requirement, _ size: Int, _ at: Label, isSaid: Bool
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, "T014",
      "\(requirement.owner) needs \(requirement.relation), but a batch has \(size) row\(size == 1 ? "" : "s")",
      at: at)
    if !isSaid {
      diagnostic.help = "`batch 32` in the block says how many rows a step sees; without it, one"
    }
    diagnostic.secondary = [requirement.place]
    diagnostic.secondary[0].text = "needs \(requirement.relation)"
    return diagnostic
  }

  /// An optimizer in which nothing is set to another value.
  static func leavesParameter(_ optimizer: OptimizerDeclaration, _ at: Label) -> Diagnostic {
    let parameter = optimizer.parameter.text
    return Diagnostic(
      .warning, "T023", "\(optimizer.name.text) never changes `\(parameter)`, so it trains nothing",
      at: at,
      help:
        "say what becomes of it: `\(parameter) = \(parameter) - 0.1 * \(optimizer.gradient.text)`")
  }

  static func notInFile(_ part: String, _ path: String, _ near: String?, _ at: Label) -> Diagnostic
  {
    Diagnostic(
      .error, "D010", "`\(path)` has no tensor for `\(part)`", at: at,
      help: near.map { "it has `\($0)`: a function behind `rename` maps the names of the file" }
        ?? "a function behind `rename` maps the names of the file")
  }

  static func normalizedTwice(_ field: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .warning, "W049",
      "`\(field)` is normalised twice: its mean is no longer 0, nor its deviation 1",
      at: at, help: "drop one of the two")
  }

  /// - Parameter user: where the layer is given what makes it so, if that is known.
  static func otherWeights(
    _ part: String, _ type: TensorType, _ weight: FileWeight, _ user: Label? = nil
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, "D011",
      "`\(part)` is \(type), but in `\(weight.file)` it is [\(weight.dims.map { "\($0)" }.joined(separator: ", "))]",
      at: weight.place)
    if let user { diagnostic.secondary = [Label(user.file, user.span, "needs \(type)")] }
    return diagnostic
  }

  static func unusedWeights(_ name: String, _ count: Int, _ path: String, _ at: Label) -> Diagnostic
  {
    Diagnostic(
      .warning, "D012",
      "`\(path)` has \(count == 1 ? "a tensor" : "\(count) tensors") that no layer takes: `\(name)`\(count > 1 ? " and others" : "")",
      at: at)
  }

  static func writesNowhere(_ word: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T016", "`\(word)` needs a file", at: at, help: "write `to \"picture.svg\"` behind it"
    )
  }

  static func wrongEnding(_ name: String, _ endings: [String], _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T017", "this cannot be written to `\(name)`", at: at,
      help: "its name ends in \(endings.map { "`.\($0)`" }.joined(separator: " or "))")
  }

  static func savesTogether(_ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T018", "only layers are saved together; a tensor or a picture has its own file",
      at: at)
  }

  static func notAVector(_ name: String, _ type: TensorType, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T019", "`\(name)` draws vectors, but this is \(type)", at: at,
      help: "draw a part: `x[.., 0]`")
  }

  static func notImages(_ type: TensorType, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T019",
      "`grid` draws images [count, 1 or 3 channels, height, width], but this is \(type)",
      at: at)
  }

  static func notPoints(_ type: TensorType, _ at: Label) -> Diagnostic {
    Diagnostic(.error, "T019", "`regions` needs points [rows, 2], but this is \(type)", at: at)
  }

  static func notOneNumber(_ type: TensorType, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T019", "`regions` needs one number for a point, but this gives \(type)", at: at)
  }

  static func exceptOutside(_ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "N029", "`except` names parameters that an optimizer leaves out", at: at,
      help: "write it in the optimizer: `AdamW(decay: 0.05 except bias)`")
  }

  static func exceptsNothing(_ pattern: String, _ near: String?, _ at: Label) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, "N029", "no parameter is called `\(pattern)`", at: at,
      help: near.map { "did you mean `\($0)`?" })
    if let near { diagnostic.fixes = [Fix("write `\(near)`", [Edit(at.span, near)])] }
    return diagnostic
  }

  static func penaltyNotScalar(_ type: TensorType, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T011", "a penalty is one number, but this is \(type)", at: at,
      help: "take its `mean` or its `sum`")
  }

  static func constantPenalty(_ name: String?, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T011",
      "this penalty is one number whatever \(name.map { "`\($0)`" } ?? "is trained") is: it trains nothing",
      at: at,
      help: "a penalty is a function of what is kept: `penalize l2(\(at.file.string(at.span)))`")
  }

  static func noSuchPart(_ name: String, of path: String, _ near: String?, _ at: Label)
    -> Diagnostic
  {
    var diagnostic = Diagnostic(
      .error, "N030", "`\(path)` has no part `\(name)`", at: at,
      help: ForeignWords.members[name] ?? near.map { "did you mean `\($0)`?" })
    if let near { diagnostic.fixes = [Fix("write `\(near)`", [Edit(at.span, near)])] }
    return diagnostic
  }

  static func notAPart(_ text: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "N030", "`\(text)` is no part of a layer", at: at,
      help: "name a layer that a `let` has made, or something inside it: `net.conv1`")
  }

  static func gradientNames(_ name: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T010", "`grad` of `\(name)` names the gradient of its one result", at: at,
      help: "write `grad (g) { ... }`, and let `\(name)` give one tensor")
  }

  static func gradientCount(_ name: String, found: Int, _ inputs: [String], _ at: Label)
    -> Diagnostic
  {
    let names = inputs.map { "`\($0)`" }.joined(separator: ", ")
    return Diagnostic(
      .error, "T010",
      "`grad` of `\(name)` must give a gradient for each of \(names), but gives \(found)", at: at,
      help: "end it with a tuple in the order of the parameters: `(g * y, g * x)`")
  }

  static func gradientShape(
    _ name: String, _ found: String, of input: String, _ type: TensorType, _ at: Label
  ) -> Diagnostic {
    Diagnostic(
      .error, "T010",
      "`grad` of `\(name)` gives \(found) for `\(input)`, which is \(type)", at: at,
      help: found.hasPrefix("bool")
        ? "a gradient is a number: multiply that of the result by it, `g * (x > 0)`"
        : "a gradient has the shape of what it is the gradient of")
  }

  static func logsTensor(_ type: TensorType, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T006", "`log` writes one number, but this is \(type)", at: at,
      help: "take its `mean` or its `sum`")
  }

  static func nothingToRestore(_ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T008", "no checkpoint keeps the best", at: at,
      help: "write `checkpoint \"runs/name\" every epoch, keep best 1 by test.acc`")
  }

  static func unknownUnit(_ unit: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T007", "`every` counts steps or epochs", at: at,
      help: "write `every 10 steps { ... }` or `every epoch { ... }`")
  }

  /// What a run meets: an index outside its range, no memory.
  package static func runFails(
    _ message: String, help: String?, code: RunCode = .failure, _ at: Label
  ) -> Diagnostic {
    Diagnostic(
      .error, code.rawValue, message, at: at,
      help: help)
  }
}

/// Codes of what only a run can meet.
package enum RunCode: String, Sendable {
  case failure = "R001"
  case cannotSave = "R002"
  case outOfMemory = "R003"
}
