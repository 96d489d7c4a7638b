import DLMSyntax

// What may come next in a clause of `train`, or in a statement that trains.
extension CompletionPlace {
  /// What may follow a word of a clause.
  struct Follow {
    /// Words right behind it.
    var words: [String] = []
    /// Whether a value may stand behind it, and the words that may stand behind that.
    var takesValue = false
    var behindValue: [String] = []

    static func words(_ words: String...) -> Follow { Follow(words: words) }

    static func value(_ behind: String..., or words: [String] = []) -> Follow {
      Follow(words: words, takesValue: true, behindValue: behind)
    }
  }

  /// For the word that a clause begins with, each word in it with what may follow.
  private static let clauses: [String: [String: Follow]] = [
    "batch": [
      "batch": .value("shuffled", "drop last"), "shuffled": .words("drop last"),
      "drop": .words("last"), "last": .words("shuffled"),
    ],
    "epochs": ["epochs": .value()], "steps": ["steps": .value()], "seed": ["seed": .value()],
    "accumulate": ["accumulate": .value()],
    "precision": [
      "precision": Follow(words: Precision.formats, behindValue: ["keep f32 for"]),
      "keep": Follow(words: ["f32"], behindValue: ["for"]), "for": .words("norm", "loss"),
    ],
    "clip": ["clip": .words("norm", "value"), "norm": .value(), "value": .value()],
    "every": ["every": .value("epochs", "steps", or: ["epoch", "step"])].merging(noUnits),
    "when": awaited,
    "stop": awaited.merging([
      "stop": .words("when"), ",": .words("restore best"), "restore": .words("best"),
      "best": Follow(),
    ]),
    "checkpoint": [
      "checkpoint": .value("every"), "every": .value("epochs", "steps", or: ["epoch", "step"]),
      ",": .words("keep best", "keep last"), "keep": .words("best", "last"), "best": .value("by"),
      "by": .value(), "last": .value(),
    ].merging(noUnits),
    "on": ["on": .words("nan"), "nan": Follow()],
    "minimize": [
      "minimize": .value("over"), "over": .value("with"), "with": .value("as"), "as": Follow(),
    ],
    "update": ["update": .value("from", "with"), "from": .value("with"), "with": .value()],
  ]

  private static let noUnits: [String: Follow] = [
    "epoch": Follow(), "epochs": Follow(), "step": Follow(), "steps": Follow(),
  ]

  private static let awaited: [String: Follow] = [
    "when": .value("stalls"), "stalls": .value("epochs", "steps"), "epoch": .words("by"),
    "epochs": .words("by"), "step": .words("by"), "steps": .words("by"), "by": .value(),
  ]

  /// What follows the end of some tokens by the grammar of their clause; `nil` where they are in none, or
  /// in brackets inside it.
  static func follow(_ tokens: [Token], isInTraining: Bool, _ file: SourceFile) -> Follow? {
    let clause = open(tokens, file)
    guard let first = clause.first, let rules = clauses[first],
      isInTraining || first == "minimize" || first == "update",
      let last = clause.lastIndex(where: { rules[$0] != nil && !isValue($0, in: clause) }),
      let rule = rules[clause[last]]
    else { return nil }
    if last == clause.count - 1 { return rule }
    guard let end = tokens.last, endsValue(end, file) else {
      return rule.takesValue ? Follow(takesValue: true) : nil
    }
    let used = Set(clause)
    return Follow(
      words: rule.behindValue.filter { !used.contains(String($0.prefix { $0 != " " })) })
  }

  /// Whether a word such as `epoch` is a number of the training and no unit of the clause.
  private static func isValue(_ word: String, in clause: [String]) -> Bool {
    ["epoch", "epochs", "step", "steps"].contains(word)
      && !clause.contains("every") && !clause.contains("stalls") && clause.first != word
  }

  /// Texts of the clause or statement that is open at the end, without what stands in brackets.
  private static func open(_ tokens: [Token], _ file: SourceFile) -> [String] {
    var texts: [String] = []
    var depth = 0
    for token in tokens.reversed() {
      let text = file.string(token.span)
      switch text {
      case ")", "]", "}": depth += 1
      case "(", "[", "{":
        if depth == 0 { return text == "{" ? texts : [] }
        depth -= 1
      default: if depth == 0 { texts.insert(text, at: 0) }
      }
      if depth == 0, token.startsLine, clauses[text] != nil { return texts }
    }
    return texts
  }

  /// Whether a value ends with a token, so that an operator or a word of the language comes next.
  static func endsValue(_ token: Token, _ file: SourceFile) -> Bool {
    switch token.kind {
    case .integer, .real, .string, .capitalName: true
    case .name: !wordsBeforeValues.contains(file.string(token.span))
    case .symbol: [")", "]"].contains(file.string(token.span))
    case .endOfFile, .invalid: false
    }
  }

  /// Words behind which a value may begin.
  private static let wordsBeforeValues = Set(
    Words.declarations + Words.statements + Words.others + Words.clauses
  ).subtracting([
    "loss", "data", "test", "train", "state", "step", "epoch", "value", "best", "norm",
  ])

  /// Words that may stand behind a value outside of clauses.
  static let joining = [
    "and", "or", "div", "else", "in", "over", "with", "as", "to", "from", "wrt", "like", "along",
    "where", "by", "at",
  ]
}

extension [String: CompletionPlace.Follow] {
  fileprivate func merging(_ others: Self) -> Self {
    merging(others) { own, _ in own }
  }
}
