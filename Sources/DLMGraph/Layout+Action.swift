import DLMTensor

// Actions that leave every sample of an image where it is can be done as their operands lie.
extension Action {
  /// Whether each sample of the result, of `dims` `[N, C, ...S]`, comes from the same sample of the
  /// operands only, and channels stay the second axis.
  func keepsSamples(_ operands: [[Int]], _ dims: [Int]) -> Bool {
    let images = operands.prefix(imageCount(of: operands.count))
    guard dims.count >= 3, images.allSatisfy({ $0.count >= 3 && $0[0] == dims[0] }) else {
      return false
    }
    return switch self {
    case .copy, .map, .cast: true
    case .concatenate(let axis): axis > 0
    case .slice(let starts, let steps): starts[0] == 0 && steps[0] == 1
    case .pad(let low, let steps, _): low[0] == 0 && steps[0] == 1
    case .reshape: operands[0][1] == dims[1]
    case .broadcast(let axes): axes[0] == 0 && axes[1] == 1
    case .reduce(_, let axes): axes.allSatisfy { $0 > 1 }
    case .indexed(.gather, let axis), .indexed(.scatterAdd, let axis):
      axis > 1 && dims.count == operands[0].count
    case .variable, .constant, .transpose, .renewed, .indexOf, .matmul, .kernel, .indexed, .loop,
      .part:
      false
    }
  }

  /// How many of the `count` operands, first of all, are images where samples are kept: indices are none.
  func imageCount(of count: Int) -> Int {
    if case .indexed = self { 1 } else { count }
  }

  /// The same on batch-inner images, if it keeps samples; `rank` is that of the row-major result.
  func laidOut(rank: Int) -> Action {
    switch self {
    case .concatenate(let axis): .concatenate(axis == 1 ? rank - 1 : axis - 1)
    case .slice(let starts, let steps):
      .slice(starts: starts.batchInner(last: 0), steps: steps.batchInner(last: 1))
    case .pad(let low, let steps, let value):
      .pad(low: low.batchInner(last: 0), steps: steps.batchInner(last: 1), value: value)
    case .broadcast(let axes): .broadcast([0] + axes[2...].map { $0 - 1 } + [rank - 1, rank])
    case .reduce(let reduction, let axes): .reduce(reduction, axes.map { $0 - 1 })
    case .indexed(let kernel, let axis): .indexed(kernel, axis: axis - 1)
    case .copy, .map, .cast, .reshape, .variable, .constant, .transpose, .renewed, .indexOf,
      .matmul, .kernel, .loop, .part:
      self
    }
  }
}

extension [Int] {
  /// Dims `[blocks, ...S, C, lanes]` of an image of dims `[N, C, ...S]`.
  func batchInner(lanes: Int) -> [Int] {
    [(self[0] + lanes - 1) / lanes] + self[2...] + [self[1], lanes]
  }

  /// What is said of axes `[N, C, ...S]`, said of `[N/lanes, ...S, C, lanes]`; `last` of the lanes.
  fileprivate func batchInner(last: Int) -> [Int] { [self[0]] + self[2...] + [self[1], last] }
}
