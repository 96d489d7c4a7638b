/// A parsed file. Expressions lie in one array and refer to each other by index, so that long chains
/// neither recurse nor cost an allocation each; statements hold their blocks.
package struct Tree: Sendable {
  package let file: SourceFile
  /// In one place, since a walk copies its tree at every turn.
  private var content = Content()

  init(file: SourceFile) { self.file = file }

  /// Declarations and statements at the top of the file, in order.
  package internal(set) var items: [Item] {
    get { content.items }
    set { own().items = newValue }
  }

  /// The words that stand for types, wherever they do: `real`, `int`, `index`.
  package var typeWords: [Name] { content.typeWords }

  /// Comments behind an expression that look like the divisor of a division: `7 // 2`.
  package internal(set) var commentsLikeDivisors: [Span] {
    get { content.commentsLikeDivisors }
    set { own().commentsLikeDivisors = newValue }
  }

  /// Makes room for the expressions of so many tokens.
  mutating func reserve(tokens: Int) {
    let content = own()
    content.expressions.reserveCapacity(tokens)
    content.spans.reserveCapacity(tokens)
  }

  package subscript(id: ExpressionID) -> Expression { content.expressions[Int(id.index)] }

  package func span(_ id: ExpressionID) -> Span { content.spans[Int(id.index)] }

  /// How many expressions there are; their positions are the numbers below it.
  package var expressionCount: Int { content.expressions.count }

  /// All expressions, inner ones before those around them.
  package var expressionIDs: some Sequence<ExpressionID> {
    content.expressions.indices.lazy.map { ExpressionID(index: UInt32($0)) }
  }

  /// The expression as it is written.
  package func text(_ id: ExpressionID) -> String { file.string(span(id)) }

  mutating func add(_ expression: Expression, _ span: Span) -> ExpressionID {
    let content = own()
    content.expressions.append(expression)
    content.spans.append(span)
    return ExpressionID(index: UInt32(content.expressions.count - 1))
  }

  mutating func add(_ item: Item) { own().items.append(item) }

  mutating func add(typeWord: Name) { own().typeWords.append(typeWord) }

  /// What this tree alone has, to be changed.
  private mutating func own() -> Content {
    if !isKnownUniquelyReferenced(&content) { content = Content(content) }
    return content
  }
}

/// What a tree has; unchecked, since a tree changes only what it alone refers to.
private final class Content: @unchecked Sendable {
  var expressions: [Expression] = []
  var spans: [Span] = []
  var items: [Item] = []
  var typeWords: [Name] = []
  var commentsLikeDivisors: [Span] = []

  init() {}

  init(_ other: Content) {
    (expressions, spans, items) = (other.expressions, other.spans, other.items)
    (typeWords, commentsLikeDivisors) = (other.typeWords, other.commentsLikeDivisors)
  }
}

/// An expression of a tree: its index.
package struct ExpressionID: Hashable, Sendable {
  let index: UInt32

  /// Among the expressions of its tree, from 0 on.
  package var position: Int { Int(index) }
}

/// A name with its place.
package struct Name: Hashable, Sendable {
  package var text: String
  package var span: Span

  package init(text: String, span: Span) {
    self.text = text
    self.span = span
  }
}

/// Everything that has a value, dims of types among them.
package enum Expression: Sendable {
  case integer(Int)
  case real(Double)
  case string([StringPart])
  /// Lower case: a variable, a function, a static; or a symbol or constructor, which begin with a capital.
  case name(String)
  case list([ExpressionID])
  case tuple([ExpressionID])
  case record([(name: Name, value: ExpressionID)])
  case call(ExpressionID, [Argument])
  /// `zeros[3]`, `x[.., 0]`: an index or the dims of something new.
  case bracket(ExpressionID, [ExpressionID])
  case field(ExpressionID, Name)
  case unary(UnaryOperator, ExpressionID)
  /// Operators of one precedence from left to right: `a - b + c`.
  case chain(ExpressionID, [(operation: BinaryOperator, operand: ExpressionID)])
  /// `c ? a : b`
  case conditional(ExpressionID, ExpressionID, ExpressionID)
  case ifElse(If)
  case pipe([ExpressionID])
  case function([Parameter], TypeNode?, Block)
  /// `a..b` with its end, `a..<b` without.
  case range(ExpressionID, ExpressionID, includesEnd: Bool)
  /// `zeros like p`
  case like(ExpressionID, ExpressionID)
  /// `v along 1`
  case along(ExpressionID, ExpressionID)
  /// `fixed normal[64, 128]`
  case fixed(ExpressionID)
  /// `all but B`
  case allBut([ExpressionID])
  /// `[B, (H K)] -> [B, H, K]`
  case rearrangement(ExpressionID, ExpressionID)
  /// `(heads K)` in a rearrangement: neighbours merged into one axis.
  case group([ExpressionID])
  /// `..` between brackets: all axes that are not named.
  case rest
  /// `...S` in a type; `...` without a name.
  case pack(ExpressionID?)
  /// `_`
  case hole
  /// What could not be read; a diagnostic says why.
  case invalid
}

/// A piece of a string: text with its escapes resolved, or what stands in braces.
package enum StringPart: Hashable, Sendable {
  case text(String)
  /// An expression, and digits behind the point if a format says so: `{loss:4}`.
  case value(ExpressionID, digits: Int?)
}

package struct Argument: Sendable {
  package var label: Name?
  package var value: ExpressionID
  /// Parameters that it is not for: `decay: 0.05 except bias, norm.*`, `lr: 0.1 except stem.* at 0.01`.
  package var exceptions: [Exception] = []

  package struct Exception: Sendable {
    package var patterns: [Name]
    /// What those get instead; nothing is 0.
    package var value: ExpressionID?
  }
}

package enum UnaryOperator: String, Hashable, Sendable {
  case minus = "-"
  case not = "not"
}

package enum BinaryOperator: String, Hashable, Sendable, CaseIterable {
  case or, and
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessEqual = "<="
  case greater = ">"
  case greaterEqual = ">="
  case nearly = "~="
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "div"
  case modulo = "%"
  case matmul = "@"
  case power = "^"
}

/// `if c { } else { }` or `match x { 1, 2 { } _ { } }`, as a statement or as a value.
package struct If: Sendable {
  /// The name that a present value gets: `if let ok = mask { }`.
  package var binding: Name?
  package var condition: ExpressionID
  package var then: Block
  package var otherwise: Block?
  /// What `match` compares with its cases, computed once; conditions call it `subjectName`.
  package var subject: ExpressionID?
  /// Whether it is a case of `match`.
  package var isCase = false

  /// No name that a program can write.
  package static let subjectName = "value matched"
}

package struct Block: Sendable {
  package var statements: [Statement]
  package var span: Span

  package init(statements: [Statement], span: Span) {
    self.statements = statements
    self.span = span
  }
}

/// A type as it is written.
package indirect enum TypeNode: Sendable {
  /// A kind, the argument of `index(...)`, and dims; a plain `int` has none.
  case tensor(kind: Name, argument: ExpressionID?, dims: [ExpressionID], Span)
  case tuple([TypeNode], Span)
  case list(TypeNode, Span)
  case optional(TypeNode, Span)

  package var span: Span {
    switch self {
    case .tensor(_, _, _, let span), .tuple(_, let span), .list(_, let span),
      .optional(_, let span):
      span
    }
  }
}

/// An input, a static or an argument: `x: real[B, C]`, `stride: int = 1`.
package struct Parameter: Sendable {
  package var name: Name
  package var type: TypeNode?
  package var standard: ExpressionID?
}

/// `D % heads == 0`, with the words for when it does not hold.
package struct Condition: Sendable {
  package var expression: ExpressionID
  package var message: [StringPart]?
}
