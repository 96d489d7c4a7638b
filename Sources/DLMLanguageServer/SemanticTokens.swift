import DLMFrontend
import DLMSyntax

/// Pieces of a text by what they are, in the numbers of the protocol.
struct SemanticTokens {
  static let types = [
    "keyword", "type", "class", "function", "variable", "parameter", "property", "typeParameter",
    "number", "string", "operator", "comment", "namespace", "event",
  ]
  static let modifiers = ["declaration", "readonly", "defaultLibrary", "documentation"]

  struct Piece {
    var span: Span
    var type: String
    var modifiers: [String] = []
  }

  /// In order, none over another.
  private(set) var pieces: [Piece] = []
  private let file: SourceFile
  private let names: NameTable
  private let isOfPrelude: (Span) -> Bool
  /// Places of names, in order.
  private let places: [Span]

  init(_ file: SourceFile, _ names: NameTable, isOfPrelude: @escaping (Span) -> Bool) {
    self.file = file
    self.names = names
    self.isOfPrelude = isOfPrelude
    places = names.roles.keys.sorted { $0.start < $1.start }
    let tokens = Lexer.tokens(of: file)
    for token in tokens { add(token) }
    for comment in Lexer.comments(of: file, tokens) {
      let isDocumentation = file.string(comment).hasPrefix("///")
      pieces.append(
        Piece(span: comment, type: "comment", modifiers: isDocumentation ? ["documentation"] : []))
    }
    pieces.sort { $0.span.start < $1.span.start }
  }

  private mutating func add(_ token: Token) {
    switch token.kind {
    case .name, .capitalName: pieces.append(piece(ofName: token.span))
    case .integer, .real: pieces.append(Piece(span: token.span, type: "number"))
    case .string: add(string: token.span)
    case .symbol:
      let isBracket = ["(", ")", "[", "]", "{", "}", ",", ":", "."].contains(
        file.string(token.span))
      if !isBracket { pieces.append(Piece(span: token.span, type: "operator")) }
    case .endOfFile, .invalid: break
    }
  }

  /// A string, and the names in its braces.
  private mutating func add(string: Span) {
    var start = string.start
    let low = places.partitioningIndex { $0.start >= string.start }
    for place in places[low...].prefix(while: { $0.end <= string.end }) {
      if place.start > start {
        pieces.append(Piece(span: Span(start, place.start), type: "string"))
      }
      pieces.append(piece(ofName: place))
      start = place.end
    }
    if start < string.end { pieces.append(Piece(span: Span(start, string.end), type: "string")) }
  }

  private func piece(ofName span: Span) -> Piece {
    let name = file.string(span)
    switch names.roles[span] {
    case .definition(let index)?:
      var piece = piece(names.definitions[index], at: span)
      piece.modifiers.insert("declaration", at: 0)
      return piece
    case .use(let index)?: return piece(names.definitions[index], at: span)
    case .kind?: return Piece(span: span, type: "type")
    case .label?: return Piece(span: span, type: "parameter")
    case .field?: return Piece(span: span, type: "property")
    case .constant?:
      return Piece(span: span, type: "variable", modifiers: ["readonly", "defaultLibrary"])
    case .open?:
      let isCapital = name.first?.isUppercase ?? false
      if isOfPrelude(span) {
        return Piece(
          span: span, type: isCapital ? "class" : "function", modifiers: ["defaultLibrary"])
      }
      return Piece(span: span, type: isCapital ? "typeParameter" : "variable")
    case nil: return Piece(span: span, type: "keyword")
    }
  }

  private func piece(_ definition: NameTable.Definition, at span: Span) -> Piece {
    switch definition.kind {
    case .layer, .optimizer: Piece(span: span, type: "class")
    case .function, .loss, .schedule: Piece(span: span, type: "function")
    case .data: Piece(span: span, type: "namespace")
    case .training: Piece(span: span, type: "event")
    case .dim: Piece(span: span, type: "typeParameter")
    case .variable(let isMutable):
      Piece(span: span, type: "variable", modifiers: isMutable ? [] : ["readonly"])
    case .setting, .input: Piece(span: span, type: "parameter")
    case .parameter, .state: Piece(span: span, type: "property")
    case .metric, .update: Piece(span: span, type: "variable", modifiers: ["readonly"])
    }
  }

  /// Five numbers a piece: lines and columns from the piece before, length, type, modifiers.
  func numbers(in range: Span, _ lines: LineIndex, _ encoding: PositionEncoding) -> [Int] {
    var numbers: [Int] = []
    var last = Position(line: 0, column: 0)
    for piece in pieces where piece.span.end > range.start && piece.span.start < range.end {
      let start = lines.position(of: piece.span.start, encoding)
      let end = lines.position(of: piece.span.end, encoding)
      guard start.line == end.line, let type = Self.types.firstIndex(of: piece.type) else {
        continue
      }
      let bits = piece.modifiers.reduce(0) { bits, modifier in
        bits | (Self.modifiers.firstIndex(of: modifier).map { 1 << $0 } ?? 0)
      }
      let column = start.line == last.line ? start.column - last.column : start.column
      numbers += [start.line - last.line, column, end.column - start.column, type, bits]
      last = start
    }
    return numbers
  }
}

extension Array {
  /// The first index from which on `belongs` holds, of elements that are parted by it.
  fileprivate func partitioningIndex(where belongs: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if belongs(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
