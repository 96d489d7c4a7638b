import DLMOperators
import DLMShapes
import DLMSyntax

// `scan` in a run: walked once and recorded as one operator, where its body allows it.
extension Evaluator {
  /// Scans of fewer places are recorded place by place.
  private static let shortestRecurrence = 4

  /// The value of a scan whose body is walked once, or `nil` where each place has to be walked.
  ///
  /// - Parameter frame: its scope has the carried names, and gets their last values.
  func recurrence(
    _ scan: Scan, _ sequence: TensorValue, _ axis: Int, _ count: Int, _ frame: inout Frame
  ) throws -> Value? {
    guard let machine, !machine.isRecordingRecurrence, count >= Self.shortestRecurrence else {
      return nil
    }
    let names = scan.carry?.pattern.names ?? []
    var first: [TensorValue] = []
    for name in names {
      guard case .tensor(let tensor)? = frame.scope[name]?.value else { return nil }
      first.append(tensor)
    }
    let draws = drawCounts
    var body = RecurrenceBody(scan: scan, element: sequence.type, names: names, first: first)
    body.element.dims.remove(at: axis)
    do {
      let outer = frame
      let (last, stacks) = try machine.recurrence(
        over: try handle(of: sequence, frame), axis: axis, length: count,
        carried: try first.map { try handle(of: $0, outer) }
      ) { element, carried in try walk(&body, element, carried, outer) }
      for (index, name) in names.enumerated() {
        frame.scope.define(
          name, .tensor(TensorValue(body.last[index], handle: last[index])), isVariable: true)
      }
      guard let stack = stacks.first, var type = body.emitted else {
        return try scan.carry.map { try self.carried($0.pattern, frame) } ?? Value.none
      }
      type.dims.insert(sequence.type.dims[axis], at: 0)
      let place = min(axis, type.dims.count - 1)
      let order = Array(1...max(place, 1)).prefix(place) + [0] + (place + 1..<type.dims.count)
      let joined = TensorValue(type, handle: stack)
      if place == 0 { return .tensor(joined) }
      return .tensor(
        try apply(.transpose, [joined], ["axes": .axes(Array(order))], at: scan.sequence, &frame))
    } catch is NoRecurrence {
      drawCounts = draws
      emitted = []
      guard try widen(names, first, to: body.last, at: scan.sequence, &frame) else { return nil }
      return try recurrence(scan, sequence, axis, count, &frame)
    }
  }

  /// Begins with elements as wide as those of what is carried on; false where they are.
  private func widen(
    _ names: [String], _ first: [TensorValue], to last: [TensorType], at id: ExpressionID,
    _ frame: inout Frame
  ) throws -> Bool {
    var isWider = false
    for ((name, tensor), type) in zip(zip(names, first), last) {
      let wide = ElementType.promoted([tensor.type.element, type.element])
      guard tensor.type.kind.isReal, type.kind.isReal, wide != tensor.type.element else { continue }
      let value = try cast(tensor, to: wide, at: id, &frame)
      frame.scope.define(name, .tensor(value), isVariable: true)
      isWider = true
    }
    return isWider
  }

  /// Walks the body at one place that stands for all.
  private func walk(
    _ body: inout RecurrenceBody, _ element: Handle, _ carried: [Handle], _ outer: Frame
  ) throws -> (next: [Handle], emitted: [Handle]) {
    var frame = outer
    let scope = Scope(around: outer.scope, isSealed: true)
    frame.scope = scope
    for (index, name) in body.names.enumerated() {
      let value = TensorValue(body.first[index].type, handle: carried[index])
      scope.define(name, .tensor(value), isVariable: true)
    }
    try define(
      body.scan.pattern, .tensor(TensorValue(body.element, handle: element)), isVariable: false,
      body.scan.sequence, &frame)
    var result: Value = .none
    _ = try walk(body.scan.body, &frame, result: &result)
    guard !scope.wasCrossed, emitted.count <= 1 else { throw NoRecurrence() }
    try checkCarried(body.scan, body.first.map(\.type), frame)
    let next = try body.names.map { name -> TensorValue in
      guard case .tensor(let tensor)? = scope[name]?.value else { throw NoRecurrence() }
      return tensor
    }
    body.last = next.map(\.type)
    body.emitted = emitted.first?.type
    return (
      try next.map { try handle(of: $0, frame) }, try emitted.map { try handle(of: $0, frame) }
    )
  }
}

/// A body that is walked once, and the types that the walk finds.
private struct RecurrenceBody {
  let scan: Scan
  /// The type of an element.
  var element: TensorType
  /// What is carried, and its first values.
  let names: [String]
  let first: [TensorValue]
  /// Types of what is carried on and of what is emitted.
  var last: [TensorType] = []
  var emitted: TensorType?

  init(scan: Scan, element: TensorType, names: [String], first: [TensorValue]) {
    self.scan = scan
    self.element = element
    self.names = names
    self.first = first
  }
}

extension Statement.Kind {
  /// Whether walking it once can stand for walking it at every place of a recurrence.
  var isRepeatable: Bool {
    switch self {
    case .bind, .assign, .expression, .ifElse, .forIn, .whileLoop, .repeatLoop, .scan, .returns,
      .param, .state, .emit, .when, .dim:
      true
    case .prints, .logs, .writes, .penalize, .minimize, .update, .eval, .expect, .command: false
    }
  }
}
