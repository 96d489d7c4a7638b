import DLMOperators
import DLMShapes
import DLMSyntax

// `data`: named rows, known by their headers.
extension Evaluator {
  /// `data mnist = idx("data/mnist", classes: 10) |> normalize(image, mean: 0.13, std: 0.31)`
  func walkData(_ name: Name, _ id: ExpressionID, _ frame: inout Frame) throws {
    let stages: [ExpressionID] = if case .pipe(let all) = frame.tree[id] { all } else { [id] }
    let dataset = try source(name.text, stages[0], &frame)
    for stage in stages.dropFirst() { try apply(stage, to: dataset, &frame) }
    dataset.facts.forEach { frame.facts.assume($0) }
    frame.scope.define(name.text, .dataset(dataset))
  }

  private func source(_ name: String, _ id: ExpressionID, _ frame: inout Frame) throws -> Dataset {
    guard case .call(let callee, let arguments) = frame.tree[id],
      case .name(let kind) = frame.tree[callee]
    else { throw Failure(.notData(frame.tree.text(id), frame.label(id))) }
    do {
      switch kind {
      case "idx": return try idx(name, arguments, id, &frame)
      case "rows": return try rows(name, arguments, id, &frame)
      default:
        throw Failure(.notData(kind, frame.label(callee)))
      }
    } catch let problem as DataProblem {
      let place = arguments.first.map { frame.label($0.value) } ?? frame.label(id)
      throw Failure(.dataProblem(problem, place))
    }
  }

  private func idx(
    _ name: String, _ arguments: [Argument], _ id: ExpressionID, _ frame: inout Frame
  ) throws -> Dataset {
    var path: String?
    var classes: Int?
    for argument in arguments {
      switch argument.label?.text {
      case nil:
        guard case .string(let text) = try value(argument.value, &frame) else {
          throw Failure(.notAString(frame.tree.text(argument.value), frame.label(argument.value)))
        }
        path = text
      case "classes"?:
        classes = try constant(try int(argument.value, &frame), argument.value, frame)
      case let other?:
        throw Failure(
          .unknownOption(
            other, of: "idx", nearest(to: other, among: ["classes"]),
            frame.label(argument.label?.span ?? frame.tree.span(id))))
      }
    }
    return try provider.dataset(name, kind: "idx", path: path, classes: classes) {
      symbols.symbol($0)
    }
  }

  /// `rows(x: [[0, 0], [0, 1]], label: index([0, 1], 2))`: fields from lists of the text.
  private func rows(
    _ name: String, _ arguments: [Argument], _ id: ExpressionID, _ frame: inout Frame
  ) throws -> Dataset {
    var fields: [(name: String, values: [Double], type: TensorType)] = []
    for argument in arguments {
      guard let label = argument.label else {
        throw Failure(
          .missingArgument("a name for this field", of: "rows", frame.label(argument.value)))
      }
      let tensor = try tensor(argument.value, &frame)
      let values = literalNumbers(argument.value, frame.tree)
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

  /// The numbers of a literal in the order of the text.
  private func literalNumbers(_ id: ExpressionID, _ tree: Tree) -> [Double] {
    switch tree[id] {
    case .integer(let value): [Double(value)]
    case .real(let value): [value]
    case .unary(.minus, let operand): literalNumbers(operand, tree).map { -$0 }
    case .list(let items), .tuple(let items): items.flatMap { literalNumbers($0, tree) }
    case .call(_, let arguments): arguments.first.map { literalNumbers($0.value, tree) } ?? []
    default: []
    }
  }

  /// The name that a stage has to be: the nearest of those that there are.
  private func nearestStage(_ stage: ExpressionID, _ frame: Frame) -> (String, Diagnostic.Label)? {
    guard case .call(let callee, _) = frame.tree[stage], case .name(let name) = frame.tree[callee],
      let near = nearest(to: name, among: ["normalize", "scale"])
    else { return nil }
    return (near, frame.label(callee))
  }

  /// A stage of the pipe: `normalize` and `scale` of one field.
  private func apply(_ stage: ExpressionID, to dataset: Dataset, _ frame: inout Frame) throws {
    guard case .call(let callee, let arguments) = frame.tree[stage],
      case .name(let name) = frame.tree[callee], name == "normalize" || name == "scale",
      let first = arguments.first, case .name(let field) = frame.tree[first.value]
    else {
      if let (near, place) = nearestStage(stage, frame) {
        throw Failure(.unknownName(place.file.string(place.span), near, place))
      }
      throw Failure(.notAStage(frame.tree.text(stage), frame.label(stage)))
    }
    guard let index = dataset.fields.firstIndex(where: { $0.name == field }) else {
      throw Failure(
        .unknownField(
          field, of: dataset.name, nearest(to: field, among: dataset.fields.map(\.name)),
          frame.label(first.value)))
    }
    var numbers: [String: Double] = [:]
    for argument in arguments.dropFirst() {
      let label = argument.label?.text ?? "by"
      guard (name == "normalize" ? ["mean", "std"] : ["by"]).contains(label) else {
        throw Failure(
          .unknownOption(
            label, of: name, nearest(to: label, among: ["mean", "std"]),
            frame.label(argument.label?.span ?? frame.tree.span(stage))))
      }
      numbers[label] = try tensor(argument.value, &frame).known
    }
    // `normalize` reads bytes as 0 to 1, as the means and deviations that people quote do.
    let isByte = dataset.fields[index].type.kind == .u8
    let unit = isByte && name == "normalize" ? 1 / 255.0 : 1
    let before = dataset.fields[index].transform ?? (unit, 0)
    let (scale, shift): (Double, Double)
    if name == "normalize" {
      let (mean, deviation) = (numbers["mean"] ?? 0, numbers["std"] ?? 1)
      (scale, shift) = (1 / deviation, -mean / deviation)
    } else {
      (scale, shift) = (numbers["by"] ?? 1, 0)
    }
    dataset.fields[index].transform = (before.scale * scale, before.shift * scale + shift)
    dataset.fields[index].type.kind = .real
  }

  /// `x.T`, `mnist.train`, `point.x`.
  func field(_ base: ExpressionID, _ name: Name, _ frame: inout Frame) throws -> Value {
    // `loss.terms`: what the number is the sum of.
    if name.text == "terms", case .name(let sum) = frame.tree[base],
      let terms = frame.train?["\(sum).terms"]
    {
      return terms.value
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
      if let metric = dataset.metrics.first(where: { $0.name == name.text }) { return metric.value }
      guard let split = dataset.counts.first(where: { $0.split == name.text }) else {
        throw Failure(
          .unknownField(
            name.text, of: dataset.name,
            nearest(to: name.text, among: dataset.counts.map(\.split)), frame.label(name.span)))
      }
      return .split(DataSplit(dataset: dataset, name: split.split, rows: split.rows))
    case .record(let fields):
      if let field = fields.first(where: { $0.name == name.text }) { return field.value }
      throw Failure(
        .unknownField(
          name.text, of: "`\(frame.tree.text(base))`", nearest(to: name.text, among: fields.map(\.name)),
          frame.label(name.span)))
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
