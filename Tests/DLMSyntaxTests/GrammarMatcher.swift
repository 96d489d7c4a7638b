import DLMSyntax

/// Whether a text belongs to the language of a grammar, found by trying every derivation: it shares
/// nothing with the parser but the lexer.
final class GrammarMatcher {
  /// What is tried at a place: rules as numbers, so that results can be kept in an array.
  private enum Node {
    case terminal(String)
    case word(Token.Kind)
    case string
    case sequence([Int])
    case choice([Int])
    case optional(Int)
    case repeated(Int)
    case named(Int)
    case sameLine
    case end
  }

  private var nodes: [Node] = []
  private var productions: [String: Int] = [:]
  private var names: [Int: String] = [:]
  /// For each node what it can begin with, and whether it can be nothing.
  private var first: [Set<String>] = []
  private var isNullable: [Bool] = []
  /// Productions that some text went through.
  private(set) var reached: Set<String> = []

  private var file = SourceFile(path: "", text: "")
  private var tokens: [Token] = []
  private var texts: [String] = []
  private var keys: [String] = []
  /// Whether a line break before the token ends something.
  private var breaks: [Bool] = []
  private var ends: [[Int: [Int]]] = []

  init(_ grammar: Grammar) {
    for name in grammar.names { productions[name] = add(.sequence([])) }
    for name in grammar.names {
      guard let number = productions[name], let rule = grammar.rules[name] else { continue }
      names[number] = name
      nodes[number] = node(of: name, rule)
    }
    findFirst()
  }

  private func add(_ node: Node) -> Int {
    nodes.append(node)
    return nodes.count - 1
  }

  /// Tokens are the lexer's; two productions in prose have their meaning here.
  private func node(of name: String, _ rule: Grammar.Rule) -> Node {
    switch name {
    case "name": .choice([add(.word(.name)), add(.word(.capitalName))])
    case "capital": .word(.capitalName)
    case "integer": .word(.integer)
    case "real": .word(.real)
    case "string": .string
    case "same": .sameLine
    case "border": .end
    default: node(rule)
    }
  }

  private func node(_ rule: Grammar.Rule) -> Node {
    switch rule {
    case .terminal(let text): .terminal(text)
    case .name(let name): .named(productions[name] ?? 0)
    case .sequence(let rules): .sequence(rules.map { add(node($0)) })
    case .choice(let rules): .choice(rules.map { add(node($0)) })
    case .optional(let rule): .optional(add(node(rule)))
    case .repeated(let rule): .repeated(add(node(rule)))
    case .prose: .sequence([])
    }
  }

  private func findFirst() {
    first = Array(repeating: [], count: nodes.count)
    isNullable = Array(repeating: false, count: nodes.count)
    var changed = true
    while changed {
      changed = false
      for number in nodes.indices {
        let (found, nullable) = beginning(of: nodes[number])
        if found != first[number] || nullable != isNullable[number] {
          (first[number], isNullable[number], changed) = (found, nullable, true)
        }
      }
    }
  }

  private func beginning(of node: Node) -> (Set<String>, Bool) {
    switch node {
    case .terminal(let text): ([text], false)
    case .word(let kind): (["<\(kind)>"], false)
    case .string: (["<string>"], false)
    case .sameLine, .end: ([], true)
    case .named(let other): (first[other], isNullable[other])
    case .optional(let other), .repeated(let other): (first[other], true)
    case .choice(let others):
      (others.reduce(into: []) { $0.formUnion(first[$1]) }, others.contains { isNullable[$0] })
    case .sequence(let others):
      (
        others.prefix(1 + others.prefix { isNullable[$0] }.count)
          .reduce(into: []) { $0.formUnion(first[$1]) }, others.allSatisfy { isNullable[$0] }
      )
    }
  }

  /// Whether all of `file` is one `production`; where not, the furthest token that fitted.
  func accepts(_ file: SourceFile, as production: String = "module") -> Bool {
    self.file = file
    return accepts(Lexer.tokens(of: file), isBracketed: false, as: production)
  }

  private func accepts(_ tokens: [Token], isBracketed: Bool, as production: String) -> Bool {
    guard let start = productions[production] else { return false }
    let outside = (self.tokens, texts, keys, breaks, ends)
    defer { (self.tokens, texts, keys, breaks, ends) = outside }
    self.tokens = tokens
    texts = tokens.map { file.string($0.span) }
    keys = zip(tokens, texts).map { token, text in
      token.kind == .symbol ? text : "<\(token.kind)>"
    }
    breaks = lineBreaks(isBracketed: isBracketed)
    ends = Array(repeating: [:], count: tokens.count + 1)
    guard match(start, 0).contains(tokens.count - 1) else { return false }
    reached.insert(production)
    return true
  }

  /// A line break says something but between round and square brackets, and the braces of `augment`.
  private func lineBreaks(isBracketed: Bool) -> [Bool] {
    var open: [Bool] = [isBracketed]
    return tokens.indices.map { index in
      let isInside = open[open.count - 1]
      switch texts[index] {
      case "(", "[": open.append(true)
      case "{": open.append(index > 0 && texts[index - 1] == "augment")
      case ")", "]", "}": if open.count > 1 { open.removeLast() }
      default: break
      }
      return tokens[index].startsLine && !isInside
    }
  }

  /// Where `node` can end if it begins at `position`.
  private func match(_ number: Int, _ position: Int) -> [Int] {
    if !isNullable[number] {
      let isWord = tokens[position].kind == .name || tokens[position].kind == .capitalName
      guard
        first[number].contains(keys[position])
          || (isWord && first[number].contains(texts[position]))
      else { return [] }
    }
    switch nodes[number] {
    case .terminal(let text):
      return texts[position] == text && tokens[position].kind != .string ? [position + 1] : []
    case .word(let kind):
      return tokens[position].kind == kind && !Self.reserved.contains(texts[position])
        ? [position + 1] : []
    case .string: return isString(position) ? [position + 1] : []
    case .sameLine: return breaks[position] ? [] : [position]
    case .end: return isEnd(position) ? [position] : []
    case .named(let other):
      if let known = ends[position][other] { return known }
      let found = match(other, position)
      ends[position][other] = found
      if !found.isEmpty, let name = names[other] { reached.insert(name) }
      return found
    case .optional(let other): return union([position], match(other, position))
    case .choice(let others): return others.reduce([]) { union($0, match($1, position)) }
    case .sequence(let others):
      return others.reduce([position]) { starts, other in
        starts.reduce([]) { union($0, match(other, $1)) }
      }
    case .repeated(let other):
      var all = [position]
      var fresh = [position]
      while !fresh.isEmpty {
        fresh = fresh.reduce([]) { union($0, match(other, $1)) }.filter { !all.contains($0) }
        all += fresh
      }
      return all
    }
  }

  private func union(_ a: [Int], _ b: [Int]) -> [Int] { a + b.filter { !a.contains($0) } }

  /// Words that are no names.
  static let reserved: Set = ["and", "or", "not", "div", "if", "else", "match", "fn"]

  /// `;`, a line break, the end of what is around it, or a brace before.
  private func isEnd(_ position: Int) -> Bool {
    tokens[position].startsLine || tokens[position].kind == .endOfFile || texts[position] == "}"
      || (position > 0 && ["}", ";"].contains(texts[position - 1]))
  }

  /// A string whose braces hold expressions.
  private func isString(_ position: Int) -> Bool {
    guard tokens[position].kind == .string else { return false }
    let span = tokens[position].span
    var (offset, depth, open) = (span.start + 1, 0, 0)
    while offset < span.end - 1 {
      switch file.bytes[offset] {
      case UInt8(ascii: "\\") where depth == 0: offset += 1
      case UInt8(ascii: "{"):
        if depth == 0 { open = offset + 1 }
        depth += 1
      case UInt8(ascii: "}"):
        depth -= 1
        if depth == 0, !isHole(Span(open, offset)) { return false }
      default: break
      }
      if depth < 0 { depth = 0 }
      offset += 1
    }
    return depth == 0
  }

  private func isHole(_ span: Span) -> Bool {
    let part = SourceFile(path: "", text: file.string(span))
    let outside = file
    file = part
    defer { file = outside }
    return accepts(Lexer.tokens(of: part), isBracketed: true, as: "hole")
  }
}
