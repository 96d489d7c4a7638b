import DLMOperators
import DLMShapes
import DLMTensor

extension Graph {
  /// The graph, a line for each node: number, operator with operands and attributes, type.
  package func dump() -> String {
    var lines = nodes.enumerated().map { index, node in
      let type = "\(node.elementType)\(node.shape)"
      switch node.source {
      case .variable(let variable): return "%\(index) = \(variable.name)  \(type)"
      case .apply(let operation, let operands, let attributes):
        let pieces = operands.map { "%\($0.index)" } + attributes.texts
        return "%\(index) = \(operation.name)(\(pieces.joined(separator: ", ")))  \(type)"
      case .input(let number): return "%\(index) = input \(number)  \(type)"
      case .loop(let loop, let operands):
        let inputs = zip(loop.roles, operands).map { "\($0.0) %\($0.1.index)" }
        let body = loop.body.dump().split(separator: "\n").map { "\n  \($0)" }.joined()
        return "%\(index) = scan of \(loop.length)\(loop.isReversed ? " backwards" : "")"
          + "(\(inputs.joined(separator: ", ")))\(body)"
      case .part(let loop, let part): return "%\(index) = part \(part) of %\(loop.index)  \(type)"
      }
    }
    lines += assignments.map { "\($0.variable.name) <- %\($0.value.index)" }
    lines += outputs.map { "output %\($0.index)" }
    return lines.map { $0 + "\n" }.joined()
  }
}

extension Plan {
  /// The plan, a line for each kernel call: what it computes, where it writes, where it reads.
  package func dump() -> String {
    var lines = schedule.instructions.lines(text, indent: "")
    lines.append(
      "\(schedule.instructions.count) calls, \(schedule.arenaByteCount) bytes of arena, "
        + "\(schedule.slotCount) slots")
    return lines.map { $0 + "\n" }.joined()
  }

  /// `net.w f32[2, 8]`, `@1024 f32[4, 8]`: a slot by its name, a place in the arena by its offset.
  private func text(_ view: View) -> String {
    let place =
      switch view.buffer {
      case .arena(let offset): "@\(offset)"
      case .slot(let slot) where slot < variables.count: variables[slot].name
      case .slot(let slot): "output\(slot - variables.count)"
      }
    return "\(place) \(view.elementType)\(Shape(view.dims))"
  }
}

extension [Instruction] {
  /// A line for each call; bodies of loops below theirs, with slots by number.
  fileprivate func lines(_ text: (View) -> String, indent: String) -> [String] {
    enumerated().flatMap { index, instruction -> [String] in
      let results = instruction.results.map(text).joined(separator: ", ")
      let operands = instruction.operands.map(text).joined(separator: ", ")
      let line =
        "\(indent)\(index)  \(results) = \(instruction.kernel.text)(\(operands))"
        + (instruction.label.isEmpty ? "" : "  \(instruction.label)")
      guard case .loop(let kernel) = instruction.kernel else { return [line] }
      return [line]
        + kernel.body.instructions.lines({ $0.numbered }, indent: indent + "    ")
    }
  }
}

extension View {
  /// `slot3 f32[2, 8]`, `@1024 f32[4, 8]`.
  fileprivate var numbered: String {
    switch buffer {
    case .arena(let offset): "@\(offset) \(elementType)\(Shape(dims))"
    case .slot(let slot): "slot\(slot) \(elementType)\(Shape(dims))"
    }
  }
}

extension Variable {
  fileprivate var name: String { path.isEmpty ? "constant" : path }
}

extension Attributes {
  fileprivate var texts: [String] {
    entries.map { "\($0.name): \($0.value.text)" }
  }
}

extension Attribute {
  fileprivate var text: String {
    switch self {
    case .dim(let dim): "\(dim)"
    case .dims(let dims): "\(dims)"
    case .axes(let axes): "\(axes)"
    case .real(let value): "\(value)"
    case .bool(let value): "\(value)"
    case .window(let window): "\(window.size) by \(window.stride)"
    case .elementType(let type): "\(type)"
    case .stream(let stream): "#\(String(stream, radix: 16))"
    }
  }
}

extension Kernel {
  fileprivate var text: String {
    switch self {
    case .map(let program): program.text
    case .reduce(let reduction, let program, let axes):
      "\(reduction) over \(axes) of \(program.text)"
    case .indexOf(let extremum, let axis): "index of \(extremum) over [\(axis)]"
    case .attention(let attention): "attention(\(attention))"
    case .attentionGradient(let attention): "attention gradient(\(attention))"
    case .matmul(let epilogue): "matmul\(Self.text(epilogue))"
    case .convolve(let window, _, let layout, let epilogue):
      "convolve \(window.size) \(layout)\(Self.text(epilogue))"
    case .convolveInputGradient(let window, _, let layout):
      "convolve_input_gradient \(window.size) \(layout)"
    case .convolveWeightGradient(let window, _, let layout, _):
      "convolve_weight_gradient \(window.size) \(layout)"
    case .maxPool(let window, let layout): "max_pool \(window.size) \(layout)"
    case .maxPoolScatter(let window, let layout): "max_pool_scatter \(window.size) \(layout)"
    case .maxPoolGather(let window, let layout): "max_pool_gather \(window.size) \(layout)"
    case .meanPool(let window, let layout): "mean_pool \(window.size) \(layout)"
    case .meanPoolGradient(let window, let layout): "mean_pool_gradient \(window.size) \(layout)"
    case .gather: "gather"
    case .scatterAdd: "scatter_add"
    case .pick: "pick"
    case .place: "place"
    case .random(let distribution, let stream, let fixed):
      "\(distribution) #\(String(stream, radix: 16))\(fixed ? " fixed" : "")"
    case .iota(let axis): "iota over [\(axis)]"
    case .routine(let routine): "\(routine)"
    case .loop(let kernel): "scan of \(kernel.length)"
    }
  }

  private static func text(_ epilogue: ScalarProgram?) -> String {
    epilogue.map { " then \($0.text)" } ?? ""
  }
}

extension ScalarProgram {
  /// `[c = multiply(a, b); add(c, b)]`: operands and steps by letters.
  fileprivate var text: String {
    func register(_ index: Int) -> String {
      guard index >= inputCount else { return "a\(index)" }
      if case .constant(let value) = steps[index - inputCount] { return "\(value)" }
      return "t\(index - inputCount)"
    }
    let lines = steps.enumerated().compactMap { index, step -> String? in
      guard case .apply(let function, let operands) = step else { return nil }
      return "t\(index) = \(function.name)(\(operands.map(register).joined(separator: ", ")))"
    }
    let results = outputs.map(register).joined(separator: ", ")
    return "[" + (lines + [results]).joined(separator: "; ") + "]"
  }
}
