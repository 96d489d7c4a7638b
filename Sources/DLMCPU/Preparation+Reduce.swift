import CDLMKernels
import DLMTensor

extension Preparation {
  mutating func reduce(
    _ reduction: Reduction, _ program: ScalarProgram, _ axes: [Int], _ operands: [Memory],
    _ results: [Memory]
  ) -> [dlm_step]? {
    let reduced = Set(axes)
    // Outer axes first, as the first operand lies in memory.
    let order = results[0].dims.indices.sorted { a, b in
      let (first, second) = (abs(operands[0].strides[a]), abs(operands[0].strides[b]))
      return first != second ? first > second : a < b
    }
    return reduce(
      reduction, program, kept: order.filter { !reduced.contains($0) },
      reduced: order.filter { reduced.contains($0) }, operands, results)
  }

  /// - Parameters:
  ///   - kept, reduced: axes, outermost first.
  ///   - results: dims like the operands', but 1 on reduced axes.
  private mutating func reduce(
    _ reduction: Reduction, _ program: ScalarProgram, kept: [Int], reduced: [Int],
    _ operands: [Memory], _ results: [Memory]
  ) -> [dlm_step]? {
    let dims = operands[0].dims
    let keptCount = kept.reduce(1) { $0 * dims[$1] }
    let reducedCount = reduced.reduce(1) { $0 * dims[$1] }
    let innermost = dims.indices.filter { dims[$0] > 1 && operands[0].strides[$0] != 0 }
      .min { abs(operands[0].strides[$0]) < abs(operands[0].strides[$1]) }
    let isInner = keptCount == 1 || innermost.map(reduced.contains) ?? false
    // A short innermost axis under long outer ones: sum the outer ones in vectors first.
    if isInner, let innermost, keptCount > 1, dims[innermost] < 128,
      reducedCount / dims[innermost] >= 8, program.domain == .f32
    {
      return reduceInTwo(
        reduction, program, kept: kept, outer: reduced.filter { $0 != innermost }, innermost,
        operands, results)
    }
    let tile = DLM_TILE
    let block =
      isInner ? max(1, min(tile, 4096 / max(reducedCount, 1), keptCount)) : min(keptCount, tile)
    var chunk = max(reducedCount, 1)
    let blocks = (keptCount + block - 1) / block
    if blocks < 16, keptCount * reducedCount >= 32768 {
      let width = isInner ? 1 : block
      chunk = max(16384 / width, (reducedCount + 255) / 256)
    }
    let chunks = max(1, (reducedCount + chunk - 1) / chunk)
    let keptDims = kept.map { dims[$0] }
    let targets = results.map { result in
      chunks == 1
        ? result.permuted(kept) : takeShared(program.domain, dims: [chunks] + keptDims)
    }
    guard
      let first = reduceStep(
        reduction, program, operands.map { $0.permuted(isInner ? kept + reduced : reduced + kept) },
        targets, isInner: isInner, kept: keptCount, reduced: reducedCount, block: block,
        chunk: chunk
      )
    else { return nil }
    guard chunks > 1 else { return first }
    let width = min(keptCount, tile)
    guard
      let second = reduceStep(
        reduction, .passing(targets.count, domain: program.domain), targets,
        results.map { $0.permuted(kept) }, isInner: false, kept: keptCount, reduced: chunks,
        block: width, chunk: chunks)
    else { return nil }
    return first + second
  }

  private mutating func reduceInTwo(
    _ reduction: Reduction, _ program: ScalarProgram, kept: [Int], outer: [Int], _ innermost: Int,
    _ operands: [Memory], _ results: [Memory]
  ) -> [dlm_step]? {
    let dims = operands[0].dims
    // Between the two: kept axes, then the innermost one; in the operands' axes for the first step.
    let between = results.map { _ in takeShared(dims: kept.map { dims[$0] } + [dims[innermost]]) }
    let partial = between.map { between in
      var partial = between
      partial.dims = dims.map { _ in 1 }
      partial.strides = dims.map { _ in 0 }
      for (position, axis) in (kept + [innermost]).enumerated() {
        partial.dims[axis] = dims[axis]
        partial.strides[axis] = between.strides[position]
      }
      return partial
    }
    let keptCount = between[0].count / dims[innermost]
    guard
      let first = reduce(
        reduction, program, kept: kept + [innermost], reduced: outer, operands, partial),
      let second = reduceStep(
        reduction, .passing(between.count), between, results.map { $0.permuted(kept) },
        isInner: true, kept: keptCount, reduced: dims[innermost],
        block: max(1, min(keptCount, 4096 / dims[innermost], 512)), chunk: dims[innermost])
    else { return nil }
    return first + second
  }

  /// - Parameter results: the kept axes, after an axis of chunks where there are several.
  private mutating func reduceStep(
    _ reduction: Reduction, _ program: ScalarProgram, _ operands: [Memory], _ results: [Memory],
    isInner: Bool, kept: Int, reduced: Int, block: Int, chunk: Int
  ) -> [dlm_step]? {
    guard let kernels = kernels(for: program.domain),
      let space = IndexSpace(operands, dims: operands[0].dims),
      let resultSpace = IndexSpace(results, dims: results[0].dims),
      results.count <= DLM_REDUCTIONS
    else { return nil }
    // Values are only ever evaluated into tiles: they have no memory.
    var value = Memory.shared(program.domain, dims: space.dims)
    value.base = -1
    var target = space
    target.arrays += results.map { _ in value }
    guard let prepared = prepared(program, target, writes: false) else { return nil }
    var stored = dlm_program()
    stored.rank = Int32(resultSpace.dims.count)
    fill(&stored.dims, resultSpace.dims)
    stored.result_count = Int32(results.count)
    stored.results = arguments.copy(
      resultSpace.arrays.map {
        dlm_operand(view: $0.view(), access: dlm_strided, tile: 0, period: 1)
      })
    var reduce = dlm_reduce()
    reduce.program = prepared.program
    reduce.result = stored
    reduce.kind = kind(reduction)
    reduce.inner = isInner ? 1 : 0
    reduce.kept = Int64(kept)
    reduce.reduced = Int64(reduced)
    reduce.block = Int64(block)
    reduce.chunk = Int64(chunk)
    let chunks = max(1, (reduced + chunk - 1) / chunk)
    return prepared.before + [
      step(
        kernels.reduce, reduce, units: (kept + block - 1) / block * chunks,
        cost: Double(kept * reduced) * (prepared.cost + 0.05), scratch: prepared.scratchByteCount)
    ]
  }

  func kind(_ reduction: Reduction) -> dlm_reduction {
    switch reduction {
    case .sum: dlm_sum
    case .product: dlm_product
    case .max: dlm_maximum
    case .min: dlm_minimum
    }
  }
}

extension ScalarProgram {
  /// Gives each of its operands.
  fileprivate static func passing(_ count: Int, domain: ElementType = .f32) -> ScalarProgram {
    ScalarProgram(domain: domain, inputCount: count, steps: [], outputs: Array(0..<count))
  }
}
