import DLMFrontend
import DLMInterpreter
import DLMShapes
import DLMSyntax

// Commands that ask: nothing is computed that has an effect.
extension Repl {
  /// What an expression is on shapes alone.
  private func checked(_ text: String) throws -> (value: Value, frame: Frame, lines: [Line]) {
    guard !text.isEmpty else { throw MachineError("name an expression") }
    let parsed = Parser.parse(SourceFile(path: "entry \(history.count)", text: text))
    guard parsed.diagnostics.isEmpty else {
      return (.failed, session.program.frame, parsed.diagnostics.map(Line.diagnostic))
    }
    let found = session.program.check(parsed.tree)
    return (found.value, found.frame, found.diagnostics.map(Line.diagnostic))
  }

  func type(_ text: String) throws -> [Line] {
    let parts = text.split(separator: " with ", maxSplits: 1).map { String($0).trimmed }
    if let name = parts.first, let layer = layer(name) {
      return try type(of: layer, with: parts.count > 1 ? parts[1] : nil)
    }
    let (value, frame, lines) = try checked(text)
    guard lines.isEmpty else { return lines }
    if case .instance(let instance) = value {
      return try type(of: (instance.declaration, instance.module), with: nil)
    }
    return [.text("\(text) : \(session.typeText(value, frame.facts))")]
  }

  func layer(_ name: String) -> (LayerDeclaration, Module)? {
    guard let value = session.program.frame.scope[name]?.value else { return nil }
    if case .instance(let instance) = value { return (instance.declaration, instance.module) }
    guard case .constructor(let constructor) = value, case .layer(let layer) = constructor.declared
    else { return nil }
    return (layer, constructor.module)
  }

  /// `Net : real[B, 1, H, W] -> logprob[B, 10]`, and what it requires.
  private func type(of layer: (LayerDeclaration, Module), with input: String?) throws -> [Line] {
    var (declaration, module) = layer
    if let input { (declaration, module) = try changed(declaration, module, input: input) }
    let file = module.tree.file
    let statics = declaration.statics.map { parameter in
      let type = parameter.type.map { ": \(file.string($0.span))" } ?? ""
      let standard = parameter.standard.map { " = \(module.tree.text($0))" } ?? ""
      return parameter.name.text + type + standard
    }
    let inputs = declaration.inputs.map { $0.type.map { file.string($0.span) } ?? "_" }
    let result = declaration.result.map { file.string($0.span) } ?? "_"
    var frame = session.program.frame
    frame.module = module
    let head =
      declaration.name.text
      + (statics.isEmpty ? "" : "(\(statics.joined(separator: ", ")))")
    var text = "\(head) : \(inputs.joined(separator: ", ")) -> \(result)"
    let cost = session.evaluator.cost(of: declaration, in: frame)
    if let requirements = cost?.requirements, !requirements.isEmpty {
      text += "      requires " + requirements.map { "\($0)" }.joined(separator: ", ")
    }
    // Lengths that several of the input's have gone into.
    for stage in cost?.stages ?? [] {
      for dim in stage.type.dims where dim.symbols.count > 1 {
        text += "\n\(stage.text) gives \(dim)"
      }
    }
    return [.text(text)]
  }

  /// The layer with another type for an input: `x: real[B, 1, H, W]`.
  private func changed(_ layer: LayerDeclaration, _ module: Module, input: String) throws -> (
    LayerDeclaration, Module
  ) {
    let parts = input.split(separator: ":", maxSplits: 1).map { String($0).trimmed }
    guard parts.count == 2,
      let parameter = layer.inputs.first(where: { $0.name.text == parts[0] }),
      let type = parameter.type
    else {
      let inputs = layer.inputs.map(\.name.text).joined(separator: ", ")
      throw MachineError(
        "`\(layer.name.text)` has no input of that name",
        help: "its inputs are: \(inputs); write `with NAME: TYPE`")
    }
    let file = module.tree.file
    let declarations = module.tree.items.compactMap { item -> Declaration? in
      if case .declaration(let declaration) = item, declaration.kind.declaredName == layer.name.text
      {
        declaration
      } else {
        nil
      }
    }
    guard let span = declarations.first?.span else { return (layer, module) }
    let text =
      file.string(Span(span.start, type.span.start)) + parts[1]
      + file.string(Span(type.span.end, span.end))
    let parsed = Parser.parse(SourceFile(path: file.path, text: text))
    guard case .declaration(let declaration)? = parsed.tree.items.first,
      case .layer(let changed) = declaration.kind, parsed.diagnostics.isEmpty
    else { throw MachineError("`\(parts[1])` is no type") }
    return (changed, Module(parsed.tree, after: module))
  }

  func shape(_ text: String) throws -> [Line] {
    if let layer = layer(text) { return try type(of: layer, with: nil) + stages(of: layer) }
    let (value, frame, lines) = try checked(text)
    guard lines.isEmpty else { return lines }
    guard case .tensor(let tensor) = value else {
      return [.text("\(text) : \(session.typeText(value, frame.facts))")]
    }
    let table = tensor.origin?.table ?? []
    return [
      .text((["\(text) : \(tensor.type)"] + table.map { "  \($0)" }).joined(separator: "\n"))
    ]
  }

  /// What the stages of a layer give, one a line.
  private func stages(of layer: (LayerDeclaration, Module)) -> [Line] {
    var frame = session.program.frame
    frame.module = layer.1
    guard let cost = session.evaluator.cost(of: layer.0, in: frame), !cost.stages.isEmpty else {
      return []
    }
    let width = cost.stages.map(\.text.count).max() ?? 0
    return [
      .text(
        cost.stages.map { "  \($0.text.paddedRight(to: width))  \($0.type)" }
          .joined(separator: "\n"))
    ]
  }

  /// `net.conv2.H`: the value of a dim of a layer, and the way to it.
  func why(_ text: String) throws -> [Line] {
    if let passage = session.program.passage(text) { return [.text(lengths(passage, at: text))] }
    guard let dot = text.lastIndex(of: "."),
      text[text.index(after: dot)...].first?.isUppercase == true
    else {
      if text.isDim, session.program.frame.scope[text] == nil { throw homeless(dim: text) }
      return try shape(text)
    }
    let (path, name) = (String(text[..<dot]), String(text[text.index(after: dot)...]))
    guard let passage = session.program.passage(path) else {
      throw MachineError(
        "there is no layer `\(path)` that something has been through",
        help: nearest(to: path, among: layerPaths).map { "did you mean `\($0)`?" }
          ?? "bind a layer, apply it, or run a training")
    }
    guard let binding = passage.dim(name) else {
      let names = passage.dims.names.filter(\.isDim).sorted()
      throw MachineError(
        "`\(path)` has no dim `\(name)`", help: "it has \(names.joined(separator: ", "))")
    }
    let values = binding.dims.map { "\(passage.facts.normal($0))" }.joined(separator: ", ")
    var rows = ["\(path).\(name) = \(values)"]
    for (input, tensor) in passage.inputs {
      let table = tensor.origin?.table ?? ["\(input)  \(tensor.type)"]
      rows += table.map { "  \($0)" }
    }
    return [.text(rows.joined(separator: "\n"))]
  }

  /// `net.conv2: B = 64, C = 10, H = 12`, and how its inputs came about.
  private func lengths(_ passage: InteractiveProgram.Passage, at path: String) -> String {
    let dims = passage.dims.names.filter(\.isDim).sorted().compactMap { name -> String? in
      guard case .dim(let dim)? = passage.dims[name] else { return nil }
      return "\(name) = \(passage.facts.normal(dim))"
    }
    let rows = passage.inputs.flatMap { input, tensor in
      tensor.origin?.table ?? ["\(input)  \(tensor.type)"]
    }
    return (["\(path): \(dims.joined(separator: ", "))"] + rows.map { "  \($0)" })
      .joined(separator: "\n")
  }

  /// A dim without the layer that it is of.
  private func homeless(dim: String) -> MachineError {
    let home = layerPaths.first { session.program.passage($0)?.dim(dim) != nil }
    return MachineError(
      "`\(dim)` is a length within a layer: name the layer too",
      help: home.map { ":why \($0).\(dim)" } ?? ":why net.\(dim), once a layer is bound to `net`")
  }

  /// Paths of the layers that are bound to names, and of those inside them.
  private var layerPaths: [String] {
    session.program.names.values.flatMap { slot -> [String] in
      guard case .instance(let instance) = slot.value else { return [] }
      return session.program.filled(instance).all.map(\.path)
    }
  }

  /// The cost of a layer that a name stands for, with the statics that it has been made with.
  func layerCost(of name: String) -> LayerCost? {
    guard let (layer, module) = layer(name) else { return nil }
    var frame = session.program.frame
    frame.module = module
    if case .instance(let instance)? = frame.scope[name]?.value {
      return session.evaluator.cost(of: instance, in: frame)
    }
    return session.evaluator.cost(of: layer, in: frame)
  }

  /// `Net B=64`
  func cost(_ argument: String) throws -> [Line] {
    let words = argument.split(whereSeparator: { $0.isWhitespace || $0 == "," }).map(String.init)
    guard let name = words.first, layer(name) != nil else {
      throw MachineError("`:cost` needs a layer of the program", help: ":cost Net B=64")
    }
    guard let found = layerCost(of: name) else {
      let isMade = name.first?.isLowercase ?? false
      throw MachineError(
        "the cost of `\(name)` is only known where it is used",
        help: isMade
          ? "give it an input first: `\(name)(...)`"
          : "bind one and give it an input: `let net = \(name)(...)`, then `:cost net`")
    }
    let given = try words.dropFirst().map { word -> (String, Int) in
      let parts = word.split(separator: "=").map(String.init)
      guard parts.count == 2, let value = Int(parts[1]) else {
        throw MachineError("`\(word)` gives no dim its value", help: "write `B=64`")
      }
      return (parts[0], value)
    }
    /// `0.96 MFLOP·B = 62 MFLOP`
    func text(_ dim: Dim, _ unit: String) -> String {
      var values: [Symbol: Dim] = [:]
      for symbol in dim.symbols {
        values[symbol] = given.first { $0.0 == symbol.name }.map { Dim($0.1) }
      }
      let formula = dim.text(times: "·") { NumberText.scaled(Double($0), unit) }
      guard !values.isEmpty else { return formula }
      return formula + " = "
        + dim.substituting(values).text(times: "·") { NumberText.scaled(Double($0), unit) }
    }
    var rows = [
      [
        "params \(found.cost.parameters.constant?.grouped ?? "\(found.cost.parameters)")",
        "\(text(2 * found.cost.multiplyAdds, "FLOP")) forward",
        "train memory at most \(text(found.cost.trainingBytes, "B"))",
      ].joined(separator: " · ")
    ]
    if !found.requirements.isEmpty {
      rows.append("requires " + found.requirements.map { "\($0)" }.joined(separator: ", "))
    }
    return [.text(rows.joined(separator: "\n"))]
  }

  func variables() throws -> [Line] {
    let program = session.program
    let named = program.names.sorted { $0.key < $1.key }
    let rows = try named.compactMap { name, slot -> (String, ValueText)? in
      try session.describe(slot.value, width: host.width(), isBound: true).map { (name, $0) }
    }
    let width = rows.map(\.0.count).max() ?? 0
    let lines = rows.map { name, text in
      "\(name.paddedRight(to: width)) : \(text.line)"
    }
    let trainings = session.trainings.map { "train \($0)" }
    return [.text((lines + trainings).joined(separator: "\n"))]
  }

  func documentation(_ name: String) throws -> [Line] {
    var modules = session.evaluator.prelude.modules
    if let module = session.program.frame.scope[name]?.value.module {
      modules.insert(module, at: 0)
    }
    if let page = Documentation(of: name, in: modules) { return [.text(page.page)] }
    let near = nearest(to: name, among: Documentation.names(in: modules))
    throw MachineError(
      "nothing is documented of `\(name)`", help: near.map { "did you mean `\($0)`?" })
  }
}

extension InteractiveProgram.Passage {
  /// A dim by its name in the layer; where the layer takes any number of axes in a row, also by what
  /// those are usually called.
  fileprivate func dim(_ name: String) -> DimBinding? {
    if let binding = dims[name] { return binding }
    let usual = [1: ["T"], 2: ["H", "W"], 3: ["D", "H", "W"]]
    for pack in dims.names where pack.first?.isUppercase == true {
      guard case .pack(let lengths)? = dims[pack] else { continue }
      if let axis = usual[lengths.count]?.firstIndex(of: name) { return .dim(lengths[axis]) }
    }
    return nil
  }
}

extension String {
  /// Whether it is written like a length: `H`.
  fileprivate var isDim: Bool {
    first?.isUppercase == true && allSatisfy { $0.isLetter || $0.isNumber }
  }
}

extension ValueText {
  /// Type, value and remarks in one line.
  var line: String {
    let value = text.map { $0.contains("\n") ? "" : " = \($0)" } ?? ""
    return type + value + (detail.map { "      \($0)" } ?? "")
  }
}
