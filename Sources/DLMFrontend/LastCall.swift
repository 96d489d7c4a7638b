import DLMShapes
import DLMSyntax

/// The call of the prelude that a tensor comes from as it is, while checking: some calls that fit by
/// their shapes make no sense behind it.
final class LastCall {
  enum Sort {
    /// The numbers add up to 1 over this axis.
    case softmax(axis: Int)
    /// No number is below 0.
    case rectifier
    /// Sums over `width` numbers.
    case linear(width: Dim)
    /// An index that puts in an axis, `x[.., new]`.
    case opened
    /// A sum of probabilities, each times a number; these add up to `weight`.
    case mixture(weight: Double)
    /// A logarithm of numbers that nothing says to be probabilities.
    case logarithm
  }

  let sort: Sort
  let place: Diagnostic.Label

  init(_ sort: Sort, _ place: Diagnostic.Label) { (self.sort, self.place) = (sort, place) }
}

// Mistakes that no shape shows: two sums in a row, scores cut off at 0, weights that add up to 1 over
// another axis than the one that they are summed over.
extension Evaluator {
  /// What a call of the prelude gave, with what is known by it; warns where the call makes no sense.
  func followed(
    _ result: Value, _ callee: Remembered, _ name: String, _ bound: BoundArguments,
    at id: ExpressionID, _ frame: inout Frame
  ) throws -> Value {
    guard machine == nil, callee.module.isPrelude, !frame.module.isPrelude,
      case .tensor(var tensor) = result
    else { return result }
    for parameter in callee.parameters where parameter.isLogit {
      guard case .tensor(let score)? = bound[parameter.name.text]?.value,
        case .rectifier? = score.last?.sort, let place = score.last?.place,
        !diagnostics.contains(where: { $0.code == "W046" && $0.primary.span == place.span })
      else { continue }
      warn(.rectifiedScores(name, place))
    }
    checkClasses(callee, name, bound, at: id, frame)
    guard let input = callee.parameters.lazy.compactMap({ bound[$0.name.text] }).first,
      case .tensor(let x) = input.value
    else { return result }
    let here = frame.label(id)
    switch name {
    case "softmax", "log_softmax":
      let axes = try bound["over"].map { try self.axes($0, or: nil, of: x, frame, &frame) }
      let last = x.type.dims.count - 1
      if last >= 0, axes?.count ?? 1 == 1 {
        let axis = axes?.first ?? last
        if last > 0, x.type.dims[axis].soleSymbol?.name == "B", let place = bound["over"]?.place,
          case .integer = frame.tree[place]
        {
          warn(.softmaxOverBatch(name, x.type, axis, frame.label(place)))
        }
        checkScores(name, x, axis, here)
        tensor.last = LastCall(.softmax(axis: axis), here)
      }
    case "cross_entropy", "accuracy":
      checkScores(name, x, x.type.dims.count - 1, frame.label(input.place))
    case "relu": tensor.last = LastCall(.rectifier, here)
    case "Dropout": tensor.last = x.last
    case "Linear":
      guard let width = x.type.dims.last, let out = tensor.type.dims.last else { break }
      if frame.instance != nil, case .linear(let before)? = x.last?.sort,
        !hasOtherUse(input.place, frame), let place = x.last?.place,
        [before, out].contains(where: { frame.facts.decide(.atLeast(width, $0)) == .proved })
      {
        warn(.linearTwice(width, place, here))
      }
      tensor.last = LastCall(.linear(width: width), here)
    default: return result
    }
    return .tensor(tensor)
  }

  /// Whether the body uses what the name `id` stands for at more than this place.
  private func hasOtherUse(_ id: ExpressionID, _ frame: Frame) -> Bool {
    let tree = frame.tree
    guard case .name(let name) = tree[id], let body = frame.body?.span else { return false }
    return tree.expressionIDs.contains { other in
      guard other != id, case .name(name) = tree[other] else { return false }
      return body.start <= tree.span(other).start && tree.span(other).end <= body.end
    }
  }

  /// Warns of log-probabilities that add up to 1 over another axis than that of the classes, the last.
  private func checkClasses(
    _ callee: Remembered, _ name: String, _ bound: BoundArguments, at id: ExpressionID,
    _ frame: Frame
  ) {
    for parameter in callee.parameters where parameter.isLogProbability {
      guard case .tensor(let p)? = bound[parameter.name.text]?.value,
        case .softmax(let axis)? = p.last?.sort, axis < p.type.dims.count - 1,
        let place = p.last?.place,
        !diagnostics.contains(where: { known in
          known.code == "W044" && place.span.start <= known.primary.span.start
            && known.primary.span.end <= place.span.end
        })
      else { continue }
      warn(.classesElsewhere(name, p.type, axis, place, frame.label(id)))
    }
  }

  /// Warns of a class that is picked where another axis adds up to 1; where both are of one length, the
  /// diagonal is wanted.
  func checkPicked(_ p: TensorValue, _ axis: Int, at id: ExpressionID, _ frame: Frame) {
    guard machine == nil, frame.site == nil, p.type.kind == .logprob || p.type.kind == .prob,
      case .softmax(let own)? = p.last?.sort, own != axis, let place = p.last?.place,
      p.type.dims.indices.contains(own), p.type.dims.indices.contains(axis),
      frame.facts.decide(.equal(p.type.dims[own], p.type.dims[axis])) != .proved
    else { return }
    warn(.picksElsewhere(p.type, own, picked: axis, place, frame.label(id)))
  }

  /// Warns of a choice among one.
  func checkScores(_ name: String, _ x: TensorValue, _ axis: Int, _ at: Diagnostic.Label) {
    guard machine == nil, x.type.dims.indices.contains(axis), x.type.dims[axis] == 1 else { return }
    warn(.onlyScore(name, x.type, at))
  }

  /// Warns of weights that add up to 1 over another axis of theirs than the one that is summed over.
  func checkWeights(
    _ weights: TensorValue, summedOver axis: Int, at id: ExpressionID, _ frame: Frame
  ) {
    guard machine == nil, case .softmax(let own)? = weights.last?.sort, own != axis,
      let place = weights.last?.place, weights.type.dims.indices.contains(own)
    else { return }
    warn(.weightsOverOther(weights.type, own: own, summed: axis, place, frame.label(id)))
  }
}

extension TensorValue {
  /// Whether it is a logarithm as it is.
  var isLogarithm: Bool {
    if case .logarithm? = last?.sort { true } else { false }
  }
}

extension Parameter {
  fileprivate var isLogit: Bool { kind == "logit" }
  fileprivate var isLogProbability: Bool { kind == "logprob" }

  private var kind: String? {
    if case .tensor(let kind, _, _, _)? = type { kind.text } else { nil }
  }
}

extension Diagnostic {
  /// Two sums in a row that are one.
  static func linearTwice(_ width: Dim, _ first: Label, _ second: Label) -> Diagnostic {
    var diagnostic = Diagnostic(
      .warning, "W045",
      "two Linear in a row are one: a sum of sums over \(width) numbers says no more than one sum",
      at: second)
    diagnostic.secondary = [first]
    diagnostic.help = "put an activation between them, `|> relu`, or drop one of the two"
    return diagnostic
  }

  /// Scores that cannot be negative.
  static func rectifiedScores(_ taker: String, _ at: Label) -> Diagnostic {
    var diagnostic = Diagnostic(
      .warning, "W046",
      "\(taker) takes scores of any sign, but this cuts them off at 0: where all are below, no gradient is left",
      at: at)
    diagnostic.help = "drop the activation behind the last layer"
    return diagnostic
  }

  /// A choice among one.
  static func onlyScore(_ taker: String, _ found: TensorType, _ at: Label) -> Diagnostic {
    let message =
      switch taker {
      case "cross_entropy": "cross_entropy over one class is 0 whatever the score is"
      case "accuracy": "accuracy over one class is 1 whatever the score is"
      default:
        "\(taker) over an axis of length 1 gives \(taker == "softmax" ? 1 : 0) whatever the scores are"
      }
    var diagnostic = Diagnostic(.warning, "W047", message, at: at)
    diagnostic.notes = [Note("the scores are \(found)")]
    diagnostic.help =
      ["argmax", "argmin", "accuracy"].contains(taker)
      ? "one score in each row is compared: `z > 0` for a score, `p > 0.5` for a probability"
      : "for one probability in each row use `sigmoid`, and as loss `bce_logits`"
    return diagnostic
  }

  /// Probabilities of rows, not of classes.
  static func softmaxOverBatch(_ name: String, _ x: TensorType, _ axis: Int, _ at: Label)
    -> Diagnostic
  {
    var diagnostic = Diagnostic(
      .warning, "W044",
      "\(name) goes over the rows of the batch here: what it gives for one depends on the others",
      at: at)
    diagnostic.notes = [Note("axis \(axis) of \(x) is `\(x.dims[axis])`")]
    diagnostic.help =
      "`over: -1` goes over the classes; where rows are meant, `over: \(x.dims[axis])` says so"
    return diagnostic
  }

  /// A loss picks a class of the last axis where another one adds up to 1.
  static func classesElsewhere(
    _ loss: String, _ p: TensorType, _ axis: Int, _ place: Label, _ at: Label
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      .warning, "W044",
      "\(loss) takes the last axis for that of the classes, but these add up to 1 over \(p.axisName(axis))",
      at: at)
    diagnostic.secondary = [Label(place.file, place.span, "\(p)")]
    diagnostic.help =
      "let the softmax go over the last axis, or move the classes there with `rearrange`"
    return diagnostic
  }

  /// A class is picked along another axis than the one that adds up to 1.
  static func picksElsewhere(
    _ p: TensorType, _ own: Int, picked: Int, _ place: Label, _ at: Label
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      .warning, "W044",
      "this picks along \(p.axisName(picked)), but these add up to 1 over \(p.axisName(own))",
      at: at)
    diagnostic.secondary = [Label(place.file, place.span, "\(p)")]
    diagnostic.help =
      "let the softmax go over the axis of the classes: `over: \(p.axisWord(picked))`"
    return diagnostic
  }

  /// Weights of an average that are those of another one.
  static func weightsOverOther(
    _ weights: TensorType, own: Int, summed: Int, _ place: Label, _ at: Label
  ) -> Diagnostic {
    let (one, other) = (weights.axisName(own), weights.axisName(summed))
    var diagnostic = Diagnostic(
      .warning, "W044",
      "this sums over \(other) with weights that add up to 1 over \(one): the sums are no averages",
      at: at)
    diagnostic.secondary = [
      Label(place.file, place.span, "\(weights), adds up to 1 over \(one)")
    ]
    diagnostic.help =
      "write `softmax(..., over: \(weights.axisWord(summed)))`, or divide by `sum(..., over: \(weights.axisWord(summed)))`"
    return diagnostic
  }
}

extension TensorType {
  fileprivate func axisName(_ axis: Int) -> String {
    dims[axis].constant == nil ? "`\(dims[axis])`" : "axis \(axis) (\(dims[axis]))"
  }

  /// What `over:` names the axis by.
  fileprivate func axisWord(_ axis: Int) -> String {
    dims[axis].soleSymbol == nil ? "\(axis)" : "\(dims[axis])"
  }
}
