import DLMShapes
import DLMTensor

extension Signature {
  /// The signature that `text` is.
  ///
  /// - Throws: `ReadingError` where it is none.
  package init(_ text: String) throws(ReadingError) {
    var reader = FormulaReader(text)
    self = try reader.readSignature()
    try reader.expectEnd()
  }
}

extension TypePattern {
  /// The type that `text` is.
  ///
  /// - Throws: `ReadingError` where it is none.
  package init(_ text: String) throws(ReadingError) {
    var reader = FormulaReader(text)
    self = try reader.readType()
    try reader.expectEnd()
  }
}

extension FormulaReader {
  /// `signature = "(" [ operands ] [ ";" attributes ] ")" [ "->" type ] [ "where" conditions ]`
  mutating func readSignature() throws(ReadingError) -> Signature {
    var signature = Signature(
      operands: [], isVariadic: false, attributes: [], result: nil, conditions: [])
    try expect("(")
    while text != ";", text != ")" {
      if !signature.operands.isEmpty { try expect(",") }
      signature.isVariadic = take("...") || signature.isVariadic
      let name = try readName()
      try expect(":")
      signature.operands.append(Signature.Operand(name: name, type: try readType()))
    }
    if take(";") {
      repeat { signature.attributes.append(try readAttribute()) } while take(",")
    }
    try expect(")")
    if take("->") { signature.result = try readType() }
    if take("where") {
      repeat { signature.conditions.append(try readCondition()) } while take(",")
    }
    return signature
  }

  /// `type = ( kind [ dims ] | "(" type { "," type } ")" ) [ "?" ]`
  package mutating func readType() throws(ReadingError) -> TypePattern {
    var type: TypePattern
    if take("(") {
      var members = [try readType()]
      while take(",") { members.append(try readType()) }
      try expect(")")
      type = members.count == 1 ? members[0] : .tuple(members)
    } else {
      let kind = try readKind()
      type = .tensor(kind, text == "[" ? try readDims() : [])
    }
    while take("?") { type = .optional(type) }
    return type
  }

  /// ```
  /// kind = "real" | "int" | "bool" | "logit" | "prob" | "logprob" | "index" "(" dim ")"
  ///      | "f32" | "f64" | "i32" | "i64" | "u8" | "number" | "any"
  /// ```
  private mutating func readKind() throws(ReadingError) -> KindPattern {
    let wrong = failure("a kind")
    let name = try readName()
    switch name {
    case "real": return .kind(.real)
    case "logit": return .kind(.logit)
    case "prob": return .kind(.prob)
    case "logprob": return .kind(.logprob)
    case "int": return .kind(.int)
    case "u8": return .kind(.u8)
    case "bool": return .kind(.bool)
    case "number": return .number
    case "any": return .any
    case "index":
      try expect("(")
      let count = try readDim()
      try expect(")")
      return .index(count)
    default:
      guard let type = ElementType.allCases.first(where: { $0.description == name }) else {
        throw wrong
      }
      return .element(type)
    }
  }

  /// `dims = "[" [ entry { "," entry } ] "]"`, at most one entry of them a pack.
  package mutating func readDims() throws(ReadingError) -> [DimPattern] {
    var dims: [DimPattern] = []
    try expect("[")
    while !take("]") {
      if !dims.isEmpty { try expect(",") }
      let second = failure("one pack at most")
      let entry = try readDimEntry()
      guard !entry.isPack || !dims.contains(where: \.isPack) else { throw second }
      dims.append(entry)
    }
    return dims
  }

  /// `entry = "_" | "..." [ dim ] | dim`
  private mutating func readDimEntry() throws(ReadingError) -> DimPattern {
    if take("_") { return .wildcard }
    guard take("...") else { return .single(try readDim()) }
    return text == "," || text == "]" ? .rest : .pack(try readDim())
  }

  /// `dim = sum`, of what `DimExpression` knows.
  package mutating func readDim() throws(ReadingError) -> DimExpression {
    let wrong = failure("a dim")
    guard let dim = DimExpression(try readSum()) else { throw wrong }
    return dim
  }

  /// `condition = dim ( "==" | "!=" | ">=" | "<=" | ">" | "<" ) dim`
  private mutating func readCondition() throws(ReadingError) -> DimCondition {
    let wrong = failure("a condition on dims")
    guard case .apply(let operation, let a, let b) = try readFormula() else { throw wrong }
    if operation == .equal, b == .number(0), case .apply(.modulo, let p, let q) = a,
      let dividend = DimExpression(p), let divisor = DimExpression(q)
    {
      return DimCondition(
        comparison: .divides, left: dividend, right: divisor, text: "\(dividend) % \(divisor) == 0")
    }
    guard let comparison = DimCondition.Comparison(rawValue: operation.rawValue),
      comparison != .divides, let left = DimExpression(a), let right = DimExpression(b)
    else { throw wrong }
    return DimCondition(
      comparison: comparison, left: left, right: right,
      text: "\(left) \(comparison.rawValue) \(right)")
  }

  /// `attribute = name ":" attributeType [ "=" ( number | elementType | "true" | "false" ) ]`
  private mutating func readAttribute() throws(ReadingError) -> Signature.AttributeDeclaration {
    let name = try readName()
    try expect(":")
    let type = try readAttributeType()
    let standard = take("=") ? try readStandard(of: type) : nil
    return Signature.AttributeDeclaration(name: name, type: type, standard: standard)
  }

  private mutating func readAttributeType() throws(ReadingError) -> AttributeType {
    if text == "[" { return .dims(try readDims()) }
    let wrong = failure("the type of an attribute")
    switch try readName() {
    case "int": return .int
    case "real": return .real
    case "bool": return .bool
    case "type": return .type
    case "window": return .window
    case "stream": return .stream
    case "axis": return .axis
    case "axes": return .axes
    default: throw wrong
    }
  }

  private mutating func readStandard(of type: AttributeType) throws(ReadingError) -> Attribute {
    let wrong = failure("a value for the attribute")
    switch type {
    case .bool:
      if take("true") { return .bool(true) }
      if take("false") { return .bool(false) }
      throw wrong
    case .type:
      guard case .element(let element) = try readKind() else { throw wrong }
      return .elementType(element)
    case .real, .int, .dims:
      guard case .number(let value) = try readSum() else { throw wrong }
      if type == .real { return .real(value) }
      guard let whole = Int(exactly: value) else { throw wrong }
      // A single number stands for one an axis; whoever applies the operator knows how many.
      return .dim(Dim(whole))
    case .window, .stream, .axis, .axes: throw wrong
    }
  }
}

extension DimExpression {
  /// A formula as a dim; `nil` where it has what dims do not: fractions, comparisons, other
  /// functions.
  package init?(_ formula: Formula) {
    switch formula {
    case .number(let value):
      guard let whole = Int(exactly: value) else { return nil }
      self = .integer(whole)
    case .name(let name): self = .name(name)
    case .negate(let operand):
      guard let operand = DimExpression(operand) else { return nil }
      self = .apply(.subtract, .integer(0), operand)
    case .apply(.power, let base, .number(let exponent)):
      guard let base = DimExpression(base), let count = Int(exactly: exponent),
        (0...16).contains(count)
      else { return nil }
      let factors = [DimExpression](repeating: base, count: count)
      self = factors.dropFirst().reduce(factors.first ?? .integer(1)) { .apply(.multiply, $0, $1) }
    case .apply(let operation, let a, let b):
      guard let operation = Operation(rawValue: operation.rawValue), let a = DimExpression(a),
        let b = DimExpression(b)
      else { return nil }
      self = .apply(operation, a, b)
    case .call(let name, let arguments):
      let operands = arguments.compactMap { $0.label == nil ? DimExpression($0.value) : nil }
      guard operands.count == arguments.count else { return nil }
      switch (name, operands.count) {
      case ("prod", 1): self = .product(operands[0])
      case ("min", 2): self = .apply(.minimum, operands[0], operands[1])
      case ("max", 2): self = .apply(.maximum, operands[0], operands[1])
      case ("ceil", 1):
        // ⌈a / b⌉ = -⌊-a / b⌋
        guard case .apply(.divide, let a, let b) = operands[0] else { return nil }
        let negated = DimExpression.apply(.subtract, .integer(0), a)
        self = .apply(.subtract, .integer(0), .apply(.floorDivide, negated, b))
      default: return nil
      }
    }
  }
}
