// What can be wrong with the form of a program, in words. Codes begin with P.
extension Diagnostic {
  static func expected(_ what: String, in context: String, _ found: String, _ at: Label)
    -> Diagnostic
  {
    Diagnostic(
      .error, "P001", "expected \(what) in \(context), but found \(found)", at: at,
      help: ForeignForms.help(expecting: what, in: context, found: found))
  }

  /// `over=1`
  ///
  /// - Parameters:
  ///   - spaces: how many stand in front of the sign.
  ///   - isClose: whether the value stands right behind it.
  static func optionWithEquals(_ at: Label, spaces: Int, isClose: Bool) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, "P001", "expected `:` behind the name of an option, but found `=`", at: at,
      help: "an option is written with a colon: `over: 1`")
    let sign = Span(at.span.start - spaces, at.span.end)
    diagnostic.fixes = [Fix("write `:`", [Edit(sign, isClose ? ": " : ":")])]
    return diagnostic
  }

  /// A piece of the text in a message: as it is, its beginning, or the number of a character that nobody
  /// sees.
  static func shown(_ text: String) -> String {
    if let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1,
      scalar.value < 0x20 || scalar.properties.generalCategory == .format
    {
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "the character U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
    return text.utf8.count > 60 ? "`\(text.prefix(40))...`" : "`\(text)`"
  }

  /// A name that must stand in quotes.
  static func expectedQuotes(_ what: String, _ example: String, _ at: Label) -> Diagnostic {
    Diagnostic(.error, "P001", "expected \(what) in quotes", at: at, help: "write `\(example)`")
  }

  /// A declaration inside a block.
  static func onlyAtTop(_ word: String, _ at: Label, help: String) -> Diagnostic {
    Diagnostic(.error, "P001", "`\(word)` stands at the top of a file", at: at, help: help)
  }

  /// A block that goes on where none can.
  ///
  /// - Parameters:
  ///   - behind: where the last token of the block ends.
  ///   - isCertain: whether the brace can only be missing here.
  static func notClosed(_ open: Label, _ found: String, _ at: Label, behind: Int, isCertain: Bool)
    -> Diagnostic
  {
    var diagnostic = Diagnostic(
      .error, "P001", "a `{` is not closed before \(found)", at: at,
      help: "a `}` is missing in front of it")
    diagnostic.secondary = [open]
    if isCertain {
      diagnostic.fixes = [Fix("add `}`", [Edit(Span(behind, behind), "\n}")])]
    }
    return diagnostic
  }

  /// `7 // 2`: the rest of the line is a comment.
  package static func commentForDivision(_ at: Label, isError: Bool) -> Diagnostic {
    var diagnostic = Diagnostic(
      isError ? .error : .warning, "W051",
      "`//` begins a comment: what stands behind it is not read", at: at)
    diagnostic.help = "whole division is written `div`; a comment has two spaces in front of it"
    diagnostic.fixes = [Fix("write `div`", [Edit(at.span, at.file.parted("div", at: at.span))])]
    return diagnostic
  }

  static func threePoints(_ at: Label) -> Diagnostic {
    var diagnostic = Diagnostic(.error, "P001", "a range is written with two points", at: at)
    diagnostic.help = "`1..9` has 9 in it, `1..<9` has not"
    diagnostic.fixes = [Fix("write `..`", [Edit(at.span, "..")])]
    return diagnostic
  }

  static func smallLayer(_ name: String, _ capital: String, _ at: Label) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, "P001", "the name of a layer begins with a capital, `\(name)` does not", at: at)
    diagnostic.help =
      "write `\(capital)`: then `\(name)(x)` can only be a function or a layer that was made"
    diagnostic.fixes = [Fix("write `\(capital)`", [Edit(at.span, capital)])]
    return diagnostic
  }

  static func capitalFunction(_ name: String, _ small: String, _ at: Label) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, "P001", "the name of a function begins with a small letter, `\(name)` does not",
      at: at)
    diagnostic.help = "write `\(small)`; what keeps parameters is a `layer`"
    return diagnostic
  }

  /// A part without a name among parts that have one, or the other way round.
  static func halfNamed(_ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "P001", "either every part has a name or none has", at: at,
      help: "`(x: 1, y: 2)` is a record, `(1, 2)` a tuple")
  }

  /// `x[1..]`: a range without its end.
  static func openRange(_ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "P001", "a range has two ends", at: at,
      help: "write the end too, `x[1..<n]`; `..` alone is a whole axis")
  }

  static func nestedTooDeeply(_ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "P002", "this is nested too deeply", at: at,
      help: "name the inner part with `let`")
  }

  static func notAToken(_ text: String, _ at: Label) -> Diagnostic {
    guard text.hasPrefix("\"") else {
      var diagnostic = Diagnostic(
        .error, "P003", "\(shown(text)) is no part of the language", at: at)
      switch text {
      case "#":
        diagnostic.help = "a comment begins with `//` and ends with its line"
        diagnostic.fixes = [Fix("write `//`", [Edit(at.span, "//")])]
      case "|":
        diagnostic.help = "a value goes on to the next stage by `|>`"
        diagnostic.fixes = [Fix("write `|>`", [Edit(at.span, "|>")])]
      case "'":
        diagnostic.help = "a string stands between double quotes: `\"words\"`"
        diagnostic.fixes = doubledQuotes(at)
      default:
        if text.unicodeScalars.allSatisfy(\.properties.isAlphabetic) {
          diagnostic.help =
            "names are of the letters a to z, digits and `_`; any letter may stand in strings and comments"
        }
      }
      return diagnostic
    }
    return Diagnostic(
      .error, "P004", "this string has no end on its line", at: at,
      help: "close it with `\"`")
  }

  /// The double quotes for a pair of single ones on a line.
  private static func doubledQuotes(_ open: Label) -> [Fix] {
    let rest = open.file.bytes[open.span.end...].prefix { $0 != UInt8(ascii: "\n") }
    guard let close = rest.firstIndex(of: UInt8(ascii: "'")),
      !rest[..<close].contains(UInt8(ascii: "\""))
    else { return [] }
    return [
      Fix("write `\"`", [Edit(open.span, "\""), Edit(Span(close, close + 1), "\"")])
    ]
  }

  /// `f"..."`
  static func stringPrefix(_ string: String, _ at: Label) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, "P006", "`\(at.file.string(at.span))` in front of a string is not dlm", at: at,
      help: "values stand in braces in every string: \(shown(string))")
    diagnostic.fixes = [Fix("write \(shown(string))", [Edit(at.span, "")])]
    return diagnostic
  }

  /// `let hs = scan ...`
  static func statementAsValue(_ word: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "P001", "`\(word)` is a statement, and no value to be bound or passed on", at: at,
      help:
        "as the last statement of a body it gives the body its value: put it into a `fn` or a layer of its own "
        + "and bind what that gives, `let hs = run(x)`")
  }

  static func numberTooLarge(_ text: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "P005", "\(shown(text)) does not fit a whole number", at: at,
      help: "write it as a real number, with a point or an exponent")
  }

  /// `instead` is the dlm for what other languages write as `text`.
  static func otherLanguage(_ text: String, instead: String, _ at: Label, replaces: Bool)
    -> Diagnostic
  {
    var diagnostic = Diagnostic(.error, "P006", "`\(text)` is not dlm", at: at)
    diagnostic.help = "write `\(instead)`"
    if replaces {
      let written = at.file.parted(instead, at: at.span)
      diagnostic.fixes = [Fix("write `\(instead)`", [Edit(at.span, written)])]
    }
    return diagnostic
  }

  /// - Parameter equals: where a `=` stands behind the word, which clauses do not have.
  static func unknownClause(_ word: String, nearest: String?, _ at: Label, equals: Span?)
    -> Diagnostic
  {
    var diagnostic = Diagnostic(.error, "P007", "a `train` block has no clause `\(word)`", at: at)
    let plain = word.lowercased().filter { $0 != "_" }
    if let help = foreignClauses[plain] {
      diagnostic.help = help
    } else if let nearest {
      diagnostic.help = "did you mean `\(nearest)`?"
      let sign = equals.map { [Edit(Span(at.span.end, $0.end), "")] } ?? []
      diagnostic.fixes = [Fix("write `\(nearest)`", [Edit(at.span, nearest)] + sign)]
    }
    return diagnostic
  }

  /// What stands in other libraries' trainings and has another form here.
  private static let foreignClauses = [
    "optimizer":
      "the objective names its optimizer: `minimize mse(net(x), y) over net with Adam()`",
    "optimiser":
      "the objective names its optimizer: `minimize mse(net(x), y) over net with Adam()`",
    "loss": "the objective stands in `minimize mse(net(x), y) over net with Adam()`",
    "validate": "between epochs: `every epoch { eval d.test { log mse(net(x), y) as loss } }`",
    "let": "a training has clauses only: bind what it uses above it, or in its `step { ... }`",
    "var": "a training has clauses only: bind what it uses above it, or in its `step { ... }`",
    "param": "parameters are kept by layers: write it into the body of a `layer`",
    "state": "states are kept by layers: write it into the body of a `layer`",
    "shuffle": "rows are shuffled by `batch 32 shuffled`",
    "lr": "the optimizer has the rate: `minimize mse(net(x), y) over net with Adam(lr: 1e-3)`",
    "scheduler":
      "a schedule is the rate of the optimizer: `with Adam(lr: cosine(1e-3, total: steps))`",
    "metrics": "`every epoch { eval d.test { log accuracy(net(x), y) as acc } }`",
    "log": "numbers are logged now and then: `every epoch { log loss }`",
    "print": "what is shown now and then: `every epoch { print \"...\" }`",
    "for":
      "passes over the data are a clause: `epochs 10`; what stands in a pass is a `step { ... }`",
    "if": "what happens at a time stands in `when epoch == 3 { ... }`",
    "eval": "between epochs: `every epoch { eval d.test { log mse(net(x), y) as loss } }`",
    "save":
      "`checkpoint \"runs/name\" every epoch`, or `save net to \"net.safetensors\"` behind the training",
    "earlystopping": "`stop when test.loss stalls 5 epochs`, where `eval` logs that loss",
    "patience": "`stop when test.loss stalls 5 epochs`, where `eval` logs that loss",
  ]

  static func statementGoesOn(_ found: String, _ at: Label, help: String? = nil) -> Diagnostic {
    Diagnostic(
      .error, "P008", "expected a new line after the statement, but found \(found)", at: at,
      help: help)
  }

  /// A word that begins statements elsewhere, and does nothing that is needed here.
  static func needlessWord(_ word: String, _ help: String, _ at: Label) -> Diagnostic {
    Diagnostic(.error, "P006", "`\(word)` is not dlm", at: at, help: help)
  }

  /// `retrun x`
  static func misspelledWord(_ word: String, _ near: String, _ at: Label) -> Diagnostic {
    var diagnostic = Diagnostic(
      .error, "P008", "no statement begins with `\(word)`", at: at, help: "did you mean `\(near)`?")
    diagnostic.fixes = [Fix("write `\(near)`", [Edit(at.span, near)])]
    return diagnostic
  }

  static func comparisonChain(_ at: Label) -> Diagnostic {
    var diagnostic = Diagnostic(.error, "P009", "comparisons cannot be chained", at: at)
    diagnostic.help = "write `a < b and b < c`"
    return diagnostic
  }
}

extension SourceFile {
  /// `word` with spaces where it would run into its neighbours: `not x` for `!x`.
  fileprivate func parted(_ word: String, at span: Span) -> String {
    func isOfName(_ byte: UInt8?) -> Bool {
      byte.map {
        Character(Unicode.Scalar($0)).isLetter || Character(Unicode.Scalar($0)).isNumber
          || $0 == 0x5F
      }
        ?? false
    }
    let before = span.start > 0 ? bytes[span.start - 1] : nil
    let after = span.end < bytes.count ? bytes[span.end] : nil
    return (isOfName(before) && isOfName(word.utf8.first) ? " " : "") + word
      + (isOfName(after) && isOfName(word.utf8.last) ? " " : "")
  }
}
