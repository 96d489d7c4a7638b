import DLMOperators
import DLMShapes
import DLMSyntax

// `data`: named rows, known by their headers.
extension Evaluator {
  /// `data mnist = idx("data/mnist", classes: 10) |> normalize(image, mean: 0.13, std: 0.31)`
  func walkData(_ name: Name, _ id: ExpressionID, _ frame: inout Frame) throws {
    let stages: [ExpressionID] = if case .pipe(let all) = frame.tree[id] { all } else { [id] }
    var dataset = try source(name.text, stages[0], &frame)
    for stage in stages.dropFirst() { try apply(stage, to: &dataset, &frame) }
    dataset.facts.forEach { frame.facts.assume($0) }
    recording?.note(.dataset(dataset), boundTo: name, frame)
    frame.scope.define(name.text, .dataset(dataset))
  }

  /// Words that a data set can begin with.
  package static let dataKinds = ["idx", "csv", "npy", "text", "rows"]

  private func source(_ name: String, _ id: ExpressionID, _ frame: inout Frame) throws -> Dataset {
    guard case .call(let callee, let arguments) = frame.tree[id],
      case .name(let kind) = frame.tree[callee]
    else { throw Failure(.notData(frame.tree.text(id), frame.label(id))) }
    guard Self.dataKinds.contains(kind) else {
      if let near = nearest(to: kind, among: Self.dataKinds) {
        throw Failure(.unknownName(kind, near, frame.label(callee)))
      }
      throw Failure(.notData(kind, frame.label(callee)))
    }
    do {
      if kind == "rows" { return try rows(name, arguments, id, &frame) }
      return try provider.dataset(try request(name, kind, arguments, &frame)) {
        symbols.symbol($0)
      }
    } catch let problem as DataProblem {
      let place = arguments.first.map { frame.label($0.value) } ?? frame.label(id)
      throw Failure(.dataProblem(problem, place))
    }
  }

  /// Options of each kind of data; `npy` takes a file for every field.
  private static let options: [String: [String]] = [
    "idx": ["classes"], "csv": [], "text": ["by"],
  ]

  private func request(
    _ name: String, _ kind: String, _ arguments: [Argument], _ frame: inout Frame
  ) throws -> DataRequest {
    var request = DataRequest(name: name, kind: kind)
    for argument in arguments {
      guard let label = argument.label else {
        request.path = try string(argument.value, &frame)
        continue
      }
      if let known = Self.options[kind], !known.contains(label.text) {
        throw Failure(
          .unknownOption(
            label.text, of: kind, nearest(to: label.text, among: known), frame.label(label.span)))
      }
      if label.text == "classes", Self.options[kind] != nil {
        request.classes = try constant(
          try int(argument.value, &frame), argument.value, frame)
      } else if case .name(let word) = frame.tree[argument.value], frame.scope[word] == nil {
        request.strings.append((label.text, word))
      } else {
        let given = try value(argument.value, &frame)
        if kind == "npy", case .int = given {
          throw Failure(
            .notAFile(label.text, frame.tree.text(argument.value), frame.label(argument.value)))
        }
        request.strings.append((label.text, try string(given, argument.value, frame)))
      }
    }
    return request
  }

  private func string(_ id: ExpressionID, _ frame: inout Frame) throws -> String {
    try string(try value(id, &frame), id, frame)
  }

  private func string(_ value: Value, _ id: ExpressionID, _ frame: Frame) throws -> String {
    guard case .string(let text?) = value else {
      throw Failure(.notAString(frame.tree.text(id), frame.label(id)))
    }
    return text
  }

  /// `rows(x: [[0, 0], [0, 1]], label: index([0, 1], 2))`: fields from lists of the text.
  private func rows(
    _ name: String, _ arguments: [Argument], _ id: ExpressionID, _ frame: inout Frame
  ) throws -> Dataset {
    var fields: [(name: String, values: [Double], type: TensorType)] = []
    for argument in arguments {
      guard let label = argument.label else {
        throw Failure(
          .unnamedField(frame.tree.text(argument.value), frame.label(argument.value)))
      }
      guard !fields.contains(where: { $0.name == label.text }) else {
        throw Failure(.givenTwice(label.text, of: "`\(name)`", frame.label(label.span)))
      }
      var tensor = try column(argument.value, &frame)
      tensor.type.dims = tensor.type.dims.map { frame.facts.normal($0) }
      let values = machine == nil ? [] : try read(tensor) ?? []
      guard let rows = tensor.type.dims.first else {
        throw Failure(.notATensor("a number", frame.label(argument.value)))
      }
      guard let known = fields.first?.type.dims.first ?? Optional(rows), known == rows else {
        throw Failure(
          .conditionFails(
            "the fields have \(fields[0].type.dims[0]) and \(rows) rows", frame.label(label.span)))
      }
      fields.append((label.text, values, tensor.type))
    }
    guard !fields.isEmpty else {
      throw Failure(.missingArgument("fields", of: "rows", frame.label(id)))
    }
    return try provider.dataset(name, rows: fields)
  }

  /// The rows of a field as one tensor, which may be listed one by one.
  private func column(_ id: ExpressionID, _ frame: inout Frame) throws -> TensorValue {
    let value = try value(id, &frame)
    guard case .list(let items, nil) = value, !value.isOfNumbers,
      items.contains(where: { if case .tensor = $0 { true } else { false } })
    else { return try tensor(from: value, id, frame) }
    let rows = try items.map { try tensor(from: $0, id, frame) }
    return try stacked(try promoted(rows, at: id, &frame), at: 0, id, &frame)
  }

  /// `x.T`, `mnist.train`, `point.x`.
  func field(_ base: ExpressionID, _ name: Name, _ frame: inout Frame) throws -> Value {
    // `loss.terms`: what the number is the sum of.
    if name.text == "terms", case .name(let sum) = frame.tree[base],
      let terms = frame.train?["\(sum).terms"]
    {
      if case .failed = terms.value { throw Failure(nil) }
      return terms.value
    }
    if case .name("self") = frame.tree[base], frame.scope["self"] == nil {
      throw Failure(
        .noSelf(name.text, frame.label(base), Span(frame.tree.span(base).start, name.span.start)))
    }
    let value = try value(base, &frame)
    switch value {
    case .tensor where name.text == "T", .list where name.text == "T":
      let tensor = try tensor(from: value, base, frame)
      let rank = tensor.type.dims.count
      guard rank >= 2 else { throw Failure(.noTranspose(tensor.type, frame.label(name.span))) }
      let order = Array(0..<(rank - 2)) + [rank - 1, rank - 2]
      return .tensor(
        try apply(operator: "transpose", [tensor], ["axes": .axes(order)], at: base, &frame))
    case .dataset(let dataset):
      if name.text == "vocab", let count = dataset.vocabulary { return .int(count) }
      if let metric = dataset.metrics.first(where: { $0.name == name.text }) { return metric.value }
      guard let split = dataset.counts.first(where: { $0.split == name.text }) else {
        let splits = dataset.counts.map(\.split).filter { !$0.isEmpty }
        if splits.isEmpty {
          throw Failure(
            .hasNoSplits(
              dataset.name, name.text, dataset.fields.map(\.name),
              Span(frame.tree.span(base).end, name.span.end),
              frame.label(name.span)))
        }
        throw Failure(
          .unknownField(
            name.text, of: dataset.name, nearest(to: name.text, among: splits),
            frame.label(name.span),
            known: splits))
      }
      return .split(DataSplit(dataset: dataset, name: split.split, rows: split.rows))
    case .record(let fields):
      if let field = fields.first(where: { $0.name == name.text }) { return field.value }
      throw Failure(
        .unknownField(
          name.text, of: "`\(frame.tree.text(base))`",
          nearest(to: name.text, among: fields.map(\.name)),
          frame.label(name.span), known: fields.map(\.name)))
    case .instance(let instance): return try part(name, of: instance, frame)
    case .failed: throw Failure(nil)
    default: throw Failure(.noField(name.text, value.sort, frame.label(name.span)))
    }
  }

  /// What a `train` block goes through: a split, or a data set that has only one.
  package func split(_ id: ExpressionID, _ frame: inout Frame) throws -> DataSplit {
    switch try value(id, &frame) {
    case .split(let split): return split
    case .dataset(let dataset):
      if dataset.counts.count == 1, let only = dataset.counts.first {
        return DataSplit(dataset: dataset, name: only.split, rows: only.rows)
      }
      throw Failure(
        .needsSplit(dataset.name, dataset.counts.map(\.split), frame.label(id)))
    case .failed: throw Failure(nil)
    case let other: throw Failure(.notData(other.sort, frame.label(id)))
    }
  }
}
