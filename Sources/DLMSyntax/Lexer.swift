/// Cuts a text into tokens. Every byte belongs to exactly one token or to the trivia before one, so
/// that the text can be put together again; nothing is ever refused here.
package struct Lexer {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let end: Int
  private var offset: Int

  private init(_ bytes: UnsafeBufferPointer<UInt8>, _ span: Span) {
    self.bytes = bytes
    offset = span.start
    end = span.end
  }

  /// The tokens of `file` in order; the last is `endOfFile`.
  package static func tokens(of file: SourceFile) -> [Token] {
    tokens(of: file, in: Span(0, file.bytes.count))
  }

  /// The tokens of a part of `file`: what stands in the braces of a string.
  static func tokens(of file: SourceFile, in span: Span) -> [Token] {
    file.bytes.withUnsafeBufferPointer { bytes in
      var lexer = Lexer(bytes, span)
      // A token is seldom shorter than two bytes with the space before it.
      var tokens: [Token] = []
      tokens.reserveCapacity((span.end - span.start) / 2 + 1)
      repeat { tokens.append(lexer.next()) } while tokens.last?.kind != .endOfFile
      return tokens
    }
  }

  /// What may follow the first byte of an operator; whether that byte is one by itself.
  private struct Symbols {
    var second: [UInt8] = []
    var third: [UInt8] = []
    var isWhole = false
  }

  /// Operators and brackets by their first byte.
  private static let symbols: [Symbols] = {
    let all = [
      "...", "..<", "|>", "->", "..", "==", "!=", "<=", ">=", "~=", "+=", "-=", "*=", "/=", "++",
      "--", "**", "&&", "||", "(", ")", "[", "]", "{", "}", ",", ":", ";", ".", "+", "-", "*",
      "/", "%", "^", "@", "<", ">", "=", "?", "!",
    ]
    var table = Array(repeating: Symbols(), count: 256)
    for bytes in all.map({ Array($0.utf8) }) {
      switch bytes.count {
      case 1: table[Int(bytes[0])].isWhole = true
      case 2: table[Int(bytes[0])].second.append(bytes[1])
      default: table[Int(bytes[0])].third.append(bytes[2])
      }
    }
    return table
  }()

  private mutating func next() -> Token {
    let triviaStart = offset
    let startsLine = skipTrivia()
    let start = offset
    let kind = scan()
    return Token(
      kind: kind, span: Span(start, offset), word: word(kind, start), triviaStart: triviaStart,
      startsLine: startsLine)
  }

  private func word(_ kind: Token.Kind, _ start: Int) -> Word {
    guard kind == .name || kind == .symbol else { return .none }
    return Word(UnsafeBufferPointer(rebasing: bytes[start..<offset]))
  }

  /// Skips spaces, line breaks and comments; whether there was a line break.
  private mutating func skipTrivia() -> Bool {
    var brokeLine = offset == 0
    // The mark with which some editors begin a file.
    if offset == 0, peek() == 0xEF, peek(1) == 0xBB, peek(2) == 0xBF { offset = 3 }
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: "\n"):
        brokeLine = true
        offset += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
        offset += 1
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
        skip { $0 != UInt8(ascii: "\n") }
      default: return brokeLine
      }
    }
    return brokeLine
  }

  /// `name = ( letter | "_" ) { letter | digit | "_" }`
  /// `capital = upper { letter | digit | "_" }`
  private mutating func scan() -> Token.Kind {
    guard let byte = peek() else { return .endOfFile }
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"):
      skip(Self.continuesName)
      return .name
    case UInt8(ascii: "A")...UInt8(ascii: "Z"):
      skip(Self.continuesName)
      return .capitalName
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return scanNumber()
    case UInt8(ascii: "\""): return scanString()
    default: return scanSymbol()
    }
  }

  /// `integer = digit { digit | "_" }`
  /// `real = integer "." integer [ exponent ] | integer exponent`
  /// `exponent = ( "e" | "E" ) [ "+" | "-" ] integer`
  ///
  /// `3`, `1_000`, `0.5`, `1e-4`: a point belongs to the number only if a digit follows, so that
  /// `0..<n` is a range.
  private mutating func scanNumber() -> Token.Kind {
    var kind = Token.Kind.integer
    skip(Self.continuesNumber)
    if peek() == UInt8(ascii: "."), let digit = peek(1), Self.isDigit(digit) {
      kind = .real
      offset += 1
      skip(Self.continuesNumber)
    }
    if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
      let sign = peek(1) == UInt8(ascii: "-") || peek(1) == UInt8(ascii: "+") ? 1 : 0
      if let digit = peek(1 + sign), Self.isDigit(digit) {
        kind = .real
        offset += 1 + sign
        skip(Self.continuesNumber)
      }
    }
    return kind
  }

  /// `string = '"' { character | "\" character | "{" hole "}" } '"'`
  /// `hole = expression [ ":" integer ]`
  ///
  /// Up to the closing quote on the same line; a quote after a backslash does not close, nor does one
  /// inside `{...}`.
  private mutating func scanString() -> Token.Kind {
    offset += 1
    var depth = 0
    while let byte = peek(), byte != UInt8(ascii: "\n") {
      offset += 1
      switch byte {
      case UInt8(ascii: "\\"): if let next = peek(), next != UInt8(ascii: "\n") { offset += 1 }
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"): depth = max(0, depth - 1)
      case UInt8(ascii: "\"") where depth == 0: return .string
      default: break
      }
    }
    return .invalid
  }

  private mutating func scanSymbol() -> Token.Kind {
    let symbols = Self.symbols[Int(bytes[offset])]
    let length: Int
    if let second = peek(1), symbols.second.contains(second) {
      // Those of three bytes begin like one of two.
      length = peek(2).map(symbols.third.contains) ?? false ? 3 : 2
    } else {
      length = symbols.isWhole ? 1 : 0
    }
    if length > 0 {
      offset += length
      return .symbol
    }
    // A whole character, so that a message can show it.
    offset += 1
    skip { $0 & 0xC0 == 0x80 }
    return .invalid
  }

  private func peek(_ ahead: Int = 0) -> UInt8? {
    offset + ahead < end ? bytes[offset + ahead] : nil
  }

  private mutating func skip(_ belongs: (UInt8) -> Bool) {
    while let byte = peek(), belongs(byte) { offset += 1 }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func continuesNumber(_ byte: UInt8) -> Bool {
    isDigit(byte) || byte == UInt8(ascii: "_")
  }

  private static func continuesName(_ byte: UInt8) -> Bool {
    continuesNumber(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }
}
