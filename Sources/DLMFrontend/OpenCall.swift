import DLMSyntax

/// The innermost call whose brackets are open at a place.
package struct OpenCall {
  /// The name that is called.
  package private(set) var callee: Span
  /// How many arguments stand before the place.
  package private(set) var position: Int
  /// In front of the argument at the place.
  package private(set) var label: String?
  /// In front of the arguments before the place.
  package private(set) var labels: Set<String>
  /// Whether it is the second pair of brackets: `Conv(3)(x)`.
  package private(set) var isSecondGroup = false

  package init?(at offset: Int, in file: SourceFile) {
    let tokens = Lexer.tokens(of: file).filter { $0.span.start < offset && $0.kind != .endOfFile }
    // For each open bracket, where it and the commas inside stand.
    var open: [(bracket: Int, commas: [Int])] = []
    for (index, token) in tokens.enumerated() where token.kind == .symbol {
      // A bracket that the place is in front of, or inside of, does not count yet.
      guard token.span.end <= offset else { continue }
      switch file.string(token.span) {
      case "(", "[", "{": open.append((index, []))
      case ")", "]", "}": if !open.isEmpty { open.removeLast() }
      case ",": if !open.isEmpty { open[open.count - 1].commas.append(index) }
      default: break
      }
    }
    guard let innermost = open.last(where: { file.string(tokens[$0.bracket].span) != "[" }),
      file.string(tokens[innermost.bracket].span) == "(", innermost.bracket > 0,
      let (callee, isSecondGroup) = Self.callee(before: innermost.bracket, tokens, file)
    else { return nil }
    let labels = ([innermost.bracket] + innermost.commas).map { before -> String? in
      guard before + 2 < tokens.count, tokens[before + 1].kind == .name,
        file.string(tokens[before + 2].span) == ":"
      else { return nil }
      return file.string(tokens[before + 1].span)
    }
    position = innermost.commas.count
    label = labels.last.flatMap { $0 }
    self.labels = Set(labels.dropLast().compactMap { $0 })
    (self.callee, self.isSecondGroup) = (callee, isSecondGroup)
  }

  /// The name in front of a bracket, or in front of the brackets in front of it.
  private static func callee(before index: Int, _ tokens: [Token], _ file: SourceFile) -> (
    Span, Bool
  )? {
    var last = index - 1
    if tokens[last].kind == .name || tokens[last].kind == .capitalName {
      return (tokens[last].span, false)
    }
    guard file.string(tokens[last].span) == ")" else { return nil }
    var depth = 0
    while last >= 0 {
      let text = file.string(tokens[last].span)
      if text == ")" { depth += 1 }
      if text == "(" {
        depth -= 1
        if depth == 0 { break }
      }
      last -= 1
    }
    guard last > 0, tokens[last - 1].kind == .capitalName else { return nil }
    return (tokens[last - 1].span, true)
  }
}
