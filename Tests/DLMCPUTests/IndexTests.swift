import CDLMKernels
import DLMCPU
import DLMTensor
import Testing

@Suite struct IndexTests {
  @Test(arguments: [Int.min, -2, 0, 1, .max])
  func `a triangle ends at any diagonal`(_ diagonal: Int) throws {
    try expectAgreement(
      .routine(.triangle(diagonal: diagonal)), [Array_([2, 3, 4])], [Array_([2, 3, 4])], within: 0)
  }

  @Test func `places of extremes agree with the reference`() throws {
    for (dims, axis) in [([6, 10], 1), ([6, 10], 0), ([3, 4, 5], 1), ([1, 1], 0)] {
      var reduced = dims
      reduced[axis] = 1
      for extremum in [Extremum.max, .min] {
        for type in [ElementType.f32, .i32, .u8] {
          // Few different values: the first of several must win.
          try expectAgreement(
            .indexOf(extremum, axis: axis), [Array_(dims, type, in: 0...4)],
            [Array_(reduced, .i32)], within: 0)
        }
      }
    }
  }

  @Test(arguments: ElementType.allCases)
  func `elements are moved by index`(_ type: ElementType) throws {
    let index = Array_([13], .i32, in: 0...7)
    let x = Array_([2, 7, 5], type, in: 0...2)
    let y = Array_([2, 13, 5], type, in: 0...2)
    try expectAgreement(.gather, [x, index], [y], within: 0)
    try expectAgreement(.gather, [x.stored([1, 2, 0]), index], [y.stored([2, 1, 0])], within: 0)
    if type != .bool && type != .u8 {
      try expectAgreement(.scatterAdd, [y, index], [x])
      try expectAgreement(
        .scatterAdd, [Array_([1, 13, 150], type), index], [Array_([1, 7, 150], type)])
      try expectAgreement(
        .scatterAdd, [Array_([3, 13, 300], type), index], [Array_([3, 7, 300], type)])
      try expectAgreement(.scatterAdd, [y.stored([2, 0, 1]), index], [x.stored([1, 2, 0])])
    }
    let choice = Array_([4, 3], .i32, in: 0...6)
    let table = Array_([4, 6, 3], type, in: 0...2)
    let chosen = Array_([4, 3], type, in: 0...2)
    try expectAgreement(.pick, [table, choice], [chosen], within: 0)
    try expectAgreement(
      .pick, [table.stored([2, 0, 1]), choice.stored([1, 0])], [chosen], within: 0)
    try expectAgreement(.place, [chosen, choice], [table], within: 0)
    try expectAgreement(.place, [chosen, choice], [table.stored([1, 2, 0])], within: 0)
  }

  @Test(arguments: [-1, 7])
  func `an index out of range is reported with its place`(_ bad: Int) throws {
    let backend = try CPUBackend(threads: 2)
    let index = try Tensor([0, 6, Double(bad), 99], shape: [4], .i32)
    let x = try Tensor(zeros: [1, 7, 2])
    let y = try Tensor(zeros: [1, 4, 2])
    let schedule = Schedule(
      instructions: [
        Instruction(
          .gather,
          operands: [
            View(rowMajor: .slot(0), .f32, x.shape), View(rowMajor: .slot(1), .i32, index.shape),
          ], results: [View(rowMajor: .slot(2), .f32, y.shape)], label: "lookup")
      ], arenaByteCount: 0, slotCount: 3)
    let executable = try backend.prepare(schedule)
    let slots = [x, index, y].map(\.storage.pointer)
    #expect(
      throws: ExecutionError.indexOutOfRange(index: bad, count: 7, position: 2, label: "lookup")
    ) {
      try executable.run(slots: slots, seed: 0, counter: 0)
    }
    index[2] = 0
    index[3] = 0
    try executable.run(slots: slots, seed: 0, counter: 0)
  }

  @Test func `indices of an axis agree with the reference`() throws {
    for type in ElementType.allCases {
      for axis in 0..<3 {
        try expectAgreement(.iota(axis: axis), [], [Array_([3, 4, 5], type)], within: 0)
      }
    }
  }

  @Test(arguments: [1, 5, 64, 1003], [Distribution.uniform, .normal])
  func `draws agree with the reference`(_ count: Int, _ distribution: Distribution) throws {
    for fixed in [false, true] {
      try expectAgreement(
        .random(distribution, stream: 0xFEED_0000_1234, fixed: fixed), [], [Array_([count])],
        within: distribution == .uniform ? 0 : 2e-6)
    }
  }

  @Test func `the generator gives the published answers`() {
    // Known answers of Philox4x32-10 from the authors' test vectors: all zeros, all ones.
    var out: [UInt32] = [0, 0, 0, 0]
    dlm_philox(0, 0, 0, 0, &out)
    #expect(out == [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8])
    dlm_philox(.max, 0, .max, .max, &out)
    #expect(out == [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD])
  }
}
