import DLMOperators
import DLMShapes
import DLMSyntax

/// What could stand at a place of a text that is being written.
package struct Completion {
  package enum Kind: Hashable, Sendable {
    case variable, function, layer, optimizer, schedule, data, field, option, dim, keyword, file
    case command
  }

  package struct Candidate: Hashable, Sendable {
    package var text: String
    /// Its type or its value.
    package var detail: String
    package var kind: Kind

    package init(_ text: String, _ detail: String = "", _ kind: Kind) {
      self.text = text
      self.detail = detail
      self.kind = kind
    }
  }

  /// What the program around the text knows.
  package struct Surroundings {
    /// What the names that can be seen stand for.
    package var value: (String) -> Value?
    package var names: Set<String>
    package var dims: Set<String>
    package var facts: Facts
    /// Entries of a folder whose names begin so, folders with `/` behind them.
    package var files: (String) -> [String]

    package init(
      value: @escaping (String) -> Value?, names: Set<String>, dims: Set<String>, facts: Facts,
      files: @escaping (String) -> [String] = { _ in [] }
    ) {
      self.value = value
      self.names = names
      self.dims = dims
      self.facts = facts
      self.files = files
    }
  }

  /// Where the text begins that a candidate replaces, in bytes.
  package private(set) var start: Int
  package var candidates: [Candidate] = []
  /// Whether the place is that of a stage of a pipe, and where the text in front of it ends.
  package private(set) var pipe: Int?

  /// Moves where candidates go, for a text that was completed apart from the one around it.
  package mutating func move(by bytes: Int) { start += bytes }

  /// - Parameter place: the cursor, in bytes.
  package init(in text: String, at place: Int, _ around: Surroundings) {
    let bytes = Array(text.utf8)
    let place = min(max(0, place), bytes.count)
    start = place
    while start > 0, bytes[start - 1].isWord { start -= 1 }
    let word = String(decoding: bytes[start..<place], as: UTF8.self)
    let before = SourceFile(path: "", text: String(decoding: bytes[..<start], as: UTF8.self))
    if let quote = Self.openQuote(bytes[..<place]) {
      start = quote + 1
      let path = String(decoding: bytes[start..<place], as: UTF8.self)
      candidates = around.files(path).map { Candidate($0, "", .file) }
      return
    }
    let tokens = Lexer.tokens(of: before).filter { $0.kind != .endOfFile }
    let words = tokens.map { before.string($0.span) }
    var found: [Candidate]
    if words.last == "." {
      found = Self.fields(behind: words.dropLast(), around)
    } else {
      let call = Self.openCall(words)
      found = call.map { Self.options(of: $0.callee, given: $0.labels, around) } ?? []
      if words.suffix(2) == ["over", ":"] {
        found = Self.axes(around)
      } else {
        found += Self.names(around)
        if Self.beginsStatement(words, tokens.last, before, start) { found += Self.statements }
      }
      if words.last == "|>", let last = tokens.last { pipe = last.span.start }
    }
    candidates = found.filter { $0.text.hasPrefix(word) }
      .sorted { a, b in
        (a.kind == .option) == (b.kind == .option) ? a.text < b.text : a.kind == .option
      }
  }
}

// What the tokens in front of the cursor say.
extension Completion {
  /// The place of the quote of a string that is open at the end.
  private static func openQuote(_ bytes: ArraySlice<UInt8>) -> Int? {
    var open: Int?
    var index = bytes.startIndex
    while index < bytes.endIndex {
      switch bytes[index] {
      case UInt8(ascii: "\""): open = open == nil ? index : nil
      case UInt8(ascii: "\\") where open != nil: index += 1
      case UInt8(ascii: "\n"): open = nil
      default: break
      }
      index += 1
    }
    return open
  }

  /// The call whose bracket is open, with the labels that it has been given.
  private static func openCall(_ words: [String]) -> (callee: String, labels: Set<String>)? {
    var depth = 0
    var labels: Set<String> = []
    for index in words.indices.reversed() {
      switch words[index] {
      case ")", "]", "}": depth += 1
      case "[", "{":
        if depth == 0 { return nil }
        depth -= 1
      case "(":
        if depth == 0 { return index > 0 ? (words[index - 1], labels) : nil }
        depth -= 1
      case ":" where depth == 0 && index > 0: labels.insert(words[index - 1])
      default: break
      }
    }
    return nil
  }

  private static func beginsStatement(
    _ words: [String], _ last: Token?, _ file: SourceFile, _ start: Int
  ) -> Bool {
    guard let last else { return true }
    if words.last == "{" { return true }
    return file.bytes[last.span.end..<start].contains(UInt8(ascii: "\n"))
  }

  /// Fields and parts of what a chain of names stands for: `net.conv1.`
  private static func fields(behind words: ArraySlice<String>, _ around: Surroundings)
    -> [Candidate]
  {
    var path: [String] = []
    var rest = words
    while let name = rest.popLast() {
      path.insert(name, at: 0)
      guard rest.last == "." else { break }
      rest.removeLast()
    }
    guard let first = path.first, var value = around.value(first) else { return [] }
    for name in path.dropFirst() {
      guard let inner = value.field(named: name) else { return [] }
      value = inner
    }
    return value.fieldNames.map { name, inner in
      Candidate(name, inner?.summary(around.facts) ?? "", .field)
    }
  }

  private static func options(
    of callee: String, given: Set<String>, _ around: Surroundings
  ) -> [Candidate] {
    guard let (parameters, module) = around.value(callee)?.options else { return [] }
    return parameters.filter { !given.contains($0.name.text) }.map { parameter in
      let type = parameter.type.map { module.tree.file.string($0.span) } ?? ""
      let standard = parameter.standard.map { " = \(module.tree.text($0))" } ?? ""
      return Candidate("\(parameter.name.text): ", type + standard, .option)
    }
  }

  private static func axes(_ around: Surroundings) -> [Candidate] {
    let carried = around.names.flatMap { around.value($0)?.axisNames ?? [] }
    let dims = around.dims.union(carried).filter { $0.first?.isUppercase == true }
    return dims.map { Candidate($0, "", .dim) } + [Candidate("all but ", "", .keyword)]
  }

  private static func names(_ around: Surroundings) -> [Candidate] {
    let known = around.names.compactMap { name -> Candidate? in
      guard let value = around.value(name) else { return nil }
      return Candidate(name, value.summary(around.facts), value.completionKind)
    }
    let dims = around.dims.filter { !around.names.contains($0) }.map { Candidate($0, "dim", .dim) }
    let operators = Builtin.names.filter { !around.names.contains($0) }.map { name in
      Candidate(name, Operator.named(name)?.summary ?? "", .function)
    }
    return known + dims + operators
  }

  private static let statements = [
    "use", "data", "dim", "layer", "fn", "loss", "optimizer", "schedule", "train", "test", "sweep",
    "let", "var", "if", "for", "while", "repeat", "scan", "return", "print", "plot", "save", "graph",
    "param", "state", "penalize", "emit", "minimize", "expect",
  ].map { Candidate($0, "", .keyword) }
}

extension Value {
  /// Statics of a constructor, parameters of a function, with the file that declares them.
  package var options: (parameters: [Parameter], module: Module)? {
    switch self {
    case .constructor(let constructor):
      switch constructor.declared {
      case .layer(let layer): (layer.statics, constructor.module)
      case .optimizer(let optimizer): (optimizer.statics, constructor.module)
      }
    case .function(let function): (function.declaration.parameters, function.module)
    case .schedule(let schedule, let module): (schedule.statics, module)
    case .instance(let instance): (instance.declaration.inputs, instance.module)
    default: nil
    }
  }

  fileprivate var completionKind: Completion.Kind {
    switch self {
    case .constructor(let constructor):
      if case .layer = constructor.declared { .layer } else { .optimizer }
    case .function: .function
    case .schedule: .schedule
    case .dataset, .split: .data
    default: .variable
    }
  }

  /// Its type, or how it is called, in a few words.
  fileprivate func summary(_ facts: Facts) -> String {
    switch normal(facts) {
    case .tensor(let tensor): return "\(tensor.type)"
    case .int(let dim): return "\(dim)"
    case .instance(let instance): return instance.declaration.name.text
    default:
      guard let (parameters, module) = options else { return sort }
      let texts = parameters.map { parameter in
        let type = parameter.type.map { ": \(module.tree.file.string($0.span))" } ?? ""
        return parameter.name.text + type
      }
      return "(\(texts.joined(separator: ", ")))"
    }
  }

  /// Symbols that its type has for axes.
  fileprivate var axisNames: [String] {
    switch self {
    case .tensor(let tensor): tensor.type.dims.flatMap { $0.symbols.map(\.name) }
    case .dataset(let data): data.fields.flatMap { Value.tensor(TensorValue($0.type)).axisNames }
    default: []
    }
  }

  fileprivate func field(named name: String) -> Value? {
    fieldNames.first { $0.name == name }?.value
  }

  /// Parts of a layer, fields of a record, splits and columns of data.
  fileprivate var fieldNames: [(name: String, value: Value?)] {
    switch self {
    case .record(let fields): fields.map { ($0.name, $0.value) }
    case .instance(let instance):
      instance.parts.map { name in
        if let child = instance.child(named: name) { return (name, .instance(child)) }
        let kept = instance.kept.first { $0.name == name }
        return (name, kept.map { .tensor(TensorValue($0.type)) })
      }
    case .dataset(let data):
      data.counts.filter { !$0.split.isEmpty }.map {
        ($0.split, .split(DataSplit(dataset: data, name: $0.split, rows: $0.rows)))
      } + data.fields.map { ($0.name, .tensor(TensorValue($0.type))) }
        + (data.vocabulary.map { [("vocab", .int($0))] } ?? [])
    case .tensor: [("T", nil), ("shape", nil)]
    default: []
    }
  }
}

extension UInt8 {
  /// Whether it is part of a name.
  fileprivate var isWord: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }
}
