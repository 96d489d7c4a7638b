/// What other languages write, by where the form of dlm ends, and what is written here.
enum ForeignForms {
  /// What is found where something else is expected: what is expected, in what, and what is found.
  static func help(expecting what: String, in context: String, found: String) -> String? {
    if let help = signs[[what, context, found]] { return help }
    switch (what, context) {
    case ("`{`", "a function"):
      return "the body of a function stands in braces: `fn (x) { x + 1 }`"
    case ("`->`", _): return "the type of the result stands behind an arrow: `-> real[...]`"
    case ("`[`", "the dims of a type"): return "dims stand in square brackets: `real[B, D]`"
    case ("a name", "`clip`"):
      return "write `clip norm \(found.dropFirst().dropLast())`, or `clip value ...`"
    case ("a name", "a field") where found.dropFirst().first?.isNumber ?? false:
      return "a number has a digit before its point: `0.\(found.dropFirst().dropLast())`"
    default: return nil
    }
  }

  private static let signs = [
    ["`]`", "brackets", "`:`"]:
      "a range of places is written `1..<3`; `..` is all of the other axes",
    ["a value", "an expression", "`:`"]:
      "`..` is all of the other axes, `x[.., 0]`; a range is written `1..<3`",
    ["a value", "an expression", "`/`"]: "a comment begins with `//` and ends with its line",
    ["a value", "an expression", "`>`"]: "`!=` is unequal, `>=` greater or equal",
    ["a value", "an expression", "`{`"]:
      "values with names stand in parentheses: `(lr: 0.1, width: 8)`",
    ["`in`", "`for`", "`,`"]:
      "several names stand in parentheses: `for (a, b) in ...`; with its place, `for i in 0..<length(xs)` and `xs[i]`",
    ["`]`", "a list", "`for`"]:
      "a list grows in a loop: `for x in xs { ys = append(ys, f(x)) }`; tensors are computed whole, `xs^2`",
    ["`}`", "a string", "`.`"]: "digits behind the point are a number alone: `{x:2}`",
    ["`{`", "`if`", "`in`"]: "`in` only stands in loops: compare with each, `x == 1 or x == 2`",
    ["`over`", "`minimize`", "`,`"]: "one number is minimized: add the terms, `a + b`",
    ["a case", "`match`", "`_`"]:
      "`_` is what is left when no case fits: it stands behind the others",
  ]

  /// What a word or sign stands for behind a whole statement.
  static func help(behindStatement found: String, line first: String) -> String? {
    if first == "expect", found == "=" {
      return "two values are compared by `==`: `=` binds a name"
    }
    return strays[found]
  }

  private static let strays = [
    "if": "a choice is written `c ? a : b`, or `if c { a } else { b }`",
    "is": "write `==`",
    "in": "`in` only stands in loops: compare with each, `x == 1 or x == 2`",
    "shuffle": "write `shuffled`",
    "shuffle_each_epoch": "write `shuffled`",
    "=": "`==` compares, `!=` is unequal; `let x = ...` binds a name",
    ",": "several names are set at once in parentheses: `(a, b) = (b, a)`",
  ]

  /// First words of statements in other languages: what to write, and whether it is that word alone.
  static let words: [String: (instead: String, replaces: Bool)] = [
    "import": ("use \"file.dlm\"", false),
    "class": ("layer Name(x: real[B, D]) -> real[B, D] { ... }", false),
    "assert": ("expect", true), "const": ("let", true), "function": ("fn", true),
    "func": ("fn", true),
    "fun": ("fn", true), "val": ("let", true),
  ]

  /// First words of statements that have no counterpart.
  static let needless = [
    "with": "nothing has to be switched off: only `minimize` and `grad` make gradients",
    "try": "what goes wrong ends a program with its place; `expect` says what must hold",
    "global": "a name at the top is known everywhere below it",
    "del": "what is not used any more takes no memory",
  ]

  /// Words that begin a statement.
  static let statements = [
    "return", "print", "param", "state", "penalize", "emit", "expect", "while", "repeat", "scan",
    "minimize", "update", "freeze", "match",
  ]
}
