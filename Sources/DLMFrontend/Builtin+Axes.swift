import DLMOperators
import DLMShapes
import DLMSyntax

// Functions that move, join and match axes by their names.
extension Builtin {
  /// `rearrange(x, [B, T, (heads K)] -> [B, heads, T, K])`: splits, moves and merges axes.
  static func rearrange(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let (x, rest) = try walk.first(call, &frame)
    guard rest.count == 1, case .rearrangement(let from, let to) = frame.tree[rest[0].value],
      case .list(let old) = frame.tree[from], case .list(let new) = frame.tree[to]
    else {
      throw Failure(
        .wrongCount(call.name, found: rest.count + 1, expected: 2, frame.label(call.id)))
    }
    guard old.count == x.type.dims.count else {
      throw Failure(.rankDiffers(old.count, x.type, frame.label(from)))
    }
    var names: [String] = []
    var dims: [Dim] = []
    let written = old.flatMap { frame.tree.names(of: $0) }
    for entry in new {
      for (name, place) in frame.tree.members(of: entry) where !written.contains(name) {
        let near = nearest(to: name, among: written)
        throw Failure(
          near == nil || frame.dims[name] != nil
            ? .newAxis(name, frame.label(place)) : .unknownName(name, near, frame.label(place)))
      }
    }
    for ((axis, entry), dim) in zip(old.enumerated(), x.type.dims) {
      let name = frame.tree.text(entry)
      if case .name = frame.tree[entry], case .dim(let stated)? = frame.dims[name],
        frame.facts.decide(.equal(stated, dim)) != .proved
      {
        throw Failure(.otherAxis(name, axis: axis, of: x.type, dim, frame.label(entry)))
      }
      for (name, part) in try walk.parts(of: entry, making: dim, &frame) {
        names.append(name)
        dims.append(part)
      }
    }
    let order = try new.flatMap { try names.positions(of: $0, frame) }
    if let lost = names.indices.first(where: { !order.contains($0) }) {
      throw Failure(.lostAxis(names[lost], frame.label(to)))
    }
    let merged = try new.map { entry in
      try names.positions(of: entry, frame).reduce(Dim(1)) { $0 * dims[$1] }
    }
    let split = try walk.apply(.reshape, [x], ["dims": .dims(dims)], at: call.id, &frame)
    let moved = try walk.transposed(split, order, at: call.id, &frame)
    return .tensor(try walk.apply(.reshape, [moved], ["dims": .dims(merged)], at: call.id, &frame))
  }

  /// `dot(a, b, over: K)`: axes with one symbol are matched, `K` is summed, the others follow in order.
  static func dot(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let options = try walk.options(call, ["over"], &frame, operands: 2)
    let a = try walk.real(options.tensors[0], at: call.id, &frame)
    let b = try walk.real(options.tensors[1], at: call.id, &frame)
    let summed = try walk.axes(options["over"] ?? .last, of: a, &frame)
    let other = try walk.axes(options["over"] ?? .last, of: b, &frame)
    guard summed.count == 1, other.count == 1 else {
      throw Failure(.noSharedAxis(summed.count, a.type, b.type, frame.label(call.id)))
    }
    walk.checkWeights(options.tensors[0], summedOver: summed[0], at: call.id, frame)
    walk.checkWeights(options.tensors[1], summedOver: other[0], at: call.id, frame)
    let (last, first) = (a.type.dims[summed[0]], b.type.dims[other[0]])
    guard frame.facts.decide(.equal(last, first)) != .refuted else {
      throw Failure(.cannotSum(a.type, last, b.type, first, frame.label(call.id)))
    }
    var (batchA, batchB) = ([Int](), [Int]())
    for (axis, dim) in a.type.dims.enumerated() where axis != summed[0] {
      let same = b.type.dims.indices.filter {
        $0 != other[0] && !batchB.contains($0) && b.type.dims[$0] == dim
      }
      // A length that is a number tells an axis only where no other has it.
      let twins = a.type.dims.indices.filter { $0 != summed[0] && a.type.dims[$0] == dim }
      let isClear = dim.constant == nil || same.count == 1 && twins.count == 1
      guard isClear, let match = same.first else { continue }
      batchA.append(axis)
      batchB.append(match)
    }
    let restA = a.type.dims.indices.filter { $0 != summed[0] && !batchA.contains($0) }
    let restB = b.type.dims.indices.filter { $0 != other[0] && !batchB.contains($0) }
    let batch = batchA.map { a.type.dims[$0] }
    let (rows, columns) = (restA.map { a.type.dims[$0] }, restB.map { b.type.dims[$0] })
    let left = try walk.transposed(a, batchA + restA + summed, at: call.id, &frame)
    let right = try walk.transposed(b, batchB + other + restB, at: call.id, &frame)
    let inner = a.type.dims[summed[0]]
    let matrix = try walk.apply(
      .reshape, [left], ["dims": .dims(batch + [rows.reduce(1, *), inner])], at: call.id, &frame)
    let weights = try walk.apply(
      .reshape, [right],
      ["dims": .dims(batch + [b.type.dims[other[0]], columns.reduce(1, *)])], at: call.id, &frame)
    let product = try walk.apply(operator: "matmul", [matrix, weights], at: call.id, &frame)
    return .tensor(
      try walk.apply(
        .reshape, [product], ["dims": .dims(batch + rows + columns)], at: call.id, &frame))
  }

  /// `concatenate(a, b, over: -1)`: one after the other along an axis; a list of tensors will do.
  static func concatenate(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let (tensors, option, isAnyNumber) = try walk.tensors(call, &frame)
    let axes = try walk.axes(option ?? .last, of: tensors[0], &frame)
    var result = try walk.apply(
      operator: "concatenate", tensors, ["axis": .axes(axes)], at: call.id, &frame)
    if isAnyNumber { axes.forEach { result.type.dims[$0] = Dim(walk.symbols.symbol("N")) } }
    return .tensor(result)
  }

  /// `stack(a, b, over: 0)`: side by side along a new axis at that place.
  static func stack(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let (tensors, option, isAnyNumber) = try walk.tensors(call, &frame)
    let place = try option.map { try walk.whole($0, &frame) } ?? 0
    var result = try walk.stacked(tensors, at: place, call.id, &frame)
    if isAnyNumber {
      let axis = place < 0 ? place + result.type.dims.count : place
      result.type.dims[axis] = Dim(walk.symbols.symbol("N"))
    }
    return .tensor(result)
  }

  /// `append(x, 1.0)`: a vector with one more element; of a list that is no table of numbers, a list.
  static func append(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let places = (call.piped == nil ? [] : [nil]) + call.arguments.map { Optional($0.value) }
    if places.count == 2, let last = places[1] {
      let list = try places[0].map { try walk.value($0, &frame) } ?? call.piped?.value
      if case .list(let items, _)? = list, items.isEmpty || !Value.list(items).isOfNumbers {
        return .list(items + [try walk.value(last, &frame)])
      }
      if case .anyNumber(let one)? = list {
        let new = try walk.value(last, &frame)
        return .anyNumber(
          of: try walk.joined(one, new, .branches, at: call.id, facts: frame.facts, frame))
      }
    }
    let options = try walk.options(call, [], &frame, operands: 2)
    let parts = try walk.promoted(
      Array(options.tensors[..<2]), at: call.id, &frame)
    let (vector, element) = (parts[0], parts[1])
    let last = try walk.apply(.reshape, [element], ["dims": .dims([1])], at: call.id, &frame)
    return .tensor(
      try walk.apply(
        operator: "concatenate", [vector, last], ["axis": .axes([0])], at: call.id, &frame))
  }

  /// `chunk(x, 4)`: parts of equal length along an axis, by default the last.
  static func chunk(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let (x, rest) = try walk.first(call, &frame)
    guard let number = rest.first(where: { $0.label == nil }), !x.isScalar else {
      throw Failure(.missingArgument("count", of: call.name, frame.label(call.id)))
    }
    let count = try walk.constant(try walk.int(number.value, &frame), number.value, frame)
    let over = rest.first { $0.label?.text == "over" }.map { Option.expression($0.value) }
    let axis = try walk.axes(over ?? .last, of: x, &frame).first ?? 0
    let length = x.type.dims[axis]
    let relation = Relation.divides(length, by: Dim(count))
    guard count > 0, frame.facts.decide(relation) != .refuted else {
      throw Failure(
        .conditionFails("\(length) is not a multiple of \(count)", frame.label(call.id)))
    }
    frame.facts.assume(relation)
    let part = frame.facts.normal(length.floorDivided(by: Dim(count)))
    return .tuple(
      try (0..<count).map { index in
        .tensor(
          try walk.slice(x, along: axis, from: part * Dim(index), count: part, call.id, &frame))
      })
  }

  /// `flip(x, over: T)`: the places along some axes in the other order.
  static func flip(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let options = try walk.options(call, ["over"], &frame)
    let axes = try walk.axes(options["over"] ?? .last, of: options.tensor, &frame)
    return .tensor(
      try walk.apply(
        operator: "reverse", [options.tensor], ["axes": .axes(axes)], at: call.id, &frame))
  }

  /// `squeeze(x, over: 1)`: without an axis of length 1.
  static func squeeze(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let options = try walk.options(call, ["over"], &frame)
    let axes = try walk.axes(options["over"] ?? .last, of: options.tensor, &frame)
    let dims = options.tensor.type.dims
    for axis in axes where frame.facts.decide(.equal(dims[axis], 1)) != .proved {
      throw Failure(
        .conditionFails("axis \(axis) of \(options.tensor.type) is not 1", frame.label(call.id)))
    }
    let kept = dims.indices.filter { !axes.contains($0) }.map { dims[$0] }
    return .tensor(
      try walk.apply(.reshape, [options.tensor], ["dims": .dims(kept)], at: call.id, &frame))
  }

  /// `last(x, over: T)`: the last place along an axis, which goes.
  static func last(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let options = try walk.options(call, ["over"], &frame)
    let axis = try walk.axes(options["over"] ?? .last, of: options.tensor, &frame).first ?? 0
    let dims = options.tensor.type.dims
    guard dims.indices.contains(axis) else {
      throw Failure(.notATensor("a number", frame.label(call.id)))
    }
    return .tensor(
      try walk.element(options.tensor, along: axis, at: dims[axis] - 1, call.id, &frame))
  }
}

extension Evaluator {
  /// Names and dims that an entry of a rearrangement splits `dim` into.
  fileprivate func parts(of entry: ExpressionID, making dim: Dim, _ frame: inout Frame) throws
    -> [(name: String, dim: Dim)]
  {
    guard case .group(let members) = frame.tree[entry] else {
      return [(frame.tree.text(entry), dim)]
    }
    var known = Dim(1)
    var open: Int?
    var parts: [(name: String, dim: Dim)] = []
    for (index, member) in members.enumerated() {
      let name = frame.tree.text(member)
      if case .dim(let value)? = frame.dims[name] {
        known = known * value
        parts.append((name, value))
      } else if let value = Int(name) {
        known = known * Dim(value)
        parts.append((name, Dim(value)))
      } else if open == nil {
        open = index
        parts.append((name, 0))
      } else {
        let others = [members[open ?? index], member].map { frame.tree.text($0) }
        throw Failure(.openSplit(dim, others, frame.label(entry)))
      }
    }
    if let open {
      let relation = Relation.divides(dim, by: known)
      guard frame.facts.decide(relation) != .refuted else {
        throw Failure(.conditionFails("\(dim) is not a multiple of \(known)", frame.label(entry)))
      }
      frame.facts.assume(relation)
      parts[open].dim = frame.facts.normal(dim.floorDivided(by: known))
    }
    return parts
  }

  func transposed(
    _ tensor: TensorValue, _ order: [Int], at place: ExpressionID, _ frame: inout Frame
  ) throws -> TensorValue {
    if order == Array(order.indices) { return tensor }
    return try apply(operator: "transpose", [tensor], ["axes": .axes(order)], at: place, &frame)
  }

  /// Operands of a function of any number of tensors, and its `over:`.
  fileprivate func tensors(_ call: Call, _ frame: inout Frame) throws -> (
    [TensorValue], over: Option?, isAnyNumber: Bool
  ) {
    var isAnyNumber = false
    var tensors = try call.piped.map { [try tensor(from: $0.value, $0.place, frame)] } ?? []
    var over: Option?
    for argument in call.arguments {
      if let label = argument.label {
        guard label.text == "over" else {
          throw Failure(.unknownOption(label.text, of: call.name, "over", frame.label(label.span)))
        }
        over = .expression(argument.value)
      } else if case .list(let items, _) = try value(argument.value, &frame),
        items.contains(where: { if case .tensor(let part) = $0 { !part.isScalar } else { false } })
          || call.isOfOne && !items.isEmpty && items.allSatisfy({ $0.elements != nil })
      {
        tensors += try items.map { try tensor(from: $0, argument.value, frame) }
      } else if case .anyNumber(let one) = try value(argument.value, &frame) {
        isAnyNumber = true
        tensors.append(try tensor(from: one, argument.value, frame))
      } else {
        tensors.append(try tensor(argument.value, &frame))
      }
    }
    guard !tensors.isEmpty else {
      throw Failure(.wrongCount(call.name, found: 0, expected: 1, frame.label(call.id)))
    }
    return (tensors, over, isAnyNumber)
  }

  /// Tensors of one shape side by side along a new axis at `place`.
  func stacked(
    _ tensors: [TensorValue], at place: Int, _ id: ExpressionID, _ frame: inout Frame
  ) throws -> TensorValue {
    let rank = tensors[0].type.dims.count
    let axis = place < 0 ? place + rank + 1 : place
    guard (0...rank).contains(axis) else {
      throw Failure(.noElement(place, of: rank + 1, frame.label(id)))
    }
    let rows = try tensors.map { tensor in
      var dims = tensor.type.dims
      let fits = zip(dims, tensors[0].type.dims).allSatisfy {
        frame.facts.decide(.equal($0, $1)) != .refuted
      }
      guard dims.count == rank, fits else {
        throw Failure(.cannotStack(tensors[0].type, tensor.type, frame.label(id)))
      }
      dims.insert(1, at: axis)
      return try apply(.reshape, [tensor], ["dims": .dims(dims)], at: id, &frame)
    }
    return try apply(operator: "concatenate", rows, ["axis": .axes([axis])], at: id, &frame)
  }

  /// `count` places along an axis, from `start` on.
  func slice(
    _ tensor: TensorValue, along axis: Int, from start: Dim, count: Dim, _ id: ExpressionID,
    _ frame: inout Frame
  ) throws -> TensorValue {
    let rank = tensor.type.dims.count
    var starts = [Dim](repeating: 0, count: rank)
    var dims = tensor.type.dims
    starts[axis] = start
    dims[axis] = count
    return try apply(
      operator: "slice", [tensor],
      [
        "starts": .dims(starts), "dims": .dims(dims),
        "steps": .dims(Array(repeating: 1, count: rank)),
      ], at: id, &frame)
  }

  /// One place along an axis, which goes.
  func element(
    _ tensor: TensorValue, along axis: Int, at index: Dim, _ id: ExpressionID,
    _ frame: inout Frame
  ) throws -> TensorValue {
    let cut = try slice(tensor, along: axis, from: index, count: 1, id, &frame)
    var dims = tensor.type.dims
    dims.remove(at: axis)
    return try apply(.reshape, [cut], ["dims": .dims(dims)], at: id, &frame)
  }
}

extension Tree {
  /// The names of an entry of a rearrangement, with their places.
  fileprivate func members(of entry: ExpressionID) -> [(name: String, place: ExpressionID)] {
    let members: [ExpressionID] = if case .group(let all) = self[entry] { all } else { [entry] }
    return members.map { (text($0), $0) }
  }

  fileprivate func names(of entry: ExpressionID) -> [String] { members(of: entry).map(\.name) }
}

extension [String] {
  /// Where the names of an entry of a rearrangement stand.
  fileprivate func positions(of entry: ExpressionID, _ frame: Frame) throws -> [Int] {
    let members: [ExpressionID] =
      if case .group(let members) = frame.tree[entry] { members } else { [entry] }
    return try members.map { member in
      let name = frame.tree.text(member)
      guard let position = firstIndex(of: name) else {
        throw Failure(.unknownName(name, nearest(to: name, among: self), frame.label(member)))
      }
      return position
    }
  }
}

extension Call {
  /// Whether it has one argument without a label: a list of what is joined.
  fileprivate var isOfOne: Bool { piped == nil && arguments.filter { $0.label == nil }.count == 1 }
}
