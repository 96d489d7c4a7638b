import CDLMKernels
import DLMTensor

/// Pooling, kernels that move elements by index, and generators.
extension Preparation {
  /// Operands and result as `Kernel` lists them for the pooling `kind`.
  mutating func pool(
    _ kind: dlm_pool_kind, _ window: Window, _ layout: Layout, _ operands: [Memory],
    _ result: Memory
  ) -> [dlm_step]? {
    guard (operands + [result]).allSatisfy({ $0.elementType == .f32 && $0.isDense }) else {
      return nil
    }
    let fromPooled = kind == dlm_max_pool_scatter || kind == dlm_mean_pool_gradient
    let image = fromPooled ? result : operands[0]
    let pooled = kind == dlm_max_pool_scatter ? operands[1] : fromPooled ? operands[0] : result
    let spatial = window.size.count
    let ones = [Int](repeating: 1, count: 3 - spatial)
    let filled = window.filledToThree
    var arguments = dlm_pooling()
    arguments.kind = kind
    arguments.first = operands[0].view(axes: [])
    if operands.count > 1 { arguments.second = operands[1].view(axes: []) }
    arguments.result = result.view(axes: [])
    let outer: Int
    let run: Int
    switch layout {
    case .rowMajor:
      (outer, run) = (image.dims[0] * image.dims[1], 1)
    case .batchInner(let lanes):
      (outer, run) = (image.dims[0], image.dims[spatial + 1] * lanes)
    }
    let (inside, outside) = (
      ones + image.spatialDims(layout), ones + pooled.spatialDims(layout)
    )
    fill(&arguments.in, inside)
    fill(&arguments.out, outside)
    let chunk = min(run, 64)
    (arguments.outer, arguments.run, arguments.chunk) = (Int64(outer), Int64(run), Int64(chunk))
    fill(&arguments.size, filled.size)
    fill(&arguments.stride, filled.stride)
    fill(&arguments.low, filled.low)
    fill(&arguments.dilation, filled.dilation)
    // Gradients of windows that overlap are summed by one thread for all positions.
    let byRows = !fromPooled || filled.tiles(inside, outside)
    arguments.by_rows = byRows ? 1 : 0
    let rows = outside[0] * outside[1]
    let taps = window.size.reduce(1, *)
    var scratch = taps * 4
    if layout == .rowMajor {
      let lanes = Int(kernels.lanes)
      let block = (min(outside[2], 256) + lanes - 1) / lanes * lanes
      arguments.block = Int64(block)
      scratch = lineScratch(filled, block: block)
    }
    return [
      step(
        kernels.pool, arguments, units: outer * (byRows ? rows : (run + chunk - 1) / chunk),
        cost: Double(pooled.count * taps) * (run == 1 ? 0.4 : 0.2), scratch: scratch)
    ]
  }

  /// Bytes for `block` windows side by side: copies of the lines under them and sums of one, gradients and
  /// winners, the places and numbers of taps.
  private func lineScratch(_ window: Window, block: Int) -> Int {
    let stride = window.stride[2]
    let lines = window.size[0] * window.size[1]
    let length = block + (window.size[2] - 1) * window.dilation[2] / stride
    return 4 * ((lines + 1) * stride * length + 2 * block + 2 * lines * window.size[2])
  }

  mutating func indexOf(_ extremum: Extremum, _ axis: Int, _ x: Memory, _ result: Memory)
    -> [dlm_step]?
  {
    guard result.elementType == .i32, x.dims[axis] > 0 else { return nil }
    let kept = x.dims.indices.filter { $0 != axis }
    let (from, to) = (x.permuted(kept), result.permuted(kept))
    guard let space = IndexSpace([from, to], dims: from.dims) else { return nil }
    var arguments = dlm_index_of()
    arguments.source = space.arrays[0].view()
    arguments.result = space.arrays[1].view()
    arguments.rank = Int32(space.dims.count)
    arguments.largest = extremum == .max ? 1 : 0
    fill(&arguments.dims, space.dims)
    arguments.length = Int64(x.dims[axis])
    arguments.stride = Int64(x.strides[axis])
    return [step(dlm_index_of_run, arguments, units: space.count, cost: Double(x.count))]
  }

  mutating func gather(_ x: Memory, _ index: Memory, _ y: Memory) -> [dlm_step]? {
    guard index.elementType == .i32, x.elementType == y.elementType else { return nil }
    var arguments = dlm_gather()
    (arguments.x, arguments.index, arguments.y) = (x.view(), index.view(), y.view())
    (arguments.p, arguments.v) = (Int64(x.dims[0]), Int64(x.dims[1]))
    (arguments.i, arguments.q) = (Int64(index.dims[0]), Int64(x.dims[2]))
    return [
      check(index, count: x.dims[1]),
      step(
        dlm_gather_run, arguments, units: y.dims[0] * y.dims[1], cost: Double(y.count) * 0.2),
    ]
  }

  mutating func scatterAdd(_ x: Memory, _ index: Memory, _ y: Memory) -> [dlm_step]? {
    guard index.elementType == .i32, x.elementType == y.elementType, !x.elementType.isHalf else {
      return nil
    }
    var arguments = dlm_gather()
    (arguments.x, arguments.index, arguments.y) = (x.view(), index.view(), y.view())
    (arguments.p, arguments.v) = (Int64(y.dims[0]), Int64(y.dims[1]))
    (arguments.i, arguments.q) = (Int64(index.dims[0]), Int64(y.dims[2]))
    // Lines of cache of every row, so that what is read lies together; where p is small, few.
    let slices = max(1, (8 + y.dims[0] - 1) / max(1, y.dims[0]))
    let slice = max(64, (y.dims[2] + slices - 1) / slices)
    arguments.slice = Int64(slice)
    return [
      check(index, count: y.dims[1]),
      step(
        dlm_scatter_add_run, arguments, units: y.dims[0] * ((y.dims[2] + slice - 1) / slice),
        cost: Double(x.count + y.count) * 0.2),
    ]
  }

  mutating func pick(_ x: Memory, _ index: Memory, _ y: Memory) -> [dlm_step]? {
    guard index.elementType == .i32, x.elementType == y.elementType else { return nil }
    var arguments = dlm_pick()
    (arguments.x, arguments.index, arguments.y) = (x.view(), index.view(), y.view())
    (arguments.p, arguments.v, arguments.q) = (
      Int64(x.dims[0]), Int64(x.dims[1]), Int64(x.dims[2])
    )
    return [
      check(index, count: x.dims[1]),
      step(dlm_pick_run, arguments, units: y.dims[0], cost: Double(y.count) * 2),
    ]
  }

  mutating func place(_ x: Memory, _ index: Memory, _ y: Memory) -> [dlm_step]? {
    guard index.elementType == .i32, x.elementType == y.elementType else { return nil }
    var arguments = dlm_pick()
    (arguments.x, arguments.index, arguments.y) = (x.view(), index.view(), y.view())
    (arguments.p, arguments.v, arguments.q) = (
      Int64(y.dims[0]), Int64(y.dims[1]), Int64(y.dims[2])
    )
    return [
      check(index, count: y.dims[1]),
      step(dlm_place_run, arguments, units: y.dims[0], cost: Double(y.count)),
    ]
  }

  /// Compares all of `index`, `[P]` or `[P, Q]`, with `count`.
  mutating func check(_ index: Memory, count: Int) -> dlm_step {
    var arguments = dlm_check()
    arguments.index = index.view()
    arguments.p = Int64(index.dims[0])
    arguments.q = Int64(index.dims.count > 1 ? index.dims[1] : 1)
    arguments.count = Int64(count)
    arguments.instruction = currentInstruction
    return step(dlm_check_run, arguments, units: 1, cost: 0)
  }

  mutating func random(
    _ distribution: Distribution, stream: UInt64, fixed: Bool, _ result: Memory
  ) -> [dlm_step]? {
    guard result.elementType == .f32, result.isDense else { return nil }
    var arguments = dlm_draw()
    arguments.result = result.view(axes: [])
    arguments.stream = stream
    arguments.count = Int64(result.count)
    arguments.normal = distribution == .normal ? 1 : 0
    arguments.fixed = fixed ? 1 : 0
    let group = 4 * Int(kernels.lanes)
    return [
      step(
        kernels.random, arguments, units: (result.count + group - 1) / group,
        cost: Double(result.count) * 2)
    ]
  }

  mutating func iota(axis: Int, _ result: Memory) -> [dlm_step]? {
    guard result.dims.count <= DLM_RANK else { return nil }
    var arguments = dlm_iota()
    arguments.result = result.view()
    arguments.rank = Int32(result.dims.count)
    arguments.axis = Int32(axis)
    fill(&arguments.dims, result.dims)
    return [step(dlm_iota_run, arguments, units: result.count, cost: Double(result.count))]
  }
}

extension Memory {
  /// The spatial dims of an image-like array.
  fileprivate func spatialDims(_ layout: Layout) -> [Int] {
    switch layout {
    case .rowMajor: Array(dims.dropFirst(2))
    case .batchInner: Array(dims.dropFirst().dropLast(2))
    }
  }
}

extension Window {
  /// Whether windows neither overlap nor leave out an element.
  fileprivate func tiles(_ input: [Int], _ output: [Int]) -> Bool {
    size.indices.allSatisfy {
      stride[$0] == size[$0] && dilation[$0] == 1 && low[$0] == 0
        && output[$0] * size[$0] == input[$0]
    }
  }
}
