import DLMOperators
import DLMShapes
import DLMSyntax

/// A call whose argument does not fit, with what a message says of it.
struct RefusedCall {
  /// Of what is called.
  var name: String
  /// The type of the parameter as it is declared.
  var declared: String
  var parameter: String
  /// The argument as it is written.
  var text: String
  var found: TensorValue?
  /// The name of what is called, where it is written.
  var callee: Span?
  var others: [(text: String, tensor: TensorValue, span: Span)]
  /// Every other argument as it is written, numbers too.
  var rest: [(text: String, span: Span)] = []
  /// Whether another parameter wants labels.
  var takesLabels = false
  var at: Diagnostic.Label
}

extension RefusedCall {
  /// Whether the argument became probabilities by a sigmoid.
  fileprivate var isOfSigmoid: Bool {
    guard let place = found?.kindPlace else { return false }
    return place.file.string(place.span).hasPrefix("sigmoid")
  }
}

extension Tree {
  /// The name in front of the arguments of a call, or the stage of a pipe that is only a name.
  func callee(of id: ExpressionID) -> Span? {
    switch self[id] {
    case .call(let callee, _): span(callee)
    case .name: span(id)
    default: nil
    }
  }
}

extension String {
  /// `x[.., 0..<1]` of `x[.., 0]`: the last place that is named, as a part of length 1.
  fileprivate var keepingAxis: String? {
    guard hasSuffix("]"), let open = lastIndex(of: "["), Maker.named[String(self[..<open])] == nil,
      let before = self[..<open].last, before.isLetter || before.isNumber || "_)]".contains(before)
    else { return nil }
    var items = self[index(after: open)...].dropLast().split(separator: ",").map {
      String($0).trimmed
    }
    guard let last = items.lastIndex(where: { Int($0) != nil }), let place = Int(items[last]),
      place >= 0
    else { return nil }
    items[last] = "\(place)..<\(place + 1)"
    return "\(self[..<open])[\(items.joined(separator: ", "))]"
  }

  /// Without spaces at its ends.
  private var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

extension Kind {
  /// Whether it says more of a real number than that it is one.
  var saysMore: Bool { self == .prob || self == .logprob || self == .logit }

  fileprivate var words: String? {
    switch self {
    case .logit: "logits"
    case .prob: "probabilities"
    case .logprob: "log-probabilities"
    case .real: "real numbers"
    case .int, .u8, .index, .bool: nil
    }
  }
}

// Arguments that a layer or a function does not take.
extension Diagnostic {
  static func refused(_ call: RefusedCall, _ error: InferenceFailure, _ facts: Facts) -> Diagnostic
  {
    var diagnostic: Diagnostic
    switch error {
    case .kindMismatch(_, let found, let expected): diagnostic = wrongKind(call, found, expected)
    case .elementMismatch(_, let found, let expected):
      let type = call.found.map { "\($0.type)" } ?? "\(found)"
      diagnostic = Diagnostic(
        .error, "K011",
        "\(call.name) takes \(call.declared), but `\(call.text)` is \(type): \(error.words([]))",
        at: call.at)
      diagnostic.offerElements(expected)
    case .rankMismatch(_, let found, let expected, let isMinimum):
      diagnostic = wrongRank(call, found, expected, isMinimum)
    case .axisMismatch(let operand, let axis, let found, let expected):
      diagnostic = wrongAxis(call, operand, axis, found, expected, facts)
    case .operandCount, .requirement, .attribute, .interleaves:
      let shown = call.found.map { "\($0.type)" } ?? "this"
      diagnostic = Diagnostic(
        .error, "S011",
        "\(call.name) takes \(call.declared), but gets \(shown): \(error.words(call.found.map { [$0.type] } ?? []))",
        at: call.at)
    }
    if let origin = call.found?.origin, origin.before != nil {
      diagnostic.addChain(origin, title: "how it came about")
    }
    return diagnostic
  }

  /// Scores, probabilities, labels and numbers taken for one another.
  private static func wrongKind(_ call: RefusedCall, _ found: Kind, _ expected: String)
    -> Diagnostic
  {
    let type = call.found.map { "\($0.type)" } ?? "\(found)"
    if expected.hasPrefix("index") { return wrongLabels(call, found, expected, type) }
    guard let wanted = ["logit": Kind.logit, "prob": .prob, "logprob": .logprob][expected],
      let words = wanted.words, found.isReal
    else { return wrongElements(call, found, expected, type) }
    let already = found.saysMore ? "is already" : "is"
    var diagnostic = Diagnostic(
      .error, "K031", "\(call.name) takes \(words); `\(call.text)` \(already) \(type)", at: call.at)
    if let place = call.found?.kindPlace, found.saysMore {
      let (line, column) = place.file.position(at: place.span.start)
      diagnostic.notes.append(
        Note(
          "it became \(found) at \(place.file.path):\(line):\(column) (`\(place.file.string(place.span))`)"
        ))
    }
    diagnostic.offerKind(call, found, wanted)
    return diagnostic
  }

  /// Writes what is pointed at as elements of `type`.
  mutating func offerElements(_ type: ElementType) {
    let text = primary.file.string(primary.span)
    help = "`\(type)(\(text))` makes them \(type)"
    fixes = [Fix("write `\(type)(\(text))`", [Edit(primary.span, "\(type)(\(text))")])]
  }

  private mutating func offerKind(_ call: RefusedCall, _ found: Kind, _ wanted: Kind) {
    let tail = call.rest.map { ", \($0.text)" }.joined()
    func rename(_ name: String) {
      guard let callee = call.callee, !call.at.file.string(callee).isEmpty else { return }
      fixes = [Fix("write `\(name)`", [Edit(callee, name)])]
    }
    func wrap(_ function: String) {
      fixes = [
        Fix("write `\(function)(\(call.text))`", [Edit(call.at.span, "\(function)(\(call.text))")])
      ]
    }
    switch (wanted, found) {
    case (.logit, .prob) where call.name.hasSuffix("softmax") && call.isOfSigmoid:
      help = "a sigmoid is of one class by itself, a softmax of one among all: drop the `sigmoid`"
    case (.logit, .prob) where call.name == "cross_entropy" && call.isOfSigmoid:
      help =
        "drop the `sigmoid` and keep cross_entropy, where one class of all is right; where each is yes or no by itself, use `bce`"
    case (.logit, .prob) where call.name.hasSuffix("softmax"):
      help = "the numbers add up to 1 already: drop one of the two"
    case (.logit, .prob) where call.name == "sigmoid":
      help = "the numbers lie between 0 and 1 already: drop one of the two"
    case (.logit, .logprob) where call.name == "sigmoid":
      help = "`exp(\(call.text))` is the probability"
    case (.logit, .prob) where call.name == "bce_logits":
      help = "use `bce(\(call.text)\(tail))`, which takes probabilities, or drop the sigmoid"
      rename("bce")
    case (.logit, .prob):
      help = "use `nll(log(\(call.text))\(tail))`, or drop the softmax and keep \(call.name)"
    case (.logit, .logprob):
      help = "use `nll(\(call.text)\(tail))`"
      if call.name == "cross_entropy" { rename("nll") }
    case (.logprob, .prob) where call.others.map(\.tensor.type.kind) == [.logprob]:
      let (own, other) = (call.text, call.others[0])
      help = "the log-probabilities come first: `\(call.name)(\(other.text), \(own))`"
      fixes = [
        Fix("swap the two", [Edit(call.at.span, other.text), Edit(other.span, own)])
      ]
    case (.logprob, .prob):
      help = "take the logarithm: `log(\(call.text))`"
      wrap("log")
    case (.logprob, _) where call.found?.isLogarithm ?? false:
      help =
        "`log` makes log-probabilities of probabilities only: of scores drop the `log` and use "
        + "`cross_entropy`; what are probabilities, say so: `let p: prob[...] = ...`"
    case (.logprob, _):
      help =
        "use `cross_entropy(\(call.text)\(tail))`, which takes scores, or `log_softmax(\(call.text))`"
      if call.name == "nll" { rename("cross_entropy") }
    case (.prob, .logprob) where call.name == "log":
      help = "it is a logarithm already: drop the `log`"
    case (.prob, .logit) where call.name == "log":
      help =
        "a score may be below 0: drop the `log`, or take `log_softmax(\(call.text))`"
    case (.prob, .logprob):
      help = "`exp(\(call.text))` is the probability"
      wrap("exp")
    case (.prob, _) where call.name == "bce":
      help = "use `bce_logits(\(call.text)\(tail))`, or put a `sigmoid` behind the scores"
      // What has been cut off is hardly a score.
      if !call.text.contains("clamp") { rename("bce_logits") }
    case (.prob, _):
      help =
        "`softmax` or `sigmoid` makes probabilities of scores; where the numbers are some, say so: `let p: prob[...] = \(call.text)`"
    default: help = "`real(\(call.text))` forgets what the numbers are"
    }
  }

  /// Bytes where numbers are wanted, and the like.
  private static func wrongElements(
    _ call: RefusedCall, _ found: Kind, _ expected: String, _ type: String
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, "K011",
      "\(call.name) takes \(call.declared), but `\(call.text)` is \(type): \(found) is not \(expected)",
      at: call.at)
    switch found {
    case .u8:
      diagnostic.help =
        "these are raw bytes: `|> normalize(\(call.text), mean: 0.5, std: 0.5)` behind `data`, or "
        + "`real(\(call.text)) / 255`"
    case .index where call.others.contains { $0.tensor.type.kind.isReal && !$0.tensor.isScalar }:
      let scores = call.others.first { $0.tensor.type.kind.isReal }?.text ?? ""
      diagnostic.help =
        call.takesLabels
        ? "the scores come first: `\(call.name)(\(scores), \(call.text))`"
        : "scores of classes go with labels in `cross_entropy(\(scores), \(call.text))`; "
          + "`one_hot(\(call.text))` makes numbers of labels, a 1 at each class"
    case .index where call.text.hasPrefix("argmax("):
      diagnostic.help = "\(call.name) takes the scores themselves: drop the `argmax`"
    case .index(let count)
    where call.name.first?.isUppercase ?? false && call.declared.hasPrefix("real[B, T,"):
      diagnostic.help = "`\(call.text) |> Embedding(\(count), 16)` makes a vector of each number"
    case .real where expected.hasPrefix("bool") && call.parameter == "mask":
      diagnostic.help =
        "this is the place of the mask, which says of each pair of places whether it counts: \(call.name) takes what asks and what is looked at, and makes keys and values of the second itself"
    case .index, .int, .bool:
      diagnostic.help =
        expected.hasPrefix("bool")
        ? "compare it with something: `x > 0`" : "`real(\(call.text))` makes real numbers of it"
    case .real, .logit, .prob, .logprob:
      diagnostic.help = expected == "bool" ? "compare it with something: `x > 0`" : nil
    }
    return diagnostic
  }

  private static func wrongRank(
    _ call: RefusedCall, _ found: Int, _ expected: Int, _ isMinimum: Bool
  ) -> Diagnostic {
    let shown = call.found.map { "\($0.type)" } ?? "this"
    // One argument has an axis of length 1 more than the other: [B, 1] beside [B].
    for other in call.others {
      let (a, b) = (call.found?.type.dims ?? [], other.tensor.type.dims)
      let (longer, shorter) = a.count > b.count ? (a, b) : (b, a)
      guard longer.count == shorter.count + 1, longer.last == 1,
        longer.dropLast().elementsEqual(shorter)
      else { continue }
      let own = (text: call.text, span: call.at.span)
      let beside = (text: other.text, span: other.span)
      return besideColumn(
        call, shown, other, long: a.count > b.count ? own : beside,
        short: a.count > b.count ? beside : own)
    }
    if call.declared.contains("..."), !isMinimum,
      let other = call.others.first(where: { $0.tensor.type.dims.count == expected })
    {
      return besideOther(call, shown, other)
    }
    if let places = otherPlaces(call, found, expected) { return places }
    var diagnostic = Diagnostic(
      .error, "S002",
      "\(call.name) wants \(isMinimum ? "at least " : "")\(expected) \(expected == 1 ? "axis" : "axes"), got \(shown)",
      at: call.at)
    diagnostic.notes.append(Note("`\(call.parameter)` is declared as \(call.declared)"))
    if found + 1 == expected, let kept = call.text.keepingAxis {
      diagnostic.help = "`\(kept)` takes the same place and keeps its axis"
    } else if found + 1 == expected, call.found?.type.dims.first?.soleSymbol?.name == "B" {
      // The batch is there.
      diagnostic.help =
        expected == 4
        ? "the axis of the channels is missing: `\(call.text)[.., new, .., ..]` adds one of length 1"
        : nil
    } else if found + 1 == expected {
      diagnostic.help = "a batch of one sample is `\(call.text)[new]`"
    } else if found > expected, expected == 2 {
      diagnostic.help = "`flatten` makes one axis of those after the first"
    }
    return diagnostic
  }

  /// Two arguments that must have one shape, whatever it is.
  private static func besideOther(
    _ call: RefusedCall, _ shown: String, _ other: (text: String, tensor: TensorValue, span: Span)
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, "S002",
      "\(call.name) takes tensors of one shape: `\(other.text)` is \(other.tensor.type), `\(call.text)` is \(shown)",
      at: call.at)
    diagnostic.secondary = [Label(call.at.file, other.span, "\(other.tensor.type)")]
    let (long, short) = (other.tensor.type.dims, call.found?.type.dims ?? [])
    if short.count + 1 == long.count, !short.isEmpty,
      let axis = long.indices.first(where: { axis in
        long[axis] == 1 && Array(long[..<axis]) + long[(axis + 1)...] == short
      })
    {
      let rest = String(repeating: ", ..", count: short.count - axis)
      diagnostic.help =
        "`\(call.text)[\(axis == 0 ? "" : ".., ")new\(axis == 0 ? "" : rest)]` has an axis of length 1 there"
    } else if long.count == 2, short.count == 1, long[0] == long[1], long[0].soleSymbol != nil {
      diagnostic.help =
        "an index of each row takes the places of all rows: `pick(x, i)` takes one place of each, where `x[.., i]` stands"
    } else if short.count < long.count {
      diagnostic.help =
        "a `sum`, `mean` or `norm` over the last axis of `\(other.text)`, `over: -1`, gives one number for each row"
    } else if other.tensor.type.dims.count == 2 {
      diagnostic.help = "`flatten(\(call.text))` makes one axis of those after the first"
    }
    return diagnostic
  }

  /// A column beside a vector: `[B, 1]` and `[B]`.
  private static func besideColumn(
    _ call: RefusedCall, _ shown: String, _ other: (text: String, tensor: TensorValue, span: Span),
    long: (text: String, span: Span), short: (text: String, span: Span)
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, "S021",
      "\(call.name) gets \(other.tensor.type) and \(shown): broadcasting would make every row meet every other",
      at: call.at)
    diagnostic.primary.text = shown
    diagnostic.secondary = [Label(call.at.file, other.span, "\(other.tensor.type)")]
    let (drop, add) = ("\(long.text)[.., 0]", "\(short.text)[.., new]")
    diagnostic.help = "\(drop)   or   \(add)"
    diagnostic.fixes = [
      Fix("write `\(drop)`", [Edit(Span(long.span.end, long.span.end), "[.., 0]")]),
      Fix("write `\(add)`", [Edit(Span(short.span.end, short.span.end), "[.., new]")]),
    ]
    return diagnostic
  }

  private static func wrongAxis(
    _ call: RefusedCall, _ operand: Int, _ axis: Int, _ found: Dim, _ expected: Dim, _ facts: Facts
  ) -> Diagnostic {
    let shown = call.found.map { "\($0.type)" } ?? "this"
    let (found, expected) = (facts.normal(found), facts.normal(expected))
    var diagnostic = Diagnostic(
      .error, "S011",
      "\(call.name) takes \(call.declared) for `\(call.parameter)`, but gets \(shown): axis \(axis) is \(found), where "
        + "\(expected) is needed", at: call.at)
    diagnostic.secondary = call.others.filter { !$0.tensor.isScalar }.map {
      Label(call.at.file, $0.span, "\($0.tensor.type)")
    }
    return diagnostic
  }
}
