import DLMOperators
import DLMShapes
import DLMSyntax

// Labels that do not go with the scores beside them.
extension Diagnostic {
  static func wrongLabels(
    _ call: RefusedCall, _ found: Kind, _ expected: String, _ type: String
  ) -> Diagnostic {
    let count = expected.dropFirst(6).dropLast()
    guard case .index(let own) = found else {
      var diagnostic = Diagnostic(
        .error, "K033",
        "\(call.name) wants whole numbers below a count for `\(call.parameter)`, but `\(call.text)` is \(type)",
        at: call.at)
      if call.text.hasPrefix("one_hot("), call.text.hasSuffix(")") {
        let label = String(call.text.dropFirst(8).dropLast())
        diagnostic.help =
          "write `\(label)`: \(call.name) takes the numbers of the classes themselves"
        diagnostic.fixes = [Fix("write `\(label)`", [Edit(call.at.span, label)])]
        return diagnostic
      }
      if found == .prob || found == .logprob, call.name == "cross_entropy" {
        let scores = call.others.first?.text ?? "z"
        let target = found == .prob ? call.text : "exp(\(call.text))"
        diagnostic.help =
          "`kl(log_softmax(\(scores)), \(target))` compares scores with probabilities; of labels, `cross_entropy` takes the numbers"
        return diagnostic
      }
      diagnostic.help =
        found.isReal
        ? "labels are made with `index(\(call.text), classes)`; for real targets use `mse`"
        : "say below what they are: `index(\(call.text), \(Int(count) != nil ? String(count) : "classes"))`"
      return diagnostic
    }
    if let scores = call.others.first(where: { !$0.tensor.isScalar }),
      let axis = scores.tensor.type.dims.dropLast().lastIndex(of: own)
    {
      return classesInside(call, scores, axis: axis, own, String(count))
    }
    var diagnostic = Diagnostic(
      .error, "K032",
      "`\(call.text)` counts \(own) \(own == 1 ? "class" : "classes"), but \(call.name) has \(count) here",
      at: call.at)
    diagnostic.secondary = call.others.filter { !$0.tensor.isScalar }.map {
      Label(call.at.file, $0.span, "\($0.tensor.type)")
    }
    let widest = call.others.first?.tensor
    if let origin = widest?.origin { diagnostic.addChain(origin, title: "how \(count) came about") }
    diagnostic.help =
      call.others.isEmpty
      ? "give it \(own): the number of words or classes of the data"
      : "the last layer must give \(own): one score for each class of the data"
    return diagnostic
  }

  /// Scores whose classes are not the last axis, as other libraries have them.
  private static func classesInside(
    _ call: RefusedCall, _ scores: (text: String, tensor: TensorValue, span: Span), axis: Int,
    _ classes: Dim, _ last: String
  ) -> Diagnostic {
    let dims = scores.tensor.type.dims
    var diagnostic = Diagnostic(
      .error, "S011",
      "\(call.name) has the classes in the last axis: that of `\(scores.text)` is \(last), and axis \(axis) is the \(classes) of `\(call.text)`",
      at: call.at)
    diagnostic.secondary = [Label(call.at.file, scores.span, "\(scores.tensor.type)")]
    let names = dims.indices.map { $0 == axis ? "K" : $0 == 0 ? "B" : "T\($0)" }
    let moved = names.filter { $0 != "K" } + ["K"]
    diagnostic.help =
      "rearrange(\(scores.text), [\(names.joined(separator: ", "))] -> [\(moved.joined(separator: ", "))])"
    return diagnostic
  }

  /// Labels of other places than the scores have: a forgotten `flatten`, `[B, 1]` beside `[B, K]`.
  ///
  /// - Returns: `nil` where the call has no scores, or the argument is none of labels.
  static func otherPlaces(_ call: RefusedCall, _ found: Int, _ expected: Int) -> Diagnostic? {
    guard let labels = call.found, case .index = labels.type.kind,
      let scores = call.others.first(where: {
        $0.tensor.type.kind.isReal && $0.tensor.type.dims.count == expected + 1
      })
    else { return nil }
    let places = scores.tensor.type.dims.dropLast().map { "\($0)" }.joined(separator: ", ")
    var diagnostic = Diagnostic(
      .error, "S002",
      "\(call.name) takes a label for each place of the scores: `\(scores.text)` is "
        + "\(scores.tensor.type), so labels are [\(places)], but `\(call.text)` is \(labels.type)",
      at: found < expected ? Label(call.at.file, scores.span, "\(scores.tensor.type)") : call.at)
    diagnostic.secondary = [
      found < expected
        ? Label(call.at.file, call.at.span, "\(labels.type)")
        : Label(call.at.file, scores.span, "\(scores.tensor.type)")
    ]
    if found == expected + 1, labels.type.dims.last == 1 {
      diagnostic.help = "`\(call.text)[.., 0]` drops the axis of length 1"
      diagnostic.fixes = [
        Fix(
          "write `\(call.text)[.., 0]`", [Edit(Span(call.at.span.end, call.at.span.end), "[.., 0]")]
        )
      ]
    } else if found + 1 == expected {
      diagnostic.help =
        "one score for each class and row: `last(x, over: ...)` or `mean(x, over: ...)` takes an axis away, "
        + "`flatten` in front of the last layer makes one of those after the first"
    } else if found > expected {
      diagnostic.help =
        "score every place; or take one label of each row, `\(call.text)[.., -1]` the last"
    } else if found < expected {
      diagnostic.help =
        "`flatten` in front of the last layer makes one axis of those after the first"
    }
    return diagnostic
  }
}
