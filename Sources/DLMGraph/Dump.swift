import DLMOperators
import DLMShapes
import DLMTensor

extension Graph {
  /// One line for each node: `%3 = matmul(%1, %2) f32[64, 10]`, then what leaves the graph.
  package func dump() -> String {
    var lines = nodes.enumerated().map { index, node -> String in
      let type = "\(node.elementType)\(node.shape)"
      switch node.source {
      case .variable(let variable): return "%\(index) = variable \(variable.path) \(type)"
      case .apply(let op, let operands, let attributes):
        let arguments =
          operands.map { "%\($0.index)" }
          + attributes.values.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.text)" }
        return "%\(index) = \(op.name)(\(arguments.joined(separator: ", "))) \(type)"
      }
    }
    lines += outputs.map { "output %\($0.index)" }
    lines += assignments.map { "\($0.variable.path) = %\($0.value.index)" }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Plan {
  /// The slots, then one line for each kernel call: number, what it writes, the kernel, what it reads,
  /// its element-wise program, and the operators that it came from.
  ///
  /// A view is `arena+offset` or `slot`, element type and dims; strides follow where it is not dense.
  package func dump() -> String {
    var lines = [
      "\(schedule.instructions.count) calls, arena of \(schedule.arenaByteCount) bytes"
    ]
    for (slot, variable) in variables.enumerated() {
      let tensor = variable.tensor
      lines.append("slot\(slot) = \(variable.path) \(tensor.elementType)\(tensor.shape)")
    }
    for (index, output) in outputs.enumerated() {
      lines.append(
        "slot\(variables.count + index) = output \(index) \(output.elementType)\(output.shape)")
    }
    for (number, instruction) in schedule.instructions.enumerated() {
      let results = instruction.results.map(\.text).joined(separator: ", ")
      let operands = instruction.operands.map(\.text).joined(separator: ", ")
      let program = instruction.kernel.program.map { " " + $0.text } ?? ""
      lines.append(
        "\(number): \(results) = \(instruction.kernel.text)(\(operands))\(program)"
          + " // \(instruction.label)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Attribute {
  fileprivate var text: String {
    switch self {
    case .dim(let dim): dim.description
    case .dims(let dims): "[" + dims.map(\.description).joined(separator: ", ") + "]"
    case .axes(let axes): "\(axes)"
    case .real(let value): "\(value)"
    case .bool(let value): "\(value)"
    case .window(let window): window.text
    case .elementType(let type): type.description
    case .stream(let stream): "\(stream)"
    }
  }
}

extension Window {
  /// `5x5`, and what else is not usual.
  fileprivate var text: String {
    func joined(_ values: [Int]) -> String { values.map(String.init).joined(separator: "x") }
    var text = joined(size)
    if stride.contains(where: { $0 != 1 }) { text += " stride \(joined(stride))" }
    if (low + high).contains(where: { $0 != 0 }) { text += " pad \(joined(low))..\(joined(high))" }
    if dilation.contains(where: { $0 != 1 }) { text += " dilation \(joined(dilation))" }
    return text
  }
}

extension Kernel {
  /// Its name and parameters, without its program.
  fileprivate var text: String {
    let window = self.window.map { " \($0.text)" } ?? ""
    switch self {
    case .reduce(_, _, let axes): return "\(name) over \(axes)"
    case .indexOf(_, let axis), .iota(let axis): return "\(name) along \(axis)"
    case .convolve(_, let groups, let layout, _), .convolveInputGradient(_, let groups, let layout),
      .convolveWeightGradient(_, let groups, let layout):
      return "\(name)\(window)\(groups == 1 ? "" : " groups \(groups)")\(layout.text)"
    case .maxPool(_, let layout), .maxPoolScatter(_, let layout), .maxPoolGather(_, let layout),
      .meanPool(_, let layout), .meanPoolGradient(_, let layout):
      return "\(name)\(window)\(layout.text)"
    case .random(_, let stream, let fixed): return "\(name) \(stream)\(fixed ? " fixed" : "")"
    case .map, .matmul, .gather, .scatterAdd, .pick, .place: return name
    }
  }

  /// The element-wise program that it runs, if it does.
  fileprivate var program: ScalarProgram? {
    switch self {
    case .map(let program), .reduce(_, let program, _): program
    case .matmul(let epilogue), .convolve(_, _, _, let epilogue): epilogue
    case .indexOf, .convolveInputGradient, .convolveWeightGradient, .maxPool, .maxPoolScatter,
      .maxPoolGather, .meanPool, .meanPoolGradient, .gather, .scatterAdd, .pick, .place, .random,
      .iota:
      nil
    }
  }
}

extension Layout {
  fileprivate var text: String {
    switch self {
    case .rowMajor: ""
    case .batchInner(let lanes): " batch-inner \(lanes)"
    }
  }
}

extension View {
  fileprivate var text: String {
    let place =
      switch buffer {
      case .arena(let byteOffset): "arena+\(byteOffset)"
      case .slot(let slot): "slot\(slot)"
      }
    let isDense = zip(dims, zip(strides, Shape(dims).strides)).allSatisfy {
      $0 == 1 || $1.0 == $1.1
    }
    return place + (offset == 0 ? "" : "[\(offset)]") + " \(elementType)\(Shape(dims))"
      + (isDense ? "" : " by \(strides)")
  }
}

extension ScalarProgram {
  /// `{ r2 = multiply(r0, r1); r2 }`.
  fileprivate var text: String {
    var parts = steps.enumerated().map { index, step -> String in
      switch step {
      case .constant(let value): "r\(inputCount + index) = \(value)"
      case .apply(let function, let operands):
        "r\(inputCount + index) = \(function.name)"
          + "(\(operands.map { "r\($0)" }.joined(separator: ", ")))"
      }
    }
    parts.append(outputs.map { "r\($0)" }.joined(separator: ", "))
    return "{ \(parts.joined(separator: "; ")) }"
  }
}
