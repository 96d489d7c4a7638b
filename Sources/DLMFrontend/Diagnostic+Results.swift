import DLMOperators
import DLMShapes
import DLMSyntax

// Results that are not what is declared.
extension Diagnostic {
  static func wrongResult(
    _ name: String, _ declared: String, _ found: TensorValue, _ failure: InferenceFailure,
    _ at: Label, _ declaration: Label
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, failure.isAboutKinds ? "K012" : "S013",
      "\(name) is declared to give \(declared), but gives \(found.type): \(failure.words([found.type]))",
      at: at)
    diagnostic.secondary = [declaration]
    if let origin = found.origin, origin.before != nil {
      diagnostic.addChain(origin, title: "how it came about")
    }
    if case .elementMismatch(_, _, let type) = failure { diagnostic.offerElements(type) }
    if found.known == nil, case .rankMismatch(_, _, 0, _) = failure {
      diagnostic.help = "take its `mean` or its `sum`"
    }
    if case .rankMismatch(_, let count, 2, _) = failure, count > 2 {
      diagnostic.help =
        count == 3
        ? "`last(over: ...)` or `mean(x, over: ...)` takes an axis away; `flatten` makes one of those after the first"
        : "`flatten` makes one axis of those after the first"
    }
    return diagnostic
  }

  /// A body that gives one value where several are declared, several where it is one, or none.
  static func wrongForm(
    _ name: String, _ declared: String, _ found: String, _ at: Label, _ declaration: Label
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, "S013", "\(name) is declared to give \(declared), but gives \(found)", at: at)
    diagnostic.secondary = [declaration]
    diagnostic.help =
      found == "nothing"
      ? "a body gives its last expression: write the value on the last line"
      : "declare what it gives, `-> (real[...], real[...])`, or give what is declared"
    return diagnostic
  }

  /// Time where the batch is wanted, and the batch where time is.
  static func axesSwapped(_ name: String, _ found: TensorType, _ at: Label) -> Diagnostic {
    Diagnostic(
      .warning, "W050",
      "\(name) takes the batch first and then time, but this is \(found): it would go along the batch",
      at: at, help: "`rearrange([T, B, ...] -> [B, T, ...])` puts the batch first")
  }

  /// Scores where probabilities are declared.
  static func scoresPromised(
    _ name: String, _ declared: String, _ found: TensorValue, _ wanted: Kind, _ at: Label,
    _ declaration: Label
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, "K012",
      "\(name) is declared to give \(declared), but gives \(found.type): real is not \(wanted)",
      at: at
    )
    diagnostic.secondary = [declaration]
    diagnostic.help =
      wanted == .prob
      ? "put `|> softmax` or `|> sigmoid` behind the last layer, or declare `logit`"
      : "put `|> log_softmax` behind the last layer, or declare `logit`"
    return diagnostic
  }
}
