import DLMOperators
import DLMShapes
import DLMSyntax

// Shapes (codes S) and kinds (codes K).
extension Diagnostic {
  static func rankDiffers(_ count: Int, _ type: TensorType, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "S031", "this names \(count) axes, but \(type) has \(type.dims.count)", at: at)
  }

  static func wrongIndex(_ index: TensorType, axis: Int, of type: TensorType, _ at: Label)
    -> Diagnostic
  {
    Diagnostic(
      .error, "S034", "\(index) counts to another number than axis \(axis) of \(type)", at: at,
      help: "the number of classes or words of the one is not that of the other")
  }

  /// A label that is no class.
  static func labelOutside(_ value: Int, _ count: Int, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "K032",
      "\(value) is not below \(count): \(count) classes are counted from 0 to \(count - 1)",
      at: at,
      help: value == count
        ? "labels that count from 1 are made to count from 0 by `y - 1`; or write `\(count + 1)` classes"
        : "write the number of classes there are")
  }

  static func lostAxis(_ name: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "S032", "axis `\(name)` is on the left of `->` and not on the right", at: at,
      help: "`rearrange` only moves; to take a sum or a mean say `over: \(name)` there")
  }

  /// - Parameter named: how many axes `over:` names.
  static func noSharedAxis(_ named: Int, _ a: TensorType, _ b: TensorType, _ at: Label)
    -> Diagnostic
  {
    Diagnostic(
      .error, "S033", "`dot` sums over one axis that \(a) and \(b) both have", at: at,
      help: named > 1
        ? "make one of the \(named) first: `rearrange(a, [B, T, K] -> [B, (T K)])`; or `sum(a * b, over: ...)` where both "
          + "have the same axes"
        : "name it: `dot(a, b, over: K)`")
  }

  static func axesDiffer(
    _ a: TensorType, _ b: TensorType, _ x: Dim, _ y: Dim, _ at: Label
  ) -> Diagnostic {
    Diagnostic(.error, "S020", "\(a) and \(b) do not go together: \(x) is not \(y)", at: at)
  }

  static func innerAxesDiffer(
    _ a: TensorType, _ x: Dim, _ b: TensorType, _ y: Dim, _ at: Label
  ) -> Diagnostic {
    Diagnostic(
      .error, "S018",
      "`@` sums over the last axis of the left, \(x), and \(b.dims.count == 1 ? "the right" : "the rows of the right"), \(y): "
        + "they must be equal", at: at)
  }

  static func repeatsSymbol(
    _ result: TensorType, _ symbol: Dim, _ a: TensorType, _ b: TensorType, _ at: Label
  ) -> Diagnostic {
    var diagnostic = Diagnostic(.error, "S021", "this would build \(result)", at: at)
    diagnostic.notes = [
      Note(
        "broadcasting repeats \(symbol): every row of one side would meet every row of the other")
    ]
    diagnostic.help = "drop the axis of length 1: `x[.., 0]`"
    return diagnostic
  }

  static func cannotCombine(
    _ operation: BinaryOperator, _ a: TensorType, _ b: TensorType, _ at: Label
  ) -> Diagnostic {
    Diagnostic(.error, "S022", "`\(operation.rawValue)` is not defined for \(a) and \(b)", at: at)
  }

  static func cannotLay(_ vector: TensorType, _ axis: Int, _ other: TensorType, _ at: Label)
    -> Diagnostic
  {
    Diagnostic(.error, "S023", "\(vector) does not fit along axis \(axis) of \(other)", at: at)
  }

  static func branchesDiffer(_ a: String, _ b: String, _ at: Label) -> Diagnostic {
    Diagnostic(.error, "S024", "one branch gives \(a), the other \(b)", at: at)
  }

  static func variableDiffers(_ name: String, _ a: String, _ b: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "S024", "`\(name)` is \(a) if this holds, and \(b) if it does not", at: at,
      help: "which it is, only a run knows: let both ways leave one shape")
  }

  static func changesShape(_ name: String, _ old: TensorType, _ new: TensorType, _ at: Label)
    -> Diagnostic
  {
    Diagnostic(.error, "S025", "`\(name)` is kept as \(old) and cannot become \(new)", at: at)
  }

  static func firstValue(_ found: TensorType, of type: TensorType, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "S027", "this first value is \(found), but what is kept is \(type)", at: at,
      help: "a number fills every shape; `uniform(-r, r)` and `normal(0, s)` draw it")
  }

  static func doesNotDivide(_ text: String, _ relation: Relation, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "S014", "`\(text)` is no whole number: \(relation.failing)", at: at,
      help: "write `div` to round down")
  }

  static func hidesDim(_ name: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .warning, "W042", "this `\(name)` hides the `\(name)` that is known here", at: at,
      help: "give it another name")
  }

  static func otherAxis(_ name: String, axis: Int, of type: TensorType, _ dim: Dim, _ at: Label)
    -> Diagnostic
  {
    Diagnostic(
      .error, "S035", "axis \(axis) of \(type) is \(dim), not \(name)", at: at,
      help:
        "name the axes in the order in which they are: [\(type.dims.map { "\($0)" }.joined(separator: ", "))]"
    )
  }

  static func interleaves(
    _ from: TensorType, _ axes: Range<Int>, to dims: [Dim], _ at: Label
  ) -> Diagnostic {
    let names = from.dims[axes].map { "\($0)" }
    let list =
      names.count > 1
      ? names.dropLast().joined(separator: ", ") + " and \(names[names.count - 1])" : names.joined()
    var diagnostic = Diagnostic(
      .error, "S030", "reshape would interleave \(list)", at: at)
    diagnostic.notes = [Note("\(from)  →  [\(dims.map { "\($0)" }.joined(separator: ", "))]")]
    if let movement = movement(of: from, to: dims) {
      let call = rearranging(at.file.string(at.span), movement)
      diagnostic.help = "`\(call)`"
      diagnostic.fixes = [Fix("write `\(call)`", [Edit(at.span, call)])]
    } else {
      diagnostic.help =
        "`rearrange(x, [...] -> [...])` moves axes: name those of \(from) on the left, merged ones as `(H K)`"
    }
    return diagnostic
  }

  /// `[B, H, T, K] -> [B, T, (H K)]`, where all axes have names of their own and every new one is a product
  /// of old ones.
  private static func movement(of from: TensorType, to dims: [Dim]) -> String? {
    let names = from.dims.compactMap { $0.soleSymbol?.name }
    guard names.count == from.dims.count, Set(names).count == names.count else { return nil }
    var left = from.dims.indices.map { $0 }
    var parts: [String] = []
    for dim in dims {
      let factors = left.filter { from.dims[$0].symbols.isSubset(of: dim.symbols) }
      guard !factors.isEmpty, factors.map({ from.dims[$0] }).reduce(1, *) == dim else { return nil }
      left.removeAll { factors.contains($0) }
      let words = factors.map { names[$0] }.joined(separator: " ")
      parts.append(factors.count == 1 ? words : "(\(words))")
    }
    guard left.isEmpty else { return nil }
    return "[\(names.joined(separator: ", "))] -> [\(parts.joined(separator: ", "))]"
  }

  /// `reshape(x, ...)` or a stage `reshape[...]` as the `rearrange` that is meant.
  private static func rearranging(_ call: String, _ movement: String) -> String {
    guard call.hasPrefix("reshape("), let comma = call.firstIndex(of: ",") else {
      return "rearrange(\(movement))"
    }
    let operand = call[call.index(call.startIndex, offsetBy: 8)..<comma]
    let isWhole =
      operand.filter { "([".contains($0) }.count == operand.filter { ")]".contains($0) }.count
    return "rearrange(\(isWhole ? operand : "x"), \(movement))"
  }

  static func wrongElementCount(_ from: TensorType, to dims: [Dim], _ facts: Facts, _ at: Label)
    -> Diagnostic
  {
    // Axes that both have in front, the batch above all, say nothing.
    var (old, new) = (from.dims[...], dims[...])
    while let a = old.first, let b = new.first, facts.decide(.equal(a, b)) == .proved {
      (old, new) = (old.dropFirst(), new.dropFirst())
    }
    let (a, b) = (facts.normal(old.reduce(1, *)), facts.normal(new.reduce(1, *)))
    let each = old.count < from.dims.count ? " in each row" : ""
    return Diagnostic(
      .error, "S015",
      "reshape keeps the number of elements: \(from) has \(a)\(each), [\(dims.map { "\($0)" }.joined(separator: ", "))] has \(b)",
      at: at)
  }

  static func changesInLoop(
    _ name: String, _ before: String, _ after: String, _ count: String, _ at: Label
  ) -> Diagnostic {
    Diagnostic(
      .error, "S025",
      "`\(name)` is \(before) before a turn and \(after) after it, and how many turns there are is open",
      at: at, help: "keep its shape, or let `\(count)` be a number that is known while checking")
  }

  static func severalPacks(_ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "S005", "a type has one pack at most: nothing says which axes would be whose", at: at,
      help: "name the axes of one of them")
  }

  static func nowhereToSlide(_ type: TensorType, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "S019",
      "a window slides along one to three axes behind batch and channel, but this is \(type)",
      at: at,
      help: "`reshape[B, C, H, W]` before it makes such axes")
  }

  static func forcesEqual(_ a: Dim, _ b: Dim, value: Dim?, _ at: Label) -> Diagnostic {
    // Whichever of them was met first.
    let (a, b) = "\(a)" <= "\(b)" ? (a, b) : (b, a)
    return Diagnostic(
      .note, "W040",
      value.map { "coincidental match: \(a) and \(b) are both \($0)" }
        ?? "this holds only where \(a) and \(b) are equal", at: at,
      help:
        "give both one name where they are one length; otherwise look for the axis that is meant")
  }

  static func keepsOther(_ path: String, _ known: TensorType, _ wanted: TensorType, _ at: Label)
    -> Diagnostic
  {
    Diagnostic(
      .error, "S028", "`\(path)` is \(known) from an earlier call, and this one needs \(wanted)",
      at: at,
      help:
        "one layer has one set of weights: give every call inputs of one size, or take the mean over their places, `global_mean`, so that the width does not depend on it"
    )
  }

  /// A layer that has been given inputs of another width.
  static func otherWidth(
    _ layer: String, _ known: TensorType, _ found: TensorType, _ width: Dim, _ at: Label,
    weights: Label
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, "S028",
      "`\(layer)` keeps weights for \(known), from an earlier call, but gets \(found) here",
      at: at)
    diagnostic.secondary = [Label(weights.file, weights.span, "these weights")]
    diagnostic.help =
      known.dims.count > 2
      ? "one layer has one set of weights: give every call inputs of one size, or take the mean over their places, "
        + "`global_mean`, so that the width does not depend on it"
      : "one layer has one set of weights: give it \(width) where it had \(width) before"
    return diagnostic
  }

  /// - Parameter isBorder: whether the border is what there are too many or too few numbers of.
  static func packsDiffer(_ text: String, isBorder: Bool, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "S026",
      "`\(text)` has a length for each axis, and not as many as the input has axes to slide along",
      at: at,
      help: isBorder
        ? ForeignWords.border(of: nil)
        : "one number goes with any: `k: 3`; a list has one for each axis: `k: [3]` for a signal, `k: [3, 3]` for an image"
    )
  }

  static func negativeLength(_ length: Dim, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "S001", "an axis has a length of at least 0, but this is \(length)", at: at,
      help: "say how many places it has")
  }

  /// `-1` among lengths: other libraries' word for what is left.
  static func noRest(_ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "S001", "`-1` is no length of an axis", at: at,
      help:
        "write the product, `2 * H`, or use `flatten`, which makes one axis of those after the first"
    )
  }

  /// Nothing says how `dim` falls into the names of a group.
  static func openSplit(_ dim: Dim, _ names: [String], _ at: Label) -> Diagnostic {
    let list = names.map { "`\($0)`" }.joined(separator: " and ")
    return Diagnostic(
      .error, "S004", "nothing says how \(dim) falls into \(list)", at: at,
      help:
        "write the length of one of them: `dim \(names[0]) = ...` above, or a number in its place")
  }

  /// An axis that stands only on the right of a rearrangement.
  static func newAxis(_ name: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "S032", "axis `\(name)` is on the right of `->` and not on the left", at: at,
      help:
        "`rearrange` only moves: `x[.., new]` makes an axis of length 1, `concatenate` and `stack` longer ones"
    )
  }

  /// A table looked up by real numbers.
  static func realIndex(_ index: TensorType, _ count: Dim, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "K033", "rows are picked by whole numbers, but this is \(index)", at: at,
      help: "declare it as `index(\(count))`, or make whole numbers of it: `index(x, \(count))`")
  }

  /// A length that a type states and a value does not have.
  static func boundOtherwise(
    _ name: String, _ declared: String, _ found: TensorType, _ failure: InferenceFailure,
    _ at: Label
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, "S027", "`\(name)` is declared as \(declared), but is \(found)", at: at,
      help: "change the type or the value")
    if case .elementMismatch(_, _, let type) = failure {
      diagnostic.message += ": \(failure.words([found]))"
      diagnostic.offerElements(type)
    }
    return diagnostic
  }

  /// A layer for any length that only works with one.
  static func forcesLength(_ layer: String, _ symbol: String, _ length: Int, _ at: Label)
    -> Diagnostic
  {
    Diagnostic(
      .error, "S036",
      "\(layer) takes any `\(symbol)`, but this works only where it is \(length)", at: at,
      help:
        "write \(length) in place of `\(symbol)` in the type, or make this as long as `\(symbol)`")
  }

  /// A value that is put into a part of a tensor and has not its shape.
  static func partDiffers(
    _ text: String, _ wanted: TensorType, _ found: TensorType, _ at: Label
  ) -> Diagnostic {
    Diagnostic(
      .error, "S020", "`\(text)` is \(wanted), and is given \(found)",
      at: at, help: "a part takes a value of its own shape, or one number for all of it")
  }

  /// Reals where a tensor has whole numbers, and the like.
  static func otherElements(
    _ text: String, _ tensor: TensorType, _ found: TensorType, _ at: Label
  ) -> Diagnostic {
    Diagnostic(
      .error, "K011", "`\(text)` is a part of \(tensor), and is given \(found)", at: at,
      help: found.kind.isReal
        ? "`int(...)` cuts off what lies behind the point; or begin with reals: `real(...)`"
        : "a tensor keeps what its elements are")
  }

  /// Tensors of different shapes side by side.
  static func cannotStack(_ a: TensorType, _ b: TensorType, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "S010", "`stack` puts tensors of one shape side by side: \(a) and \(b) differ",
      at: at,
      help:
        "`concatenate` joins them along an axis that they have; `pad` makes the shorter one longer")
  }

  /// The axes that `dot` sums over have different lengths.
  static func cannotSum(_ a: TensorType, _ m: Dim, _ b: TensorType, _ n: Dim, _ at: Label)
    -> Diagnostic
  {
    Diagnostic(
      .error, "S010", "`dot` sums over axes of one length: \(m) of \(a) is not \(n) of \(b)",
      at: at,
      help: "`over:` says along which axis, by its symbol where both have it")
  }

  static func notADim(_ text: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "S001", "`\(text)` is no length of an axis", at: at,
      help: "lengths are whole numbers, symbols and + - * / div % of them")
  }

  static func notATensorType(_ at: Label) -> Diagnostic {
    Diagnostic(.error, "S003", "what is kept needs a type with a length for every axis", at: at)
  }

  static func unknownDim(_ error: DimExpressionError, _ at: Label) -> Diagnostic {
    switch error {
    case .unknownName(let name):
      return Diagnostic(.error, "S004", "no input says what `\(name)` is", at: at)
    case .packLengths(let a, let b):
      return Diagnostic(.error, "S005", "\(a) axes do not go with \(b)", at: at)
    case .openExponent(let exponent):
      return Diagnostic(
        .error, "S001", "a power with the exponent \(exponent) is no length of an axis", at: at,
        help: "the exponent of a length is a whole number that is known, 0 or more")
    }
  }

  static func openShape(_ name: String, _ dim: Dim, _ at: Label) -> Diagnostic {
    Diagnostic(.error, "S006", "`\(name)` needs a length that is known, but \(dim) is open", at: at)
  }

  static func dependsOnBatch(_ name: String, _ dim: Dim, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "S006", "`\(name)` would have \(dim) as a length, the rows of a batch, which change",
      at: at,
      help: "a parameter is the same for every sample: leave `\(dim)` out of its type")
  }

  /// A layer that would have a weight for every row: its input has no axis of features.
  static func noFeatures(_ layer: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "S006",
      "\(layer) needs an axis of features behind the batch, but this has one number for each row",
      at: at, help: "`x[.., new]` makes a row of one feature of each number")
  }

  static func outside(_ index: Dim, axis: Int, of type: TensorType, _ at: Label) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, "S007", "index \(index) is outside axis \(axis) of \(type)", at: at)
    if let length = type.dims.indices.contains(axis) ? type.dims[axis].constant : nil, length > 0 {
      diagnostic.help = "places count from 0: the last is \(length - 1), or -1"
    }
    return diagnostic
  }

  static func endsBefore(_ text: String, _ start: Dim, _ end: Dim, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "S007", "`\(text)` ends before it begins: from \(start) to \(end)", at: at,
      help: "a range goes upwards; `flip(x, over: 0)` turns an axis round")
  }

  static func noTranspose(_ type: TensorType, _ at: Label) -> Diagnostic {
    Diagnostic(.error, "S008", "`.T` swaps the last two axes, but this is \(type)", at: at)
  }

  static func noSuchAxis(_ name: String, _ type: TensorType, count: Int, _ at: Label) -> Diagnostic
  {
    Diagnostic(
      .error, "S009",
      count == 0 ? "\(type) has no axis `\(name)`" : "\(type) has \(count) axes `\(name)`", at: at,
      help: count > 0
        ? "give its position: `over: -1`"
        : Int(name) == nil ? type.axesText : "positions count from 0; the last is -1")
  }

  /// A number with a name where an axis is named: `over: d`.
  static func positionByName(
    _ name: String, _ value: Int, _ type: TensorType, _ axis: Int?, _ at: Label
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, "S009", "`\(name)` is the number \(value), and \(type) has no axis \(value)", at: at)
    diagnostic.help =
      axis.map { "a number is a position; the axis of length \(value) is at `over: \($0)`" }
      ?? "a number is a position, counted from 0; -1 is the last axis"
    return diagnostic
  }

  /// A number that is written and is another: `in: 300`.
  static func statedOtherwise(
    _ message: String, name: String, expected: Dim, found: Dim, at: Label, _ origin: Origin?,
    in frame: Frame
  ) -> Diagnostic {
    var primary = at
    primary.text = "\(expected) written here"
    var diagnostic = Diagnostic(.error, "S012", message, at: primary)
    diagnostic.addOrigin(origin, of: found, in: frame)
    if let dims = origin?.type.dims, dims.count > 2, dims.dropFirst().reduce(1, *) == expected {
      diagnostic.help =
        "`flatten` in front of it makes one axis of \(expected) of those after the first"
      return diagnostic
    }
    guard at.file.string(at.span).contains(":") else {
      diagnostic.help =
        "the first number is what comes out; what goes in, `\(name)`, is inferred: leave it out"
      return diagnostic
    }
    diagnostic.help = "drop `\(name): \(expected)` — it is inferred (or write `\(name): \(found)`)"
    diagnostic.fixes = [Fix("write `\(name): \(found)`", [Edit(at.span, "\(name): \(found)")])]
    return diagnostic
  }

  static func needsSize(_ message: String, _ origin: Origin?, _ at: Label, in frame: Frame)
    -> Diagnostic
  {
    var diagnostic = Diagnostic(.error, "S017", message, at: at)
    diagnostic.addOrigin(origin, of: nil, in: frame)
    return diagnostic
  }

  static func doesNotFit(
    _ operation: Operator, _ failure: InferenceFailure, _ types: [TensorType],
    _ attributes: Attributes, _ facts: Facts, _ at: Label
  ) -> Diagnostic {
    if operation.name == "reshape", let type = types.first,
      case .dims(let dims)? = attributes["dims"]
    {
      if case .interleaves(let from, _) = failure {
        return .interleaves(type, from, to: dims, at)
      }
      if case .requirement = failure { return .wrongElementCount(type, to: dims, facts, at) }
    }
    let code = failure.isAboutKinds ? "K010" : "S010"
    let shown = types.map(\.description).joined(separator: " and ")
    return Diagnostic(
      .error, code, "`\(operation.sign)` does not take \(shown): \(failure.words(types))", at: at)
  }

  /// The way to a shape as a table, and the stage before as a second label.
  private mutating func addOrigin(_ origin: Origin?, of dim: Dim?, in frame: Frame) {
    guard let origin else { return }
    addChain(origin, title: "how \(dim.map { "\($0)" } ?? "this") came about")
    if frame.site == nil, origin.before != nil {
      secondary = [Label(frame.tree.file, origin.span, "\(origin.type)")]
      // The last stage has its label; those of another file stand elsewhere.
      notes[notes.count - 1].places = origin.chain.dropLast().compactMap { stage in
        guard stage.span.end <= frame.tree.file.bytes.count,
          frame.tree.file.string(stage.span) == stage.label
        else { return nil }
        return Label(frame.tree.file, stage.span, "\(stage.type)")
      }
    }
  }

  mutating func addChain(_ origin: Origin, title: String) {
    notes.append(Note(title, lines: origin.table))
  }
}

extension Relation {
  /// The words for its not holding.
  var failing: String {
    switch self {
    case .divides(let a, let b): "\(b) does not divide \(a)"
    case .equal, .notEqual, .atLeast: "\(self) does not hold"
    }
  }
}

extension TensorType {
  /// The axes by name, for a message that misses one of them.
  fileprivate var axesText: String? {
    guard !dims.isEmpty else { return "it is one number" }
    return "its axes are \(dims.map { "`\($0)`" }.joined(separator: ", "))"
  }
}

extension Operator {
  /// What a program calls it by: its sign where it has one.
  fileprivate var sign: String {
    let signs: [String: BinaryOperator] = [
      "matmul": .matmul, "add": .add, "subtract": .subtract, "multiply": .multiply,
      "divide": .divide,
      "modulo": .modulo, "power": .power, "less": .less, "less_equal": .lessEqual, "equal": .equal,
      "not_equal": .notEqual, "logical_and": .and, "logical_or": .or,
    ]
    return signs[name]?.rawValue ?? name
  }
}

extension InferenceFailure {
  var isAboutKinds: Bool {
    switch self {
    case .kindMismatch, .elementMismatch: true
    case .operandCount, .axisMismatch, .rankMismatch, .requirement, .attribute, .interleaves: false
    }
  }

  /// Why, in words.
  func words(_ types: [TensorType]) -> String {
    switch self {
    case .operandCount(let found, let expected): "it takes \(expected) operands, not \(found)"
    case .axisMismatch(_, let axis, let found, let expected):
      "axis \(axis) is \(found), where \(expected) is needed"
    case .rankMismatch(_, let found, let expected, let isMinimum):
      "it has \(found) \(found == 1 ? "axis" : "axes"), where \(isMinimum ? "at least " : "")\(expected) \(expected == 1 ? "is" : "are") needed"
    case .requirement(let text, let relation): "it needs \(text), but \(relation) does not hold"
    case .kindMismatch(_, let found, let expected): "\(found) is not \(expected)"
    case .elementMismatch(_, let found, let expected): "its elements are \(found), not \(expected)"
    case .attribute(let name, let reason): "\(name) \(reason)"
    case .interleaves:
      "that would interleave axes; use `rearrange` to move them"
    }
  }
}
