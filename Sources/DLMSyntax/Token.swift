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
  /// Where the spaces, line breaks and comments before the token begin.
  package let triviaStart: Int
  /// Whether a line break stands between the token before and this one.
  package let startsLine: Bool
}
