import DLMCPU
import DLMTensor
import Testing

/// Maps and reductions over the same rows are done block of rows by block of rows.
@Suite struct RowChainTests {
  static let (rows, width) = (700, 33)

  /// Rows of `x` divided by their deviations, and sums over all rows, in an arena in which memory
  /// is used again. `place`: where the quotients go, in bytes.
  static func schedule(place: Int) -> Schedule {
    let count = rows * width
    func arena(_ offset: Int, _ dims: [Int], _ strides: [Int]? = nil) -> View {
      View(
        .arena(byteOffset: offset), .f32, dims: dims, strides: strides ?? Shape(dims).strides)
    }
    let dims = [rows, width]
    let x = View(rowMajor: .slot(0), .f32, Shape(dims))
    let (centred, sums) = (arena(0, dims), 8 * count)
    func perRow(_ offset: Int) -> View { arena(offset, [rows, 1]) }
    func spread(_ offset: Int) -> View { arena(offset, dims, [1, 0]) }
    let scale = ScalarProgram(
      domain: .f32, inputCount: 2,
      steps: [
        .constant(1 / Double(width)), .apply(.multiply, [1, 2]), .apply(.subtract, [0, 3]),
      ],
      outputs: [4])
    let root = ScalarProgram(
      domain: .f32, inputCount: 1,
      steps: [.constant(1e-5), .apply(.add, [0, 1]), .apply(.sqrt, [2])], outputs: [3])
    let squares = ScalarProgram(
      domain: .f32, inputCount: 1, steps: [.apply(.multiply, [0, 0])], outputs: [1])
    return Schedule(
      instructions: [
        Instruction(
          .reduce(.sum, .copy(), axes: [1]), operands: [x], results: [perRow(sums)], label: "sum"),
        Instruction(.map(scale), operands: [x, spread(sums)], results: [centred], label: "centre"),
        Instruction(
          .reduce(.sum, squares, axes: [1]), operands: [centred], results: [perRow(sums)],
          label: "squares"),
        Instruction(
          .map(root), operands: [perRow(sums)], results: [perRow(sums + 4 * rows)], label: "root"),
        Instruction(
          .map(ScalarProgram(.divide)), operands: [x, spread(sums + 4 * rows)],
          results: [arena(place, dims)], label: "quotient"),
        Instruction(
          .reduce(.sum, ScalarProgram(.multiply), axes: [0]), operands: [x, arena(place, dims)],
          results: [View(rowMajor: .slot(1), .f32, [1, width])], label: "over rows"),
        Instruction(
          .map(.copy()), operands: [arena(place, dims)],
          results: [View(rowMajor: .slot(2), .f32, Shape(dims))], label: "copy"),
      ], arenaByteCount: sums + 8 * rows, slotCount: 3)
  }

  private func outcome(
    _ backend: any Backend, _ schedule: Schedule, _ profile: RunProfile? = nil
  ) throws -> [Tensor] {
    let shapes = [[Self.rows, Self.width], [1, Self.width], [Self.rows, Self.width]]
    let tensors = try shapes.enumerated().map { try Array_($1).filled(seed: $0 + 1) }
    let executable = try backend.prepare(schedule)
    executable.profile = profile
    try executable.run(slots: tensors.map(\.storage.pointer), seed: 1, counter: 1)
    return tensors
  }

  /// Quotients where centred rows were, elsewhere, and so that a row lies where another one was:
  /// only then the chain has to end before.
  @Test(arguments: [(0, 2), (4 * rows * width, 2), (4 * width, 3), (16, 3)])
  func `a chain agrees with its links one after the other`(_ place: Int, _ calls: Int) throws {
    let schedule = Self.schedule(place: place)
    let expected = try outcome(ReferenceBackend(), schedule)
    let profile = RunProfile()
    for isa in CPUBackend.instructionSets {
      let one = try outcome(CPUBackend(isa: isa, threads: 1), schedule, profile)
      let two = try outcome(CPUBackend(isa: isa, threads: 2), schedule)
      for (a, b) in zip(one, expected) {
        for (x, y) in zip(a.values, b.values) { #expect(abs(x - y) < 1e-4) }
      }
      for (a, b) in zip(one, two) { #expect(a.values == b.values) }
    }
    #expect(profile.entries.count == calls * CPUBackend.instructionSets.count)
  }
}
