/// A word of the language with the trivia before it.
package struct Token: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// Lower-case names, keywords among them: the parser tells them apart by their place.
    case name
    /// Names that begin with a capital: constructors and symbols.
    case capitalName
    case integer, real
    /// With its quotes; `{...}` inside are parsed when the string is.
    case string
    /// Operators and brackets.
    case symbol
    case endOfFile
    /// What no token begins with, or a string without its end.
    case invalid
  }

  package let kind: Kind
  package let span: Span
  /// What a symbol is there for, where it could be there for two things; the parser says which.
  package enum Role: Hashable, Sendable {
    case plain
    /// `-` of one operand.
    case sign
    /// It belongs to what stands before it: brackets of a call, an index, dims or parameters, `?` of a
    /// type, `*` of a path.
    case attached
    /// `:` between the values of a choice, or before the message of a condition.
    case apart
  }

  package internal(set) var role = Role.plain
  /// The text of a name or a symbol.
  let word: Word
  /// Where the spaces, line breaks and comments before the token begin.
  package let triviaStart: Int
  /// Whether a line break stands between the token before and this one.
  package let startsLine: Bool

  init(kind: Kind, span: Span, word: Word, triviaStart: Int, startsLine: Bool) {
    self.kind = kind
    self.span = span
    self.word = word
    self.triviaStart = triviaStart
    self.startsLine = startsLine
  }
}
