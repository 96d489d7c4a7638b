import DLMOperators
import DLMShapes
import DLMSyntax

// Functions that move elements to other places along axes that are named.
extension Builtin {
  /// `roll(x, 2, over: T)`: each element two places further, those at the end to the front.
  static func roll(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let (x, rest) = try walk.first(call, &frame)
    let options = try walk.labelled(rest, ["over"], of: call, &frame)
    guard options.plain.count == 1 else {
      throw Failure(
        .wrongCount(call.name, found: 1 + options.plain.count, expected: 2, frame.label(call.id)))
    }
    let axis = try walk.axis(options["over"], of: x, call, &frame)
    let shift = try walk.constant(try walk.int(options.plain[0], &frame), call.id, frame)
    let index = try walk.indices(into: x.type.dims[axis], count: x.type.dims[axis], call.id, frame)
    {
      place, length in
      let moved = (place - shift) % max(length, 1)
      return moved < 0 ? moved + length : moved
    }
    return .tensor(
      try walk.apply(operator: "gather", [x, index], ["axis": .axes([axis])], at: call.id, &frame))
  }

  /// `part(x, 1..<3, over: T)`: some places along an axis.
  static func part(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let (x, rest) = try walk.first(call, &frame)
    let options = try walk.labelled(rest, ["over"], of: call, &frame)
    guard options.plain.count == 1,
      case .range(let start, let end) = try walk.value(options.plain[0], &frame)
    else {
      throw Failure(.missingArgument("range", of: call.name, frame.label(call.id)))
    }
    let axis = try walk.axis(options["over"], of: x, call, &frame)
    return .tensor(
      try walk.slice(x, along: axis, from: start, count: end - start, call.id, &frame))
  }

  /// `split(x, [2, 3], over: T)`: parts of these lengths, which add up to that of the axis.
  static func split(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let (x, rest) = try walk.first(call, &frame)
    let options = try walk.labelled(rest, ["over"], of: call, &frame)
    guard options.plain.count == 1, case .list(let items) = frame.tree[options.plain[0]] else {
      throw Failure(.missingArgument("lengths", of: call.name, frame.label(call.id)))
    }
    let axis = try walk.axis(options["over"], of: x, call, &frame)
    let lengths = try walk.dims(items, &frame)
    let relation = Relation.equal(lengths.reduce(0, +), x.type.dims[axis])
    switch frame.facts.decide(relation) {
    case .proved: break
    case .refuted:
      throw Failure(
        .conditionFails(
          "the parts are \(lengths.reduce(0, +)) long, the axis \(x.type.dims[axis])",
          frame.label(options.plain[0])))
    case .deferred: walk.require(relation, at: frame.label(call.id), &frame)
    }
    var start = Dim(0)
    var parts: [Value] = []
    for length in lengths {
      parts.append(
        .tensor(try walk.slice(x, along: axis, from: start, count: length, call.id, &frame)))
      start = start + length
    }
    return .tuple(parts)
  }

  /// `pad(x, 1, over: [H, W], mode: "reflect")`; or `low: 1, high: 0` in place of one number.
  static func pad(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let (x, rest) = try walk.first(call, &frame)
    let options = try walk.labelled(
      rest, ["over", "low", "high", "value", "mode"], of: call, &frame)
    let axes = try walk.axes(options["over"] ?? .last, of: x, &frame)
    let both = options.plain.first.map { Option.expression($0) }
    let low = try (options["low"] ?? both).map { try walk.sizes($0, axes.count, &frame) } ?? []
    let high = try (options["high"] ?? both).map { try walk.sizes($0, axes.count, &frame) } ?? []
    let widths = try axes.indices.map { index -> (Int, Int) in
      let width = (low.isEmpty ? 0 : low[index], high.isEmpty ? 0 : high[index])
      guard min(width.0, width.1) >= 0 else {
        throw Failure(.conditionFails("`pad` takes no negative width", frame.label(call.id)))
      }
      return width
    }
    let mode = try walk.word(options["mode"], among: ["constant", "reflect", "edge"], call, &frame)
    if mode == "constant" {
      var dims = x.type.dims
      var starts = dims.map { _ in Dim(0) }
      for (axis, (low, high)) in zip(axes, widths) {
        starts[axis] = Dim(low)
        dims[axis] = try walk.bounded(dims[axis] + Dim(low) + Dim(high), at: call.id, frame)
      }
      let value = try options["value"].map { try walk.number($0, &frame) } ?? 0
      return .tensor(
        try walk.apply(
          operator: "pad", [x],
          ["low": .dims(starts), "dims": .dims(dims), "value": .real(value)], at: call.id, &frame))
    }
    var result = x
    for (axis, (low, high)) in zip(axes, widths) {
      let length = x.type.dims[axis]
      let least = Relation.atLeast(length, Dim(mode == "edge" ? 1 : max(low, high) + 1))
      guard frame.facts.decide(least) != .refuted else {
        throw Failure(
          .conditionFails(
            "padding of \(max(low, high)) is as long as the axis, \(length)", frame.label(call.id)))
      }
      if frame.facts.decide(least) == .deferred {
        walk.require(least, at: frame.label(call.id), &frame)
      }
      let index = try walk.indices(
        into: length, count: length + Dim(low + high), call.id, frame
      ) { place, length in
        let inside = min(max(place - low, 0), length - 1)
        let beyond = place - low - inside
        return mode == "edge" ? inside : inside - beyond
      }
      result = try walk.apply(
        operator: "gather", [result, index], ["axis": .axes([axis])], at: call.id, &frame)
    }
    return .tensor(result)
  }

  /// `one_hot(y)`, `one_hot(y, 10)`: 1 at the place that a label names, along a new last axis.
  static func oneHot(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let (y, rest) = try walk.first(call, &frame)
    let count: Dim
    if let given = rest.first {
      count = try walk.int(given.value, &frame)
    } else if case .index(let classes) = y.type.kind {
      count = classes
    } else {
      throw Failure(.missingArgument("classes", of: call.name, frame.label(call.id)))
    }
    let dims = y.type.dims + [count]
    let ones = try walk.apply(
      .constant, [], ["value": .real(1), "dims": .dims(y.type.dims)], at: call.id, &frame)
    var result = try walk.apply(
      operator: "place", [ones, y],
      ["dims": .dims(dims), "axis": .axes([dims.count - 1])], at: call.id, &frame)
    result.type.kind = .prob
    return .tensor(result)
  }

  /// `count(x, over: B)`: how many elements lie along some axes.
  static func count(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let options = try walk.options(call, ["over"], &frame)
    let axes = try walk.axes(options["over"], of: options.tensor, &frame)
    return .int(axes.reduce(Dim(1)) { $0 * options.tensor.type.dims[$1] })
  }

  /// `solve(a, b)`: b may be a vector, or columns.
  static func solve(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let options = try walk.options(call, [], &frame, operands: 2)
    let a = try walk.real(options.tensors[0], at: call.id, &frame)
    let b = try walk.real(options.tensors[1], at: call.id, &frame)
    guard b.type.dims.count == a.type.dims.count - 1 else {
      return .tensor(try walk.apply(operator: "solve", [a, b], at: call.id, &frame))
    }
    let column = try walk.apply(
      .reshape, [b], ["dims": .dims(b.type.dims + [1])], at: call.id, &frame)
    let x = try walk.apply(operator: "solve", [a, column], at: call.id, &frame)
    return .tensor(
      try walk.apply(.reshape, [x], ["dims": .dims(b.type.dims)], at: call.id, &frame))
  }
}
