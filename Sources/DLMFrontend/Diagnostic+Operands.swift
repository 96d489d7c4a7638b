import DLMOperators
import DLMShapes
import DLMSyntax

/// An operand of an operator as it is written.
struct Side {
  var span: Span
  /// Whether brackets can be put behind it.
  var takesIndex: Bool

  init(_ id: ExpressionID, _ tree: Tree) {
    span = tree.span(id)
    switch tree[id] {
    case .name, .call, .bracket, .field: takesIndex = true
    default: takesIndex = false
    }
  }

  /// The result of an operator is written from its first operand to its last.
  mutating func extend(to operand: ExpressionID, _ tree: Tree) {
    span = span.union(tree.span(operand))
    takesIndex = false
  }
}

// Two operands that do not go together, each with what it is.
extension Failure {
  /// Says of a failure of the operator at `id` what its operands are, and what would make them fit.
  mutating func explain(
    _ operation: BinaryOperator, _ left: (side: Side, value: Value),
    _ right: (side: Side, value: Value), in frame: Frame, at id: ExpressionID
  ) {
    guard var found = diagnostic, frame.site == nil, found.primary.span == frame.tree.span(id),
      case .tensor(let a) = left.value, case .tensor(let b) = right.value
    else { return }
    switch found.code {
    case "S020":
      found.message =
        "this \(operation.word) needs equal shapes: \(a.type.difference(from: b.type, frame.facts))"
      found.help =
        (operation == .multiply ? matrixProduct(left.side, a.type, right.side, b.type, frame) : nil)
        ?? stride(a, b, frame.facts)
        ?? bridge(a, b, frame.facts)
        ?? missingAxis(left.side, a.type, right.side, b.type, frame)
    case "S021":
      found.message = "this \(operation.word) would build \(found.built)"
      found.offerIndex(left, right)
    case "S018":
      found.offerTranspose(left.side, a.type, right.side, b.type, frame.facts)
    default: return
    }
    found.primary = frame.label(left.side.span, "\(a.type)")
    found.secondary = [frame.label(right.side.span, "\(b.type)")]
    // The caret is on what would change.
    if found.fixes.first?.edits.first.map({ $0.span.start >= right.side.span.start }) ?? false {
      (found.primary, found.secondary[0]) = (found.secondary[0], found.primary)
    }
    diagnostic = found
  }
}

extension Failure {
  /// The stage that has made one side smaller by a stride, where the other has its size before that.
  private func stride(_ a: TensorValue, _ b: TensorValue, _ facts: Facts) -> String? {
    guard a.type.dims.count == b.type.dims.count, a.type.dims.count >= 3, a.slides || b.slides,
      let axis = a.type.dims.indices.dropFirst(2).first(where: {
        facts.decide(.equal(a.type.dims[$0], b.type.dims[$0])) == .refuted
      }), let x = facts.normal(a.type.dims[axis]).constant,
      let y = facts.normal(b.type.dims[axis]).constant
    else { return nil }
    let (small, large) = x < y ? (a, y) : (b, x)
    let strided = small.origin?.chain.first { stage in
      let length = stage.before.flatMap {
        $0.type.dims.count > axis ? facts.normal($0.type.dims[axis]).constant : nil
      }
      return stage.arithmetic.contains(" div ") && length == large
    }
    guard let strided else {
      // Windows side by side, not a missing `pad`.
      return 2 * min(x, y) - 1 <= large
        ? "a stride or a pool makes \(min(x, y)) places of \(large) on the \(x < y ? "left" : "right") side: the other needs it too"
        : nil
    }
    let channels = small.type.dims[1]
    return
      "`\(strided.label)` makes \(min(x, y)) places of \(large): leave it or its stride out, or take the other side "
      + "there too, with `Conv(\(channels), k: 1, stride: \((large + min(x, y) - 1) / min(x, y)))`"
  }

  /// `x * w` where the product of matrices fits.
  private func matrixProduct(
    _ left: Side, _ a: TensorType, _ right: Side, _ b: TensorType, _ frame: Frame
  ) -> String? {
    guard b.dims.count == 2, let inner = a.dims.last,
      frame.facts.decide(.equal(inner, b.dims[0])) == .proved
    else { return nil }
    let (x, w) = (frame.tree.file.string(left.span), frame.tree.file.string(right.span))
    // A number for each row.
    if a.dims.count == 1 {
      return "`\(left.takesIndex ? x : "(\(x))")[.., new]` has an axis of length 1 there"
    }
    return "`*` goes element by element; the product of matrices is `\(x) @ \(w)`"
  }

  /// What gives the shorter side its axis back, where it has every one but the last of the longer.
  private func missingAxis(
    _ left: Side, _ a: TensorType, _ right: Side, _ b: TensorType, _ frame: Frame
  ) -> String? {
    let (side, short, long) = a.dims.count < b.dims.count ? (left, a, b) : (right, b, a)
    guard short.dims.count + 1 == long.dims.count, !short.dims.isEmpty,
      zip(short.dims, long.dims).allSatisfy({ frame.facts.decide(.equal($0, $1)) == .proved })
    else { return nil }
    let text = frame.tree.file.string(side.span)
    if case .index(let count) = short.kind, let last = long.dims.last,
      frame.facts.decide(.equal(count, last)) == .proved
    {
      return "`one_hot(\(text))` has a 1 at the class of each row, and that shape"
    }
    if text.contains("over:"), text.hasSuffix(")") {
      return "`keep: true` in `\(text)` keeps the axis, as length 1"
    }
    return side.takesIndex ? "`\(text)[.., new]` has an axis of length 1 there" : nil
  }
}

extension Diagnostic {
  /// `x + x |> f`: the whole sum goes into f.
  static func pipesSum(_ name: String, _ last: Span, end: Int, _ at: Label) -> Diagnostic {
    var diagnostic = Diagnostic(
      .warning, "W052",
      "`|>` binds loosest: all of this sum goes through it, and nothing of `\(name)` past it",
      at: at)
    diagnostic.help = "`\(name) + (\(name) |> ...)` adds what comes out to what went in"
    diagnostic.fixes = [
      Fix(
        "put brackets around the pipe",
        [Edit(Span(last.start, last.start), "("), Edit(Span(end, end), ")")])
    ]
    return diagnostic
  }

  /// What the message says would be built.
  fileprivate var built: String {
    message.split(separator: " ", maxSplits: 3).last.map(String.init) ?? ""
  }

  /// `net(x)[.., 0]` or `y[.., new]`.
  fileprivate mutating func offerIndex(
    _ left: (side: Side, value: Value), _ right: (side: Side, value: Value)
  ) {
    guard case .tensor(let a) = left.value, case .tensor(let b) = right.value,
      abs(a.type.dims.count - b.type.dims.count) == 1
    else { return }
    let isLeftLonger = a.type.dims.count > b.type.dims.count
    let (longer, shorter) = isLeftLonger ? (left.side, right.side) : (right.side, left.side)
    guard (isLeftLonger ? a : b).type.dims.last == 1, longer.takesIndex, shorter.takesIndex else {
      return
    }
    let file = primary.file
    let drop = "\(file.string(longer.span))[.., 0]"
    let add = "\(file.string(shorter.span))[.., new]"
    help = "\(drop)   or   \(add)"
    fixes = [
      Fix("write `\(drop)`", [Edit(Span(longer.span.end, longer.span.end), "[.., 0]")]),
      Fix("write `\(add)`", [Edit(Span(shorter.span.end, shorter.span.end), "[.., new]")]),
    ]
  }

  /// `a @ b.T`, where that fits.
  fileprivate mutating func offerTranspose(
    _ left: Side, _ a: TensorType, _ right: Side, _ b: TensorType, _ facts: Facts
  ) {
    guard let inner = a.dims.last, b.dims.count >= 2, right.takesIndex,
      facts.decide(.equal(inner, b.dims[b.dims.count - 1])) == .proved
    else { return }
    let text = primary.file.string(right.span)
    if text.hasSuffix(".T") {
      help = "`\(text.dropLast(2))` has \(inner) there"
      fixes = [Fix("drop the `.T`", [Edit(Span(right.span.end - 2, right.span.end), "")])]
      return
    }
    help = "`\(text).T` has \(inner) there"
    fixes = [Fix("transpose the right side", [Edit(Span(right.span.end, right.span.end), ".T")])]
  }
}

extension TensorType {
  /// The first axis in which two shapes differ, in words.
  fileprivate func difference(from other: TensorType, _ facts: Facts) -> String {
    let count = Swift.min(dims.count, other.dims.count)
    for back in 1...Swift.max(count, 1) where back <= count {
      let (x, y) = (dims[dims.count - back], other.dims[other.dims.count - back])
      guard facts.decide(.equal(x, y)) != .proved, x != 1, y != 1 else { continue }
      let sides = "is \(facts.normal(x)) on the left and \(facts.normal(y)) on the right"
      return dims.count == other.dims.count
        ? "axis \(dims.count - back) \(sides)"
        : "the axis \(back == 1 ? "at the end" : "\(back) from the end") \(sides)"
    }
    return "\(self) is not \(other)"
  }
}

extension Failure {
  /// What brings one shape to the other, for the usual cases of a residual sum.
  private func bridge(_ a: TensorValue, _ b: TensorValue, _ facts: Facts) -> String? {
    let (x, y) = (a.type.dims, b.type.dims)
    guard x.count == y.count, x.count >= 2 else { return nil }
    let differing = x.indices.filter { facts.decide(.equal(x[$0], y[$0])) == .refuted }
    if differing == [x.count - 1], let last = [b, a].first(where: \.isOfLinear) {
      let wanted = last.type == b.type ? x[x.count - 1] : y[y.count - 1]
      return
        "`Linear(\(wanted))` as the last layer of the \(last.type == b.type ? "right" : "left") side makes them equal"
    }
    guard x.count >= 3, a.slides || b.slides else { return nil }
    if differing == [1] {
      return "a `Conv(\(y[1]), k: 1)` on the left side makes \(y[1]) channels of \(x[1])"
    }
    guard let first = differing.first, first >= 2,
      let gap = (facts.normal(x[first]) - facts.normal(y[first])).constant, gap != 0, gap % 2 == 0
    else { return nil }
    let (small, side) = gap > 0 ? (b, "right") : (a, "left")
    let convolutions = small.convolutions
    guard convolutions.count == 1, let only = convolutions.first else {
      return "`pad: (k - 1) div 2` in every convolution of the \(side) side keeps the size"
    }
    let pad = only.number(behind: "pad: ") ?? 0
    return "`pad: \(pad + abs(gap) / 2)` in `\(only)` of the \(side) side keeps the size"
  }
}

extension TensorValue {
  /// The convolutions that it has come through, as they are written.
  fileprivate var convolutions: [String] {
    origin?.chain.map(\.label).filter { $0.hasPrefix("Conv(") } ?? []
  }

  /// Whether it has come through windows that slide.
  fileprivate var slides: Bool {
    origin?.chain.contains { stage in
      ["Conv", "MaxPool", "MeanPool"].contains { stage.label.hasPrefix($0) }
        || stage.type.dims.count == 4
    } ?? false
  }

  /// Whether it comes from a `Linear` as it is.
  fileprivate var isOfLinear: Bool { origin?.label.hasPrefix("Linear(") ?? false }
}

extension String {
  /// The whole number that stands behind `words`.
  fileprivate func number(behind words: String) -> Int? {
    firstRange(of: words).flatMap { Int(self[$0.upperBound...].prefix { $0.isNumber }) }
  }
}

extension BinaryOperator {
  /// What a message calls its use.
  fileprivate var word: String {
    switch self {
    case .add: "addition"
    case .subtract: "subtraction"
    case .multiply: "multiplication"
    case .divide: "division"
    case .power: "power"
    case .matmul: "product"
    case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .nearly: "comparison"
    case .or, .and, .floorDivide, .modulo: "`\(rawValue)`"
    }
  }
}
