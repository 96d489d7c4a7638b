import DLMShapes
import DLMSyntax
import DLMTensor

// Loops of plain code whose values are all numbers run as programs on registers. Nobody asks for a
// gradient there: numbers then are no more than numbers.
extension Evaluator {
  /// Whether what is bound must be there for a gradient that is asked for later.
  ///
  /// Whoever asks says `wrt`; another file or a later entry at a prompt may.
  static func tracksNumbers(of tree: Tree) -> Bool {
    let (bytes, word) = (tree.file.bytes, Array("wrt".utf8))
    if bytes.indices.contains(where: {
      bytes[$0] == word[0] && bytes[$0...].starts(with: word)
    }) {
      return true
    }
    return tree.items.contains { item in
      if case .declaration(let declaration) = item, case .use = declaration.kind {
        true
      } else {
        false
      }
    }
  }

  /// Turns for which a program on numbers is not worth making.
  private static let fewTurns = 8

  /// Runs all turns but the first at once; false where they must be walked.
  func runNumbers(_ pattern: Pattern?, _ turns: Turns, _ body: Block, _ frame: inout Frame) throws
    -> Bool
  {
    guard turns.count > Self.fewTurns, turns.first != nil || turns.items != nil else {
      return false
    }
    var name: String?
    if let pattern {
      guard case .name(let own) = pattern else { return false }
      name = own.text
    }
    return try runNumbers(&frame) { compiler in
      if let first = turns.first {
        try compiler.loop(name, from: first + 1, to: first + turns.count, body)
      } else if let items = turns.items {
        try compiler.loop(name, over: try compiler.table(Array(items.dropFirst())), body)
      }
    }
  }

  /// Runs a `while` from here to its end; false where it must be walked.
  func runNumbers(while condition: ExpressionID, _ body: Block, _ frame: inout Frame) throws -> Bool
  {
    try runNumbers(&frame) { try $0.loop(while: condition, body) }
  }

  /// The elements of a tensor of a run that are stored in four or eight bytes; narrower ones are
  /// rounded by each operator.
  func plainNumbers(_ tensor: TensorValue) -> [Double]? {
    guard tensor.type.kind == .real, tensor.handle?.elementType.isHalf == false else { return nil }
    return try? read(tensor)
  }

  private func runNumbers(
    _ frame: inout Frame, _ compile: (inout NumberCompiler) throws -> Void
  ) throws -> Bool {
    guard let machine, !machine.isRecordingStep, !tracksNumbers, overrides.isEmpty, sweepRun == nil,
      frame.states.isEmpty, frame.precision == nil
    else { return false }
    var compiler = NumberCompiler(frame) { self.plainNumbers($0) }
    do {
      try compile(&compiler)
      try compiler.finish()
    } catch is NumberCompiler.NoProgram {
      return false
    }
    var program = compiler.program
    guard try program.run(pause: { try machine.endTurn() }) == .finished else { return false }
    for (name, place) in compiler.results {
      let bits = program.registers[place.register]
      let value: Value =
        switch place.sort {
        case .whole: .int(Dim(Int(bits)))
        case .truth: .bool(bits != 0)
        case .real: .number(Double(bitPattern: UInt64(bitPattern: bits)))
        }
      _ = frame.scope.assign(name, value)
    }
    return true
  }
}
