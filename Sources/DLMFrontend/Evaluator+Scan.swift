import DLMOperators
import DLMShapes
import DLMSyntax

// `scan`: a body walked along an axis, with what it carries from place to place.
extension Evaluator {
  /// `scan xt in x over T, carry (h, c) = (h0, c0) { ...; emit h }`
  ///
  /// - Returns: what `emit` gave at each place, side by side along the axis; what is carried at the end
  ///   where nothing was emitted.
  func scan(_ scan: Scan, _ frame: inout Frame) throws -> Value {
    let sequence = try tensor(scan.sequence, &frame)
    let axis = try scannedAxis(scan, of: sequence, &frame)
    let length = sequence.type.dims[axis]
    guard frame.facts.decide(.atLeast(length, 1)) != .refuted else {
      throw Failure(
        .conditionFails(
          "`scan` goes over axis \(axis) of \(sequence.type), which has no places",
          frame.label(scan.sequence)))
    }
    let outer = frame.scope
    defer { frame.scope = outer }
    frame.scope = Scope(around: outer)
    var types: [TensorType] = []
    if let carry = scan.carry {
      let first = try value(carry.initial, &frame)
      types = first.tensorTypes
      try define(carry.pattern, first, isVariable: true, carry.initial, &frame)
    }
    let around = (emitted, isInScan)
    (emitted, isInScan) = ([], true)
    defer { (emitted, isInScan) = around }
    let count = frame.facts.normal(length).constant
    if let count, let value = try recurrence(scan, sequence, axis, count, &frame) {
      publish(scan, frame.scope, to: outer)
      return value
    }
    let before = cost
    defer {
      if let before, let walked = cost {
        cost = before.adding(walked, times: frame.facts.normal(length))
      }
    }
    // While checking, one place stands for all: what is carried must come out as it went in. Where its
    // elements get wider there, they are so at all others: a second place stands for those.
    for place in 0..<(machine == nil ? 2 : count ?? 0) {
      let element = try element(
        sequence, along: axis, at: machine == nil ? 0 : Dim(place), scan.sequence, &frame)
      let inner = frame.scope
      frame.scope = Scope(around: inner)
      defer { frame.scope = inner }
      cost = before.map { _ in Cost() }
      try define(scan.pattern, .tensor(element), isVariable: false, scan.sequence, &frame)
      var result: Value = .none
      _ = try walk(scan.body, &frame, result: &result)
      let now = try checkCarried(scan, types, frame)
      guard machine == nil else { continue }
      if place > 0 || now.map(\.element) == types.map(\.element) { break }
      (types, emitted) = (now, [])
    }
    publish(scan, frame.scope, to: outer)
    guard let first = emitted.first else {
      return try scan.carry.map { try carried($0.pattern, frame) } ?? .none
    }
    if machine == nil {
      var type = first.type
      type.dims.insert(length, at: min(axis, type.dims.count))
      var joined = TensorValue(type, origin: first.origin)
      joined.reach = emitted.reduce(nil) { .join($0, $1.reach) }
      return .tensor(joined)
    }
    var joined = try stacked(
      emitted, at: min(axis, first.type.dims.count), scan.sequence, &frame)
    joined.type.dims[min(axis, first.type.dims.count)] = length
    return .tensor(joined)
  }

  /// What was carried last is known behind the loop.
  private func publish(_ scan: Scan, _ inner: Scope, to outer: Scope) {
    for name in scan.carry?.pattern.names ?? [] {
      if let slot = inner[name] { outer.define(name, slot.value) }
    }
  }

  private func scannedAxis(_ scan: Scan, of sequence: TensorValue, _ frame: inout Frame) throws
    -> Int
  {
    let axes = try axes(.expression(scan.axis), of: sequence, &frame)
    guard axes.count == 1 else {
      throw Failure(
        .noSuchAxis(
          frame.tree.text(scan.axis), sequence.type, count: axes.count, frame.label(scan.axis)))
    }
    return axes[0]
  }

  /// What is carried on, whose shapes must be those of `types`.
  @discardableResult
  func checkCarried(_ scan: Scan, _ types: [TensorType], _ frame: Frame) throws -> [TensorType] {
    guard let carry = scan.carry else { return [] }
    let now = try carried(carry.pattern, frame).tensorTypes
    for (before, after) in zip(types, now) {
      let fits =
        before.dims.count == after.dims.count
        && zip(before.dims, after.dims).allSatisfy {
          frame.facts.decide(.equal($0, $1)) != .refuted
        }
      if !fits {
        throw Failure(
          .changesShape(
            carry.pattern.names.joined(separator: ", "), before, after,
            frame.label(carry.initial)))
      }
    }
    return now
  }

  /// The values that the names of a pattern have now.
  func carried(_ pattern: Pattern, _ frame: Frame) throws -> Value {
    switch pattern {
    case .name(let name): frame.scope[name.text]?.value ?? .none
    case .tuple(let parts, _): .tuple(try parts.map { try carried($0, frame) })
    }
  }
}

extension Value {
  fileprivate var tensorTypes: [TensorType] {
    switch self {
    case .tensor(let tensor): [tensor.type]
    case .tuple(let parts): parts.flatMap(\.tensorTypes)
    default: []
    }
  }
}
