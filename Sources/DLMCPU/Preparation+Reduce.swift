import CDLMKernels
import DLMTensor

extension Preparation {
  mutating func reduce(
    _ reduction: Reduction, _ program: ScalarProgram, _ axes: [Int], _ operands: [Memory],
    _ result: Memory
  ) -> [dlm_step]? {
    let reduced = Set(axes)
    // Outer axes first, as the first operand lies in memory.
    let order = result.dims.indices.sorted { a, b in
      let (first, second) = (abs(operands[0].strides[a]), abs(operands[0].strides[b]))
      return first != second ? first > second : a < b
    }
    return reduce(
      reduction, program, kept: order.filter { !reduced.contains($0) },
      reduced: order.filter { reduced.contains($0) }, operands, result)
  }

  /// - Parameters:
  ///   - kept, reduced: axes, outermost first.
  ///   - result: dims like the operands', but 1 on reduced axes.
  private mutating func reduce(
    _ reduction: Reduction, _ program: ScalarProgram, kept: [Int], reduced: [Int],
    _ operands: [Memory], _ result: Memory
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
        operands, result)
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
    let target =
      chunks == 1
      ? result.permuted(kept) : takeShared(program.domain, dims: [chunks] + keptDims)
    guard
      let first = reduceStep(
        reduction, program, operands.map { $0.permuted(isInner ? kept + reduced : reduced + kept) },
        target, isInner: isInner, kept: keptCount, reduced: reducedCount, block: block, chunk: chunk
      )
    else { return nil }
    guard chunks > 1 else { return [first] }
    let width = min(keptCount, tile)
    guard
      let second = reduceStep(
        reduction, .copy(domain: program.domain), [target], result.permuted(kept), isInner: false,
        kept: keptCount, reduced: chunks, block: width, chunk: chunks)
    else { return nil }
    return [first, second]
  }

  private mutating func reduceInTwo(
    _ reduction: Reduction, _ program: ScalarProgram, kept: [Int], outer: [Int], _ innermost: Int,
    _ operands: [Memory], _ result: Memory
  ) -> [dlm_step]? {
    let dims = operands[0].dims
    // Between the two: kept axes, then the innermost one; in the operands' axes for the first step.
    let between = takeShared(dims: kept.map { dims[$0] } + [dims[innermost]])
    var partial = between
    partial.dims = dims.map { _ in 1 }
    partial.strides = dims.map { _ in 0 }
    for (position, axis) in (kept + [innermost]).enumerated() {
      partial.dims[axis] = dims[axis]
      partial.strides[axis] = between.strides[position]
    }
    guard
      let first = reduce(
        reduction, program, kept: kept + [innermost], reduced: outer, operands, partial),
      let second = reduceStep(
        reduction, .copy(), [between], result.permuted(kept), isInner: true,
        kept: between.count / dims[innermost], reduced: dims[innermost],
        block: max(1, min(between.count / dims[innermost], 4096 / dims[innermost], 512)),
        chunk: dims[innermost])
    else { return nil }
    return first + [second]
  }

  /// - Parameter result: the kept axes, after an axis of chunks where there are several.
  private mutating func reduceStep(
    _ reduction: Reduction, _ program: ScalarProgram, _ operands: [Memory], _ result: Memory,
    isInner: Bool, kept: Int, reduced: Int, block: Int, chunk: Int
  ) -> dlm_step? {
    guard let kernels = kernels(for: program.domain),
      let space = IndexSpace(operands, dims: operands[0].dims),
      let resultSpace = IndexSpace([result], dims: result.dims)
    else { return nil }
    // The value is only ever evaluated into a tile; its memory is never written.
    let value = Memory.shared(program.domain, dims: space.dims)
    var target = space
    target.arrays.append(value)
    var withoutResult = program
    withoutResult.outputs = [program.outputs[0]]
    guard let prepared = prepared(withoutResult, target, writes: false) else { return nil }
    var stored = dlm_program()
    stored.rank = Int32(resultSpace.dims.count)
    fill(&stored.dims, resultSpace.dims)
    stored.result_count = 1
    stored.results = arguments.copy(
      dlm_operand(view: resultSpace.arrays[0].view(), access: dlm_strided, tile: 0))
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
    return step(
      kernels.reduce, reduce, units: (kept + block - 1) / block * chunks,
      cost: Double(kept * reduced) * (prepared.cost + 0.05), scratch: prepared.scratchByteCount)
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
