import DLMOperators
import DLMShapes
import DLMSyntax

// What stands behind a `data` declaration: stages that change fields, deal rows out, or cut a text.
extension Evaluator {
  static let stages = ["normalize", "scale", "map", "split", "batch", "windows", "stack"]

  func apply(_ stage: ExpressionID, to dataset: inout Dataset, _ frame: inout Frame) throws {
    guard case .call(let callee, let arguments) = frame.tree[stage],
      case .name(let name) = frame.tree[callee]
    else { throw Failure(.notAStage(frame.tree.text(stage), frame.label(stage))) }
    switch name {
    case "normalize", "scale": try rescale(name, arguments, stage, dataset, &frame)
    case "map": try map(arguments, stage, dataset, &frame)
    case "split": try split(arguments, stage, dataset, &frame)
    case "stack": try stackFields(arguments, stage, dataset, &frame)
    case "batch":
      guard let first = arguments.first else {
        throw Failure(.missingArgument("size", of: name, frame.label(stage)))
      }
      guard dataset.batchSize == nil else {
        throw Failure(.givenTwice("batch", of: "`\(dataset.name)`", frame.label(stage)))
      }
      dataset.batchSize = try constant(try int(first.value, &frame), first.value, frame)
    case "windows":
      let only = DataSplit(
        dataset: dataset, name: dataset.counts.first?.split ?? "",
        rows: dataset.counts.first?.rows ?? 0)
      guard dataset.isText else {
        throw Failure(.cannotWindow(dataset.name, frame.label(callee)))
      }
      guard dataset.counts.count == 1 else {
        throw Failure(
          .needsSplit(dataset.name, dataset.counts.map(\.split), frame.label(callee)))
      }
      dataset = try windows(of: only, arguments, stage, &frame).dataset
    default:
      guard let near = nearest(to: name, among: Self.stages) else {
        throw Failure(.notAStage(frame.tree.text(stage), frame.label(stage)))
      }
      throw Failure(.unknownName(name, near, frame.label(callee)))
    }
  }

  private func fieldIndex(_ id: ExpressionID, of dataset: Dataset, _ frame: Frame) throws -> Int {
    let field = frame.tree.text(id)
    if let index = dataset.fields.firstIndex(where: { $0.name == field }) { return index }
    throw Failure(
      .unknownField(
        field, of: dataset.name, nearest(to: field, among: dataset.fields.map(\.name)),
        frame.label(id)))
  }

  /// Numbers of the arguments behind the first, by name.
  private func numbers(
    _ arguments: [Argument], of name: String, _ options: [String], _ stage: ExpressionID,
    _ frame: inout Frame
  ) throws -> [String: Double] {
    var numbers: [String: Double] = [:]
    for argument in arguments {
      let label = argument.label?.text ?? options[0]
      guard options.contains(label) else {
        throw Failure(
          .unknownOption(
            label, of: name, nearest(to: label, among: options),
            frame.label(argument.label?.span ?? frame.tree.span(stage))))
      }
      let number = try tensor(argument.value, &frame)
      if !number.isScalar {
        throw Failure(.oneNumber(label, of: name, number.type, frame.label(argument.value)))
      }
      guard let known = number.known else {
        throw Failure(.openCount(frame.tree.text(argument.value), frame.label(argument.value)))
      }
      numbers[label] = known
    }
    return numbers
  }

  /// `normalize(image, mean: 0.13, std: 0.31)`, `scale(image, 1/255)`
  private func rescale(
    _ name: String, _ arguments: [Argument], _ stage: ExpressionID, _ dataset: Dataset,
    _ frame: inout Frame
  ) throws {
    guard let first = arguments.first else {
      throw Failure(.missingArgument("field", of: name, frame.label(stage)))
    }
    let index = try fieldIndex(first.value, of: dataset, frame)
    let numbers = try numbers(
      Array(arguments.dropFirst()), of: name, name == "scale" ? ["by"] : ["mean", "std"], stage,
      &frame)
    if case .index = dataset.fields[index].type.kind {
      throw Failure(.rescalesLabels(dataset.fields[index].name, frame.label(first.value)))
    }
    // `normalize` reads bytes as 0 to 1, as the means and deviations that people quote do.
    let isByte = dataset.fields[index].type.kind == .u8
    let unit = isByte && name == "normalize" ? 1 / 255.0 : 1
    if name == "normalize" {
      if dataset.fields[index].isNormalized {
        warn(.normalizedTwice(dataset.fields[index].name, frame.label(stage)))
      }
      dataset.fields[index].isNormalized = true
    }
    let before = dataset.fields[index].transform ?? (unit, 0)
    let deviation = numbers["std"] ?? 1
    guard deviation != 0 else {
      let place = arguments.first { $0.label?.text == "std" }?.value ?? stage
      throw Failure(.conditionFails("a deviation of 0 divides by nothing", frame.label(place)))
    }
    let (scale, shift): (Double, Double) =
      name == "normalize"
      ? (1 / deviation, -(numbers["mean"] ?? 0) / deviation) : (numbers["by"] ?? 1, 0)
    dataset.fields[index].transform = (before.scale * scale, before.shift * scale + shift)
    dataset.fields[index].type.kind = .real
  }

  /// `map(image, fn (x) { 1 - x })`: `x` is the field of a whole batch.
  private func map(
    _ arguments: [Argument], _ stage: ExpressionID, _ dataset: Dataset, _ frame: inout Frame
  ) throws {
    guard arguments.count == 2 else {
      throw Failure(.wrongCount("map", found: arguments.count, expected: 2, frame.label(stage)))
    }
    let index = try fieldIndex(arguments[0].value, of: dataset, frame)
    guard case .function(let function) = try value(arguments[1].value, &frame) else {
      throw Failure(
        .notCallable(
          "no function", frame.tree.text(arguments[1].value), frame.label(arguments[1].value)))
    }
    let field = dataset.fields[index]
    dataset.fields[index].unmapped = field.unmapped ?? field.type
    dataset.fields[index].maps.append(function)
    // What it makes of a batch is known from its shape; a run makes it batch by batch.
    let checker = checker()
    let batch = Dim(checker.symbols.symbol("B"))
    let type = field.type.of([batch] + field.type.dims)
    var inner = frame
    let given = Given(
      label: nil, value: .tensor(TensorValue(type)), place: arguments[1].value,
      span: frame.tree.span(arguments[1].value))
    let result = try checker.apply(function, [given], at: arguments[1].value, &inner)
    symbols = checker.symbols
    guard case .tensor(let tensor) = result, tensor.type.dims.first == batch else {
      throw Failure(.mapLosesRows(field.name, result.sort, frame.label(arguments[1].value)))
    }
    dataset.fields[index].type = tensor.type.of(Array(tensor.type.dims.dropFirst()))
  }

  /// A field of a batch after its `map`s.
  func mapped(_ tensor: TensorValue, _ field: Dataset.Field, _ frame: inout Frame) throws
    -> TensorValue
  {
    var tensor = tensor
    for function in field.maps {
      let place = function.declaration.body.statements.first.flatMap { statement in
        if case .expression(let id) = statement.kind { id } else { nil }
      }
      guard let place else { continue }
      var inner = frame
      inner.module = function.module
      let given = Given(
        label: nil, value: .tensor(tensor), place: place, span: function.module.tree.span(place))
      if case .tensor(let result) = try apply(function, [given], at: place, &inner) {
        tensor = result
      }
    }
    if let (calls, module) = field.augmentations {
      return try augment(tensor, calls, module, &frame)
    }
    return tensor
  }

  /// `mnist.train |> augment { crop(28, pad: 2), flip(p: 0.5) }`: images changed at random, batch by batch.
  func augmented(
    _ piped: Piped, _ arguments: [Argument], _ id: ExpressionID, _ frame: inout Frame
  ) throws -> DataSplit {
    var split: DataSplit
    switch piped.value {
    case .split(let known): split = known
    case .dataset: split = try self.split(piped.place, &frame)
    default: throw Failure(.notData(piped.value.sort, frame.label(piped.place)))
    }
    guard let first = arguments.first, case .list(let calls) = frame.tree[first.value],
      let index = split.dataset.fields.firstIndex(where: { $0.type.dims.count == 3 })
    else { throw Failure(.nothingToAugment(split.dataset.name, frame.label(id))) }
    split.dataset = split.dataset.copy()
    var field = split.dataset.fields[index]
    field.unmapped = field.unmapped ?? field.type
    field.augmentations = (calls, frame.module)
    let checker = checker()
    let batch = Dim(checker.symbols.symbol("B"))
    var inner = frame
    let before = TensorValue(TensorType(.real, [batch] + field.type.dims))
    var plain = field
    plain.maps = []
    let after = try checker.mapped(before, plain, &inner)
    symbols = checker.symbols
    field.type = after.type.of(Array(after.type.dims.dropFirst()))
    split.dataset.fields[index] = field
    return split
  }

  /// The names that the prelude has for what stands in `augment`.
  static let augmentations = [
    "crop": "random_crop", "flip": "random_flip", "rotate": "random_rotate",
    "cutout": "random_cutout",
  ]

  private func augment(
    _ tensor: TensorValue, _ calls: [ExpressionID], _ module: Module, _ frame: inout Frame
  ) throws -> TensorValue {
    var current = tensor
    var inner = frame
    inner.module = module
    for id in calls {
      guard case .call(let callee, let arguments) = inner.tree[id],
        case .name(let name) = inner.tree[callee]
      else { throw Failure(.notAStage(inner.tree.text(id), inner.label(id))) }
      let own = Self.augmentations[name] ?? name
      guard case .function(let function)? = inner.scope[own]?.value else {
        throw Failure(
          .unknownName(
            name, nearest(to: name, among: Self.augmentations.keys.sorted()), inner.label(callee)))
      }
      let image = Given(
        label: nil, value: .tensor(try real(current, at: id, &inner)), place: id,
        span: inner.tree.span(id))
      let given = [image] + (try evaluated(arguments, &inner))
      guard case .tensor(let result) = try apply(function, given, at: id, &inner) else { continue }
      current = result
    }
    return current
  }

  /// `split(train: 0.8, test: 0.2, seed: 1)`
  private func split(
    _ arguments: [Argument], _ stage: ExpressionID, _ dataset: Dataset, _ frame: inout Frame
  ) throws {
    guard dataset.counts.count == 1 else {
      throw Failure(.isSplit(dataset.name, dataset.counts.map(\.split), frame.label(stage)))
    }
    var parts: [(name: String, share: Double)] = []
    var seed: UInt64 = 0
    for argument in arguments {
      guard let label = argument.label, let number = try tensor(argument.value, &frame).known else {
        throw Failure(.missingArgument("train", of: "split", frame.label(argument.value)))
      }
      if label.text == "seed" {
        seed = UInt64(max(0, number))
      } else {
        parts.append((label.text, number))
      }
    }
    let total = parts.reduce(0) { $0 + $1.share }
    guard !parts.isEmpty, parts.allSatisfy({ $0.share > 0 }), total <= 1 + 1e-9 else {
      throw Failure(.sharesTooLarge(total, frame.label(stage)))
    }
    provider.split(dataset, into: parts, seed: seed)
  }

  /// `stack(x: [length, width])`: columns of numbers side by side as one field.
  private func stackFields(
    _ arguments: [Argument], _ stage: ExpressionID, _ dataset: Dataset, _ frame: inout Frame
  ) throws {
    for argument in arguments {
      guard let label = argument.label, case .list(let items) = frame.tree[argument.value] else {
        throw Failure(.missingArgument("x", of: "stack", frame.label(stage)))
      }
      let indices = try items.map { try fieldIndex($0, of: dataset, frame) }
      for (index, item) in zip(indices, items)
      where !dataset.fields[index].type.dims.isEmpty
        || dataset.fields[index].type.kind == .bool
      {
        throw Failure(
          .notATensor("the field \(dataset.fields[index].type)", frame.label(item)))
      }
      let names = indices.map { dataset.fields[$0].name }
      dataset.fields.removeAll { names.contains($0.name) }
      var field = Dataset.Field(
        name: label.text, type: TensorType(.real, [Dim(names.count)]),
        source: "\(names.joined(separator: ", ")) of `\(dataset.name)`")
      field.stacked = names
      dataset.fields.append(field)
    }
  }

  /// `book.train.windows(T: 128, stride: 64)`
  func windows(
    of split: DataSplit, _ arguments: [Argument], _ id: ExpressionID, _ frame: inout Frame
  ) throws -> DataSplit {
    var numbers: [String: Int] = [:]
    for argument in arguments {
      let label = argument.label?.text ?? "T"
      guard ["T", "stride"].contains(label) else {
        throw Failure(
          .unknownOption(
            label, of: "windows", nearest(to: label, among: ["T", "stride"]),
            frame.label(argument.label?.span ?? frame.tree.span(argument.value))))
      }
      let number = try constant(try int(argument.value, &frame), argument.value, frame)
      guard number >= 1 else {
        throw Failure(.conditionFails("this must be at least 1", frame.label(argument.value)))
      }
      numbers[label] = number
    }
    guard let length = numbers["T"] else {
      throw Failure(.missingArgument("T", of: "windows", frame.label(id)))
    }
    guard split.dataset.isText else {
      throw Failure(.cannotWindow(split.dataset.name, frame.label(id)))
    }
    do {
      let result = try provider.windows(
        of: split, length: length, stride: numbers["stride"] ?? length
      ) { symbols.symbol($0) }
      guard result.rows > 0 else {
        throw Failure(.windowTooLong(length, split.title, split.rows, frame.label(id)))
      }
      result.dataset.facts.forEach { frame.facts.assume($0) }
      return result
    } catch let problem as DataProblem {
      throw Failure(.dataProblem(problem, frame.label(id)))
    }
  }
}
