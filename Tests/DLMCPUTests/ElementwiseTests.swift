import DLMCPU
import DLMTensor
import DLMTestSupport
import Testing

@Suite struct ElementwiseTests {
  @Test(arguments: [1, 3, 8, 17, 500, 512, 513, 5000])
  func `every function agrees with the reference`(_ count: Int) throws {
    for raw in 0...ScalarFunction.select.rawValue {
      let function = try #require(ScalarFunction(rawValue: raw))
      let operands = (0..<function.arity).map { _ in Array_([count], in: -3...3) }
      if function == .power || function == .modulo || function == .log || function == .sqrt
        || function == .log1p || function == .lgamma
      {
        let positive = operands.map { _ in Array_([count], in: 0.1...4) }
        try expectAgreement(.map(ScalarProgram(function)), positive, [Array_([count])])
      } else {
        try expectAgreement(.map(ScalarProgram(function)), operands, [Array_([count])])
      }
    }
  }

  @Test(arguments: [ScalarFunction.exp, .log, .tanh, .sigmoid, .erf])
  func `functions are right to three units in the last place`(_ function: ScalarFunction) throws {
    let ends = [
      0, -0.0, .infinity, -.infinity, .nan, 1e-30, -1e-30, 3e-39, 87, 88.5, -87.5, -95, 104,
    ]
    let sweep = (-60_000...60_000).map { Double(Float(Double($0) * 2e-4)) }
    let near = (0...20_000).map { Double(Float(Double($0) * 1e-4 - 1)) }
    let x = try Tensor(ends + sweep + near, shape: [ends.count + sweep.count + near.count])
    func values(on backend: any Backend, _ type: ElementType) throws -> Tensor {
      let y = try Tensor(zeros: [x.count], type)
      let instruction = Instruction(
        .map(ScalarProgram(function)), operands: [View(rowMajor: .slot(0), .f32, [x.count])],
        results: [View(rowMajor: .slot(1), type, [x.count])], label: "")
      try backend.prepare(Schedule(instructions: [instruction], arenaByteCount: 0, slotCount: 2))
        .run(slots: [x.storage.pointer, y.storage.pointer], seed: 0, counter: 0)
      return y
    }
    let expected = try values(on: ReferenceBackend(), .f64)
    for isa in CPUBackend.testedKernels {
      let y = try values(on: CPUBackend(testing: isa, threads: 1), .f32)
      var worst = (units: 0.0, at: 0.0)
      for index in 0..<x.count {
        let exact = expected[index]
        if exact.isNaN && y[index].isNaN || Double(Float(exact)) == y[index] { continue }
        // Numbers with fewer digits than others have larger last places.
        let unit = max(Double(Float(exact).ulp), 0x1p-149)
        let limit = function == .sigmoid ? 0x1p-126 : 0
        let error = max(0, abs(y[index] - exact) - limit) / unit
        if !(error <= worst.units) { worst = (error, x[index]) }
      }
      #expect(worst.units <= 3, "\(isa): \(worst)")
    }
  }

  @Test(arguments: ElementType.allCases)
  func `elements are converted from and to every type`(_ type: ElementType) throws {
    for target in ElementType.allCases {
      for domain in [ElementType.f32, .f64, .i64] {
        let program = ScalarProgram.copy(domain: domain)
        try expectAgreement(
          .map(program), [Array_([70], type, in: 0...100)], [Array_([70], target)])
        try expectAgreement(
          .map(program), [Array_([7, 9], type, in: 0...2).stored([1, 0])],
          [Array_([7, 9], target)])
      }
    }
  }

  @Test func `operands and results may have any strides`() throws {
    let dims = [3, 5, 2, 9]
    let program = ScalarProgram(.multiply)
    let full = Array_(dims)
    for a in [full, full.stored([3, 2, 1, 0]), full.stored([1, 0, 3, 2]), full.broadcast([3])] {
      for b in [full, full.broadcast([0, 1]), full.broadcast([0, 1, 2, 3]), full.broadcast([1])] {
        for result in [full, full.stored([2, 3, 0, 1])] {
          try expectAgreement(.map(program), [a, b], [result])
        }
      }
    }
    let far = Array_([4, 100, 90])
    for a in [far.stored([0, 2, 1]), far.stored([2, 1, 0])] {
      try expectAgreement(.map(program), [a, far], [far])
      try expectAgreement(
        .reduce(.sum, program, axes: [1]), [far, a], [Array_([4, 1, 90])], within: 1e-5)
    }
    let gaps = Array_([4, 10], strides: [25, 2], offset: 3)
    try expectAgreement(.map(program), [gaps, Array_([4, 10])], [gaps])
    let reversed = Array_([11], strides: [-1], offset: 10)
    try expectAgreement(.map(program), [reversed, Array_([11])], [Array_([11])])
  }

  /// More than a tile, so that a tile may begin anywhere in them, and end in the next.
  @Test(arguments: [ElementType.f32, .f64, .u8, .f16])
  func `operands may repeat after any number of elements`(_ type: ElementType) throws {
    let cases: [(dims: [Int], repeated: [Int], among: [Int])] = [
      ([9, 700], [0], []), ([40, 513], [0], []), ([3, 2, 5, 515], [0, 1], []),
      // A number for each channel, samples in lanes; few channels and many.
      ([4, 30, 40, 16], [0, 1], [3]), ([5, 7, 130, 8], [0, 1], [3]),
      ([2, 3, 40, 16], [0, 1], [3]),
      ([6, 21, 3, 33], [0], [2]),
    ]
    for (dims, repeated, among) in cases {
      let operand = Array_(dims, type, in: 0...3).broadcast(repeated + among)
      let full = Array_(dims)
      try expectAgreement(.map(ScalarProgram(.multiply)), [full, operand], [full])
      try expectAgreement(.map(ScalarProgram(.add)), [operand, full], [full])
      var sums = dims
      for axis in repeated { sums[axis] = 1 }
      try expectAgreement(
        .reduce(.sum, ScalarProgram(.multiply), axes: repeated), [full, operand], [Array_(sums)],
        within: 1e-5)
    }
  }

  @Test func `copies between layouts are exact`() throws {
    for (dims, lanes) in [([64, 3, 5, 7], 32), ([16, 10, 8, 8], 8), ([32, 1, 28, 28], 16)] {
      let (n, c, h, w) = (dims[0], dims[1], dims[2], dims[3])
      // [N/b, H, W, C, b] of a row-major [N, C, H, W].
      let strides = [lanes * c * h * w, w, 1, h * w, c * h * w]
      let inner = [n / lanes, h, w, c, lanes]
      for type in [ElementType.f32, .u8] {
        let source = Array_(inner, type, strides: strides, in: 0...250)
        try expectAgreement(.map(.copy()), [source], [Array_(inner)], within: 0)
      }
      try expectAgreement(
        .map(.copy()), [Array_(inner)], [Array_(inner, strides: strides)], within: 0)
    }
    try expectAgreement(
      .map(.copy()), [Array_([37, 21], strides: [1, 37])], [Array_([37, 21])], within: 0)
  }

  @Test(arguments: [1, 16, 700, 9001])
  func `a long program with several results agrees`(_ count: Int) throws {
    // Adam: m, v, p from g, m, v, p.
    let program = ScalarProgram(
      domain: .f32, inputCount: 4,
      steps: [
        .constant(0.9), .constant(0.1), .constant(0.999), .constant(0.001), .constant(0.01),
        .constant(1e-8), .apply(.multiply, [1, 4]), .apply(.multiply, [0, 5]),
        .apply(.add, [10, 11]), .apply(.multiply, [2, 6]), .apply(.multiply, [0, 0]),
        .apply(.multiply, [14, 7]), .apply(.add, [13, 15]), .apply(.sqrt, [16]),
        .apply(.add, [17, 9]), .apply(.divide, [12, 18]), .apply(.multiply, [19, 8]),
        .apply(.subtract, [3, 20]),
      ], outputs: [12, 16, 21])
    let operands = [
      Array_([count]), Array_([count]), Array_([count], in: 0...1), Array_([count]),
    ]
    try expectAgreement(
      .map(program), operands, [Array_([count]), Array_([count]), Array_([count])])
  }

  @Test func `a result may take the place of an operand that is read later`() throws {
    // y = x + 1 over x, z = x * y: x is still needed after y is known.
    let program = ScalarProgram(
      domain: .f32, inputCount: 1,
      steps: [.constant(1), .apply(.add, [0, 1]), .apply(.multiply, [0, 2])], outputs: [2, 3])
    for threads in 1...2 {
      let backend = try CPUBackend(threads: threads)
      let x = try Tensor((0..<3000).map(Double.init), shape: [3000])
      let z = try Tensor(zeros: [3000])
      let views = [
        View(rowMajor: .slot(0), .f32, [3000]), View(rowMajor: .slot(1), .f32, [3000]),
      ]
      let schedule = Schedule(
        instructions: [
          Instruction(.map(program), operands: [views[0]], results: views, label: "")
        ], arenaByteCount: 0, slotCount: 2)
      try backend.prepare(schedule).run(
        slots: [x.storage.pointer, z.storage.pointer], seed: 0, counter: 0)
      let before: [Double] = (0..<3000).map { Double($0) }
      let products: [Double] = before.map { $0 * ($0 + 1) }
      #expect(x.values == before.map { $0 + 1 })
      #expect(z.values == products)
    }
  }

  @Test func `results may be constants and operands may be results`() throws {
    let program = ScalarProgram(
      domain: .f32, inputCount: 1, steps: [.constant(2.5)], outputs: [1, 0])
    try expectAgreement(
      .map(program), [Array_([3, 200])], [Array_([3, 200]), Array_([3, 200], .i32)])
    try expectAgreement(
      .map(program), [Array_([3, 200]).broadcast([0, 1])],
      [Array_([3, 200]).stored([1, 0]), Array_([3, 200])])
  }
}
