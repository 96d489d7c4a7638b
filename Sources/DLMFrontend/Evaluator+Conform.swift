import DLMShapes
import DLMSyntax

// What is given for a static or a plain parameter, held against the type that is declared for it.
extension Evaluator {
  /// The arguments of `owner` as the values that its parameters want.
  func conforming(
    _ bound: BoundArguments, to parameters: [Parameter], of owner: String, _ frame: inout Frame
  ) throws -> BoundArguments {
    var result = bound
    for parameter in parameters {
      let name = parameter.name.text
      guard let given = bound[name], let type = parameter.type, !given.value.isPlainly(type) else {
        continue
      }
      result[name]?.value = try conforming(given, to: type, name, of: owner, &frame)
    }
    return result
  }

  /// The value of one argument as `type` wants it: `Linear(C / 4)` is a width, `lr: 1` a real number.
  func conforming(
    _ given: Given, to type: TypeNode, _ name: String, of owner: String?, _ frame: inout Frame
  ) throws -> Value {
    if case .failed = given.value { throw Failure(nil) }
    if case .none = given.value, case .optional = type { return given.value }
    if let value = try conforming(given.value, to: type.withoutOption, given.place, &frame) {
      return value
    }
    throw Failure(
      .wrongArgument(name, of: owner, type.words, found: given.value.sort, frame.label(given.place))
    )
  }

  /// `nil` where the value is not of the type.
  func conforming(
    _ value: Value, to type: TypeNode, _ place: ExpressionID, _ frame: inout Frame
  ) throws -> Value? {
    switch type {
    case .optional(let inner, _):
      if case .none = value { return value }
      return try conforming(value, to: inner, place, &frame)
    case .list(let element, _):
      guard case .list(let items, let tensor) = value else { return nil }
      let places = frame.tree.items(of: place, count: items.count)
      var parts: [Value] = []
      for (item, place) in zip(items, places) {
        guard let part = try conforming(item, to: element, place, &frame) else { return nil }
        parts.append(part)
      }
      return .list(parts, tensor: tensor)
    case .tuple(let types, _):
      guard let items = value.elements, items.count == types.count else { return nil }
      let places = frame.tree.items(of: place, count: items.count)
      var parts: [Value] = []
      for (index, item) in items.enumerated() {
        guard let part = try conforming(item, to: types[index], places[index], &frame) else {
          return nil
        }
        parts.append(part)
      }
      return .tuple(parts)
    case .tensor(let kind, let argument, let dims, _):
      guard argument == nil, dims.isEmpty else { return value }
      return try conforming(value, toPlain: kind.text, place, &frame)
    }
  }

  private func conforming(
    _ value: Value, toPlain kind: String, _ place: ExpressionID, _ frame: inout Frame
  ) throws -> Value? {
    switch (kind, value) {
    case ("int", .int), ("ints", .int), ("bool", .bool), ("string", .string), ("fn", .function),
      ("fn", .builtin),
      ("fn", .instance), ("fn", .constructor), ("real", .int):
      return value
    case ("bool", .tensor(let tensor)):
      return tensor.isScalar && tensor.type.kind == .bool ? value : nil
    case ("real", .tensor(let tensor)):
      return tensor.isScalar && tensor.type.kind != .bool ? value : nil
    case ("int", .tensor(let tensor)), ("ints", .tensor(let tensor)):
      guard tensor.isScalar else { return nil }
      // `C / 4` is a width where it is wanted as one.
      if let dim = try exactDim(place, &frame) { return .int(dim) }
      if let known = tensor.known, let whole = Int(exactly: known) { return .int(Dim(whole)) }
      return tensor.type.kind.isReal ? nil : value
    case ("ints", .list), ("ints", .tuple): return value.asDims == nil ? nil : value
    case ("int", _), ("ints", _), ("bool", _), ("string", _), ("fn", _), ("real", _): return nil
    // Other words are kinds of tensors, or unknown: the pattern tells.
    default: return value
    }
  }

  /// The dim that an expression of whole numbers is, with what must divide.
  func exactDim(_ id: ExpressionID, _ frame: inout Frame) throws -> Dim? {
    guard let expression = try? frame.tree.dim(id) else { return nil }
    var names = frame.dims
    for name in expression.names where names[name] == nil {
      guard case .int(let dim)? = frame.scope[name]?.value else { return nil }
      names[name] = .dim(dim)
    }
    guard case (.dim(let dim), let requirements)? = try? expression.evaluated(with: names) else {
      return nil
    }
    for relation in requirements {
      switch frame.facts.decide(relation) {
      case .proved: break
      case .refuted:
        throw Failure(
          .doesNotDivide(frame.tree.text(id), relation.normal(frame.facts), frame.label(id)))
      case .deferred: require(relation, at: frame.label(id), &frame)
      }
    }
    return dim
  }
}

extension Value {
  /// Whether it is of a plain type as it stands.
  fileprivate func isPlainly(_ type: TypeNode) -> Bool {
    guard case .tensor(let kind, nil, let dims, _) = type, dims.isEmpty else { return false }
    switch self {
    case .int: return kind.text == "int" || kind.text == "ints" || kind.text == "real"
    case .bool: return kind.text == "bool"
    case .tensor(let tensor): return kind.text == "real" && tensor.isScalar && tensor.known != nil
    default: return false
    }
  }
}

extension Tree {
  /// The places of the items of a list or a tuple; the place of the whole where it is neither.
  fileprivate func items(of id: ExpressionID, count: Int) -> [ExpressionID] {
    switch self[id] {
    case .list(let items), .tuple(let items):
      items.count == count ? items : Array(repeating: id, count: count)
    default: Array(repeating: id, count: count)
    }
  }
}

extension TypeNode {
  /// What a message calls a value of it.
  fileprivate var words: String {
    switch self {
    case .optional(let inner, _): inner.words
    case .list(let element, _): "a list, each of it \(element.words)"
    case .tuple(let types, _): "a tuple of \(types.count)"
    case .tensor(let kind, _, _, _):
      switch kind.text {
      case "int": "a whole number"
      case "ints": "a whole number, or a list of them"
      case "real": "a number"
      case "bool": "`true` or `false`"
      case "string": "a string"
      case "fn": "a function"
      default: "`\(kind.text)`"
      }
    }
  }
}
