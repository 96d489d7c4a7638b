import DLMOperators
import DLMShapes
import DLMSyntax

// Names, calls and values that are not what they must be. Codes begin with N.
extension Diagnostic {
  /// Says `help` and offers to put `replacement` in place of what `at` points to.
  private static func with(
    _ code: String, _ message: String, _ at: Label, help: String? = nil,
    replacement: String? = nil
  ) -> Diagnostic {
    var diagnostic = Diagnostic(.error, code, message, at: at)
    diagnostic.help = help ?? replacement.map { "did you mean `\($0)`?" }
    if let replacement, isSlip(at.file.string(at.span), of: replacement) {
      diagnostic.fixes = [Fix("write `\(replacement)`", [Edit(at.span, replacement)])]
    }
    return diagnostic
  }

  static func unknownName(_ name: String, _ near: String?, _ at: Label) -> Diagnostic {
    // What other languages and libraries write stands for something else here, whatever is near.
    if let help = ForeignWords.names[name] {
      return with("N001", "unknown name `\(name)`", at, help: help)
    }
    return with("N001", "unknown name `\(name)`", at, replacement: near)
  }

  /// A field of the data where no rows are at hand.
  static func fieldOutsideBatch(_ name: String, of data: String, _ at: Label) -> Diagnostic {
    with(
      "N001", "unknown name `\(name)`: the fields of `\(data)` are there while it is read", at,
      help: "in `minimize`, in `step`, or in `eval \(data) { ... }`")
  }

  /// A tensor that a step has bound, where the step is over.
  static func goneWithStep(_ name: String, _ sort: String, _ at: Label) -> Diagnostic {
    with(
      "N001", "unknown name `\(name)`: of what a step binds its numbers stay, and this is \(sort)",
      at, help: "make a number of it in the step, `let m = mean(...)`, or compute it here again")
  }

  /// A symbol in a condition that no input has.
  static func unknownSymbol(_ name: String, _ known: [String], _ at: Label) -> Diagnostic {
    with(
      "N001", "unknown name `\(name)`", at,
      help: known.isEmpty
        ? "the types of the inputs have no symbols"
        : "the symbols of the inputs are \(known.map { "`\($0)`" }.joined(separator: ", "))")
  }

  static func unknownKind(_ name: String, _ near: String?, _ at: Label) -> Diagnostic {
    let types =
      "types are `real[B, D]`, `index(K)[B]`, `int`, `bool`, `string`, `fn` and their like"
    return near == nil
      ? with("N002", "unknown type `\(name)`", at, help: types)
      : with("N002", "unknown type `\(name)`", at, replacement: near)
  }

  /// `loss` where several updates have one each.
  static func severalLosses(_ updates: [String], _ at: Label) -> Diagnostic {
    let names = updates.map { "`\($0).loss`" }.joined(separator: " or ")
    return with(
      "N001", "each `minimize` of this block has a loss of its own", at, help: "write \(names)")
  }

  /// `self.f`: other languages' word for what a name alone stands for.
  static func noSelf(_ name: String, _ at: Label, _ prefix: Span) -> Diagnostic {
    var diagnostic = with(
      "N001", "unknown name `self`", at,
      help: "a name says it alone: `\(name)`, which belongs to the layer because it is bound in it")
    diagnostic.fixes = [Fix("write `\(name)`", [Edit(prefix, "")])]
    return diagnostic
  }

  static func unknownOption(_ name: String, of owner: String, _ near: String?, _ at: Label)
    -> Diagnostic
  {
    let message = "unknown option `\(name)` of \(owner)"
    // In the prelude the place is that of the call around, which is not to be replaced.
    guard at.file.string(at.span) == name else { return with("N003", message, at) }
    if let help = ForeignWords.option(name, of: owner) {
      return with("N003", message, at, help: help)
    }
    return with("N003", message, at, replacement: near)
  }

  static func unknownField(
    _ name: String, of owner: String, _ near: String?, _ at: Label, known: [String] = []
  ) -> Diagnostic {
    let owner = owner.hasPrefix("`") ? owner : "`\(owner)`"
    var diagnostic = with("N004", "\(owner) has no field `\(name)`", at, replacement: near)
    if near == nil, (1...8).contains(known.count) {
      diagnostic.help = "it has \(known.map { "`\($0)`" }.joined(separator: ", "))"
    }
    return diagnostic
  }

  /// `d.test`, `d.x` of data that is not split.
  ///
  /// - Parameter end: the point and the name behind the data.
  static func hasNoSplits(
    _ data: String, _ name: String, _ fields: [String], _ end: Span, _ at: Label
  ) -> Diagnostic {
    var diagnostic = with("N004", "`\(data)` is one piece: it has no split `\(name)`", at)
    if fields.contains(name) {
      diagnostic.help =
        "`\(name)` is a field of its rows: `sample(\(data), 8).\(name)` gives those of the first 8"
    } else {
      diagnostic.help =
        "split it, `\(data) |> split(train: 0.8, test: 0.2)`, or write `\(data)` alone"
    }
    return diagnostic
  }

  static func missingArgument(_ name: String, of owner: String, _ at: Label) -> Diagnostic {
    with("N005", "\(owner) needs `\(name)`", at, help: "write `\(name): ...`")
  }

  static func wrongCount(_ name: String, found: Int, expected: Int, _ at: Label) -> Diagnostic {
    let ofTwo = ["max": "maximum", "min": "minimum"]
    return with(
      "N006", "\(name) takes \(expected) argument\(expected == 1 ? "" : "s"), but gets \(found)",
      at,
      help: found == 2
        ? ofTwo[name].map { "`\($0)(a, b)` compares two; `\(name)` goes over the axes of one" }
        : nil)
  }

  /// An option without its name behind a window size.
  ///
  /// - Parameter before: the arguments in front of it, the last of them the size.
  static func unnamedOption(
    _ option: String, _ text: String, of layer: String, isNextToSize: Bool, _ before: [String],
    _ at: Label
  ) -> Diagnostic {
    let size = before.last ?? "3"
    return with(
      "N006",
      "\(layer) takes what stands behind its window size by name: this would be `\(option)`", at,
      help: isNextToSize
        ? "`\(layer)(\(before.joined(separator: ", ")), \(option): \(text))`; or, as what goes in is inferred, "
          + "`\(layer)(\(size), k: \(text))`"
        : "write `\(option): \(text)`")
  }

  /// `zeros(2, 3)`.
  static func makerCalled(
    _ name: String, _ arguments: [Argument], _ id: ExpressionID, _ frame: Frame
  ) -> Diagnostic {
    let texts = arguments.map { frame.tree.text($0.value) }
    let lengths: String =
      if texts.count == 1, let open = texts[0].first, "([".contains(open),
        let close = texts[0].last,
        ")]".contains(close)
      { String(texts[0].dropFirst().dropLast()) } else { texts.joined(separator: ", ") }
    let (fills, isLengths) = (
      name == "zeros" || name == "ones", lengths.contains { !$0.isWhitespace }
    )
    var diagnostic = with(
      "N007", "`\(name)` is a maker of tensors, which is not called: its lengths stand in brackets",
      frame.label(id))
    guard fills else {
      let (a, b) = name == "normal" ? ("mean", "deviation") : ("low", "high")
      let one = texts.count == 1 ? texts[0] : "..."
      diagnostic.help =
        "`\(name)[2, 3]` draws a tensor; `\(name)(\(a), \(b))`, two numbers, are the first values of a `param`: "
        + (name == "normal" ? "`normal(0, \(one))`" : "`uniform(-\(one), \(one))`")
      return diagnostic
    }
    let written = "\(name)[\(isLengths ? lengths : "2, 3")]"
    diagnostic.help = "write `\(written)`"
    if isLengths, arguments.allSatisfy({ $0.label == nil }) {
      diagnostic.fixes = [Fix("write `\(written)`", [Edit(frame.tree.span(id), written)])]
    }
    return diagnostic
  }

  /// A layer that is made in a loop which makes nothing anew.
  static func oneForAllTurns(_ layer: String, _ at: Label) -> Diagnostic {
    var diagnostic = Diagnostic(
      .warning, "W043", "all turns go through one \(layer), with one set of parameters", at: at)
    diagnostic.help =
      "`repeat i in 0..<n { ... }` makes one for each turn; one for all is bound in front of the loop"
    return diagnostic
  }

  /// A layer that is made in a function which several places call.
  static func oneForAllCalls(_ layer: String, _ function: String, _ at: Label) -> Diagnostic {
    var diagnostic = Diagnostic(
      .warning, "W043",
      "all calls of `\(function)` go through one \(layer), with one set of parameters", at: at)
    diagnostic.help =
      "a `layer` makes one wherever it is made itself; one for all is bound in front of the function"
    return diagnostic
  }

  /// `repeat (a, b) in pairs`, whose first name is not that of the first of a pair.
  static func turnInFront(_ first: String, _ second: String, _ at: Label) -> Diagnostic {
    var diagnostic = Diagnostic(
      .warning, "W048",
      "`\(first)` is the number of the turn here, and `\(second)` a whole element", at: at)
    diagnostic.help = "`repeat (i, (\(first), \(second))) in ...` takes the elements apart"
    diagnostic.fixes = [
      Fix("write `(i, (\(first), \(second)))`", [Edit(at.span, "(i, (\(first), \(second)))")])
    ]
    return diagnostic
  }

  /// `Net(x)` where `Net()(x)` is meant.
  static func notMadeYet(_ layer: String, _ input: String, _ at: Label) -> Diagnostic {
    let name = Instance.name(of: layer)
    return with(
      "N006", "\(layer) is made before it takes `\(input)`", at,
      help:
        "`let \(name) = \(layer)(...)` makes one with its parameters, `\(name)(\(input))` applies it"
    )
  }

  /// Labels that are not whole numbers.
  static func indexOfReals(_ type: TensorType, _ at: Label) -> Diagnostic {
    with(
      "K011", "index takes whole numbers, but gets \(type)", at,
      help: "`int(...)` cuts off what lies behind the point")
  }

  static func notCallable(_ sort: String, _ text: String, _ at: Label) -> Diagnostic {
    with("N007", "`\(text)` is \(sort), which cannot be called", at)
  }

  /// - Parameter isBound: whether the program binds it by `let`; else it comes from outside or is the
  ///   name of a loop.
  static func notVariable(_ name: String, isBound: Bool, _ at: Label) -> Diagnostic {
    with(
      "N008", "`\(name)` cannot change", at,
      help: isBound
        ? "declare it with `var`"
        : "it is given from outside: bind what comes next to a name of its own, `let next = ...`, or start a `var` with it"
    )
  }

  /// `x = 3` where nothing is called so.
  static func setsUnknown(_ name: String, _ near: String?, _ at: Label) -> Diagnostic {
    var diagnostic = unknownName(name, near, at)
    if near == nil {
      diagnostic.help = "`let \(name) = ...` binds a name, `var \(name) = ...` one that may change"
    }
    return diagnostic
  }

  /// A word that belongs into a body of another sort.
  static func outsideOf(_ word: String, _ owner: String, _ at: Label) -> Diagnostic {
    with("N039", "`\(word)` only stands in \(owner)", at)
  }

  /// Two tensors of one name, of which only one could be saved.
  static func keptTwice(_ name: String, _ at: Label) -> Diagnostic {
    with("N040", "`\(name)` is kept already", at, help: "give one of the two another name")
  }

  static func notAPlace(_ text: String, _ at: Label) -> Diagnostic {
    with(
      "N009", "`\(text)` is nothing that can be assigned to", at,
      help: text.hasSuffix("]")
        ? "in front of the brackets stands the name of a variable: `x[i, j] = 1.0`" : nil)
  }

  /// `x[ids] = v`: which of two values a place gets that is named twice is left open.
  static func severalPlaces(_ text: String, _ type: TensorType, _ at: Label) -> Diagnostic {
    with(
      "N009", "`\(text)` is \(type): it may name a place twice, and then two values meet there", at,
      help: "`scatter_add` adds what meets at a place; a loop sets one place after the other")
  }

  static func cannotTakeApart(_ sort: String, into count: Int, _ at: Label) -> Diagnostic {
    with("N010", "\(sort) does not fall into \(count) parts", at)
  }

  static func notAValue(_ text: String, _ at: Label) -> Diagnostic {
    with("N011", "`\(text)` has no value here", at)
  }

  static func notWhole(_ sort: String, _ at: Label, help: String? = nil) -> Diagnostic {
    with("N012", "expected a whole number, but this is \(sort)", at, help: help)
  }

  /// - Parameter nearly: what asks whether two tensors are equal, `a ~= b`.
  static func notACondition(_ sort: String, _ at: Label, nearly: String = "a ~= b") -> Diagnostic {
    with(
      "N013", "expected a truth value, but this is \(sort)", at,
      help: sort.hasPrefix("bool")
        ? "`\(nearly)` asks whether two tensors are equal, up to rounding; of truth values c, `sum(c) == count(c)` asks "
          + "whether all hold, `sum(c) > 0` whether any; `select(c, a, b)` chooses for each element"
        : "compare it with something")
  }

  static func notATensor(_ sort: String, _ at: Label) -> Diagnostic {
    let helps = [
      "a tuple": "take it apart: `let (a, b) = ...`",
      "a maker of tensors": "write the lengths behind it: `zeros[2, 3]`, or `zeros like x`",
      "a function": "call it: write its arguments in brackets behind it",
      "a range":
        "`positions(n)` are the numbers from 0 to n - 1 as a tensor, `real(positions(n))` as reals",
    ]
    return with(
      "N014", "expected a tensor or a number, but this is \(sort)", at, help: helps[sort])
  }

  /// `grad(l, wrt: (a, b))`
  static func tupleOfTargets(_ names: [String], _ at: Label) -> Diagnostic {
    let list = "[\(names.joined(separator: ", "))]"
    var diagnostic = with(
      "N014", "`wrt:` is a value or a list of them, but this is a tuple", at,
      help: "write `wrt: \(list)`")
    diagnostic.fixes = [Fix("write `\(list)`", [Edit(at.span, list)])]
    return diagnostic
  }

  /// A list of tensors where one is wanted.
  static func listOfTensors(_ text: String, _ at: Label) -> Diagnostic {
    with(
      "N014", "expected a tensor or a number, but this is a list of tensors", at,
      help: "`stack(\(text), over: 0)` puts them side by side, `concatenate` one after the other")
  }

  static func raggedList(_ first: TensorType, _ odd: TensorType, number: Int, _ at: Label)
    -> Diagnostic
  {
    with(
      "N014", "element 0 of this list is \(first), element \(number) is \(odd)", at,
      help: "a tensor needs rows of one shape: `pad` makes short ones longer")
  }

  static func usesItself(_ chain: [String], _ at: Label) -> Diagnostic {
    let way = chain.map { "`\($0)`" }.joined(separator: " uses ")
    return Diagnostic(
      .error, "N028", "a file cannot use itself: \(way)", at: at,
      help: "put what both need into a third file")
  }

  static func notAString(_ text: String, _ at: Label) -> Diagnostic {
    with("N015", "expected a string, but this is `\(text)`", at)
  }

  static func cannotLoop(_ sort: String, _ at: Label) -> Diagnostic {
    with(
      "N016", "a loop cannot go through \(sort)", at, help: "loop over a list or a range `0..<n`")
  }

  static func openCount(_ text: String, _ at: Label) -> Diagnostic {
    with("N017", "`\(text)` must be a number that is known here", at)
  }

  static func noElement(_ index: Int, of count: Int, _ at: Label) -> Diagnostic {
    with("N018", "there is no element \(index): the list has \(count)", at)
  }

  static func cannotIndex(_ sort: String, _ at: Label) -> Diagnostic {
    with("N019", "\(sort) cannot be indexed so", at)
  }

  static func noField(_ name: String, _ sort: String, _ at: Label) -> Diagnostic {
    if sort == "a function" {
      let own = Builtin.names + Maker.named.keys
      let near = own.contains(name) ? name : nearest(to: name, among: own)
      let written = near.map { Maker.named[$0] == nil ? "\($0)(x)" : "\($0)[2, 3]" }
      return with(
        "N020", "a function has no field `\(name)`", at,
        help: "no library stands in front of a name here\(written.map { ": `\($0)`" } ?? "")")
    }
    let isFunction = Builtin.all[name] != nil || Operator.named(name)?.isCallable ?? false
    return with(
      "N020", "\(sort) has no field `\(name)`", at,
      help: ForeignWords.members[name]
        ?? (isFunction ? "functions stand in front: `\(name)(x)`, or `x |> \(name)`" : nil))
  }

  static func notAMaker(_ text: String, _ at: Label) -> Diagnostic {
    with(
      "N021", "`\(text)` makes no tensor", at, help: "write `zeros`, `ones`, `uniform` or `normal`")
  }

  /// `fixed zeros[2]`
  static func notADraw(_ text: String, _ at: Label) -> Diagnostic {
    with(
      "N021", "`fixed` keeps what is drawn, but `\(text)` draws nothing", at,
      help:
        "write `fixed uniform[2, 3]` or `fixed normal[2, 3]`; what is not drawn is the same every time"
    )
  }

  /// `rows([1.0, 2.0])`
  static func unnamedField(_ text: String, _ at: Label) -> Diagnostic {
    with("N005", "`rows` needs a name for each field", at, help: "write `x: \(text)`")
  }

  static func keptOutside(_ name: String, _ at: Label) -> Diagnostic {
    with("N022", "`\(name)` can only be kept by a layer or an optimizer", at, help: "use `var`")
  }

  static func callsTooDeep(_ at: Label) -> Diagnostic {
    with(
      "N023", "calls go more than 200 levels deep here", at,
      help: "does the function call itself for ever?")
  }

  /// An argument has elements of another type than the parameter.
  /// A case of `match` that is a tuple of another number of parts than the value.
  static func otherCase(_ value: Value, parts: Int, _ at: Label) -> Diagnostic {
    let found = value.elements.map { "has \($0.count) parts" } ?? "is \(value.sort)"
    return with(
      "N014", "this case has \(parts) parts, but the value \(found)", at,
      help: "write one for each part; `_` is any")
  }

  static func conditionFails(_ message: String, _ at: Label) -> Diagnostic {
    with("N025", message, at)
  }

  /// - Parameter sides: what the sides of the comparison are, in words.
  static func expectationFails(_ text: String, _ sides: [String], _ at: Label) -> Diagnostic {
    var diagnostic = with("N026", "expected \(text), but it does not hold", at)
    let lines = sides.flatMap { side in
      side.split(separator: "\n").enumerated().map { $0 == 0 ? String($1) : "    \($1)" }
    }
    if !lines.isEmpty { diagnostic.notes = [.init("what was compared", lines: lines)] }
    return diagnostic
  }

  static func cannotOverride(_ name: String, _ text: String, _ sort: String, _ at: Label)
    -> Diagnostic
  {
    with("N027", "`--set \(name)=\(text)` does not fit: `\(name)` is \(sort)", at)
  }

  static func wrongArgument(
    _ name: String, of owner: String?, _ wanted: String, found: String, _ at: Label
  ) -> Diagnostic {
    with(
      "N033", "`\(name)`\(owner.map { " of \($0)" } ?? "") is \(wanted), but this is \(found)", at,
      help: name == "pad" && ForeignWords.hasBorder(owner) ? borderHelp(of: owner, found) : nil)
  }

  /// What to write where a border is no number for each axis: `"same"`, `[[2, 0]]`.
  private static func borderHelp(of owner: String?, _ found: String) -> String {
    let border = ForeignWords.border(of: owner)
    guard found.contains("string") else { return border }
    return
      "with windows of `k` places and no stride, `pad: (k - 1) div 2` keeps the size: `k: 3, pad: 1`; \(border)"
  }

  static func neverUsed(_ what: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .warning, "W041", "\(what) is never used", at: at,
      help: "use it, or drop it; a name that begins with `_` may stay")
  }

  static func neverCarried(_ name: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .warning, "W041", "`\(name)` is carried, but nothing in the body sets it", at: at,
      help: "say what it is at the next place: `\(name) = ...`, without `let`")
  }

  static func resultUnused(_ at: Label, help: String) -> Diagnostic {
    Diagnostic(.warning, "W041", "nothing uses the result of this", at: at, help: help)
  }

  static func neverSet(_ name: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .warning, "W041", "the state `\(name)` is never set: it stays what it is at first", at: at,
      help: "say what it is after a step: `\(name) = ...`, without `let`")
  }

  static func sweepsNothing(_ name: String, isTaken: Bool, _ at: Label) -> Diagnostic {
    Diagnostic(
      .warning, "W041",
      isTaken
        ? "`\(name)` is swept, but nothing reads it: the runs are all alike"
        : "`\(name)` is swept, but no `run` takes it: the runs are all alike",
      at: at,
      help: isTaken
        ? "use it in what is trained"
        : "name it there, as something at the top of the file is called: `run training(\(name))`")
  }

  static func ignoresGradient(_ name: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .warning, "W041", "`\(name)`, the gradient of the result, is never used", at: at,
      help: "a gradient of an input is a product with it: `\(name) * ...`")
  }

  static func notForStrings(_ operation: BinaryOperator, _ at: Label) -> Diagnostic {
    if operation == .equal || operation == .notEqual {
      return with(
        "N035", "a string is compared with something that is no string", at,
        help: "compare it with a string: `x == \"a\"`")
    }
    return with(
      "N035", "`\(operation.rawValue)` does not join a string with this", at,
      help: "values go into a string in braces: `\"{x}\"`")
  }

  /// A list where a stage of the data takes one number.
  static func oneNumber(_ option: String, of stage: String, _ found: TensorType, _ at: Label)
    -> Diagnostic
  {
    with(
      "N017", "`\(option)` of \(stage) is one number for all, but this is \(found)", at,
      help: "for each channel: `map(image, fn (x) { (x - mean along 1) / (std along 1) })`")
  }

  static func ownWords(_ text: String, _ at: Label) -> Diagnostic { with("N036", text, at) }

  /// Two updates of a training that are called the same.
  static func updatesTwice(_ name: String, _ at: Label) -> Diagnostic {
    with(
      "N034", "two updates are called `\(name)`: `\(name).loss` would be either", at,
      help: "give each its own name: `as a`, `as b`")
  }

  /// A name that an outer one of the same spelling is hidden by.
  static func hidesName(_ name: String, line: Int, _ at: Label, help: String) -> Diagnostic {
    Diagnostic(
      .warning, "W042", "this `\(name)` hides that of line \(line)", at: at, help: help)
  }

  static func givenTwice(_ name: String, of owner: String, _ at: Label) -> Diagnostic {
    with("N034", "`\(name)` of \(owner) is given twice", at, help: "drop one of the two")
  }

  static func declaredTwice(_ name: String, of owner: String, _ at: Label) -> Diagnostic {
    with(
      "N034", "`\(name)` of \(owner) is declared twice", at,
      help: "give one of the two another name")
  }

  static func tooManyIndices(_ found: Int, _ sort: String, rank: Int, _ at: Label) -> Diagnostic {
    with("N019", "\(sort) has \(rank) \(rank == 1 ? "axis" : "axes"), but \(found) are indexed", at)
  }

  static func runOutsideSweep(_ at: Label) -> Diagnostic {
    with(
      "N031", "`run` belongs into a `sweep`", at,
      help: "write `sweep width in [64, 128] { run training(width) }`")
  }

  static func onlyInTrain(_ text: String, _ at: Label) -> Diagnostic {
    with("N028", "`\(text.prefix(40))` belongs into a `train` block", at)
  }
}
