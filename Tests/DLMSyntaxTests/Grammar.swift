/// `grammar/dlm.ebnf`, read.
struct Grammar {
  indirect enum Rule {
    case terminal(String)
    case name(String)
    case sequence([Rule])
    case choice([Rule])
    case optional(Rule)
    case repeated(Rule)
    /// `? words ?`
    case prose(String)
  }

  private(set) var rules: [String: Rule] = [:]
  /// Names in the order of the file.
  private(set) var names: [String] = []

  init(_ text: String) throws {
    let bare = text.replacing(/\(\*[\s\S]*?\*\)/, with: "")
    // Quotes may hold anything; other words and signs stand alone.
    let words = bare.matches(of: /"[^"]*"|'[^']*'|\?[^?]+\?|[a-z]+|[=;|()\[\]{}]/)
      .map { String($0.output) }
    var reader = Reader(words: words)
    while !reader.isAtEnd {
      let name = reader.take()
      try reader.expect("=")
      rules[name] = try reader.choice()
      names.append(name)
      try reader.expect(";")
    }
  }

  struct Malformed: Error { var words: String }

  private struct Reader {
    var words: [String]
    var position = 0
    var isAtEnd: Bool { position == words.count }
    var word: String { isAtEnd ? "" : words[position] }

    mutating func take() -> String {
      defer { position += 1 }
      return word
    }

    mutating func expect(_ sign: String) throws {
      guard take() == sign else {
        throw Malformed(words: words[max(0, position - 6)..<position].joined(separator: " "))
      }
    }

    mutating func choice() throws -> Rule {
      var options = [try sequence()]
      while word == "|" {
        _ = take()
        options.append(try sequence())
      }
      return options.count == 1 ? options[0] : .choice(options)
    }

    mutating func sequence() throws -> Rule {
      var items: [Rule] = []
      while let item = try item() { items.append(item) }
      return items.count == 1 ? items[0] : .sequence(items)
    }

    mutating func item() throws -> Rule? {
      switch word {
      case "", ";", "|", ")", "]", "}": return nil
      case "(": return try bracketed(")") { $0 }
      case "[": return try bracketed("]") { .optional($0) }
      case "{": return try bracketed("}") { .repeated($0) }
      default:
        let word = take()
        switch word.first {
        case "\"", "'": return .terminal(String(word.dropFirst().dropLast()))
        case "?": return .prose(String(word.dropFirst().dropLast()))
        default: return .name(word)
        }
      }
    }

    mutating func bracketed(_ close: String, _ make: (Rule) -> Rule) throws -> Rule {
      _ = take()
      let inside = try choice()
      try expect(close)
      return make(inside)
    }
  }
}
