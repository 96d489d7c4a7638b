import DLMShapes
import DLMSyntax
import DLMTensor

/// Arguments of a builtin that are not tensors, and those with labels, as they are written.
struct WrittenOptions {
  var plain: [ExpressionID] = []
  var labelled: [String: Option] = [:]

  subscript(name: String) -> Option? { labelled[name] }

  /// What is labelled `name`, or else the first plain argument that is left.
  mutating func take(_ name: String) -> ExpressionID? {
    if case .expression(let id)? = labelled[name] { return id }
    return plain.isEmpty ? nil : plain.removeFirst()
  }
}

// Numbers that follow from shapes, and options of builtins.
extension Evaluator {
  /// `arguments` by their labels, which are among `names`.
  func labelled(
    _ arguments: [Argument], _ names: [String], of call: Call, _ frame: inout Frame
  ) throws -> WrittenOptions {
    var options = WrittenOptions()
    for argument in arguments {
      guard let label = argument.label else {
        options.plain.append(argument.value)
        continue
      }
      guard names.contains(label.text) else {
        throw Failure(
          .unknownOption(
            label.text, of: call.name, nearest(to: label.text, among: names),
            frame.label(label.span)))
      }
      options.labelled[label.text] = .expression(argument.value)
    }
    return options
  }

  /// The one axis that `over:` names, the last if it is not there.
  func axis(_ option: Option?, of x: TensorValue, _ call: Call, _ frame: inout Frame) throws -> Int
  {
    let axes = try axes(option ?? .last, of: x, &frame)
    guard axes.count == 1 else {
      throw Failure(.noSuchAxis("this", x.type, count: axes.count, frame.label(call.id)))
    }
    return axes[0]
  }

  /// A string that is one of `words`; the first if nothing is said.
  func word(_ option: Option?, among words: [String], _ call: Call, _ frame: inout Frame) throws
    -> String
  {
    guard case .expression(let id)? = option else { return words[0] }
    guard case .string(let text?) = try value(id, &frame) else {
      throw Failure(.notAString(frame.tree.text(id), frame.label(id)))
    }
    guard words.contains(text) else {
      throw Failure(
        .unknownOption(text, of: call.name, nearest(to: text, among: words), frame.label(id)))
    }
    return text
  }

  /// A number that the text determines.
  func number(_ option: Option, _ frame: inout Frame) throws -> Double {
    guard case .expression(let id) = option else { return 0 }
    guard let known = try tensor(id, &frame).known else {
      throw Failure(.openCount(frame.tree.text(id), frame.label(id)))
    }
    return known
  }

  /// `count` indices into an axis of `length`, each from its place and the length.
  func indices(
    into length: Dim, count: Dim, _ id: ExpressionID, _ frame: Frame,
    _ index: (_ place: Int, _ length: Int) -> Int
  ) throws -> TensorValue {
    let known = frame.facts.normal(length).constant ?? 1
    return try table([count], of: .index(length), id, frame) { places, _ in
      Double(index(places[0], known))
    }
  }

  /// A tensor of numbers that follow from their places; in a run all dims are known.
  func table(
    _ dims: [Dim], of kind: Kind, _ id: ExpressionID, _ frame: Frame,
    _ element: (_ place: [Int], _ dims: [Int]) -> Double
  ) throws -> TensorValue {
    var result = TensorValue(TensorType(kind, dims))
    guard let machine else { return result }
    let lengths = try dims.map { try constant($0, id, frame) }
    let count = lengths.reduce(1, *)
    var values: [Double] = []
    for index in 0..<count {
      var rest = index
      var place = lengths.map { _ in 0 }
      for axis in lengths.indices.reversed() {
        place[axis] = rest % lengths[axis]
        rest /= lengths[axis]
      }
      values.append(element(place, lengths))
    }
    result.handle = try machine.constant(values, dims: lengths, kind.isReal ? .f32 : .i32)
    return result
  }
}
