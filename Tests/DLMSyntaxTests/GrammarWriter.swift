import DLMTestSupport

/// Writes random texts that a grammar derives.
struct GrammarWriter {
  private let grammar: Grammar
  private var random: SplitMix
  /// Fewest productions below each name: what is chosen where a text has become deep.
  private var heights: [String: Int] = [:]
  private var words: [String] = []
  /// Whether a string is being written: it stays on its line.
  private var isInString = false

  init(_ grammar: Grammar, seed: UInt64) {
    self.grammar = grammar
    random = SplitMix(state: seed)
    var changed = true
    while changed {
      changed = false
      for name in grammar.names {
        guard let rule = grammar.rules[name], let height = height(rule) else { continue }
        if heights[name] != height + 1 {
          heights[name] = height + 1
          changed = true
        }
      }
    }
  }

  private func height(_ rule: Grammar.Rule) -> Int? {
    switch rule {
    case .terminal, .prose, .optional, .repeated: return 0
    case .name(let name): return Self.tokens.contains(name) ? 0 : heights[name]
    case .sequence(let rules):
      let all = rules.map(height)
      return all.contains { $0 == nil } ? nil : all.compactMap { $0 }.max() ?? 0
    case .choice(let rules): return rules.compactMap(height).min()
    }
  }

  mutating func text(of name: String) -> String {
    words = []
    write(.name(name), 0)
    return words.joined(separator: " ")
  }

  /// What is written as a whole; its production speaks of characters.
  private static let tokens: Set = [
    "name", "capital", "integer", "real", "string", "border", "same",
  ]

  private mutating func write(_ rule: Grammar.Rule, _ depth: Int) {
    let isDeep = depth > 26
    switch rule {
    case .terminal(let text): words.append(text)
    case .prose: break
    case .name("border"): words.append(isInString ? ";" : "\n")
    case .name("same"): break
    case .name("name"): words.append(pick(["a", "b", "net", "X", "T", "x1", "_y"]))
    case .name("capital"): words.append(pick(["X", "T", "Net", "K2"]))
    case .name("integer"): words.append(pick(["0", "7", "1_000"]))
    case .name("real"): words.append(pick(["0.5", "1e-3", "2.5E4"]))
    case .name("string"): writeString(depth)
    case .name(let name): write(grammar.rules[name] ?? .prose(""), depth + 1)
    case .sequence(let rules): for rule in rules { write(rule, depth) }
    case .optional(let rule): if !isDeep, chance(0.3) { write(rule, depth) }
    case .repeated(let rule):
      // A file and a block have several statements, a chain of operators seldom more than one.
      while !isDeep, chance(depth < 3 ? 0.7 : 0.15) { write(rule, depth) }
    case .choice(let rules):
      let low = rules.compactMap(height).min() ?? 0
      let fitting = isDeep ? rules.filter { (height($0) ?? 99) <= low } : rules
      write(fitting.randomElement(using: &random) ?? .prose(""), depth)
    }
  }

  private mutating func writeString(_ depth: Int) {
    guard depth < 20, !isInString, chance(0.5) else {
      words.append(pick(["\"s\"", "\"q \\\" \\n\"", "\"\""]))
      return
    }
    let outside = words
    (words, isInString) = ([], true)
    write(.name("hole"), depth + 1)
    let hole = words.joined(separator: " ")
    (words, isInString) = (outside, false)
    words.append("\"a {\(hole)} b\"")
  }

  private mutating func pick(_ options: [String]) -> String {
    options.randomElement(using: &random) ?? ""
  }

  private mutating func chance(_ part: Double) -> Bool {
    Double.random(in: 0..<1, using: &random) < part
  }
}
