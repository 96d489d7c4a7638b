import CDLMKernels

// Element-wise kernels, reductions, products and draws.
extension Reference {
  func map(_ program: ScalarProgram, _ operands: [Elements], _ results: [Elements]) {
    results[0].forEachIndex { index in
      let values = program.evaluate(operands.map { $0[index] })
      for (result, value) in zip(results, values) { result[index] = value }
    }
  }

  func reduce(
    _ reduction: Reduction, _ program: ScalarProgram, _ axes: [Int], _ operands: [Elements],
    _ results: [Elements]
  ) {
    for result in results { result.forEachIndex { result[$0] = reduction.identity } }
    // Accumulated in double precision apart from the results, which may be narrower.
    var totals: [[Int]: [Double]] = [:]
    operands[0].forEachIndex { index in
      var kept = index
      for axis in axes { kept[axis] = 0 }
      let values = program.evaluate(operands.map { $0[index] })
      totals[kept] = totals[kept].map { zip($0, values).map(reduction.combine) } ?? values
    }
    for (index, all) in totals {
      for (result, total) in zip(results, all) { result[index] = total }
    }
  }

  func indexOf(_ extremum: Extremum, _ axis: Int, _ x: Elements, _ result: Elements) {
    result.forEachIndex { index in
      var place = index
      var best = 0
      var bestValue = Double.nan
      for candidate in 0..<x.dims[axis] {
        place[axis] = candidate
        let value = x[place]
        let wins =
          candidate == 0
          || !bestValue.isNaN
            && (value.isNaN || (extremum == .max ? value > bestValue : value < bestValue))
        if wins { (best, bestValue) = (candidate, value) }
      }
      result[index] = Double(best)
    }
  }

  func matmul(_ epilogue: ScalarProgram?, _ operands: [Elements], _ results: [Elements]) {
    let (a, b) = (operands[0], operands[1])
    let depth = a.dims[a.dims.count - 1]
    results[0].forEachIndex { index in
      let batch = Array(index.dropLast(2))
      let (row, column) = (index[index.count - 2], index[index.count - 1])
      var sum = 0.0
      for k in 0..<depth { sum += a[batch + [row, k]] * b[batch + [k, column]] }
      let extra = operands.dropFirst(2).map { $0[index] }
      let values = epilogue.map { $0.evaluate([sum] + extra) } ?? [sum]
      for (result, value) in zip(results, values) { result[index] = value }
    }
  }

  /// Uniform: `(word >> 8) * 2^-24`. Normal: Box and Muller's pairs from two words each, the first
  /// moved into (0, 1] so that its logarithm is finite.
  func draw(_ distribution: Distribution, stream: UInt64, fixed: Bool, _ result: Elements) {
    let unit = 0x1p-24
    var element: UInt64 = 0
    var words: [UInt32] = [0, 0, 0, 0]
    result.forEachIndex { index in
      if element % 4 == 0 {
        words.withUnsafeMutableBufferPointer {
          dlm_philox(seed, stream, fixed ? 0 : counter, element / 4, $0.baseAddress)
        }
      }
      let lane = Int(element % 4)
      switch distribution {
      case .uniform: result[index] = Double(words[lane] >> 8) * unit
      case .normal:
        let pair = lane & ~1
        let radius = dlm_function_reference(
          .sqrt,
          -2 * dlm_function_reference(.log, Double((words[pair] >> 8) + 1) * unit, 0, 0), 0, 0)
        let angle = 2 * Double.pi * Double(words[pair + 1] >> 8) * unit
        result[index] =
          radius * dlm_function_reference(lane == pair ? .cos : .sin, angle, 0, 0)
      }
      element += 1
    }
  }
}

extension Reduction {
  var identity: Double {
    switch self {
    case .sum: 0
    case .product: 1
    case .max: -.infinity
    case .min: .infinity
    }
  }

  /// A NaN wins every maximum and minimum.
  func combine(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .sum: a + b
    case .product: a * b
    case .max: a.isNaN ? a : b.isNaN ? b : Swift.max(a, b)
    case .min: a.isNaN ? a : b.isNaN ? b : Swift.min(a, b)
    }
  }
}
