import CDLMKernels
import DLMTensor

/// Sizes of a convolution, its spatial axes filled up to three.
struct ConvolutionShape {
  var window: Window
  var samples: Int
  var channels: Int
  var outputs: Int
  var input: [Int]
  var output: [Int]
  var groups: Int

  var inputsPerGroup: Int { channels / groups }
  var outputsPerGroup: Int { outputs / groups }
  var multiplications: Int {
    samples * outputs * inputsPerGroup * output.reduce(1, *) * window.size.reduce(1, *)
  }

  /// Whether 16 products for each 2 x 2 outputs beat 36: with fewer than `least` channels, what goes before
  /// and after them costs more than they save; with more than `most` weights a tap, these are larger than the
  /// third cache, or a thread's products are.
  func suitsWinograd(least: Int, most: Int) -> Bool {
    window.size == [1, 3, 3] && window.stride == [1, 1, 1] && window.dilation == [1, 1, 1]
      && input[0] == 1 && output[0] == 1 && groups == 1 && min(channels, outputs) >= least
      && channels * outputs <= most
  }

  /// Of the same weight gradient with x and dy in each other's places: input q and output p of tap k are
  /// `q = p + k - low`, so that `p = q + (size - 1 - k) - (size - 1 - low)`.
  var exchanged: ConvolutionShape {
    var result = self
    swap(&result.channels, &result.outputs)
    swap(&result.input, &result.output)
    result.window.low = zip(window.size, window.low).map { $0 - 1 - $1 }
    return result
  }

  /// Whether a weight gradient may be `exchanged`, and then fills vectors of `width` outputs that few outputs
  /// would leave empty.
  func gainsExchanged(width: Int) -> Bool {
    window.stride == [1, 1, 1] && window.dilation == [1, 1, 1] && groups == 1
      && window.size != [1, 1, 1] && outputs < width && width <= channels
  }

  /// - Parameters:
  ///   - x, y: image-like arrays in `layout`; either may be a gradient.
  init(_ window: Window, groups: Int, _ layout: Layout, x: Memory, y: Memory) {
    let missing = 3 - window.size.count
    self.window = window.filledToThree
    self.groups = groups
    let spatial = window.size.count
    let ones = [Int](repeating: 1, count: missing)
    switch layout {
    case .rowMajor:
      samples = x.dims[0]
      (channels, outputs) = (x.dims[1], y.dims[1])
      input = ones + x.dims[2...]
      output = ones + y.dims[2...]
    case .batchInner(let lanes):
      samples = x.dims[0] * lanes
      (channels, outputs) = (x.dims[spatial + 1], y.dims[spatial + 1])
      input = ones + x.dims[1...spatial]
      output = ones + y.dims[1...spatial]
    }
  }
}

extension Window {
  /// The same window with leading axes of length 1, three in all.
  var filledToThree: Window {
    let missing = 3 - size.count
    let ones = [Int](repeating: 1, count: missing)
    let zeros = [Int](repeating: 0, count: missing)
    return Window(
      size: ones + size, stride: ones + stride, low: zeros + low, high: zeros + high,
      dilation: ones + dilation)
  }
}

extension Memory {
  /// The strides of weights `[O, C, ...K]`, with three kernel axes.
  fileprivate var kernelStrides: [Int] {
    [Int](repeating: 0, count: 5 - strides.count) + strides.dropFirst(2)
  }

  fileprivate var isDenseReal: Bool { elementType == .f32 && isDense }

  /// Weights with inputs for outputs and taps in reverse order.
  fileprivate var exchanged: Memory {
    var result = self
    result.dims.swapAt(0, 1)
    result.strides.swapAt(0, 1)
    for axis in 2..<dims.count {
      result.offset += strides[axis] * (dims[axis] - 1) * elementType.byteCount
      result.strides[axis] = -strides[axis]
    }
    return result
  }
}

extension Preparation {
  mutating func convolve(
    _ window: Window, _ groups: Int, _ layout: Layout, _ epilogue: ScalarProgram?,
    _ operands: [Memory], _ results: [Memory]
  ) -> [dlm_step]? {
    let (x, w, y) = (operands[0], operands[1], results[0])
    guard x.isDenseReal, y.isDenseReal, w.elementType == .f32 else { return nil }
    let shape = ConvolutionShape(window, groups: groups, layout, x: x, y: y)
    let extra = Array(operands.dropFirst(2))
    guard case .batchInner(let lanes) = layout else {
      guard w.isDense else { return nil }
      let planes = planes(dlm_planes_forward, shape, x, w, y)
      if planes == nil,
        let steps = windowedConvolution(shape, x: x, w: w, epilogue, extra, results)
      {
        return steps
      }
      let sums = planes ?? windowedConvolution(shape, x: x, w: w, nil, [], [y])
      guard let epilogue else { return sums }
      guard let sums, let rest = map(epilogue, [y] + extra, results) else { return nil }
      return sums + rest
    }
    var fused: (UnsafePointer<dlm_map>, PreparedProgram)?
    if let epilogue {
      fused = self.epilogue(epilogue, extra, results)
      if fused == nil { return nil }
    }
    var pack = dlm_pack_weights()
    pack.source = w.view(axes: [])
    pack.group_stride = Int64(shape.outputsPerGroup * w.strides[0])
    pack.row_stride = Int64(w.strides[0])
    pack.input_stride = Int64(w.strides[1])
    fill(&pack.kernel_strides, w.kernelStrides)
    let taps = (0..<3).map { forwardTaps(shape, axis: $0) }
    return batchInner(
      shape, lanes: lanes, pack: pack, rows: shape.outputsPerGroup, inputs: shape.inputsPerGroup,
      source: x, sourceDims: shape.input, target: y, targetDims: shape.output, taps: taps,
      low: shape.window.low, epilogue: fused)
  }

  mutating func convolveInputGradient(
    _ window: Window, _ groups: Int, _ layout: Layout, _ dy: Memory, _ w: Memory, _ dx: Memory
  ) -> [dlm_step]? {
    guard dx.isDenseReal, dy.isDenseReal, w.elementType == .f32 else { return nil }
    let shape = ConvolutionShape(window, groups: groups, layout, x: dx, y: dy)
    guard case .batchInner(let lanes) = layout else {
      guard w.isDense else { return nil }
      return planes(dlm_planes_input, shape, dy, w, dx)
        ?? windowedInputGradient(shape, dy: dy, w: w, dx: dx)
    }
    // Channels change sides and kernels are flipped.
    var flipped = w
    for (stride, size) in zip(w.kernelStrides, shape.window.size) {
      flipped.offset += stride * (size - 1) * w.elementType.byteCount
    }
    var pack = dlm_pack_weights()
    pack.source = flipped.view(axes: [])
    pack.group_stride = Int64(shape.outputsPerGroup * w.strides[0])
    pack.row_stride = Int64(w.strides[1])
    pack.input_stride = Int64(w.strides[0])
    fill(&pack.kernel_strides, w.kernelStrides.map { -$0 })
    let taps = (0..<3).map { gradientTaps(shape, axis: $0) }
    return batchInner(
      shape, lanes: lanes, pack: pack, rows: shape.inputsPerGroup, inputs: shape.outputsPerGroup,
      source: dy, sourceDims: shape.output, target: dx, targetDims: shape.input, taps: taps,
      low: zip(shape.window.size, shape.window.low).map { $0 - 1 - $1 }, epilogue: nil)
  }

  /// Packs the weights, then slides them over `source`.
  private mutating func batchInner(
    _ shape: ConvolutionShape, lanes: Int, pack: dlm_pack_weights, rows: Int, inputs: Int,
    source: Memory, sourceDims: [Int], target: Memory, targetDims: [Int], taps: [[dlm_taps]],
    low: [Int], epilogue: (UnsafePointer<dlm_map>, PreparedProgram)?
  ) -> [dlm_step]? {
    guard let kernels = backend.kernels(forLanes: lanes)?.pointee else { return nil }
    // Where samples fill one vector, another tile of 2 x 2 outputs is the second. Tiles reach beyond images.
    let columns = lanes % (2 * Int(kernels.lanes)) == 0 ? 2 : 4
    let inTiles =
      16 * ((targetDims[1] + 1) / 2) * ((targetDims[2] + columns - 1) / columns) * columns / 2
    let isWinograd =
      shape.suitsWinograd(least: 16, most: 1 << 18)
      && inTiles < tapCount(taps[1]) * tapCount(taps[2])
    let limit = Int(kernels.convolve_rows)
    let rowBlocks = (rows + limit - 1) / limit
    let kernel = shape.window.size
    let packed = takeShared(
      dims: [shape.groups * rows * inputs, isWinograd ? 16 : kernel.reduce(1, *)])

    var pack = pack
    pack.target = packed.view(axes: [])
    pack.groups = Int64(shape.groups)
    (pack.rows, pack.inputs, pack.row_blocks) = (Int64(rows), Int64(inputs), Int64(rowBlocks))
    fill(&pack.kernel, kernel)

    var arguments = dlm_convolve()
    arguments.x = source.view(axes: [])
    arguments.weights = packed.view(axes: [])
    arguments.y = target.view(axes: [])
    (arguments.blocks, arguments.lanes) = (Int64(shape.samples / lanes), Int64(lanes))
    fill(&arguments.in, sourceDims)
    fill(&arguments.out, targetDims)
    fill(&arguments.kernel, kernel)
    arguments.groups = Int64(shape.groups)
    (arguments.inputs, arguments.rows) = (Int64(inputs), Int64(rows))
    arguments.row_blocks = Int64(rowBlocks)
    fill(&arguments.low, low)
    arguments.taps = (
      self.arguments.copy(taps[0]), self.arguments.copy(taps[1]), self.arguments.copy(taps[2])
    )
    let adjacent = taps[2].allSatisfy { $0.count < 2 || ($0.tap_step == 1 && $0.source_step == 1) }
    arguments.merged = adjacent && shape.groups == 1 ? 1 : 0
    arguments.epilogue = epilogue.map { UnsafePointer($0.0) }
    let rest = epilogue?.1.scratchByteCount ?? 0
    let before = epilogue?.1.before ?? []
    if isWinograd {
      return before + winograd(shape, kernels, pack, arguments, epilogueScratch: rest)
    }
    return before + [
      step(
        kernels.pack_weights, pack, units: shape.groups * rowBlocks,
        cost: Double(packed.count) * 0.5),
      step(
        kernels.convolve, arguments,
        units: shape.samples / lanes * targetDims[0] * targetDims[1],
        cost: Double(shape.multiplications) / 40, scratch: rest),
    ]
  }

  /// The same with fewer multiplications. Sums differ in rounding from those of the direct form, by about
  /// as much as those differ from exact ones; the shape alone decides, so that a plan always computes
  /// the same bits.
  private mutating func winograd(
    _ shape: ConvolutionShape, _ kernels: dlm_kernels, _ pack: dlm_pack_weights,
    _ arguments: dlm_convolve, epilogueScratch: Int
  ) -> [dlm_step] {
    let pairs = (Int(arguments.out.1) + 1) / 2
    return [
      step(
        kernels.winograd_weights, pack, units: Int(pack.row_blocks),
        cost: Double(pack.rows * pack.inputs) * 20),
      step(
        kernels.convolve_winograd, arguments, units: Int(arguments.blocks) * pairs,
        cost: Double(shape.multiplications) / 60,
        scratch: Int(kernels.winograd_scratch(arguments.inputs)) + epilogueScratch),
    ]
  }

  mutating func convolveWeightGradient(
    _ window: Window, _ groups: Int, _ layout: Layout, _ absent: Int, _ x: Memory, _ dy: Memory,
    _ dw: Memory
  ) -> [dlm_step]? {
    guard x.isDenseReal, dy.isDenseReal, dw.elementType == .f32 else { return nil }
    let shape = ConvolutionShape(window, groups: groups, layout, x: x, y: dy)
    guard case .batchInner(let lanes) = layout else {
      return planes(dlm_planes_weights, shape, x, dy, dw)
        ?? windowedWeightGradient(shape, x: x, dy: dy, dw: dw)
    }
    guard lanes <= Int(DLM_LANES_LIMIT), let kernels = backend.kernels(forLanes: lanes)?.pointee
    else { return nil }
    return shape.gainsExchanged(width: Int(kernels.lanes))
      ? contraction(shape.exchanged, kernels, lanes, absent, x: dy, dy: x, dw: dw.exchanged)
      : contraction(shape, kernels, lanes, absent, x: x, dy: dy, dw: dw)
  }

  /// A weight gradient of images with samples in lanes.
  private mutating func contraction(
    _ shape: ConvolutionShape, _ kernels: dlm_kernels, _ lanes: Int, _ absent: Int, x: Memory,
    dy: Memory, dw: Memory
  ) -> [dlm_step]? {
    let width = Int(kernels.lanes)
    let outputVectors = (shape.outputsPerGroup + width - 1) / width
    let vectors = outputVectors == 3 ? 3 : min(2, outputVectors)
    // A strip of dy takes half the first cache.
    let strip = max(1, min(shape.output[2], 16384 / (lanes * vectors * width * 4)))
    let isWinograd = shape.suitsWinograd(least: 8, most: 1 << 17)
    let lines = isWinograd ? (shape.output[1] + 1) / 2 : shape.output[0] * shape.output[1]
    // Of many weights fewer sums: they are larger than the caches.
    let weights = shape.outputs * shape.inputsPerGroup * shape.window.size.reduce(1, *)
    let units = max(1, min(shape.samples / lanes * lines, 16, max(4, (1 << 21) / max(1, weights))))
    // [unit, group, k0, k1, input, k2, output]
    let sums = takeShared(
      dims: [units, shape.groups, shape.window.size[0], shape.window.size[1], shape.inputsPerGroup]
        + [shape.window.size[2], outputVectors * width])

    var arguments = dlm_convolve_weights()
    arguments.x = x.view(axes: [])
    arguments.dy = dy.view(axes: [])
    arguments.sums = sums.view(axes: [])
    (arguments.blocks, arguments.lanes) = (Int64(shape.samples / lanes), Int64(lanes))
    arguments.samples = Int64(shape.samples - absent)
    fill(&arguments.in, shape.input)
    fill(&arguments.out, shape.output)
    fill(&arguments.kernel, shape.window.size)
    fill(&arguments.stride, shape.window.stride)
    fill(&arguments.low, shape.window.low)
    fill(&arguments.dilation, shape.window.dilation)
    arguments.groups = Int64(shape.groups)
    arguments.inputs = Int64(shape.inputsPerGroup)
    arguments.rows = Int64(shape.outputsPerGroup)
    (arguments.units, arguments.vectors) = (Int64(units), Int64(vectors))
    arguments.strip = Int64(strip)
    let contraction =
      isWinograd
      ? step(
        kernels.convolve_weights_winograd, arguments, units: units,
        cost: Double(shape.multiplications) / 60,
        scratch: Int(
          kernels.winograd_gradient_scratch(arguments.inputs, arguments.rows, arguments.vectors)))
      : step(
        kernels.convolve_weights, arguments, units: units,
        cost: Double(shape.multiplications) / 40, scratch: strip * lanes * vectors * width * 4)
    guard let addition = addSums(sums, shape, dw) else { return nil }
    return [contraction] + addition
  }

  /// Adds the units' sums in order and writes them to their places in `dw`.
  private mutating func addSums(_ sums: Memory, _ shape: ConvolutionShape, _ dw: Memory)
    -> [dlm_step]?
  {
    var outputs = sums
    outputs.dims[6] = shape.outputsPerGroup
    // As `dw` has them: [unit, group, output, input, k0, k1, k2]
    let parts = outputs.permuted([0, 1, 6, 4, 2, 3, 5])
    let result = Memory(
      base: dw.base, offset: dw.offset, .f32, dims: [1] + parts.dims.dropFirst(),
      strides: [0, shape.outputsPerGroup * dw.strides[0], dw.strides[0], dw.strides[1]]
        + dw.kernelStrides)
    return reduce(.sum, .copy(), [0], [parts], [result])
  }

  /// The valid taps of each output position: tap k reads `p * stride + k * dilation - low`.
  private func forwardTaps(_ shape: ConvolutionShape, axis: Int) -> [dlm_taps] {
    let window = shape.window
    return (0..<shape.output[axis]).map { position in
      progression(
        (0..<window.size[axis]).compactMap { tap in
          let source =
            position * window.stride[axis] + tap * window.dilation[axis]
            - window.low[axis]
          return (0..<shape.input[axis]).contains(source) ? (tap, source) : nil
        })
    }
  }

  /// The same for the gradient in x, taps counted from the far end so that sources ascend.
  private func gradientTaps(_ shape: ConvolutionShape, axis: Int) -> [dlm_taps] {
    let window = shape.window
    return (0..<shape.input[axis]).map { position in
      progression(
        (0..<window.size[axis]).compactMap { flipped in
          let tap = window.size[axis] - 1 - flipped
          let reach = position + window.low[axis] - tap * window.dilation[axis]
          guard reach >= 0, reach % window.stride[axis] == 0 else { return nil }
          let source = reach / window.stride[axis]
          return source < shape.output[axis] ? (flipped, source) : nil
        })
    }
  }

  /// Valid taps of all positions along an axis.
  private func tapCount(_ taps: [dlm_taps]) -> Int { taps.reduce(0) { $0 + Int($1.count) } }

  private func progression(_ taps: [(tap: Int, source: Int)]) -> dlm_taps {
    guard let first = taps.first else {
      return dlm_taps(first: 0, count: 0, tap_step: 1, source: 0, source_step: 1)
    }
    let second = taps.count > 1 ? taps[1] : (tap: first.tap + 1, source: first.source + 1)
    return dlm_taps(
      first: Int32(first.tap), count: Int32(taps.count), tap_step: Int32(second.tap - first.tap),
      source: Int32(first.source), source_step: Int32(second.source - first.source))
  }
}
