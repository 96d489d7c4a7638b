import DLMSyntax

// What a training step, which is recorded once and replayed, cannot do (codes T).
extension Diagnostic {
  static func openLoopInStep(_ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T021",
      "a training step is recorded once: it cannot ask, turn by turn, whether to go on",
      at: at,
      help: "`repeat n` has a fixed number of turns; `select(c, a, b)` keeps what has converged")
  }

  static func updateInChoice(_ word: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T022", "whether this `\(word)` happens would depend on numbers of the step", at: at,
      help: "every step updates: multiply the objective by 0 or 1, or ask in `when` or `every`")
  }

  /// An effect that numbers of the step would decide about.
  static func happensInChoice(_ word: String, _ at: Label) -> Diagnostic {
    let help =
      switch word {
      case "penalize", "emit": "let it happen each time, with a value that is chosen: `c ? a : b`"
      default:
        "both sides of this choice are recorded, to be chosen between by value: ask between steps, "
          + "in `when loss < 0.1 { ... }`, `stop when` or `every 10 steps { ... }`"
      }
    return Diagnostic(
      .error, "T022", "whether this `\(word)` happens would depend on numbers of the step", at: at,
      help: help)
  }

  /// A string that is this or that one by numbers of the step.
  static func choosesString(_ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T022", "which string this is would depend on numbers of the step", at: at,
      help: "choose it between steps, in `every 10 steps { ... }`")
  }

  /// An effect that a step would not have each time.
  static func happensOnce(_ word: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T024",
      "`\(word)` would happen once, when the step is recorded, and not whenever it is replayed",
      at: at, help: "write it between steps: `every 10 steps { ... }`, `every epoch { ... }`")
  }

  /// Something that needs numbers which only a replayed step has.
  static func numbersOfStep(_ word: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T024",
      "\(word) needs numbers that are not known here, where operations are recorded to be replayed",
      at: at,
      help:
        "bind them in the step, `let l = ...`, and ask between steps: `every 10 steps { print l }`")
  }

  /// A variable of outside that a step would set, to be as it was at the next.
  static func setsOutside(_ name: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "T025",
      "`\(name)` cannot be set in a step: it is recorded once, and would find the same value each time",
      at: at,
      help: "set it between steps, where what the step has bound is known: "
        + "`every 1 steps { \(name) = ... }`")
  }
}
