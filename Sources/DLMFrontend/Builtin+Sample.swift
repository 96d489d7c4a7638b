import CDLMKernels
import DLMOperators
import DLMShapes
import DLMSyntax

// `sample(mnist.test, 8).image`, `sample(lm, from: "ROMEO:", length: 200, temperature: 0.8)`.
extension Builtin {
  static func sample(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    guard let first = call.arguments.first, first.label == nil else {
      throw Failure(.missingArgument("source", of: call.name, frame.label(call.id)))
    }
    if case .instance(let layer) = try walk.value(first.value, &frame) {
      return try text(of: layer, walk, call, &frame)
    }
    let split = try walk.split(first.value, &frame)
    guard call.arguments.count == 2 else {
      throw Failure(
        .wrongCount(call.name, found: call.arguments.count, expected: 2, frame.label(call.id)))
    }
    let count = try walk.constant(
      try walk.int(call.arguments[1].value, &frame), call.arguments[1].value, frame)
    guard (1...max(1, split.rows)).contains(count) else {
      throw Failure(.noElement(count, of: split.rows, frame.label(call.arguments[1].value)))
    }
    let columns = try walk.machine?.rows(of: split)
    let fields = try split.dataset.fields.enumerated().map { index, field in
      let type = field.unmapped ?? field.type
      var rows = TensorValue(type.of([Dim(split.rows)] + type.dims))
      rows.handle = columns?[index]
      let some = try walk.slice(rows, along: 0, from: 0, count: Dim(count), call.id, &frame)
      return (name: field.name, value: Value.tensor(try walk.mapped(some, field, &frame)))
    }
    // As in `for x in points`: one field is itself, several have their names.
    return fields.count == 1 ? fields[0].value : .record(fields)
  }

  /// Longest run of characters that a layer is shown at once.
  private static let memory = 128

  /// A text that a layer over characters or words writes, one at a time.
  private static func text(
    of layer: Instance, _ walk: Evaluator, _ call: Call, _ frame: inout Frame
  ) throws -> Value {
    var start = ""
    var beginning: ExpressionID?
    var numbers = ["length": 100.0, "temperature": 1.0]
    for argument in call.arguments.dropFirst() {
      let label = argument.label?.text ?? ""
      switch label {
      case "from":
        guard case .string(let text) = try walk.value(argument.value, &frame) else {
          throw Failure(
            .notAString(frame.tree.text(argument.value), frame.label(argument.value)))
        }
        start = text ?? ""
        beginning = argument.value
      case "length", "temperature":
        guard let known = try walk.tensor(argument.value, &frame).known else { break }
        guard known.isFinite, label == "length" ? known >= 0 : known > 0 else {
          throw Failure(
            .conditionFails(
              label == "length"
                ? "a text has no \(NumberText.of(known)) characters" : "a temperature is above 0",
              frame.label(argument.value)))
        }
        numbers[label] = known
      default:
        let options = ["from", "length", "temperature"]
        throw Failure(
          .unknownOption(
            label, of: call.name, nearest(to: label, among: options),
            frame.label(argument.label?.span ?? frame.tree.span(argument.value))))
      }
    }
    guard let book = frame.textDatasets.first else {
      throw Failure(.noVocabulary(frame.label(call.id)))
    }
    guard walk.machine != nil else { return .string(nil) }
    let byWord = book.words.contains { $0.count > 1 }
    let parts =
      byWord
      ? start.split(separator: " ").map(String.init) : start.unicodeScalars.map { String($0) }
    var ids = try parts.map { part in
      guard let id = book.words.firstIndex(of: part) else {
        throw Failure(.notInVocabulary(part, book.name, frame.label(beginning ?? call.id)))
      }
      return id
    }
    if ids.isEmpty { ids = [0] }
    for _ in 0..<Int(numbers["length"] ?? 0) {
      let next = try walk.next(
        after: Array(ids.suffix(memory)), layer, Dim(book.words.count), numbers["temperature"] ?? 1,
        call.id, &frame)
      ids.append(next)
    }
    return .string(ids.map { book.words[$0] }.joined(separator: byWord ? " " : ""))
  }
}

extension Evaluator {
  /// What comes after `ids`, drawn by the scores that `layer` gives.
  fileprivate func next(
    after ids: [Int], _ layer: Instance, _ count: Dim, _ temperature: Double,
    _ id: ExpressionID, _ frame: inout Frame
  ) throws -> Int {
    var input = TensorValue(TensorType(.index(count), [1, Dim(ids.count)]))
    input.handle = try machine?.constant(ids.map(Double.init), dims: [1, ids.count], .i32)
    let given = Given(label: nil, value: .tensor(input), place: id, span: frame.tree.span(id))
    let scores =
      try read(try tensor(from: try apply(layer, [given], at: id, &frame), id, frame)) ?? []
    let draw = try made(.draw(operation: "uniform", isFixed: false), [1], at: id, &frame)
    let last = scores.suffix(count.constant ?? scores.count)
    let largest = last.max() ?? 0
    let weights = last.map { exponential(($0 - largest) / max(temperature, 1e-3)) }
    var rest = (try read(draw)?.first ?? 0) * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      rest -= weight
      if rest <= 0 { return index }
    }
    return max(0, weights.count - 1)
  }

  private func exponential(_ x: Double) -> Double {
    dlm_function_reference(.exp, x, 0, 0)
  }
}

extension Frame {
  /// Texts of the program.
  fileprivate var textDatasets: [Dataset] {
    module.globals.own.values.compactMap { slot in
      if case .dataset(let dataset) = slot.value,
        !dataset.words.isEmpty || dataset.vocabulary != nil
      {
        dataset
      } else {
        nil
      }
    }
  }
}
