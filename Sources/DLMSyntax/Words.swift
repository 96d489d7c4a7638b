/// The words of the language: each is one only where it can stand, and a name elsewhere.
package enum Words {
  /// What a declaration begins with.
  package static let declarations = [
    "use", "data", "layer", "fn", "loss", "optimizer", "schedule", "train", "test", "sweep",
  ]

  /// What a statement begins with.
  package static let statements = [
    "let", "var", "dim", "if", "match", "for", "while", "repeat", "scan", "return", "print", "log",
    "plot",
    "save", "graph", "param", "state", "penalize", "emit", "expect", "when", "minimize", "eval",
    "freeze", "unfreeze", "halt", "run",
  ]

  /// What a clause of `train` begins with.
  package static let clauses = Parser.clauseWords

  /// What stands inside declarations, statements and expressions.
  package static let others = [
    "where", "grad", "on", "at", "in", "over", "with", "as", "to", "from", "rename", "carry",
    "else", "and", "or", "not", "div", "along", "like", "fixed", "all", "but", "except", "augment",
    "wrt", "shuffled", "drop", "last", "keep", "best", "by", "norm", "value", "stalls", "restore",
    "nan", "epoch", "step",
  ]

  /// What is always a word or a value of the language, and so nobody's name.
  package static let reserved: Set<String> = Set(declarations + statements)
    .subtracting(["loss", "data", "test", "train", "state", "run", "step", "log", "grad"])
    .union(["else", "and", "or", "not", "div", "in", "true", "false", "none", "pi", "inf"])
}
