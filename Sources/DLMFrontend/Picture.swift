import DLMShapes
import DLMSyntax

/// Something to be drawn, before its numbers are read.
package enum Picture {
  case line(name: String, x: TensorValue?, y: TensorValue)
  case scatter(name: String, x: TensorValue, y: TensorValue, groups: TensorValue?)
  /// Values of a function of two numbers on a raster, lowest row first, and the points around which it is.
  case regions(
    columns: Int, rows: Int, values: [Double], x: ClosedRange<Double>, y: ClosedRange<Double>,
    points: [PlanePoint])
  case histogram(name: String, TensorValue)
  /// `[count, channels, height, width]`
  case images(TensorValue)
}

/// A point of a plane; `group` is the number of its label among those that there are, from the lowest.
package struct PlanePoint {
  package var x: Double
  package var y: Double
  package var group: Int
}

// Functions that make pictures.
extension Builtin {
  /// `lines(y)`, `lines(x, y, name: "loss")`
  static func lines(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let (tensors, name) = try parts(walk, call, 1...2, &frame)
    return .picture(
      .line(name: name, x: tensors.count == 2 ? tensors[0] : nil, y: tensors[tensors.count - 1]))
  }

  /// `scatter(x, y)`, `scatter(x, y, groups)`; `scatter(points)` of pairs, `[n, 2]`, is the same.
  static func scatter(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let (tensors, name) = try parts(walk, call, 2...3, &frame)
    return .picture(
      .scatter(
        name: name, x: tensors[0], y: tensors[1], groups: tensors.count == 3 ? tensors[2] : nil))
  }

  static func histogram(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let options = try walk.options(call, ["name"], &frame)
    var name = ""
    if case .expression(let id)? = options["name"],
      case .string(let text?) = try walk.value(id, &frame)
    {
      name = text
    }
    return .picture(.histogram(name: name, options.tensor))
  }

  /// `grid(images)`: `[count, channels, height, width]` side by side.
  static func grid(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let images = try walk.options(call, [], &frame).tensor
    let channels = images.type.dims.count == 4 ? images.type.dims[1] : 0
    guard images.type.dims.count == 4,
      [1, 3].contains(where: { frame.facts.decide(.equal(channels, Dim($0))) != .refuted })
    else { throw Failure(.notImages(images.type, frame.label(call.id))) }
    return .picture(.images(images))
  }

  /// Vectors of one length, and the name of a series.
  private static func parts(
    _ walk: Evaluator, _ call: Call, _ count: ClosedRange<Int>, _ frame: inout Frame
  ) throws -> ([TensorValue], String) {
    var tensors: [TensorValue] = []
    var name = ""
    for argument in call.arguments {
      if let label = argument.label {
        guard label.text == "name" else {
          throw Failure(
            .unknownOption(label.text, of: call.name, "name", frame.label(label.span)))
        }
        if case .string(let text?) = try walk.value(argument.value, &frame) { name = text }
        continue
      }
      let tensor = try walk.tensor(argument.value, &frame)
      if call.name == "scatter", tensors.isEmpty, tensor.type.dims.count == 2,
        frame.facts.decide(.equal(tensor.type.dims[1], 2)) != .refuted
      {
        tensors = try (0..<2).map {
          try walk.element(tensor, along: 1, at: Dim($0), argument.value, &frame)
        }
        continue
      }
      guard tensor.type.dims.count == 1 else {
        throw Failure(.notAVector(call.name, tensor.type, frame.label(argument.value)))
      }
      if let first = tensors.first,
        frame.facts.decide(.equal(first.type.dims[0], tensor.type.dims[0])) == .refuted
      {
        throw Failure(
          .axesDiffer(
            first.type, tensor.type, first.type.dims[0], tensor.type.dims[0],
            frame.label(argument.value)))
      }
      tensors.append(tensor)
    }
    guard count.contains(tensors.count) else {
      throw Failure(
        .wrongCount(
          call.name, found: tensors.count, expected: count.upperBound, frame.label(call.id)))
    }
    return (tensors, name)
  }

  /// Cells along an axis of a picture of regions.
  private static let cells = 48

  /// `regions(fn (p) { ... }, over: points)`: what a function says of points in the plane.
  static func regions(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    guard let first = call.arguments.first, first.label == nil,
      let over = call.arguments.first(where: { $0.label?.text == "over" })
    else { throw Failure(.missingArgument("over", of: call.name, frame.label(call.id))) }
    guard case .function(let function) = try walk.value(first.value, &frame) else {
      throw Failure(
        .notCallable("no function", frame.tree.text(first.value), frame.label(first.value)))
    }
    let ask = { (point: TensorValue, frame: inout Frame) throws -> TensorValue in
      let given = Given(
        label: nil, value: .tensor(point), place: first.value, span: frame.tree.span(first.value))
      let result = try walk.tensor(
        from: try walk.apply(function, [given], at: first.value, &frame), first.value, frame)
      guard result.type.dims.allSatisfy({ $0 == 1 }) else {
        throw Failure(.notOneNumber(result.type, frame.label(first.value)))
      }
      return result
    }
    let points = try walk.points(over.value, &frame)
    guard let machine = walk.machine else {
      _ = try ask(TensorValue(TensorType(.real, [2])), &frame)
      return .picture(.regions(columns: 0, rows: 0, values: [], x: 0...1, y: 0...1, points: []))
    }
    let (x, y) = (range(points.map(\.x)), range(points.map(\.y)))
    var values: [Double] = []
    for row in 0..<cells {
      var results: [TensorValue] = []
      for column in 0..<cells {
        let at = [
          x.lowerBound + (Double(column) + 0.5) / Double(cells) * (x.upperBound - x.lowerBound),
          y.lowerBound + (Double(row) + 0.5) / Double(cells) * (y.upperBound - y.lowerBound),
        ]
        let point = TensorValue(
          TensorType(.real, [2]), handle: try machine.constant(at, dims: [2], .f32))
        results.append(try ask(point, &frame))
      }
      // A row at a time: what was recorded for it is run and forgotten, and the next has the same plan.
      values += try results.map { try walk.read($0)?.first ?? .nan }
    }
    return .picture(
      .regions(columns: cells, rows: cells, values: values, x: x, y: y, points: points))
  }

  /// From the least to the largest with some room.
  private static func range(_ values: [Double]) -> ClosedRange<Double> {
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    let room = high > low ? (high - low) * 0.15 : 1
    return (low - room)...(high + room)
  }

  /// `replace(text, "a", "b")`
  static func replace(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let all =
      try (call.piped.map { [$0.value] } ?? [])
      + call.arguments.map {
        try walk.value($0.value, &frame)
      }
    let texts = try all.map { value -> String? in
      guard case .string(let text) = value else {
        throw Failure(.notAString(value.sort, frame.label(call.id)))
      }
      return text
    }
    guard texts.count == 3 else {
      throw Failure(.wrongCount(call.name, found: texts.count, expected: 3, frame.label(call.id)))
    }
    guard let text = texts[0], let from = texts[1], let to = texts[2] else { return .string(nil) }
    return .string(text.replacing(from, with: to))
  }
}

extension Evaluator {
  /// Points of a plane: the first field of data, a matrix `[rows, 2]`, or a list of pairs; what stands
  /// beside a point, one number, is its label. None while checking.
  fileprivate func points(_ id: ExpressionID, _ frame: inout Frame) throws -> [PlanePoint] {
    var tensor: TensorValue
    var labels: [Double] = []
    switch try value(id, &frame) {
    case .dataset, .split:
      let split = try split(id, &frame)
      guard let field = split.dataset.fields.first else { return [] }
      tensor = TensorValue(field.type.of([Dim(split.rows)] + field.type.dims))
      let fields = try machine?.rows(of: split) ?? []
      tensor.handle = fields.first
      if fields.count > 1, fields[1].dims.reduce(1, *) == split.rows {
        labels = try machine?.read(fields[1]) ?? []
      }
    // Pairs of a point and what it is labelled with.
    case .list(let items, _) where items.allSatisfy({ $0.elements?.first?.elements != nil }):
      tensor = try self.tensor(from: .list(items.compactMap { $0.elements?.first }), id, frame)
      let second = items.compactMap { ($0.elements?.count ?? 0) > 1 ? $0.elements?[1] : nil }
      if machine != nil, second.count == items.count, Value.list(second).isOfNumbers {
        labels = try read(try self.tensor(from: .list(second), id, frame)) ?? []
      }
    case let other: tensor = try self.tensor(from: other, id, frame)
    }
    guard tensor.type.dims.count == 2,
      frame.facts.decide(.equal(tensor.type.dims[1], 2)) != .refuted
    else { throw Failure(.notPoints(tensor.type, frame.label(id))) }
    guard let numbers = try read(tensor) else { return [] }
    let groups = Set(labels).sorted()
    return (0..<numbers.count / 2).map { row in
      PlanePoint(
        x: numbers[2 * row], y: numbers[2 * row + 1],
        group: row < labels.count ? groups.firstIndex(of: labels[row]) ?? 0 : 0)
    }
  }
}
