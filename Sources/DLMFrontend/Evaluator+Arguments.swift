import DLMOperators
import DLMShapes
import DLMSyntax
import DLMTensor

/// An argument of a builtin, not yet evaluated.
enum Option {
  case expression(ExpressionID)
  /// The last axis.
  case last
}

/// Tensors and labelled arguments of a builtin.
struct Options {
  var tensors: [TensorValue]
  var labelled: [String: Option]

  var tensor: TensorValue { tensors[0] }

  subscript(name: String) -> Option? { labelled[name] }
}

// Arguments as what a function wants them to be.
extension Evaluator {
  func options(
    _ call: Call, _ names: [String], _ frame: inout Frame, operands count: Int = 1
  ) throws -> Options {
    var options = Options(tensors: [], labelled: [:])
    if let piped = call.piped {
      options.tensors.append(try tensor(from: piped.value, piped.place, frame))
    }
    for argument in call.arguments {
      if let label = argument.label {
        guard names.contains(label.text) else {
          throw Failure(
            .unknownOption(
              label.text, of: call.name, nearest(to: label.text, among: names),
              frame.label(label.span)))
        }
        options.labelled[label.text] = .expression(argument.value)
      } else {
        options.tensors.append(try tensor(argument.value, &frame))
      }
    }
    guard options.tensors.count == count else {
      throw Failure(
        .wrongCount(call.name, found: options.tensors.count, expected: count, frame.label(call.id)))
    }
    return options
  }

  /// The first argument, piped or written, and the others.
  func first(_ call: Call, _ frame: inout Frame) throws -> (TensorValue, [Argument]) {
    if let piped = call.piped {
      return (try tensor(from: piped.value, piped.place, frame), call.arguments)
    }
    guard let first = call.arguments.first else {
      throw Failure(.wrongCount(call.name, found: 0, expected: 1, frame.label(call.id)))
    }
    return (try tensor(first.value, &frame), Array(call.arguments.dropFirst()))
  }

  /// The tensor at `id`.
  package func tensor(_ id: ExpressionID, _ frame: inout Frame) throws -> TensorValue {
    try tensor(from: try value(id, &frame), id, frame)
  }

  /// A value as a tensor: numbers, and lists of numbers or of lists of one length.
  func tensor(from value: Value, _ id: ExpressionID, _ frame: Frame) throws -> TensorValue {
    switch value {
    case .tensor(let tensor): return tensor
    case .int(let dim): return number(dim, frame)
    case .bool(let known):
      return TensorValue(written: .bool, known.map { $0 ? 1 : 0 })
    case .list(_, let tensor?): return tensor
    case .list(let items, nil):
      if !value.isBound, let tensor = try literal(items) { return tensor }
      // Numbers that were computed, side by side.
      guard let parts = try? items.map({ try tensor(from: $0, id, frame) }) else {
        throw Failure(.notATensor(value.sort, frame.label(id)))
      }
      if let odd = parts.firstIndex(where: { !$0.type.fits(parts[0].type, frame.facts) }) {
        throw Failure(
          .raggedList(parts[0].type, parts[odd].type, number: odd, frame.label(id)))
      }
      guard value.isOfNumbers else {
        let hasTensors = parts.contains { !$0.isScalar }
        throw Failure(
          hasTensors
            ? .listOfTensors(frame.tree.text(id), frame.label(id))
            : .notATensor(value.sort, frame.label(id)))
      }
      var inner = frame
      return try stacked(try promoted(parts, at: id, &inner), at: 0, id, &inner)
    case .failed: throw Failure(nil)
    default: throw Failure(.notATensor(value.sort, frame.label(id)))
    }
  }

  /// Lists of numbers or of truth values of the text, or of lists of one length, as a tensor; `nil` where
  /// they are not that.
  ///
  /// - Parameter type: of the elements; `f32`, `i32` or `bool` where it is not given.
  package func literal(_ items: [Value], as type: ElementType? = nil) throws -> TensorValue? {
    var numbers: [Double] = []
    var kind: Kind?
    guard let dims = literal(items, &numbers, &kind) else { return nil }
    let type = type ?? (kind ?? .int).element
    var tensor = TensorValue(TensorType(type.kind, dims.map { Dim($0) }, type))
    tensor.handle = try machine?.constant(numbers, dims: dims, type)
    return tensor
  }

  /// Whether a list is one of numbers of the text, or of lists of one length of them.
  func isLiteral(_ items: [Value]) -> Bool {
    var numbers: [Double] = []
    var kind: Kind?
    return literal(items, &numbers, &kind) != nil
  }

  /// The dims of nested lists of numbers, whose numbers it collects; truth values count as 0 and 1, and
  /// do not mix with numbers.
  private func literal(_ items: [Value], _ numbers: inout [Double], _ kind: inout Kind?) -> [Int]? {
    var inner: [Int]?
    for item in items {
      let dims: [Int]
      switch item {
      case .int(let dim):
        guard let value = dim.constant else { return nil }
        guard kind != .bool else { return nil }
        numbers.append(Double(value))
        kind = kind ?? .int
        dims = []
      case .bool(let known?):
        guard kind == nil || kind == .bool else { return nil }
        numbers.append(known ? 1 : 0)
        kind = .bool
        dims = []
      case .tensor(let tensor):
        guard tensor.isScalar, let known = tensor.known, kind != .bool else { return nil }
        numbers.append(known)
        kind = .real
        dims = []
      case .list(let parts, _), .tuple(let parts):
        guard let found = literal(parts, &numbers, &kind) else { return nil }
        dims = found
      default: return nil
      }
      if let inner, inner != dims { return nil }
      inner = dims
    }
    return [items.count] + (inner ?? [])
  }

  /// A whole number as a number: known if its dim is.
  func number(_ dim: Dim, _ frame: Frame) -> TensorValue {
    TensorValue(written: .int, frame.facts.normal(dim).constant.map(Double.init))
  }

  /// A whole number as a dim.
  package func int(_ id: ExpressionID, _ frame: inout Frame) throws -> Dim {
    let value = try value(id, &frame)
    if case .int(let dim) = value { return dim }
    if case .tensor(let tensor) = value, let known = tensor.known, let whole = Int(exactly: known) {
      return Dim(whole)
    }
    throw Failure(.notWhole(value.sort, frame.label(id)))
  }

  package func constant(_ dim: Dim, _ id: ExpressionID, _ frame: Frame) throws -> Int {
    let normal = frame.facts.normal(dim)
    guard let value = normal.constant else {
      // What a body that nothing calls leaves open is known at each use.
      if alone != nil || normal.symbols.isSubset(of: staticSymbols) { throw Failure(nil) }
      throw Failure(.openCount("\(dim)", frame.label(id)))
    }
    return value
  }

  /// Whole numbers that the text lists must be below `count`, and 0 or more.
  func checkBelow(_ count: Dim, _ id: ExpressionID, _ frame: inout Frame) throws {
    if case .list(let items) = frame.tree[id] {
      for item in items { try checkBelow(count, item, &frame) }
      return
    }
    guard let count = frame.facts.normal(count).constant, case .integer(let value) = frame.tree[id],
      value >= count
    else { return }
    throw Failure(.labelOutside(value, count, frame.label(id)))
  }

  /// The same numbers, of which a run finds those that are not below `count`.
  func below(_ count: Dim, _ x: TensorValue, at id: ExpressionID, _ frame: inout Frame) throws
    -> TensorValue
  {
    if case .index(let own) = x.type.kind, frame.facts.decide(.atLeast(count, own)) == .proved {
      return x
    }
    guard machine != nil, x.known == nil else { return x }
    let numbers = try apply(
      operator: "iota", [], ["dims": .dims([count]), "axis": .axes([0])], at: id, &frame)
    let index =
      x.type.kind == .int
      ? x : try apply(.cast, [x], ["type": .elementType(.i32)], at: id, &frame)
    return try apply(operator: "gather", [numbers, index], ["axis": .axes([0])], at: id, &frame)
  }

  func whole(_ option: Option, _ frame: inout Frame) throws -> Int {
    guard case .expression(let id) = option else { return -1 }
    return try constant(try int(id, &frame), id, frame)
  }

  func flag(_ option: Option, _ frame: inout Frame) throws -> Bool {
    guard case .expression(let id) = option else { return false }
    guard case .bool(let known?) = try value(id, &frame) else {
      throw Failure(.notACondition("something open", frame.label(id)))
    }
    return known
  }

  /// One size for each of `rank` axes; a single one is for all.
  func sizes(_ option: Option, _ rank: Int, _ frame: inout Frame) throws -> [Int] {
    guard case .expression(let id) = option else { return [] }
    guard let dims = try value(id, &frame).asDims?.dims else {
      throw Failure(.notWhole("this", frame.label(id)))
    }
    let numbers = try dims.map { try constant($0, id, frame) }
    return numbers.count == 1 ? Array(repeating: numbers[0], count: rank) : numbers
  }

  func window(_ size: [Int], _ options: Options, _ id: ExpressionID, _ frame: inout Frame) throws
    -> Window
  {
    let rank = options.tensor.type.dims.count - 2
    let stride = try options["stride"].map { try sizes($0, rank, &frame) }
    let pad = try options["pad"].map { try sizes($0, rank, &frame) }
    let dilation = try options["dilation"].map { try sizes($0, rank, &frame) }
    guard (1...3).contains(rank) else {
      throw Failure(.nowhereToSlide(options.tensor.type, frame.label(id)))
    }
    let ones = [Int](repeating: 1, count: rank)
    let zeros = [Int](repeating: 0, count: rank)
    guard size.count == rank, (stride ?? ones).count == rank, (pad ?? zeros).count == rank,
      (dilation ?? ones).count == rank
    else {
      throw Failure(
        .conditionFails(
          "the window has \(size.count) sizes, but there are \(rank) axes to slide along",
          frame.label(id)))
    }
    return Window(
      size: size, stride: stride ?? ones, low: pad ?? zeros, high: pad ?? zeros,
      dilation: dilation ?? ones)
  }

  /// Keeps the kind of whole numbers, for reductions that go on with them.
  func real(kept tensor: TensorValue, at id: ExpressionID, _ frame: inout Frame) throws
    -> TensorValue
  {
    switch tensor.type.kind {
    case .bool, .u8: return try real(tensor, at: id, &frame)
    case .real, .logit, .prob, .logprob, .int, .index: return tensor
    }
  }

  /// Positions of the axes that `over:` names, all of them if it is not there.
  func axes(_ option: Option?, of tensor: TensorValue, _ frame: inout Frame) throws -> [Int] {
    let rank = tensor.type.dims.count
    switch option {
    case nil: return Array(0..<rank)
    case .last?: return rank > 0 ? [rank - 1] : []
    case .expression(let id)?: return try axes(id, of: tensor, frame.tree, &frame)
    }
  }

  /// Axes that a parameter typed `axes` gets, named by its caller or by its standard value.
  func axes(
    _ given: Given?, or standard: ExpressionID?, of tensor: TensorValue?, _ outer: Frame,
    _ inner: inout Frame
  ) throws -> [Int] {
    guard let tensor else { return [] }
    var outer = outer
    if let given { return try axes(given.place, of: tensor, outer.tree, &outer) }
    return try standard.map { try axes($0, of: tensor, inner.tree, &inner) }
      ?? Array(tensor.type.dims.indices)
  }

  private func axes(
    _ id: ExpressionID, of tensor: TensorValue, _ tree: Tree, _ frame: inout Frame
  ) throws -> [Int] {
    let dims = tensor.type.dims
    if case .allBut(let kept) = tree[id] {
      let excluded = try kept.flatMap { try axes($0, of: tensor, tree, &frame) }
      return dims.indices.filter { !excluded.contains($0) }
    }
    if case .list(let items) = tree[id] {
      return try items.flatMap { try axes($0, of: tensor, tree, &frame) }
    }
    if case .name(let name) = tree[id], case .dim(let dim)? = frame.dims[name],
      frame.scope[name] == nil
    {
      let found = dims.indices.filter { dims[$0] == dim }
      if found.count == 1 { return found }
      throw Failure(.noSuchAxis(name, tensor.type, count: found.count, frame.label(id)))
    }
    switch try value(id, &frame) {
    case .axes(let axes): return axes
    case .int(let dim):
      let position = try constant(dim, id, frame)
      let axis = position < 0 ? position + dims.count : position
      guard dims.indices.contains(axis) else {
        if case .name(let name) = tree[id] {
          let named = dims.indices.filter { frame.facts.decide(.equal(dims[$0], dim)) == .proved }
          throw Failure(
            .positionByName(
              name, position, tensor.type, named.count == 1 ? named[0] : nil, frame.label(id)))
        }
        throw Failure(.noSuchAxis("\(position)", tensor.type, count: 0, frame.label(id)))
      }
      return [axis]
    case let other: throw Failure(.notWhole(other.sort, frame.label(id)))
    }
  }
}

extension TensorType {
  /// Whether nothing says that the dims of two types differ.
  fileprivate func fits(_ other: TensorType, _ facts: Facts) -> Bool {
    dims.count == other.dims.count
      && zip(dims, other.dims).allSatisfy { facts.decide(.equal($0, $1)) != .refuted }
  }
}
